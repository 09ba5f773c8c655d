"""A copy of a workbook's values as xlsx, for formats that cannot be annotated in place (xls, ods)."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as WrittenCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from ingestion.feedback.results_sheet import ILLEGAL, LONGEST_CELL
from ingestion.workbook.cells import Cell, column_letter
from ingestion.workbook.reader import SheetCells
from warehouse.reference.spreadsheets import FORMULA_STARTS

COLUMNS_ON_A_PAGE = 12
COVER_WIDTHS = {"A": 18, "B": 46, "C": 44, "D": 58}
WIDTH, MOST_COLUMNS_SIZED = 18, 60
A4 = 9
NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_plain_copy(sheets: Sequence[SheetCells], code_rows: Mapping[str, int], cover: str | None) -> bytes:
    """The workbook's values as xlsx. `code_rows`: sheet name -> number of its row of codes, which is hidden; `cover`:
    name of the cover."""
    workbook = Workbook(write_only=True)
    for cells in sheets:
        sheet = workbook.create_sheet(NOT_IN_A_SHEET_NAME.sub("_", cells.name)[:31] or "_")
        sheet.sheet_state = "hidden" if cells.is_hidden else "visible"
        width = max(map(len, cells.rows), default=0)
        _set_up_page(sheet, width)
        if cells.name == cover:
            for letter, size in COVER_WIDTHS.items():
                sheet.column_dimensions[letter].width = size
            sheet.column_dimensions["A"].hidden = bool(code_rows)
        else:
            for index in range(min(MOST_COLUMNS_SIZED, width)):
                sheet.column_dimensions[column_letter(index)].width = WIDTH
        code_row = code_rows.get(cells.name)
        if code_row is not None:
            sheet.row_dimensions[code_row].hidden = True
            sheet.row_dimensions[code_row + 1].height = 60
            sheet.freeze_panes = f"A{code_row + 2}"
            sheet.print_title_rows = f"{code_row + 1}:{code_row + 1}"
        _write_rows(sheet, cells, None if code_row is None else code_row + 1)
    if not any(sheet.sheet_state == "visible" for sheet in workbook.worksheets):
        workbook.worksheets[0].sheet_state = "visible"
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _set_up_page(sheet: WriteOnlyWorksheet, width: int) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = max(1, -(-width // COLUMNS_ON_A_PAGE))
    sheet.page_setup.fitToHeight = 0


def _write_rows(sheet: WriteOnlyWorksheet, cells: SheetCells, header_row: int | None) -> None:
    font, fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for number, row in enumerate(cells.rows, start=1):
        written = [_cell(sheet, value) for value in row]
        for cell in written if number == header_row else ():
            if cell is not None:
                cell.font, cell.fill, cell.alignment = font, fill, alignment
        sheet.append(written)


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WrittenCell | None:
    if value is None or value == "":
        return None
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell._value = ILLEGAL.sub(" ", value)[:LONGEST_CELL]
        cell.data_type = "s"  # text, even if it begins like a formula
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    elif isinstance(value, (bool, int, float, date, time, timedelta)):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
    return cell
