"""A build without dbt: the SQL that dbt compiled, run again on new data.

dbt needs about 50 ms of processor time for each of some 400 nodes, and PostgreSQL 2 s for all of their SQL. While no
model, macro, seed or test has changed since the last complete run of dbt, a build fills the same tables from the same
SELECT in the same order, and runs the same data tests. Views, seeds, keys, types and comments stand as dbt made them.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import psycopg

from warehouse.build import dbt
from warehouse.build.dbt import DbtFailed
from warehouse.connection import scalar
from warehouse.restate.build_inputs import Versions, note_versions, recipe_of, versions_of
from warehouse.restate.compiled_sql import Recipe, planned_for, relation

KEPT = '"intermediate"."compiled_build"'  # one row; it goes with the tables that it is about

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DataTest:
    """A data test: a query of the rows that fail it."""

    name: str
    severity: str
    """error or warn"""
    sql: str


@dataclass(frozen=True)
class CompiledBuild:
    """What the last complete run of dbt made, and from what."""

    code: str
    versions: Versions
    tables: Sequence[str]
    """models that are tables, each after those that it reads"""
    standing: Sequence[str]
    """views and seeds"""
    tests: Sequence[DataTest]


def code_version(connection: psycopg.Connection) -> str:
    """What a build depends on beside its data: models, seeds and tests, and the functions and views of the schema."""
    row = connection.execute("select schema_sha256 from quality.schema_versions").fetchone()
    return f"{dbt.project_sha256()} {row and row[0]}"


def keep(connection: psycopg.Connection, target: Path, recipe: Recipe, build_id: str, code: str) -> None:
    """Keep what the run of dbt whose artifacts lie in `target` made. Call it after keep_versions. Commits."""
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    kind = {
        relation(node["schema"], node["alias"]): node["config"]["materialized"]
        for node in nodes
        if node["resource_type"] in ("model", "seed")
    }
    graph = {name: model.reads for name, model in recipe.models.items()}
    in_order = [name for name in TopologicalSorter(graph).static_order() if name in kind]
    versions = versions_of(connection, build_id)
    assert versions is not None
    compiled = CompiledBuild(
        code,
        versions,
        [name for name in in_order if kind[name] == "table"],
        [name for name, made_as in kind.items() if made_as in ("view", "seed")],
        [
            DataTest(node["name"], node["config"]["severity"].lower(), _without_database(node))
            for node in nodes
            if node["resource_type"] == "test" and node.get("compiled_code")
        ],
    )
    connection.execute(f"create table {KEPT} (compiled jsonb not null)")
    connection.execute(f"insert into {KEPT} values (%s)", [json.dumps(asdict(compiled))])
    connection.commit()


def _without_database(node: dict) -> str:
    """Its SQL in any database: a restored or copied warehouse has another name."""
    return node["compiled_code"].replace(f'"{node["database"]}".', "")


def read(connection: psycopg.Connection, code: str) -> CompiledBuild | None:
    """What dbt would do again; None where the project has changed since, or a relation is gone or of another login: no
    login runs SQL that a weaker one may have written."""
    if _count_own(connection, [KEPT]) == 0:
        return None
    kept = scalar(connection, f"select compiled from {KEPT}")
    kept |= {"versions": Versions(**kept["versions"]), "tests": [DataTest(**each) for each in kept["tests"]]}
    compiled = CompiledBuild(**kept)
    relations = [*compiled.tables, *compiled.standing]
    return compiled if compiled.code == code and _count_own(connection, relations) == len(relations) else None


def _count_own(connection: psycopg.Connection, relations: Sequence[str]) -> int:
    return scalar(
        connection,
        "select count(*) from unnest(%s::text[]) as name inner join pg_class on pg_class.oid = to_regclass(name)"
        " where pg_get_userbyid(relowner) = current_user",
        [list(relations)],
    )


def run(connection: psycopg.Connection, compiled: CompiledBuild, build_id: str) -> Recipe:
    """Fill the tables and test them, in one transaction, and note for the build what it was made by.

    Raises DbtFailed, and psycopg.OperationalError for a server that fails; then dbt runs the next build. Commits."""
    recipe = recipe_of(connection, compiled.versions.models_sha256)
    try:
        with planned_for(connection):
            connection.execute("set local synchronous_commit = off")
            _fill(connection, compiled, recipe)
            _test(connection, compiled.tests)
            note_versions(connection, build_id, compiled.versions)
    except (DbtFailed, psycopg.Error) as error:
        with suppress(psycopg.OperationalError):  # the session was cut off
            connection.rollback()
            connection.execute(f"drop table {KEPT}")
            connection.commit()
        if isinstance(error, (DbtFailed, psycopg.OperationalError)):  # a full disk, or the session was cut off
            raise
        raise DbtFailed(f"The SQL that dbt compiled failed; the next build runs dbt: {error}") from error
    connection.commit()
    return recipe


def _fill(connection: psycopg.Connection, compiled: CompiledBuild, recipe: Recipe) -> None:
    columns = dict(_columns(connection, compiled.tables))
    connection.execute(f"truncate {', '.join(compiled.tables)}")
    for table in compiled.tables:
        try:
            listed, sql = columns[table], recipe.models[table].sql
            connection.execute(f"insert into {table} ({listed}) select {listed} from ({sql}\n) as made")
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            raise DbtFailed(f"{table}: {error}") from error
    log.info("%d tables filled by the SQL that dbt compiled", len(compiled.tables))


def _columns(connection: psycopg.Connection, tables: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(table, its columns in order, as SQL)"""
    yield from connection.execute(
        "select name, string_agg(quote_ident(attname), ', ' order by attnum) from unnest(%s::text[]) as name"
        " inner join pg_attribute on attrelid = name::regclass and attnum > 0 and not attisdropped group by name",
        [list(tables)],
    )


def _test(connection: psycopg.Connection, tests: Sequence[DataTest]) -> None:
    failed = []
    for test in tests:
        rows = scalar(connection, f"select count(*) from ({test.sql}\n) as failing")
        if rows and test.severity == "warn":
            log.warning("data test %s: %d rows", test.name, rows)
        elif rows:
            failed.append(f"  {test.name}: {rows} rows")
    if failed:
        raise DbtFailed("data tests failed:\n" + "\n".join(failed))
    log.info("%d data tests passed", len(tests))
