"""The annex in Excel: one workbook with every table, its note, and a contents sheet with links.

Numbers and dates are typed (instants in Viet Nam's time), missing values are words. Column widths, headings and sheet
names are in columns.csv and tables.csv, all other words in phrases.csv.
"""

import io
import math
from copy import copy
from datetime import datetime
from decimal import Decimal
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reporting.content import formats
from reporting.content.keys import PROVINCE
from reporting.content.tables import Column, Content, Table
from reporting.documents.about import About
from reporting.documents.zip_package import NO_TIME, without_clock
from warehouse.reference.dates_vi import instant_vi, local_time
from warehouse.reference.phrases import phrase
from warehouse.reference.spreadsheets import FORMULA_STARTS

TITLE_ROW, NOTE_ROW, BACK_ROW, HEADER_ROW = 1, 2, 3, 4
FONT = "Times New Roman"
PLAIN = Font(name=FONT, size=11)
BOLD = Font(name=FONT, size=11, bold=True)
TITLE = Font(name=FONT, size=14, bold=True)
LINK = Font(name=FONT, size=11, color="0563C1", underline="single")
ASIDE = Font(name=FONT, size=11, italic=True, color="595959")
LINE = Side(style="thin", color="A6A6A6")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEADER_FILL = PatternFill("solid", fgColor="DDEBF7")
WHOLE_FILL = PatternFill("solid", fgColor="F2F2F2")
# Vietnamese separators whatever the language of the program (LibreOffice; Excel uses its own)
LOCALE = "[$-42A]"
FORMATS = {"date": "dd/mm/yyyy", "instant": "hh:mm dd/mm/yyyy", "year": "0"}
NOT_NUMBERS = ("text", "date", "instant", "boolean", "verdict", "key")
LONGEST_TEXT = 32_000  # a cell holds 32.767 characters
WIDTH_OF_A_PAGE = 215.0  # characters, readable across an A4 sheet in landscape; wider tables take two
WIDTH_OF_A_SCREEN = 120.0
LINE_HEIGHT = 14.3
KEY_WIDTH = 30.0
CONTENTS_WIDTHS = (6, 34, 70, 10)
STYLES: WeakKeyDictionary[Workbook, dict[tuple, StyleArray]] = WeakKeyDictionary()
"""those of _plain, each made once for a workbook: setting fonts and borders cell by cell takes most of the time"""


def write_excel(content: Content, about: About | None = None, ground_vi: str = "") -> bytes:
    """The workbook of a document, with the sentence on its ground; the same bytes for the same arguments.

    A column repeated for each indicator or year has the keys of its figures in a hidden column at the right; every
    other figure has its key in the row's last column."""
    book = Workbook()
    contents = book.active
    sheets = [(table, _write_table(book, content, table)) for table in content.tables.values()]
    _write_contents(contents, content, [*filter(None, [ground_vi]), *_notices(about)], about, sheets)
    book.properties.title = f"{content.title_vi} {content.period_vi}"
    book.properties.creator = ""
    saved = io.BytesIO()
    book.save(saved)
    return without_clock(saved.getvalue(), about.published_at if about else datetime(*NO_TIME))


# The contents sheet


def _write_contents(
    sheet: Worksheet,
    content: Content,
    notices: list[str],
    about: About | None,
    sheets: list[tuple[Table, Worksheet]],
) -> None:
    sheet.title = phrase("contents_title")
    for number, width in enumerate(CONTENTS_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    _write_across(sheet, 1, f"{content.title_vi} {content.period_vi}", TITLE)
    row = 2
    for text in notices:
        _write_across(sheet, row, text, ASIDE)
        row += 1
    row += 1
    headings = [phrase(f"contents_{name}") for name in ("number", "sheet", "table", "rows")]
    for number, heading in enumerate(headings, start=1):
        _header(sheet.cell(row, number), heading)
    for number, (table, table_sheet) in enumerate(sheets, start=1):
        row += 1
        values = (number, table.sheet_vi, table.title_vi, len(table.rows))
        for column, value in enumerate(values, start=1):
            _plain(sheet.cell(row, column), value)
        sheet.row_dimensions[row].height = _height(table.title_vi, CONTENTS_WIDTHS[2], 11)
        _link(sheet.cell(row, 2), table_sheet.title)
    row += 2
    _write_across(sheet, row, phrase("notes_title"), BOLD)
    notes = [
        phrase("note_key"),
        phrase("note_missing"),
        phrase("note_bounds"),
        phrase("note_percent", percent_decimals=content.percent_decimals),
    ]
    changes = [phrase("changes_title"), *about.changes] if about and about.changes else []
    for text in [*notes, *changes]:
        row += 1
        _write_across(sheet, row, text, BOLD if text == phrase("changes_title") else PLAIN)
    _set_up_page(sheet, content, sum(CONTENTS_WIDTHS))


def _notices(about: About | None) -> list[str]:
    if not about:
        return []
    notices = [phrase("version", version=about.version, published_at=instant_vi(about.published_at))]
    if about.forced_because:
        notices.append(phrase("forced", forced_because=about.forced_because))
    if about.missing_units:
        notices.append(phrase("missing_units", missing_units="; ".join(about.missing_units)))
    return notices


def _write_across(
    sheet: Worksheet,
    row: int,
    text: str,
    font: Font,
    columns: int = len(CONTENTS_WIDTHS),
    width: float = sum(CONTENTS_WIDTHS),
) -> None:
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    cell = sheet.cell(row, 1)
    _write_text(cell, text)
    cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[row].height = _height(text, width, font.size)


# A table


def _write_table(book: Workbook, content: Content, table: Table) -> Worksheet:
    sheet = book.create_sheet(table.sheet_vi)
    columns = table.columns_shown("documents", "annex")
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        _header(sheet.cell(HEADER_ROW, number), column.heading_vi)
    for row_number, row in enumerate(table.rows, start=HEADER_ROW + 1):
        for number, column in enumerate(columns, start=1):
            _write_cell(sheet.cell(row_number, number), column, row, content.percent_decimals)
        # set here, since programs differ in whether they fit a row to its text
        sheet.row_dimensions[row_number].height = max(
            _height(formats.cell(column, row, content.percent_decimals), column.width, 11) for column in columns
        )
        if row.get("unit_uid") == PROVINCE:
            for number in range(1, len(columns) + 1):
                sheet.cell(row_number, number).font = BOLD
                sheet.cell(row_number, number).fill = WHOLE_FILL
    if not table.rows:
        _plain(sheet.cell(HEADER_ROW + 1, 1), phrase("none_vi"))
    _write_folded_keys(sheet, table, columns)
    width = sum(column.width for column in columns)
    _write_above(sheet, table, columns, width)
    tallest = max(_height(column.heading_vi, column.width, 11) for column in columns)
    sheet.row_dimensions[HEADER_ROW].height = tallest
    _set_up_page(sheet, content, width)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    last = HEADER_ROW + max(1, len(table.rows))
    sheet.print_area = f"A1:{get_column_letter(len(columns))}{last}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}"
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, min(_names(columns), len(columns)) + 1)
    if width > WIDTH_OF_A_PAGE:
        sheet.print_title_cols = f"A:{get_column_letter(_names(columns))}"
    return sheet


def _names(columns: list[Column]) -> int:
    """The number of columns at the left that name a row: up to the first wide one."""
    return next((number for number, column in enumerate(columns[:3], start=1) if column.width >= 20), 1)


def _write_above(sheet: Worksheet, table: Table, columns: list[Column], width: float) -> None:
    # as wide as a screen at most, to be readable without scrolling; of a table on two pages, as wide as the columns
    # that are repeated on both
    last = _names(columns) if width > WIDTH_OF_A_PAGE else 1
    shown = sum(column.width for column in columns[:last])
    while width <= WIDTH_OF_A_PAGE and last < len(columns) and shown < WIDTH_OF_A_SCREEN:
        shown += columns[last].width
        last += 1
    _write_across(sheet, TITLE_ROW, table.title_vi, TITLE, last, shown)
    _write_across(sheet, NOTE_ROW, table.note_vi, ASIDE, last, shown)
    _write_text(sheet.cell(BACK_ROW, 1), phrase("contents_back"))
    _link(sheet.cell(BACK_ROW, 1), phrase("contents_title"))
    sheet.cell(BACK_ROW, 1).alignment = Alignment(wrap_text=False)


def _write_folded_keys(sheet: Worksheet, table: Table, columns: list[Column]) -> None:
    keyed = [column for column in columns if any(f"{column.code}_key" in row for row in table.rows[:1])]
    for number, column in enumerate(keyed, start=len(columns) + 1):
        _header(sheet.cell(HEADER_ROW, number), phrase("key_of", code=column.code_shown))
        for row_number, row in enumerate(table.rows, start=HEADER_ROW + 1):
            _plain(sheet.cell(row_number, number), row[f"{column.code}_key"])
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = KEY_WIDTH
        sheet.column_dimensions[letter].outlineLevel = 1
        sheet.column_dimensions[letter].hidden = True


def _write_cell(cell: Cell, column: Column, row: dict, percent_decimals: int) -> None:
    value = row[column.code]
    number_format = _number_format(column, row, percent_decimals)
    if value is None or number_format is None:
        is_missing = value is None and column.kind not in NOT_NUMBERS
        text = formats.cell(column, row, percent_decimals)
        _plain(cell, text, horizontal="right" if is_missing else None, aside=is_missing)
        return
    if isinstance(value, datetime):
        value = local_time(value).replace(tzinfo=None)
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    horizontal = "center" if column.kind in ("year", "date", "instant") else "right"
    _plain(cell, value, number_format=number_format, horizontal=horizontal, wrap=column.kind == "instant")


def _number_format(column: Column, row: dict, percent_decimals: int) -> str | None:
    """The number format of a value, with Vietnamese separators and a space before the next column; None where it is
    text."""
    style = formats.style_of(column.kind, formats.unit_of(column, row), percent_decimals)
    if style is None:
        return FORMATS.get(column.kind)
    value = row[column.code]
    decimals = style.decimals if style.fixed or (value is not None and value != round(value)) else 0
    shown = "#,##0" + ("." + "0" * decimals if decimals else "") + (f'"{style.suffix}"' if style.suffix else "")
    return ";".join(f"{LOCALE}{sign}{shown}_)" for sign in (("+", "-", "") if style.signed else ("",)))


# Cells and pages


def _header(cell: Cell, text: str) -> None:
    _write_text(cell, text)
    cell.font, cell.fill, cell.border = BOLD, HEADER_FILL, BOX
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _plain(
    cell: Cell,
    value: object,
    *,
    number_format: str = "General",
    horizontal: str | None = None,
    wrap: bool = True,
    aside: bool = False,
) -> None:
    styles = STYLES.setdefault(cell.parent.parent, {})
    key = (number_format, horizontal, wrap, aside)
    if key not in styles:
        cell.font, cell.border, cell.number_format = ASIDE if aside else PLAIN, BOX, number_format
        cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=wrap)
        styles[key] = cell._style
    cell._style = copy(styles[key])
    if isinstance(value, str):
        _write_text(cell, value)
    else:
        cell.value = value


def _write_text(cell: Cell, text: str) -> None:
    """As text: a unit's text that begins with = is not a formula, nor becomes one when the cell is edited."""
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_STARTS)


def _link(cell: Cell, sheet_title: str) -> None:
    quoted = sheet_title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1")
    cell.font = LINK


def _height(text: str, width: float, size: float) -> float:
    """The height of a wrapped text in points, rounded up."""
    letters = max(1.0, (width * 1.18 - 1) * 11 / size)
    lines = sum(_lines(part, letters) for part in text.split("\n"))
    return lines * LINE_HEIGHT * size / 11 + 3


def _lines(text: str, letters: float) -> int:
    lines, filled = 1, 0.0
    # programs break where a figure's key has a hyphen
    for word in text.replace("-", "- ").split():
        if filled and filled + 1 + len(word) > letters:
            lines, filled = lines + 1, 0.0
        lines += math.ceil(len(word) / letters) - 1
        filled += len(word) + (1 if filled else 0)
    return lines


def _set_up_page(sheet: Worksheet, content: Content, width: float) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = math.ceil(width / WIDTH_OF_A_PAGE)
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    sheet.oddHeader.right.text = f"{content.title_vi} {content.period_vi}"
    sheet.oddHeader.right.size = 9
    sheet.oddFooter.center.text = phrase("page")
    sheet.oddFooter.center.size = 10
    sheet.sheet_view.showGridLines = False
