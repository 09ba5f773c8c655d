"""The rows that speak of organisations: 01_HTX, 02_THT, 03_HO_TRO and 06_NO of every unit and year."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil
from random import Random

from htx.example.organisations import names
from htx.example.organisations.draws import YEARS, weighted, year_drawn
from htx.example.organisations.organisation import Cooperative, Group
from htx.example.organisations.parameters import given
from htx.example.organisations.province import Province
from htx.example.reports.report import ListRow
from htx.example.reports.reported_rows import issued_group_code
from htx.example.reports.schedule import Appointment
from htx.example.reports.story import STORY, roles_at
from htx.example.seeds import Seeds

REFORM = date(2025, 7, 1)
Sheets = dict[str, list[ListRow]]
Schedule = dict[tuple[int, str], Appointment]
Support = tuple[int, str, str, str, date]
"""report year, unit, organisation, kind of support, and the day since when there is something to support"""
ADVICE = timedelta(days=70)
"""how long before its registration a new cooperative is advised"""

BOTH_DISTRICTS_REPORT_U4 = ("698", "25244")
"""the other district's code and its commune: the ground of one commune of 2025"""
BOTH_COMMUNES_REPORT_W11 = "25333"
SUPPORTING_AGENCIES = ("PCA", "WU-P", "DARD", "DAE", "DOIT")
"""agencies that support single organisations; those that do not report for a year are left out"""
MAY_BE_BLANK = (
    "women_staff_insured", "charter_capital", "revenue", "average_monthly_income", "profit", "ocop_stars",
    *given.cooperative_flag_shares,
)  # fmt: skip
DEBT_KINDS = ("state", "bank", "other_organisation", "members", "owed_by_members")
DEBTORS = {"w08": ("state", "bank"), "w10": ("members", "owed_by_members"), "w11": ("other_organisation", "bank"),
           "w15": ("bank", "members"), "w21": ("bank", "owed_by_members"), "m5": ("state",)}  # fmt: skip


def commune_at(seeds: Seeds, commune: str, year: int) -> tuple[str, str]:
    """Code and name that a commune of 2023 bears at the end of a year's window."""
    uid = f"{commune}@2023"
    if date(year, 11, 30) >= REFORM:
        uid = seeds.last_successor(uid)
    return seeds.places[uid].code, seeds.places[uid].name_full


def unit_on_ground(seeds: Seeds, commune: str, year: int) -> str:
    """The code of the unit that reports for a commune of 2023: its district, later its successor commune."""
    if date(year, 11, 30) >= REFORM:
        return commune_at(seeds, commune, year)[0]
    return seeds.places[seeds.places[f"{commune}@2023"].parent_uid].code


def rows_of(found: dict[tuple[int, str], Sheets], key: tuple[int, str], sheet: str) -> list[ListRow]:
    """The rows of a unit's sheet, to add to; for a unit that reports nothing a list that nobody reads."""
    return found[key][sheet] if key in found else []


def make_lists(seeds: Seeds, seed: int, province: Province, schedule: Schedule) -> dict[tuple[int, str], Sheets]:
    """(report year, unit) -> sheet -> rows, for all that report."""
    found: dict[tuple[int, str], Sheets] = {key: defaultdict(list) for key in schedule}
    organisations: list[Cooperative | Group] = [*province.cooperatives, *province.groups]
    for each, year in ((each, year) for each in organisations for year in YEARS if year in each.figures):
        key = (year, unit_on_ground(seeds, each.commune, year))
        if isinstance(each, Cooperative):
            rows_of(found, key, "01_HTX").append(cooperative_row(seeds, each, year))
        else:
            rows_of(found, key, "02_THT").append(group_row(seeds, each, year))
    for key, field_codes in STORY["columns_left_blank"].items():
        for row in rows_of(found, key, "01_HTX"):
            row |= dict.fromkeys(field_codes.split())
    _let_counts_surprise(seeds, province, found)
    _let_two_units_report_one(seeds, province, found)
    for key, row in _actions(seeds, seed, province, schedule):
        rows_of(found, key, "03_HO_TRO").append(row)
    for key, sheets in found.items():
        sheets["06_NO"] = [row for each in sheets["01_HTX"] for row in _debts(seed, province, each, key[0])]
        sheets["03_HO_TRO"].sort(key=lambda row: (row["started_on"], row["organisation_code"], row["support_kind"]))
    return found


def cooperative_row(seeds: Seeds, cooperative: Cooperative, year: int) -> ListRow:
    """A row of 01_HTX."""
    code, name = commune_at(seeds, cooperative.commune, year)
    return {
        "registration_number": cooperative.number,
        "cooperative_name": cooperative.name,
        "commune_code": code,
        "commune_name": name,
        "registered_on": cooperative.registered_on,
        "sector": cooperative.sector,
        "status": cooperative.states[year].status,
        "union_supported_founding": cooperative.union_founded,
        "predecessor_group_code": cooperative.predecessor_code,
        **cooperative.figures[year],
        **_left_blank(cooperative, year),
    }


def _left_blank(cooperative: Cooperative, year: int) -> ListRow:
    """Optional answers that the cooperative did not give."""
    rng = Random(f"{cooperative.number}/left blank/{year}")
    blank = [field_code for field_code in MAY_BE_BLANK if rng.random() < given.cooperative_blank_share]
    blank += ["classification", "classification_year"] if rng.random() < given.cooperative_blank_share else []
    return dict.fromkeys(blank)


def group_row(seeds: Seeds, group: Group, year: int) -> ListRow:
    """A row of 02_THT, with the code as far as its unit knows one."""
    code, name = commune_at(seeds, group.commune, year)
    group_code, in_the_end = group.code_in(year), year == YEARS[-1]
    if group.tag == "u2" and in_the_end:
        group_code = issued_group_code(group.name, seeds.last_successor(f"{group.commune}@2023"))
    figures = group.figures[year]
    became = group.heir if figures["status"] == "became_cooperative" else None
    return {
        "group_code": group_code,
        "group_name": group.name.upper() if group.tag == "u1" and in_the_end else group.name,
        "commune_code": code,
        "commune_name": name,
        "founded_on": group.founded_on,
        "sector": group.sector,
        "union_supported_founding": group.union_founded,
        "woman_leads": group.woman_leads,
        "became_cooperative": became.number if became else None,
        **figures,
    }


def _let_counts_surprise(seeds: Seeds, province: Province, found: dict[tuple[int, str], Sheets]) -> None:
    """Two counts that somebody will ask about: far from the registry, and far from last year."""

    for event in ("far_from_the_registry", "jumped"):
        for year, role in STORY[event]:
            cooperative = province.by_role[role]
            for row in rows_of(found, (year, unit_on_ground(seeds, cooperative.commune, year)), "01_HTX"):
                if row["registration_number"] == cooperative.number and event == "jumped":
                    last = cooperative.figures[year - 1]["workers"]
                    row["workers"] = max(row["workers"], last + max(6, ceil(last / 2)))
                elif row["registration_number"] == cooperative.number:
                    row["members"] = cooperative.states[year].members * 11 // 10 + 1


def _let_two_units_report_one(seeds: Seeds, province: Province, found: dict[tuple[int, str], Sheets]) -> None:
    """A cooperative that its neighbour reports too, and a group on ground that two districts share."""
    cooperative = cooperative_row(seeds, province.by_role["w11"], YEARS[-1])
    group = group_row(seeds, province.groups_by_tag["u4"], YEARS[1])
    for year, unit, sheet, row, commune in (
        (YEARS[-1], BOTH_COMMUNES_REPORT_W11, "01_HTX", cooperative, f"{BOTH_COMMUNES_REPORT_W11}@2025"),
        (YEARS[1], BOTH_DISTRICTS_REPORT_U4[0], "02_THT", group, f"{BOTH_DISTRICTS_REPORT_U4[1]}@2023"),
    ):
        place = seeds.places[commune]
        row |= {"commune_code": place.code, "commune_name": place.name_full}
        row["women_stable_jobs"] -= 1
        rows_of(found, (year, unit), sheet).append(row)


def _actions(seeds: Seeds, seed: int, province: Province, schedule: Schedule) -> list[tuple[tuple[int, str], ListRow]]:
    """(Report year, unit) and a row of 03_HO_TRO, of those that report."""
    found = []
    for year, unit_code, organisation, kind, since in (
        *_support_that_counts(seeds, seed, province),
        *_other_support(seeds, seed, province),
    ):
        if appointment := schedule.get((year, unit_code)):
            rng = Random(f"{seed}/action/{year}/{unit_code}/{organisation}/{kind}/{since}")
            found.append(((year, unit_code), _action(rng, appointment, organisation, kind, since)))
    return found


def _support_that_counts(seeds: Seeds, seed: int, province: Province) -> Iterator[Support]:
    for cooperative in province.by_role.values():
        role, number, since = cooperative.role, cooperative.number, cooperative.registered_on
        assert role is not None
        if year := role.strengthened:
            unit = role.by or unit_on_ground(seeds, cooperative.commune, year)
            yield year, unit, number, "strengthening", since
        if year := year_drawn(Random(f"{seed}/guided/{number}"), given.guided_in):
            year = max(year, since.year)
            if year in cooperative.figures:
                yield year, unit_on_ground(seeds, cooperative.commune, year), number, "procedure_guidance", since
        if role.advised_by:
            yield since.year, role.advised_by, number, "founding_advice", since - ADVICE
    for group in province.groups:
        year = group.strengthened
        if year and group.listed_from:
            unit = group.by or unit_on_ground(seeds, group.commune, year)
            named = group.name if group.by_name or not group.code_in(year) else str(group.code)
            yield year, unit, named, "strengthening", group.founded_on


def _other_support(seeds: Seeds, seed: int, province: Province) -> Iterator[Support]:
    """Support of the kinds that count for no target."""
    for (year, unit_code), unknown in STORY["unknown_organisation"].items():
        yield year, unit_code, unknown, "business_plan", date(year, 3, 1)
    for year in YEARS:
        listed = [cooperative for cooperative in province.by_role.values() if year in cooperative.figures]
        for cooperative in listed:
            rng = Random(f"{seed}/other support/{year}/{cooperative.number}")
            if rng.random() < 0.25:
                unit = unit_on_ground(seeds, cooperative.commune, year)
                yield year, unit, cooperative.number, weighted(rng, given.other_support), cooperative.registered_on
        for agency in SUPPORTING_AGENCIES:
            rng = Random(f"{seed}/other support/{year}/{agency}")
            for cooperative in rng.sample(listed, rng.randint(4, 6)):
                yield year, agency, cooperative.number, weighted(rng, given.other_support), cooperative.registered_on
        for group in province.groups:
            rng = Random(f"{seed}/other support/{year}/{group.name}/{group.commune}")
            if year in group.figures and group.code_in(year) and rng.random() < 0.12:
                unit = unit_on_ground(seeds, group.commune, year)
                yield year, unit, str(group.code), weighted(rng, given.other_support), group.founded_on


def _action(rng: Random, appointment: Appointment, organisation: str, kind: str, since: date) -> ListRow:
    first = max(appointment.data_from, since)
    until = since + ADVICE if kind == "founding_advice" else date.max
    last = min(until, appointment.data_to, appointment.signed_on - timedelta(days=4))
    started_on = first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
    agency = appointment.unit.code
    if appointment.unit.is_territorial:
        agency = rng.choice(("WU-C", "WU-C", "PC-C") if started_on >= REFORM else ("WU-D", "WU-D", "PC-D"))
    cost = rng.randint(4, 120) / 2 if rng.random() < 0.6 else None
    ended_on = started_on + timedelta(days=rng.randint(1, 25)) if rng.random() < 0.7 else None
    return {
        "organisation_code": organisation,
        "support_kind": kind,
        "started_on": started_on,
        "ended_on": ended_on,
        "supporting_agency": agency,
        "cost": cost,
        "funding_source": weighted(rng, given.support_funding) if cost else None,
        "result": rng.choice(names.TEXTS["action_results"][""]) if rng.random() < 0.5 else None,
    }


def _debts(seed: int, province: Province, cooperative: ListRow, year: int) -> list[ListRow]:
    """Long-standing debts, of those that do badly and of some others; they shrink as they are settled."""
    number = cooperative["registration_number"]
    rng = Random(f"{seed}/debts/{number}")
    told = {province.by_role[key].number: kinds for key, kinds in DEBTORS.items()}
    does_badly = cooperative["status"] != "active"
    if rng.random() > (0.9 if does_badly else 0.18) and number not in told:
        return []
    kinds = told.get(number) or rng.sample(DEBT_KINDS, rng.randint(1, 2))
    found = []
    for kind in kinds:
        outstanding, months = float(rng.randint(40, 900)), rng.randint(44, 90)
        for each in YEARS:
            settled = round(outstanding * rng.uniform(0.04, 0.15), 1)
            if any(province.by_role[key].number == number for key in roles_at("settles_all", each)):
                settled = outstanding
            outstanding = round(outstanding - settled, 1)
            if each == year:
                debt = {"debt_kind": kind, "outstanding": outstanding, "settled_in_year": settled}
                found.append({"registration_number": number, "months_overdue": months, **debt})
            months += 12
    return found
