"""The rows that rules check: typed values beside their place in a file, and figures computed from several fields."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from expectations.validation import ROW
from ingestion.form.dates import date_or_none
from ingestion.form.submission import Submission
from warehouse.reference.forms import COVER, Sheet

TEXT = "_text"
# A commune may be given by its name alone.
GIVEN_INSTEAD = {"commune_code": "commune_name"}


@dataclass(frozen=True)
class Total:
    """A figure computed from several fields of a row, for rules to compare with; missing when a part is missing."""

    sheet_code: str
    name: str
    parts: tuple[str, ...]
    combine: Callable[[list[float]], float] = sum
    blank_is_zero: bool = False

    def of(self, values: dict[str, object]) -> float | None:
        """From the typed values of a row."""
        parts = [values.get(part) for part in self.parts]
        numbers = [float(part) for part in parts if isinstance(part, float)]
        complete = numbers if self.blank_is_zero else numbers if len(numbers) == len(parts) else []
        return float(self.combine(complete)) if complete else None


TOTALS = (
    Total("01_HTX", "most_of_women", ("women_members", "women_workers"), max),
    Total("01_HTX", "women_members_and_workers", ("women_members", "women_workers")),
    Total("01_HTX", "other_workers", ("workers", "women_workers"), lambda parts: parts[0] - parts[1]),
    Total("02_THT", "women_members_and_workers", ("women_members", "women_workers")),
    Total(
        "04_DAO_TAO",
        "people_of_all_groups",
        ("women_managers", "members_and_workers", "union_members", "union_officers"),
        blank_is_zero=True,
    ),
)


@dataclass(frozen=True)
class Place:
    """Where a row of a frame comes from: a row of a sheet, or the cover (row_number None)."""

    submission: Submission
    sheet_code: str
    row_number: int | None = None
    sent: dict[str, str] = field(default_factory=dict, repr=False)
    read: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def sheet(self) -> Sheet:
        return self.submission.form.sheets[self.sheet_code]

    @property
    def day(self) -> date | None:
        """The day on which codes of the row must be in use: the row's own, else the last of the figures."""
        return date_or_none(self.read.get(self.sheet.day_field or "")) or self.submission.data_to

    def cell(self, field_code: str) -> str | None:
        """The address of a field's cell, None where the file has no such column or line."""
        if self.sheet_code == COVER:
            return self.submission.cover_cells.get(field_code)
        letter = self._letter(field_code)
        return f"{letter}{self.row_number}" if letter else None

    def value(self, field_code: str) -> str | None:
        """The text of the field's cell: as sent where that is kept, else as read."""
        if self.sheet_code == COVER:
            return self.read.get(field_code)
        return self.sent.get(self._letter(field_code) or "", self.read.get(field_code))

    def _letter(self, field_code: str) -> str | None:
        columns = self.submission.sheets[self.sheet_code].columns
        return columns.get(field_code) or columns.get(GIVEN_INSTEAD.get(field_code, ""))


@dataclass
class Frame:
    """Rows of one kind over the whole batch, each with its place."""

    places: list[Place] = field(default_factory=list)
    repeated: dict[int, list[Place]] = field(default_factory=dict)
    """row -> further places with the same content, where a frame keeps equal rows once"""
    rows: list[dict[str, object]] = field(default_factory=list)
    """column -> value; absent columns are missing values. `<field>_text` is not stored: it is read from the place"""

    def add(self, place: Place, values: dict[str, object]) -> None:
        """Append a row."""
        self.rows.append(values)
        self.places.append(place)

    def places_of(self, row: int) -> list[Place]:
        """All places with the content of a row."""
        return [self.places[row], *self.repeated.get(row, ())]

    def value(self, row: int, column: str):
        """The value of a column in a row, None where it is missing."""
        return self.rows[row].get(column)

    def _values(self, column: str) -> list:
        field_code, is_text, _ = column.partition(TEXT)
        if is_text:
            return [place.read.get(field_code) for place in self.places]
        return [row.get(column) for row in self.rows]

    def data(self, columns: set[str]) -> pd.DataFrame:
        """These columns, and `_row`, as pandas has them: numbers float64, days datetime64, the rest text."""
        series = {ROW: range(len(self.rows))}
        for name in sorted(columns):
            series[name] = _series(self._values(name))
        return pd.DataFrame(series)


def _series(values: list) -> pd.Series:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, (float, int, Decimal)):
        return pd.Series(values, dtype="float64")
    if isinstance(first, datetime):
        return pd.to_datetime(pd.Series(values), utc=True)
    if isinstance(first, date):
        return pd.to_datetime(pd.Series(values, dtype="object"))
    return pd.Series(values, dtype="object")
