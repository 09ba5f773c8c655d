"""Builds beside what readers see, and the one instant at which their result becomes public.

dbt builds into next_marts, next_reports and next_quality. Publishing makes the public tables equal to them in
one transaction, by deleting the rows that are gone and inserting those that are new. The tables themselves
stay: whoever reads sees the old version or the new one, whole, also in a REPEATABLE READ transaction, and
unchanged rows are not written again. (Swapping schemas by renaming shows such a reader empty tables, and leaves
views bound to the old ones; TRUNCATE shows them empty too.)

A stamp, quality.next_build, says whose tables lie in next_*. A build that finds another's stamp was overtaken
and may not publish.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

PUBLISHED = {"next_marts": "marts", "next_reports": "reports", "next_quality": "quality"}
BUILD_LOCK = 7_401_002  # advisory lock: held while dbt builds and while publishing reads what it built

DBT_SESSIONS = "htx dbt build"  # the name of its sessions, from dbt_project/profiles.yml

log = logging.getLogger(__name__)


class BuildOvertaken(Exception):
    """Another build has begun since, or this one was not validated: its tables may not be published."""


@dataclass(frozen=True)
class Change:
    """What a publication did to one public table, in rows."""

    table: str
    deleted: int
    inserted: int


# Builds


@contextmanager
def building(connection: psycopg.Connection, build_id: str, state_sha256: str | None = None) -> Iterator[None]:
    """For the time of a dbt build: hold the lock of builds (waiting for it), stamp the start, and the end or failure.

    Commits. The lock belongs to the session: when the process is killed, the database lets go of it."""
    start_build(connection, build_id, state_sha256)
    try:
        yield
        mark_built(connection, build_id)
    except BaseException:
        connection.rollback()
        mark_failed(connection, build_id)
        raise
    finally:
        connection.execute("select pg_advisory_unlock(%s)", [BUILD_LOCK])
        connection.commit()


def start_build(connection: psycopg.Connection, build_id: str, state_sha256: str | None = None) -> None:
    """Take the lock of builds for this session, clear next_* and stamp it as this build's. Commits.

    dbt leaves the table of a model that was taken out of the project; cleared, it is not published for ever."""
    connection.execute("select pg_advisory_lock(%s)", [BUILD_LOCK])
    connection.execute(
        "insert into quality.builds (build_id, state_sha256) values (%s, %s) on conflict (build_id) do update"
        " set state_sha256 = excluded.state_sha256, started_at = now(), finished_at = null, outcome = null",
        [build_id, state_sha256],
    )
    connection.execute(
        "insert into quality.next_build (build_id, step) values (%s, 'started') on conflict (only_row) do update"
        " set build_id = excluded.build_id, step = excluded.step, changed_at = now()",
        [build_id],
    )
    # who holds the lock knows that any dbt still at work was left behind by a build that was killed
    connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = %s and datname = current_database()",
        [DBT_SESSIONS],
    )
    for schema in PUBLISHED:
        connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(schema)))
    connection.commit()


def mark_built(connection: psycopg.Connection, build_id: str) -> None:
    """Stamp that dbt has built everything. Commits. Raises BuildOvertaken when another build began since."""
    _advance(connection, build_id, "built", after=("started", "built"))


def mark_validated(connection: psycopg.Connection, build_id: str) -> None:
    """Stamp that the gate let the built tables through. Commits. Raises BuildOvertaken when another build began."""
    _advance(connection, build_id, "validated", after=("built", "validated"))


def mark_refused(connection: psycopg.Connection, build_id: str) -> None:
    """Record that the gate did not let the built tables through. Commits."""
    _finish(connection, build_id, "refused")


def mark_failed(connection: psycopg.Connection, build_id: str) -> None:
    """Record that the build broke. Commits."""
    _finish(connection, build_id, "failed")


def published_state(connection: psycopg.Connection) -> str | None:
    """The state_sha256 that the public tables were made from; None before the first publication."""
    row = connection.execute(
        "select state_sha256 from quality.builds where outcome = 'published' order by finished_at desc limit 1"
    ).fetchone()
    return row[0] if row else None


def _advance(connection: psycopg.Connection, build_id: str, step: str, after: tuple[str, ...]) -> None:
    moved = connection.execute(
        "update quality.next_build set step = %s, changed_at = now() where build_id = %s and step = any(%s)",
        [step, build_id, list(after)],
    )
    connection.commit()
    if moved.rowcount == 0:
        _finish(connection, build_id, "overtaken")
        raise BuildOvertaken(f"Build {build_id} was overtaken by another: {_standing(connection)}")


def _finish(connection: psycopg.Connection, build_id: str, outcome: str) -> None:
    connection.execute(
        "update quality.builds set finished_at = now(), outcome = %s where build_id = %s", [outcome, build_id]
    )
    connection.commit()


def _standing(connection: psycopg.Connection) -> str:
    row = connection.execute("select build_id, step from quality.next_build").fetchone()
    return f"what was built last is {row[0]}, {row[1]}" if row else "nothing was built yet"


# Publishing


def publish(
    connection: psycopg.Connection,
    build_id: str,
    state_sha256: str | None = None,
    schemas: Mapping[str, str] = PUBLISHED,
) -> list[Change]:
    """Make the public tables equal to what was built and validated, all at one instant.

    `schemas` maps built to public ones. A view among the built becomes a table. Returns what changed, by table.
    Raises BuildOvertaken, changing nothing, unless the stamp is this build's and says validated; publishing the
    same build twice does nothing the second time."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [BUILD_LOCK])
        stamp = connection.execute("select build_id, step from quality.next_build for update").fetchone()
        if stamp == (build_id, "published"):
            return []
        if stamp != (build_id, "validated"):
            raise BuildOvertaken(f"Build {build_id} may not be published: {_standing(connection)}")
        changes = [change for built, public in schemas.items() for change in _publish_schema(connection, built, public)]
        connection.execute("update quality.next_build set step = 'published', changed_at = now()")
        connection.execute(
            "update quality.builds set outcome = 'published', finished_at = clock_timestamp(),"
            " state_sha256 = coalesce(%s, state_sha256) where build_id = %s",
            [state_sha256, build_id],
        )
    for change in changes:
        if change.deleted or change.inserted:
            log.info("%s: %s rows deleted, %s inserted", change.table, change.deleted, change.inserted)
    return changes


def _publish_schema(connection: psycopg.Connection, built_schema: str, public_schema: str) -> list[Change]:
    connection.execute(SQL("create schema if not exists {}").format(Identifier(public_schema)))
    built = _relations(connection, built_schema)
    made_by_us = {
        name
        for (name,) in connection.execute(
            "select table_name from quality.published_tables where schema_name = %s", [public_schema]
        )
    }
    for name in sorted(made_by_us - built):
        connection.execute(SQL("drop table if exists {}").format(Identifier(public_schema, name)))
        connection.execute(
            "delete from quality.published_tables where schema_name = %s and table_name = %s",
            [public_schema, name],
        )
    there = _relations(connection, public_schema)
    changes = []
    for name in sorted(built):
        source, target = Relation(built_schema, name), Relation(public_schema, name)
        if name not in there:
            _create_like(connection, source, target)
            made_by_us.add(name)
        if name in made_by_us:
            _drop_promises(connection, source, target)
            _bring_columns_over(connection, source, target)
        changes.append(_bring_rows_over(connection, source, target))
        if name in made_by_us:
            _add_promises(connection, source, target)
            _bring_comments_over(connection, source, target)
    return changes


@dataclass(frozen=True)
class Relation:
    """A table or view, by schema and name."""

    schema: str
    name: str

    @property
    def sql(self) -> Identifier:
        return Identifier(self.schema, self.name)

    @property
    def text(self) -> str:
        return f'"{self.schema}"."{self.name}"'


def _relations(connection: psycopg.Connection, schema: str) -> set[str]:
    rows = connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind = any('{r,p,v,m}')",
        [f'"{schema}"'],
    )
    return {name for (name,) in rows}


def _create_like(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    connection.execute(SQL("create table {} (like {})").format(target.sql, source.sql))
    connection.execute("insert into quality.published_tables values (%s, %s)", [target.schema, target.name])


def _columns(connection: psycopg.Connection, relation: Relation) -> dict[str, tuple[str, bool]]:
    """{column: (type, whether it must have a value)}"""
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [relation.text],
    )
    return {name: (type_, required) for name, type_, required in rows}


def _bring_columns_over(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Give the public table the columns of the built one without rewriting it: only the catalogue changes, so a
    reader with an older snapshot still sees its rows. (A table made anew would be empty to that reader.)"""
    wanted, there = _columns(connection, source), _columns(connection, target)
    for name, (type_, _) in there.items():
        if name not in wanted or wanted[name][0] != type_:
            connection.execute(SQL("alter table {} drop column {}").format(target.sql, Identifier(name)))
    for name, (type_, _) in wanted.items():
        if name not in there or there[name][0] != type_:
            connection.execute(SQL("alter table {} add column {} {}").format(target.sql, Identifier(name), SQL(type_)))


def _bring_rows_over(connection: psycopg.Connection, source: Relation, target: Relation) -> Change:
    """Delete the rows that the built table does not have, insert those that the public one does not have.

    Rows are compared as a whole, by hash, each copy of a repeated row for itself."""
    columns = SQL(", ").join(Identifier(name) for name in _columns(connection, source))
    deleted = connection.execute(
        SQL(
            """
            delete from {target} where ctid in (
                select public.ctid
                from (
                    select keyed.ctid, keyed.key, row_number() over (partition by keyed.key) as copy
                    from (select ctid, {key} as key from {target}) as keyed
                ) as public
                left join (select {key} as key, count(*) as copies from {source} group by 1) as built using (key)
                where public.copy > coalesce(built.copies, 0)
            )
            """
        ).format(target=target.sql, source=source.sql, key=_key(columns))
    ).rowcount
    inserted = connection.execute(
        SQL(
            """
            insert into {target} ({columns})
            select {columns}
            from (
                select keyed.*, row_number() over (partition by keyed.publishing_key) as publishing_copy
                from (select *, {key} as publishing_key from {source}) as keyed
            ) as built
            left join (select {key} as publishing_key, count(*) as publishing_copies from {target} group by 1) as public
                using (publishing_key)
            where built.publishing_copy > coalesce(public.publishing_copies, 0)
            """
        ).format(target=target.sql, source=source.sql, columns=columns, key=_key(columns))
    ).rowcount
    if deleted or inserted:
        connection.execute(SQL("analyze {}").format(target.sql))
    return Change(f"{target.schema}.{target.name}", deleted, inserted)


def _key(columns: Composed) -> Composed:
    return SQL("sha256(convert_to(row({})::text, 'UTF8'))").format(columns)


def _drop_promises(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Drop the keys, checks, indexes and required columns that the built table does not have."""
    for definition, name in _constraints(connection, target).items():
        if definition not in _constraints(connection, source):
            connection.execute(SQL("alter table {} drop constraint {}").format(target.sql, Identifier(name)))
    for definition, name in _indexes(connection, target).items():
        if definition not in _indexes(connection, source):
            connection.execute(SQL("drop index {}").format(Identifier(target.schema, name)))
    wanted = _columns(connection, source)
    for name, (_, required) in _columns(connection, target).items():
        if required and name in wanted and not wanted[name][1]:
            _alter_column(connection, target, name, "drop not null")


def _add_promises(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
    """Add the keys, checks, indexes and required columns that the public table does not have."""
    there = _columns(connection, target)
    for name, (_, required) in _columns(connection, source).items():
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


def _bring_comments_over(connection: psycopg.Connection, source: Relation, target: Relation) -> None:
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
