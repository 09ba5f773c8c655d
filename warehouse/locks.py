"""Locks by which the steps wait for each other: on tables that readers may not lock.

(An advisory lock is a number that any login can take.) The mode, SHARE UPDATE EXCLUSIVE, conflicts with itself and with
changes of the table's definition, and with no statement that reads or writes rows. Who waits logs for whom, and gives
up after SECONDS_TO_WAIT.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg.sql import SQL, Composable, Identifier

from warehouse.connection import SECONDS_TO_WAIT, WarehouseUnreachable, connect_again

BUILD = "quality.next_build"
"""held while a build fills its tables, while the gate reads them, and while a promotion does"""
PROMOTE = "undo.promotion"
"""one promotion or rollback at a time; a rollback does not wait for dbt"""
LOAD = "raw.received_files"
"""loads run one after the other"""
REGISTRY = "raw.registry_snapshots"
"""two pulls at once would be compared with the same earlier one"""
PUBLISH = "quality.publication_differences"
"""one process publishes or sends reports at a time"""

DDL_LOCK_TIMEOUT = "200ms"  # below deadlock_timeout: a reader whom we keep waiting gets the lock, and never an error
SECONDS_BETWEEN_LOOKS = 3
HOLDER = "select pid, login, since from quality.lock_holders(%s) limit 1"

log = logging.getLogger(__name__)


class WarehouseBusy(WarehouseUnreachable):
    """Another session held a lock for too long; the message names it."""


def lock(connection: psycopg.Connection, table: str) -> None:
    """Hold the lock until the end of the transaction, waiting for it.

    A transaction that begins with it has a snapshot of what was done while waiting. Raises WarehouseBusy."""
    began = time.monotonic()
    named = SQL("lock table {} in share update exclusive mode").format(Identifier(*table.split(".")))
    connection.execute(f"set local lock_timeout = '{SECONDS_BETWEEN_LOOKS}s'")
    while True:
        try:
            with connection.transaction():
                connection.execute(named)
            break
        except psycopg.errors.LockNotAvailable as error:
            waited, holder = time.monotonic() - began, _holder(connection, table)
            if waited > SECONDS_TO_WAIT:
                raise WarehouseBusy(f"Gave up after {waited:.0f} seconds of waiting for {holder}.") from error
            if waited < 2 * SECONDS_BETWEEN_LOOKS:
                log.warning("Waiting for %s, for at most %d minutes", holder, SECONDS_TO_WAIT // 60)
    connection.execute("set local lock_timeout to default")


@contextmanager
def session_lock(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """For the time of the block, over commits of `connection`, hold a lock in a session of its own. Commits.

    If the process is killed, the database ends that session and with it the lock. Raises WarehouseBusy."""
    connection.commit()
    with closing(connect_again(connection)) as holder:
        holder.execute("set idle_in_transaction_session_timeout = 0")
        lock(holder, table)
        yield


def lock_for_ddl(connection: psycopg.Connection, relations: Iterable[Composable]) -> bool:
    """Lock what is altered or dropped, all of it or nothing: then neither we nor a reader waits for the other in a
    circle. False where somebody uses one of them: try again."""
    try:
        with connection.transaction():
            connection.execute(SQL("set local lock_timeout = {}").format(DDL_LOCK_TIMEOUT))
            connection.execute(SQL("lock table {} in access exclusive mode").format(SQL(", ").join(relations)))
            connection.execute("set local lock_timeout to default")
    except psycopg.errors.LockNotAvailable:
        time.sleep(0.05)
        return False
    return True


def _holder(connection: psycopg.Connection, table: str) -> str:
    with connection.transaction():
        found = connection.execute(HOLDER, [table]).fetchone()
    if found is None:
        return f"a lock on {table} that was released just now"
    pid, login, since = found
    return f"process {pid} of the database, login {login}, since {since:%Y-%m-%d %H:%M:%S} UTC (lock on {table})"
