"""The form as an officer sees it: one workbook for one unit and year, written from the form's own description.

No field is known by name except those of the cover that identify form and unit; a new version of the form is rows in
seeds/form_*.csv.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter

from ingestion.template.cell_validation import MARK, add_validation, advice
from ingestion.template.form_styles import FormStyles
from ingestion.template.guide_sheet import WIDTHS as GUIDE_WIDTHS
from ingestion.template.guide_sheet import guide_rows
from ingestion.template.last_year_sheet import WIDTHS as LAST_YEAR_WIDTHS
from ingestion.template.last_year_sheet import last_year_rows
from ingestion.template.page_setup import PageSetup, protect
from ingestion.template.reproducible_xlsx import as_bytes
from ingestion.template.shown_lists import ShownLists
from ingestion.workbook.own_markup import GUIDE_SHEET, LAST_YEAR_SHEET, LISTS_SHEET
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Field, Form, Sheet
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference
from warehouse.reference.spreadsheets import FORMULA_STARTS

CODE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
SPARE_ROWS = 500
"""rows below the filled ones that still have drop-down lists and checks"""
RULED_ROWS = 12
"""blank rows with lines on a sheet that may be filled in on paper"""
LINE_HEIGHT = 15
COVER_WIDTHS: dict[str, float] = {"A": 18, "B": 46, "C": 44, "D": 58}
GUIDED_COVER_WIDTHS: dict[str, float] = {"A": 18, "B": 46, "C": 34, "D": 84}
GUIDED_WIDTHS = {
    "integer": 10, "money": 11, "number": 11, "date": 12, "boolean": 9, "mark": 9, "code": 18, "text": 19,
}  # fmt: skip
"""of forms that are printed without shrinking letters below 9 points"""
LISTED_WIDTH = 36
"""of the column with the codes that the form lists"""
WIDTHS = {"integer": 13, "money": 14, "number": 14, "date": 13, "boolean": 11, "mark": 11, "code": 26, "text": 24}
CLOSED = "D9D9D9"
"""the fill of a cell that asks for nothing"""
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
IDENTIFYING = ("form_version", "reporting_unit_code", "reporting_unit_name", "report_year")
"""lines of the cover that the form itself fills in"""
Value = str | int | float | Decimal | date | bool | None


def write_workbook(
    form: Form,
    reference: Reference,
    cover: Mapping[str, Value],
    sheets: Mapping[str, Sequence[Mapping[str, Value]]],
    unit: RosterUnit,
    last_year: Mapping[str, Sequence[Mapping[str, Value]]] | None = None,
    first_late_day: date | None = None,
) -> bytes:
    """The form of one unit and year as the bytes of an xlsx workbook, filled in with what is given.

    `cover`: field code -> value; version, unit and year are known without it. `sheets`: sheet code -> rows of field
    code -> value; `last_year` the same of the year before, shown to compare with. `first_late_day`: on which the
    report comes late; the day of roster or cycle, unmoved, where none is given. Sheets that do not apply to the unit
    are left out unless rows are given for them. A code is shown with its Vietnamese label, a bool as C or K; other
    text goes into its cell as it is, and never as a formula. The same arguments give the same bytes. KeyError for a
    sheet or field that the form does not have.
    """
    _require_known(form, cover, sheets)
    cycle = reference.cycles[unit.year]
    identity: tuple[Value, ...] = (form.version, unit.code, reference.unit_name(unit), unit.year)
    known = zip(IDENTIFYING, identity, strict=True)
    values = {code: value for code, value in known if code in form.cover.by_code} | dict(cover)
    data_to = values.get("data_to")
    workbook = Workbook(write_only=True)
    context = _Context(
        form=form,
        reference=reference,
        unit=unit,
        latest_day=cycle.locked_from,
        styles=FormStyles(workbook),
        lists=ShownLists(
            reference, unit, data_to if isinstance(data_to, date) else cycle.data_window_to, form.is_guided
        ),
    )
    if form.is_guided:
        _write_guide(workbook.create_sheet(GUIDE_SHEET, 0), context, first_late_day)
    _write_cover(workbook[COVER], context, values)
    for code, sheet in form.sheets.items():
        if code != COVER and (sheets.get(code) or reference.sheet_applies(sheet, unit)):
            _write_sheet(workbook.create_sheet(code), context, sheet, sheets.get(code, ()))
    _write_lists(workbook.create_sheet(LISTS_SHEET), context)
    if form.is_guided and last_year:
        _write_last_year(workbook.create_sheet(LAST_YEAR_SHEET), context, last_year)
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

    def page(self, sheet: Sheet) -> PageSetup:
        name = self.reference.unit_name(self.unit)
        signatures = self.form.texts_for("signature", self.unit.code, self.unit.kind)
        return PageSetup(f"{sheet.sheet_code} {sheet.title_vi}", name, self.unit.year, signatures, self.form.is_guided)

    def definition(self, field: Field) -> str | None:
        return self.form.definitions.get((field.sheet_code, field.field_code))

    def what_it_counts(self, field: Field, row: Mapping[str, Value]) -> str | None:
        """How to fill in a figure of a duty, where each counts something else."""
        what = self.reference.counted(row, field.field_code) if self.form.is_guided else None
        if what is None:
            return None
        counted, nothing = self.form.texts["counted"]
        return counted.format(what=what) if what else nothing

    def is_shown(self, field: Field) -> bool:
        """Whether the unit fills in this line of the cover: not one of a sheet, or of the form, that is others'."""
        sheet = self.form.sheets.get(field.field_code.removeprefix("nil_").removeprefix("rest_"))
        if sheet is not None:
            return self.reference.sheet_applies(sheet, self.unit)
        return self.reference.field_applies(field, self.unit)


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
        if values.get(field.field_code) is not None or context.is_shown(field)
    ]
    styles = context.styles
    widths = GUIDED_COVER_WIDTHS if context.form.is_guided else COVER_WIDTHS
    _columns(sheet, widths)
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "C4"
    context.page(context.form.cover).apply(sheet, list(widths.values())[1:])
    head = (
        (phrase("form_heading", year=context.unit.year), styles.text(bold=True, size=14)),
        (context.reference.unit_name(context.unit), styles.text(bold=True, size=12)),
        (" ".join(context.form.texts["legend"]), styles.text(grey=True)),
    )
    for text, style in head:
        sheet.append([None, _cell(sheet, text, style)])
    for number, field in enumerate(fields, start=len(head) + 1):
        words = advice(field, context.definition(field))
        if context.form.is_guided:
            texts = {"B": f"{field.header_vi} *", "D": words}
            _set_height(sheet, number, [(text, widths[letter]) for letter, text in texts.items()])
        sheet.append(
            [
                _cell(sheet, field.field_code, styles.text(grey=True)),
                _cell(sheet, field.header_vi, styles.header(field, centre=False)),
                _data_cell(
                    sheet,
                    context,
                    field,
                    values.get(field.field_code),
                    left=True,
                    locked=field.field_code in IDENTIFYING,
                ),
                _cell(sheet, words, styles.text(grey=True, wrap=True)),
            ]
        )
        add_validation(sheet, field, f"C{number}", context.lists, context.latest_day, context.definition(field))
    if context.form.is_guided:
        protect(sheet)


def _write_sheet(sheet, context: _Context, form: Sheet, rows: Sequence[Mapping[str, Value]]) -> None:
    styles, last = context.styles, FIRST_ROW + len(rows) + SPARE_ROWS
    fields = [field for field in form.fields if context.reference.field_applies(field, context.unit)]
    wide = len(fields) > 8
    listed = context.reference.listed_codes(context.form, form.sheet_code, context.unit)
    sheet.freeze_panes = f"C{FIRST_ROW}" if wide else f"A{FIRST_ROW}"
    sheet.row_dimensions[CODE_ROW].hidden = True
    widths: dict[str, float] = {}
    for number, field in enumerate(fields, start=1):
        letter = get_column_letter(number)
        known = GUIDED_WIDTHS if context.form.is_guided else WIDTHS
        widths[letter] = known[field.type] if wide or field.type != "text" else 2 * known["text"]
        if listed and field.field_code == form.key[0]:
            widths[letter] = LISTED_WIDTH
        # a cell has one message: its own, or that of its column
        own = {
            f"{letter}{place}": words
            for place, row in enumerate(rows, start=FIRST_ROW)
            if (words := context.what_it_counts(field, row))
        }
        cells = f"{letter}{FIRST_ROW + len(own)}:{letter}{last}"
        add_validation(sheet, field, cells, context.lists, context.latest_day, context.definition(field))
        for place, words in own.items():
            add_validation(sheet, replace(field, unit=None), place, context.lists, context.latest_day, words)
    _columns(sheet, widths)
    context.page(form).apply(sheet, widths.values(), f"{HEADER_ROW}:{HEADER_ROW}")
    is_guided = context.form.is_guided
    for letter, field in zip(widths, fields, strict=True):
        sheet.column_dimensions[letter]._style = styles.data(field, border=False, locked=not is_guided)
    lines = max(ceil((len(field.header_vi) + 12) / width) for field, width in zip(fields, widths.values(), strict=True))
    sheet.row_dimensions[HEADER_ROW].height = LINE_HEIGHT * max(2, lines) + 6
    if is_guided:
        protect(sheet, f"A{HEADER_ROW}:{get_column_letter(len(fields))}{last}")
        for number, row in enumerate(rows, start=FIRST_ROW):
            texts = [_shown(context, field, row.get(field.field_code)) for field in fields]
            _set_height(sheet, number, list(zip(texts, widths.values(), strict=True)))

    sheet.append([_cell(sheet, field.field_code, styles.text(grey=True)) for field in fields])
    sheet.append([_cell(sheet, field.header_vi, styles.header(field)) for field in fields])

    def is_closed(field: Field, row: Mapping[str, Value]) -> bool:
        return is_guided and context.reference.counted(row, field.field_code) == ""

    for row in rows:
        is_listed = row.get(form.key[0]) in listed if form.key else False
        sheet.append(
            [
                _data_cell(
                    sheet,
                    context,
                    field,
                    row.get(field.field_code),
                    locked=is_listed and (field.field_code == form.key[0] or is_closed(field, row)),
                    fill=CLOSED if is_closed(field, row) else None,
                )
                for field in fields
            ]
        )
    for _ in range(RULED_ROWS if is_guided and not listed else 0):
        sheet.append([_data_cell(sheet, context, field, None) for field in fields])


def _write_lists(sheet, context: _Context) -> None:
    if context.form.is_guided:
        protect(sheet)
    else:
        sheet.sheet_state = "hidden"
    plain, columns = context.styles.text(), context.lists.columns()
    sheet.print_area = f"{get_column_letter(len(columns) + 1)}1"  # blank: lists are not printed with the form
    for number in range(max(map(len, columns), default=0)):
        sheet.append([_cell(sheet, each[number], plain) if number < len(each) else None for each in columns])


def _write_guide(sheet, context: _Context, first_late_day: date | None) -> None:
    _columns(sheet, GUIDE_WIDTHS)
    rows = list(guide_rows(context.form, context.reference, context.unit, context.styles, first_late_day))
    heading = rows.index([]) + 2
    context.page(context.form.cover).apply(sheet, GUIDE_WIDTHS.values(), f"{heading}:{heading}", title=False)
    for number, row in enumerate(rows, start=1):
        if len(row) == 1:  # a line of words across the columns
            _set_height(sheet, number, [(row[0][0], sum(GUIDE_WIDTHS.values()))])
            sheet.merged_cells.add(f"A{number}:C{number}")
        else:
            _set_height(
                sheet, number, [(text, width) for (text, _), width in zip(row, GUIDE_WIDTHS.values(), strict=False)]
            )
        sheet.append([_cell(sheet, text, style) for text, style in row])
    protect(sheet)


def _write_last_year(sheet, context: _Context, last_year: Mapping[str, Sequence[Mapping[str, Value]]]) -> None:
    _columns(sheet, LAST_YEAR_WIDTHS)
    context.page(context.form.cover).apply(sheet, LAST_YEAR_WIDTHS.values(), "1:1", title=False)
    for number, row in enumerate(last_year_rows(context.form, last_year, context.styles), start=1):
        _set_height(
            sheet, number, [(str(text), width) for (text, _), width in zip(row, LAST_YEAR_WIDTHS.values(), strict=True)]
        )
        sheet.append([_cell(sheet, text, style) for text, style in row])
    protect(sheet, f"A1:E{number}")


def _set_height(sheet, number: int, texts: Sequence[tuple[str, float]]) -> None:
    """The height of a row from its texts and the widths of their columns: not every program fits it to wrapped text."""
    lines = max((ceil(0.95 * len(text) / width) for text, width in texts), default=1)
    if lines > 1:
        sheet.row_dimensions[number].height = LINE_HEIGHT * lines + 2


def _shown(context: _Context, field: Field, value: Value) -> str:
    """The text of a cell."""
    if isinstance(value, str) and field.type == "code" and field.code_list and field.code_list != "reporting_units":
        return context.lists.label(field.code_list, value)
    return "" if value is None or isinstance(value, bool) else str(value)


def _data_cell(
    sheet,
    context: _Context,
    field: Field,
    value: Value,
    left: bool = False,
    locked: bool | None = None,
    fill: str | None = None,
) -> WriteOnlyCell:
    if isinstance(value, bool):
        value = (MARK if value else None) if field.type == "mark" else "C" if value else "K"
    elif isinstance(value, str):
        value = _shown(context, field, value)
    escaped = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    is_locked = (not context.form.is_guided) if locked is None else locked or not context.form.is_guided
    return _cell(sheet, value, context.styles.data(field, escaped=escaped, left=left, locked=is_locked, fill=fill))


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
