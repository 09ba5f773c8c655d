"""The files that arrive: every unit's report, with late, rejected and corrected files.

A file's own sheets are copied before anything in them is changed, so that each report stays what its sender meant
on that day.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from htx.example.organisations.names import words
from htx.example.organisations.province import Province
from htx.example.reports.activities import add_activities, narrative_on_the_phase
from htx.example.reports.lists import Schedule, Sheets, make_lists
from htx.example.reports.report import LOCAL_TIME, Report, Value
from htx.example.reports.schedule import YEAR_END, Appointment
from htx.example.reports.story import STORY
from htx.example.seeds import Seeds

COVER = "00_BIA"
FILLED_IN_LATER = ("10_TONG_HOP", "11_GIAI_TRINH")
"""what follows from the lists of everybody, and answers that nobody gave yet"""
ADDED_BY_CORRECTION, CHANGED_BY_CORRECTION = "m6", "w06"
NOTES = (
    ("on_the_unions_desk", "lies on the Union's desk"),
    ("whole_province", "figures of the whole new province: none of them counts"),
    ("without_courses", "an empty sheet that the cover does not declare"),
    ("arrives_at", "arrives at an instant of the story"),
)
LARGE_ENOUGH = 12
"""a count that can change by one and stay within a tenth, so that a unit with a single row raises no query"""
UNION_FOLDER = "union"
DOCUMENT_ENDINGS = {"WU-P": "BC-BTV", "PCA": "BC-LMHTX", "VFF": "BC-MTTQ", "AWE": "BC-HNDN", "VBSP": "BC-NHCS"}


def make_deliveries(seeds: Seeds, seed: int, province: Province, schedule: Schedule) -> list[Report]:
    """All reports in order of arrival, still without what the units declare of the indicators."""
    found = make_lists(seeds, seed, province, schedule)
    add_activities(seeds, seed, schedule, found)
    reports: list[Report] = []
    for key, appointment in schedule.items():
        applying = [code for code, form in seeds.sheets.items() if form.applies(appointment.unit)]
        sheets = {code: found[key].get(code, []) for code in applying if code not in (COVER, *FILLED_IN_LATER)}
        report = _report(seeds, seed, appointment, sheets)
        reports += _life_of(seed, province, key, appointment, report)
        if at := STORY["reports_on_the_phase"].get(key):
            reports.append(_on_the_phase(seeds, appointment, report, datetime.fromisoformat(at)))
    return sorted(_one_at_a_time(reports), key=lambda report: report.received_at)


def _one_at_a_time(reports: list[Report]) -> Iterator[Report]:
    """No two files arrive at the same instant: their order would depend on their names."""
    taken: set[datetime] = set()
    for report in reports:
        received_at = report.received_at
        while received_at in taken:
            received_at += timedelta(seconds=61)
        taken.add(received_at)
        yield replace(report, received_at=received_at)


def _report(seeds: Seeds, seed: int, appointment: Appointment, sheets: Sheets) -> Report:
    unit = appointment.unit
    key = (unit.year, unit.code)
    rng = Random(f"{seed}/cover/{unit.year}/{unit.code}")
    empty = {code for code, rows in sheets.items() if not rows and f"nil_{code}" in seeds.sheets[COVER].fields}
    empty -= {"04_DAO_TAO"} if key in STORY["without_courses"] else set()
    scope = None
    if not unit.is_territorial and unit.year == 2025:
        scope = "whole_province" if key in STORY["whole_province"] else "programme_ground"
    ending = "BC-UBND" if unit.is_territorial else DOCUMENT_ENDINGS.get(unit.code, f"BC-{unit.code}")
    agency = seeds.unit_name(unit).split(words("and_others"))[0]
    name = seeds.places[unit.uid].name_short if unit.is_territorial else agency
    has_chair = unit.is_territorial or unit.code in DOCUMENT_ENDINGS
    return Report(
        unit_code=unit.code,
        report_year=unit.year,
        received_at=appointment.received_at,
        data_from=appointment.data_from,
        data_to=appointment.data_to,
        sheets=sheets,
        nil=frozenset(empty),
        folder=UNION_FOLDER if key in STORY["on_the_unions_desk"] else unit.code,
        file_name=f"BC HTX {unit.year} - {name}.xlsx",
        value_kind=appointment.value_kind,
        data_scope=scope,
        document_number=f"{rng.randint(40, 620)}/{ending}",
        signed_on=appointment.signed_on,
        note="; ".join(note for event, note in NOTES if key in STORY[event]),
        signer_title=words("deputy_chair" if has_chair else "deputy_director"),
    )


def _life_of(
    seed: int, province: Province, key: tuple[int, str], appointment: Appointment, report: Report
) -> list[Report]:
    """The files of one unit and year."""
    rng = Random(f"{seed}/life/{key[0]}/{key[1]}")
    for event, kind in (("replaced", "full_replacement"), ("sent_first_twice", "first")):
        if days := STORY[event].get(key):
            return _replaced(rng, report, timedelta(days=int(days)), kind, words(event))
    if days := STORY["corrected"].get(key):
        return _corrected(province, report, timedelta(days=int(days), hours=3))
    if at := STORY["rejected"].get(key):
        rejected = _with_impossible_row(report, datetime.fromisoformat(at))
        return [rejected, replace(report, note="corrected after a rejection")]
    if appointment.final_received_at:
        return [report, _final(rng, report, appointment.final_received_at)]
    return [report]


def _sent(report: Report, received_at: datetime, ending: str, signed_days_before: int = 0, **changes: Value) -> Report:
    """The report as another file of its unit; `ending` tells its name from the first one's."""
    signed_on = received_at.astimezone(LOCAL_TIME).date() - timedelta(days=signed_days_before)
    changes.setdefault("value_kind", "actual" if signed_on >= report.data_to else "estimate")
    return replace(
        report,
        received_at=received_at,
        signed_on=signed_on,
        file_name=report.file_name.replace(".xlsx", f" ({ending}).xlsx"),
        **changes,
    )


def _replaced(rng: Random, report: Report, later: timedelta, submission_kind: str, ending: str) -> list[Report]:
    """A draft that counts a little less here and there, and the report that takes its place."""
    draft = deepcopy(report.sheets)
    for row in draft.get("01_HTX", ()):
        share = rng.uniform(0.95, 0.99)
        if row["revenue"] is not None:
            row["revenue"] = round(row["revenue"] * share, 1)
        if row["women_stable_jobs"] >= LARGE_ENOUGH:
            row["women_stable_jobs"] -= 1
    for row in draft.get("04_DAO_TAO", ()):
        if (row["members_and_workers"] or 0) >= LARGE_ENOUGH:
            row["members_and_workers"] -= 1
    note = "replaces the first report"
    second = _sent(report, report.received_at + later, ending, submission_kind=submission_kind, note=note)
    return [replace(report, sheets=draft, note="replaced later"), second]


def _corrected(province: Province, report: Report, later: timedelta) -> list[Report]:
    """A report that forgot a cooperative and miscounted in another, and the correction with those two rows."""
    added, changed = (province.by_role[key].number for key in (ADDED_BY_CORRECTION, CHANGED_BY_CORRECTION))
    whole = {row["registration_number"]: row for row in report.sheets["01_HTX"]}
    first = deepcopy(report.sheets)
    for sheet in ("01_HTX", "06_NO"):  # a debt of a cooperative that is not listed yet would raise a query
        first[sheet] = [row for row in first[sheet] if row["registration_number"] != added]
    for row in first["01_HTX"]:
        row["women_stable_jobs"] -= 2 if row["registration_number"] == changed else 0
    correction = _sent(
        report,
        report.received_at + later,
        words("corrected"),
        value_kind=report.value_kind,
        submission_kind="partial_correction",
        sheets={"01_HTX": [deepcopy(whole[changed]), deepcopy(whole[added])]},
        nil=frozenset(),
        note="changes one row and adds one",
    )
    nil = report.nil | ({"06_NO"} if not first["06_NO"] else set())
    return [replace(report, sheets=first, nil=nil), correction]


def _with_impossible_row(report: Report, received_at: datetime) -> Report:
    """The report with one row in which more women than people are members, and nothing else that is an error."""
    sheets = deepcopy(report.sheets)
    row = impossible_row(sheets)
    row["women_members"] = row["members"] + 3
    row["women_in_cooperative"] = max(row["women_in_cooperative"], row["women_members"])
    note = "more women than members in one row"
    return _sent(report, received_at, words("rejected"), signed_days_before=1, sheets=sheets, accepted=False, note=note)


def _on_the_phase(seeds: Seeds, appointment: Appointment, report: Report, received_at: datetime) -> Report:
    """A file with words on the whole phase, and no figures."""
    phase = seeds.cycles[report.report_year].phase
    sheets: Sheets = {code: [] for code in report.sheets}
    return _sent(
        report,
        received_at,
        words("on_the_phase", phase=phase),
        report_kind="phase_review",
        data_from=seeds.plan_start,
        sheets=sheets | {"12_DANH_GIA": narrative_on_the_phase(seeds, appointment.unit)},
        nil=frozenset(code for code in sheets if f"nil_{code}" in seeds.sheets[COVER].fields),
        note=f"words on phase {phase}",
    )


def impossible_row(sheets: Sheets) -> dict:
    """The row that the rejected file gets wrong: the cooperative with the fewest members."""
    return min(sheets["01_HTX"], key=lambda row: (row["members"], row["registration_number"]))


def _final(rng: Random, report: Report, received_at: datetime) -> Report:
    """The figures to the end of the year: a little more in some places, and one more action that counts for none."""
    sheets = deepcopy(report.sheets)
    for row in sheets.get("01_HTX", ()):
        for field_code in ("women_stable_jobs", "women_vocational_trained"):
            if LARGE_ENOUGH <= row[field_code] < row["women_in_cooperative"]:
                row[field_code] += rng.choice((0, 1))
        share = rng.uniform(1.0, 1.03)
        if row["revenue"] is not None:
            row["revenue"] = round(row["revenue"] * share, 1)
    for row in sheets.get("09_UU_TIEN", ()):
        row["women_supported"] += rng.choice((0, 1))
    for row in sheets.get("07_KINH_PHI", ()):
        row["disbursed"] = round(row["disbursed"] + (row["allocated"] - row["disbursed"]) * 0.5, 1)
    organisations = sheets.get("01_HTX", ())
    if organisations:
        support = {"support_kind": "trade_promotion", "result": words("trade_promotion")}
        support |= {"organisation_code": organisations[0]["registration_number"], "supporting_agency": "WU-D"}
        sheets["03_HO_TRO"].append({**support, "started_on": date(report.report_year, 12, 11)})
    return _sent(
        report,
        received_at,
        words("final"),
        signed_days_before=1,
        data_to=date(report.report_year, *YEAR_END),
        value_kind="actual",
        report_kind="annual_final",
        submission_kind="full_replacement",
        sheets=sheets,
        nil=report.nil - {"03_HO_TRO"} if organisations else report.nil,
        note="final figures of the year",
    )
