"""Connections to the warehouse."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
import sqlalchemy
from psycopg import sql
from psycopg.abc import QueryNoTemplate
from psycopg.conninfo import conninfo_to_dict, make_conninfo

# All sessions use UTC, whatever the setting of the server or the operator. Names without a schema are PostgreSQL's own:
# a function or operator of another login, in public or in a schema with our name, is never found in place of one.
# Every statement gives up waiting for a lock that another login holds.
SECONDS_TO_WAIT = 1800
SESSION_OPTIONS = f"-c timezone=UTC -c search_path=pg_catalog -c lock_timeout={SECONDS_TO_WAIT}s"


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


def connect_again(connection: psycopg.Connection) -> psycopg.Connection:
    """Another session of the same login in the same database."""
    return psycopg.connect(make_conninfo(connection.info.dsn, password=connection.info.password or None))


def scalar(connection: psycopg.Connection, query: QueryNoTemplate, params: Sequence[object] | None = None) -> Any:
    """The value that a query of one row and one column gives. LookupError for a query of no row."""
    row = connection.execute(query, params).fetchone()
    if row is None:
        raise LookupError("The query gave no row.")
    return row[0]


def copy_rows(connection: psycopg.Connection, table: str, columns: Iterable[str], rows: Iterable[Sequence]) -> None:
    """Write rows into columns of a table (schema.table) with COPY."""
    command = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


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
