"""Cells: their values, with what only the parts of the workbook tell about them, and their addresses (A1, AA10)."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""as the reader of workbooks gives it: text as typed, a number, a date; "" or None for an empty cell"""

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""day 0 of the two calendars of workbooks"""

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
LAST_ROW_NUMBER, LAST_COLUMN_NUMBER = 1_048_576, 16_384


class DecodedText(str):
    """Text decoded from a legacy encoding, or repaired mojibake; `sent` is the original."""

    __slots__ = ("sent",)
    sent: str

    def __new__(cls, text: str, sent: str) -> "DecodedText":
        cell = super().__new__(cls, text)
        cell.sent = sent
        return cell


class AmbiguousText(str):
    """Text that is kept as sent, though it may be in a legacy encoding; `alternative` is the text decoded."""

    __slots__ = ("alternative",)
    alternative: str

    def __new__(cls, text: str, alternative: str) -> "AmbiguousText":
        cell = super().__new__(cls, text)
        cell.alternative = alternative
        return cell


class BrokenValue(str):
    """The name of an error (#REF!), or a formula without a value."""

    __slots__ = ()


class Percentage(float):
    """A number with a percentage format: 0.85 shown as 85%."""

    __slots__ = ()


def sent_text(cell: Cell) -> str:
    """The cell as text, as sent: what was typed, a number with all its digits, a date in ISO 8601."""
    if isinstance(cell, DecodedText):
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
    """The cell as text, decoded."""
    return str.__str__(cell) if isinstance(cell, str) else sent_text(cell)


def number_text(value: int | float | Decimal) -> str:
    """The number in plain decimals, with the 15 significant digits that workbooks keep."""
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
    """Whether the cell contains anything but blanks."""
    return not (cell == "" or cell is None or (isinstance(cell, str) and cell.isspace()))


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """The address of a row and column, both from 0."""
    return f"{column_letter(column)}{row + 1}"


def parse_address(text: str) -> tuple[int, int] | None:
    """Row and column, both from 0; None if the text is not the address of a cell."""
    match = ADDRESS.fullmatch(text)
    if not match or int(match[2]) > LAST_ROW_NUMBER or column_index(match[1]) >= LAST_COLUMN_NUMBER:
        return None
    return int(match[2]) - 1, column_index(match[1])
