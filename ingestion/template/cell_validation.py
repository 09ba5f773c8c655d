"""What Excel allows in a cell of the form, and how it advises the officer who fills it in."""

from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation

from ingestion.template.form_styles import UNITS_SHOWN
from ingestion.template.shown_lists import ShownLists
from warehouse.reference.forms import Field
from warehouse.reference.phrases import phrase

EARLIEST_DAY = date(1950, 1, 1)
"""before any organisation of the registry"""
TYPES_EXPLAINED = ("integer", "money", "number", "date", "boolean", "code", "mark")
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
    check.promptTitle, check.prompt = phrase("input_title"), advice(field, definition)[:LONGEST_PROMPT]
    check.errorTitle, check.error = phrase("input_wrong"), f"{field.header_vi}: {advice(field)}"[:220]
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
        if field.unit in UNITS_SHOWN and field.unit != "year":
            words.append(phrase("input_unit", unit=phrase(f"unit.{field.unit}")))
        is_figure = field.minimum is not None
        words.append(phrase("input_required_figure" if is_figure else "input_required") if field.required else "")
        return " ".join(word for word in words if word)
    words = [phrase(f"input.{field.type}") if field.type in TYPES_EXPLAINED else ""]
    if field.unit in UNITS_SHOWN and field.unit != "year":
        words.append(phrase("input_unit", unit=phrase(f"unit.{field.unit}")))
    if field.minimum is not None:
        words.append(phrase("input_least", least=f"{field.minimum:g}"))
    words.append(phrase("input_required") if field.required else "")
    return " ".join(word for word in words if word)


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days
