"""Tables and views as PostgreSQL's catalogue describes them, and the changes that give one table the shape of another.

A public table is altered and never made again: a reader with an older snapshot still sees its rows. (A new table
would be empty to that reader.)
"""

from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal


@dataclass(frozen=True, order=True)
class Relation:
    """A table or view, by schema and name."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def sql(self) -> Identifier:
        return Identifier(self.schema, self.name)


@dataclass(frozen=True)
class Shape:
    """What a table or view is, apart from its rows."""

    oid: int
    """of two relations, the one that reads the other was made later"""
    definition: str | None
    """the query of a view; None for a table"""
    reads: frozenset[str]
    """schemas that the query of a view reads"""
    columns: dict[str, tuple[str, bool]]
    """column: (type, whether it must have a value)"""
    constraints: dict[str, str]
    """definition: name, of primary keys, unique and check constraints"""
    indexes: dict[str, str]
    """definition without names: name, of indexes that stand for no constraint"""
    key: tuple[str, ...]
    """columns of the primary key"""
    comments: dict[str, str]
    """column: comment; '' stands for the relation itself"""

    def fits(self, other: "Shape") -> bool:
        """Whether either can hold the other's rows: the same columns, keys and checks, or the same query."""
        return (self.definition, self.columns, self.constraints.keys()) == (
            other.definition, other.columns, other.constraints.keys(),
        )  # fmt: skip


SHAPES = """
    select
        relname,
        pg_class.oid,
        case when relkind = 'v' then pg_get_viewdef(pg_class.oid) end,
        array(
            select distinct read.relnamespace::regnamespace::text from pg_rewrite
            inner join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
            inner join pg_class as read on refclassid = 'pg_class'::regclass and refobjid = read.oid
            where ev_class = pg_class.oid and ev_class <> read.oid
        ),
        (
            select json_object_agg(
                attname, json_build_array(format_type(atttypid, atttypmod), attnotnull) order by attnum
            )
            from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
        ),
        (
            select json_object_agg(pg_get_constraintdef(oid), conname)
            from pg_constraint where conrelid = pg_class.oid and contype = any('{p,u,c}')
        ),
        (
            select json_object_agg(
                (case when indisunique then 'unique ' else '' end)
                || substring(pg_get_indexdef(indexrelid) from ' (USING .*)$'), index.relname
            )
            from pg_index inner join pg_class as index on indexrelid = index.oid
            where indrelid = pg_class.oid and not exists (select from pg_constraint where conindid = indexrelid)
        ),
        array(
            select attname::text from pg_constraint, unnest(conkey) with ordinality as columns (number, place)
            inner join pg_attribute on attnum = number
            where conrelid = pg_class.oid and attrelid = pg_class.oid and contype = 'p' order by place
        ),
        (
            select json_object_agg(coalesce(attname, ''), description)
            from pg_description
            left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0
            where classoid = 'pg_class'::regclass and objoid = pg_class.oid
        )
    from pg_class
    where relnamespace = to_regnamespace(%s) and relkind = any('{r,p,v,m}')
    order by relname
"""


def shapes_of(connection: psycopg.Connection, schema: str) -> dict[str, Shape]:
    """{name: shape} of the tables and views of a schema; none where there is no such schema."""
    with connection.transaction():
        connection.execute("set local search_path = ''")  # all names in definitions are then written with their schema
        rows = connection.execute(SHAPES, [f'"{schema}"']).fetchall()
    return {
        name: Shape(
            oid, definition, frozenset(reads),
            {column: (type_, required) for column, (type_, required) in columns.items()},
            constraints or {}, indexes or {}, tuple(key), comments or {},
        )
        for name, oid, definition, reads, columns, constraints, indexes, key, comments in rows
    }  # fmt: skip


def bring_columns_over(connection: psycopg.Connection, table: Relation, there: Shape, wanted: Shape) -> None:
    """Drop the keys, checks, indexes and columns that `wanted` does not have, and add its columns. Rewrites no rows."""
    for definition in there.constraints.keys() - wanted.constraints.keys():
        _alter(connection, table, SQL("drop constraint {}").format(Identifier(there.constraints[definition])))
    for definition in there.indexes.keys() - wanted.indexes.keys():
        connection.execute(SQL("drop index {}").format(Identifier(table.schema, there.indexes[definition])))
    for name, (type_, required) in there.columns.items():
        if name not in wanted.columns or wanted.columns[name][0] != type_:
            _alter(connection, table, SQL("drop column {}").format(Identifier(name)))
        elif required and not wanted.columns[name][1]:
            _alter(connection, table, SQL("alter column {} drop not null").format(Identifier(name)))
    for name, (type_, _) in wanted.columns.items():
        if name not in there.columns or there.columns[name][0] != type_:
            _alter(connection, table, SQL("add column {} {}").format(Identifier(name), SQL(type_)))


def add_constraints(connection: psycopg.Connection, table: Relation, there: Shape, wanted: Shape) -> None:
    """Add the keys, checks, indexes and required columns that the table does not have, once it has its rows."""
    for name, (type_, required) in wanted.columns.items():
        if required and there.columns.get(name) != (type_, True):
            _alter(connection, table, SQL("alter column {} set not null").format(Identifier(name)))
    for definition in sorted(wanted.constraints.keys() - there.constraints.keys()):
        _alter(connection, table, SQL("add {}").format(SQL(definition)))
    for definition in sorted(wanted.indexes.keys() - there.indexes.keys()):
        unique, _, using = definition.rpartition("USING ")
        connection.execute(SQL("create {}index on {} using {}").format(SQL(unique), table.sql, SQL(using)))


def bring_comments_over(connection: psycopg.Connection, relation: Relation, there: Shape, wanted: Shape) -> None:
    """Give a table or view, and its columns, the comments of another."""
    for column in wanted.comments.keys() | there.comments.keys():
        text = wanted.comments.get(column)
        if text == there.comments.get(column) or (column and column not in wanted.columns):
            continue
        kind = SQL("view" if wanted.definition else "table")
        item = SQL("column {}").format(Identifier(relation.schema, relation.name, column)) if column else None
        item = item or SQL("{} {}").format(kind, relation.sql)
        connection.execute(SQL("comment on {} is {}").format(item, Literal(text)))


def _alter(connection: psycopg.Connection, table: Relation, what: Composable) -> None:
    connection.execute(SQL("alter table {} {}").format(table.sql, what))
