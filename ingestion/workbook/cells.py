"""What stands in a cell of a workbook, and what of it only the workbook's own parts can tell."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""what the reader of workbooks gives: text as typed, a number, a day; "" or None for an empty cell"""

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""day 0 of the two calendars that a workbook may count its days in"""


class Decoded(str):
    """Text that was typed in an encoding of before Unicode, or garbled on its way: the letters that were meant."""

    __slots__ = ("sent",)

    def __new__(cls, text: str, sent: str) -> "Decoded":
        cell = super().__new__(cls, text)
        cell.sent = sent
        return cell


class Doubtful(str):
    """Text that is kept as it stands, though it may be meant in an older encoding, where it says something else."""

    __slots__ = ("other",)

    def __new__(cls, text: str, other: str) -> "Doubtful":
        cell = super().__new__(cls, text)
        cell.other = other
        return cell


class Broken(str):
    """What stands where a value should be: the name of an error (#REF!), or a formula that has no value."""

    __slots__ = ()


class Percentage(float):
    """A number that its cell shows as a percentage: 0.85 that reads 85%."""

    __slots__ = ()


def sent_text(cell: Cell) -> str:
    """The cell as text, as it was sent: what was typed, a number with all its digits, a day as in ISO 8601."""
    if isinstance(cell, Decoded):
        return cell.sent
    if isinstance(cell, str):
        return str(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Percentage):
        return f"{number_text(Decimal(f'{cell:.15g}') * 100)}%"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def meant_text(cell: Cell) -> str:
    """The cell as text, in the letters that were meant."""
    return str.__str__(cell) if isinstance(cell, str) else sent_text(cell)


def number_text(value: int | float | Decimal) -> str:
    """The number in plain decimals. A workbook keeps 15 digits: the binary noise behind them is nobody's figure."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        value = Decimal(f"{value:.15g}")
    if isinstance(value, int):
        return str(value)
    if not value.is_finite():
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def is_filled(cell: Cell) -> bool:
    """Whether anything stands in the cell."""
    return not (cell == "" or cell is None or (isinstance(cell, str) and cell.isspace()))
