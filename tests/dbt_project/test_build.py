"""dbt's own tests, and that the models stand before anything was received."""

import pytest

from warehouse.connection import connect
from warehouse.dbt import DbtFailed, run_dbt


def test_all_models_build_and_all_unit_tests_pass_on_a_warehouse_that_has_received_nothing(warehouse_url, tmp_path):
    done = run_dbt(warehouse_url, ["build"], tmp_path)
    assert set(done.counts) <= {"success", "pass"}
    with connect(warehouse_url) as connection:
        figures = connection.execute("select count(*) from next_marts.fct_indicator_values").fetchone()
        indicators = connection.execute("select count(*) from next_marts.dim_indicators").fetchone()
    assert (figures, indicators) == ((0,), (46,))


def test_a_failing_build_names_the_model_and_the_log(warehouse_url, tmp_path):
    with connect(warehouse_url) as connection:
        connection.execute("drop table raw.publications")
    with pytest.raises(DbtFailed, match=r"stg_publications__publications: .*does not exist(?s:.*)log: .*dbt\.log"):
        run_dbt(warehouse_url, ["build", "--select", "stg_publications__publications"], tmp_path)
