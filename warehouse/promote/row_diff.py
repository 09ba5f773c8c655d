"""The rows of a table made those of another, by their difference, with a record from which it can be undone.

Rows are identified by the primary key. A table without one is replaced as a whole. The record, undo.rows, has the text
of each deleted row and the hash of each inserted one: it grows with what changed, not with the tables.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier

from warehouse.build.builds import BuildForbidden, require_no_other_builders
from warehouse.table_shapes import Relation

HASH = SQL("sha256(convert_to({}::text, 'UTF8'))")


CODE_OF_OTHERS = """
    with others as (
        select oid from pg_class
        where relnamespace::regnamespace::text = any(%s) and pg_get_userbyid(relowner) <> current_user
            and relowner <> (select nspowner from pg_namespace where nspname = 'raw')
    )
    select format('trigger %%I on %%s', tgname, tgrelid::regclass)
    from pg_trigger where not tgisinternal and tgrelid in (select oid from others)
    union all
    select format('rule %%I on %%s', rulename, ev_class::regclass)
    from pg_rewrite where rulename <> '_RETURN' and ev_class in (select oid from others)
    union all
    select format('policy %%I on %%s', polname, polrelid::regclass)
    from pg_policy where polrelid in (select oid from others)
    union all
    select format('check %%I on %%s', conname, conrelid::regclass)
    from pg_constraint where contype = 'c' and conrelid in (select oid from others)
    union all
    select format('default of column %%s on %%s', adnum, adrelid::regclass)
    from pg_attrdef where adrelid in (select oid from others)
"""


@dataclass(frozen=True)
class TableChange:
    """How many rows of a public table a promotion or a rollback deleted and inserted."""

    table: str
    deleted: int
    inserted: int


def require_no_code_of_others(connection: psycopg.Connection, schemas: Collection[str]) -> None:
    """Raise BuildForbidden if writing rows would run triggers and the like of another login, one that builds or one
    that built once, with our rights."""
    require_no_other_builders(connection)
    found = [each for (each,) in connection.execute(CODE_OF_OTHERS, [list(schemas)])]
    if found:
        raise BuildForbidden(
            f"{', '.join(found)} would run with the rights of {connection.info.user}: drop it, or promote and roll back"
            " with a login of the group transformation."
        )


def replace_rows(
    connection: psycopg.Connection,
    source: Relation,
    target: Relation,
    columns: Sequence[str],
    key: Sequence[str],
    keeps_undo: bool,
) -> TableChange:
    """Delete the rows that `source` does not have, and insert those that `target` does not have. Others stay as they
    are. Both have the `columns`, in whatever order."""

    def listed(prefix: str) -> Composed:
        return SQL(", ").join(Identifier(prefix, name) if prefix else Identifier(name) for name in columns)

    same_key = (
        SQL(" and ").join(SQL("old.{0} = new.{0}").format(Identifier(name)) for name in key) if key else SQL("false")
    )
    names = {"source": source.sql, "target": target.sql, "same_key": same_key, "columns": listed("")}
    # *= compares byte by byte: 1.5 and 1.50 differ, and nothing is null
    delete = SQL(
        "delete from {target} as old where not exists (select from {source} as new"
        " where {same_key} and row({old})::record *= row({new})::record)"
    ).format(**names, old=listed("old"), new=listed("new"))
    insert = SQL(
        "insert into {target} as inserted ({columns}) select {columns} from {source} as new"
        " where not exists (select from {target} as old where {same_key})"
    ).format(**names)
    if keeps_undo:
        delete = _recorded(target, delete, "deleted_row", SQL("old::text"))
        insert = _recorded(target, insert, "inserted_key", HASH.format(SQL("inserted")))
    deleted = connection.execute(delete).rowcount
    return TableChange(str(target), deleted, connection.execute(insert).rowcount)


def _recorded(table: Relation, statement: Composed, column: str, value: Composable) -> Composed:
    """The statement, with a row of undo.rows for each row that it changes."""
    return SQL(
        "with changed as ({} returning {} as value)"
        " insert into undo.rows (schema_name, table_name, {}) select {}, {}, value from changed"
    ).format(statement, value, Identifier(column), table.schema, table.name)


def undo(connection: psycopg.Connection, table: Relation) -> TableChange:
    """Delete the rows that the last promotion inserted, and insert those that it deleted."""
    names = {"table": table.sql, "schema": table.schema, "name": table.name, "hash": HASH.format(SQL("inserted"))}
    deleted = connection.execute(
        SQL(
            """
            delete from {table} where ctid = any(array(
                select place from (
                    select ctid as place, {hash} as row_hash, row_number() over (partition by {hash}) as copy
                    from {table} as inserted
                ) as public
                inner join (
                    select inserted_key, count(*) as copies from undo.rows
                    where schema_name = {schema} and table_name = {name} and inserted_key is not null
                    group by 1
                ) as added on row_hash = inserted_key and copy <= copies
            ))
            """
        ).format(**names)
    ).rowcount
    inserted = connection.execute(
        # offset 0: else the text is read once for every column
        SQL(
            """
            insert into {table} select (kept.row_before).* from (
                select deleted_row::{table} as row_before from undo.rows
                where schema_name = {schema} and table_name = {name} and deleted_row is not null
                offset 0
            ) as kept
            """
        ).format(**names)
    ).rowcount
    return TableChange(str(table), deleted, inserted)
