"""The sheets of the form in a workbook: found by name, code row or headers, never by position; parsed row by row."""

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.form.dates import swapped_dates
from ingestion.form.headers import Columns, contradicted_columns, find_columns, unknown_columns
from ingestion.form.hidden_content import warnings_on_sheet
from ingestion.form.note_rows import note_in
from ingestion.form.numbers import MILLION, scale_of_header
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.parsed_value import CellParser, ParsedValue, warnings_on_value
from ingestion.form.total_rows import total_label, total_rows
from ingestion.form.values import says_nothing
from ingestion.workbook.cells import Cell, column_letter, is_filled, meant_text, sent_text
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.reader import SheetCells
from warehouse.reference.forms import Field, Form, Sheet
from warehouse.reference.names import folded, name_key
from warehouse.reference.phrases import phrase

SUSPECTS_NAMED = 10
LEAST_RESEMBLANCE = 0.6
"""share of a sheet's columns that a sheet of another name must have to be taken for it"""


@dataclass
class SheetRow:
    """A row of a sheet that contains any value."""

    row_number: int
    """as the spreadsheet program counts, from 1"""
    sent: dict[str, str]
    """column letter -> text as sent; no key for an empty cell"""
    read: dict[str, str]
    """field code -> canonical text; no key if the cell holds no value"""


@dataclass
class SheetRows:
    """A sheet of the form as one file contains it."""

    sheet_code: str
    sheet_name: str
    header_row: int
    columns: dict[str, str]
    """field code -> column letter"""
    unknown_columns: dict[str, str]
    """column letter -> its header, of columns that the form does not have"""
    rows: list[SheetRow]
    says_nothing: bool = False
    """whether its first line says in words that there is nothing to report"""


# Finding sheets ----------------------------------------------------------------------------------------------


def find_sheets(sheets: list[SheetCells], form: Form, cover: SheetCells) -> dict[str, SheetCells]:
    """Sheet code -> sheet of the workbook, for those of the form (without the cover) that it contains."""
    found: dict[str, SheetCells] = {}
    left = [sheet for sheet in sheets if sheet is not cover]
    wanted = [sheet for sheet in form.sheets.values() if sheet is not form.cover]
    for sheet, name in [(each, each.sheet_code) for each in wanted] + [(each, each.title_vi) for each in wanted]:
        named = [cells for cells in left if name_key(cells.name) == name_key(name)]
        if named and sheet.sheet_code not in found:
            found[sheet.sheet_code] = named[0]
            left.remove(named[0])
    for cells in left:
        if cells.name == LISTS_SHEET:
            continue
        missing = [sheet for sheet in wanted if sheet.sheet_code not in found]
        alike = [(_resemblance(cells, sheet), sheet.sheet_code) for sheet in missing]
        share, code = max(alike, default=(0.0, ""))
        if share >= LEAST_RESEMBLANCE and [each for each, _ in alike].count(share) == 1:
            found[code] = cells
    return found


def has_values(cells: SheetCells) -> bool:
    """Whether the sheet contains anything."""
    return any(is_filled(cell) for row in cells.rows for cell in row)


def _resemblance(cells: SheetCells, sheet: Sheet) -> float:
    columns = find_columns(cells.rows, sheet)
    return len(columns.index) / len(sheet.fields) if columns else 0.0


# Parsing a sheet ---------------------------------------------------------------------------------------------


def parse_sheet(
    cells: SheetCells, sheet: Sheet, column_parser: Callable[..., CellParser]
) -> tuple[SheetRows, list[ParseWarning]] | None:
    """The rows of a sheet, parsed, with warnings; None if the form's columns are not found.

    `column_parser(field, epoch, scale)`: the parser of a column's cells. The words "nothing to report" alone in the
    first line declare the sheet nil. Rows without a value in a known column are left out, and so are the numbers
    (1) (2) (3) below the headers, notes, signatures, and totals that equal the sum of their rows. Those that contain
    words or figures get a warning.
    """
    columns = find_columns(cells.rows, sheet)
    if columns is None:
        return None
    letters = [column_letter(index) for index in range(max(map(len, cells.rows), default=0))]
    unknown = unknown_columns(cells.rows, columns, letters)
    above = [cell for row in cells.rows[: columns.header_row] for cell in row if isinstance(cell, str)]
    parsers = {}
    for code, index in columns.index.items():
        field = sheet.by_code[code]
        scale = scale_of_header(columns.headers.get(index, ""), above) if field.type == "money" else MILLION
        parsers[code] = column_parser(field, cells.epoch, scale)
    parser = _SheetParser(cells, sheet, columns.index, parsers, letters)
    rows, warnings_on_rows = parser.parse(columns.header_row, unknown)
    warnings = [
        *_warnings_on_columns(columns, sheet, unknown, letters),
        *warnings_on_rows,
        *_warnings_on_dates(cells, sheet, columns.index, rows, letters),
        *warnings_on_sheet(cells, sheet.sheet_code, columns.index, [row.row_number for row in rows]),
    ]
    by_letter = {code: letters[index] for code, index in columns.index.items()}
    found = SheetRows(
        sheet.sheet_code, cells.name, columns.header_row, by_letter, unknown, rows, says_nothing=parser.said_nothing
    )
    return found, warnings


def _warnings_on_columns(
    columns: Columns, sheet: Sheet, unknown: dict[str, str], letters: list[str]
) -> list[ParseWarning]:
    """F08 for columns that the form does not have, V03 where hidden code and header of a column disagree."""
    number = columns.header_row
    warnings = []
    for letter, header in unknown.items():
        details = {"unknown": header or letter, "kind": "column"}
        place = (sheet.sheet_code, number, letter, f"{letter}{number}", header or None)
        warnings.append(ParseWarning("F08", *place, details=details))
    for code, other in contradicted_columns(columns, sheet).items():
        letter = letters[columns.index[code]]
        details = {
            "read_as": phrase("column_by_code", header=sheet.by_code[code].header_vi),
            "other": phrase("column_by_header", header=other.header_vi),
        }
        place = (sheet.sheet_code, number, code, f"{letter}{number}", other.header_vi)
        warnings.append(ParseWarning("V03", *place, details=details))
    return warnings


@dataclass
class _DataLine:
    """A line with values: a row of the list, or its total."""

    row: SheetRow
    warnings: list[ParseWarning]
    total: tuple[str, str | None] | None
    """label of a total, and the field that it is in"""


class _SheetParser:
    """Parses the lines of one sheet below its headers."""

    def __init__(
        self,
        cells: SheetCells,
        sheet: Sheet,
        index: dict[str, int],
        parsers: dict[str, CellParser],
        letters: list[str],
    ) -> None:
        self.cells, self.sheet, self.letters = cells, sheet, letters
        self.said_nothing = False
        self.columns = [(code, place, parsers[code]) for code, place in index.items()]
        self.field_at = {place: code for code, place in index.items()}
        self.typed = {code for code in index if sheet.by_code[code].type != "text"}
        self.merged = _merged_down(
            cells, {place for code, place in index.items() if _may_be_merged(sheet.by_code[code])}
        )

    def parse(self, header_row: int, unknown: dict[str, str]) -> tuple[list[SheetRow], list[ParseWarning]]:
        """The rows, and the warnings on them and on the lines that are left out."""
        lines: list[_DataLine] = []
        warnings: list[ParseWarning] = []
        in_signature = False
        for number, row in enumerate(self.cells.rows[header_row:], start=header_row + 1):
            sent = {self.letters[index]: _storable(cell) for index, cell in enumerate(row) if is_filled(cell)}
            if not sent or (number == header_row + 1 and _are_column_numbers(row)):
                continue
            if not lines and _says_nothing(row):
                self.said_nothing = True
                continue
            values = self._values(number, row)
            is_typed = any(value.is_parsed for code, (value, _) in values.items() if code in self.typed)
            note = None if is_typed else note_in(row, in_signature)
            if note is not None:
                in_signature = in_signature or note.is_signature
                kind = "signature" if note.is_signature else "note"
                warnings.append(self._left_out(number, note.column, note.words, kind))
            elif values:
                lines.append(self._data_line(number, row, sent, values))
            elif letter := next((letter for letter in sent if letter in unknown), None):
                details = {"unknown": unknown[letter] or letter, "kind": "row"}
                place = (self.sheet.sheet_code, number, letter, f"{letter}{number}", sent[letter])
                warnings.append(ParseWarning("F08", *place, details=details))
        rows, more = self._without_totals(lines)
        return rows, sorted(warnings + more, key=lambda each: each.row_number or 0)

    def _data_line(
        self, number: int, row: list[Cell], sent: dict[str, str], values: dict[str, tuple[ParsedValue, Cell]]
    ) -> _DataLine:
        label = total_label(row)
        read = {code: value.text for code, (value, _) in values.items() if value.text is not None}
        total = (label[1], self.field_at.get(label[0])) if label else None
        return _DataLine(SheetRow(number, sent, read), self._warnings_on_values(number, values), total)

    def _without_totals(self, lines: list[_DataLine]) -> tuple[list[SheetRow], list[ParseWarning]]:
        labels = {place: line.total for place, line in enumerate(lines) if line.total}
        totals = total_rows(self.sheet, [line.row.read for line in lines], labels)
        rows: list[SheetRow] = []
        warnings: list[ParseWarning] = []
        for place, line in enumerate(lines):
            total, number = totals.get(place), line.row.row_number
            if total is not None and total.is_sum:
                column = next(index for index, cell in enumerate(self.cells.rows[number - 1]) if is_filled(cell))
                warnings.append(self._left_out(number, column, total.label, "total"))
                continue
            rows.append(line.row)
            warnings += line.warnings
            if total is not None:
                warnings += [self._wrong_sum(line.row, code, *sums) for code, sums in total.wrong.items()]
        return rows, warnings

    def _values(self, number: int, row: list[Cell]) -> dict[str, tuple[ParsedValue, Cell]]:
        """Field code -> parsed value and cell, of cells that hold a value."""
        found: dict[str, tuple[ParsedValue, Cell]] = {}
        for code, index, parse in self.columns:
            cell = row[index] if index < len(row) else ""
            if cell == "" or cell is None:
                continue
            value = parse(cell)
            if value.text is not None:
                found[code] = (value, cell)
        if found:
            for code, index, parse in self.columns:
                cell = self.merged.get((number - 1, index))
                if code not in found and cell is not None and (value := parse(cell)).text is not None:
                    found[code] = (value, cell)
        return found

    def _warnings_on_values(self, number: int, values: dict[str, tuple[ParsedValue, Cell]]) -> list[ParseWarning]:
        warnings = []
        for code, index, _ in self.columns:
            if code in values:
                value, cell = values[code]
                if value.alternative is not None or value.repaired:
                    place = f"{self.letters[index]}{number}"
                    warnings += warnings_on_value(value, self.sheet.sheet_code, number, code, place, cell)
        return warnings

    def _left_out(self, number: int, index: int, words: str, kind: str) -> ParseWarning:
        """F08 for a line that is not a row of the list; `words` is empty for a signature, which may contain names."""
        letter = self.letters[index]
        shown = words or "…"
        details = {"unknown": shown, "kind": kind}
        return ParseWarning("F08", self.sheet.sheet_code, number, letter, f"{letter}{number}", shown, details)

    def _wrong_sum(self, row: SheetRow, code: str, given: str, computed: str) -> ParseWarning:
        letter = next(self.letters[index] for each, index, _ in self.columns if each == code)
        place = (self.sheet.sheet_code, row.row_number, code, f"{letter}{row.row_number}", row.sent.get(letter))
        return ParseWarning("V03", *place, details={"read_as": given, "other": computed})


def _may_be_merged(field: Field) -> bool:
    """Whether a value in merged cells is the value of each of their rows: of names, codes and dates, not of figures."""
    return field.type in ("text", "code", "date", "boolean") and field.field_code != "note"


def _merged_down(cells: SheetCells, columns: set[int]) -> dict[tuple[int, int], Cell]:
    """Place of a cell covered by a merged one above it -> that one's value, in these columns."""
    covered = {}
    for (top, left), (bottom, right) in cells.merged:
        if left != right or left not in columns or bottom <= top or top >= len(cells.rows):
            continue
        row = cells.rows[top]
        value = row[left] if left < len(row) else ""
        if is_filled(value):
            covered.update({(number, left): value for number in range(top + 1, min(bottom + 1, len(cells.rows)))})
    return covered


def _warnings_on_dates(
    cells: SheetCells, sheet: Sheet, index: dict[str, int], rows: list[SheetRow], letters: list[str]
) -> list[ParseWarning]:
    """V03 on the first cell with a day as text in a column whose other days a program may have swapped."""
    warnings = []
    for code, column in index.items():
        if sheet.by_code[code].type != "date":
            continue
        sent = [cells.rows[row.row_number - 1] for row in rows]
        texts, swapped = swapped_dates([row[column] if column < len(row) else "" for row in sent])
        if not texts:
            continue
        letter, first = letters[column], rows[texts[0]]
        suspects = [f"{letter}{rows[place].row_number}" for place in swapped]
        named = ", ".join([*suspects[:SUSPECTS_NAMED], *(["…"] if len(suspects) > SUSPECTS_NAMED else [])])
        details = {"read_as": first.read[code], "clause": "dates_as_text", "suspects": named}
        at = (sheet.sheet_code, first.row_number, code, f"{letter}{first.row_number}", first.sent.get(letter))
        warnings.append(ParseWarning("V03", *at, details=details))
    return warnings


def _says_nothing(row: list[Cell]) -> bool:
    filled = [cell for cell in row if is_filled(cell)]
    return len(filled) == 1 and says_nothing(filled[0])


def _are_column_numbers(row: list[Cell]) -> bool:
    """Whether the line holds the numbers (1) (2) (3) that printed forms have below their headers."""
    first = next((meant_text(cell) for cell in row if is_filled(cell)), "")
    if "1" not in first:
        return False
    numbers = [folded(meant_text(cell)).strip("()[]") for cell in row if is_filled(cell)]
    return len(numbers) >= 2 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _storable(cell: Cell) -> str:
    """The text as sent, without NUL, the one character that PostgreSQL cannot store."""
    if type(cell) is float and cell.is_integer() and -1e15 < cell < 1e15:
        return str(int(cell))
    text = cell if type(cell) is str else sent_text(cell)
    return text.replace("\x00", "") if "\x00" in text else text
