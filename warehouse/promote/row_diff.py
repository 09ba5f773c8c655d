"""Rows compared as a whole, deleted and inserted, with a record of both from which they can be put back.

The record, undo.rows, has the text of each deleted row and the key of each inserted one: it grows with what
changed, not with the tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Composable, Identifier

from warehouse.catalog import Relation, columns_of


@dataclass(frozen=True)
class Change:
    """What a publication or a rollback did to one public table, in rows."""

    table: str
    deleted: int
    inserted: int


def key_of(columns: Iterable[str]) -> Composable:
    """Of a row: a hash of all its values. The same for tables that have the columns in another order."""
    return SQL("sha256(convert_to(row({})::text, 'UTF8'))").format(SQL(", ").join(map(Identifier, sorted(columns))))


def places_of(table: Relation, columns: Iterable[str]) -> Composable:
    """To select from: ctid and publishing_key of the rows of a table."""
    return _hashed("select ctid, {key} as publishing_key from {table}", table, columns)


def rows_of(table: Relation, columns: Iterable[str]) -> Composable:
    """To select from: the rows of a table or view, with their publishing_key."""
    return _hashed("select *, {key} as publishing_key from {table}", table, columns)


def _hashed(template: str, table: Relation, columns: Iterable[str]) -> Composable:
    return SQL(f"({template}) as hashed").format(key=key_of(columns), table=table.sql)


def deletion(connection: psycopg.Connection, table: Relation, places: Composable, keeps_undo: bool) -> int:
    """Delete the rows at `places`, a query of their ctids; how many there were."""
    delete = SQL("delete from {} as published_row where ctid in ({})").format(table.sql, places)
    if not keeps_undo:
        return connection.execute(delete).rowcount
    return connection.execute(
        SQL(
            "with deleted as ({} returning published_row::text as deleted_row)"
            " insert into undo.rows (schema_name, table_name, deleted_row)"
            " select {}, {}, deleted_row from deleted"
        ).format(delete, table.schema, table.name)
    ).rowcount


def insertion(
    connection: psycopg.Connection, table: Relation, columns: Iterable[str], rows: Composable, keeps_undo: bool
) -> int:
    """Insert `rows`, a query with these columns; how many there were."""
    insert = SQL("insert into {} ({}) {}").format(table.sql, SQL(", ").join(map(Identifier, columns)), rows)
    if not keeps_undo:
        return connection.execute(insert).rowcount
    return connection.execute(
        SQL(
            "with inserted as ({} returning {} as inserted_key)"
            " insert into undo.rows (schema_name, table_name, inserted_key)"
            " select {}, {}, inserted_key from inserted"
        ).format(insert, key_of(columns_of(connection, table)), table.schema, table.name)
    ).rowcount
