"""The example province: its baseline, its story, and what its answer key promises of itself."""

import csv
import hashlib
import shutil
import sqlite3
from collections import Counter, defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from stdnum.vn import mst

from htx import steps
from htx.example import write_example
from htx.example.answer_key import baseline
from htx.example.folder import clean_workbook, make_example
from htx.example.organisations.province import make_province
from htx.example.registry import make_snapshots
from htx.example.seeds import SEEDS_FOLDER, read_seeds
from ingestion.workbook.received_file import ReceivedFile

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


def test_files_are_rejected_sent_again_replaced_corrected_and_made_final(example, deliveries):
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
    assert endings == {"chính thức": 5, "thay thế": 2, "gửi lại": 1, "đính chính": 1, "lần 1": 1, "giai đoạn 1": 1}
    assert Counter(statuses.values())["superseded"] == 8
    assert [line["reporting_unit_code"] for line in deliveries if line["folder"] == "union"] == ["693", "25222"]


def test_the_union_writes_every_section_of_its_year_and_of_the_phase_and_its_files_are_accepted(
    warehouse_url, reference
):
    own = [each for each in make_example(SEEDS).reports if each.unit_code == "WU-P"]
    assert [(each.report_year, each.report_kind) for each in own] == [
        (2023, "annual"), (2023, "annual_final"), (2024, "annual"), (2025, "annual"), (2025, "phase_review"),
    ]  # fmt: skip
    for each in own:
        assert [row["narrative_section"] for row in each.sheets["12_DANH_GIA"]] == [
            "leadership", "results", "shortcomings", "causes", "lessons", "next_year", "proposals",
        ]  # fmt: skip
    files = [
        ReceivedFile(each.folder, each.file_name, each.received_at, clean_workbook(reference, each)) for each in own
    ]
    assert [each.verdict for each in steps.load_files(warehouse_url, files)] == ["accepted"] * 5


def test_only_the_findings_that_were_put_in_are_expected(example):
    findings = Counter(
        (line["rule_code"], line["severity"]) for line in read_csv(example / "answer_key" / "findings.csv")
    )
    assert findings == {
        ("H01", "error"): 1, ("H10", "info"): 3, ("H13", "query"): 3, ("F07", "query"): 1, ("F09", "query"): 1,
        ("F17", "query"): 1, ("A02", "query"): 1,
        ("K01", "query"): 1, ("S03", "query"): 1, ("T01", "query"): 1, ("X02", "query"): 1, ("X03", "query"): 1,
        ("X04", "query"): 4, ("X05", "query"): 4, ("Y02", "query"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("indicator", ["T01", "T02", "T03", "T04", "T07", "T08"])
def test_the_province_is_on_its_way_to_the_targets(example, indicator):
    way = [
        float(line["value"])
        for line in read_csv(example / "answer_key" / "annual_targets.csv")
        if line["indicator_code"] == indicator
    ]
    assert way == sorted(way)
    assert way[-1] >= 0.85 * dict(SEEDS.targets[indicator])[2025]


# What the key promises of itself ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def values(example) -> list[dict[str, str]]:
    return read_csv(example / "answer_key" / "indicator_values.csv")


CELL = ("basis", "indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year")


def numbers(row: dict[str, str]) -> tuple[Fraction, Fraction]:
    return Fraction(row["numerator"] or 0), Fraction(row["denominator"] or 0)


def test_every_figure_stands_once_for_the_province_and_for_every_unit_of_the_roster(values):
    key = ("indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis")
    assert len({tuple(row[name] for name in key) for row in values}) == len(values)
    measures = {(each.indicator_code, each.measure_code) for each in SEEDS.measures}
    assert len(measures) == 81
    found = {
        (row["indicator_code"], row["measure_code"], int(row["report_year"]), row["unit_uid"])
        for row in values
        if (row["breakdown"], row["basis"]) == ("total", "as_reported")
    }
    of_the_province_alone = {("T15", "value"), ("T16", "value"), ("T17", "value"), ("T18", "value")}
    expected = {(*measure, year, "province") for measure in measures for year in (2023, 2024, 2025)}
    expected |= {
        (*measure, year, unit.uid)
        for (year, _), unit in SEEDS.roster.items()
        if year <= 2025
        for measure in measures - of_the_province_alone
    }
    assert found == expected


def test_the_units_of_a_map_the_agencies_and_what_has_no_place_add_up_to_the_province(values):
    sums = defaultdict(lambda: (Fraction(0), Fraction(0)))
    province = {}
    for row in values:
        if row["basis"] == "as_reported" or row["indicator_code"] in ("T15", "T16", "T17", "T18"):
            continue
        cell = tuple(row[name] for name in CELL)
        if row["unit_uid"] == "province":
            province[cell] = numbers(row)
        else:
            sums[cell] = tuple(map(sum, zip(sums[cell], numbers(row), strict=True)))
    assert {cell for cell in province.keys() | sums.keys() if province.get(cell, (0, 0)) != sums[cell]} == set()
    assert {cell[0] for cell in province} == {"districts_2023", "communes_2025"}


def test_the_codes_of_a_breakdown_add_up_to_the_total(values):
    key = ("indicator_code", "measure_code", "report_year", "unit_uid", "basis")
    totals = {tuple(row[name] for name in key): numbers(row) for row in values if row["breakdown"] == "total"}
    parts = defaultdict(lambda: (Fraction(0), Fraction(0)))
    for row in values:
        if row["breakdown"] not in ("total", "matched_panel"):
            cell = tuple(row[name] for name in (*key, "breakdown"))
            parts[cell] = tuple(map(sum, zip(parts[cell], numbers(row), strict=True)))
    assert {cell for cell, found in parts.items() if found != totals[cell[:5]]} == set()


def test_a_value_is_there_exactly_when_something_was_reported_and_lies_within_its_bounds(values):
    for row in values:
        assert (row["numerator"] == "") == (row["value_status"] in ("not_reported", "not_applicable")), row
        low, high = (Fraction(row[bound]) if row[bound] else None for bound in ("value_low", "value_high"))
        if row["value"]:
            assert low is None or low <= Fraction(row["value"]), row
            assert high is None or Fraction(row["value"]) <= high, row


def test_nothing_in_the_example_is_trivially_zero(values):
    counted = {
        (row["indicator_code"], row["measure_code"])
        for row in values
        if (row["unit_uid"], row["basis"], row["breakdown"]) == ("province", "as_reported", "total")
        and row["value"] not in ("", "0")
    }
    unpublished = {("T17", "value"), ("T18", "value")}
    assert {(each.indicator_code, each.measure_code) for each in SEEDS.measures} - counted == unpublished
    statuses = Counter(row["value_status"] for row in values if row["basis"] == "as_reported")
    assert set(statuses) == {"reported", "estimated", "nil", "not_reported", "not_applicable"}
    small = {row["numerator"] for row in values if row["breakdown"] == "priority_group"}
    assert {"0", "1", "2", "3", "4"} <= small
    kinds = {row["breakdown_code"] for row in values if row["breakdown"] == "debt_kind"}
    assert kinds == {"state", "bank", "other_organisation", "members", "owed_by_members"}


def test_what_is_new_on_ground_that_lay_in_two_districts_has_no_place_among_them(values):
    unplaced = {
        row["indicator_code"]: row["numerator"]
        for row in values
        if (row["unit_uid"], row["basis"], row["report_year"], row["breakdown"])
        == ("unplaced", "districts_2023", "2025", "total")
        and row["indicator_code"] in ("C02", "C15")
    }
    assert unplaced == {"C02": "1", "C15": "1"}  # a group, and the cooperative n7
