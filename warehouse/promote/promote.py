"""Promotes the tables that were built and validated to the public schemas, in one transaction (write-audit-publish).

The public tables are made equal to those of next_* by deleting and inserting the rows that differ. The tables
themselves stay: every reader sees the old version or the new one, whole, also in a REPEATABLE READ transaction.
(Renaming schemas, or TRUNCATE, shows such a reader empty tables.) A view that reads built tables alone becomes the same
view of the public ones; any other becomes a table. What was deleted and inserted is kept until the next promotion, for
warehouse/promote/rollback.py.
"""

import logging
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import psycopg
from psycopg.sql import SQL, Identifier

from warehouse import locks, table_shapes
from warehouse.build import builds
from warehouse.build.builds import NEXT_SCHEMAS
from warehouse.promote import rollback
from warehouse.promote.row_diff import TableChange, replace_rows, require_no_code_of_others
from warehouse.restate import as_of
from warehouse.restate.compiled_sql import planned_for
from warehouse.table_shapes import Relation, Shape, shapes_of

SECONDS_TO_WAIT_FOR_READERS, SECONDS_AFTER_READERS_WERE_ENDED = 600, 10

log = logging.getLogger(__name__)


class PromotionBlocked(Exception):
    """Tables could not change their columns: someone went on reading them, or a view or the like, not made by a
    promotion, depends on them. Nothing was promoted."""


@dataclass(frozen=True)
class Step:
    """A public table or view to be made equal to a built one."""

    source: Relation
    target: Relation
    wanted: Shape
    existing: Shape | None
    """None for one that is new"""
    is_ours: bool
    """whether a promotion made the public one, which may then be altered"""

    @property
    def is_reshaped(self) -> bool:
        return self.is_ours and self.existing is not None and not self.existing.fits(self.wanted)

    @property
    def drops_index(self) -> bool:
        return (
            self.is_ours
            and self.existing is not None
            and bool(self.existing.indexes.keys() - self.wanted.indexes.keys())
        )


def promote(
    connection: psycopg.Connection,
    build_id: str,
    state_sha256: str | None = None,
    schemas: Mapping[str, str] = NEXT_SCHEMAS,
) -> list[TableChange]:
    """Make the public tables equal to what was built and validated, in one transaction; what changed, by table.

    `schemas`: {built: public}. Promoting the same build twice does nothing the second time. Raises, changing nothing:
    BuildOvertaken and BuildRolledBack (see builds.require_turn), BuildForbidden, PromotionBlocked, WarehouseBusy."""
    try:
        with planned_for(connection):
            locks.lock(connection, locks.BUILD)
            locks.lock(connection, locks.PROMOTE)
            if not builds.require_turn(connection, build_id, state_sha256):
                return []
            require_no_code_of_others(connection, schemas.values())
            changes = _promote_all(connection, build_id, schemas)
            as_of.create_functions(connection, build_id)
            builds.mark_promoted(connection, build_id, state_sha256)
    except psycopg.errors.DependentObjectsStillExist as error:
        raise PromotionBlocked(
            "Tables and views change their columns, and something that no promotion made depends on them:"
            f" {error.diag.message_detail}. Drop it, build again, and create it again."
        ) from error
    for change in changes:
        if change.deleted or change.inserted:
            log.info("%s: %s rows deleted, %s inserted", change.table, change.deleted, change.inserted)
    return changes


def _promote_all(connection: psycopg.Connection, build_id: str, schemas: Mapping[str, str]) -> list[TableChange]:
    for public in schemas.values():
        connection.execute(SQL("create schema if not exists {}").format(Identifier(public)))
    steps, gone, views = _steps(connection, schemas)
    reshaped = [step for step in steps if step.is_reshaped]
    if not gone and not reshaped:
        views = set()
    altered = gone | views | {step.target for step in steps if step.is_reshaped or step.drops_index}
    if altered:  # DDL is visible to older snapshots: wait for readers of any table of the last version
        _lock_for_ddl(connection, altered | {step.target for step in steps if step.existing})
    keeps_undo = rollback.begin(connection, build_id, _why_there_is_no_way_back(connection, steps, gone))
    turned_into_views = {step.target for step in reshaped if step.wanted.definition} - views
    made_again = (views | turned_into_views) - gone
    grants = _grants_on(connection, made_again)
    _drop(connection, "view", views)
    _drop(connection, "table", (gone | turned_into_views) - views)
    steps = [replace(step, existing=None) if step.target in made_again else step for step in steps]
    changes = [_promote_table(connection, step, keeps_undo) for step in steps if not step.wanted.definition]
    for step in sorted((step for step in steps if step.wanted.definition), key=lambda step: step.wanted.oid):
        _promote_view(connection, step)
    for grant in grants:
        connection.execute(grant)
    _record_ours(connection, [step.target for step in steps if step.is_ours], gone)
    return changes


def _grants_on(connection: psycopg.Connection, relations: set[Relation]) -> list[bytes]:
    """The commands that grant again what others may do with these tables and views."""
    found = connection.execute(
        """
        select format(
            'grant %%s on %%I.%%I to %%s%%s', privilege_type, nspname, relname,
            case grantee when 0 then 'public' else grantee::regrole::text end,
            case when is_grantable then ' with grant option' else '' end
        )
        from unnest(%s::text[], %s::text[]) as wanted (nspname, relname)
        inner join pg_class using (relname)
        inner join pg_namespace using (nspname)
        cross join aclexplode(relacl)
        where relnamespace = pg_namespace.oid and grantee <> relowner
        """,
        [[each.schema for each in relations], [each.name for each in relations]],
    )
    return [grant.encode() for (grant,) in found]


def _steps(
    connection: psycopg.Connection, schemas: Mapping[str, str]
) -> tuple[list[Step], set[Relation], set[Relation]]:
    """What is to be promoted, what is to be dropped since no model builds it any more, and the public views."""
    recorded = connection.execute("select schema_name, table_name from quality.promoted_tables")
    ours = {Relation(*row) for row in recorded}
    steps, gone, views = [], set(), set()
    for built, public in schemas.items():
        wanted, there = shapes_of(connection, built), shapes_of(connection, public)
        for name, shape in wanted.items():
            target = Relation(public, name)
            is_ours = name not in there or target in ours
            steps.append(Step(Relation(built, name), target, _public(shape, schemas), there.get(name), is_ours))
        gone |= {each for each in ours if each.schema == public and each.name in there.keys() - wanted.keys()}
        views |= {each for each in ours if each.schema == public and each.name in there and there[each.name].definition}
    return steps, gone, views


def _public(built: Shape, schemas: Mapping[str, str]) -> Shape:
    """The shape of a built relation in public: a view of built ones becomes one of theirs."""
    if not built.definition or not built.reads or not built.reads <= schemas.keys():
        return replace(built, definition=None)
    names = "|".join(map(re.escape, schemas))
    return replace(built, definition=re.sub(rf"\b({names})\.", lambda found: f"{schemas[found[1]]}.", built.definition))


def _why_there_is_no_way_back(connection: psycopg.Connection, steps: list[Step], gone: set[Relation]) -> str | None:
    """Why this promotion cannot be rolled back; None where it can."""
    if builds.promoted_build(connection) is None:
        return "it is the first promotion"
    new = [f"{step.target} is new" for step in steps if step.existing is None]
    reshaped = [f"{step.target} has other columns or keys" for step in steps if step.is_reshaped]
    changes = [*new, *reshaped, *(f"{relation} is gone" for relation in sorted(gone))]
    if not changes:
        return None
    shown = ", ".join(changes[:3]) + (f" and {len(changes) - 3} more" if len(changes) > 3 else "")
    return f"it changed the shape of tables ({shown})"


def _lock_for_ddl(connection: psycopg.Connection, relations: set[Relation]) -> None:
    """Wait until nobody reads what is altered or dropped. A reader waits for us at most the time of the promotion."""
    names, began = [relation.sql for relation in sorted(relations)], time.monotonic()
    while not locks.lock_for_ddl(connection, names):
        waited = time.monotonic() - began
        if waited > SECONDS_TO_WAIT_FOR_READERS + SECONDS_AFTER_READERS_WERE_ENDED:
            raise PromotionBlocked(
                f"Tables change their columns, and in {waited:.0f} seconds there was no moment in"
                " which nobody read them: end the long transactions (pg_stat_activity), then build again."
            )
        if waited > SECONDS_TO_WAIT_FOR_READERS:
            _end_readers(connection, relations)


def _end_readers(connection: psycopg.Connection, relations: set[Relation]) -> None:
    """End the sessions that keep us from altering tables, where this login may."""
    with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
        ended = connection.execute(
            "with readers as materialized ("
            "select distinct pid, usename from pg_locks inner join pg_stat_activity using (pid)"
            " where granted and datname = current_database() and pid <> pg_backend_pid()"
            " and relation = any(%s::regclass[])"
            ") select pid, usename from readers where pg_terminate_backend(pid)",
            [[relation.sql.as_string(connection) for relation in relations]],
        )
        for pid, login in ended:
            log.warning("Ended process %s of the database, login %s, which kept tables from changing", pid, login)


def _drop(connection: psycopg.Connection, kind: str, relations: set[Relation]) -> None:
    if relations:
        names = SQL(", ").join(relation.sql for relation in sorted(relations))
        connection.execute(SQL("drop {} {}").format(SQL(kind), names))


def _promote_table(connection: psycopg.Connection, step: Step, keeps_undo: bool) -> TableChange:
    wanted, there = step.wanted, step.existing
    if there is None:
        connection.execute(SQL("create table {} (like {})").format(step.target.sql, step.source.sql))
        there = replace(wanted, constraints={}, indexes={}, comments={})
    elif step.is_ours:
        table_shapes.bring_columns_over(connection, step.target, there, wanted)
    change = replace_rows(connection, step.source, step.target, [*wanted.columns], wanted.key, keeps_undo)
    if step.is_ours:
        table_shapes.add_constraints(connection, step.target, there, wanted)
        table_shapes.bring_comments_over(connection, step.target, there, wanted)
    if change.deleted or change.inserted:
        connection.execute(SQL("analyze {}").format(step.target.sql))
    return change


def _promote_view(connection: psycopg.Connection, step: Step) -> None:
    assert step.wanted.definition is not None
    if step.existing is None:
        connection.execute(SQL("create view {} as {}").format(step.target.sql, SQL(step.wanted.definition)))
    there = step.existing or replace(step.wanted, comments={})
    table_shapes.bring_comments_over(connection, step.target, there, step.wanted)


def _record_ours(connection: psycopg.Connection, ours: list[Relation], gone: set[Relation]) -> None:
    cursor = connection.cursor()
    cursor.executemany(
        "insert into quality.promoted_tables values (%s, %s) on conflict do nothing",
        [(relation.schema, relation.name) for relation in ours],
    )
    cursor.executemany(
        "delete from quality.promoted_tables where schema_name = %s and table_name = %s",
        [(relation.schema, relation.name) for relation in gone],
    )
