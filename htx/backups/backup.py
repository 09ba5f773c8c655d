"""A backup of the warehouse: one dump of the whole database, in one snapshot, with what is in it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.sql import SQL, Identifier

from htx.backups import storage
from htx.backups.retention import Retention
from htx.backups.storage import Backup
from warehouse import roles
from warehouse.connection import SECONDS_TO_WAIT, WarehouseUnreachable, connect, scalar
from warehouse.locks import BUILD, session_lock
from warehouse.migrations import PROJECT
from warehouse.server.client_programs import client_program, major_version, run_client

SHORTEST = timedelta(days=28)
"""from a shorter time nothing is said of a year"""
TABLES = """
    select n.nspname, c.relname from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'raw' and c.relkind = 'r' order by 2
"""
RAW_BYTES = """
    select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
    from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'raw' and c.relkind = 'r'
"""


def back_up(
    warehouse_url: str, folder_url: str, retention: Retention | None = None, at: datetime | None = None
) -> dict:
    """Write a backup into a folder, read it back, then delete those that the retention does not keep.

    `at`: the instant that it is named after, now by default. Waits for a running build. Gives its manifest with place,
    seconds, raw_bytes_a_year and deleted. Raises WarehouseUnreachable, BackupDamaged."""
    began = time.monotonic()
    backup = storage.new(folder_url, at or datetime.now(UTC))
    with connect(warehouse_url) as connection, between_builds(connection):
        try:
            _write(backup, connection, warehouse_url)
        except BaseException:
            with suppress(OSError):
                backup.storage.rm(backup.folder, recursive=True)
            raise
    backup.read_dump()
    return {
        **backup.manifest,
        "place": backup.storage.unstrip_protocol(backup.folder),
        "seconds": round(time.monotonic() - began, 1),
        "raw_bytes_a_year": growth([each.manifest for each in storage.backups(folder_url)]),
        "deleted": storage.prune(folder_url, retention) if retention else [],
    }


@contextmanager
def between_builds(connection: psycopg.Connection) -> Iterator[None]:
    """Wait for a running build, and let none begin meanwhile. WarehouseUnreachable where there is no warehouse."""
    if connection.execute("select to_regclass(%s)", [BUILD]).fetchone() == (None,):
        raise WarehouseUnreachable(f"The database {connection.info.dbname} is no warehouse: nothing to back up.")
    with session_lock(connection, BUILD):
        yield


def check(folder_url: str) -> list[tuple[str, str | None]]:
    """(name, what is wrong with it) of each backup in a folder, or of the one there, all of it read."""
    found = []
    for backup in storage.backups(folder_url) or [storage.find(folder_url)]:
        wrong = None
        try:
            backup.read_dump()
            _ = backup.manifest
        except storage.BackupDamaged as error:
            wrong = str(error)
        found.append((backup.name, wrong))
    return found


def growth(manifests: list[dict]) -> int | None:
    """By how many bytes a year schema raw grew between the first manifest and the last; None for less than 28 days."""
    first, last = manifests[0], manifests[-1]
    between = datetime.fromisoformat(last["made_at"]) - datetime.fromisoformat(first["made_at"])
    if between < SHORTEST:
        return None
    return round((last["raw_bytes"] - first["raw_bytes"]) * (timedelta(days=365) / between))


def raw_rows(connection: psycopg.Connection) -> dict[str, int]:
    """{table of schema raw: its rows}"""
    return {
        f"{schema}.{table}": scalar(connection, SQL("select count(*) from {}").format(Identifier(schema, table)))
        for schema, table in connection.execute(TABLES).fetchall()
    }


def _write(backup: Backup, connection: psycopg.Connection, warehouse_url: str) -> None:
    """Dump the database and describe it, both as of one snapshot."""
    version = connection.info.server_version // 10000
    pg_dump = client_program("pg_dump", version)
    connection.rollback()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.execute("set idle_in_transaction_session_timeout = 0")
    snapshot = scalar(connection, "select pg_export_snapshot()")
    arguments = ["--format=custom", f"--snapshot={snapshot}", f"--lock-wait-timeout={SECONDS_TO_WAIT}s"]
    dumped = run_client(pg_dump, arguments, warehouse_url, backup.write_dump)
    manifest = {
        "made_at": backup.made_at.isoformat(),
        "product": PROJECT,
        "server": version,
        "dumped_by": major_version(pg_dump),
        **dumped,
        "raw_bytes": scalar(connection, RAW_BYTES),
        "raw_rows": raw_rows(connection),
        "publications": dict(
            connection.execute("select publication_id, figures_sha256 from raw.publications order by 1").fetchall()
        ),
        "logins": roles.members(connection),
    }
    connection.rollback()
    backup.complete(manifest)
