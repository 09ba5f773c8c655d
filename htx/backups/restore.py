"""A restored warehouse: from a backup into an empty database, proved before it takes the place of another one.

The proof: each table of schema raw has its rows, and the figures of each publication are computed again from what was
received. Rights are granted again; logins and their passwords belong to the server, and are in no backup.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg
from packaging.version import Version
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import make_url

from htx.backups import storage
from htx.backups.backup import between_builds, raw_rows
from htx.backups.storage import Backup, BackupDamaged
from htx.editions import workflow
from warehouse import roles
from warehouse.connection import SECONDS_TO_WAIT, connect, place_of, plain_url, scalar
from warehouse.migrations import PROJECT, open_warehouse
from warehouse.server import embedded
from warehouse.server.client_programs import client_program, major_version, run_client

OF_USERS = """
    select count(*) from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""
SCHEMAS = "select nspname from pg_namespace where nspname !~ '^pg_'"
# the columns about the provider of a locale have other names in each version
LOCALE = """
    select pg_encoding_to_char(encoding), datcollate, datctype, to_jsonb(d) ->> 'datlocprovider',
        coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')
    from pg_database as d where datname = current_database()
"""
END_SESSIONS = """
    select pg_terminate_backend(pid, 10000) from pg_stat_activity inner join pg_roles on pg_roles.oid = usesysid
    where datname = %s
        and (pg_has_role(usesysid, 'usage') or not rolsuper and pg_has_role('pg_signal_backend', 'usage'))
"""
PROVIDERS = {"b": "builtin", "i": "icu"}
ATTEMPTS = 20
"""to rename a database before somebody connects to it again"""


class RestoreRefused(Exception):
    """The database is in use, or the backup is of a newer version; the message says what to do."""


def restore(source_url: str, warehouse_url: str, replace: bool = False) -> dict:
    """Restore a backup, or the newest one of a folder, into the empty database at `warehouse_url`, and prove it.

    `replace`: where the database is not empty, restore into a new one beside it, prove that, then let them change
    names; the other one is kept. Gives the backup's name, `before` (the name of the other one or None), rows,
    publications, logins (to be made again), seconds_to_restore and seconds_to_prove. Raises BackupDamaged,
    RestoreRefused, WarehouseUnreachable."""
    backup = storage.find(source_url)
    if Version(backup.manifest["product"]) > Version(PROJECT):
        raise RestoreRefused(f"{backup.name} is of version {backup.manifest['product']}, this is {PROJECT}: update it.")
    with connect(warehouse_url, autocommit=True) as connection:
        is_empty = scalar(connection, OF_USERS) == 0
        if not is_empty and not replace:
            raise RestoreRefused(
                f"The database at {place_of(warehouse_url)} is not empty: name an empty one, or restore with --replace"
                " into a new one that takes its place. A restore that was killed leaves one that is not empty either."
            )
        if is_empty:
            with _empty_after_an_error(connection):
                return {**_restore_and_prove(backup, warehouse_url), "before": None}
        name, stamp = connection.info.dbname, f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
        beside, before = f"{name}_restored_{stamp}", f"{name}_before_{stamp}"
        _create_like(connection, beside)
        try:
            found = _restore_and_prove(backup, _url_of(warehouse_url, beside))
        except BaseException:
            connection.execute(SQL("drop database {} with (force)").format(Identifier(beside)))
            raise
    # a database is renamed from the other one; for an instant none has the name
    _rename(_url_of(warehouse_url, beside), name, before)
    _rename(_url_of(warehouse_url, before), beside, name)
    return {**found, "before": before}


def rehearse(source_url: str, home: Path) -> dict:
    """Restore the newest backup into a new server in the folder `home`, prove it, and remove that server.

    Gives what restore() gives. Raises what it raises."""
    with embedded.scratch(home) as url:
        return restore(source_url, url)


def record_rehearsal(warehouse_url: str, found: dict) -> None:
    """Record that a rehearsal succeeded: what rehearse() gave."""
    columns = ("backup", "rows", "publications", "seconds_to_restore", "seconds_to_prove")
    with open_warehouse(warehouse_url) as connection:
        connection.execute(
            "insert into quality.rehearsals (backup, raw_rows, publications, seconds_to_restore, seconds_to_prove)"
            " values (%s, %s, %s, %s, %s)",
            [found[name] for name in columns],
        )


@contextmanager
def copied(warehouse_url: str, home: Path) -> Iterator[str]:
    """The URL of a copy of a warehouse, as it is at this instant and brought to this version of the project, in a new
    server in the folder `home`; removed at the end. Waits for a running build.

    Raises WarehouseUnreachable."""
    with embedded.scratch(home) as url, tempfile.TemporaryFile() as dump:
        with connect(warehouse_url) as connection, between_builds(connection):
            pg_dump = client_program("pg_dump", connection.info.server_version // 10000)
            arguments = ["--format=custom", f"--lock-wait-timeout={SECONDS_TO_WAIT}s"]
            run_client(pg_dump, arguments, warehouse_url, lambda output: shutil.copyfileobj(output, dump))
        _load(dump, major_version(pg_dump), url)
        _bring_up_to_date(url)
        yield url


def _load(dump: IO[bytes], dumped_by: int, url: str) -> None:
    """Restore a dump into an empty database. `dump`: a file without a name, so that nothing is left of it when this
    process is killed; pg_restore opens it by its number, several times."""
    dump.flush()
    with connect(url) as connection:
        version = max(connection.info.server_version // 10000, dumped_by)
    arguments = ["--no-owner", "--no-privileges", "--jobs=2", f"/proc/self/fd/{dump.fileno()}"]
    run_client(client_program("pg_restore", version), arguments, url, lambda output: output.read(), [dump.fileno()])
    with connect(url, autocommit=True) as connection:
        connection.execute("analyze")


def _bring_up_to_date(url: str) -> None:
    """Migrate what was restored, and grant the rights again that it had."""
    with connect(url) as connection:
        had_groups = scalar(connection, "select to_regprocedure('quality.restate(text)') is not null")
    with open_warehouse(url) as connection:
        if had_groups:
            roles.apply_rights(connection)


def _restore_and_prove(backup: Backup, url: str) -> dict:
    began = time.monotonic()
    with tempfile.TemporaryFile() as dump:
        backup.read_dump(dump.write)
        _load(dump, backup.manifest["dumped_by"], url)
    with connect(url) as connection:
        rows = raw_rows(connection)
    if wrong := sorted(set(backup.manifest["raw_rows"].items()) ^ set(rows.items())):
        raise BackupDamaged(f"{backup.name} gives other rows than it was written with: {wrong}")
    restored = time.monotonic()
    _bring_up_to_date(url)
    differences = workflow.verify_publications(url)
    if changed := {each["publication_id"] for each in differences if each["reason"] == "unexplained"}:
        raise BackupDamaged(f"{backup.name} does not give the figures of {', '.join(sorted(changed))}.")
    return {
        "backup": backup.name,
        "rows": sum(rows.values()),
        "publications": len(backup.manifest["publications"]),
        "logins": backup.manifest["logins"],
        "seconds_to_restore": round(restored - began, 1),
        "seconds_to_prove": round(time.monotonic() - restored, 1),
    }


@contextmanager
def _empty_after_an_error(connection: psycopg.Connection) -> Iterator[None]:
    """Drop what came into an empty database where something fails, so that the next restore finds it empty."""
    before = connection.execute(SCHEMAS).fetchall()
    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):  # the error that is raised names the first cause
            for schema in set(connection.execute(SCHEMAS).fetchall()) - set(before):
                connection.execute(SQL("drop schema {} cascade").format(Identifier(*schema)))
        raise


def _create_like(connection: psycopg.Connection, name: str) -> None:
    """An empty database with encoding and locale of the one of the connection, and as open to everybody as that."""
    row = connection.execute(LOCALE).fetchone()
    assert row is not None
    encoding, collate, ctype, provider, locale = row
    statement = SQL("create database {} template template0 encoding {} lc_collate {} lc_ctype {}").format(
        Identifier(name), Literal(encoding), Literal(collate), Literal(ctype)
    )
    if provider in PROVIDERS:
        statement += SQL(" locale_provider {} {} {}").format(
            SQL(PROVIDERS[provider]), SQL(f"{PROVIDERS[provider]}_locale"), Literal(locale)
        )
    try:
        connection.execute(statement)
        if not scalar(connection, "select has_database_privilege('public', current_database(), 'connect')"):
            connection.execute(SQL("revoke connect on database {} from public").format(Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise RestoreRefused(
            f"{connection.info.user} may not create databases: let a superuser create an empty one that belongs to it,"
            " and restore into that."
        ) from error


def _rename(url: str, old: str, new: str) -> None:
    """Rename another database of the server at `url`, whose sessions are ended. RestoreRefused where some cannot be."""
    with closing(connect(url, autocommit=True)) as connection:
        for attempt in range(1, ATTEMPTS + 1):
            connection.execute(END_SESSIONS, [old])
            try:
                connection.execute(SQL("alter database {} rename to {}").format(Identifier(old), Identifier(new)))
                return
            except psycopg.errors.ObjectInUse as error:
                if attempt == ATTEMPTS:
                    raise RestoreRefused(
                        f"The database {old} is in use ({error.diag.message_detail}), and keeps its name. What was"
                        f" restored and proved is in {connection.info.dbname}: stop what uses {old}, then let a"
                        f" superuser rename both."
                    ) from error
                time.sleep(attempt / ATTEMPTS)


def _url_of(warehouse_url: str, database: str) -> str:
    return make_url(plain_url(warehouse_url)).set(database=database).render_as_string(hide_password=False)
