"""SQL that the warehouse keeps, run with the rights of a role that may only read: attempts to do more with it."""

import json

import psycopg
import pytest

from tests.datasets import rows
from warehouse import roles
from warehouse.connection import connect
from warehouse.restate import compiled_build
from warehouse.restate.build_inputs import recipe_of, reference_of
from warehouse.restate.stored_sql import StoredSqlRefused, texts_of

BUILDER = "stored_sql_test_builder"
RISE = f"alter role {BUILDER} superuser"
# Functions that a builder makes, for SQL of its own to call
RISING = f"""
    create schema rising;
    create function rising.rise() returns text language plpgsql as $$
    begin
        begin
            perform set_config('role', 'none', false);
        exception when others then null;
        end;
        execute '{RISE}';
        return 'risen';
    end $$;
    create function rising.role() returns text language plpgsql as $$
    begin
        execute 'reset role';
        return current_user;
    end $$;
    create function rising.authorized() returns text language plpgsql as $$
    begin
        execute 'reset session authorization';
        return current_user;
    end $$;
    create function rising.leave() returns text language plpgsql as $$
    begin
        execute 'prepare "_pg3_1" as select rising.rise()';
        perform set_config('search_path', 'rising', false);
        return current_user;
    end $$;
    grant usage on schema rising to public;
    grant execute on all routines in schema rising to public;
"""


@pytest.fixture
def rising(warehouse_url):
    """A connection of the owner, a superuser, of a warehouse in which a builder has made the functions of RISING."""
    with connect(warehouse_url) as connection:
        roles.apply_rights(connection)
        roles.give_login(connection, BUILDER, "transformation", "x")
        connection.commit()
        connection.execute("set role htx_transformation")
        connection.execute(RISING)
        connection.execute("reset role")
        connection.commit()
        yield connection
    with connect(warehouse_url) as connection:
        assert rows(connection, f"select rolsuper from pg_roles where rolname = '{BUILDER}'") == [(False,)]


@pytest.mark.parametrize(
    "query",
    [
        f"select 1::text; {RISE}",
        f"select 1::text; commit; {RISE}; begin; select 1::text",
        f"select 1::text) as x; {RISE}; select (1::text",
        "select rising.rise()",
        "select rising.role()",
        "select rising.authorized()",
        "select set_config('role', 'none', true) || rising.rise()",
        "select set_config('session_authorization', session_user, true) || rising.rise()",
        "select set_config('transaction_read_only', 'off', true) || rising.rise()",
        "select query_to_xml('select pg_read_file(''postgresql.conf'')', true, false, '')::text",
        "select pg_read_file('postgresql.conf')",
        "select lo_export(lo_from_bytea(0, 'x'), '/tmp/rising')::text",
        "with gone as (delete from raw.files returning 1) select count(*)::text from gone",
        "copy (select 1) to program 'true'",
        "create table rising.own (n int)",
        "select content::text from undo.rows",
    ],
)
def test_sql_of_a_builder_does_nothing_but_read_when_the_owner_runs_it(rising, query):
    with pytest.raises((StoredSqlRefused, psycopg.Error)):
        texts_of(rising, query)


def test_what_it_leaves_in_its_session_does_not_reach_the_owner(rising):
    assert texts_of(rising, "select rising.leave()") == ["htx_reader"]
    assert rows(rising, "show search_path") == [("pg_catalog",)]
    assert rows(rising, "select count(*) from pg_prepared_statements where name = '_pg3_1'") == [(0,)]


def test_it_reads_what_builds_read_and_changes_nothing(rising):
    rising.execute("set role htx_transformation")
    rising.execute("create schema intermediate")
    rising.execute("create table intermediate.own as select 'made later' as word")
    rising.execute("reset role")
    rising.commit()
    assert texts_of(rising, "select word from intermediate.own, raw.midnight('2025-01-02')") == ["made later"]
    assert texts_of(rising, "select count(*)::text from raw.received_files") == ["0"]
    assert texts_of(rising, "select current_user || current_setting('transaction_read_only')") == ["htx_readeron"]


def test_without_groups_it_is_read_only_too(connection):
    with pytest.raises(StoredSqlRefused, match="do more than read"):
        texts_of(connection, "with gone as (delete from raw.files returning 1) select count(*)::text from gone")


def test_models_whose_hash_is_another_are_not_run(connection):
    connection.execute("insert into raw.model_versions (models_sha256, models) values ('abc', '{}')")
    with pytest.raises(
        StoredSqlRefused, match="keeps as abc, models or reference data of an earlier build, has another"
    ):
        recipe_of(connection, "abc")


def test_reference_data_whose_hash_is_another_are_not_run(connection):
    connection.execute("insert into raw.reference_contents values ('abc', '{\"columns\": [], \"rows\": []}')")
    connection.execute("insert into raw.reference_versions values ('def', 'units.csv', 'abc')")
    with pytest.raises(StoredSqlRefused, match="keeps as def"):
        reference_of(connection, "def")


def test_the_owner_does_not_run_a_compiled_build_of_a_builder(rising):
    versions = {"models_sha256": "a", "reference_sha256": "b"}
    kept = json.dumps({"code": "x", "versions": versions, "tables": [], "standing": [], "tests": []})
    rising.execute("create schema intermediate")
    rising.execute("create table intermediate.compiled_build as select %s::jsonb as compiled", [kept])
    assert compiled_build.read(rising, "x") is not None
    roles.apply_rights(rising)
    assert compiled_build.read(rising, "x") is None
    rising.execute("set role htx_transformation")
    assert compiled_build.read(rising, "x") is not None
