"""Annotations of a workbook of Excel 5 to 2003 (xls)."""

import io

import xlrd
from python_calamine import PasswordError

from ingestion.workbook.annotations.annotations import (
    PERCENT,
    SheetAnnotations,
    WorkbookAnnotations,
    record_comment,
    shows_percentage,
)
from ingestion.workbook.cells import EPOCH_1900, EPOCH_1904
from ingestion.workbook.legacy_encodings import legacy_font


def read_xls(content: bytes) -> WorkbookAnnotations:
    """Annotations of an xls workbook. Raises PasswordError if it is encrypted, XLRDError if it is damaged."""
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise PasswordError(str(error)) from None
        raise
    sheets = {sheet.name: _sheet(book, sheet) for sheet in book.sheets()}
    return WorkbookAnnotations(sheets, EPOCH_1904 if book.datemode else EPOCH_1900)


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> SheetAnnotations:
    annotations = SheetAnnotations(
        hidden_rows={number for number, row in sheet.rowinfo_map.items() if row.hidden},
        hidden_columns={number for number, column in sheet.colinfo_map.items() if column.hidden},
    )
    fonts = [legacy_font(font.name) for font in book.font_list]
    formats = {key: each.format_str or "" for key, each in book.format_map.items()}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                code = sheet.cell_value(row, column)
                annotations.broken[row, column] = xlrd.error_text_from_code.get(code, "#ERROR")
            elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_TEXT):
                style = book.xf_list[sheet.cell_xf_index(row, column)]
                font = fonts[style.font_index]
                if kind == xlrd.XL_CELL_TEXT and font:
                    annotations.fonts[row, column] = font
                elif kind == xlrd.XL_CELL_NUMBER:
                    number_format = formats.get(style.format_key, "")
                    if PERCENT in number_format and shows_percentage(number_format, sheet.cell_value(row, column)):
                        annotations.percentages.add((row, column))
    for place, note in sheet.cell_note_map.items():
        record_comment(annotations, place, note.text, note.author)
    return annotations
