"""Rows of totals among the rows of a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ingestion.workbook.cells import Broken, Cell, meant_text
from warehouse.reference.forms import Sheet
from warehouse.reference.names import folded

LABEL = re.compile(
    r"(?:(?:[ivx]+|[a-z]|\d+)[.)] ?)?(?:tổng cộng|tổng số|tổng|cộng|toàn huyện|toàn xã|toàn tỉnh|total|grand total"
    r"|sum)(?![^\W\d_])(?! hợp).*|.*\btotal",
    re.IGNORECASE,
)
NOT_ADDED_UP = frozenset({"year", "month", "star"})
"""units of figures that nobody adds up"""
NUMBERS = frozenset({"integer", "number", "money"})


@dataclass(frozen=True)
class TotalRow:
    """A row that calls itself a total."""

    label: str
    is_sum: bool
    """whether it is the sum of rows beside it"""
    wrong: dict[str, tuple[str, str]]
    """of one that is not: field code -> what it says, what the rows above it add up to"""


def total_label(row: Sequence[Cell]) -> tuple[int, str] | None:
    """The column and words with which a row calls itself a total: its first text, before any number."""
    for index, cell in enumerate(row):
        if isinstance(cell, str) and not isinstance(cell, Broken) and cell.strip():
            text = folded(meant_text(cell))
            if LABEL.fullmatch(text):
                return index, text
            if not text.strip("-–—.").strip():
                continue
            return None
    return None


def total_rows(
    sheet: Sheet, rows: list[dict[str, str]], labels: dict[int, tuple[str, str | None]]
) -> dict[int, TotalRow]:
    """Which of the rows that call themselves totals are the sum of what they total.

    `rows`: what was read, in order. `labels`: place of such a row -> its words, and the field that they stand in.
    A total may add up the rows since the last total, all above it, all below it, or those up to the next total.
    A row that says more than its label and numbers is no total.
    """
    found: dict[int, TotalRow] = {}
    for place, (label, label_field) in labels.items():
        numbers = _numbers(sheet, rows[place])
        others = {code for code in rows[place] if sheet.by_code[code].type not in NUMBERS} - {label_field, "note"}
        if others or not numbers:
            continue
        best: dict[str, tuple[str, str]] | None = None
        for members in _candidates(place, len(rows), set(labels)):
            sums = _sums(sheet, [rows[member] for member in members])
            wrong = {
                code: (rows[place][code], _text(sums.get(code, Decimal())))
                for code, number in numbers.items()
                if number is None or number != sums.get(code, Decimal())
            }
            best = wrong if best is None or len(wrong) < len(best) else best
        if best is not None:
            found[place] = TotalRow(label, not best, best)
    return found


def _candidates(place: int, size: int, totals: set[int]) -> list[list[int]]:
    above = [each for each in range(place) if each not in totals]
    below = [each for each in range(place + 1, size) if each not in totals]
    last = max((each for each in totals if each < place), default=-1)
    following = min((each for each in totals if each > place), default=size)
    since = [each for each in above if each > last]
    until = [each for each in below if each < following]
    return [members for members in (since, above, until, below) if members]


def _numbers(sheet: Sheet, row: dict[str, str]) -> dict[str, Decimal | None]:
    """The figures of a row that can be added up; None for one that could not be read."""
    fields = {code: sheet.by_code[code] for code in row}
    return {
        code: _decimal(row[code])
        for code, each in fields.items()
        if each.type in NUMBERS and each.unit not in NOT_ADDED_UP
    }


def _sums(sheet: Sheet, rows: list[dict[str, str]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        for code, number in _numbers(sheet, row).items():
            sums[code] = sums.get(code, Decimal()) + (number or 0)
    return sums


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _text(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
