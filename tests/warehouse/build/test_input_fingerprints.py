"""A build of the years that a file concerns, beside a build of all years."""

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from htx import steps
from tests import life
from tests.example_province import read_csv, received
from tests.warehouse.staged import rows
from warehouse.build import input_fingerprints
from warehouse.connection import connect
from warehouse.reference.catalogue import read_reference

TABLES = "select schemaname, tablename from pg_tables where schemaname in ('marts', 'reports', 'bi') order by 1, 2"
AFFECTED = "select report_year from intermediate.int_years_affected order by 1"
STABLE_JOBS = """
    select report_year, unit_uid, value from marts.fct_indicator_values
    where indicator_code = 'T03' and breakdown = 'total' and basis = 'as_reported'
        and (report_year, unit_uid) in ((2024, '694@2023'), (2025, '25351@2025'))
    order by 1
"""
HON_QUAN, TAN_QUAN = ("694", "2024"), ("25351", "2025")


def correction(folder, unit: str, year: str):
    """The unit's report again, four weeks later: in each cooperative a woman less has a stable job, and the last
    support action is gone."""
    sent = [
        each for each in read_csv(folder / "deliveries.csv")
        if (each["folder"], each["report_year"], each["expected_verdict"]) == (unit, year, "accepted")
    ][-1]  # fmt: skip
    file = received(folder, sent)
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    for row in book["00_BIA"].iter_rows():
        if row[0].value == "submission_kind":
            row[2].value = "full_replacement"
    cooperatives, actions = book["01_HTX"], book["03_HO_TRO"]
    stable_jobs = next(cell.column for cell in cooperatives[1] if cell.value == "women_stable_jobs")
    for row in cooperatives.iter_rows(min_row=3):
        if row[0].value and row[stable_jobs - 1].value:
            row[stable_jobs - 1].value -= 1
    actions.delete_rows(max(row[0].row for row in actions.iter_rows(min_row=3) if row[0].value))
    content = io.BytesIO()
    book.save(content)
    return replace(file, content=content.getvalue(), received_at=file.received_at + timedelta(weeks=4))


def public_rows(url: str) -> dict[str, list[str]]:
    with connect(url) as connection:
        names = [f"{schema}.{table}" for schema, table in rows(connection, TABLES)]
        return {name: sorted(row for (row,) in rows(connection, f"select t::text from {name} as t")) for name in names}


@pytest.fixture(scope="module")
def corrected(province, copy_of_province, tmp_path_factory):
    """URL of a warehouse that built what two corrections concern; which years that were; where dbt's files lie."""
    url, output, affected = copy_of_province(), tmp_path_factory.mktemp("dbt"), []
    for unit in (HON_QUAN, TAN_QUAN):
        steps.load_files(url, [correction(province.folder, *unit)])
        with connect(url) as connection:  # as a build of other reference data leaves them that the gate refused
            connection.execute("update quality.target_sensitivity set value = -1")
        steps.build_warehouse(url, output)
        with connect(url) as connection:
            affected.append([year for (year,) in rows(connection, AFFECTED)])
    return url, affected, output


def test_a_correction_is_built_with_the_years_after_it_and_no_others(province, corrected):
    url, affected, _ = corrected
    with connect(province.url) as before, connect(url) as after:
        assert rows(before, STABLE_JOBS) == [(2024, "694@2023", 24), (2025, "25351@2025", 44)]
        assert rows(after, STABLE_JOBS) == [(2024, "694@2023", 22), (2025, "25351@2025", 42)]
    assert affected == [[2024, 2025], [2025]]


def test_building_the_years_concerned_publishes_what_a_build_of_all_years_publishes(corrected):
    url, _, output = corrected
    of_years = public_rows(url)
    steps.build_warehouse(url, output, again=True)
    of_all = public_rows(url)
    assert of_years.keys() == of_all.keys() > {"marts.fct_indicator_values", "bi.indicator_values"}
    assert {
        table: [sorted({*of_years[table]} - {*there})[:3], sorted({*there} - {*of_years[table]})[:3]]
        for table, there in of_all.items() if of_years[table] != there
    } == {}  # fmt: skip


def test_a_year_of_which_something_came_since_the_build_was_asked_for_is_made_anew(warehouse_url, connection):
    reference = read_reference(steps.SEEDS)
    recorded = "select report_year from quality.next_year_states order by 1"
    for number, year in ((0, 2023), (1, 2024)):
        content = life.workbook(reference, {"01_HTX": [life.cooperative(life.NUMBERS[number])]}, year=year)
        steps.load_files(warehouse_url, [life.received(content, name=f"{year}.xlsx")])
    _, asked_for = input_fingerprints.read_states(connection)
    input_fingerprints.record_next(connection, asked_for)
    assert rows(connection, recorded) == [(2023,), (2024,)]

    more = {"01_HTX": [life.cooperative(members=31)]}
    content = life.workbook(reference, more, {"submission_kind": "full_replacement"})
    steps.load_files(warehouse_url, [life.received(content, 1)])
    input_fingerprints.record_next(connection, asked_for)
    assert rows(connection, recorded) == [(2024,)]
