"""The form as an officer sees it: one workbook for one unit and year, written from the form's own description.

Nothing here knows a field by name but those of the cover that say which form and unit this is; a new version of
the form is rows in seeds/form_*.csv.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from ingestion.workbook.annotations import HEADER_FILLS
from ingestion.workbook.own_markup import LISTS_SHEET
from warehouse.reference.catalogue import Reference
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Field, Form, Sheet

CODE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
SPARE_ROWS = 500
"""rows below the filled ones that still have drop-down lists and checks"""
PRINTED_WIDTH = 190
"""characters of columns on a page of A4 across that can still be read"""
EARLIEST_DAY = date(1950, 1, 1)
"""before any organisation of the registry"""
UNIT_WORDS = {
    "person": "người",
    "million VND": "triệu đồng",
    "year": "năm",
    "month": "tháng",
    "star": "sao",
    "attendance": "lượt người",
    "certificate": "chứng chỉ",
    "organisation": "HTX/THT",
    "event": "lần",
}
TYPE_WORDS = {
    "integer": "Số nguyên, không ghi dấu phân cách hay chữ.",
    "money": "Số; phần lẻ theo dấu thập phân của máy.",
    "number": "Số; phần lẻ theo dấu thập phân của máy.",
    "date": "Ngày/tháng/năm.",
    "boolean": "C nếu có, K nếu không.",
    "code": "Chọn trong danh sách.",
}
FORMATS = {"integer": "#,##0", "money": "#,##0.0##", "number": "General", "date": "dd/mm/yyyy", "text": "@"}
WIDTHS = {"integer": 13, "money": 14, "number": 14, "date": 13, "boolean": 11, "code": 26, "text": 24}
LEGEND = "Dòng, cột có dấu * là bắt buộc. Ô không có số liệu thì để trống; ghi 0 chỉ khi số liệu là 0."
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Zip and workbook carry the moment of writing; a fixed one makes equal forms equal bytes.
WRITTEN_AT = datetime(2000, 1, 1)

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
    known = {
        "form_version": form.version,
        "reporting_unit_code": unit.code,
        "reporting_unit_name": reference.unit_name(unit),
        "report_year": unit.year,
    }
    values = {code: value for code, value in known.items() if code in form.cover.by_code} | dict(cover)
    data_to = values.get("data_to")
    workbook = Workbook(write_only=True)
    desk = _Desk(
        form=form,
        reference=reference,
        unit=unit,
        day=data_to if isinstance(data_to, date) else cycle.data_window_to,
        latest_day=cycle.locked_from,
        styles=_Styles(workbook),
        lists={},
    )
    _written_cover(workbook[COVER], desk, values)
    for code, sheet in form.sheets.items():
        if code != COVER and (sheets.get(code) or reference.sheet_applies(sheet, unit)):
            _written_sheet(workbook.create_sheet(code), desk, sheet, sheets.get(code, ()))
    _written_lists(workbook.create_sheet(LISTS_SHEET), desk)
    return as_bytes(workbook)


def shown_code(code: str, label: str) -> str:
    """How a code stands in a cell: codes that people quote (T01, IV.1.a, 25195) with their label, others as it."""
    return f"{code} - {label}" if any(sign.isdigit() for sign in code) else label


@dataclass(frozen=True)
class _Desk:
    """What every part of one workbook needs to know."""

    form: Form
    reference: Reference
    unit: RosterUnit
    day: date
    latest_day: date
    styles: "_Styles"
    lists: dict[str, dict[str, str]]
    """the code lists in use: list -> code -> how it is shown"""

    def shown(self, code_list: str) -> dict[str, str]:
        """The codes of a list as this unit needs them: its own communes, its own code, all of any other."""
        if code_list not in self.lists:
            if code_list == "communes":
                communes = self.reference.units.communes_at(self.day, self.unit.uid)
                codes = {commune.code: commune.name_full for commune in communes}
            else:
                codes = self.reference.codes(code_list, self.unit.year, self.day)
            self.lists[code_list] = {code: shown_code(code, label) for code, label in codes.items()}
        return self.lists[code_list]


class _Styles:
    """The styles of one workbook, each made once: setting fonts and fills cell by cell takes most of the time."""

    def __init__(self, workbook: Workbook) -> None:
        self.cell = WriteOnlyCell(workbook.create_sheet(COVER))
        line = Side(style="thin", color="BFBFBF")
        self.border = Border(left=line, right=line, top=line, bottom=line)
        self.known: dict[tuple, StyleArray] = {}

    def header(self, field: Field, *, centre: bool = True) -> StyleArray:
        """Unit and * are part of the number format: the header's own text stays what the form says."""
        unit = f" ({UNIT_WORDS.get(field.unit, field.unit)})" if field.unit in UNIT_WORDS else ""
        marks = unit + (" *" if field.required else "")
        fill = HEADER_FILLS[0] if field.required else HEADER_FILLS[1]
        return self._style(
            format=f'@"{marks}"' if marks else "@", bold=True, fill=fill, centre=centre, wrap=True, border=True
        )

    def data(self, field: Field, *, border: bool = True, escaped: bool = False, left: bool = False) -> StyleArray:
        # A year is a number that nobody reads with a thousands separator.
        shape = "0" if field.unit == "year" else FORMATS.get(field.type, "General")
        wrap = field.type in ("text", "code")
        return self._style(format=shape, border=border, escaped=escaped, wrap=wrap, left=left)

    def text(self, *, bold: bool = False, size: int = 11, grey: bool = False, wrap: bool = False) -> StyleArray:
        return self._style(format="General", bold=bold, size=size, grey=grey, wrap=wrap)

    def _style(
        self,
        format: str,
        bold: bool = False,
        size: int = 11,
        grey: bool = False,
        fill: str | None = None,
        centre: bool = False,
        wrap: bool = False,
        border: bool = False,
        escaped: bool = False,
        left: bool = False,
    ) -> StyleArray:
        key = (format, bold, size, grey, fill, centre, wrap, border, escaped, left)
        if key not in self.known:
            cell = self.cell
            cell._style = StyleArray()
            cell.font = Font(name="Times New Roman", size=size, bold=bold, color="7F7F7F" if grey else "000000")
            cell.alignment = Alignment(
                horizontal="center" if centre else "left" if left else None,
                vertical="center" if centre else "top",
                wrap_text=wrap or centre,
            )
            cell.number_format = format
            if fill:
                cell.fill = PatternFill("solid", fgColor=fill)
            if border:
                cell.border = self.border
            # What Excel does with a leading apostrophe: the text stays text also when the cell is edited.
            cell.quotePrefix = escaped
            self.known[key] = cell._style
        return self.known[key]


def _require_known(form: Form, cover: Mapping[str, Value], sheets: Mapping[str, Sequence[Mapping[str, Value]]]) -> None:
    unknown = set(sheets) - (set(form.sheets) - {COVER})
    if unknown:
        raise KeyError(f"form {form.version} has no sheet of rows {', '.join(sorted(unknown))}")
    for code, rows in {COVER: [cover], **sheets}.items():
        unknown = {name for row in rows for name in row} - set(form.sheets[code].by_code)
        if unknown:
            raise KeyError(f"sheet {code} of form {form.version} has no field {', '.join(sorted(unknown))}")


def _written_cover(sheet, desk: _Desk, values: Mapping[str, Value]) -> None:
    fields = [
        field
        for field in desk.form.cover.fields
        if values.get(field.field_code) is not None or not _speaks_of_a_sheet_of_others(field, desk)
    ]
    styles = desk.styles
    _columns(sheet, {"A": 18, "B": 46, "C": 44, "D": 58})
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "C4"
    _printed(sheet, desk, desk.form.cover, header_rows=None)
    head = (
        (f"BÁO CÁO NĂM {desk.unit.year}", styles.text(bold=True, size=14)),
        (desk.reference.unit_name(desk.unit), styles.text(bold=True, size=12)),
        (LEGEND, styles.text(grey=True)),
    )
    for text, style in head:
        sheet.append([None, _cell(sheet, text, style)])
    for number, field in enumerate(fields, start=len(head) + 1):
        sheet.append(
            [
                _cell(sheet, field.field_code, styles.text(grey=True)),
                _cell(sheet, field.header_vi, styles.header(field, centre=False)),
                _data_cell(sheet, desk, field, values.get(field.field_code), left=True),
                _cell(sheet, _advice(field), styles.text(grey=True, wrap=True)),
            ]
        )
        _validated(sheet, desk, field, f"C{number}")


def _written_sheet(sheet, desk: _Desk, form: Sheet, rows: Sequence[Mapping[str, Value]]) -> None:
    styles, last = desk.styles, FIRST_ROW + len(rows) + SPARE_ROWS
    wide = len(form.fields) > 8
    sheet.freeze_panes = f"C{FIRST_ROW}" if wide else f"A{FIRST_ROW}"
    sheet.row_dimensions[CODE_ROW].hidden = True
    widths: dict[str, float] = {}
    for number, field in enumerate(form.fields, start=1):
        letter = get_column_letter(number)
        widths[letter] = WIDTHS[field.type] if wide or field.type != "text" else 2 * WIDTHS["text"]
        _validated(sheet, desk, field, f"{letter}{FIRST_ROW}:{letter}{last}")
    _columns(sheet, widths)
    _printed(sheet, desk, form, f"{HEADER_ROW}:{HEADER_ROW}", pages_wide=ceil(sum(widths.values()) / PRINTED_WIDTH))
    for letter, field in zip(widths, form.fields, strict=True):
        sheet.column_dimensions[letter]._style = styles.data(field, border=False)
    lines = max(
        ceil((len(field.header_vi) + 12) / width) for field, width in zip(form.fields, widths.values(), strict=False)
    )
    sheet.row_dimensions[HEADER_ROW].height = 15 * max(2, lines) + 6

    sheet.append([_cell(sheet, field.field_code, styles.text(grey=True)) for field in form.fields])
    sheet.append([_cell(sheet, field.header_vi, styles.header(field)) for field in form.fields])
    for row in rows:
        sheet.append([_data_cell(sheet, desk, field, row.get(field.field_code)) for field in form.fields])


def _written_lists(sheet, desk: _Desk) -> None:
    """Two columns a list, codes and what is shown, from row 2; `_list_range` says where."""
    sheet.sheet_state = "hidden"
    plain = desk.styles.text()
    columns: list[list[str]] = []
    for name, codes in desk.lists.items():
        columns += [[name, *codes], ["", *codes.values()]]
    height = max(map(len, columns), default=0)
    for number in range(height):
        sheet.append([_cell(sheet, each[number], plain) if number < len(each) else None for each in columns])


def _list_range(desk: _Desk, code_list: str) -> str:
    column = get_column_letter(2 * list(desk.lists).index(code_list) + 2)
    last = len(desk.lists[code_list]) + 1
    return f"{quote_sheetname(LISTS_SHEET)}!${column}$2:${column}${last}"


def _validated(sheet, desk: _Desk, field: Field, cells: str) -> None:
    check = _check(desk, field)
    if check is None:
        return
    check.allow_blank = True
    check.showInputMessage = check.showErrorMessage = True
    check.promptTitle, check.prompt = "Cách ghi", _advice(field)[:250]
    check.errorTitle, check.error = "Chưa đúng", f"{field.header_vi}: {_advice(field)}"[:220]
    check.add(cells)
    sheet.data_validations.append(check)


def _check(desk: _Desk, field: Field) -> DataValidation | None:
    if field.code_list == "reporting_units":
        return None  # the form is written for its unit: nothing to choose
    if field.code_list:
        shown = desk.shown(field.code_list)
        if not shown:
            return None
        if field.type != "code":
            return DataValidation(type="list", formula1=f'"{",".join(shown)}"')
        # A warning, not a stop: the code itself is as good as its label.
        return DataValidation(type="list", formula1=_list_range(desk, field.code_list), errorStyle="warning")
    if field.type == "boolean":
        return DataValidation(type="list", formula1='"C,K"')
    if field.type == "date":
        bounds = (str(_serial(EARLIEST_DAY)), str(_serial(desk.latest_day)))
        return DataValidation(type="date", operator="between", formula1=bounds[0], formula2=bounds[1])
    if field.type in ("integer", "money", "number"):
        kind = "whole" if field.type == "integer" else "decimal"
        least = "-1000000000000" if field.minimum is None else f"{field.minimum:g}"
        return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=least)
    return None


def _advice(field: Field) -> str:
    """How to fill the cell in, in one or two Vietnamese sentences."""
    words = [TYPE_WORDS.get(field.type, "")]
    if field.unit in UNIT_WORDS and field.unit != "year":
        words.append(f"Đơn vị: {UNIT_WORDS[field.unit]}.")
    if field.minimum is not None:
        words.append(f"Từ {field.minimum:g} trở lên.")
    words.append("Bắt buộc." if field.required else "")
    return " ".join(word for word in words if word)


def _data_cell(sheet, desk: _Desk, field: Field, value: Value, left: bool = False) -> WriteOnlyCell:
    if isinstance(value, bool):
        value = "C" if value else "K"
    elif isinstance(value, str) and field.type == "code" and field.code_list != "reporting_units":
        value = desk.shown(field.code_list).get(value, value) if field.code_list else value
    escaped = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return _cell(sheet, value, desk.styles.data(field, escaped=escaped, left=left))


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


# What is set here stands before the rows in the file: it must be set before the first row is written.
def _printed(sheet, desk: _Desk, form: Sheet, header_rows: str | None, pages_wide: int = 1) -> None:
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
    name = desk.reference.unit_name(desk.unit).replace("&", "&&")
    sheet.HeaderFooter.oddHeader.center.text = f"{form.sheet_code} {form.title_vi} - {name} - {desk.unit.year}"
    sheet.HeaderFooter.oddFooter.center.text = "&P/&N"


def _speaks_of_a_sheet_of_others(field: Field, desk: _Desk) -> bool:
    """A nil cell of a sheet that this unit does not fill in."""
    sheet = desk.form.sheets.get(field.field_code.removeprefix("nil_"))
    return sheet is not None and not desk.reference.sheet_applies(sheet, desk.unit)


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


class _Undated(zipfile.ZipFile):
    """An archive whose entries carry no moment of writing."""

    def writestr(self, name, data, *_args, **_kwargs) -> None:
        entry = zipfile.ZipInfo(str(name), date_time=WRITTEN_AT.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(entry, data)

    def write(self, filename, arcname=None, *_args, **_kwargs) -> None:
        with open(filename, "rb") as part:
            self.writestr(arcname or filename, part.read())


def as_bytes(workbook: Workbook) -> bytes:
    """The workbook saved; the same content gives the same bytes."""
    workbook.properties.creator = "htx"
    workbook.properties.created = workbook.properties.modified = WRITTEN_AT
    target = io.BytesIO()
    # Not workbook.save: that puts the present moment into the properties.
    ExcelWriter(workbook, _Undated(target, "w")).save()
    return target.getvalue()
