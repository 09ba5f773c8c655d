"""The gates on a real database: what passes, and for every gate something that does not."""

import shutil
from pathlib import Path

import pytest

from expectations.errors import GateFailed
from expectations.gates.gates import read_gates, validate_batch, validate_marts
from htx import steps
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.intake.raw_tables import write_reviewed
from tests.expectations.hand_made import report
from warehouse.connection import connect
from warehouse.migrations import migrate
from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.reference_data import read_reference

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
ONE_OF_MANY = (
    "Mandatory units have not reported for the last year: report_year 2024, reported_units 1, mandatory_units 21."
)

BATCH_SPOILED = {
    "nothing_received": (
        "set local session_replication_role = replica;"
        "truncate raw.received_files, raw.sheets, raw.sheet_rows, raw.files cascade",
        "No file has ever been received: load some before building.",
    ),
    "cover_missing": (
        "update raw.received_files set reporting_unit_code = null",
        "An accepted file has no unit or no report year; the loader must never accept it. Files: submission_id {id}.",
    ),
    "rows_without_file": (
        "update raw.received_files set verdict = 'rejected'",
        "Rows in raw belong to no accepted file; nothing but the loader may write there. Files: submission_id {id}.",
    ),
    "sheet_missing": (
        "delete from raw.sheets where sheet_code in ('04_DAO_TAO', '10_TONG_HOP')",
        "An accepted file lacks a sheet that its unit must fill in or declare nil; such a file is rejected by F02, so"
        " the loader and the reference data disagree. Sheets: submission_id {id}, sheet_code 04_DAO_TAO.",
    ),
    "year_without_roster": (
        "update raw.received_files set report_year = 2019",
        "Files were accepted for a year that has no reporting roster: restore its rows in reporting_roster.csv."
        " Years: report_year 2019.",
    ),
    "registry_missing": (
        "truncate raw.registry_snapshots",
        "The registry has never been pulled, and T07 and T08 are computed from it: run `htx pull-registry`.",
    ),
    "registry_shrunk": (
        """insert into raw.registry_snapshots (snapshot_id, speaks_of, content_id, row_counts)
        values ('s2', '2024-11-30', 'c2', '{"cooperatives": 284, "managers": 900}')""",
        "The last snapshot of the registry has fewer than 95 % of the rows of the one before and nobody allowed it."
        " Tables: table_name cooperatives, row_count 284, before 299.",
    ),
}

MARTS_SPOILED = {
    "no_values": (
        "delete from next_marts.fct_indicator_values",
        "The build gave no indicator values at all; look at the log of dbt for models that were skipped.",
    ),
    "value_repeated": (
        "insert into next_marts.fct_indicator_values select * from next_marts.fct_indicator_values"
        " where indicator_code = 'T02'",
        "fct_indicator_values has more than one row for one indicator, measure, breakdown, year, unit and basis. Rows:"
        " indicator_code T02, measure_code value, breakdown total, breakdown_code total, report_year 2024,"
        " unit_uid province, basis as_reported.",
    ),
    "province_missing": (
        "delete from next_marts.fct_indicator_values where indicator_code = 'T02';"
        "delete from next_reports.rpt_annual_targets where indicator_code = 'T03'",
        "An indicator of the plan has no province row, or no verdict, in a year. Missing:"
        " indicator_code T02, report_year 2024; indicator_code T03, report_year 2024.",
    ),
    "percentage_out_of_bounds": (
        "update next_marts.fct_indicator_values set value = 100.5, value_low = null, value_high = null"
        " where indicator_code = 'T05' and unit_uid = 'province'",
        "A percentage lies outside 0 to 100. Values: indicator_code T05, report_year 2024, unit_uid province,"
        " value 100.5, numerator 1, denominator 2, value_status reported.",
    ),
    "part_exceeds_whole": (
        "update next_marts.fct_indicator_values set numerator = 3 where indicator_code = 'T09'",
        "The numerator of a percentage exceeds its denominator. Values: indicator_code T09, report_year 2024,"
        " unit_uid province, value 50, numerator 3, denominator 2, value_status reported.",
    ),
    "negative_count": (
        "update next_marts.fct_indicator_values set numerator = -1 where indicator_code = 'T03'",
        "A count is below zero. Values: indicator_code T03, report_year 2024, unit_uid province, value 3,"
        " numerator -1, value_status reported.",
    ),
    "unknown_status": (
        "update next_marts.fct_indicator_values set value_status = 'guessed' where indicator_code = 'T03'",
        "A value has a status that is not in code_lists.csv. Values: indicator_code T03, report_year 2024,"
        " unit_uid province, value 3, numerator 3, value_status guessed.",
    ),
    "unknown_verdict": (
        "update next_reports.rpt_annual_targets set verdict = 'fine' where indicator_code = 'T03'",
        "A target has a verdict that is not in code_lists.csv. Targets: indicator_code T03, report_year 2024,"
        " verdict fine.",
    ),
    "value_and_status_disagree": (
        "update next_marts.fct_indicator_values set value_status = 'not_reported' where indicator_code = 'T03';"
        "update next_marts.fct_indicator_values set denominator = 0, numerator = 0 where indicator_code = 'T05';"
        "update next_marts.fct_indicator_values set value = null where indicator_code = 'T06';"
        "update next_marts.fct_indicator_values set value = null, value_status = 'nil' where indicator_code = 'T07'",
        "A value is there although nothing was reported, or missing although something was. Values:"
        " indicator_code T03, report_year 2024, unit_uid province, value 3, numerator 3, value_status not_reported;"
        " indicator_code T05, report_year 2024, unit_uid province, value 50, numerator 0, denominator 0,"
        " value_status reported;"
        " indicator_code T06, report_year 2024, unit_uid province, numerator 3, value_status reported;"
        " indicator_code T07, report_year 2024, unit_uid province, numerator 3, value_status nil.",
    ),
    "bounds_exclude_value": (
        "update next_marts.fct_indicator_values set value_low = 4 where indicator_code = 'T03';"
        "update next_marts.fct_indicator_values set value_high = 2 where indicator_code = 'T04'",
        "A value lies outside its own bounds. Values: indicator_code T03, report_year 2024, unit_uid province,"
        " value 3, numerator 3, value_status reported; indicator_code T04, report_year 2024, unit_uid province,"
        " value 3, numerator 3, value_status reported.",
    ),
    "published_year_gone": (
        "create schema if not exists marts;"
        "create table marts.fct_indicator_values as select * from next_marts.fct_indicator_values;"
        "update marts.fct_indicator_values set report_year = 2023",
        "A year that readers see now would disappear. Years: report_year 2023.",
    ),
    "more_than_there_are": (
        "delete from next_marts.dim_cooperatives where registration_number <> '1'",
        "More cooperatives were strengthened (T01) than the registry has ever held."
        " Years: report_year 2024, value 3, cooperatives 1.",
    ),
}


@pytest.fixture(scope="module")
def reference():
    return read_reference(SEEDS)


@pytest.fixture
def received(warehouse_url, reference):
    """A connection to a warehouse that holds one accepted report and one snapshot of the registry."""
    with connect(warehouse_url) as connection:
        migrate(connection)
        load(connection, reference, report(reference))
        connection.execute(
            """insert into raw.registry_snapshots (snapshot_id, speaks_of, content_id, row_counts)
            values ('s1', '2023-11-30', 'c1', '{"cooperatives": 299, "managers": 900}')"""
        )
        connection.commit()
        yield connection


def load(connection, reference, *submissions, verdict="accepted"):
    reviewed = [ReviewedFile(each.file, each, None, [], verdict) for each in submissions]
    write_reviewed(connection, reviewed, reference)


@pytest.fixture
def built(warehouse_url, reference):
    """A connection to a warehouse with the tables that the second gate looks at, right as they are."""
    with connect(warehouse_url) as connection:
        connection.execute("create schema next_marts; create schema next_reports")
        connection.execute(
            """create table next_marts.fct_indicator_values (
                indicator_code text, measure_code text, breakdown text, breakdown_code text, report_year integer,
                unit_uid text, basis text, numerator numeric, denominator numeric, value numeric, value_low numeric,
                value_high numeric, value_status text
            );
            create table next_reports.rpt_annual_targets (indicator_code text, report_year integer, verdict text);
            create table next_reports.rpt_baseline
                (indicator_code text, measure_code text, plan_value numeric, registry_value numeric);
            insert into next_reports.rpt_baseline values
                ('C01', 'cooperatives', 33, 33), ('C01', 'members', 2786, null);
            create table next_reports.rpt_figures_beyond_limit
                (report_year integer, indicator_code text, measure_code text, value numeric,
                 limit_indicator_code text, limit_measure_code text, at_most numeric);
            create table next_marts.dim_cooperatives (registration_number text, valid_from date);
            insert into next_marts.dim_cooperatives values
                ('1', '2023-03-24'), ('1', '2023-11-30'), ('2', '2023-03-24'), ('3', '2023-03-24')"""
        )
        for code, indicator in reference.indicators.items():
            if code.startswith("T"):
                figures = (1, 2, 50, 50, 50) if indicator.unit == "percent" else (3, None, 3, 3, None)
                connection.execute(
                    "insert into next_marts.fct_indicator_values values"
                    " (%s, 'value', 'total', 'total', 2024, 'province', 'as_reported', %s, %s, %s, %s, %s, 'reported')",
                    [code, *figures],
                )
                connection.execute(
                    "insert into next_reports.rpt_annual_targets values (%s, 2024, 'in_progress')", [code]
                )
        connection.execute(
            """insert into next_marts.fct_indicator_values values
            ('T05', 'value', 'total', 'total', 2024, '688@2023', 'as_reported', 0, 0, null, null, null, 'nil'),
            ('T01', 'value', 'total', 'total', 2024, '689@2023', 'as_reported', 0, null, 0, 0, 0, 'nil'),
            ('T01', 'value', 'total', 'total', 2024, '690@2023', 'as_reported', null, null, null, null, null,
                'not_reported'),
            ('T01', 'value', 'total', 'total', 2024, 'DOIT', 'as_reported', null, null, null, null, null,
                'not_applicable'),
            ('T04', 'gain', 'total', 'total', 2024, 'province', 'as_reported', -5, null, -5, null, null, 'reported')"""
        )
        connection.commit()
        yield connection


def test_what_was_received_passes_and_the_units_still_missing_are_named(received):
    result = validate_batch(received)
    assert (result.critical, result.warnings) == ([], [ONE_OF_MANY])


def test_what_was_built_passes(built):
    result = validate_marts(built)
    assert (result.critical, result.warnings) == ([], [])


def test_a_registry_with_another_baseline_than_the_plan_is_a_remark(built):
    built.execute("update next_reports.rpt_baseline set registry_value = 31 where measure_code = 'cooperatives'")
    result = validate_marts(built)
    assert (result.critical, result.warnings) == (
        [],
        [
            "The registry of the day of the baseline does not have the figures of the plan: check that day's snapshot,"
            " or have the figures confirmed. Figures: indicator_code C01, measure_code cooperatives, plan_value 33,"
            " registry_value 31."
        ],
    )


def test_a_figure_that_is_more_than_it_can_be_is_a_remark(built):
    built.execute(
        "insert into next_reports.rpt_figures_beyond_limit values"
        " (2025, 'C19', 'events', 75, 'C01', 'cooperatives', 41)"
    )
    assert validate_marts(built).warnings == [
        "A figure of the province is more than it can be: check what the units counted. Figures: report_year 2025,"
        " indicator_code C19, measure_code events, value 75, limit_indicator_code C01, limit_measure_code cooperatives,"
        " at_most 41."
    ]


@pytest.mark.parametrize("gate", BATCH_SPOILED)
def test_a_batch_that_is_not_whole_stops_the_build(gate, received, reference):
    spoil, sentence = BATCH_SPOILED[gate]
    received.execute(spoil)
    with pytest.raises(GateFailed) as failed:
        validate_batch(received)
    assert failed.value.sentences == [sentence.replace("{id}", report(reference).submission_id)]
    assert read_gates()[gate]["level"] == "critical"


@pytest.mark.parametrize("gate", MARTS_SPOILED)
def test_marts_that_break_a_promise_are_not_published(gate, built):
    spoil, sentence = MARTS_SPOILED[gate]
    built.execute(spoil)
    with pytest.raises(GateFailed) as failed:
        validate_marts(built)
    assert failed.value.sentences == [sentence]
    assert read_gates()[gate]["level"] == "critical"


def test_a_typing_error_in_the_reference_data_is_reported_by_both_gates(warehouse_url, tmp_path):
    seeds = shutil.copytree(SEEDS, tmp_path / "seeds")
    roster = (seeds / "reporting_roster.csv").read_text(encoding="utf-8")
    (seeds / "reporting_roster.csv").write_text(roster.replace(",,yes", ",,Có", 1), encoding="utf-8")
    sentence = "reporting_roster.csv, row 2: mandatory must be yes or no, but is «Có»."
    with connect(warehouse_url) as connection:
        for validate in (validate_batch, validate_marts):
            with pytest.raises(InvalidReferenceData) as refused:
                validate(connection, seeds=seeds)
            assert str(refused.value) == sentence


def test_an_empty_warehouse_stops_the_build(warehouse_url):
    with connect(warehouse_url) as connection:
        migrate(connection)
        with pytest.raises(GateFailed) as failed:
            validate_batch(connection)
    assert failed.value.sentences == [
        "No file has ever been received: load some before building.",
        "The registry has never been pulled, and T07 and T08 are computed from it: run `htx pull-registry`.",
    ]


def test_a_registry_that_somebody_allowed_to_shrink_passes(received):
    received.execute(
        """insert into raw.registry_snapshots (snapshot_id, speaks_of, content_id, row_counts, shrink_allowed_because)
        values ('s2', '2024-11-30', 'c2', '{"cooperatives": 200, "managers": 900}', 'the old ones were struck off')"""
    )
    assert validate_batch(received).critical == []


def test_a_sheet_that_the_cover_declares_nil_may_be_absent(received, reference):
    nil = report(reference, cover={"nil_06_NO": "C"}, absent=("06_NO",), content=b"nil")
    load(received, reference, nil)
    assert validate_batch(received).critical == []


def test_a_partial_correction_carries_only_the_sheets_that_it_changes(received, reference):
    partial = report(
        reference,
        cover={"submission_kind": "partial_correction"},
        absent=("01_HTX", "03_HO_TRO", "04_DAO_TAO"),
        content=b"partial",
    )
    load(received, reference, partial)
    assert validate_batch(received).critical == []


def test_a_unit_that_left_the_roster_stops_nothing(received):
    received.execute("update raw.received_files set reporting_unit_code = '999'")
    assert validate_batch(received).critical == []


def test_a_rejected_file_alone_stops_nothing_and_many_of_them_are_reported(received, reference):
    load(received, reference, report(reference, content=b"bad"), verdict="rejected")
    result = validate_batch(received)
    assert result.critical == []
    assert result.warnings == [
        "Many files of the last year were rejected: report_year 2024, rejected_files 1, received_files 2.",
        ONE_OF_MANY,
    ]
    assert read_gates()["many_rejected"]["level"] == read_gates()["units_missing"]["level"] == "warning"


def test_lists_that_are_much_shorter_than_last_years_are_reported(received, reference):
    def of_year(year, courses, content):
        rows = [{"course_code": f"L{n}"} for n in range(courses)]
        return report(reference, cover={"report_year": str(year)}, rows={"04_DAO_TAO": rows}, content=content)

    load(received, reference, of_year(2023, 9, b"last"), of_year(2024, 4, b"this"))
    assert validate_batch(received).warnings == [
        ONE_OF_MANY,
        "Lists are much longer or shorter than last year's (median rows of a unit):"
        " sheet_code 04_DAO_TAO, unit_kind district, median_rows 4, before 9.",
    ]
    assert read_gates()["list_length"]["level"] == "warning"


def test_a_year_that_readers_see_may_stay(built):
    built.execute(
        "create schema if not exists marts;"
        "create table marts.fct_indicator_values as select * from next_marts.fct_indicator_values"
    )
    assert validate_marts(built).critical == []


def test_every_gate_is_tried_and_says_where_its_bound_comes_from():
    warnings = "many_rejected", "units_missing", "list_length", "baseline_differs", "beyond_limit"
    tried = {*BATCH_SPOILED, *MARTS_SPOILED, *warnings}
    assert set(read_gates()) == tried
    assert all(gate["notes"] for gate in read_gates().values())


def test_the_failed_gates_are_one_sentence_a_line():
    assert str(GateFailed(["One.", "Two."])) == "One.\nTwo."


def test_what_became_of_each_gate_is_kept_with_the_build(built):
    built.execute("insert into quality.next_build (build_id, step) values ('b1', 'built')")
    built.execute("update next_marts.fct_indicator_values set value_low = 4 where indicator_code = 'T03'")
    with pytest.raises(GateFailed):
        validate_marts(built, seeds=SEEDS)
    kept = "select gate, build_id, level, outcome, sentence is null from quality.gate_results order by outcome, gate"
    shown = "select sentence_vi, sentence_en from reports.rpt_gate_results where outcome = 'failed'"
    first, *others = built.execute(kept).fetchall()
    assert first == ("bounds_exclude_value", "b1", "critical", "failed", False)
    assert {row[1:2] + row[3:] for row in others} == {("b1", "passed", True)}
    assert len(others) == sum(gate["stage"] == "marts" for gate in read_gates().values()) - 1
    built.execute("update quality.gate_results set checked_at = checked_at - interval '1 minute'")
    built.execute(
        "insert into quality.gate_results (checked_at, stage, gate, level, outcome) values"
        " (now() - interval '1 hour', 'marts', 'no_values', 'critical', 'failed')"
    )
    assert built.execute(shown).fetchall() == [
        (
            "Có số liệu nằm ngoài giới hạn thấp nhất và cao nhất của nó: chỉ tiêu T03, năm 2024, đơn vị province,"
            " giá trị 3, tử số 3, tình trạng reported.",
            "A value lies outside its own bounds. Values: indicator_code T03, report_year 2024, unit_uid province,"
            " value 3, numerator 3, value_status reported.",
        )
    ]
    built.execute("update next_marts.fct_indicator_values set value_status = 'guessed'")
    with pytest.raises(GateFailed):
        validate_marts(built, seeds=SEEDS)
    [(vietnamese, english)] = built.execute(f"{shown} and gate = 'unknown_status'").fetchall()
    assert (vietnamese.rpartition("; ")[2], english.rpartition("; ")[2]) == ("và 18 dòng khác.", "and 18 more.")


def test_a_batch_that_was_refused_is_kept_when_its_transaction_ends(warehouse_url):
    with pytest.raises(GateFailed):
        steps.validate_batch(warehouse_url, again=True)
    failed = "select gate from quality.gate_results where stage = 'batch' and outcome = 'failed' order by 1"
    with connect(warehouse_url) as connection:
        assert connection.execute(failed).fetchall() == [("nothing_received",), ("registry_missing",)]
