"""Views among what was built, as views of readers: the same query over the public tables.

A built view that reads nothing but what is published stays a view; so a table that only repeats others need not be
written again by each publication. One that reads anything else becomes a table (publishing.py).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL

from warehouse.relations import Relation

READS = """
    select distinct read.relnamespace::regnamespace::text, read.relname
    from pg_rewrite
    inner join pg_depend on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid
    inner join pg_class as read
        on pg_depend.refclassid = 'pg_class'::regclass and pg_depend.refobjid = read.oid
    where pg_rewrite.ev_class = %(view)s::regclass and read.oid <> %(view)s::regclass
"""


@dataclass(frozen=True)
class PublicView:
    """A built view, and its query as it is over the public tables."""

    source: Relation
    query: str


def wanted_views(connection: psycopg.Connection, schemas: Mapping[str, str]) -> dict[Relation, PublicView]:
    """{public view: what it is made from}, each after those that it reads. `schemas` maps built to public ones."""
    built = {view: _reads(connection, view) for schema in schemas for view in views_of(connection, [schema])}
    built = {view: reads for view, reads in built.items() if {read.schema for read in reads} <= schemas.keys()}
    ordered: dict[Relation, PublicView] = {}
    while len(ordered) < len(built):  # views read each other in no circle
        for view, reads in built.items():
            target = _public(view, schemas)
            if target not in ordered and all(_public(read, schemas) in ordered for read in reads & built.keys()):
                ordered[target] = PublicView(view, _over_public_tables(_query(connection, view), schemas))
    return ordered


def standing_views(
    connection: psycopg.Connection, schemas: Iterable[str], ours: Collection[Relation]
) -> dict[Relation, str]:
    """{public view that publishing made: its query}"""
    return {view: _query(connection, view) for view in views_of(connection, schemas) if view in ours}


def views_of(connection: psycopg.Connection, schemas: Iterable[str]) -> list[Relation]:
    """The views of some schemas, in the order of their names."""
    rows = connection.execute(
        "select relnamespace::regnamespace::text, relname from pg_class"
        " where relkind = 'v' and relnamespace::regnamespace::text = any(%s) order by 1, 2",
        [list(schemas)],
    )
    return [Relation(*row) for row in rows]


def drop_views(connection: psycopg.Connection, views: Collection[Relation]) -> None:
    if views:
        connection.execute(SQL("drop view {}").format(SQL(", ").join(view.sql for view in views)))
    for view in views:
        connection.execute(
            "delete from quality.published_tables where schema_name = %s and table_name = %s", [view.schema, view.name]
        )


def create_views(connection: psycopg.Connection, views: Mapping[Relation, PublicView]) -> None:
    for view, built in views.items():
        connection.execute(SQL("create view {} as {}").format(view.sql, SQL(built.query)))
        connection.execute("insert into quality.published_tables values (%s, %s)", [view.schema, view.name])


def _reads(connection: psycopg.Connection, view: Relation) -> set[Relation]:
    return {Relation(*row) for row in connection.execute(READS, {"view": view.text})}


def _query(connection: psycopg.Connection, view: Relation) -> str:
    """The view's query, in which every relation of ours stands with its schema."""
    connection.execute("set local search_path = pg_catalog")
    [query] = connection.execute("select pg_get_viewdef(%s::regclass)", [view.text]).fetchone()
    connection.execute("set local search_path to default")
    return query.rstrip(";")


def _public(relation: Relation, schemas: Mapping[str, str]) -> Relation:
    return Relation(schemas[relation.schema], relation.name)


def _over_public_tables(query: str, schemas: Mapping[str, str]) -> str:
    for built, public in schemas.items():
        query = re.sub(rf"\b{re.escape(built)}\.", f"{public}.", query)
    return query
