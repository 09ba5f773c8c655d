"""The one reader of CSV files: rows of text with their file and row number, and typed access to their cells.

A file may be saved as Excel saves it: UTF-8 with or without BOM, or UTF-16; separated by commas, semicolons or tabs;
with DD/MM/YYYY, decimal commas and TRUE. The cells read are then those of the plain form: YYYY-MM-DD, a decimal point,
true. What would have to be guessed is refused (docs/decisions/0049-csv-as-excel-saves-it.md)."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

T = TypeVar("T")
SEPARATORS = (",", ";", "\t")
DAY_FIRST = re.compile("([0-9]{2})/(0[0-9]|1[0-2])/([0-9]{4})")
SLASHED = re.compile("[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
DECIMAL_COMMA = re.compile(r"-?[0-9]+,(?![0-9]{3}$)[0-9]+")  # three digits may be thousands
SAVE_AS = "save the file as «CSV UTF-8 (Comma delimited)»"


class InvalidReferenceData(Exception):
    """A CSV file cannot be used; the sentence names file, row and column, and what is allowed there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a CSV file. Its cells are read by column; the typed readers raise InvalidReferenceData."""

    file_name: str
    number: int
    """as an editor counts: the column names are row 1"""
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The text of a cell, empty when there is none. Raises InvalidReferenceData for an unknown column."""
        try:
            return self.cells[column]
        except KeyError:
            found = ", ".join(f"«{name}»" for name in self.cells)
            raise InvalidReferenceData(
                f"{self.file_name}, row 1: the column {column} is missing; the file has {found}."
            ) from None

    def one_of(self, column: str, *allowed: str) -> str:
        if self[column] not in allowed:
            *most, last = (each or "empty" for each in allowed)
            raise self.invalid(column, f"{', '.join(most)} or {last}")
        return self[column]

    def is_yes(self, column: str) -> bool:
        return self.one_of(column, "yes", "no") == "yes"

    def integer(self, column: str) -> int:
        return int(self.matching(column, "-?[0-9]+", "a whole number"))

    def decimal(self, column: str) -> float:
        return float(self.matching(column, r"-?[0-9]+(\.[0-9]+)?", "a number with a point before its decimals"))

    def decimal_or_none(self, column: str) -> float | None:
        return self.decimal(column) if self[column] else None

    def day(self, column: str) -> date:
        allowed = "a date written YYYY-MM-DD, or DD/MM/YYYY in the whole file"
        text = self.matching(column, "[0-9]{4}-[0-9]{2}-[0-9]{2}", allowed)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.invalid(column, allowed) from None

    def items(self, column: str) -> tuple[str, ...]:
        """The texts of a cell that lists several, separated by semicolons."""
        return tuple(each.strip() for each in self[column].split(";") if each.strip())

    def as_instance(self, of: type[T], **columns: str) -> T:
        """The row as an instance of a dataclass: each field from the column of its name, or from the one that
        `columns` names, read by its type."""
        names = {each.name: (columns.get(each.name, each.name), each.type) for each in fields(of)}  # type: ignore[arg-type]
        return of(**{name: self._typed(column, type_) for name, (column, type_) in names.items()})

    def _typed(self, column: str, type_: Any) -> Any:
        if get_origin(type_) is Literal:
            return self.one_of(column, *get_args(type_))
        if type(None) in get_args(type_):
            return self._typed(column, get_args(type_)[0]) if self[column] else None
        readers = {str: Row.__getitem__, int: Row.integer, float: Row.decimal, bool: Row.is_yes, date: Row.day}
        return readers[type_](self, column)

    def matching(self, column: str, pattern: str, allowed: str) -> str:
        """The text of a cell that matches the pattern; `allowed` describes the pattern in words."""
        if not re.fullmatch(pattern, self[column]):
            raise self.invalid(column, allowed)
        return self[column]

    def invalid(self, column: str, allowed: str) -> InvalidReferenceData:
        found = f"«{self[column]}»" if self[column] else "empty"
        return InvalidReferenceData(f"{self.file_name}, row {self.number}: {column} must be {allowed}, but is {found}.")


def read_rows(path: Path, may_be_empty: bool = False) -> list[Row]:
    """The rows of a CSV file, blank ones left out. Raises InvalidReferenceData, also for a table without rows, unless
    it `may_be_empty`."""
    _, rows = _read(path)
    if not (rows or may_be_empty):
        raise InvalidReferenceData(f"{path.name}, row 2: the table has no rows; at least one is required.")
    return rows


def read_table(path: Path) -> list[list[str]]:
    """The cells of a CSV file, the names of the columns first. Raises InvalidReferenceData."""
    columns, rows = _read(path)
    return [columns, *(list(row.cells.values()) for row in rows)]


def _read(path: Path) -> tuple[list[str], list[Row]]:
    text = _decoded(path)
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    lines = _lines(path.name, text, separator)
    number, names = next(lines, (1, []))
    columns = _columns(path.name, number, names)
    rows = []
    for number, cells in lines:
        _require_legible(path.name, number, columns, cells)
        if len(cells) > len(names) or any(cells[len(columns) :]):
            raise InvalidReferenceData(
                f"{path.name}, row {number}: {len(columns)} cells are allowed, one a column,"
                f" but found are {len(cells)}; a text with a comma must be in quotation marks."
            )
        if any(cells):
            rows.append(Row(path.name, number, dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))))
    return columns, _in_plain_form(rows, separator)


def _columns(file_name: str, number: int, names: list[str]) -> list[str]:
    """The names of the columns, without the blank ones that Excel appends."""
    columns = names[: max((place for place, name in enumerate(names, 1) if name), default=0)]
    _require_legible(file_name, number, ["the name of a column"] * len(columns), columns)
    if len(columns) < 2:
        raise InvalidReferenceData(
            f"{file_name}, row {number}: the names of the columns must be separated by commas, semicolons or tabs,"
            f" but found is «{''.join(columns)}»."
        )
    if repeated := [name for place, name in enumerate(columns) if name in columns[:place]]:
        raise InvalidReferenceData(f"{file_name}, row {number}: the column «{repeated[0]}» is there twice.")
    return columns


def _lines(file_name: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, with its number."""
    # strict: an unbalanced quotation mark would swallow the rows after it
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    number = 1
    try:
        for cells in lines:
            yield number, cells
            number = lines.line_num + 1
    except csv.Error:
        raise InvalidReferenceData(
            f"{file_name}, row {number}: a quotation mark is not closed; inside a text it must be doubled."
        ) from None


def _in_plain_form(rows: list[Row], separator: str) -> list[Row]:
    """The rows without what Excel makes of dates, decimal numbers and true.

    Vietnamese Excel writes DD/MM/YYYY, American Excel M/D/YYYY. Where one such date of the file is not of the
    Vietnamese form, none is read as a date."""
    dates = [cell for row in rows for cell in row.cells.values() if SLASHED.fullmatch(cell)]
    is_day_first = all(DAY_FIRST.fullmatch(date) for date in dates)

    def plain(cell: str) -> str:
        if is_day_first and (found := DAY_FIRST.fullmatch(cell)):
            return "-".join(reversed(found.groups()))
        if separator != "," and DECIMAL_COMMA.fullmatch(cell):
            return cell.replace(",", ".")
        return cell.lower() if cell in ("TRUE", "FALSE") else cell

    return [Row(row.file_name, row.number, {name: plain(cell) for name, cell in row.cells.items()}) for row in rows]


def _require_legible(file_name: str, number: int, columns: list[str], cells: list[str]) -> None:
    """Refuse a cell with bytes that are no text in UTF-8, or with a NUL."""
    for column, cell in zip_longest(columns, cells, fillvalue=""):
        if any(letter in "\0\ufffd" or "\udc80" <= letter <= "\udcff" for letter in cell):
            legible = cell.replace("\0", "").encode(errors="replace").decode()
            raise InvalidReferenceData(
                f"{file_name}, row {number}: {column or 'a cell without column'} is not text in UTF-8, but"
                f" «{legible}»: {SAVE_AS}."
            )


def _decoded(path: Path) -> str:
    """The text of a file; bytes that are not UTF-8 as lone surrogates, which _require_legible refuses."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InvalidReferenceData(f"{path.name}: the file is missing in {path.parent}.") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="surrogateescape")
