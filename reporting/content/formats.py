"""Numbers, dates and missing figures as a Vietnamese office writes them: 1.234,5 · 72,7% · 05/02/2022."""

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


def percent(value: Decimal | float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """72,7%, of a value from 0 to 100."""
    return MISSING if value is None else number_vi(value, decimals, signed=signed) + "%"


def figure(value: Decimal | None, unit: str | None, status: str | None = None, percent_decimals: int = 1) -> str:
    """A figure of a unit of measure (a code: percent, million VND, person ...), or the word for a missing one."""
    if value is None:
        return INSTEAD.get(status or "", MISSING)
    if unit == PERCENT:
        return percent(value, percent_decimals)
    return number_vi(value, DECIMALS.get(unit or "", 0), fixed=False)


def change(value: Decimal | None, unit: str | None, percent_decimals: int = 1) -> str:
    """The difference of two figures, with its sign; of percentages in points, without %."""
    if value is None:
        return MISSING
    if unit == PERCENT:
        return number_vi(value, percent_decimals, signed=True)
    return number_vi(value, DECIMALS.get(unit or "", 0), fixed=False, signed=True)


def pace(value: Decimal | None, unit: str | None, percent_decimals: int = 1) -> str:
    """An amount per year, with one decimal."""
    return percent(value, percent_decimals) if unit == PERCENT else number_vi(value, 1, fixed=False)


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
    unit = unit_of(column, row)
    status = row.get(f"{column.code}_status", row.get("value_status") if column.code == "value" else None)
    match column.kind:
        case "figure":
            return figure(value, unit, status, percent_decimals)
        case "change":
            return change(value, unit, percent_decimals)
        case "pace":
            return pace(value, unit, percent_decimals)
        case "percent":
            return percent(value, percent_decimals)
        case "integer":
            return number_vi(value)
        case "decimal" | "money":
            return number_vi(value, 1, fixed=False)
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
