"""A unit's clean workbook, to which dirt is added."""

import io
import re
import zipfile
from collections.abc import Iterator
from random import Random

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from htx.example.reports.report import FIRST_DATA_ROW, ListRow, Report, Value
from htx.example.seeds import Seeds
from ingestion.template.reproducible_xlsx import as_bytes
from tests.dirt.truth import Dirt

COVER = "00_BIA"
COVER_HEAD_ROWS = 3
LIST_SHEETS = ("01_HTX", "02_THT", "03_HO_TRO", "04_DAO_TAO", "06_NO", "07_KINH_PHI", "08_HOAT_DONG")
"""sheets that dirt may lie on: the counts of the priority groups and what follows from the lists stay clean"""
Place = tuple[int, ListRow]
"""where a row stands in its list, from 0, and what it says"""


class DirtyWorkbook:
    """The workbook of one report, and where its cells are after each change.

    Each cell is dirtied once at most, so that its expected outcome is known: a function takes a cell, row or sheet
    before it changes it.
    """

    def __init__(self, seeds: Seeds, report: Report, content: bytes, rng: Random) -> None:
        self.seeds, self.report, self.rng = seeds, report, rng
        self.workbook = openpyxl.load_workbook(io.BytesIO(content))
        self.sheets: dict[str, Worksheet] = {sheet.title: sheet for sheet in self.workbook.worksheets}
        self.columns = {
            code: {field: number for number, field in enumerate(form.fields, start=1)}
            for code, form in seeds.sheets.items()
        }
        self.row_numbers = {
            code: [FIRST_DATA_ROW + place for place in range(len(rows))] for code, rows in report.sheets.items()
        }
        self.taken: set[tuple] = set()
        self.saved_values: list[tuple[Worksheet, str, str]] = []
        """sheet, cell, value: what the spreadsheet program saved beside a formula"""

    # What there is -----------------------------------------------------------------------------------------

    def rows(self, sheet: str) -> list[Place]:
        """The rows of a sheet that nobody dirtied as a whole, in an order of chance."""
        rows = [
            (place, row)
            for place, row in enumerate(self.report.sheets.get(sheet, ()))
            if not self.taken & {("sheet", sheet), ("row", sheet, place)}
        ]
        return self.rng.sample(rows, len(rows))

    def cells(self, fields: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, int, str, Value]]:
        """Sheet, place, field and value of the cells of these fields that are still clean, in an order of chance."""
        known = [
            (sheet, place, field, row.get(field))
            for sheet, names in fields.items()
            for place, row in self.rows(sheet)
            for field in names
        ]
        for sheet, place, field, value in self.rng.sample(known, len(known)):
            if ("cell", sheet, place, field) not in self.taken:
                yield sheet, place, field, value

    def untouched(self) -> list[str]:
        """Sheets with rows on which nothing was dirtied yet, in an order of chance."""
        touched = {each[1] for each in self.taken if len(each) > 1}
        found = [code for code in LIST_SHEETS if self.report.sheets.get(code) and code not in touched]
        return self.rng.sample(found, len(found))

    # Where it stands ---------------------------------------------------------------------------------------

    def row_number(self, sheet: str, place: int) -> int:
        return self.row_numbers[sheet][place]

    def letter(self, sheet: str, field: str) -> str:
        return get_column_letter(self.columns[sheet][field])

    def address(self, sheet: str, place: int, field: str) -> str:
        return f"{self.letter(sheet, field)}{self.row_number(sheet, place)}"

    def cell(self, sheet: str, place: int, field: str) -> Cell:
        return self.sheets[sheet].cell(self.row_number(sheet, place), self.columns[sheet][field])

    def first_filled(self, sheet: str, place: int) -> str:
        """The address of the first cell of a row that holds anything, a column put in front included."""
        number = self.row_number(sheet, place)
        return next(cell.coordinate for cell in self.sheets[sheet][number] if cell.value is not None)

    def cover_cell(self, field: str) -> Cell:
        """The cell of the cover that holds a field's value."""
        cover = self.sheets[COVER]
        return next(cover.cell(row, 3) for row in range(1, cover.max_row + 1) if cover.cell(row, 1).value == field)

    def said(
        self, outcome: str, sheet: str, place: int, field: str, written: object, value: str | None, *rules: str
    ) -> Dirt:
        """What is written down about a cell of a list."""
        number, address = self.row_number(sheet, place), self.address(sheet, place, field)
        return Dirt(outcome, sheet, number, field, address, str(written), value, rules)

    # What is done to it ------------------------------------------------------------------------------------

    def take(self, *what: str | int) -> bool:
        """Whether this was still free: ("cell", sheet, place, field), ("row", sheet, place), ("sheet", sheet), or a
        word for what a workbook or sheet can have once."""
        if what in self.taken:
            return False
        self.taken.add(what)
        return True

    def type_text(self, sheet: str, place: int, field: str, text: str) -> Cell:
        """Type a text into the cell, as text whatever it looks like."""
        cell = self.cell(sheet, place, field)
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        self.take("cell", sheet, place, field)
        return cell

    def put(self, sheet: str, place: int, field: str, value: object, shape: str = "General") -> Cell:
        """Put a number, day or formula into the cell."""
        cell = self.cell(sheet, place, field)
        cell.value = value
        cell.number_format = shape
        self.take("cell", sheet, place, field)
        return cell

    def insert_rows(self, sheet: str, number: int, amount: int = 1) -> None:
        self.sheets[sheet].insert_rows(number, amount)
        self.row_numbers[sheet] = [each + amount if each >= number else each for each in self.row_numbers[sheet]]

    def insert_column(self, sheet: str, number: int) -> None:
        self.sheets[sheet].insert_cols(number)
        self.columns[sheet] = {
            field: each + 1 if each >= number else each for field, each in self.columns[sheet].items()
        }

    def delete_code_row(self, sheet: str) -> None:
        self.sheets[sheet].delete_rows(1)
        self.sheets[sheet].row_dimensions[1].hidden = False
        self.row_numbers[sheet] = [each - 1 for each in self.row_numbers[sheet]]

    def compute(self, sheet: str, place: int, field: str, formula: str, value: str) -> None:
        """Put a formula into the cell with the value that the spreadsheet program saved for it."""
        cell = self.cell(sheet, place, field)
        cell.value = formula
        self.take("cell", sheet, place, field)
        self.saved_values.append((self.sheets[sheet], cell.coordinate, value))

    def content(self) -> bytes:
        """The dirtied workbook."""
        return _with_saved_values(as_bytes(self.workbook), self.workbook.worksheets, self.saved_values)


def _with_saved_values(content: bytes, sheets: list[Worksheet], saved: list[tuple[Worksheet, str, str]]) -> bytes:
    """The workbook with a value beside each of these formulas, which the library that writes it leaves out."""
    if not saved:
        return content
    parts: dict[str, list[tuple[str, str]]] = {}
    for sheet, cell, value in saved:
        parts.setdefault(f"xl/worksheets/sheet{sheets.index(sheet) + 1}.xml", []).append((cell, value))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry)
            for cell, value in parts.get(entry.filename, ()):
                formula = re.compile(rb'(<c r="%s"[^>]*>)(<f>[^<]*</f>)<v ?(?:/>|></v>)' % cell.encode())
                text, count = formula.subn(rb"\g<1>\g<2><v>%s</v>" % value.encode(), text)
                if count != 1:
                    raise ValueError(f"{entry.filename} has no formula in {cell}")
            new.writestr(entry, text)
    return target.getvalue()
