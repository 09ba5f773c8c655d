"""Runs SQL that the warehouse keeps, in a session that may only read and is then closed.

Where the groups of warehouse/roles.sql exist it runs in quality.restate, with the rights of htx_reader: PostgreSQL lets
no statement inside a function of this kind become another role, as `set role` alone would. Without groups there is one
login, which wrote what is kept.
"""

from collections.abc import Callable
from contextlib import closing

import psycopg

from warehouse.connection import connect_again, scalar
from warehouse.restate.compiled_sql import PLANNER

SECONDS_TO_RUN = 900


class StoredSqlRefused(Exception):
    """Stored SQL is not what was stored, or does more than read; the message says which."""


def texts_of(
    connection: psycopg.Connection, query: str, before: Callable[[psycopg.Connection], None] | None = None
) -> list[str]:
    """The rows of a query of one column of text, as of what is committed and of what `before` writes in the session's
    transaction, which is rolled back. Raises StoredSqlRefused."""
    with closing(connect_again(connection)) as session:
        for name, value in {**PLANNER, "statement_timeout": f"'{SECONDS_TO_RUN}s'"}.items():
            session.execute(f"set local {name} = {value}")
        if before:
            before(session)
        session.execute("set transaction read only")  # a transaction cannot go back from it
        in_groups = scalar(session, "select to_regprocedure('quality.restate(text)') is not null")
        try:
            # prepared: such a string holds one statement
            if in_groups:
                found = session.execute("select quality.restate(%s)", [query], prepare=True)
            else:
                found = session.execute(query, prepare=True)
            return [text for (text,) in found]
        except (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.InsufficientPrivilege) as error:
            raise StoredSqlRefused(
                f"The models of an earlier build were not run: they do more than read ({error.diag.message_primary})."
            ) from error
