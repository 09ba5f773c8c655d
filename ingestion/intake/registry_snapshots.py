"""Snapshots of the registry of cooperatives, pulled from any database and kept as history by content.

Only the columns of the contract are selected, so that names of persons are not pulled even if the source has them.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import sqlalchemy
from psycopg import sql

from ingestion.workbook.cells import number_text
from warehouse.connection import copy_rows
from warehouse.locks import REGISTRY, lock
from warehouse.reference.names import folded
from warehouse.reference.time_zone import VIET_NAM

TABLES = {
    table: columns.split()
    for table, columns in {
        "cooperatives": "registration_number tax_code name kind commune_code address sector registered_on status"
        " status_changed_on charter_capital_vnd member_count union_founded updated_at",
        "managers": "registration_number manager_no position sex held_from held_to",
        "classifications": "registration_number year score class decided_on",
    }.items()
}
"""table -> its columns in the contract"""
YES_NO_COLUMNS = frozenset({"union_founded"})
YES, NO = frozenset({"1", "true", "t", "yes", "c", "có"}), frozenset({"0", "false", "f", "no", "k", "không"})
DAY_SUFFIXES = ("_on", "_from", "_to")
INSTANT_SUFFIX = "_at"
LEAST_SHARE = 0.95
"""of the rows of an earlier snapshot, table by table; with fewer a pull needs a reason"""
LARGEST_SHARE = 1.5
"""of its cooperatives; with more the registry may hold another area than before"""


class RegistryUnreadable(Exception):
    """The source does not answer, or lacks tables or columns of the contract."""


class RegistryImplausible(Exception):
    """The pull has far fewer or more rows than an earlier one: more likely a fault or another area than a fact."""


@dataclass(frozen=True)
class PulledRegistry:
    """The result of one pull."""

    snapshot_id: str
    content_id: str
    speaks_of: date
    row_counts: dict[str, int]
    is_new: bool
    """whether the snapshot was not stored yet"""
    is_changed: bool
    """whether its content was not stored yet, for any day"""


def pull_registry(
    source_url: str,
    connection: psycopg.Connection,
    speaks_of: date,
    allow_because: str | None = None,
) -> PulledRegistry:
    """Pull the three tables of the registry in their present state, as the snapshot of a day.

    One transaction, idempotent: the same content for the same day changes nothing but the reason, if one is given now;
    the same content for another day adds only a snapshot. Raises RegistryUnreadable, and RegistryImplausible without a
    reason if any table has less than 95 % of the rows of the nearest earlier snapshot by day, or the nearest later one
    if there is none, or if there are more than 150 % of its cooperatives.
    """
    pulled = _pulled(source_url)
    row_ids = {table: [_row_id(table, row) for row in rows] for table, rows in pulled.items()}
    everything = "\n".join(sorted(id for ids in row_ids.values() for id in ids))
    content_id = hashlib.sha256(everything.encode()).hexdigest()
    snapshot_id = hashlib.sha256(f"{speaks_of}\n{content_id}".encode()).hexdigest()[:16]
    row_counts = {table: len(rows) for table, rows in pulled.items()}

    with connection.transaction():
        lock(connection, REGISTRY)
        nearest, nearest_row_counts = _nearest_snapshot(connection, speaks_of, snapshot_id)
        shrunk, grown = _shrunk(row_counts, nearest_row_counts), _grown(row_counts, nearest_row_counts)
        if (shrunk or grown) and not (allow_because or "").strip():
            found = f"far fewer rows than {_named(nearest, speaks_of)}: {shrunk}"
            if grown:
                found = f"far more rows than {_named(nearest, speaks_of)}, perhaps of another area: {grown}"
            raise RegistryImplausible(
                f"The registry of {speaks_of} has {found}."
                " Nothing was stored. If this is correct, pull again with a reason:"
                f' htx pull-registry --as-of {speaks_of} --allow-change "..."'
            )
        is_changed = not _exists(
            connection, "select from raw.registry_contents where content_id = %s limit 1", content_id
        )
        if is_changed:
            _write_content(connection, content_id, pulled, row_ids)
        is_new = not _exists(connection, "select from raw.registry_snapshots where snapshot_id = %s", snapshot_id)
        connection.execute(
            "insert into raw.registry_snapshots as known"
            " (snapshot_id, speaks_of, content_id, row_counts, shrink_allowed_because) values (%s, %s, %s, %s, %s)"
            # A larger snapshot of an earlier day was pulled since: the gate of builds requires a reason.
            " on conflict (snapshot_id) do update set shrink_allowed_because = excluded.shrink_allowed_because"
            " where known.shrink_allowed_because is null and excluded.shrink_allowed_because is not null",
            [snapshot_id, speaks_of, content_id, json.dumps(row_counts), allow_because if shrunk or grown else None],
        )
    return PulledRegistry(snapshot_id, content_id, speaks_of, row_counts, is_new, is_changed)


def _pulled(source_url: str) -> dict[str, list[tuple[str | None, ...]]]:
    """Table -> its distinct rows as text, in the order of the contract's columns."""
    try:
        url = sqlalchemy.make_url(source_url)
        _require_file(url)
        engine = sqlalchemy.create_engine(url)
        try:
            # One transaction: a consistent snapshot of the three tables, if the source supports it.
            with engine.connect() as source, source.begin():
                return {table: _rows(source, table, columns) for table, columns in TABLES.items()}
        finally:
            engine.dispose()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:
        # The first line is the database's message; the others quote the statement.
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise RegistryUnreadable(f"The registry cannot be read: {reason}") from error


def _require_file(url: sqlalchemy.URL) -> None:
    """Reject a missing SQLite file, which would be created empty."""
    path = url.database
    if url.get_backend_name() != "sqlite" or not path or path == ":memory:" or path.startswith("file:"):
        return
    if not Path(path).is_file():
        raise RegistryUnreadable(f"The registry cannot be read: the file {path} does not exist")


def _rows(source: sqlalchemy.Connection, table: str, columns: list[str]) -> list[tuple[str | None, ...]]:
    selected: sqlalchemy.Select = sqlalchemy.select(*map(sqlalchemy.column, columns))
    found = source.execute(selected.select_from(sqlalchemy.table(table)))
    rows = {tuple(_text(name, value) for name, value in zip(columns, row, strict=True)): None for row in found}
    return list(rows)


def _text(column: str, value: object) -> str | None:
    """The value as text, the same for every kind of source database."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if column in YES_NO_COLUMNS:
        word = folded(str(value)).lower()
        return "true" if word in YES else "false" if word in NO else word
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if column.endswith(DAY_SUFFIXES) else _instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    text = folded(str(value))
    if column.endswith(INSTANT_SUFFIX) and len(text) > len(date.min.isoformat()):  # a day alone stays a day
        with suppress(ValueError):
            return _instant_text(datetime.fromisoformat(text))
    return text


def _instant_text(instant: datetime) -> str:
    """Local time without its offset, with a blank before the hour, as a registry that has no timestamps writes it."""
    local = instant.astimezone(VIET_NAM) if instant.tzinfo else instant
    return local.replace(tzinfo=None).isoformat(" ")


def _row_id(table: str, row: tuple[str | None, ...]) -> str:
    return hashlib.sha256(json.dumps([table, *row], ensure_ascii=False).encode()).hexdigest()[:32]


def _nearest_snapshot(
    connection: psycopg.Connection, speaks_of: date, snapshot_id: str
) -> tuple[date | None, dict[str, int]]:
    """Day and row counts of the snapshot to compare with; None if there is none."""
    found = connection.execute(
        # before the first snapshot only the next one can be compared
        "select speaks_of, row_counts from raw.registry_snapshots where snapshot_id <> %(snapshot_id)s"
        " order by speaks_of > %(day)s, abs(speaks_of - %(day)s), pulled_at desc limit 1",
        {"snapshot_id": snapshot_id, "day": speaks_of},
    ).fetchone()
    return found or (None, {})


def _named(nearest: date | None, speaks_of: date) -> str:
    if nearest is None:
        return "any registry"
    return f"that of {nearest}" + (" (no earlier one exists)" if nearest > speaks_of else "")


def _shrunk(row_counts: dict[str, int], nearest: dict[str, int]) -> str:
    """The tables that shrank too far, in words; empty if none did."""
    fallen = [
        f"{table} {count} of {nearest[table]}"
        for table, count in row_counts.items()
        if count < LEAST_SHARE * nearest.get(table, 0)
    ]
    if not nearest and not row_counts["cooperatives"]:
        fallen.append("cooperatives 0")
    return ", ".join(fallen)


def _grown(row_counts: dict[str, int], nearest: dict[str, int]) -> str:
    """The cooperatives, if there are far more, in words; empty if not."""
    count, before = row_counts["cooperatives"], nearest.get("cooperatives", 0)
    return f"cooperatives {count} of {before}" if before and count > LARGEST_SHARE * before else ""


def _exists(connection: psycopg.Connection, query: str, value: str) -> bool:
    return connection.execute(query, [value]).fetchone() is not None


def _write_content(
    connection: psycopg.Connection,
    content_id: str,
    pulled: dict[str, list[tuple[str | None, ...]]],
    row_ids: dict[str, list[str]],
) -> None:
    """Store the rows that no earlier content has, and the list of rows of this content."""
    for table, rows in pulled.items():
        place = sql.Identifier("raw", f"registry_{table}")
        known = {
            id
            for (id,) in connection.execute(
                sql.SQL("select row_id from {} where row_id = any(%s)").format(place), [row_ids[table]]
            )
        }
        new = ((id, *row) for id, row in zip(row_ids[table], rows, strict=True) if id not in known)
        copy_rows(connection, f"raw.registry_{table}", ["row_id", *TABLES[table]], new)
    contents = ((content_id, table, id) for table, ids in row_ids.items() for id in ids)
    copy_rows(connection, "raw.registry_contents", ["content_id", "table_name", "row_id"], contents)
