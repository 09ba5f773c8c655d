"""Back to the version that was public before the last promotion.

The last promotion keeps which rows it deleted and inserted (undo.rows, in a schema that no reader may use); the next
one takes its place. Rolling back undoes it in one transaction: a reader sees the one version or the other. There is one
step back, and no step forward: `htx build --again` builds the newer version again.
"""

import psycopg
from psycopg.sql import SQL

from warehouse import locks
from warehouse.build import builds
from warehouse.build.builds import NEXT_SCHEMAS
from warehouse.promote.row_diff import TableChange, require_no_code_of_others, undo
from warehouse.restate import as_of
from warehouse.table_shapes import Relation


class RollbackRefused(Exception):
    """There is no version to go back to; the message says why, and what to do instead."""


def begin(connection: psycopg.Connection, build_id: str, refused_because: str | None) -> bool:
    """Forget the changes of the last promotion; whether those of this one are to be kept.

    `refused_because`: why it can never be rolled back; None where it can."""
    connection.execute("truncate undo.rows")
    connection.execute("delete from undo.promotion")
    connection.execute(
        "insert into undo.promotion (build_id, refused_because) values (%s, %s)", [build_id, refused_because]
    )
    return refused_because is None


def roll_back(connection: psycopg.Connection, by: str, because: str | None = None) -> list[TableChange]:
    """Bring the public tables back to the version before the last promotion, in one transaction.

    `by` and `because` are recorded in quality.builds. Returns what changed, by table; raises RollbackRefused."""
    with connection.transaction():
        locks.lock(connection, locks.PROMOTE)
        require_no_code_of_others(connection, NEXT_SCHEMAS.values())
        build_id = _build_to_undo(connection)
        tables = connection.execute(
            "select schema_name, table_name, count(inserted_key), count(deleted_row) from undo.rows"
            " group by 1, 2 order by 1, 2"
        ).fetchall()
        changes = []
        for schema, name, inserted, deleted in tables:
            table = Relation(schema, name)
            change = undo(connection, table)
            if (change.deleted, change.inserted) != (inserted, deleted):
                raise RollbackRefused(
                    f"{change.table} was changed by hand since build {build_id} promoted it."
                    " Build again instead: htx build --again"
                )
            connection.execute(SQL("analyze {}").format(table.sql))
            changes.append(change)
        connection.execute("truncate undo.rows")
        connection.execute("update undo.promotion set refused_because = 'it was rolled back already'")
        connection.execute(
            "update quality.builds set outcome = 'rolled_back', rolled_back_at = clock_timestamp(),"
            " rolled_back_by = %s, rolled_back_because = %s where build_id = %s",
            [by, because, build_id],
        )
        if public := builds.promoted_build(connection):
            as_of.create_functions(connection, public)
    return changes


def _build_to_undo(connection: psycopg.Connection) -> str:
    row = connection.execute("select build_id, refused_because from undo.promotion").fetchone()
    if row is None:
        raise RollbackRefused("Nothing was promoted since this warehouse keeps what a promotion changes.")
    build_id, refused_because = row
    if refused_because:
        raise RollbackRefused(
            f"The last promotion, {build_id}, cannot be rolled back: {refused_because}. One version is kept, and only"
            " of tables that kept their shape. For other figures, change back what made them (a file, reference"
            " data, models) and run: htx build"
        )
    return build_id
