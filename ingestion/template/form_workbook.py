"""The form as an officer sees it: one workbook for one unit and year, written from the form's own description.

No field is known by name except those of the cover that identify form and unit; a new version of the form is rows in
seeds/form_*.csv.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter

from ingestion.template.cell_validation import add_validation, advice
from ingestion.template.form_styles import FormStyles
from ingestion.template.reproducible_xlsx import as_bytes
from ingestion.template.shown_lists import ShownLists
from ingestion.workbook.own_markup import LISTS_SHEET
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Field, Form, Sheet
from warehouse.reference.reference_data import Reference
from warehouse.reference.spreadsheets import FORMULA_STARTS

CODE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
SPARE_ROWS = 500
"""rows below the filled ones that still have drop-down lists and checks"""
PRINTED_WIDTH = 190
"""characters of columns on a page of A4 across that can still be read"""
WIDTHS = {"integer": 13, "money": 14, "number": 14, "date": 13, "boolean": 11, "code": 26, "text": 24}
LEGEND = "Dòng, cột có dấu * là bắt buộc. Ô không có số liệu thì để trống; ghi 0 chỉ khi số liệu là 0."
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Value = str | int | float | Decimal | date | bool | None


def write_workbook(
    form: Form,
    reference: Reference,
    cover: Mapping[str, Value],
    sheets: Mapping[str, Sequence[Mapping[str, Value]]],
    unit: RosterUnit,
) -> bytes:
    """The form of one unit and year as the bytes of an xlsx workbook, filled in with what is given.

    `cover`: field code -> value; version, unit and year are known without it. `sheets`: sheet code -> rows of
    field code -> value. Sheets that do not apply to the unit are left out unless rows are given for them. A code
    is shown with its Vietnamese label, a bool as C or K; other text goes into its cell as it is, and never as a
    formula. The same arguments give the same bytes. KeyError for a sheet or field that the form does not have.
    """
    _require_known(form, cover, sheets)
    cycle = reference.cycles[unit.year]
    known: dict[str, Value] = {
        "form_version": form.version,
        "reporting_unit_code": unit.code,
        "reporting_unit_name": reference.unit_name(unit),
        "report_year": unit.year,
    }
    values = {code: value for code, value in known.items() if code in form.cover.by_code} | dict(cover)
    data_to = values.get("data_to")
    workbook = Workbook(write_only=True)
    context = _Context(
        form=form,
        reference=reference,
        unit=unit,
        latest_day=cycle.locked_from,
        styles=FormStyles(workbook),
        lists=ShownLists(reference, unit, data_to if isinstance(data_to, date) else cycle.data_window_to),
    )
    _write_cover(workbook[COVER], context, values)
    for code, sheet in form.sheets.items():
        if code != COVER and (sheets.get(code) or reference.sheet_applies(sheet, unit)):
            _write_sheet(workbook.create_sheet(code), context, sheet, sheets.get(code, ()))
    _write_lists(workbook.create_sheet(LISTS_SHEET), context)
    return as_bytes(workbook)


@dataclass(frozen=True)
class _Context:
    """What every part of one workbook needs to know."""

    form: Form
    reference: Reference
    unit: RosterUnit
    latest_day: date
    styles: FormStyles
    lists: ShownLists


def _require_known(form: Form, cover: Mapping[str, Value], sheets: Mapping[str, Sequence[Mapping[str, Value]]]) -> None:
    unknown = set(sheets) - (set(form.sheets) - {COVER})
    if unknown:
        raise KeyError(f"form {form.version} has no sheet of rows {', '.join(sorted(unknown))}")
    for code, rows in {COVER: [cover], **sheets}.items():
        unknown = {name for row in rows for name in row} - set(form.sheets[code].by_code)
        if unknown:
            raise KeyError(f"sheet {code} of form {form.version} has no field {', '.join(sorted(unknown))}")


def _write_cover(sheet, context: _Context, values: Mapping[str, Value]) -> None:
    fields = [
        field
        for field in context.form.cover.fields
        if values.get(field.field_code) is not None or not _is_nil_of_foreign_sheet(field, context)
    ]
    styles = context.styles
    _columns(sheet, {"A": 18, "B": 46, "C": 44, "D": 58})
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "C4"
    _set_up_printing(sheet, context, context.form.cover, header_rows=None)
    head = (
        (f"BÁO CÁO NĂM {context.unit.year}", styles.text(bold=True, size=14)),
        (context.reference.unit_name(context.unit), styles.text(bold=True, size=12)),
        (LEGEND, styles.text(grey=True)),
    )
    for text, style in head:
        sheet.append([None, _cell(sheet, text, style)])
    for number, field in enumerate(fields, start=len(head) + 1):
        sheet.append(
            [
                _cell(sheet, field.field_code, styles.text(grey=True)),
                _cell(sheet, field.header_vi, styles.header(field, centre=False)),
                _data_cell(sheet, context, field, values.get(field.field_code), left=True),
                _cell(sheet, advice(field), styles.text(grey=True, wrap=True)),
            ]
        )
        add_validation(sheet, field, f"C{number}", context.lists, context.latest_day)


def _write_sheet(sheet, context: _Context, form: Sheet, rows: Sequence[Mapping[str, Value]]) -> None:
    styles, last = context.styles, FIRST_ROW + len(rows) + SPARE_ROWS
    wide = len(form.fields) > 8
    sheet.freeze_panes = f"C{FIRST_ROW}" if wide else f"A{FIRST_ROW}"
    sheet.row_dimensions[CODE_ROW].hidden = True
    widths: dict[str, float] = {}
    for number, field in enumerate(form.fields, start=1):
        letter = get_column_letter(number)
        widths[letter] = WIDTHS[field.type] if wide or field.type != "text" else 2 * WIDTHS["text"]
        add_validation(sheet, field, f"{letter}{FIRST_ROW}:{letter}{last}", context.lists, context.latest_day)
    _columns(sheet, widths)
    _set_up_printing(
        sheet, context, form, f"{HEADER_ROW}:{HEADER_ROW}", pages_wide=ceil(sum(widths.values()) / PRINTED_WIDTH)
    )
    for letter, field in zip(widths, form.fields, strict=True):
        sheet.column_dimensions[letter]._style = styles.data(field, border=False)
    lines = max(
        ceil((len(field.header_vi) + 12) / width) for field, width in zip(form.fields, widths.values(), strict=False)
    )
    sheet.row_dimensions[HEADER_ROW].height = 15 * max(2, lines) + 6

    sheet.append([_cell(sheet, field.field_code, styles.text(grey=True)) for field in form.fields])
    sheet.append([_cell(sheet, field.header_vi, styles.header(field)) for field in form.fields])
    for row in rows:
        sheet.append([_data_cell(sheet, context, field, row.get(field.field_code)) for field in form.fields])


def _write_lists(sheet, context: _Context) -> None:
    sheet.sheet_state = "hidden"
    plain, columns = context.styles.text(), context.lists.columns()
    for number in range(max(map(len, columns), default=0)):
        sheet.append([_cell(sheet, each[number], plain) if number < len(each) else None for each in columns])


def _data_cell(sheet, context: _Context, field: Field, value: Value, left: bool = False) -> WriteOnlyCell:
    if isinstance(value, bool):
        value = "C" if value else "K"
    elif isinstance(value, str) and field.type == "code" and field.code_list != "reporting_units":
        value = context.lists.shown(field.code_list).get(value, value) if field.code_list else value
    escaped = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return _cell(sheet, value, context.styles.data(field, escaped=escaped, left=left))


def _cell(sheet, value: Value, style: StyleArray) -> WriteOnlyCell:
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        cell._style = style  # after the value: a date would bring its own number format
        return cell
    cell = WriteOnlyCell(sheet)
    cell._value = ILLEGAL.sub(" ", value)[:32_767]  # what a cell can hold
    cell.data_type = "s"  # never a formula, whatever it begins with
    cell._style = style
    return cell


def _columns(sheet, widths: Mapping[str, float]) -> None:
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width


# Excel stores these settings before the rows: they must be set before the first row is written.
def _set_up_printing(sheet, context: _Context, form: Sheet, header_rows: str | None, pages_wide: int = 1) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    if header_rows:
        sheet.print_title_rows = header_rows
    if pages_wide > 1:
        sheet.print_title_cols = "A:B"
    # An ampersand begins a field code in headers and footers.
    name = context.reference.unit_name(context.unit).replace("&", "&&")
    sheet.HeaderFooter.oddHeader.center.text = f"{form.sheet_code} {form.title_vi} - {name} - {context.unit.year}"
    sheet.HeaderFooter.oddFooter.center.text = "&P/&N"


def _is_nil_of_foreign_sheet(field: Field, context: _Context) -> bool:
    """A nil cell of a sheet that this unit does not fill in."""
    sheet = context.form.sheets.get(field.field_code.removeprefix("nil_"))
    return sheet is not None and not context.reference.sheet_applies(sheet, context.unit)
