"""Rows of totals among the rows of a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingestion.form.numbers import decimal_or_none
from ingestion.workbook.cells import BrokenValue, Cell, meant_text, number_text
from warehouse.reference.forms import Sheet
from warehouse.reference.names import folded

LABEL = re.compile(
    r"(?:(?:[ivx]+|[a-z]|\d+)[.)] ?)?(?:tổng cộng|tổng số|tổng|cộng|toàn huyện|toàn xã|toàn tỉnh|total|grand total"
    r"|sum)(?![^\W\d_])(?! hợp).*|.*\btotal",
    re.IGNORECASE,
)
NOT_ADDED_UP = frozenset({"year", "month", "star"})
"""units of figures that have no meaningful sum"""
NUMBERS = frozenset({"integer", "number", "money"})


@dataclass(frozen=True)
class TotalRow:
    """A row labelled as a total."""

    label: str
    is_sum: bool
    """whether it is the sum of neighbouring rows"""
    wrong: dict[str, tuple[str, str]]
    """if it is not: field code -> the figure given, the sum computed"""


def total_label(row: Sequence[Cell]) -> tuple[int, str] | None:
    """Column and text of the label of a total: the first text of the row, before any number."""
    for index, cell in enumerate(row):
        if isinstance(cell, str) and not isinstance(cell, BrokenValue) and cell.strip():
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
    """The totals among the rows labelled as such, compared with the sum of the rows that they total.

    `rows`: parsed values, in order. `labels`: place of a labelled row -> its label, and the field with the label.
    A total may cover the rows since the last total, all above it, all below it, or those up to the next total.
    A row with more than a label and numbers is not a total.
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
                code: (rows[place][code], number_text(sums.get(code, Decimal())))
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
    """The figures of a row that can be added up; None for one that could not be parsed."""
    fields = {code: sheet.by_code[code] for code in row}
    return {
        code: decimal_or_none(row[code])
        for code, each in fields.items()
        if each.type in NUMBERS and each.unit not in NOT_ADDED_UP
    }


def _sums(sheet: Sheet, rows: list[dict[str, str]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        for code, number in _numbers(sheet, row).items():
            sums[code] = sums.get(code, Decimal()) + (number or 0)
    return sums
