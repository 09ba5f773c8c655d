"""The example at several times its size and over more years, as benchmarks ask for it."""

import csv
from pathlib import Path

import pytest

from expectations.reference.reference_checks import lint_plan
from htx.example.answer_key import baseline, indicator_values
from htx.example.organisations.province import make_province
from htx.example.registry import make_snapshots
from htx.example.reports.deliveries import make_deliveries
from htx.example.reports.reported_rows import ReportedRows
from htx.example.reports.schedule import make_schedule
from htx.example.seeds import read_seeds
from tests.growth.growth import multiply, prolong, write_grown_example, write_reference

FIRST, LAST_OF_THE_STORY = 2023, 2025


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Reference data for ten years and a registry of twice the size."""
    folder = tmp_path_factory.mktemp("reference") / "seeds"
    write_reference(folder, years=10, times=2)
    return read_seeds(folder)


def test_the_reference_data_of_more_years_than_the_plan_has_may_be_built_from(tmp_path):
    write_reference(tmp_path, years=10, times=2)
    assert [each.place for each in lint_plan(tmp_path) if each.level == "error"] == []
    with (tmp_path / "phases.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert [(row["begins_on"], row["ends_on"]) for row in csv.DictReader(lines)] == [
            ("2023-01-03", "2025-12-31"),
            ("2026-01-01", "2032-12-31"),
        ]


@pytest.fixture(scope="module")
def story(seeds):
    province = make_province(seeds, 1)
    return make_deliveries(seeds, 1, province, make_schedule(seeds, 1)), make_snapshots(seeds, province)


def of_the_province(seeds, reports, snapshots, year: int) -> dict:
    return {
        each.cell: each.figure.value
        for each in indicator_values(ReportedRows(seeds, reports, snapshots))
        if (each.unit_uid, each.basis, each.report_year) == ("province", "as_reported", year) and each.is_total
    }


def test_twice_as_many_organisations_count_twice_and_percentages_stay(seeds, story):
    once = of_the_province(seeds, *story, LAST_OF_THE_STORY)
    twice = of_the_province(seeds, *multiply(seeds, *story, times=2), LAST_OF_THE_STORY)
    said_by_units = {"C04", "C05", "C16", "C18", "C19", "C20", "C21", "C22", "C23", "C24", "C26", "C27", "C28"}
    apart = {"T05", "T09", "T10", "T11", "T12", "T13", "T14", "T15", "T16", "T17", "T18", "C11", "C12"} | said_by_units
    assert {cell for cell in once if cell.indicator_code not in apart and twice[cell] != 2 * once[cell]} == set()
    percentages = {"T05", "T11", "T12", "T13", "T14"}
    assert {cell for cell in once if cell.indicator_code in percentages and twice[cell] != once[cell]} == set()
    names = ("all_cooperatives", "women_managed", "all_groups")
    of_the_registry = baseline(seeds, multiply(seeds, *story, times=2)[1])
    assert [of_the_registry[name] for name in names] == [598, 66, 2750]


def test_later_years_repeat_the_last_of_the_story_within_windows_that_follow_each_other(seeds, story):
    reports, snapshots = prolong(seeds, *story, years=10)
    assert {report.report_year for report in reports} == set(range(FIRST, FIRST + 10))
    assert len(snapshots) == 4
    one = [report for report in reports if report.unit_code == "25217" and report.report_year > LAST_OF_THE_STORY]
    assert [(str(each.data_from), str(each.data_to)) for each in one[:2]] == [
        ("2025-12-01", "2026-11-30"),
        ("2026-12-01", "2027-11-30"),
    ]
    for report in reports:
        for row in (row for rows in report.sheets.values() for row in rows):
            for day in filter(None, (row.get("held_on"), row.get("started_on"))):
                assert report.data_from <= day <= report.data_to, (report.file_name, row)
    last = of_the_province(seeds, *prolong(seeds, *story, years=4), FIRST + 3)
    story_end = of_the_province(seeds, *story, LAST_OF_THE_STORY)
    strengthened = {cell for cell in last if cell.indicator_code == "T01"}
    assert {cell: last[cell] for cell in strengthened} == {cell: story_end[cell] for cell in strengthened}


def test_a_single_year_is_written_as_a_folder_that_can_be_loaded(tmp_path):
    write_grown_example(tmp_path / "province", years=1)
    with (tmp_path / "province" / "deliveries.csv").open(encoding="utf-8", newline="") as lines:
        deliveries = list(csv.DictReader(lines))
    assert {line["stage"] for line in deliveries} == {"2023"}
    assert [line["path"] for line in deliveries if line["kind"] == "registry"] == [
        "registry/2023-03-24.sqlite",
        "registry/2023-11-30.sqlite",
    ]
    assert all(Path(tmp_path / "province" / line["path"]).is_file() for line in deliveries)


def test_the_reference_data_of_later_years_are_the_last_known_ones_moved_on(seeds):
    assert len(seeds.units_of(2032)) == len(seeds.units_of(2026)) == 51
    assert seeds.cycles[2032].registry_cut_off.isoformat() == "2032-11-30"
    assert seeds.cycles[2032].final_due_before.isoformat() == "2033-02-15"
