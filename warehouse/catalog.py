"""Tables and views as the catalogue knows them, and giving one table the shape of another.

A public table is never made anew: only the catalogue changes, so a reader with an older snapshot still sees its
rows. (A table made anew would be empty to that reader.)
"""

from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier, Literal


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

    @property
    def text(self) -> str:
        return f'"{self.schema}"."{self.name}"'


def relations_of(connection: psycopg.Connection, schema: str) -> set[str]:
    """The names of the tables and views of a schema; none where there is no such schema."""
    rows = connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind = any('{r,p,v,m}')",
        [f'"{schema}"'],
    )
    return {name for (name,) in rows}


def columns_of(connection: psycopg.Connection, relation: Relation) -> dict[str, tuple[str, bool]]:
    """{column: (type, whether it must have a value)}"""
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [relation.text],
    )
    return {name: (type_, required) for name, type_, required in rows}


def has_shape(connection: psycopg.Connection, target: Relation, source: Relation) -> bool:
    """Whether a table has the columns, keys and checks of another: then either can hold the other's rows."""
    return (
        columns_of(connection, source) == columns_of(connection, target)
        and _constraints(connection, source).keys() == _constraints(connection, target).keys()
    )


def has_surplus_indexes(connection: psycopg.Connection, target: Relation, source: Relation) -> bool:
    """Whether a table has indexes that the other does not have: to drop one, its readers must stand aside."""
    return bool(_indexes(connection, target).keys() - _indexes(connection, source).keys())


def bring_columns_over(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Give the table the columns of another without rewriting it."""
    wanted, there = columns_of(connection, source), columns_of(connection, target)
    for name, (type_, _) in there.items():
        if name not in wanted or wanted[name][0] != type_:
            connection.execute(SQL("alter table {} drop column {}").format(target.sql, Identifier(name)))
    for name, (type_, _) in wanted.items():
        if name not in there or there[name][0] != type_:
            connection.execute(SQL("alter table {} add column {} {}").format(target.sql, Identifier(name), SQL(type_)))


def drop_promises(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Drop the keys, checks, indexes and required columns that the built table does not have."""
    for definition, name in _constraints(connection, target).items():
        if definition not in _constraints(connection, source):
            connection.execute(SQL("alter table {} drop constraint {}").format(target.sql, Identifier(name)))
    for definition, name in _indexes(connection, target).items():
        if definition not in _indexes(connection, source):
            connection.execute(SQL("drop index {}").format(Identifier(target.schema, name)))
    wanted = columns_of(connection, source)
    for name, (_, required) in columns_of(connection, target).items():
        if required and name in wanted and not wanted[name][1]:
            _alter_column(connection, target, name, "drop not null")


def add_promises(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Add the keys, checks, indexes and required columns that the public table does not have."""
    there = columns_of(connection, target)
    for name, (_, required) in columns_of(connection, source).items():
        if required and not there[name][1]:
            _alter_column(connection, target, name, "set not null")
    for definition in sorted(_constraints(connection, source).keys() - _constraints(connection, target).keys()):
        connection.execute(SQL("alter table {} add {}").format(target.sql, SQL(definition)))
    for begin, end in sorted(_indexes(connection, source).keys() - _indexes(connection, target).keys()):
        connection.execute(SQL("{} on {} {}").format(SQL(begin), target.sql, SQL(end)))


def _alter_column(connection: psycopg.Connection, table: Relation, column: str, what: str) -> None:
    connection.execute(SQL("alter table {} alter column {} {}").format(table.sql, Identifier(column), SQL(what)))


def _constraints(connection: psycopg.Connection, relation: Relation) -> dict[str, str]:
    """{definition: name} of primary keys, unique and check constraints."""
    rows = connection.execute(
        "select pg_get_constraintdef(oid), conname from pg_constraint"
        " where conrelid = %s::regclass and contype = any('{p,u,c}')",
        [relation.text],
    )
    return dict(rows.fetchall())


def _indexes(connection: psycopg.Connection, relation: Relation) -> dict[tuple[str, str], str]:
    """{(create [unique] index, using ...): name} of indexes that stand for no constraint. Names do not count."""
    rows = connection.execute(
        "select indisunique, pg_get_indexdef(indexrelid), relname"
        " from pg_index inner join pg_class on indexrelid = pg_class.oid"
        " where indrelid = %s::regclass and not exists (select from pg_constraint where conindid = indexrelid)",
        [relation.text],
    )
    return {
        (
            "create unique index" if unique else "create index",
            "using " + definition.partition(" USING ")[2],
        ): name
        for unique, definition, name in rows
    }


def bring_comments_over(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Give the table and its columns the comments of another."""
    wanted, there = _comments(connection, source), _comments(connection, target)
    for column in wanted.keys() | there.keys():
        text = wanted.get(column)
        if text == there.get(column):
            continue
        if column is None:
            connection.execute(SQL("comment on table {} is {}").format(target.sql, Literal(text)))
        else:
            path = Identifier(target.schema, target.name, column)
            connection.execute(SQL("comment on column {} is {}").format(path, Literal(text)))


def _comments(connection: psycopg.Connection, relation: Relation) -> dict[str | None, str]:
    """{column: comment}; None stands for the table itself."""
    rows = connection.execute(
        "select attname, description from pg_description"
        " left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0"
        " where classoid = 'pg_class'::regclass and objoid = %s::regclass",
        [relation.text],
    )
    return dict(rows.fetchall())
