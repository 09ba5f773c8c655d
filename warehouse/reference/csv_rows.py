"""The one reader of CSV files: rows of text with their file and row number, and typed access to their cells."""

import csv
import io
import re
from dataclasses import dataclass, fields
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

T = TypeVar("T")


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
        allowed = "a date written YYYY-MM-DD"
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


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file in UTF-8, blank lines left out. Raises InvalidReferenceData."""
    # strict: an unbalanced quotation mark would swallow the rows after it
    lines = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    rows, number = [], 1
    try:
        columns = next(lines, [])
        if len(columns) < 2:
            raise InvalidReferenceData(
                f"{path.name}, row 1: the names of the columns must be separated by commas,"
                f" but found is «{''.join(columns)}»."
            )
        number = lines.line_num + 1
        for cells in lines:
            if any(cells[len(columns) :]):
                raise InvalidReferenceData(
                    f"{path.name}, row {number}: {len(columns)} cells are allowed, one a column,"
                    f" but found are {len(cells)}; a text with a comma must be in quotation marks."
                )
            if cells:
                rows.append(Row(path.name, number, dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))))
            number = lines.line_num + 1
    except csv.Error:
        raise InvalidReferenceData(
            f"{path.name}, row {number}: a quotation mark is not closed; inside a text it must be doubled."
        ) from None
    return rows


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InvalidReferenceData(f"{path.name}: the file is missing in {path.parent}.") from None
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidReferenceData(f"{path.name}, row {number}: the file must be saved as CSV in UTF-8.") from None
