"""A workbook's bytes as sheets of cells, exactly as they were sent: no library guesses the meaning of a cell.

Accepted are xlsx, xlsm (macros are never run), xls and ods. Anything else, and what exceeds a limit, is rejected by
rule F01, with a sentence that gives the reason and what to do.
"""

import io
from dataclasses import dataclass
from datetime import date

from python_calamine import CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from ingestion.workbook.annotations.annotated_cells import Rows, apply_annotations
from ingestion.workbook.annotations.annotations import Place, SheetAnnotations, WorkbookAnnotations
from ingestion.workbook.annotations.ods import read_ods
from ingestion.workbook.annotations.xls import read_xls
from ingestion.workbook.annotations.xlsx import read_xlsx
from ingestion.workbook.canonical_workbook import canonical_workbook
from ingestion.workbook.cells import EPOCH_1900, Cell
from ingestion.workbook.container import decrypted, require_workbook
from ingestion.workbook.legacy_encodings import TextDecoder
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.package import ODS_CONTENT, Package
from ingestion.workbook.rejected_file import RejectedFile, unreadable, unreadable_after


@dataclass(frozen=True)
class SheetCells:
    """One sheet: `rows[0][0]` is A1; rows may differ in length; an empty cell is "" """

    name: str
    is_hidden: bool
    rows: list[list[Cell]]
    merged: tuple[tuple[Place, Place], ...] = ()
    """first and last cell of merged ranges"""
    annotations: SheetAnnotations | None = None
    epoch: date = EPOCH_1900
    """day 0 of the workbook's calendar"""


def read_workbook(content: bytes, limits: Limits = LIMITS) -> list[SheetCells]:
    """The worksheets of a workbook in their order, cells as they were typed.

    Dates are dates in both calendars, 1900 and 1904. A formula has the value that its program last saved; one without
    a value (in xls "") and an error are a BrokenValue. Text in legacy encodings is DecodedText, or AmbiguousText if
    that is uncertain. Raises RejectedFile (F01).
    """
    try:
        package = require_workbook(content, limits)
        values = content if package is None else canonical_workbook(package)
        workbook = CalamineWorkbook.from_object(io.BytesIO(values))
        worksheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        if not worksheets:
            raise unreadable("no_sheets")
        if len(worksheets) > limits.sheets:
            raise unreadable("too_many_sheets", limits.sheets)
        reader = _SheetReader(workbook, _read_annotations(content, package), limits)
        return [reader.read(about) for about in worksheets]
    except RejectedFile:
        raise
    except PasswordError:
        opened = decrypted(content)
        if opened == content:
            raise unreadable("password") from None
        return read_workbook(opened, limits)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine is written in Rust: its panics are not Exceptions
        raise unreadable_after(error) from error


class _SheetReader:
    """Reads the sheets of one workbook, one after the other."""

    def __init__(self, workbook: CalamineWorkbook, annotations: WorkbookAnnotations, limits: Limits) -> None:
        self.workbook, self.annotations, self.limits = workbook, annotations, limits
        self.decoder = TextDecoder()
        self.characters = 0

    def read(self, about: SheetMetadata) -> SheetCells:
        sheet = self.workbook.get_sheet_by_name(about.name)
        if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > self.limits.cells:
            raise unreadable("too_many_cells", self.limits.cells, about.name)
        rows: Rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        self.characters += sum([len(cell) for row in rows for cell in row if type(cell) is str])
        if self.characters > self.limits.characters:
            raise unreadable("too_much_text", self.limits.characters)
        annotations = self.annotations.sheets.get(about.name)
        merged = sheet.merged_cell_ranges or (annotations.merged if annotations else ())
        if about.name != LISTS_SHEET:
            apply_annotations(rows, annotations, self.decoder)
        name, is_hidden = about.name.replace("\x00", ""), about.visible != SheetVisibleEnum.Visible
        return SheetCells(name, is_hidden, rows, tuple(merged), annotations, self.annotations.epoch)


def _read_annotations(content: bytes, package: Package | None) -> WorkbookAnnotations:
    if package is None:
        return read_xls(content)
    return read_ods(package.tree(ODS_CONTENT)) if package.kind == "spreadsheet" else read_xlsx(package)
