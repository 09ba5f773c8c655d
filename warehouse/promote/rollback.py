"""Back to the version that was public before the last publication.

The last publication keeps what it deleted and inserted (undo.rows, in a schema that no reader may use); the next one
takes its place. Rolling back undoes it, in one transaction, as a reader would want: he sees the one version or the
other. There is one step back, and no step forward: `htx build --again` builds the newer version anew.
"""

import psycopg
from psycopg.sql import SQL

from warehouse.build import builds
from warehouse.catalog import Relation, columns_of
from warehouse.promote.row_diff import Change, deletion, places_of
from warehouse.restate import as_of


class RollbackRefused(Exception):
    """There is no version to go back to; the message says why, and what to do instead."""


def lock(connection: psycopg.Connection) -> None:
    """Let this transaction alone publish or roll back. (Not the lock of builds: going back waits for no dbt.)"""
    connection.execute("lock table undo.publication in share row exclusive mode")


def begin(connection: psycopg.Connection, build_id: str, refused_because: str | None) -> bool:
    """Forget the last publication's changes, and say whether those of this one are to be kept.

    `refused_because`: why it can never be rolled back; None where it can."""
    connection.execute("truncate undo.rows")
    connection.execute("delete from undo.publication")
    connection.execute(
        "insert into undo.publication (build_id, refused_because) values (%s, %s)", [build_id, refused_because]
    )
    return refused_because is None


def roll_back(connection: psycopg.Connection, by: str, because: str | None = None) -> list[Change]:
    """Bring the public tables back to the version before the last publication, all at one instant.

    `by` and `because` are recorded in quality.builds. Returns what changed, by table; raises RollbackRefused."""
    with connection.transaction():
        lock(connection)
        build_id = _build_to_undo(connection)
        tables = connection.execute(
            "select schema_name, table_name, count(inserted_key), count(deleted_row) from undo.rows"
            " group by 1, 2 order by 1, 2"
        ).fetchall()
        changes = []
        for schema, name, inserted, deleted in tables:
            change = _undo(connection, Relation(schema, name))
            if (change.deleted, change.inserted) != (inserted, deleted):
                raise RollbackRefused(
                    f"{change.table} is not as build {build_id} published it: somebody changed its rows by hand."
                    " Build anew instead: htx build --again"
                )
            changes.append(change)
        connection.execute("truncate undo.rows")
        connection.execute("update undo.publication set refused_because = 'it was rolled back already'")
        connection.execute(
            "update quality.builds set outcome = 'rolled_back', rolled_back_at = clock_timestamp(),"
            " rolled_back_by = %s, rolled_back_because = %s where build_id = %s",
            [by, because, build_id],
        )
        if public := builds.published_build(connection):
            as_of.create_functions(connection, public)
    return changes


def _build_to_undo(connection: psycopg.Connection) -> str:
    row = connection.execute("select build_id, refused_because from undo.publication").fetchone()
    if row is None:
        raise RollbackRefused("Nothing was published since this warehouse keeps what a publication changes.")
    build_id, refused_because = row
    if refused_because:
        raise RollbackRefused(
            f"The last publication, {build_id}, cannot be rolled back: {refused_because}. One version is kept, and only"
            " of tables that kept their shape. To publish other figures, change back what made them (a file, reference"
            " data, models) and run: htx build"
        )
    return build_id


def _undo(connection: psycopg.Connection, table: Relation) -> Change:
    """Delete what was inserted, insert what was deleted."""
    added = SQL(
        """
        select public.ctid
        from (select *, row_number() over (partition by publishing_key) as copy from {public}) as public
        inner join (
            select inserted_key, count(*) as copies
            from undo.rows
            where schema_name = {schema} and table_name = {name} and inserted_key is not null
            group by 1
        ) as added on public.publishing_key = added.inserted_key
        where public.copy <= added.copies
        """
    ).format(public=places_of(table, columns_of(connection, table)), schema=table.schema, name=table.name)
    deleted = deletion(connection, table, added, keeps_undo=False)
    # offset 0: else the text is read once for every column
    inserted = connection.execute(
        SQL(
            """
            insert into {table}
            select (kept.row_before).*
            from (
                select deleted_row::{table} as row_before
                from undo.rows
                where schema_name = {schema} and table_name = {name} and deleted_row is not null
                offset 0
            ) as kept
            """
        ).format(table=table.sql, schema=table.schema, name=table.name)
    ).rowcount
    connection.execute(SQL("analyze {}").format(table.sql))
    return Change(str(table), deleted, inserted)
