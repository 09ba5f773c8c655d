"""The whole cycle on the example province, without Airflow: the warehouse's figures against the answer key.

The answer key is worked out in Python from the clean lists, before they are written to workbooks.
"""

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from example_province import SEEDS_OF_THE_EXAMPLE, read_csv

from htx.example import write_example
from warehouse import dbt, states
from warehouse.connection import connect


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def rows(url: str, query: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(query).fetchall()


def test_every_indicator_value_equals_the_answer_key(played):
    folder, url = played
    assert differences(values_found(url), values_expected(folder)) == []


def test_the_yearly_targets_equal_the_answer_key(played):
    folder, url = played
    assert differences(targets_found(url), targets_expected(folder)) == []


# One row of one CSV each: a target, a deadline, the roster, and three decisions.
EDITS = [
    ("targets.csv", "T01,1,2025,20,", "T01,1,2025,25,"),
    ("report_cycles.csv", "2024,1,2024-11-30,", "2024,1,2024-12-10,"),
    ("reporting_roster.csv", "2023,DPI,DPI,agency,,yes", "2023,DPI,DPI,agency,,no"),
    ("decisions.csv", ",women_managed_means,any_manager,", ",women_managed_means,leads,"),
    ("decisions.csv", ",union_founded_binds,groups,", ",union_founded_binds,groups_and_cooperatives,"),
    ("decisions.csv", ",branch_heads_are_officers,no,", ",branch_heads_are_officers,yes,"),
]


@pytest.mark.parametrize("played", SEEDS_OF_THE_EXAMPLE[:1], indirect=True)
def test_an_edit_of_one_row_of_a_csv_is_seen_in_the_report_after_the_next_build(played, tmp_path):
    _, url = played
    project = tmp_path / "dbt_project"
    shutil.copytree(dbt.PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    for name, before, after in EDITS:
        seed = project / "seeds" / name
        text = seed.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{name} has no row with {before}"
        seed.write_text(text.replace(before, after), encoding="utf-8")
    write_example(tmp_path / "province", SEEDS_OF_THE_EXAMPLE[0], project / "seeds")  # its key by the edited rows
    before = targets_found(url)
    with connect(url) as connection:
        states.forget_published(connection)  # as new reference data does to the years of a build

    dbt.run_dbt(url, ["build", "--exclude-resource-type", "unit_test"], tmp_path / "dbt", project)

    after = targets_found(url, "next_reports")
    assert differences(after, targets_expected(tmp_path / "province")) == []
    assert differences(values_found(url, "next_marts"), values_expected(tmp_path / "province")) == []
    assert after["T01", 2025][4] == 25
    changed = {code for code, year in after if after[code, year] != before[code, year]}
    assert {"T01", "T03", "T07", "T10", "T16"} <= changed


def test_the_registry_reproduces_the_baseline_of_the_plan(played):
    _, url = played
    assert rows(url, """
        select indicator_code, measure_code, plan_value::integer, registry_value::integer
        from reports.rpt_baseline order by indicator_code, measure_code
    """) == [
        ("C01", "all_cooperatives", 299, 299),
        ("C01", "cooperatives", 33, 33),
        ("C01", "members", 2786, 2786),
        ("C01", "union_founded", 7, 7),
        ("C02", "all_groups", 1375, 1375),
        ("C02", "union_founded", 64, 64),
    ]  # fmt: skip


def test_each_file_gets_the_verdict_that_it_deserves(played):
    folder, url = played
    expected = {
        (delivery["folder"], delivery["file_name"]): delivery["expected_verdict"]
        for delivery in read_csv(folder / "deliveries.csv")
        if delivery["kind"] == "file"
    }
    found = {row[:2]: row[2] for row in rows(url, "select folder, file_name, verdict from raw.received_files")}
    assert found == expected


def test_exactly_the_errors_and_queries_that_were_put_in_are_found_each_with_its_cell(played):
    folder, url = played
    expected = {
        (row["path"].split("/")[-1], row["rule_code"], row["severity"], row["sheet_code"], row["cell"])
        for row in read_csv(folder / "answer_key" / "findings.csv")
        if row["severity"] in ("error", "query")
    }
    found = {
        (name, rule, severity, sheet, cell or "")
        for name, rule, severity, sheet, cell in rows(
            url,
            """
            select file_name, rule_code, severity, sheet_code, cell
            from quality.findings inner join raw.received_files using (submission_id)
            where severity in ('error', 'query')
        """,
        )
    }
    assert found == expected


def test_nothing_accepted_is_missing_from_raw(played):
    folder, url = played
    for delivery in read_csv(folder / "deliveries.csv"):
        if delivery["kind"] != "file" or delivery["expected_verdict"] != "accepted" or delivery["stage"] != "2024":
            continue
        book = openpyxl.load_workbook(folder / delivery["path"], read_only=True)
        sent = sorted(
            str(cell)
            for sheet in book
            if sheet.title[:2].isdigit() and "01" <= sheet.title[:2] <= "12"
            for row in sheet.iter_rows(min_row=3, values_only=True)
            for cell in row
            if cell is not None and not hasattr(cell, "year")
        )
        kept = sorted(
            value
            for (value,) in rows(
                url,
                f"""
                select sent.value from raw.sheet_rows
                inner join raw.received_files using (submission_id)
                cross join jsonb_each_text(sheet_rows.sent) as sent
                where file_name = '{delivery["file_name"]}' and folder = '{delivery["folder"]}'
                  and sent.value !~ '^\\d{{4}}-\\d\\d-\\d\\d$'
            """,
            )
        )
        assert kept == sent, delivery["path"]


VALUE_KEY = (
    "indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis",
)  # fmt: skip
FIGURES = ("numerator", "denominator", "value", "value_low", "value_high")


def values_expected(folder: Path) -> dict:
    return {
        tuple(row[name] for name in VALUE_KEY): (*(number(row[name]) for name in FIGURES), row["value_status"])
        for row in read_csv(folder / "answer_key" / "indicator_values.csv")
    }


def values_found(url: str, schema: str = "marts") -> dict:
    found = rows(
        url,
        f"""
        select {", ".join((*VALUE_KEY, *FIGURES, "value_status"))}
        from {schema}.fct_indicator_values
    """,
    )
    return {tuple(map(str, row[: len(VALUE_KEY)])): row[len(VALUE_KEY) :] for row in found}


def targets_expected(folder: Path) -> dict:
    figures = ("baseline", "value", "value_low", "value_high", "target", "target_year")
    return {
        (row["indicator_code"], int(row["report_year"])): (
            *(number(row[figure]) for figure in figures), row["comparator"] or None, row["verdict"],
        )
        for row in read_csv(folder / "answer_key" / "annual_targets.csv")
    }  # fmt: skip


def targets_found(url: str, schema: str = "reports") -> dict:
    found = rows(
        url,
        f"""
        select indicator_code, report_year, baseline, value, value_low, value_high, target, target_year,
               comparator, verdict
        from {schema}.rpt_annual_targets
    """,
    )
    return {row[:2]: row[2:] for row in found}


def differences(found: dict, expected: dict) -> list[tuple]:
    """(key, found, expected) wherever the two differ; figures may differ in the tenth decimal."""
    return [
        (key, found.get(key), expected.get(key))
        for key in sorted(found.keys() | expected.keys())
        if key not in found or key not in expected or not all(map(close, found[key], expected[key]))
    ]


def close(found: object, expected: object) -> bool:
    if isinstance(found, Decimal | int) and isinstance(expected, Decimal | int):
        return abs(found - expected) < Decimal("1e-9")
    return found == expected
