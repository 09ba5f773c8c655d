"""Small builds by hand, in place of dbt's."""

import psycopg

from warehouse.build import builds
from warehouse.build.builds import building, mark_validated


def build(connection: psycopg.Connection, build_id: str, *statements: str, state: str | None = None) -> None:
    """Build and validate: `statements` make the tables of next_marts and the others, as dbt does."""
    with building(connection, build_id, state):
        for schema in builds.NEXT_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
            connection.execute(f"create schema {schema}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    mark_validated(connection, build_id)


def two_tables(version: int, rows: int = 300) -> list[str]:
    """Tables of two schemas whose every row carries the version."""
    return [
        f"create table next_marts.fct_values as select {version} as version, n from generate_series(1, {rows}) as n",
        f"create table next_reports.rpt_targets as select {version} as version, n from generate_series(1, 18) as n",
    ]


def rows(connection: psycopg.Connection, query: str) -> list[tuple]:
    return connection.execute(query).fetchall()
