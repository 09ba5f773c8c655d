"""The example province: its baseline, its story, and the answer key against figures counted by hand."""

import csv
import hashlib
import shutil
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stdnum.vn import mst

from htx.example import write_example
from htx.example.answer_key import annual_targets, baseline, indicator_values, submission_statuses
from htx.example.books import open_books
from htx.example.province import make_province
from htx.example.registry import make_snapshots
from htx.example.reports import Report, Snapshot
from htx.example.seeds import SEEDS_FOLDER, read_seeds

SEEDS = read_seeds()


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Path:
    """The folder of the example with the first seed."""
    folder = tmp_path_factory.mktemp("example") / "province"
    write_example(folder, seed=1)
    return folder


@pytest.fixture(scope="module")
def deliveries(example) -> list[dict[str, str]]:
    """The files that arrive, in order."""
    return [line for line in read_csv(example / "deliveries.csv") if line["kind"] == "file"]


# The folder ------------------------------------------------------------------------------------------------------


def test_the_registry_of_the_baseline_day_holds_the_six_figures_of_the_plan(example):
    registry = sqlite3.connect(example / "registry" / "2023-03-24.sqlite")
    women_managed = """
        select distinct c.registration_number, c.member_count, c.union_founded
        from cooperatives c join managers m using (registration_number)
        where c.kind in ('cooperative', 'union', 'credit_fund') and m.sex = 'F' and m.held_to is null
          and m.position in
              ('board_chair', 'board_member', 'director', 'deputy_director', 'supervisor_head', 'supervisor')
    """
    figures = registry.execute(f"""
        select (select count(*) from cooperatives where kind in ('cooperative', 'union', 'credit_fund')),
               (select count(*) from ({women_managed})),
               (select sum(member_count) from ({women_managed})),
               (select sum(union_founded) from ({women_managed})),
               (select count(*) from cooperatives where kind = 'group'),
               (select count(*) from cooperatives where kind = 'group' and union_founded = 1)
    """).fetchone()
    assert figures == (299, 33, 2786, 7, 1375, 64)


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_every_seed_has_the_baseline_of_the_plan(seed):
    snapshots = make_snapshots(SEEDS, make_province(SEEDS, seed))
    assert baseline(SEEDS, snapshots) == {
        "all_cooperatives": 299,
        "women_managed": 33,
        "members_of_women_managed": 2786,
        "union_founded_among_them": 7,
        "all_groups": 1375,
        "union_founded_groups": 64,
    }


def test_the_registry_follows_the_measured_totals_and_never_shrinks():
    snapshots = make_snapshots(SEEDS, make_province(SEEDS, 1))
    standing = [
        Counter(
            "group" if entry["kind"] == "group" else "cooperative"
            for entry in snapshot.cooperatives
            if entry["status"] not in ("dissolved", "became_cooperative")
        )
        for snapshot in snapshots
    ]
    assert [(each["cooperative"], each["group"]) for each in standing] == [
        (299, 1375), (323, 1390), (345, 1398), (360, 1405),
    ]  # fmt: skip
    for table in ("cooperatives", "managers", "classifications"):
        lengths = [len(getattr(snapshot, table)) for snapshot in snapshots]
        assert lengths == sorted(lengths)


def test_registry_codes_are_tax_codes_of_the_province_but_for_a_few_old_certificates():
    numbers = {
        entry["registration_number"]
        for snapshot in make_snapshots(SEEDS, make_province(SEEDS, 1))
        for entry in snapshot.cooperatives
        if entry["kind"] != "group"
    }
    old = {number for number in numbers if not number.isdigit()}
    assert len(old) == 8
    assert all(mst.is_valid(number) and number.startswith("38") for number in numbers - old)


def test_two_names_of_reporting_organisations_are_the_same_only_where_the_story_says_so():
    province = make_province(SEEDS, 1)
    cooperatives = Counter(each.name.lower() for each in province.cooperatives)
    assert [name for name, times in cooperatives.items() if times > 1] == []
    groups = Counter(each.name.lower() for each in province.groups if each.listed_from)
    homonym = province.groups_by_tag["696-2"].name.lower()
    assert {name: times for name, times in groups.items() if times > 1} == {homonym: 2}


def test_the_same_seed_writes_the_same_bytes_in_the_place_of_what_stood_there(example, tmp_path):
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "old.txt").write_text("of an earlier seed")
    write_example(tmp_path / "again", seed=1)
    assert digests(tmp_path / "again") == digests(example)
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_an_interrupted_run_leaves_nothing_half_done(tmp_path):
    seeds = shutil.copytree(SEEDS_FOLDER, tmp_path / "seeds")
    fields = seeds / "form_fields.csv"
    lines = fields.read_text(encoding="utf-8").splitlines(keepends=True)
    fields.write_text("".join(line for line in lines if ",supporting_agency," not in line), encoding="utf-8")
    with pytest.raises(KeyError, match="supporting_agency"):
        write_example(tmp_path / "never", seed=1, reference_folder=seeds)
    assert [path.name for path in tmp_path.iterdir()] == ["seeds"]


def test_every_file_carries_the_instant_at_which_it_arrived(example, deliveries):
    instants = [datetime.fromisoformat(line["received_at"]) for line in deliveries]
    assert instants == sorted(set(instants))
    arrived = [datetime.fromtimestamp((example / line["path"]).stat().st_mtime, UTC) for line in deliveries]
    assert arrived == instants


# The story -------------------------------------------------------------------------------------------------------


def test_districts_report_before_the_reform_and_communes_after_it_but_for_two_that_are_missing(deliveries):
    sent = {(int(line["report_year"]), line["reporting_unit_code"]) for line in deliveries}
    silent = {key for key, unit in SEEDS.roster.items() if key[0] <= 2025 and unit.mandatory} - sent
    assert silent == {(2024, "691"), (2025, "25402")}
    territorial = Counter(year for year, code in sent if SEEDS.roster[year, code].is_territorial)
    assert territorial == {2023: 11, 2024: 10, 2025: 39}


def test_about_a_quarter_is_late_and_two_files_frame_the_deadline(example):
    on_time = {line["path"]: line["on_time"] for line in read_csv(example / "answer_key" / "submissions.csv")}
    files = {line["path"]: line for line in read_csv(example / "deliveries.csv")}
    instants = {files[path]["received_at"]: answer for path, answer in on_time.items()}
    # 23:40 of 29 November and 00:00 of 30 November in Việt Nam.
    assert instants["2023-11-29T16:40:12Z"] == "yes"
    assert instants["2023-11-29T17:00:00Z"] == "no"
    shares = {
        line["report_year"]: float(line["value"])
        for line in read_csv(example / "answer_key" / "indicator_values.csv")
        if (line["indicator_code"], line["breakdown"], line["unit_uid"], line["basis"])
        == ("T16", "total", "province", "as_reported")
    }
    assert {year: round(share, 1) for year, share in shares.items()} == {"2023": 71.4, "2024": 66.7, "2025": 72.9}


def test_files_are_rejected_mended_replaced_corrected_and_made_final(example, deliveries):
    statuses = {line["path"]: line["status"] for line in read_csv(example / "answer_key" / "submissions.csv")}
    of_chon_thanh = [
        (line["expected_verdict"], statuses[line["path"]])
        for line in deliveries
        if (line["report_year"], line["reporting_unit_code"]) == ("2024", "697")
    ]
    assert of_chon_thanh == [("rejected", "rejected"), ("accepted", "accepted")]
    endings = Counter(
        line["file_name"].rsplit("(")[-1].removesuffix(").xlsx") for line in deliveries if "(" in line["file_name"]
    )
    assert endings == {"chính thức": 5, "thay thế": 2, "gửi lại": 1, "đính chính": 1, "lần 1": 1}
    assert Counter(statuses.values())["superseded"] == 8
    assert [line["reporting_unit_code"] for line in deliveries if line["folder"] == "union"] == ["693", "25222"]


def test_only_the_findings_that_were_put_in_are_expected(example):
    findings = Counter(
        (line["rule_code"], line["severity"]) for line in read_csv(example / "answer_key" / "findings.csv")
    )
    assert findings == {
        ("H01", "error"): 1, ("H10", "info"): 3, ("H13", "query"): 3, ("F07", "query"): 1, ("F09", "query"): 1,
        ("K01", "query"): 1, ("S03", "query"): 1, ("T01", "query"): 1, ("X02", "query"): 1, ("X03", "query"): 1,
        ("X04", "query"): 4, ("Y02", "query"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("indicator", ["T01", "T02", "T03", "T04", "T07", "T08"])
def test_the_province_is_on_its_way_to_the_targets(example, indicator):
    way = [
        float(line["value"])
        for line in read_csv(example / "answer_key" / "annual_targets.csv")
        if line["indicator_code"] == indicator
    ]
    assert way == sorted(way)
    assert way[-1] >= 0.85 * dict(SEEDS.indicators[indicator].targets)[2025]


# The answer key on a province counted by hand ----------------------------------------------------------------------


PLACES = {"688": "25216", "689": "25195"}


def cooperative(number: str, unit: str, **counts) -> dict:
    """A row of 01_HTX: one woman of three managers, ten workers of whom four are women, unless said otherwise."""
    return {
        "registration_number": number,
        "commune_code": PLACES[unit],
        "status": "active",
        "union_supported_founding": False,
        "women_managers": 1,
        "women_managers_trained": 0,
        "women_managers_certified": 0,
        "woman_leads": True,
        "members": 20,
        "workers": 10,
        "women_workers": 4,
        "women_in_cooperative": 10,
        "women_stable_jobs": 0,
        "women_new_jobs": 0,
        "women_vocational_trained": 0,
        "members_ecommerce_trained": 0,
    } | counts


def group(code: str | None, commune: str, **values) -> dict:
    return {
        "group_code": code,
        "group_name": "Tổ hợp tác Sen Trắng",
        "commune_code": commune,
        "status": "active",
        "union_supported_founding": True,
        "woman_leads": True,
        "women_stable_jobs": 4,
    } | values


def action(organisation: str, kind: str = "strengthening") -> dict:
    return {"organisation_code": organisation, "support_kind": kind, "started_on": date(2023, 6, 1)}


def course(organiser: str, code: str, members: int, union_members: int | None) -> dict:
    return {"organiser": organiser, "course_code": code, "members_and_workers": members, "union_members": union_members}


def report(unit: str, year: int, received_at: datetime, nil: str = "", **sheets) -> Report:
    """An annual report; `nil` and `sheets` by the number of the sheet, as n01=[...]."""
    names = {"n01": "01_HTX", "n02": "02_THT", "n03": "03_HO_TRO", "n04": "04_DAO_TAO"}
    return Report(
        unit_code=unit,
        report_year=year,
        received_at=received_at,
        data_from=date(year, 1, 3),
        data_to=date(year, 11, 30),
        sheets={names[key]: rows for key, rows in sheets.items()},
        nil=frozenset(names[f"n{number}"] for number in nil.split()),
        folder=unit,
        file_name=f"{unit} {year} {received_at:%m%d}.xlsx",
    )


def entry(number: str, commune: str, registered_on: date) -> dict:
    return {
        "registration_number": number,
        "kind": "cooperative",
        "commune_code": commune,
        "registered_on": registered_on,
        "status": "active",
        "member_count": 20,
        "union_founded": False,
        "updated_at": datetime(2023, 2, 1, 9),
    }


@pytest.fixture
def by_hand():
    """Two districts, two years. C is reported by both in 2023 and lies in 689; a group becomes B in 2024."""
    reports = [
        report(
            "688", 2023, datetime(2023, 11, 20, 3, tzinfo=UTC),
            n01=[
                cooperative("A", "688", women_managers=2, women_managers_trained=1, women_stable_jobs=5),
                cooperative("C", "688", women_stable_jobs=9),
            ],
            n02=[group("THT-0001", "25216")],
            n03=[action("A"), action("THT-0001")],
            n04=[course("WU-D", "688-01", 10, 5), course("PCA", "P1", 20, None)],
        ),
        report(
            "689", 2023, datetime(2023, 11, 29, 17, tzinfo=UTC), nil="02",  # 00:00 of 30 November: late
            n01=[cooperative("C", "689", women_managers_trained=1, women_stable_jobs=7)],
            n03=[action("C")],
            n04=[course("PCA", "P1", 30, 1)],
        ),
        report(
            "688", 2024, datetime(2024, 11, 20, 3, tzinfo=UTC), nil="03 04",
            n01=[cooperative("A", "688", women_managers=2, women_managers_trained=2, status="suspended")],
            n02=[group("THT-0001", "25216", status="became_cooperative", became_cooperative="B")],
        ),
        report(
            "689", 2024, datetime(2024, 11, 29, 16, 59, tzinfo=UTC), nil="02 04",
            n01=[
                cooperative("B", "689", women_workers=6, women_new_jobs=6, predecessor_group_code="THT-0001"),
                cooperative("C", "689", women_managers_trained=1, women_stable_jobs=8),
            ],
            n03=[action("B", "founding_advice")],
        ),
    ]  # fmt: skip
    known = [entry("A", "25216", date(2019, 5, 5)), entry("C", "25195", date(2015, 5, 5))]
    snapshots = [
        Snapshot(date(2023, 11, 30), tuple(known), ()),
        Snapshot(date(2024, 11, 30), (*known, entry("B", "25195", date(2024, 2, 2))), ()),
    ]
    return open_books(SEEDS, reports, snapshots)


def values_of(books, unit_uid: str, year: int) -> dict[str, tuple]:
    return {
        each.cell.indicator_code: (each.figure.numerator, each.figure.denominator, each.figure.value, each.value_status)
        for each in indicator_values(books)
        if (each.unit_uid, each.report_year, each.basis) == (unit_uid, year, "as_reported")
        and each.is_total
        and each.cell.measure_code == "value"
    }


def test_the_province_of_two_districts_counts_a_cooperative_and_a_course_once(by_hand):
    found = values_of(by_hand, "province", 2023)
    assert found["T01"] == (2, None, 2, "estimated")  # A and C
    assert found["T03"] == (12, None, 12, "estimated")  # 5 of A, 7 that 689 gives for C: the registry sees it there
    assert found["T05"] == (2, 3, pytest.approx(66.6667, abs=1e-4), "estimated")
    assert (found["T02"], found["T04"]) == ((1, None, 1, "estimated"), (4, None, 4, "estimated"))
    assert found["T06"] == (35, None, 35, "estimated")  # 15, and 20 of the course that 688 reported first
    assert (found["T07"][2], found["T08"][2]) == (0, 0)
    assert found["T16"] == (1, 21, pytest.approx(4.7619, abs=1e-4), "reported")  # of 11 districts and 10 agencies


def test_a_unit_counts_its_own_rows_and_courses(by_hand):
    found = values_of(by_hand, "688@2023", 2023)
    assert (found["T01"][2], found["T03"][2], found["T06"][2]) == (2, 14, 35)
    assert found["T05"] == (1, 3, pytest.approx(33.3333, abs=1e-4), "estimated")
    other = values_of(by_hand, "689@2023", 2023)
    assert (other["T01"][2], other["T03"][2], other["T06"][2]) == (1, 7, 31)
    assert other["T02"] == (0, None, 0, "nil")


def test_a_group_that_became_a_cooperative_stays_counted_once_and_a_new_one_counts_for_t07(by_hand):
    found = values_of(by_hand, "province", 2024)
    assert (found["T01"][2], found["T03"][2]) == (1, 8)  # A is suspended; B was strengthened as a group only
    assert (found["T02"][2], found["T04"][2]) == (1, 0)
    assert found["T05"] == (1, 2, 50, "estimated")
    assert found["T06"][2] == 35
    assert (found["T07"][2], found["T08"][2]) == (1, 6)
    assert found["T16"][:2] == (2, 21)
    assert values_of(by_hand, "688@2023", 2024)["T02"][2] == 1  # reports the group's row
    assert values_of(by_hand, "689@2023", 2024)["T02"][2] == 1  # reports the cooperative that names it
    assert values_of(by_hand, "688@2023", 2024)["T06"] == (35, None, 35, "estimated")  # nil this year, not so far


def test_who_does_not_report_and_who_is_not_asked_are_told_apart(by_hand):
    assert values_of(by_hand, "690@2023", 2023)["T01"] == (None, None, None, "not_reported")
    assert values_of(by_hand, "PCA", 2023)["T01"] == (None, None, None, "not_applicable")
    assert values_of(by_hand, "PCA", 2023)["T06"] == (None, None, None, "not_reported")


def test_the_stricter_readings_of_decisions_a2_and_a3_count_less(by_hand):
    leads = replace(SEEDS, decisions=SEEDS.decisions | {"A2": "leads"})
    both = replace(SEEDS, decisions=SEEDS.decisions | {"A3": "groups_and_cooperatives"})
    men_lead = [
        replace(each, sheets=dict(each.sheets) | {"01_HTX": [row | {"woman_leads": False} for row in rows]})
        for each in by_hand.reports
        if (rows := each.sheets["01_HTX"])
    ]
    assert values_of(open_books(SEEDS, men_lead, by_hand.snapshots), "province", 2023)["T01"][2] == 2
    assert values_of(open_books(leads, men_lead, by_hand.snapshots), "province", 2023)["T01"][2] == 0
    assert values_of(open_books(both, by_hand.reports, by_hand.snapshots), "province", 2023)["T01"][2] == 0


def test_missing_units_leave_the_verdict_open(by_hand):
    found = {
        (each.indicator_code, each.report_year): (each.value_low, each.value_high, each.target, each.verdict)
        for each in annual_targets(by_hand, indicator_values(by_hand))
    }
    assert found["T07", 2024] == (1, 1, 3, "in_progress")  # the registry knows no other that is women-managed
    assert found["T05", 2024] == (0, 100, 100, "in_progress")  # nobody knows how many managers the others have
    assert found["T06", 2024] == (35, None, None, "tracked")
    assert found["T15", 2024] == (0, 0, 1, "in_progress")


def test_a_correction_touches_its_own_rows_and_final_figures_lie_over_all_others(by_hand):
    first = by_hand.reports[0]
    correction = replace(
        first,
        received_at=datetime(2023, 12, 2, tzinfo=UTC),
        submission_kind="partial_correction",
        file_name="correction.xlsx",
        sheets={"01_HTX": [cooperative("A", "688", women_stable_jobs=6), cooperative("D", "688")]},
    )
    corrected = open_books(SEEDS, [first, correction], by_hand.snapshots)
    rows = {row["registration_number"]: row["women_stable_jobs"] for row in corrected.rows("01_HTX", 2023)}
    assert rows == {"A": 6, "C": 9, "D": 0}
    final = replace(
        first,
        received_at=datetime(2024, 1, 20, tzinfo=UTC),
        report_kind="annual_final",
        submission_kind="full_replacement",
        value_kind="actual",
        file_name="final.xlsx",
        sheets={"01_HTX": [cooperative("A", "688", women_stable_jobs=8)]},
    )
    late = replace(first, received_at=datetime(2024, 2, 20, tzinfo=UTC), file_name="late.xlsx")
    books = open_books(SEEDS, [first, correction, final, late], by_hand.snapshots)
    assert [row["women_stable_jobs"] for row in books.rows("01_HTX", 2023)] == [8]
    assert submission_statuses(books, {final.path}) == {
        first.path: "superseded",
        correction.path: "superseded",
        final.path: "accepted_with_queries",
        late.path: "superseded",
    }


def test_a_group_without_a_code_is_known_by_its_name_and_its_ground_across_the_reform():
    sent = datetime(2024, 11, 20, tzinfo=UTC)
    before = [
        report("688", 2024, sent, n02=[group(None, "25245")], n03=[action("Tổ hợp tác sen  trắng")]),
        report("698", 2024, sent.replace(day=21), n02=[group(None, "25244", women_stable_jobs=3)]),
    ]
    after = report(
        "25220", 2025, sent.replace(year=2025), n02=[group(None, "25220", group_name="TỔ HỢP TÁC SEN TRẮNG")]
    )
    books = open_books(SEEDS, [*before, after], [])
    issued = {books.group_identity(row) for year in (2024, 2025) for row in books.rows("02_THT", year)}
    assert issued == {"THT-CD97BACE"}
    # Two districts report it in 2024: once for the province, by the row that came first.
    assert values_of(books, "province", 2024)["T04"][2] == 4
    assert values_of(books, "25220@2025", 2025)["T02"][2] == 1
    coded = replace(after, sheets={"02_THT": [group("THT-0900", "25220")]})
    books = open_books(SEEDS, [*before, coded], [])
    assert {books.group_identity(row) for row in books.rows("02_THT", 2024)} == {"THT-0900"}


def test_figures_of_the_whole_new_province_count_nowhere():
    sent = datetime(2025, 11, 20, tzinfo=UTC)
    whole = replace(
        report("DOIT", 2025, sent, n03=[action("A")], n04=[course("DOIT", "1", 10, 5)]), data_scope="whole_province"
    )
    commune = replace(report("25217", 2025, sent.replace(day=21)), sheets={"01_HTX": [cooperative("A", "688")]})
    found = open_books(SEEDS, [whole, commune], [])
    assert values_of(found, "province", 2025)["T01"][2] == 0
    assert values_of(found, "DOIT", 2025)["T06"] == (None, None, None, "not_applicable")
    of_the_ground = replace(whole, data_scope="programme_ground")
    assert values_of(open_books(SEEDS, [of_the_ground, commune], []), "province", 2025)["T01"][2] == 1
