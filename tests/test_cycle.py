"""The whole cycle on the example province, without Airflow: the warehouse's figures against the answer key.

The answer key is worked out in Python from the clean lists, before they are written to workbooks.
"""

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from expectations.reference.reference_checks import lint_plan
from htx.cli import main
from htx.example import write_example
from htx.example.deliveries import read_deliveries
from reporting.content.annual import read_annual
from tests.datasets import first_seed, read_csv
from warehouse.build import dbt
from warehouse.connection import connect
from warehouse.reference.reference_data import SEEDS


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


def test_the_changes_on_the_year_before_equal_the_answer_key(played):
    folder, url = played
    expected = {
        (row["indicator_code"], row["measure_code"], int(row["report_year"])): (
            number(row["change"]), int(row["areas_compared"]), int(row["areas_expected"]),
        )
        for row in read_csv(folder / "answer_key" / "changes.csv")
    }  # fmt: skip
    columns = "indicator_code, measure_code, report_year, change, areas_compared, areas_expected"
    found = {row[:3]: row[3:] for row in rows(url, f"select {columns} from marts.fct_indicator_changes")}
    assert differences(found, expected) == []


@first_seed
def test_a_change_is_one_of_the_areas_that_gave_the_figure_in_both_years(played):
    _, url = played
    found = rows(
        url,
        """
        select indicator_code || '.' || measure_code, value_before, value_now, change, areas_compared, areas_expected
        from reports.rpt_indicator_changes where report_year = 2025
          and (indicator_code in ('C01', 'C16', 'C24', 'C26')
            or measure_code = 'value' and indicator_code in ('T01', 'T10'))
        order by 1
    """,
    )
    assert found == [
        ("C01.all_cooperatives", 345, 360, 15, 0, 0),  # the registry's
        ("C01.cooperatives", 37, 41, 4, 0, 0),
        ("C01.members", 3098, 3354, 256, 0, 0),
        ("C01.union_founded", 9, 10, 1, 0, 0),
        ("C16.done", 1, 1, 0, 1, 1),  # of the Union alone, which no reform changed
        ("C16.people", 227, 221, -6, 1, 1),
        ("C24.borrowers", 34, 37, 3, 1, 2),  # without the bank, which left it blank
        ("C24.outstanding_loans", Decimal("24298.3"), Decimal("33703.7"), Decimal("9405.4"), 1, 2),
        ("C26.units", None, None, None, 0, 7),  # plans of districts are no plans of communes
        ("T01.value", 12, 17, 5, 5, 7),  # without Bù Gia Mập, missing in 2024, and Bù Đăng with Thọ Sơn
        ("T10.value", None, None, None, 0, 8),  # its officers are others
    ]


# One row of one CSV each: a target, a deadline, the roster, and three decisions.
EDITS = [
    ("targets.csv", "T01,1,2025,20,", "T01,1,2025,25,"),
    ("report_cycles.csv", "2024,1,2024-11-30,", "2024,1,2024-12-10,"),
    ("reporting_roster.csv", "2023,DPI,DPI,agency,,yes", "2023,DPI,DPI,agency,,no"),
    ("decisions.csv", ",women_managed_means,any_manager,", ",women_managed_means,leads,"),
    ("decisions.csv", ",union_founded_binds,groups,", ",union_founded_binds,groups_and_cooperatives,"),
    ("decisions.csv", ",branch_heads_are_officers,no,", ",branch_heads_are_officers,yes,"),
]


@pytest.mark.soak("seeds")
@first_seed
def test_an_edit_of_one_row_of_a_csv_is_seen_in_the_report_after_the_next_build(played, tmp_path, seeds, monkeypatch):
    _, url = played
    monkeypatch.setenv("HTX_PLAN", str(seeds))
    for name, before, after in EDITS:
        seed = seeds / name
        text = seed.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{name} has no row with {before}"
        seed.write_text(text.replace(before, after), encoding="utf-8")
    write_example(tmp_path / "province", 1, seeds)  # its key by the edited rows
    before = targets_found(url)

    dbt.run_dbt(url, ["build", "--exclude-resource-type", "unit_test"], tmp_path / "dbt")

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


EXPLAINED = [  # with what the first example province says: indicator, measure, year, unit, more, numerator, denominator
    ("T07", "value", 2025, "province", [], 3, None),
    ("T05", "value", 2025, "25279", [], 2, 2),
    ("T12", "value", 2024, "688", [], 19, 44),
    ("T12", "value", 2025, "688", ["--basis", "districts_2023"], 23, 47),
    ("T06", "value", 2023, "WU-P", [], 248, None),
    ("C11", "profit", 2025, "25279", ["--breakdown", "matched_panel=change"], -115.5, None),
    ("C06", "outstanding", 2025, "province", [], 3276.4, None),
]


@first_seed
@pytest.mark.parametrize(("code", "measure", "year", "unit", "more", "numerator", "denominator"), EXPLAINED)
def test_a_figure_is_explained_by_cells_of_the_workbooks_that_were_sent(
    played, code, measure, year, unit, more, numerator, denominator
):
    folder, url = played
    explained = run_htx(url, "explain", code, "--year", year, "--unit", unit, "--measure", measure, *more, "--json")
    [figure] = explained["figures"]
    assert (figure["numerator"], figure["denominator"]) == (numerator, denominator)
    for row in figure["evidence"]:
        cell = cell_sent(folder, row)
        if row["field_code"] == "registration_number":  # a code stands for one cooperative
            assert (cell, row["contribution"]) == (row["organisation_id"], 1)
        else:
            assert abs(row["contribution"]) == abs(cell)
    for part, total in (("numerator", numerator), ("denominator", denominator)):
        parts = [row["contribution"] for row in figure["evidence"] if row["part"] == part]
        assert sum(parts) == pytest.approx(total or 0)


@first_seed
def test_a_fact_of_the_registry_is_explained_by_the_snapshot_that_says_it(played):
    _, url = played
    [figure] = run_htx(
        url, "explain", "C01", "--year", 2023, "--measure", "cooperatives", "--json"
    )["figures"]  # fmt: skip
    assert figure["value"] == 35
    assert len(figure["evidence"]) == 35
    assert {(row["snapshot_speaks_of"], row["field_code"]) for row in figure["evidence"]} == {
        ("2023-11-30", "managers.position")
    }


@first_seed
def test_a_figure_says_how_many_of_those_who_owe_it_gave_it(played):
    _, url = played
    found = rows(
        url,
        """
        select indicator_code || '.' || measure_code, units_reported, units_expected, value_status
        from reports.rpt_figures
        where report_year = 2025 and unit_uid = 'province' and basis = 'as_reported' and breakdown = 'total'
          and indicator_code in ('T01', 'T09', 'C05', 'C18', 'C24') order by 1
    """,
    )
    assert found == [
        ("C05.items", 9, 41, "estimated"),
        ("C05.people", 15, 41, "estimated"),
        ("C18.exists", 1, 1, "estimated"),
        ("C18.people", 0, 1, "not_reported"),  # the Union left it blank; a commune's nil says nothing of it
        ("C24.borrowers", 1, 2, "estimated"),
        ("C24.outstanding_loans", 2, 2, "estimated"),
        ("T01.value", 39, 40, "estimated"),
        ("T09.value", 40, 41, "estimated"),
    ]  # fmt: skip


@first_seed
def test_managers_still_untrained_are_those_that_keep_t05_from_all(played):
    _, url = played
    with connect(url) as connection:
        untrained = read_annual(connection, 2025).tables["untrained_managers"].rows
    assert [(row["registration_number"], row["untrained"]) for row in untrained] == [
        ("3895209918", 2), ("3899243229", 1), ("3895438107", 1),
    ]  # fmt: skip


@first_seed
def test_an_agency_with_figures_of_the_whole_new_province_is_named(played):
    _, url = played
    with connect(url) as connection:
        missing = read_annual(connection, 2025).tables["missing"].rows
    assert [(row["unit_uid"], row["what"]) for row in missing if row["expected"]] == [
        ("25402@2025", "missing"), ("DOIT", "whole_province"),
    ]  # fmt: skip


@first_seed
def test_what_the_lint_says_of_targets_without_the_registry_stands_in_its_report_too(played):
    _, url = played
    said = [each.message_vi for each in lint_plan(SEEDS) if each.file_name == "targets.csv"]
    assert len(said) == 1
    odd = rows(url, "select message_vi from reports.rpt_plan_lint where outcome <> 'passed'")
    assert odd == [(each,) for each in said]


@first_seed
def test_the_registry_is_bridged_from_the_baseline_over_the_reform_of_the_map(played):
    _, url = played
    assert rows(url, """
        select report_year, string_agg(cooperatives::text, ' ' order by term_order)
        from reports.rpt_registry_bridge where unit_uid = 'province' group by 1 order by 1
    """) == [
        # last year, new, dissolved, away, in, no longer, newly women-managed, gone and found unexplained, this year
        (2023, "33 2 0 0 0 0 0 0 0 35"),
        (2024, "35 2 0 0 0 1 1 0 0 37"),
        (2025, "37 2 0 0 0 0 2 0 0 41"),
    ]  # fmt: skip
    moves = "select count(*) from reports.rpt_registry_bridge where term like 'moved%' and cooperatives > 0"
    assert rows(url, moves) == [(0,)]


def cell_sent(folder: Path, row: dict) -> object:
    """What stands in the cell that a row of evidence names, in the workbook as it was sent."""
    [path] = [
        each.path
        for each in read_deliveries(folder)
        if each.file_name == row["file_name"] and each.received().submission_id == row["submission_id"]
    ]  # fmt: skip
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    [sheet] = [sheet for sheet in book if sheet.title.startswith(row["sheet_code"])]
    return sheet[row["cell"]].value


def run_htx(url: str, *arguments) -> dict:
    answer = CliRunner(env={"WAREHOUSE_URL": url}).invoke(main, [str(each) for each in arguments])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


VALUE_KEY = (
    "indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis",
)  # fmt: skip
FIGURES = ("numerator", "denominator", "value", "value_low", "value_high")
COVERAGE = ("units_expected", "units_reported")


def values_expected(folder: Path) -> dict:
    return {
        tuple(row[name] for name in VALUE_KEY): (
            *(number(row[name]) for name in FIGURES),
            row["bound_kind"] or None,
            row["value_status"],
            *(int(row[name]) for name in COVERAGE),
        )
        for row in read_csv(folder / "answer_key" / "indicator_values.csv")
    }


def values_found(url: str, schema: str = "marts") -> dict:
    found = rows(
        url,
        f"""
        select {", ".join((*VALUE_KEY, *FIGURES, "bound_kind", "value_status", *COVERAGE))}
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
