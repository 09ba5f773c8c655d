"""What is written down about each piece of dirt: where it lies, and what must come of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from htx.example.reports.report import Value

READ, FOUND, UNCHANGED, REJECTED = "read", "found", "unchanged", "rejected"
"""outcomes: the cell is read as meant, without a word; a rule names the cell; every cell of the sheet is read as if
the dirt were not there; the file goes back by a rule"""

Rules = tuple[str, ...]
"""codes of the rules that must name the cell; `V03|V07`: one of the two"""


@dataclass(frozen=True)
class Dirt:
    """One dirty cell, row, sheet or file.

    `value`: the canonical text that the cell must be read as, "" for a blank; None where that is not promised.
    `cell`: as the finding names it, or the dirtied cell.
    """

    outcome: str
    sheet_code: str = ""
    row_number: int | None = None
    field_code: str = ""
    cell: str = ""
    written: str = ""
    value: str | None = None
    rules: Rules = ()
    dirt_class: str = ""
    path: str = ""

    def of(self, dirt_class: str, path: str) -> "Dirt":
        return replace(self, dirt_class=dirt_class, path=path)


def canonical(value: Value | Decimal) -> str:
    """How the warehouse writes down what a sender meant: 45, 1234.5, YYYY-MM-DD, C or K, a code, a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "C" if value else "K"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return str(int(value)) if value == int(value) else str(value)
    return str(value)
