"""dbt's own tests, and that the models stand before anything was received."""

import json

import pytest

from warehouse.build.dbt import DbtFailed, run_dbt
from warehouse.connection import connect


def test_all_models_build_and_all_unit_tests_pass_on_a_warehouse_that_has_received_nothing(built, new_database):
    counts = json.loads((built.folder / "counts.json").read_text())
    assert set(counts) <= {"success", "pass", "no-op"}  # an exposure is nothing to do
    with connect(new_database(built.template)) as connection:
        figures = connection.execute("select count(*) from next_marts.fct_indicator_values").fetchone()
        indicators = connection.execute("select count(*) from next_marts.dim_indicators").fetchone()
    assert (figures, indicators) == ((0,), (46,))


def test_a_failing_build_names_the_model_and_the_log(warehouse_url, tmp_path):
    with connect(warehouse_url) as connection:
        connection.execute("drop table raw.publications cascade")
    with pytest.raises(DbtFailed, match=r"stg_publications__publications: .*does not exist(?s:.*)log: .*dbt\.log"):
        run_dbt(warehouse_url, ["build", "--select", "stg_publications__publications"], tmp_path)


def test_a_new_field_of_the_form_becomes_a_typed_column_of_its_staging_model(
    warehouse_url, tmp_path, seeds, monkeypatch
):
    monkeypatch.setenv("HTX_PLAN", str(seeds))
    with (seeds / "form_fields.csv").open("a", encoding="utf-8") as file:
        file.write("2023.1,06_NO,6,interest,Lãi,money,million VND,no,,flow,0,,\n")
    of_both = ["--select", "form_fields", "stg_submissions__debts", "--exclude-resource-type", "test", "unit_test"]
    run_dbt(warehouse_url, ["build", *of_both], tmp_path)
    with connect(warehouse_url) as connection:
        columns = connection.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'staging' and table_name = 'stg_submissions__debts' order by ordinal_position"
        ).fetchall()
    assert columns == [
        ("submission_id", "text"),
        ("row_number", "integer"),
        ("registration_number", "text"),
        ("debt_kind", "text"),
        ("outstanding_million_vnd", "numeric"),
        ("settled_in_year_million_vnd", "numeric"),
        ("months_overdue", "integer"),
        ("interest_million_vnd", "numeric"),
    ]
