"""What the tables of an earlier edition said, from its annex in Excel: the tables themselves are not kept."""

import io
import zipfile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from reporting.content.tables import Table
from reporting.documents.excel import HEADER_ROW

Rows = list[dict[str, str]]


def rows_kept(annex: bytes, table: Table) -> Rows:
    """The rows of a table as texts, by the codes of the columns that have the same heading today; none where the
    workbook cannot be read or has no such sheet."""
    try:
        book = load_workbook(io.BytesIO(annex), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        return []
    if table.sheet_vi not in book.sheetnames:
        return []
    headings, *rows = book[table.sheet_vi].iter_rows(min_row=HEADER_ROW, values_only=True)
    codes = {column.heading_vi: column.code for column in table.columns_shown("documents", "annex")}
    return [
        {codes[heading]: str(cell or "") for heading, cell in zip(headings, row, strict=False) if heading in codes}
        for row in rows
    ]
