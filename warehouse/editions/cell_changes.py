"""The diff of cells: rows of new files against the rows that they superseded."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

# Rows are matched by unit, year, sheet and key: a correction may stand on another line than the row it corrects.
NEW_ROWS = """
    select rows.submission_id, files.reporting_unit_code, files.report_year, rows.sheet_code, rows.row_number,
        rows.row_key, rows.sent, rows.read, sheets.columns
    from raw.sheet_rows as rows
    inner join raw.received_files as files on rows.submission_id = files.submission_id
    left join raw.sheets as sheets
        on rows.submission_id = sheets.submission_id and rows.sheet_code = sheets.sheet_code
    where rows.submission_id = any(%(new)s)
    order by files.received_at, files.submission_id, rows.sheet_code, rows.row_number
"""
# of a row that several files had changed, the last version before
OLD_ROWS = """
    select rows.submission_id, rows.reporting_unit_code, rows.report_year, rows.sheet_code, rows.row_number,
        rows.row_key, rows.sent, rows.read, sheets.columns, rows.superseded_by
    from raw.superseded_rows as rows
    inner join raw.submission_orders as orders on rows.submission_id = orders.submission_id
    left join raw.sheets as sheets
        on rows.submission_id = sheets.submission_id and rows.sheet_code = sheets.sheet_code
    where rows.superseded_by = any(%(new)s) and rows.submission_id = any(%(old)s)
    order by orders.submission_order, rows.sheet_code, rows.row_number
"""
SUPERSEDED = "select submission_id, sheet_code, row_number from raw.superseded_rows where submission_id = any(%(new)s)"


@dataclass(frozen=True)
class CellChange:
    """A changed cell of a new file; values as sent, None where there was no row or no value."""

    submission_id: str
    """the new file: it has the cell, or left its row out"""
    reporting_unit_code: str
    report_year: int
    sheet_code: str
    row_number: int | None
    """None where the row was left out"""
    row_key: str
    """unique in its sheet"""
    field_code: str
    cell: str | None
    old_value: str | None
    new_value: str | None


def cells_changed(connection: psycopg.Connection, new: Collection[str], old: Collection[str]) -> list[CellChange]:
    """The cells that differ between accepted files, both given by submission_id; in the order of receipt.

    A new row has a change for each of its cells, a row that a full replacement left out for each that it had."""
    if not new:
        return []
    files = {"new": list(new), "old": list(old)}
    cursor = connection.cursor(row_factory=namedtuple_row)
    superseded = set(connection.execute(SUPERSEDED, files).fetchall())
    new_rows: list[Any] = cursor.execute(NEW_ROWS, files).fetchall()
    in_force = [row for row in new_rows if (row.submission_id, row.sheet_code, row.row_number) not in superseded]
    before = {_key(row): row for row in cursor.execute(OLD_ROWS, files)}
    found: list[CellChange] = []
    for row in in_force:
        found += _changes(row, before.pop(_key(row), None))
    for row in before.values():
        found += _left_out(row)
    return found


def _key(row: Any) -> tuple:
    return row.reporting_unit_code, row.report_year, row.sheet_code, _name(row)


def _name(row: Any) -> str:
    return row.row_key if row.row_key is not None else f"row {row.row_number}"


def _changes(row: Any, was: Any) -> Iterator[CellChange]:
    for field in _in_order(row, {**row.read, **(was.read if was else {})}):
        if was is not None and was.read.get(field) == row.read.get(field):
            continue
        letter = (row.columns or {}).get(field)
        yield CellChange(
            row.submission_id, row.reporting_unit_code, row.report_year, row.sheet_code, row.row_number, _name(row),
            field, f"{letter}{row.row_number}" if letter else None, _sent(was, field) if was else None,
            _sent(row, field),
        )  # fmt: skip


def _left_out(was: Any) -> Iterator[CellChange]:
    for field in _in_order(was, was.read):
        yield CellChange(
            was.superseded_by, was.reporting_unit_code, was.report_year, was.sheet_code, None, _name(was), field,
            None, _sent(was, field), None,
        )  # fmt: skip


def _in_order(row: Any, fields: Iterable[str]) -> list[str]:
    """Fields by their columns, from the left."""
    letters = row.columns or {}
    return sorted(fields, key=lambda field: (len(letters.get(field, "")), letters.get(field, ""), field))


def _sent(row: Any, field: str) -> str | None:
    """The cell's text as sent; as parsed where its column is unknown."""
    letter = (row.columns or {}).get(field)
    return row.sent.get(letter) if letter in row.sent else row.read.get(field)
