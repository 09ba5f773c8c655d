"""Connections to the warehouse, and the tables that it must have before anything is loaded."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy
from psycopg.conninfo import conninfo_to_dict

SCHEMA = Path(__file__).with_name("schema")  # *.sql by theme, run in the order of their names
SCHEMA_LOCK = 7_401_001  # advisory locks are numbers: any will do, as long as each purpose has its own

# Every session speaks of instants in UTC, whatever the server's or the operator's own setting.
SESSION_OPTIONS = "-c timezone=UTC"


class WarehouseUnreachable(Exception):
    """The database does not answer, or cannot hold the warehouse; the message is a sentence for a person."""


def connect(url: str, autocommit: bool = False) -> psycopg.Connection:
    """Open a connection to the warehouse at `url` (postgresql://...; a SQLAlchemy driver suffix is ignored).

    Raises WarehouseUnreachable with the server's reason, without the password."""
    try:
        return psycopg.connect(
            plain_url(url),
            autocommit=autocommit,
            connect_timeout=10,
            options=SESSION_OPTIONS,
            application_name="htx",
        )
    except psycopg.Error as error:
        reason = str(error).strip() or error.__class__.__name__
        raise WarehouseUnreachable(f"The warehouse at {place_of(url)} cannot be reached: {reason}") from error


@contextmanager
def open_warehouse(url: str) -> Iterator[psycopg.Connection]:
    """A connection to a warehouse, whose tables are created if missing; commits at the end, rolls back on an error."""
    with connect(url) as connection:
        create_schema(connection)
        connection.commit()
        yield connection


def engine(url: str) -> sqlalchemy.Engine:
    """A SQLAlchemy engine on the warehouse at `url`, by the same driver as connect()."""
    address = sqlalchemy.make_url(plain_url(url)).set(drivername="postgresql+psycopg")
    return sqlalchemy.create_engine(address, connect_args={"options": SESSION_OPTIONS})


def plain_url(url: str) -> str:
    """The URL as libpq reads it: postgresql+psycopg://..., postgres://... and postgresql://... are the same."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise WarehouseUnreachable(f"WAREHOUSE_URL must begin with postgresql://, not with {scheme!r}")
    return f"postgresql://{rest}"


def place_of(url: str) -> str:
    """Host, port and database of a URL, for messages: never its password."""
    try:
        parts = conninfo_to_dict(plain_url(url))
    except psycopg.Error:
        return "that address"
    return f"{parts.get('host', 'the local socket')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def create_schema(connection: psycopg.Connection) -> None:
    """Make the tables of schema/*.sql where they are missing, in one transaction of its own.

    Safe to repeat, and for two processes at once. Raises WarehouseUnreachable when this database cannot
    lower Vietnamese letters, on which matching by name stands."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SCHEMA.glob("*.sql")))
    digest = hashlib.sha256(text.encode()).hexdigest()
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
        _require_vietnamese(connection)
        if _schema_in_place(connection) == digest:
            return
        try:
            connection.execute(text)
        except psycopg.errors.InsufficientPrivilege as error:
            raise WarehouseUnreachable(
                f"The tables of {connection.info.dbname} are of another version of this project, and"
                f" {connection.info.user} may not bring them up to date: let the owner of the database run htx roles."
            ) from error
        connection.execute("delete from quality.schema_versions")
        connection.execute("insert into quality.schema_versions (schema_sha256) values (%s)", [digest])


def _require_vietnamese(connection: psycopg.Connection) -> None:
    encoding = connection.execute(
        "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
    ).fetchone()[0]
    lowers = encoding == "UTF8" and connection.execute("select lower('Đ') = 'đ'").fetchone()[0]
    if not lowers:
        raise WarehouseUnreachable(
            f"The database {connection.info.dbname} (encoding {encoding}) does not lower Vietnamese letters. Create it"
            " with: create database ... template template0 encoding 'UTF8' locale_provider builtin"
            " builtin_locale 'C.UTF-8' (PostgreSQL 17 or newer), or with locale 'C.UTF-8' or 'en_US.UTF-8' before."
        )


def _schema_in_place(connection: psycopg.Connection) -> str | None:
    if connection.execute("select to_regclass('quality.schema_versions')").fetchone()[0] is None:
        return None
    row = connection.execute("select schema_sha256 from quality.schema_versions").fetchone()
    return row[0] if row else None
