"""Publishing: the one instant at which what was built becomes public.

Publishing makes the public tables equal to next_* in one transaction, by deleting the rows that are gone and
inserting those that are new. The tables themselves stay: whoever reads sees the old version or the new one, whole,
also in a REPEATABLE READ transaction, and unchanged rows are not written again. (Swapping schemas by renaming shows
such a reader empty tables, and leaves views bound to the old ones; TRUNCATE shows them empty too.)

What a publication deleted and inserted is kept, until the next one, for warehouse/promote/rollback.py.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier

from warehouse import catalog
from warehouse.build import builds
from warehouse.build.builds import PUBLISHED
from warehouse.catalog import Relation, columns_of, relations_of
from warehouse.promote import rollback
from warehouse.promote.row_diff import Change, deletion, insertion, places_of, rows_of
from warehouse.restate import as_of

SECONDS_TO_WAIT_FOR_READERS = 600
PATIENCE = "200ms"  # below deadlock_timeout: a reader whom we keep waiting gets his turn, and never an error

log = logging.getLogger(__name__)


class ReadersInTheWay(Exception):
    """A table could not change its columns, since someone went on reading it; nothing was published."""


@dataclass(frozen=True)
class Step:
    """One public table to be made equal to a built one."""

    source: Relation
    target: Relation
    is_new: bool
    is_ours: bool
    """Whether publishing made the public table, and so may change its columns."""
    is_reshaped: bool
    asks_readers_aside: bool


def publish(
    connection: psycopg.Connection,
    build_id: str,
    state_sha256: str | None = None,
    schemas: Mapping[str, str] = PUBLISHED,
) -> list[Change]:
    """Make the public tables equal to what was built and validated, all at one instant.

    `schemas` maps built to public ones. A view among the built becomes a table. Returns what changed, by table.
    Publishing the same build twice does nothing the second time. Raises, changing nothing: BuildOvertaken and
    BuildRolledBack (see builds.require_turn), ReadersInTheWay."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [builds.BUILD_LOCK])
        rollback.lock(connection)
        if not builds.require_turn(connection, build_id, state_sha256):
            return []
        for public in schemas.values():
            connection.execute(SQL("create schema if not exists {}").format(Identifier(public)))
        steps, dropped = _steps(connection, schemas)
        _ask_readers_aside(connection, [*dropped, *(step.target for step in steps if step.asks_readers_aside)])
        keeps_undo = rollback.begin(connection, build_id, _why_there_is_no_way_back(connection, steps, dropped))
        for table in dropped:
            _drop(connection, table)
        changes = [_carry_out(connection, step, keeps_undo) for step in steps]
        as_of.create_functions(connection, build_id)
        builds.mark_published(connection, build_id, state_sha256)
    for change in changes:
        if change.deleted or change.inserted:
            log.info("%s: %s rows deleted, %s inserted", change.table, change.deleted, change.inserted)
    return changes


# What is to be done


def _steps(connection: psycopg.Connection, schemas: Mapping[str, str]) -> tuple[list[Step], list[Relation]]:
    """The tables to bring over, and those to drop since no model builds them any more."""
    made_by_us = set(connection.execute("select schema_name, table_name from quality.published_tables").fetchall())
    steps, dropped = [], []
    for built, public in schemas.items():
        names, there = relations_of(connection, built), relations_of(connection, public)
        for name in sorted(names):
            source, target = Relation(built, name), Relation(public, name)
            is_new = name not in there
            is_ours = is_new or (public, name) in made_by_us
            is_reshaped = is_ours and not is_new and not catalog.has_shape(connection, target, source)
            asks_aside = is_reshaped or (
                is_ours and not is_new and catalog.has_surplus_indexes(connection, target, source)
            )
            steps.append(Step(source, target, is_new, is_ours, is_reshaped, asks_aside))
        gone = {name for schema, name in made_by_us if schema == public} - names
        dropped += [Relation(public, name) for name in sorted(gone)]
    return steps, dropped


def _why_there_is_no_way_back(connection: psycopg.Connection, steps: list[Step], dropped: list[Relation]) -> str | None:
    """Why this publication cannot be rolled back; None where it can."""
    if builds.published_build(connection) is None:
        return "it is the first publication"
    new = [f"{step.target} is new" for step in steps if step.is_new]
    reshaped = [f"{step.target} has other columns or keys" for step in steps if step.is_reshaped]
    gone = [f"{table} is gone" for table in dropped]
    changes = [*new, *reshaped, *gone]
    if not changes:
        return None
    shown = ", ".join(changes[:3]) + (f" and {len(changes) - 3} more" if len(changes) > 3 else "")
    return f"it changed the shape of tables ({shown})"


def _ask_readers_aside(connection: psycopg.Connection, tables: list[Relation]) -> None:
    """Lock the tables whose shape changes, all of them or none: then neither we nor a reader waits for the other
    in a circle. A reader waits for us at most the time of the publication."""
    if not tables:
        return
    names = SQL(", ").join(table.sql for table in sorted(tables))
    began = time.monotonic()
    while True:
        try:
            with connection.transaction():
                connection.execute(SQL("set local lock_timeout = {}").format(PATIENCE))
                connection.execute(SQL("lock table {} in access exclusive mode").format(names))
                connection.execute("set local lock_timeout to default")
            return
        except psycopg.errors.LockNotAvailable as error:
            if time.monotonic() - began > SECONDS_TO_WAIT_FOR_READERS:
                raise ReadersInTheWay(
                    f"Tables change their columns, and in {SECONDS_TO_WAIT_FOR_READERS} seconds there was no moment in"
                    " which nobody read them: end the long transactions (pg_stat_activity), then build again."
                ) from error
            time.sleep(0.05)


# Doing it


def _drop(connection: psycopg.Connection, table: Relation) -> None:
    connection.execute(SQL("drop table if exists {}").format(table.sql))
    connection.execute(
        "delete from quality.published_tables where schema_name = %s and table_name = %s", [table.schema, table.name]
    )


def _carry_out(connection: psycopg.Connection, step: Step, keeps_undo: bool) -> Change:
    if step.is_new:
        connection.execute(SQL("create table {} (like {})").format(step.target.sql, step.source.sql))
        connection.execute(
            "insert into quality.published_tables values (%s, %s)", [step.target.schema, step.target.name]
        )
    if step.is_ours:
        catalog.drop_promises(connection, step.source, step.target)
        catalog.bring_columns_over(connection, step.source, step.target)
    change = _bring_rows_over(connection, step, keeps_undo)
    if step.is_ours:
        catalog.add_promises(connection, step.source, step.target)
        catalog.bring_comments_over(connection, step.source, step.target)
    return change


def _bring_rows_over(connection: psycopg.Connection, step: Step, keeps_undo: bool) -> Change:
    """Delete the rows that the built table does not have, insert those that the public one does not have.

    Rows are compared as a whole, by hash, each copy of a repeated row for itself."""
    columns = columns_of(connection, step.source)
    built = rows_of(step.source, columns)
    public = places_of(step.target, columns)
    # each side is read once: a built view may take as long as a model
    compare = SQL(
        """
        create temporary table publishing_compared as
        select public.ctid as surplus, built.publishing_key as missing
        from (select *, row_number() over (partition by publishing_key) as copy from {public}) as public
        full join (select publishing_key, row_number() over (partition by publishing_key) as copy from {built}) as built
            using (publishing_key, copy)
        where public.ctid is null or built.publishing_key is null
        """
    ).format(public=public, built=built)
    compared = connection.execute(compare).rowcount
    deleted = inserted = 0
    if compared:
        surplus = SQL("select surplus from publishing_compared where surplus is not null")
        deleted = deletion(connection, step.target, surplus, keeps_undo)
    if compared > deleted:
        missing = SQL(
            """
            select {columns}
            from (
                select hashed.*, lacking.copies, row_number() over (partition by publishing_key) as publishing_copy
                from {built}
                inner join (
                    select missing as publishing_key, count(*) as copies
                    from publishing_compared where missing is not null group by 1
                ) as lacking using (publishing_key)
            ) as built
            where publishing_copy <= copies
            """
        ).format(built=built, columns=SQL(", ").join(map(Identifier, columns)))
        inserted = insertion(connection, step.target, columns, missing, keeps_undo)
    connection.execute("drop table publishing_compared")
    if deleted or inserted:
        connection.execute(SQL("analyze {}").format(step.target.sql))
    return Change(str(step.target), deleted, inserted)
