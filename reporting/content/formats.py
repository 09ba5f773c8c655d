"""Numbers, dates and missing figures as a Vietnamese office writes them: 1.234,5 · 72,7% · 05/02/2022."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from reporting.content.tables import Column
from warehouse.reference.numbers_vi import MISSING, number_vi
from warehouse.reference.time_zone import VIET_NAM

PERCENT = "percent"
YES_NO = {True: "Có", False: "Không"}
# shown in place of a missing figure, by its value status
INSTEAD = {"not_reported": "Chưa báo cáo", "suppressed": "…", "not_applicable": MISSING}
# the maximum of decimals, by unit of measure; others have none
DECIMALS = {"million VND": 1}
# Decree 30/2020/NĐ-CP: days, and the months 1 and 2, have two digits
TWO_DIGIT_MONTHS = (1, 2)


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
    decimals = {"figure": of_unit, "change": of_unit, "pace": 1, "integer": 0, "decimal": 1, "money": 1}
    is_signed = kind == "change"
    if kind == "percent" or (kind in ("figure", "change", "pace") and unit == PERCENT):
        return NumberStyle(percent_decimals, True, is_signed, "" if is_signed else "%")
    return NumberStyle(decimals[kind], signed=is_signed) if kind in decimals else None


def percent(value: Decimal | float | None, decimals: int = 1) -> str:
    """72,7%, of a value from 0 to 100."""
    return NumberStyle(decimals, True, suffix="%").text(value)


def figure(value: Decimal | None, unit: str | None, status: str | None = None, percent_decimals: int = 1) -> str:
    """A figure of a unit of measure, or the word for a missing one."""
    style = style_of("figure", unit, percent_decimals)
    return INSTEAD.get(status or "", MISSING) if value is None or style is None else style.text(value)


def day(value: date | None) -> str:
    """05/02/2022; an instant is that of Viet Nam."""
    return MISSING if value is None else f"{in_viet_nam(value):%d/%m/%Y}"


def instant(value: datetime | None) -> str:
    """08:00 05/02/2022, in Viet Nam."""
    return MISSING if value is None else f"{in_viet_nam(value):%H:%M %d/%m/%Y}"


def day_in_words(value: date) -> str:
    """ngày 05 tháng 02 năm 2022, with the leading zeros that the decree requires."""
    local = in_viet_nam(value)
    month = f"{local.month:02}" if local.month in TWO_DIGIT_MONTHS else str(local.month)
    return f"ngày {local.day:02} tháng {month} năm {local.year}"


def cell(column: Column, row: dict, percent_decimals: int = 1) -> str:
    """The text of a cell in Word or HTML; empty where a text is missing."""
    value = row[column.code]
    if column.kind == "figure":
        status = row.get(f"{column.code}_status", row.get("value_status") if column.code == "value" else None)
        return figure(value, unit_of(column, row), status, percent_decimals)
    if style := style_of(column.kind, unit_of(column, row), percent_decimals):
        return style.text(value)
    match column.kind:
        case "date":
            return day(value)
        case "instant":
            return instant(value)
        case "boolean":
            return "" if value is None else YES_NO[value]
        case _:
            return "" if value is None else str(value)


def unit_of(column: Column, row: dict) -> str | None:
    """The code of the unit of measure of a figure in a row."""
    return row.get(f"{column.code}_unit", row.get("unit"))


def in_viet_nam(value: date) -> date:
    """A day unchanged, an instant in Viet Nam's time."""
    return local_time(value) if isinstance(value, datetime) else value


def local_time(value: datetime) -> datetime:
    """An instant in Viet Nam's time; one without an offset is UTC."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(VIET_NAM)
