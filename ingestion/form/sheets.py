"""The sheets of the form inside a workbook: found by name, code row or headers, never by position."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ingestion.form.dates import exchanged
from ingestion.form.headers import contradicted_columns, find_columns, header_key, unknown_columns
from ingestion.form.hidden_content import oddities_of
from ingestion.form.note_rows import note_of
from ingestion.form.numbers import MILLION, scale_of_header
from ingestion.form.parse_warnings import Remark
from ingestion.form.parsed_value import Reader, Reading
from ingestion.form.total_rows import total_label, total_rows
from ingestion.workbook.cells import Cell, is_filled, meant_text, sent_text
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.reader import SheetCells, column_letter
from warehouse.reference.forms import Field, Form, Sheet
from warehouse.reference.names import folded, name_key

LEAST_RESEMBLANCE = 0.6
"""part of a sheet's columns that a sheet of another name must have to be taken for it"""


@dataclass
class SheetRow:
    """A row of a sheet that holds anything."""

    row_number: int
    """as the spreadsheet program counts, from 1"""
    sent: dict[str, str]
    """column letter -> text as sent; no key for an empty cell"""
    read: dict[str, str]
    """field code -> canonical text; no key where the cell means nothing"""


@dataclass
class SheetRows:
    """A sheet of the form as one file has it."""

    sheet_code: str
    sheet_name: str
    header_row: int
    columns: dict[str, str]
    """field code -> column letter"""
    unknown_columns: dict[str, str]
    """column letter -> its header, of columns that the form does not know"""
    rows: list[SheetRow]


@dataclass(frozen=True)
class CoverLine:
    """A line of the cover: where its value stands, and what stands there."""

    row_number: int
    cell: str
    value: Cell
    place: tuple[int, int]
    """row and column, from 0"""


# Which sheet is which ----------------------------------------------------------------------------------------


def find_cover(sheets: list[SheetCells], covers: Iterable[Sheet]) -> SheetCells | None:
    """The cover: by its name, else the sheet that has most lines of any version of it, at least half of one."""
    covers = list(covers)
    names = {name_key(name) for cover in covers for name in (cover.sheet_code, cover.title_vi)}
    named = [sheet for sheet in sheets if name_key(sheet.name) in names]
    if named:
        return named[0]
    found = [(len(cover_lines(sheet, cover)) / len(cover.fields), sheet) for sheet in sheets for cover in covers]
    share, sheet = max(found, key=lambda each: each[0], default=(0, None))
    return sheet if share >= 0.5 else None


def find_sheets(sheets: list[SheetCells], form: Form, cover: SheetCells) -> dict[str, SheetCells]:
    """Sheet code -> the sheet of the workbook, for those of the form (but the cover) that are there."""
    found: dict[str, SheetCells] = {}
    left = [sheet for sheet in sheets if sheet is not cover]
    wanted = [sheet for code, sheet in form.sheets.items() if sheet is not form.cover]
    for names in (lambda sheet: {name_key(sheet.sheet_code)}, lambda sheet: {name_key(sheet.title_vi)}):
        for sheet in wanted:
            named = [cells for cells in left if name_key(cells.name) in names(sheet)]
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
    """Whether anything stands on the sheet."""
    return any(is_filled(cell) for row in cells.rows for cell in row)


# The cover ---------------------------------------------------------------------------------------------------


def cover_lines(cells: SheetCells, cover: Sheet) -> dict[str, CoverLine]:
    """Field code -> its line. By the code in column A with the value in C, or where columns were put in right of the
    label; else by the label, with the value right of it. The first line of a field counts."""
    labels = {header_key(each.header_vi): each.field_code for each in cover.fields}
    by_code: dict[str, CoverLine] = {}
    by_label: dict[str, CoverLine] = {}
    for number, row in enumerate(cells.rows, start=1):
        code = folded(row[0]) if row and isinstance(row[0], str) else ""
        if code in cover.by_code:
            moved = [index for index, cell in enumerate(row[2:5], 2) if _label_of(cell, labels) == code]
            by_code.setdefault(code, _line(row, number, moved[0] + 1 if moved else 2))
            continue
        for index, cell in enumerate(row[:3]):
            label = _label_of(cell, labels)
            if label:
                by_label.setdefault(label, _line(row, number, index + 1))
                break
    return {code: by_code.get(code) or by_label[code] for code in cover.by_code if code in by_code or code in by_label}


def _label_of(cell: Cell, labels: dict[str, str]) -> str | None:
    return labels.get(header_key(cell)) if isinstance(cell, str) and cell else None


def _line(row: list[Cell], number: int, index: int) -> CoverLine:
    value = row[index] if index < len(row) else ""
    return CoverLine(number, f"{column_letter(index)}{number}", value, (number - 1, index))


# Sheets of rows ----------------------------------------------------------------------------------------------


def read_sheet(
    cells: SheetCells, sheet: Sheet, reader_of: Callable[..., Reader]
) -> tuple[SheetRows, list[Remark]] | None:
    """The rows of a sheet with what each cell was read as, and what there was to remark on. None without columns.

    `reader_of(field, epoch, scale)`: the function that reads a column's cells. Rows in which no known column says
    anything are left out: blank ones, dashes, the numbers (1) (2) (3) under the headers, notes and signatures, and
    totals that are the sum of what they total. Those with words or figures in them are remarked on.
    """
    columns = find_columns(cells.rows, sheet)
    if columns is None:
        return None
    letters = [column_letter(index) for index in range(max(map(len, cells.rows), default=0))]
    unknown = unknown_columns(cells.rows, columns, letters)
    found = SheetRows(
        sheet_code=sheet.sheet_code,
        sheet_name=cells.name,
        header_row=columns.header_row,
        columns={code: letters[index] for code, index in columns.index.items()},
        unknown_columns=unknown,
        rows=[],
    )
    above = [cell for row in cells.rows[: columns.header_row] for cell in row if isinstance(cell, str)]
    readers = {}
    for code, index in columns.index.items():
        field = sheet.by_code[code]
        scale = scale_of_header(columns.headers.get(index, ""), above) if field.type == "money" else MILLION
        readers[code] = reader_of(field, cells.epoch, scale)
    remarks = [
        Remark(
            "F08",
            sheet.sheet_code,
            row_number=columns.header_row,
            field_code=letter,
            cell=f"{letter}{columns.header_row}",
            value=header or None,
            details={"unknown": header or letter, "kind": "column"},
        )
        for letter, header in unknown.items()
    ]
    for code, other in contradicted_columns(columns, sheet).items():
        letter = letters[columns.index[code]]
        place = (sheet.sheet_code, columns.header_row, code, f"{letter}{columns.header_row}", other.header_vi)
        words = {"read_as": f"cột «{sheet.by_code[code].header_vi}» theo mã ở dòng ẩn phía trên"}
        remarks.append(Remark("V03", *place, details=words | {"other": f"cột «{other.header_vi}» theo tiêu đề"}))
    lines = _Lines(cells, sheet, columns.index, readers, letters)
    rows, remarks_on_rows = lines.read(columns.header_row, unknown)
    found.rows = rows
    remarks += remarks_on_rows
    remarks += _exchanged_days(cells, sheet, columns.index, rows, letters)
    remarks += oddities_of(cells, sheet.sheet_code, columns.index, [row.row_number for row in rows])
    return found, remarks


class _Lines:
    """The lines of one sheet below its headers, while they are read."""

    def __init__(
        self,
        cells: SheetCells,
        sheet: Sheet,
        index: dict[str, int],
        readers: dict[str, Reader],
        letters: list[str],
    ) -> None:
        self.cells, self.sheet, self.letters = cells, sheet, letters
        self.columns = [(code, place, readers[code]) for code, place in index.items()]
        self.field_at = {place: code for code, place in index.items()}
        self.typed = {code for code in index if sheet.by_code[code].type != "text"}
        self.merged = _merged_down(
            cells, {place for code, place in index.items() if _may_be_merged(sheet.by_code[code])}
        )

    def read(self, header_row: int, unknown: dict[str, str]) -> tuple[list[SheetRow], list[Remark]]:
        """The rows, and the remarks on them and on the lines that are none."""
        rows: list[SheetRow] = []
        doubts: list[list[Remark]] = []
        labels: dict[int, tuple[str, str | None]] = {}
        remarks: list[Remark] = []
        is_signed = False
        for number, row in enumerate(self.cells.rows[header_row:], start=header_row + 1):
            sent = {self.letters[index]: _storable(cell) for index, cell in enumerate(row) if is_filled(cell)}
            if not sent or (number == header_row + 1 and _are_column_numbers(row)):
                continue
            readings = self._readings(number, row)
            read = {code: reading.text for code, (reading, _) in readings.items()}
            is_typed = any(reading.is_read for code, (reading, _) in readings.items() if code in self.typed)
            note = None if is_typed else note_of(row, is_signed)
            if note is not None:
                is_signed = is_signed or note[2]
                remarks.append(self._beside(number, note[0], note[1], "signature" if note[2] else "note"))
            elif read:
                label = total_label(row)
                if label is not None:
                    labels[len(rows)] = (label[1], self.field_at.get(label[0]))
                rows.append(SheetRow(number, sent, read))
                doubts.append(self._doubts(number, readings))
            elif any(letter in unknown for letter in sent):
                letter = next(letter for letter in sent if letter in unknown)
                details = {"unknown": unknown[letter] or letter, "kind": "row"}
                place = (self.sheet.sheet_code, number, letter, f"{letter}{number}", sent[letter])
                remarks.append(Remark("F08", *place, details=details))
        totals = total_rows(self.sheet, [row.read for row in rows], labels)
        kept = []
        for place, row in enumerate(rows):
            total = totals.get(place)
            if total is not None and total.is_sum:
                column = next(
                    index for index, cell in enumerate(self.cells.rows[row.row_number - 1]) if is_filled(cell)
                )
                remarks.append(self._beside(row.row_number, column, total.label, "total"))
                continue
            kept.append(row)
            remarks += doubts[place]
            if total is not None:
                remarks += [self._wrong_sum(row, code, *sums) for code, sums in total.wrong.items()]
        return kept, sorted(remarks, key=lambda remark: remark.row_number or 0)

    def _readings(self, number: int, row: list[Cell]) -> dict[str, tuple[Reading, Cell]]:
        """Field code -> what its cell was read as, and the cell; of those that mean something."""
        found: dict[str, tuple[Reading, Cell]] = {}
        for code, index, reader in self.columns:
            cell = row[index] if index < len(row) else ""
            if cell == "" or cell is None:
                continue
            reading = reader(cell)
            if reading.text is not None:
                found[code] = (reading, cell)
        if found:
            for code, index, reader in self.columns:
                cell = self.merged.get((number - 1, index))
                if code not in found and cell is not None and (reading := reader(cell)).text is not None:
                    found[code] = (reading, cell)
        return found

    def _doubts(self, number: int, readings: dict[str, tuple[Reading, Cell]]) -> list[Remark]:
        remarks = []
        for code, index, _ in self.columns:
            if code in readings:
                reading, cell = readings[code]
                if reading.other is not None or reading.repaired:
                    place = f"{self.letters[index]}{number}"
                    remarks += doubts_of(reading, self.sheet.sheet_code, number, code, place, cell)
        return remarks

    def _beside(self, number: int, index: int, words: str, kind: str) -> Remark:
        """A line that is no row of the list. Names that may stand in a signature are not repeated."""
        letter = self.letters[index]
        shown = words or "…"
        details = {"unknown": shown, "kind": kind}
        return Remark("F08", self.sheet.sheet_code, number, letter, f"{letter}{number}", shown, details)

    def _wrong_sum(self, row: SheetRow, code: str, said: str, added: str) -> Remark:
        letter = next(self.letters[index] for each, index, _ in self.columns if each == code)
        place = (self.sheet.sheet_code, row.row_number, code, f"{letter}{row.row_number}", row.sent.get(letter))
        return Remark("V03", *place, details={"read_as": said, "other": added})


def _may_be_merged(field: Field) -> bool:
    """Whether a value over several merged rows is the value of each: names, codes and days are, figures are not."""
    return field.type in ("text", "code", "date", "boolean") and field.field_code != "note"


def _merged_down(cells: SheetCells, columns: set[int]) -> dict[tuple[int, int], Cell]:
    """Place of a cell that is covered by one above it -> that one's value, in these columns."""
    covered = {}
    for (top, left), (bottom, right) in cells.merged:
        if left != right or left not in columns or bottom <= top or top >= len(cells.rows):
            continue
        row = cells.rows[top]
        value = row[left] if left < len(row) else ""
        if is_filled(value):
            covered.update({(number, left): value for number in range(top + 1, min(bottom + 1, len(cells.rows)))})
    return covered


def _exchanged_days(
    cells: SheetCells, sheet: Sheet, index: dict[str, int], rows: list[SheetRow], letters: list[str]
) -> list[Remark]:
    """Days of a column that a program may have taken with day and month exchanged."""
    remarks = []
    for code, column in index.items():
        if sheet.by_code[code].type != "date":
            continue
        sent = [cells.rows[row.row_number - 1] for row in rows]
        for place, other in exchanged([row[column] if column < len(row) else "" for row in sent]).items():
            row = rows[place]
            address = f"{letters[column]}{row.row_number}"
            details = {"read_as": row.read[code], "other": other}
            value = row.sent.get(letters[column])
            remarks.append(Remark("V03", sheet.sheet_code, row.row_number, code, address, value, details))
    return remarks


def doubts_of(reading: Reading, sheet_code: str, row: int, field_code: str, cell: str, value: Cell) -> list[Remark]:
    """The remarks V03 and V07 on one reading."""
    place = (sheet_code, row, field_code, cell, folded(sent_text(value)))
    remarks = []
    if reading.other is not None:
        remarks.append(Remark("V03", *place, details={"read_as": reading.text, "other": reading.other}))
    if reading.repaired:
        remarks.append(Remark("V07", *place, details={"read_as": reading.text}))
    return remarks


def _are_column_numbers(row: list[Cell]) -> bool:
    """The line (1) (2) (3) that printed forms have under their headers."""
    first = next((meant_text(cell) for cell in row if is_filled(cell)), "")
    if "1" not in first:
        return False
    numbers = [folded(meant_text(cell)).strip("()[]") for cell in row if is_filled(cell)]
    return len(numbers) >= 2 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _resemblance(cells: SheetCells, sheet: Sheet) -> float:
    columns = find_columns(cells.rows, sheet)
    return len(columns.index) / len(sheet.fields) if columns else 0.0


def _storable(cell: Cell) -> str:
    """The text as sent; PostgreSQL holds every character but one."""
    if type(cell) is float and cell.is_integer() and -1e15 < cell < 1e15:
        return str(int(cell))
    text = cell if type(cell) is str else sent_text(cell)
    return text.replace("\x00", "") if "\x00" in text else text
