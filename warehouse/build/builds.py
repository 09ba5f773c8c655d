"""Builds: which of them wrote the schemas next_*, how far it came, and how each ended.

A build writes next_marts, next_reports, next_bi and next_quality. quality.next_build is its stamp. A build that finds
another's stamp was overtaken and may not be promoted.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.sql import SQL, Identifier

from warehouse import locks
from warehouse.build.dbt import code_sha256
from warehouse.connection import scalar
from warehouse.locks import session_lock

NEXT_SCHEMAS = {"next_marts": "marts", "next_reports": "reports", "next_bi": "bi", "next_quality": "quality"}
SEEDS_OF_OTHERS = """
    select schemaname, tablename from pg_tables where schemaname = 'reference' and tableowner <> current_user
"""
OTHER_BUILDERS = """
    select string_agg(rolname, ', ' order by rolname)
    from pg_auth_members inner join pg_roles on member = pg_roles.oid
    where roleid = to_regrole('htx_transformation') and current_user <> 'htx_transformation'
        and pg_has_role(roleid, 'member')
        and rolcanlogin and not rolsuper and not rolcreaterole
        and has_schema_privilege(roleid, 'quality', 'create')
"""

BUILD_SESSIONS = "htx dbt build"  # the name of the sessions that work for a build; dbt has it from profiles.yml


class BuildOvertaken(Exception):
    """Another build has begun since, or this one was not validated: its tables may not be promoted."""


class BuildForbidden(Exception):
    """The login may not build on this warehouse; the message says who can change that."""


class BuildRolledBack(Exception):
    """The figures of this build were rolled back after it began: they are not promoted automatically."""


def require_no_other_builders(connection: psycopg.Connection) -> None:
    """Raise BuildForbidden for the owner where logins of the group transformation build too: they own the schemas, and
    what they put there, views or checks or casts, would run with the rights of the owner who reads or writes it."""
    names = scalar(connection, OTHER_BUILDERS)
    if names:
        raise BuildForbidden(
            f"What {names} put into the tables would run with the rights of {connection.info.user}: run this with a"
            " login of the group transformation, or of analyst to explain a figure, or let htx roles move those logins"
            " out of the group."
        )


@contextmanager
def building(connection: psycopg.Connection, build_id: str, state_sha256: str | None = None) -> Iterator[None]:
    """For the time of a build: hold the lock of builds, stamp the start, and the end or failure. Commits.

    Raises BuildForbidden."""
    require_no_other_builders(connection)
    with session_lock(connection, locks.BUILD):
        try:
            _start(connection, build_id, state_sha256)
            yield
            _advance(connection, build_id, "built", after=("started", "built"))
        except BaseException as error:
            with suppress(psycopg.Error):  # the error that is raised names the first cause
                connection.rollback()
                _finish(connection, build_id, "failed")
            if isinstance(error, psycopg.errors.InsufficientPrivilege):
                raise BuildForbidden(
                    f"{connection.info.user} may not build: the tables of the last build belong to another login. The"
                    " owner of the database must run htx roles; then build with a login of the group transformation."
                ) from error
            raise


@contextmanager
def validating(connection: psycopg.Connection, build_id: str) -> Iterator[None]:
    """For the time of the gate: hold the lock of builds, so that no other build changes the tables that it reads.
    Stamps at the end that it let them through. Commits.

    Raises BuildOvertaken where another build has begun since, and BuildForbidden."""
    require_no_other_builders(connection)
    with session_lock(connection, locks.BUILD):
        _advance(connection, build_id, "built", after=("built", "validated"))
        yield
        mark_validated(connection, build_id)


def _start(connection: psycopg.Connection, build_id: str, state_sha256: str | None) -> None:
    connection.execute(
        "insert into quality.builds (build_id, state_sha256, code_sha256) values (%s, %s, %s)"
        " on conflict (build_id) do update set state_sha256 = excluded.state_sha256,"
        " code_sha256 = excluded.code_sha256, started_at = now(), finished_at = null, outcome = null",
        [build_id, state_sha256, code_sha256()],
    )
    connection.execute(
        "insert into quality.next_build (build_id, step) values (%s, 'started') on conflict (only_row) do update"
        " set build_id = excluded.build_id, step = excluded.step, changed_at = now()",
        [build_id],
    )
    _end_sessions_of_a_killed_build(connection)
    connection.commit()


def clear_next(connection: psycopg.Connection) -> None:
    """Drop what the build before left in next_*, tables of models that were renamed among it. Commits.

    Seeds of another login are dropped too, since dbt would run their triggers with our rights.
    Schemas staging and intermediate stay: queries as of an instant, and editions of earlier models, read some of it."""
    for schema in NEXT_SCHEMAS:
        connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(schema)))
    for seed in connection.execute(SEEDS_OF_OTHERS).fetchall():
        connection.execute(SQL("drop table {} cascade").format(Identifier(*seed)))
    connection.commit()


def _end_sessions_of_a_killed_build(connection: psycopg.Connection) -> None:
    """Under the lock of builds any session still at work was left behind by a build that was killed. Waits until they
    have ended: one that is about to commit a table would do so between dbt's looks at what exists."""
    connection.execute("set role none")  # as the login itself: a role may not end sessions of its members
    connection.execute(
        "select pg_terminate_backend(pid, 60000) from pg_stat_activity"
        " where application_name = %s and datname = current_database()",
        [BUILD_SESSIONS],
    )
    connection.execute("reset role")


def mark_validated(connection: psycopg.Connection, build_id: str) -> None:
    """Stamp that the gate let the built tables through. Commits. Raises BuildOvertaken when another build began."""
    _advance(connection, build_id, "validated", after=("built", "validated"))


def mark_refused(connection: psycopg.Connection, build_id: str) -> None:
    """Record that the gate did not let the built tables through. Commits."""
    _finish(connection, build_id, "refused")


def promoted_state(connection: psycopg.Connection) -> str | None:
    """The state_sha256 that the public tables were made from; None before the first promotion."""
    return _last_promoted(connection)[1]


def promoted_build(connection: psycopg.Connection) -> str | None:
    """The build whose tables are public; None before the first promotion."""
    return _last_promoted(connection)[0]


def _last_promoted(connection: psycopg.Connection) -> tuple[str | None, str | None]:
    row = connection.execute(
        "select build_id, state_sha256 from quality.builds where outcome = 'promoted' order by finished_at desc limit 1"
    ).fetchone()
    return row or (None, None)


def rollback_of(connection: psycopg.Connection, state_sha256: str) -> str | None:
    """A sentence on who rolled back what was promoted of this state; None where it was not, or was promoted since."""
    row = connection.execute(
        "select build_id, outcome, rolled_back_at, rolled_back_by, rolled_back_because from quality.builds"
        " where state_sha256 = %s and outcome in ('promoted', 'rolled_back') order by finished_at desc limit 1",
        [state_sha256],
    ).fetchone()
    return _rollback_in_words(row) if row and row[1] == "rolled_back" else None


def require_turn(connection: psycopg.Connection, build_id: str, state_sha256: str | None) -> bool:
    """Whether the build is still to be promoted; False when it is public already. Locks the stamp.

    Raises BuildOvertaken unless the stamp is this build's and says validated, and BuildRolledBack when the build,
    or another of the same state, was rolled back since it began: one that begins later was started on purpose."""
    stamp = connection.execute("select build_id, step from quality.next_build for update").fetchone()
    if stamp is None or stamp[0] != build_id or stamp[1] not in ("validated", "promoted"):
        raise BuildOvertaken(f"Build {build_id} may not be promoted: {_last_step(connection)}")
    row = connection.execute(
        """
        select build_id, outcome, rolled_back_at, rolled_back_by, rolled_back_because
        from quality.builds
        where outcome = 'rolled_back' and (
            build_id = %(build)s
            or state_sha256 = %(state)s
            and rolled_back_at > (select started_at from quality.builds where build_id = %(build)s)
        )
        order by rolled_back_at desc
        limit 1
        """,
        {"build": build_id, "state": state_sha256},
    ).fetchone()
    if row:
        raise BuildRolledBack(_rollback_in_words(row))
    return stamp[1] == "validated"


def mark_promoted(connection: psycopg.Connection, build_id: str, state_sha256: str | None) -> None:
    """Stamp and record that the build is public. Commits nothing: it belongs to the promotion's transaction."""
    connection.execute("update quality.next_build set step = 'promoted', changed_at = now()")
    connection.execute(
        "update quality.builds set outcome = 'promoted', finished_at = clock_timestamp(),"
        " state_sha256 = coalesce(%s, state_sha256) where build_id = %s",
        [state_sha256, build_id],
    )


def _advance(connection: psycopg.Connection, build_id: str, step: str, after: tuple[str, ...]) -> None:
    moved = connection.execute(
        "update quality.next_build set step = %s, changed_at = now() where build_id = %s and step = any(%s)",
        [step, build_id, list(after)],
    )
    connection.commit()
    if moved.rowcount == 0:
        _finish(connection, build_id, "overtaken")
        raise BuildOvertaken(f"Build {build_id} was overtaken by another: {_last_step(connection)}")


def _finish(connection: psycopg.Connection, build_id: str, outcome: str) -> None:
    connection.execute(
        "update quality.builds set finished_at = now(), outcome = %s"
        " where build_id = %s and outcome is distinct from 'promoted'",
        [outcome, build_id],
    )
    connection.commit()


def _last_step(connection: psycopg.Connection) -> str:
    row = connection.execute("select build_id, step from quality.next_build").fetchone()
    return f"what was built last is {row[0]}, {row[1]}" if row else "nothing was built yet"


def _rollback_in_words(row: tuple) -> str:
    build_id, _, at, by, because = row
    reason = f" ({because})" if because else ""
    return (
        f"This was promoted already, as {build_id}, and rolled back on {at:%Y-%m-%d %H:%M} UTC by {by}{reason}."
        " It is promoted again when data, reference data or models change, or by `htx build --again`."
    )
