"""Who may read and write what, tried by logging in as each."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from ingestion.workbook.received_file import ReceivedFile
from tests.datasets import rows
from tests.warehouse.built import build
from warehouse import roles
from warehouse.build.builds import BuildForbidden, building, mark_validated
from warehouse.build.dbt import run_dbt
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.migrations import migrate
from warehouse.promote.promote import promote
from warehouse.restate import build_inputs, decision_scenarios
from warehouse.server import embedded as embedded_server

PASSWORD = "mật khẩu của kiểm thử"
LOGINS = {
    "ingestion": "roles_test_loader",
    "transformation": "roles_test_builder",
    "analyst": "roles_test_analyst",
    "bi": "roles_test_dashboard",
}
SECRET = "nạn nhân: 3"  # what nobody but the first two may ever learn
WITHOUT_TESTS = ["--exclude-resource-type", "unit_test", "test"]


def url_for(url: str, user: str, password: str) -> str:
    """The URL of the same database for another login."""
    return f"postgresql://{quote(user)}:{quote(password)}@{url.partition('@')[2]}"


def version(number: int) -> list[str]:
    """A build with a table for each kind of reader, and one more in its second version."""
    tables = {
        "next_marts.fct_priority_groups": f"select {number} as version, '{SECRET}'::text as persons",
        "next_reports.rpt_targets": f"select {number} as version, 20 as target",
        "next_bi.targets": f"select {number} as version, 20 as target",
    }
    if number > 1:
        tables["next_marts.dim_new"] = "select 1 as n"
        tables["next_reports.rpt_new"] = "select 1 as n"
        tables["next_bi.new"] = "select 1 as n"
    return [f"create table {name} as {query}" for name, query in tables.items()]


@pytest.fixture(scope="module")
def owner_url(new_database) -> str:
    return new_database()


@pytest.fixture(scope="module")
def url_of(owner_url) -> Callable[[str], str]:
    """A function from a group to the URL of its login, on a warehouse whose first build was the owner's, before there
    were roles, and whose second one was built and published by the login of transformation."""
    url = owner_url
    with connect(url) as owner:
        owner.execute(f"revoke connect on database {owner.info.dbname} from public")  # as the page on operations does
        owner.execute("create schema staging; create schema intermediate; create schema reference")
        owner.execute(f"create view staging.stg_secrets as select '{SECRET}' as persons")
        owner.execute(f"create table intermediate.int_secrets as select '{SECRET}' as persons")
        owner.execute(f"create table reference.secrets as select '{SECRET}' as persons")
        owner.execute("insert into raw.files (sha256, content, byte_count) values ('ab', 'x', 1)")
        build(owner, "b1", *version(1))
        promote(owner, "b1")
        roles.apply_rights(owner)
        for group, name in LOGINS.items():
            roles.give_login(owner, name, group, PASSWORD)
    with connect(url_for(url, LOGINS["transformation"], PASSWORD)) as builder:
        build(builder, "b2", *version(2))
        promote(builder, "b2")
    return lambda group: url_for(url, LOGINS[group], PASSWORD)


@pytest.fixture
def tried(url_of) -> Callable[[str, str], list[tuple] | str]:
    """A function that runs a statement as the login of a group: its rows, or the error in the server's words."""

    def try_as(group: str, statement: str) -> list[tuple] | str:
        with closing(connect(url_of(group), autocommit=True)) as connection:
            try:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []
            except psycopg.Error as error:
                return str(error)

    return try_as


ROOMS = {
    "raw": "select content from raw.files",
    "quality": "select value from quality.findings",
    "builds": "select build_id from quality.builds",
    "staging": "select * from staging.stg_secrets",
    "intermediate": "select * from intermediate.int_secrets",
    "reference": "select * from reference.secrets",
    "next_marts": "select * from next_marts.fct_priority_groups",
    "next_bi": "select * from next_bi.targets",
    "marts": "select persons from marts.fct_priority_groups",
    "new marts": "select * from marts.dim_new",
    "reports": "select target from reports.rpt_targets",
    "new reports": "select * from reports.rpt_new",
    "bi": "select version, target from bi.targets",
    "new bi": "select * from bi.new",
    "undo": "select * from undo.rows",
}


@pytest.mark.parametrize(
    ("group", "open_rooms"),
    [
        ("analyst", {"marts", "new marts", "reports", "new reports", "bi", "new bi"}),
        ("bi", {"bi", "new bi"}),
        ("ingestion", {"raw", "quality", "builds"}),
        ("transformation", set(ROOMS)),
    ],
)
def test_each_group_reads_its_rooms_and_no_other(tried, group, open_rooms):
    answers = {room: tried(group, query) for room, query in ROOMS.items()}
    assert {room for room, answer in answers.items() if isinstance(answer, list)} == open_rooms
    refusals = [answer for answer in answers.values() if isinstance(answer, str)]
    assert [each for each in refusals if not each.startswith("permission denied for ")] == []


WAYS_AROUND = [
    "select persons from marts.fct_priority_groups where 1 / length(persons) > 0",
    "select count(*) from marts.fct_priority_groups",
    "copy marts.fct_priority_groups to stdout",
    "explain analyze select * from marts.fct_priority_groups",
    "select stavalues1::text from pg_statistic",
    "create table bi.mine as select 1",
    "create view bi.mine as select 1 as n",
    "create schema mine",
    "create table public.mine (n int)",
    "create temporary table mine (n int)",
    "create function public.mine() returns int language sql as 'select 1'",
    "insert into bi.targets values (3, 3)",
    "update bi.targets set target = 0",
    "delete from bi.targets",
    "truncate bi.targets",
    "alter table bi.targets add column persons text",
    "create rule mine as on select to bi.targets do instead select 1",
    "set role htx_transformation",
    "set role htx_analyst",
    "set session authorization htx",
    "grant htx_analyst to roles_test_dashboard",
    "alter role roles_test_dashboard superuser",
    "select pg_read_file('postgresql.conf')",
    "copy bi.targets to program 'cat'",
    "select query_to_xml('select persons from marts.fct_priority_groups', true, false, '')",
    "select table_to_xml('marts.fct_priority_groups', true, false, '')",
    "select ts_stat('select to_tsvector(persons) from marts.fct_priority_groups')",
    "select bi.secrets()",
    "select marts.secrets()",
]


def test_a_dashboard_finds_no_way_around(tried):
    for schema in ("bi", "marts"):  # a function that somebody makes later, with its owner's rights
        query = "select persons from marts.fct_priority_groups"
        made = tried(
            "transformation",
            f"create or replace function {schema}.secrets() returns text security definer language sql as '{query}'",
        )
        assert made == []
    answers = {statement: tried("bi", statement) for statement in WAYS_AROUND}
    assert [statement for statement, answer in answers.items() if isinstance(answer, list)] == []
    assert [answer for answer in answers.values() if SECRET in answer] == []
    refused = ("permission denied", "must be owner", "must be able to SET ROLE", "must be superuser", "must have admin")
    assert {statement: said for statement, said in answers.items() if not any(why in said for why in refused)} == {}


@pytest.mark.parametrize(("group", "schemas"), [("bi", ["bi"]), ("analyst", ["bi", "marts", "reports"])])
def test_statistics_show_values_of_the_own_rooms_alone(tried, group, schemas):
    for table in ("marts.fct_priority_groups", "bi.targets", "reports.rpt_targets"):
        assert tried("transformation", f"analyze {table}") == []
    shown = tried(
        group,
        "select distinct schemaname::text from pg_stats"
        " where schemaname not in ('pg_catalog', 'information_schema') order by 1",
    )
    assert [schema for (schema,) in shown] == schemas


@pytest.mark.parametrize(("group", "table"), [("bi", "targets"), ("analyst", "rpt_targets")])
def test_readers_find_tables_without_naming_their_schema(url_of, group, table):
    with psycopg.connect(url_of(group)) as reader:  # as psql would: our own sessions have a search_path of their own
        assert rows(reader, f"select distinct target from {table}") == [(20,)]


@pytest.mark.parametrize("group", ["analyst", "bi"])
def test_several_statements_of_a_reader_see_one_version(url_of, tried, group):
    table = {"analyst": "reports.rpt_targets", "bi": "bi.targets"}[group]
    with connect(url_of(group)) as reader, connect(url_of("transformation")) as builder:
        assert reader.execute("show transaction_isolation").fetchone() == ("repeatable read",)
        [before] = reader.execute(f"select version from {table}").fetchall()
        build(builder, f"b{before[0] + 1}", *version(before[0] + 1))
        promote(builder, f"b{before[0] + 1}")
        assert reader.execute(f"select version from {table}").fetchall() == [before]
    assert tried(group, f"select version from {table}") == [(before[0] + 1,)]


def test_writers_work_with_the_isolation_that_they_are_made_for(tried):
    for group in ("ingestion", "transformation"):
        assert tried(group, "show transaction_isolation") == [("read committed",)]


def test_an_analyst_may_use_the_functions_of_reports_and_tables_of_his_own_session(tried):
    function = "create or replace function reports.twenty() returns int language sql as 'select 20'"
    assert tried("transformation", function) == []
    assert tried("analyst", "select reports.twenty()") == [(20,)]
    assert tried("analyst", "create temporary table mine as select * from reports.rpt_targets") == []
    for statement in ("create table marts.mine (n int)", "delete from marts.dim_new", "create schema mine"):
        assert "permission denied" in tried("analyst", statement)


def test_ingestion_loads_files_and_deletes_nothing_that_was_accepted(url_of, tried):
    broken = ReceivedFile("688", "a.xlsx", datetime(2023, 11, 20, tzinfo=UTC), b"PK not a workbook")
    for _ in range(2):
        [reviewed] = steps.load_files(url_of("ingestion"), [broken])
        assert reviewed.verdict == "rejected"
    assert tried("ingestion", "select count(*) from quality.findings") == [(1,)]
    assert steps.is_up_to_date(url_of("ingestion")) is False
    for statement in ("delete from raw.received_files", "truncate raw.files", "drop table raw.files"):
        assert "permission denied" in tried("ingestion", statement) or "must be owner" in tried("ingestion", statement)


def test_transformation_changes_nothing_that_was_received(tried):
    for statement in ("delete from raw.received_files", "update raw.files set byte_count = 0"):
        assert "permission denied" in tried("transformation", statement)


def test_dbt_builds_a_seed_a_view_a_table_and_its_comments_as_transformation(url_of, tmp_path):
    run_dbt(url_of("transformation"), ["build", "--select", "+dim_indicators", *WITHOUT_TESTS], tmp_path)
    with connect(url_of("transformation")) as builder:
        assert rows(builder, "select count(*) from next_marts.dim_indicators") == [(46,)]


@pytest.mark.soak("seeds")
def test_dbt_builds_everything_as_transformation(url_of, tmp_path):
    with connect(url_of("transformation")) as builder:
        with building(builder, "by dbt"):
            run_dbt(url_of("transformation"), ["build", *WITHOUT_TESTS], tmp_path)
            recipe = build_inputs.keep_versions(builder, tmp_path, "by dbt")
            decision_scenarios.compute_scenarios(builder, recipe, url_of("transformation"))
        mark_validated(builder, "by dbt")
        promote(builder, "by dbt")
        with connect(url_of("analyst")) as analyst:
            for known in ("indicator_values_as_known_at('infinity')", "indicator_as_known_at('T01', 'infinity')"):
                assert rows(analyst, f"select count(*) from reports.{known}") == [(0,)]
        build(builder, "by hand", *version(9))  # for the other tests
        promote(builder, "by hand")


def test_the_rights_on_schemas_of_the_owner_are_brought_into_line_again(url_of, owner_url):
    with connect(owner_url) as owner, connect(url_of("transformation")) as builder:
        owner.execute("drop schema next_marts cascade; create schema next_marts")
        owner.commit()
        with pytest.raises(BuildForbidden, match="The owner of the database must run htx roles"):
            build(builder, "b8", *version(8))
        roles.apply_rights(owner)
        build(builder, "b8", *version(8))
        promote(builder, "b8")


def test_a_warehouse_of_another_version_asks_for_its_owner(url_of, owner_url):
    with connect(owner_url) as owner:
        owner.execute("update quality.schema_versions set schema_sha256 = '0001 x'")
    with pytest.raises(WarehouseUnreachable, match="let the owner of the database run htx roles"):
        steps.is_up_to_date(url_of("ingestion"))
    assert steps.is_up_to_date(owner_url) is False
    assert steps.is_up_to_date(url_of("ingestion")) is False


@pytest.fixture
def managed_url() -> Iterator[str]:
    """A database of a server that nobody used yet, whose owner may make roles but is no superuser."""
    home = Path(tempfile.mkdtemp(prefix=f"htx-tests-{os.getpid()}-"))
    try:
        url = embedded_server.start(home, durable=False)
        with connect(url, autocommit=True) as superuser:
            superuser.execute("create role managed_owner login createrole password 'x'")
            superuser.execute("create database managed owner managed_owner template template0")
        yield url_for(embedded_server.url(home, "managed"), "managed_owner", "x")
    finally:
        embedded_server.remove(home)


def test_an_owner_who_is_no_superuser_gives_the_same_rights(managed_url):
    with connect(managed_url) as owner:
        migrate(owner)
        owner.commit()
        build(owner, "b1", *version(1))
        promote(owner, "b1")
        for _ in range(2):
            roles.apply_rights(owner)
            roles.give_login(owner, "builder", "transformation", "x")
            roles.give_login(owner, "reader", "analyst", "x")
        owner.execute("create role managed_deputy createrole")  # who puts the reader into its group once more
        owner.execute("grant htx_analyst to managed_deputy with admin option")
        owner.execute("grant managed_deputy to managed_owner with set true")
        owner.execute("set role managed_deputy; grant htx_analyst to reader; reset role")
        assert roles.members(owner) == {
            "ingestion": [], "transformation": ["builder"], "analyst": ["reader"], "bi": [],
        }  # fmt: skip
    with connect(url_for(managed_url, "builder", "x")) as builder:
        build(builder, "b2", *version(2))
        promote(builder, "b2")
    with connect(url_for(managed_url, "reader", "x")) as reader:
        assert reader.execute("select n from marts.dim_new").fetchall() == [(1,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("select * from raw.files")
    with connect(managed_url) as owner:
        owner.execute("delete from quality.schema_versions")
        owner.execute(
            "insert into quality.gate_results (checked_at, stage, gate, level, outcome)"
            " values (now(), 'marts', 'no_values', 'critical', 'passed')"
        )
        owner.commit()
        assert migrate(owner)
    with connect(url_for(managed_url, "reader", "x")) as reader:  # the views were made again
        assert rows(reader, "select what from bi.freshness where event = 'promoted'") == [("b2",)]
        assert rows(reader, "select gate, outcome from reports.rpt_gate_results") == [("no_values", "passed")]


# The command


@pytest.fixture
def htx(warehouse_url):
    return lambda *arguments, **more: CliRunner(env={"WAREHOUSE_URL": warehouse_url}).invoke(main, arguments, **more)


def test_the_command_makes_a_login_and_can_be_repeated(htx, warehouse_url):
    for _ in range(2):
        made = htx("roles", "--login", "roles_test_lan", "--group", "analyst", input="một\n")
        assert made.exit_code == 0, made.output
    assert htx("roles", "--login", "roles_test_lan", "--group", "analyst", input="\n").exit_code == 0
    with connect(url_for(warehouse_url, "roles_test_lan", "một")) as reader:
        assert reader.execute("show transaction_isolation").fetchone() == ("repeatable read",)
    listed = htx("roles")
    assert "roles_test_lan" in next(line for line in listed.stdout.splitlines() if line.startswith("analyst "))


def test_a_login_is_in_one_group_alone(htx, warehouse_url):
    for group in ("transformation", "bi"):
        assert htx("roles", "--login", "roles_test_binh", "--group", group, input="hai\n").exit_code == 0
    with connect(url_for(warehouse_url, "roles_test_binh", "hai")) as reader:
        assert reader.execute("select current_user::text").fetchone() == ("roles_test_binh",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("select * from raw.files")


def test_a_login_made_by_other_means_gets_its_setting_from_the_next_run(htx, warehouse_url, connection):
    connection.execute("create role roles_test_cuong login password 'ba'; grant htx_bi to roles_test_cuong")
    connection.commit()
    assert htx("roles").exit_code == 0
    with connect(url_for(warehouse_url, "roles_test_cuong", "ba")) as reader:
        assert reader.execute("show transaction_isolation").fetchone() == ("repeatable read",)


@pytest.mark.parametrize("command", [("roles",), ("roles", "--login", "roles_test_giang", "--group", "analyst")])
def test_a_login_that_another_database_changes_at_the_same_time_is_changed_again(
    htx, warehouse_url, new_database, connection, command
):
    assert htx("roles", "--login", "roles_test_giang", "--group", "bi", input="x\n").exit_code == 0
    connection.commit()
    with connect(new_database()) as other, ThreadPoolExecutor() as pool:
        other.execute("alter role roles_test_giang connection limit 3")
        run = pool.submit(htx, *command, input="y\n")
        waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        while not rows(connection, waiting):
            assert not run.done()
            connection.rollback()
        other.commit()
        assert run.result(60).exit_code == 0
    limit = {1: 20, 5: 10}[len(command)]
    assert rows(connection, "select rolconnlimit from pg_roles where rolname = 'roles_test_giang'") == [(limit,)]


def test_a_group_that_another_session_creates_at_the_same_time_is_taken_as_it_is(new_database):
    with connect(url := new_database()) as owner, connect(url) as other, ThreadPoolExecutor() as pool:
        roles.apply_rights(owner)
        other.execute("alter role htx_reader rename to htx_reader_before")
        other.commit()
        try:
            other.execute("create role htx_reader nologin")
            run = pool.submit(roles.apply_rights, owner)
            while not rows(other, f"select from pg_locks where not granted and pid = {owner.info.backend_pid}"):
                assert not run.done()
            other.commit()
            run.result(60)
        finally:
            other.execute("drop owned by htx_reader")
            other.execute("drop role htx_reader")
            other.execute("alter role htx_reader_before rename to htx_reader")


def test_rights_are_applied_again_where_another_session_uses_the_tables_in_another_order(new_database):
    with connect(url := new_database()) as owner, connect(url) as other, ThreadPoolExecutor() as pool:
        for name in ("first", "second", "third"):
            owner.execute(f"create table bi.{name} (n int)".encode())
        owner.commit()
        owner.execute("set deadlock_timeout = '3s'")
        owner.commit()
        other.execute("set deadlock_timeout = '60s'")
        other.execute("lock table bi.second in access share mode")
        run = pool.submit(roles.apply_rights, owner)
        while not rows(other, "select 1 from pg_locks where not granted and relation = 'bi.second'::regclass"):
            assert not run.done()
        other.execute("lock table bi.first, bi.third in access share mode")
        other.commit()
        run.result(60)
        assert rows(owner, "select tablename, tableowner from pg_tables where schemaname = 'bi' order by 1") == [
            ("first", "htx_transformation"),
            ("second", "htx_transformation"),
            ("third", "htx_transformation"),
        ]


def test_the_owner_is_never_made_a_login_of_a_group(htx):
    refused = htx("roles", "--login", "htx", "--group", "bi", input="x\n")
    assert (refused.exit_code, refused.stderr) == (
        1, "htx: htx is a login with rights of its own that no group may have: use another name.\n",
    )  # fmt: skip
    assert htx("roles", "--login", "htx").exit_code == 2


def test_a_login_that_may_not_create_roles_is_refused_with_the_one_that_may(htx, warehouse_url):
    htx("roles", "--login", "roles_test_dung", "--group", "analyst", input="bốn\n")
    with connect(url_for(warehouse_url, "roles_test_dung", "bốn")) as reader:
        with pytest.raises(roles.RolesRefused, match="run it as the owner of the database"):
            roles.apply_rights(reader)
