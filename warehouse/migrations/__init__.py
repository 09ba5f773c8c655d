"""Tables, views and functions outside dbt: the schemas raw, quality and undo, and live_views.py.

To change a table, add a numbered migration: versions/NNNN_what_it_does.py with the next number, e.g.

    from alembic import op

    revision = "0002"
    down_revision = "0001"


    def upgrade() -> None:
        op.execute("alter table raw.files add column kept_until date")

and write its comment into repeatable/comments.sql. A migration that has been merged is never edited; there is no way
down (restore a backup). Views, functions and comments are not numbered: edit repeatable/*.sql, which are applied again,
in the order of their names, after every migration and whenever one of them has changed, but never over those of a
newer version of the project. Views are dropped before the migrations and must therefore all be in repeatable/. Who may
write a new table is said in warehouse/roles.sql.
"""

import hashlib
import importlib.metadata
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy
from packaging.version import Version
from psycopg.sql import SQL, Identifier

from warehouse.connection import WarehouseUnreachable, connect, connect_again
from warehouse.locks import lock_for_ddl
from warehouse.migrations.live_views import LIVE, MADE_FROM, create_live_views

FOLDER = Path(__file__).parent
FIRST_MIGRATION_LOCK = 7_401_001  # an advisory lock, where there is no table to lock yet, nor a login but the owner's
SECONDS_TO_WAIT = 300  # for other migrations, and for who reads or writes what is altered
PROJECT = importlib.metadata.version("htx-warehouse")
# quality.schema_versions of version 0.1.0, whose tables are those of migration 0001
VERSION_0_1_0 = "cbd0db1d9e58d448051f4c4751af8fe5a9a294bd31012c6ce1987368031b7c38"

FUNCTIONS_OF_OTHERS = """
    select oid::regprocedure::text from pg_proc
    where pronamespace = to_regnamespace('quality')
        and pg_get_userbyid(proowner) <> all(array[current_user, 'htx_reader'])
"""


@contextmanager
def open_warehouse(url: str) -> Iterator[psycopg.Connection]:
    """A connection to the warehouse, migrated where necessary; commits at the end, rolls back on an error."""
    with connect(url) as connection:
        migrate(connection)
        yield connection


def migrate(connection: psycopg.Connection) -> bool:
    """Bring the schema of a database to this version of the project, in one transaction; whether it had another one.

    Idempotent, and safe for several processes at once; two queries where the schema is up to date. Raises
    WarehouseUnreachable when the database is of a newer version or of another branch, cannot lower Vietnamese letters
    (on which matching by name depends), does not let this login change it, or has a view on ours."""
    version = _version()
    try:
        with connection.transaction():
            if _installed(connection) == version:
                return False
            _require_vietnamese(connection)
        with _alchemy(connection) as alchemy:
            migrating = alchemy.connection.driver_connection
            assert migrating is not None
            _lock(migrating)
            if _installed(migrating) == version:  # another process was faster
                return False
            migrating.execute("create schema if not exists quality")
            _require_known(migrating)
            _lock_all(migrating)
            _drop_views(migrating)
            _apply_numbered(alchemy, stamp_first=_installed(migrating) == VERSION_0_1_0)
            for path in _repeatable():
                migrating.execute(path.read_bytes())
            create_live_views(migrating)
            migrating.execute("delete from quality.schema_versions")
            migrating.execute("insert into quality.schema_versions (schema_sha256) values (%s)", [version])
    except psycopg.errors.InsufficientPrivilege as error:
        raise WarehouseUnreachable(
            f"{connection.info.user} may not read the version of the tables of {connection.info.dbname}, or bring them"
            f" up to date ({error.diag.message_primary}): let the owner of the database run htx roles."
        ) from error
    except psycopg.errors.LockNotAvailable as error:
        raise _in_use(connection) from error
    except psycopg.errors.DependentObjectsStillExist as error:
        raise WarehouseUnreachable(
            f"The views of {connection.info.dbname} cannot be brought up to date: {error.diag.message_detail}. Drop"
            " what depends on them, run htx db migrate, and create it again."
        ) from error
    return True


def _lock(migrating: psycopg.Connection) -> None:
    """Let this transaction alone migrate, and wait for no lock longer than SECONDS_TO_WAIT."""
    migrating.execute(f"set local lock_timeout = '{SECONDS_TO_WAIT}s'")
    if _installed(migrating) is None:
        migrating.execute("select pg_advisory_xact_lock(%s)", [FIRST_MIGRATION_LOCK])
    if _installed(migrating) is not None:
        migrating.execute("lock table quality.schema_versions in share row exclusive mode")


def _lock_all(migrating: psycopg.Connection) -> None:
    """Lock every table and view of ours, whatever the migrations alter: see lock_for_ddl. Programs that only look
    whether they must migrate read quality.schema_versions, and wait for nothing."""
    ours = migrating.execute(
        "select nspname, relname from pg_class inner join pg_namespace on relnamespace = pg_namespace.oid"
        " where relkind = any('{r,p,v}') and (nspname = any('{raw,quality,undo}')"
        " or nspname = any('{bi,reports}') and relname = any(%s))"
        " and (nspname, relname) <> ('quality', 'schema_versions') order by 1, 2",
        [list(LIVE)],
    ).fetchall()
    began = time.monotonic()
    while ours and not lock_for_ddl(migrating, [Identifier(*relation) for relation in ours]):
        if time.monotonic() - began > SECONDS_TO_WAIT:
            raise _in_use(migrating)


def _in_use(connection: psycopg.Connection) -> WarehouseUnreachable:
    return WarehouseUnreachable(
        f"The tables of {connection.info.dbname} cannot be brought up to date: for {SECONDS_TO_WAIT} seconds there"
        " was no moment in which nobody used them. End the long transactions (pg_stat_activity), then try again."
    )


def _version() -> str:
    """The number of the last migration, hashes of all migrations and of what is not numbered, and our version."""
    return f"{_numbers()[-1]} {_sha256(_numbered())} {_sha256([*_repeatable(), *MADE_FROM])} {PROJECT}"


def _sha256(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _numbers() -> list[str]:
    return sorted({path.name[:4] for path in _numbered()})


def _numbered() -> list[Path]:
    return sorted((FOLDER / "versions").glob("[0-9]*.*"))


def _repeatable() -> list[Path]:
    return sorted((FOLDER / "repeatable").glob("*.sql"))


def _installed(connection: psycopg.Connection) -> str | None:
    return _only_value(connection, "quality.schema_versions", "schema_sha256")


def _only_value(connection: psycopg.Connection, table: str, column: str) -> str | None:
    """The value in a table of one row; None where there is no table or no row."""
    if connection.execute("select to_regclass(%s)", [table]).fetchone() == (None,):
        return None
    row = connection.execute(f"select {column} from {table}".encode()).fetchone()
    return row[0] if row else None


def _require_vietnamese(connection: psycopg.Connection) -> None:
    [encoding] = connection.execute(
        "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
    ).fetchone() or [None]
    if encoding != "UTF8" or connection.execute("select lower('Đ') = 'đ'").fetchone() != (True,):
        raise WarehouseUnreachable(
            f"The database {connection.info.dbname} (encoding {encoding}) does not lower Vietnamese letters. Create it"
            " with: create database ... template template0 encoding 'UTF8' locale_provider builtin"
            " builtin_locale 'C.UTF-8' (PostgreSQL 17 or newer), or with locale 'C.UTF-8' or 'en_US.UTF-8' before."
        )


def _require_known(connection: psycopg.Connection) -> None:
    installed = _only_value(connection, "quality.alembic_version", "version_num")
    if installed is None and _installed(connection) not in (None, VERSION_0_1_0):
        raise WarehouseUnreachable(
            f"The tables of {connection.info.dbname} are older than version 0.1.0: run `htx status` of 0.1.0 first."
        )
    if installed is not None and installed not in _numbers():
        raise WarehouseUnreachable(
            f"The tables of {connection.info.dbname} are of a newer version of this project (migration {installed};"
            f" this one has {_numbers()[-1]}): update the project."
        )
    number, *hashes = (_installed(connection) or "").split(" ")
    ours = _sha256([path for path in _numbered() if path.name[:4] <= number])
    if len(hashes) > 2 and Version(hashes[2]) > Version(PROJECT):  # version 0.2.0 did not keep its own
        raise WarehouseUnreachable(
            f"The views and functions of {connection.info.dbname} are of version {hashes[2]} of this project, which is"
            f" newer than this one, {PROJECT}: update the project."
        )
    if len(hashes) > 1 and hashes[0] != ours:  # version 0.1 and its successor kept no hash of the migrations
        raise WarehouseUnreachable(
            f"The tables of {connection.info.dbname} are of another branch of this project: its migrations up to"
            f" {number} are not those of this one. Use the project that made them."
        )


def _drop_views(connection: psycopg.Connection) -> None:
    """All views of ours in one statement, since they read each other; repeatable/ creates them again."""
    views = connection.execute(
        "select schemaname, viewname from pg_views where schemaname = any('{raw,quality}')"
        " or schemaname = any('{bi,reports}') and viewname = any(%s)",
        [list(LIVE)],
    ).fetchall()
    if views:
        names = SQL(", ").join(Identifier(*view) for view in views)
        connection.execute(SQL("drop view {}").format(names))
    # create or replace would leave the function to a login that made it before us, and then could rewrite it
    for (function,) in connection.execute(FUNCTIONS_OF_OTHERS).fetchall():
        connection.execute(f"drop routine {function}")


def _apply_numbered(alchemy: sqlalchemy.Connection, stamp_first: bool) -> None:
    # imported here: nearly every command finds its schema up to date
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": alchemy})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    if stamp_first:
        command.stamp(config, "0001")
    command.upgrade(config, "head")


@contextmanager
def _alchemy(connection: psycopg.Connection) -> Iterator[sqlalchemy.Connection]:
    """A connection as alembic needs it, to the same database as the same user; committed at the end."""
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connect_again(connection), poolclass=sqlalchemy.NullPool
    )
    with engine.begin() as begun:
        yield begun
