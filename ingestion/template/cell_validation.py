"""What Excel allows in a cell of the form, and how it advises the officer who fills it in."""

from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation

from ingestion.template.form_styles import UNIT_WORDS
from ingestion.template.shown_lists import ShownLists
from warehouse.reference.forms import Field

EARLIEST_DAY = date(1950, 1, 1)
"""before any organisation of the registry"""
TYPE_WORDS = {
    "integer": "Số nguyên, không ghi dấu phân cách hay chữ.",
    "money": "Số; phần lẻ theo dấu thập phân của máy.",
    "number": "Số; phần lẻ theo dấu thập phân của máy.",
    "date": "Ngày/tháng/năm.",
    "boolean": "C nếu có, K nếu không.",
    "code": "Chọn trong danh sách.",
    "mark": "Đánh dấu x.",
}
LONGEST_PROMPT = 255
"""characters that Excel shows"""
MARK = "x"


def add_validation(
    sheet, field: Field, cells: str, lists: ShownLists, latest_day: date, definition: str | None = None
) -> None:
    """Give the cells of a field its drop-down list or bounds, and the advice on how to fill them in."""
    check = _check(field, lists, latest_day) or (DataValidation() if definition else None)
    if check is None:
        return
    check.allow_blank = True
    check.showInputMessage = check.showErrorMessage = True
    check.promptTitle, check.prompt = "Cách ghi", advice(field, definition)[:LONGEST_PROMPT]
    check.errorTitle, check.error = "Chưa đúng", f"{field.header_vi}: {advice(field)}"[:220]
    check.add(cells)
    sheet.data_validations.append(check)


def _check(field: Field, lists: ShownLists, latest_day: date) -> DataValidation | None:
    if field.code_list == "reporting_units":
        return None  # the form is written for its unit: nothing to choose
    if field.code_list:
        shown = lists.shown(field.code_list)
        if not shown:
            return None
        if field.type != "code":
            return DataValidation(type="list", formula1=f'"{",".join(shown)}"')
        # A warning, not a stop: the code itself is as good as its label.
        return DataValidation(type="list", formula1=lists.range_of(field.code_list), errorStyle="warning")
    if field.type == "boolean":
        return DataValidation(type="list", formula1='"C,K"')
    if field.type == "mark":
        return DataValidation(type="list", formula1=f'"{MARK}"', errorStyle="warning")
    if field.type == "date":
        bounds = (str(_serial(EARLIEST_DAY)), str(_serial(latest_day)))
        return DataValidation(type="date", operator="between", formula1=bounds[0], formula2=bounds[1])
    if field.type in ("integer", "money", "number"):
        kind = "whole" if field.type == "integer" else "decimal"
        least = "-1000000000000" if field.minimum is None else f"{field.minimum:g}"
        return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=least)
    return None


def advice(field: Field, definition: str | None = None) -> str:
    """How to fill the cell in, in Vietnamese: what belongs there, or its type; its unit, and whether it is required."""
    if definition:
        words = [definition]
        if field.unit in UNIT_WORDS and field.unit != "year":
            words.append(f"Đơn vị: {UNIT_WORDS[field.unit]}.")
        is_figure = field.minimum is not None
        words.append(("Bắt buộc, không có thì ghi 0." if is_figure else "Bắt buộc.") if field.required else "")
        return " ".join(word for word in words if word)
    words = [TYPE_WORDS.get(field.type, "")]
    if field.unit in UNIT_WORDS and field.unit != "year":
        words.append(f"Đơn vị: {UNIT_WORDS[field.unit]}.")
    if field.minimum is not None:
        words.append(f"Từ {field.minimum:g} trở lên.")
    words.append("Bắt buộc." if field.required else "")
    return " ".join(word for word in words if word)


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days
