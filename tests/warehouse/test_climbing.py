"""Attempts of each group's login to rise, or to keep others out."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from htx.editions.workflow import due_publications
from htx.lineage import NothingPublished, explain
from htx.mail.reminders import remind_units
from tests.datasets import rows
from tests.warehouse.built import build
from tests.warehouse.test_roles import PASSWORD, url_for
from warehouse import connection, locks, roles
from warehouse.build.builds import BuildForbidden, building, clear_next, validating
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.editions.editions import publishing
from warehouse.migrations import migrate
from warehouse.promote import promote as promoting
from warehouse.promote.promote import promote
from warehouse.promote.rollback import roll_back
from warehouse.server import embedded

LOGINS = {group: f"climbing_test_{group}" for group in roles.GROUPS}
RISE = f"alter role {LOGINS['transformation']} superuser"


def tables(columns: str) -> list[str]:
    return [f"create table next_{schema}.figures as select {columns}" for schema in ("marts", "reports", "bi")]


@pytest.fixture(scope="module")
def template() -> Iterator[str]:
    """The URL of a warehouse on a server of these tests alone: logins belong to a server, and not to a database."""
    home = Path(tempfile.mkdtemp(prefix=f"htx-tests-{os.getpid()}-"))
    try:
        url = embedded.start(home, durable=False)
        with connect(url) as owner:
            migrate(owner)
        yield url
    finally:
        embedded.remove(home)


@pytest.fixture
def warehouse_url(template) -> str:
    name = f"climbing_{secrets.token_hex(4)}"
    with closing(connect(template.rpartition("/")[0] + "/postgres", autocommit=True)) as owner:
        owner.execute(f"create database {name} template warehouse")
    return template.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def url_of(warehouse_url) -> Callable[[str], str]:
    """A function from a group to the URL of its login, on a warehouse that the owner built."""
    with connect(warehouse_url) as owner:
        build(owner, "b1", *tables("1 as n"))
        promote(owner, "b1")
        roles.apply_rights(owner)
        for group, name in LOGINS.items():
            roles.give_login(owner, name, group, PASSWORD)
    return lambda group: url_for(warehouse_url, LOGINS[group], PASSWORD)


@pytest.fixture
def refused(url_of) -> Callable[[str, str], bool]:
    """A function that runs statements as the login of a group: whether the server refused them."""

    def try_as(group: str, statements: str) -> bool:
        with closing(connect(url_of(group))) as session:
            try:
                session.execute(statements)
            except psycopg.errors.InsufficientPrivilege:
                return True
        return False

    return try_as


# Of every group
FOR_ALL = [
    "alter role htx password 'x'",
    "alter role htx set search_path = mine",
    "alter database {database} set search_path = mine",
    "grant htx to {login}",
    "grant htx_transformation to {login}",
    "grant pg_execute_server_program to {login}",
    "alter role {login} superuser",
    "alter role {login} connection limit -1",
    "alter role {login} set temp_file_limit = -1",
    "set temp_file_limit = -1",
    "set session_preload_libraries = 'x'",
    "set session_replication_role = replica",
    "create event trigger mine on ddl_command_start execute function raw.refuse_change()",
    "create extension dblink",
    "create table public.mine (n int)",
    "create function public.lower(name) returns text language sql as 'select 1'",
    "create operator public.= (leftarg = name, rightarg = text, function = pg_catalog.nameeqtext)",
    "create function pg_catalog.mine() returns int language sql as 'select 1'",
    "create function raw.midnight(text) returns int language sql as 'select 1'",
    "create or replace function raw.midnight(day date) returns timestamptz language sql as 'select now()'",
    "create trigger mine before insert on raw.files execute function raw.refuse_change()",
    "create trigger mine before insert on undo.rows execute function raw.refuse_change()",
    "create rule mine as on insert to quality.builds do also select 1",
    "alter table raw.publications disable trigger all",
    "update raw.publications set published_at = now()",
    "delete from raw.model_versions",
    "delete from raw.received_files",
    "truncate raw.files",
    "update quality.schema_versions set schema_sha256 = 'x'",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'htx'",
    "select pg_read_file('postgresql.conf')",
    "copy (select 1) to program 'true'",
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'fills the disk')",
]
OF_BUILDS = [
    "insert into raw.model_versions (models_sha256, models) values ('a', '{{}}')",
    "insert into raw.reference_contents values ('a', '{{}}')",
    "insert into raw.reference_versions values ('a', 'units.csv', 'a')",
    "insert into raw.publications (publication_id) values ('P-1')",
    "insert into raw.publication_figures (publication_id) values ('P-1')",
    "insert into raw.publication_sendings (publication_id, recipient, sent_at) values ('P-1', 'x', now())",
    "insert into raw.publication_states (publication_id, recipient) values ('P-1', 'x')",
    "insert into raw.publication_files (publication_id, recipient) values ('P-1', 'x')",
    "insert into quality.builds (build_id) values ('b9')",
    "update quality.builds set models_sha256 = 'a'",
    "update quality.next_build set build_id = 'b9'",
    "delete from quality.promoted_tables",
    "delete from quality.publication_differences",
    "create schema htx",
    "create schema mine",
    "create function quality.mine() returns int language sql as 'select 1'",
    "set role htx_transformation",
    "set role htx_reader",
    *(f"lock table {table} in share update exclusive mode" for table in (locks.BUILD, locks.PROMOTE, locks.PUBLISH)),
]
OF_INGESTION = [
    "select quality.restate('select 1')",
    "insert into raw.files values ('a', 'x', 1)",
    "update raw.received_files set received_at = now()",
    "insert into raw.lock_exceptions (exception_id) values ('x')",
    "delete from quality.file_findings",
    "lock table raw.files",
    *(f"lock table {table} in share update exclusive mode" for table in (locks.LOAD, locks.REGISTRY)),
]
OF_ANALYSTS = ["select * from marts.figures", "create temporary table mine (n int)"]


@pytest.mark.parametrize(
    ("group", "attempts"),
    [
        ("transformation", FOR_ALL),
        ("ingestion", [*FOR_ALL, *OF_BUILDS, *OF_ANALYSTS]),
        ("analyst", [*FOR_ALL, *OF_BUILDS, *OF_INGESTION]),
        ("bi", [*FOR_ALL, *OF_BUILDS, *OF_INGESTION, *OF_ANALYSTS]),
    ],
)
def test_no_login_writes_or_makes_what_a_stronger_one_runs(refused, warehouse_url, group, attempts):
    names = {"database": warehouse_url.rpartition("/")[2], "login": LOGINS[group]}
    assert [each for each in attempts if not refused(group, each.format(**names))] == []


def test_every_table_is_written_by_a_group_that_roles_sql_names(url_of, warehouse_url):
    with connect(warehouse_url) as owner:
        unnamed = rows(
            owner,
            "select oid::regclass::text from pg_class where relkind in ('r', 'p') and not relispartition"
            " and relnamespace = any('{raw,quality}'::regnamespace[])"
            " and not has_table_privilege('htx_ingestion', oid, 'insert')"
            " and not has_table_privilege('htx_transformation', oid, 'insert') order by 1",
        )
    of_the_owner = ["quality.alembic_version", "quality.schema_versions", "raw.example_mark"]
    assert [name for (name,) in unnamed] == of_the_owner


def is_superuser(url: str) -> bool:
    with connect(url) as owner:
        return rows(owner, f"select rolsuper from pg_roles where rolname = '{LOGINS['transformation']}'") == [(True,)]


def test_functions_in_a_schema_called_as_the_owner_are_never_found(url_of, warehouse_url):
    with connect(url_of("transformation")) as builder:
        builder.execute("create schema htx")
        for name, parameters in (("lower", "text"), ("to_regclass", "varchar"), ("count", "text"), ("max", "text")):
            builder.execute(
                f"create function htx.{name}({parameters}) returns text language plpgsql"
                f" as $$ begin execute '{RISE}'; return 'risen'; end $$"
            )
        builder.execute("grant usage on schema htx to public")
        builder.execute("grant execute on all routines in schema htx to public")
    with connect(warehouse_url) as owner:
        assert rows(owner, "show search_path") == [("pg_catalog",)]
        assert migrate(owner) is False
    steps.is_up_to_date(warehouse_url)
    assert not is_superuser(warehouse_url)


@pytest.mark.parametrize(
    "made",
    [
        "create trigger rise before insert on marts.figures execute function marts.rise()",
        "create rule rise as on insert to marts.figures do also select 1",
        "create policy rise on marts.figures using (true)",
        "alter table marts.figures add constraint rise check (marts.rise(n)) not valid",
        "alter table marts.figures alter n set default marts.rise(1)::integer",
    ],
)
def test_the_owner_promotes_and_rolls_back_no_table_that_would_run_code_of_a_former_builder(
    url_of, warehouse_url, made
):
    with connect(url_of("transformation")) as builder:
        for parameter, returned, answer in (("", "trigger", "new"), ("integer", "boolean", "true")):
            builder.execute(
                f"create function marts.rise({parameter}) returns {returned} language plpgsql"
                f" as $$ begin execute '{RISE}'; return {answer}; end $$"
            )
        builder.execute(made)
    with connect(warehouse_url) as owner:
        roles.give_login(owner, LOGINS["transformation"], "analyst", None)
        build(owner, "b2", *tables("2 as n"))
        with pytest.raises(BuildForbidden, match=r"on marts\.figures would run with the rights of htx: drop it"):
            promote(owner, "b2")
        with pytest.raises(BuildForbidden, match=r"on marts\.figures"):
            roll_back(owner, "htx")
    assert not is_superuser(warehouse_url)


def test_the_owner_reads_nothing_that_others_build_and_an_analyst_does(url_of, warehouse_url, tmp_path):
    now = datetime(2024, 1, 1, tzinfo=UTC)
    for forbidden_to_the_owner in (
        lambda: explain(warehouse_url, "T01", 2023),
        lambda: remind_units(warehouse_url, now, tmp_path.as_uri()),
        lambda: due_publications(warehouse_url, now),
    ):
        with pytest.raises(BuildForbidden, match="would run with the rights of htx"):
            forbidden_to_the_owner()
    with pytest.raises(NothingPublished):
        explain(url_of("analyst"), "T01", 2023)


def test_the_owner_neither_builds_nor_publishes_where_others_build(url_of, warehouse_url):
    forbidden = r"What climbing_test_transformation put into the tables would run with the rights of htx"
    with connect(url_of("transformation")) as builder:
        build(builder, "b2", *tables("2 as n"))
    with connect(warehouse_url) as owner:
        for forbidden_to_the_owner in (
            lambda: build(owner, "b3", *tables("3 as n")),
            lambda: validating(owner, "b2").__enter__(),
            lambda: promote(owner, "b2"),
            lambda: roll_back(owner, "htx"),
            lambda: publishing(owner).__enter__(),
        ):
            with pytest.raises(BuildForbidden, match=forbidden):
                forbidden_to_the_owner()
        roles.give_login(owner, LOGINS["transformation"], "bi", None)
        build(owner, "b3", *tables("3 as n"))
        promote(owner, "b3")


def test_a_function_that_a_builder_made_before_a_migration_is_not_taken_for_ours(url_of, warehouse_url):
    with connect(warehouse_url) as owner:
        owner.execute("drop function quality.lock_holders")  # as before the version that brought it
        owner.execute("update quality.schema_versions set schema_sha256 = '0001 x'")
    with connect(url_of("transformation")) as builder:
        builder.execute(
            "create function quality.lock_holders(locked text) returns table (pid int, login text, since timestamptz)"
            f" language plpgsql as $$ begin execute '{RISE}'; end $$"
        )
    with connect(warehouse_url) as owner:
        migrate(owner)
        [(maker,)] = rows(owner, "select proowner::regrole::text from pg_proc where proname = 'lock_holders'")
        assert maker == "htx"
        roles.apply_rights(owner)
    with connect(url_of("transformation")) as builder:
        assert rows(builder, "select * from quality.lock_holders('raw.files')") == []


def test_a_build_of_the_owner_fills_no_seed_of_a_former_builder(url_of, warehouse_url):
    with connect(url_of("transformation")) as builder:
        builder.execute("create schema if not exists reference")
        builder.execute("create table reference.units as select 1 as n")
    with connect(warehouse_url) as owner:
        roles.give_login(owner, LOGINS["transformation"], "analyst", None)
    with connect(warehouse_url) as owner, building(owner, "b2"):
        clear_next(owner)
        assert rows(owner, "select to_regclass('reference.units')") == [(None,)]


# Keeping others out


def test_each_login_has_bounds(url_of, warehouse_url):
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "temp_file_limit", "lock_timeout")
    found = {}
    for group in LOGINS:
        with psycopg.connect(url_of(group)) as session:  # without the options of our own sessions
            found[group] = [rows(session, f"show {name}")[0][0] for name in names]
    assert found == {
        "ingestion": ["1h", "1h", "10GB", "0"],
        "transformation": ["2h", "2h", "20GB", "0"],
        "analyst": ["15min", "15min", "5GB", "1min"],
        "bi": ["5min", "5min", "1GB", "1min"],
    }
    with connect(warehouse_url) as owner:
        limits = rows(owner, "select rolname, rolconnlimit from pg_roles where rolname like 'climbing_test_%'")
    assert {name.rpartition("_")[2]: limit for name, limit in limits} == {
        "ingestion": 20, "transformation": 40, "analyst": 10, "bi": 20,
    }  # fmt: skip


def test_a_command_gives_up_on_tables_that_a_login_locks(url_of, warehouse_url, monkeypatch):
    assert "lock_timeout=1800s" in connection.SESSION_OPTIONS
    monkeypatch.setattr(connection, "SESSION_OPTIONS", "-c search_path=pg_catalog -c lock_timeout=500ms")
    with closing(connect(url_of("ingestion"))) as holder:
        holder.execute("lock table raw.received_files in access exclusive mode")
        said = CliRunner(env={"WAREHOUSE_URL": warehouse_url}).invoke(main, ["status", "--year", "2024"])
    assert said.exit_code == 3
    assert said.stderr.startswith("htx: The warehouse did not finish this (canceling statement due to lock timeout")


def test_a_dashboard_opens_twenty_connections_and_no_more(url_of):
    with ExitStack() as opened:
        for _ in range(20):
            opened.enter_context(closing(connect(url_of("bi"))))
        with pytest.raises(WarehouseUnreachable, match="too many connections for role"):
            connect(url_of("bi"))


@pytest.mark.parametrize("group", LOGINS)
@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_logins_of_groups_connect_to_no_other_database(url_of, group, database):
    with pytest.raises(WarehouseUnreachable, match=f'permission denied for database "{database}"'):
        connect(url_of(group).rpartition("/")[0] + f"/{database}")


def test_a_reader_who_goes_on_for_too_long_does_not_stop_a_promotion(url_of, monkeypatch, caplog):
    monkeypatch.setattr(promoting, "SECONDS_TO_WAIT_FOR_READERS", 0.5)
    with closing(connect(url_of("bi"))) as reader, connect(url_of("transformation")) as builder:
        reader.execute("set idle_in_transaction_session_timeout = 0")
        reader.commit()
        reader.execute("select * from bi.figures")
        build(builder, "b2", *tables("2 as n, 'new' as word"))
        promote(builder, "b2")
        assert rows(builder, "select n, word from bi.figures") == [(2, "new")]
        with pytest.raises(psycopg.OperationalError, match="terminating connection due to administrator command"):
            reader.execute("select * from bi.figures")
    assert "login climbing_test_bi, which kept tables from changing" in caplog.text
