"""Groups of people and programs, and their rights in the warehouse: see roles.sql.

The embedded server has one user and needs none of it. In production each program and person has a login in one group,
and the owner of the database runs `htx roles` once, and again after each upgrade.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from warehouse.locks import BUILD, lock

RIGHTS = Path(__file__).with_name("roles.sql")
GROUPS = {
    "ingestion": "htx_ingestion",
    "transformation": "htx_transformation",
    "analyst": "htx_analyst",
    "bi": "htx_bi",
}

ATTEMPTS = 20

log = logging.getLogger(__name__)


class RolesRefused(Exception):
    """This login lacks the right to create roles, or the login to change is not one of ours; the message says which."""


def apply_rights(connection: psycopg.Connection) -> None:
    """Create missing groups and grant each its rights, in one transaction. Idempotent.

    Waits for a running build. Raises RolesRefused without the right to create roles, and logs what only a superuser may
    do."""
    connection.add_notice_handler(_log_warning)
    try:
        _in_transaction(connection, _apply_rights)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesRefused(
            f"{connection.info.user} may not do this ({error.diag.message_primary}): run it as the owner of the"
            " database, with the right to create roles (createrole)."
        ) from error
    finally:
        connection.remove_notice_handler(_log_warning)


def _apply_rights(connection: psycopg.Connection) -> None:
    lock(connection, BUILD)
    connection.execute(RIGHTS.read_text(encoding="utf-8"))


def _in_transaction(connection: psycopg.Connection, change: Callable[[psycopg.Connection], None]) -> None:
    """Make a change in one transaction, and retry it where another session changes the same roles or uses the tables.

    Roles belong to the whole server, so the other session may be in another database. PostgreSQL lets the second change
    fail with an internal error ("tuple concurrently updated"). A table that changes its owner may be in use, by a
    vacuum among others."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with connection.transaction():
                change(connection)
            return
        except (psycopg.errors.InternalError_, psycopg.errors.DeadlockDetected):
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt / ATTEMPTS)


def _log_warning(said: psycopg.errors.Diagnostic) -> None:
    if said.severity_nonlocalized == "WARNING":
        log.warning("%s", said.message_primary)


def give_login(connection: psycopg.Connection, name: str, group: str, password: str | None) -> None:
    """Create a login in one group (a key of GROUPS), or move an existing one into that group alone.

    `password` None leaves it unchanged; a new login without one can only connect if the server requires none. The
    settings of its group apply from its next session. Raises RolesRefused."""

    def give(connection: psycopg.Connection) -> None:
        _require_ours(connection, name)
        login = Identifier(name)
        if not connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
            connection.execute(SQL("create role {} login").format(login))
        if password is not None:
            secret = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
            connection.execute(SQL("alter role {} password {}").format(login, secret))
        for other in GROUPS.values():
            connection.execute(SQL("revoke {} from {}").format(Identifier(other), login))
        connection.execute(
            SQL("alter role {} in database {} reset all").format(login, Identifier(connection.info.dbname))
        )
        connection.execute(SQL("grant {} to {}").format(Identifier(GROUPS[group]), login))

    _in_transaction(connection, give)
    apply_rights(connection)


def _require_ours(connection: psycopg.Connection, name: str) -> None:
    row = connection.execute(
        "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls, rolcanlogin,"
        " pg_has_role(oid, 'pg_read_all_data', 'member') from pg_roles where rolname = %s",
        [name],
    ).fetchone()
    if row is None:
        if name.startswith("pg_"):
            raise RolesRefused(f"{name}: names that begin with pg_ are reserved by PostgreSQL.")
        return
    is_powerful, can_login, reads_everything = row
    if not can_login:
        raise RolesRefused(f"{name} is a group, not a login.")
    if is_powerful or reads_everything:
        raise RolesRefused(f"{name} is a login with rights of its own that no group may have: use another name.")


def members(connection: psycopg.Connection) -> dict[str, list[str]]:
    """{group, as in GROUPS: its logins}, each once, however many granted it that; without those that can create roles,
    which are members of all groups."""
    found = connection.execute(
        """
        select groups.rolname, array_agg(distinct logins.rolname::text order by logins.rolname::text)
        from pg_auth_members as memberships
        inner join pg_roles as logins on memberships.member = logins.oid
        inner join pg_roles as groups on memberships.roleid = groups.oid
        where logins.rolcanlogin and not logins.rolsuper and not logins.rolcreaterole
        group by 1
        """
    )
    logins: dict[str, list[str]] = dict(found.fetchall())
    return {group: logins.get(role, []) for group, role in GROUPS.items()}
