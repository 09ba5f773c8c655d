"""Figures and missing figures as a Vietnamese office writes them: 1.234,5 · 72,7%."""

from dataclasses import dataclass
from decimal import Decimal

from reporting.content.tables import Column
from warehouse.reference.dates_vi import day_vi, instant_vi
from warehouse.reference.numbers_vi import MISSING, number_vi
from warehouse.reference.phrases import phrase

PERCENT = "percent"
WHETHER = "0/1"
YES_NO = {True: phrase("yes"), False: phrase("no")}
# shown in place of a missing figure, by its value status
INSTEAD = {"not_applicable": MISSING}
INSTEAD |= {status: phrase(status) for status in ("not_reported", "suppressed", "under_five")}
# the maximum of decimals, by unit of measure; others have none
DECIMALS = {"million VND": 1}


@dataclass(frozen=True)
class NumberStyle:
    """How the numbers of a column are written: `decimals` at most, or exactly where they are `fixed`."""

    decimals: int
    fixed: bool = False
    signed: bool = False
    suffix: str = ""

    def text(self, value: Decimal | float | None) -> str:
        if value is None:
            return MISSING
        return number_vi(value, self.decimals, fixed=self.fixed, signed=self.signed) + self.suffix


def style_of(kind: str, unit: str | None, percent_decimals: int = 1) -> NumberStyle | None:
    """The style of a kind of column and a unit of measure (a code: percent, million VND, person ...); None where the
    kind is not of numbers. A change has its sign, of percentages in points, without %; a pace is an amount per year."""
    of_unit = DECIMALS.get(unit or "", 0)
    decimals = {
        "figure": of_unit,
        "goal": of_unit,
        "change": of_unit,
        "pace": 1,
        "integer": 0,
        "decimal": 1,
        "money": 1,
    }
    is_signed = kind == "change"
    if kind == "percent" or (kind in ("figure", "goal", "change", "pace") and unit == PERCENT):
        return NumberStyle(percent_decimals, kind != "goal", is_signed, "" if is_signed else "%")
    return NumberStyle(decimals[kind], signed=is_signed) if kind in decimals else None


def percent(value: Decimal | float | None, decimals: int = 1) -> str:
    """72,7%, of a value from 0 to 100."""
    return NumberStyle(decimals, True, suffix="%").text(value)


def figure(value: Decimal | None, unit: str | None, status: str | None = None, percent_decimals: int = 1) -> str:
    """A figure of a unit of measure, or the word for a missing one."""
    if unit == WHETHER and value is not None:
        return YES_NO[value == 1]
    style = style_of("figure", unit, percent_decimals)
    return INSTEAD.get(status or "", MISSING) if value is None or style is None else style.text(value)


def cell(column: Column, row: dict, percent_decimals: int = 1) -> str:
    """The text of a cell in Word or HTML; empty where a text is missing. A percentage has beside it what it is made of,
    since what is under the line changes."""
    value, unit = row[column.code], unit_of(column, row)
    if column.kind == "figure":
        status = row.get(f"{column.code}_status", row.get("value_status") if column.code == "value" else None)
        text = figure(value, unit, status, percent_decimals)
        over, under = row.get(f"{column.code}_numerator"), row.get(f"{column.code}_denominator")
        has_parts = unit == PERCENT and value is not None and under is not None
        return f"{text} ({number_vi(over or 0, 0)}/{number_vi(under, 0)})" if has_parts else text
    if style := style_of(column.kind, unit, percent_decimals):
        return style.text(value)
    match column.kind:
        case "date":
            return day_vi(value)
        case "instant":
            return instant_vi(value)
        case "boolean":
            return "" if value is None else YES_NO[value]
        case _:
            return "" if value is None else str(value)


def unit_of(column: Column, row: dict) -> str | None:
    """The code of the unit of measure of a figure in a row."""
    return row.get(f"{column.code}_unit", row.get("unit"))
