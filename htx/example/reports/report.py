"""What the parts of the example hand to each other: a report as its unit means it, and a day's registry."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

Value = Any
"""str, int, float, bool, date or None: the form's field says which, and no type checker follows that"""
ListRow = dict[str, Value]
"""one row of a sheet: field code -> value; a blank cell is None or absent"""

LOCAL_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""no daylight saving, so a fixed offset is the zone"""
FIRST_DATA_ROW = 3
"""of every sheet but the cover: the code row and the header row stand above"""


@dataclass(frozen=True)
class Report:
    """One file that a unit sends, before it is a workbook.

    `received_at` is an aware instant. `nil` holds the sheets whose nil cell says C. `accepted` is what a reader who
    knows the rules would decide.
    """

    unit_code: str
    report_year: int
    received_at: datetime
    data_from: date
    data_to: date
    sheets: dict[str, list[ListRow]]
    nil: frozenset[str] = frozenset()
    folder: str = ""
    file_name: str = ""
    report_kind: str = "annual"
    submission_kind: str = "first"
    value_kind: str = "estimate"
    data_scope: str | None = None
    document_number: str = ""
    signed_on: date | None = None
    signer_title: str | None = None
    accepted: bool = True
    note: str = field(default="", compare=False)

    @property
    def verdict(self) -> str:
        return "accepted" if self.accepted else "rejected"

    @property
    def path(self) -> str:
        """Of the file inside the example's folder."""
        return f"inbox/{self.folder}/{self.file_name}"


@dataclass(frozen=True)
class Snapshot:
    """The registry as it stood on a day: the rows of the contract's three tables."""

    speaks_of: date
    cooperatives: tuple[ListRow, ...]
    managers: tuple[ListRow, ...]
    classifications: tuple[ListRow, ...] = ()

    @property
    def path(self) -> str:
        """Of the database inside the example's folder."""
        return f"registry/{self.speaks_of}.sqlite"

    @property
    def pulled_at(self) -> datetime:
        """In the evening of the day that it speaks of."""
        return datetime.combine(self.speaks_of, time(23), LOCAL_TIME)
