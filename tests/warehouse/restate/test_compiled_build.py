"""A build by the SQL that dbt compiled, beside a build by dbt."""

import io
import json
from dataclasses import asdict, replace
from datetime import timedelta

import openpyxl
import psycopg
import pytest

from htx import steps
from htx.example.deliveries import read_deliveries
from tests.warehouse.built import rows
from warehouse.build import dbt
from warehouse.build.dbt import DbtFailed
from warehouse.connection import connect
from warehouse.restate import compiled_build
from warehouse.restate.build_inputs import Versions
from warehouse.restate.compiled_build import CompiledBuild, DataTest
from warehouse.restate.compiled_sql import Model, Recipe

BUILT = "select format('%s.%s', schemaname, tablename) from pg_tables where schemaname like 'next\\_%' order by 1"
STABLE_JOBS = """
    select value from {}.fct_indicator_values
    where indicator_code = 'T03' and measure_code = 'value' and breakdown = 'total' and basis = 'as_reported'
        and report_year = 2024 and unit_uid = '694@2023'
"""


def correction(folder):
    """Hớn Quản's report of 2024 again, four weeks later: in each cooperative a woman less has a stable job, and the
    last support action is gone."""
    sent = [
        each for each in read_deliveries(folder)
        if (each.folder, each.report_year, each.expected_verdict) == ("694", 2024, "accepted")
    ][-1]  # fmt: skip
    file = sent.received()
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


def built_rows(url: str) -> dict[str, list[str]]:
    with connect(url) as connection:
        names = [name for (name,) in rows(connection, BUILT)]
        return {name: sorted(row for (row,) in rows(connection, f"select t::text from {name} as t")) for name in names}


@pytest.mark.soak("seeds")
def test_after_one_more_file_the_compiled_sql_makes_what_dbt_makes(province, copy_of_province, tmp_path):
    url = copy_of_province()
    steps.load_files(url, [correction(province.folder)])
    steps.build_warehouse(url, tmp_path)
    assert [*tmp_path.iterdir()] == []  # dbt did not run
    with connect(url) as connection:
        assert rows(connection, STABLE_JOBS.format("marts")) == [(22,)]
        by_compiled_sql = built_rows(url)
        assert compiled_build.read(connection, compiled_build.code_version(connection)) is not None
        connection.commit()

        dbt.run_dbt(url, ["build", "--exclude-resource-type", "unit_test", "test"], tmp_path)

        assert (
            compiled_build.read(connection, compiled_build.code_version(connection)) is None
        )  # what dbt changed by hand is not built on
    by_dbt = built_rows(url)
    assert by_dbt.keys() == by_compiled_sql.keys() > {"next_marts.fct_indicator_values", "next_bi.indicator_values"}
    assert {name: by_dbt[name] for name in by_dbt if by_dbt[name] != by_compiled_sql[name]} == {}
    with connect(province.url) as before:
        assert rows(before, STABLE_JOBS.format("marts")) == [(24,)]


RECIPE = Recipe(
    {
        '"next_marts"."sums"': Model(
            'select word, sum(n)::int as total from "intermediate"."numbers" group by 1', ('"intermediate"."numbers"',)
        ),
        '"intermediate"."numbers"': Model('select n, word from "staging"."received"', ('"staging"."received"',)),
    },
    (),
)
POSITIVE = DataTest("totals_are_positive", "error", 'select * from "next_marts"."sums" where total <= 0')
SMALL = DataTest("totals_are_small", "warn", 'select * from "next_marts"."sums" where total > 100 and word like \'b%\'')
TOTALS = "select word, total from next_marts.sums order by 1"


@pytest.fixture
def compiled(connection) -> CompiledBuild:
    """Two models, of which the second reads the first; received are 1 and 2."""
    connection.execute(
        """
        create schema staging; create schema intermediate; create schema next_marts;
        create table staging.received as select * from (values (1, 'a'), (2, 'a')) as received (n, word);
        create table intermediate.numbers (n int, word text);
        create table next_marts.sums (total int not null, word text primary key);
        """
    )
    connection.execute("insert into raw.model_versions values (%s, %s)", [RECIPE.sha256, RECIPE.as_json()])
    connection.execute("insert into quality.builds (build_id) values ('b1')")
    tables = ['"intermediate"."numbers"', '"next_marts"."sums"']
    versions = Versions(RECIPE.sha256, "reference one")
    compiled = CompiledBuild("project one", versions, tables, ['"staging"."received"'], [POSITIVE, SMALL])
    connection.execute(f"create table {compiled_build.KEPT} (compiled jsonb)")
    connection.execute(f"insert into {compiled_build.KEPT} values (%s)", [json.dumps(asdict(compiled))])
    connection.commit()
    return compiled


def test_tables_are_filled_in_the_order_in_which_they_read_each_other(connection, compiled):
    assert compiled_build.run(connection, compiled, "b1") == RECIPE
    assert rows(connection, TOTALS) == [("a", 3)]
    connection.execute("insert into staging.received values (5, 'b')")
    compiled_build.run(connection, compiled, "b1")
    assert rows(connection, TOTALS) == [("a", 3), ("b", 5)]
    versions = rows(connection, "select models_sha256, reference_sha256 from quality.builds")
    assert versions == [(RECIPE.sha256, "reference one")]


def test_what_a_warning_tests_is_logged_and_built(connection, compiled, caplog):
    connection.execute("insert into staging.received values (500, 'b')")
    compiled_build.run(connection, compiled, "b1")
    assert "data test totals_are_small: 1 rows" in caplog.text


def test_a_data_test_that_fails_leaves_the_tables_as_they_were_and_the_next_build_to_dbt(connection, compiled):
    compiled_build.run(connection, compiled, "b1")
    connection.execute("insert into staging.received values (-1, 'b')")
    connection.commit()
    with pytest.raises(DbtFailed, match="totals_are_positive: 1 rows"):
        compiled_build.run(connection, compiled, "b1")
    assert rows(connection, TOTALS) == [("a", 3)]
    assert compiled_build.read(connection, "project one") is None


def test_a_full_disk_is_the_servers_failure_and_not_that_of_a_model(connection, compiled):
    connection.execute(
        "create function next_marts.fill() returns int language plpgsql"
        " as $$ begin raise 'No space left on device' using errcode = 'disk_full'; end $$"
    )
    full = replace(compiled, tests=[DataTest("fills", "error", "select next_marts.fill()")])
    with pytest.raises(psycopg.errors.DiskFull):
        compiled_build.run(connection, full, "b1")
    assert compiled_build.read(connection, "project one") is None


def test_rows_that_break_a_key_name_their_table(connection, compiled):
    connection.execute("insert into staging.received values (1, null)")
    with pytest.raises(DbtFailed, match=r'"next_marts"\."sums": null value in column "word"'):
        compiled_build.run(connection, compiled, "b1")


@pytest.mark.parametrize(
    "change",
    ["drop schema staging cascade", "drop table next_marts.sums", "drop schema intermediate cascade"],
)
def test_dbt_builds_where_a_relation_is_gone(connection, compiled, change):
    assert compiled_build.read(connection, "project one") == compiled
    connection.execute(change)
    assert compiled_build.read(connection, "project one") is None


def test_dbt_builds_where_a_file_of_the_project_has_changed(connection, compiled):
    assert compiled_build.read(connection, "project two") is None


def test_a_build_that_is_killed_changes_nothing(connection, compiled, warehouse_url):
    compiled_build.run(connection, compiled, "b1")
    connection.execute("insert into staging.received values (7, 'b')")
    connection.commit()
    killed = replace(compiled, tests=(DataTest("kills", "error", "select pg_terminate_backend(pg_backend_pid())"),))
    with connect(warehouse_url) as other, pytest.raises(psycopg.OperationalError):
        compiled_build.run(other, killed, "b1")
    assert rows(connection, TOTALS) == [("a", 3)]
    assert compiled_build.read(connection, "project one") == compiled
