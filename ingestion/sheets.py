"""The sheets of the form inside a workbook: found by name, code row or headers, never by position."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ingestion.reference import Field, Form, Sheet
from ingestion.values import Cell, Reader, sent_text
from ingestion.vietnamese import folded, name_key
from ingestion.workbook import SheetCells, column_letter

LISTS_SHEET = "90_DANH_MUC"
"""the hidden sheet of code lists that the form brings with it; nothing is read from it"""
ROWS_SEARCHED = 10
"""rows above the data in which codes or headers are looked for"""
LEAST_RESEMBLANCE = 0.6
"""part of a sheet's columns that a sheet of another name must have to be taken for it"""


@dataclass(frozen=True)
class Remark:
    """Something that the reader noticed and that a rule (V03 V07 V08 F08) has a sentence for."""

    rule_code: str
    sheet_code: str | None = None
    row_number: int | None = None
    field_code: str | None = None
    cell: str | None = None
    value: str | None = None
    details: dict[str, object] = field(default_factory=dict)


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


@dataclass(frozen=True)
class _Columns:
    header_row: int
    """the row above the data, from 1"""
    index: dict[str, int]
    """field code -> column, from 0"""


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
        missing = [sheet for sheet in wanted if sheet.sheet_code not in found]
        alike = [(_resemblance(cells, sheet), sheet.sheet_code) for sheet in missing]
        share, code = max(alike, default=(0.0, ""))
        if share >= LEAST_RESEMBLANCE and [each for each, _ in alike].count(share) == 1:
            found[code] = cells
    return found


def has_values(cells: SheetCells) -> bool:
    """Whether anything stands on the sheet."""
    return any(_is_filled(cell) for row in cells.rows for cell in row)


# The cover ---------------------------------------------------------------------------------------------------


def cover_lines(cells: SheetCells, cover: Sheet) -> dict[str, CoverLine]:
    """Field code -> its line. By the code in column A with the value in C; else by the label, with the value right
    of it. The first line of a field counts."""
    labels = {_header_key(each.header_vi): each.field_code for each in cover.fields}
    by_code: dict[str, CoverLine] = {}
    by_label: dict[str, CoverLine] = {}
    for number, row in enumerate(cells.rows, start=1):
        code = folded(row[0]) if row and isinstance(row[0], str) else ""
        if code in cover.by_code:
            by_code.setdefault(code, _line(row, number, 2))
            continue
        for index, cell in enumerate(row[:3]):
            label = labels.get(_header_key(cell)) if isinstance(cell, str) and cell else None
            if label:
                by_label.setdefault(label, _line(row, number, index + 1))
                break
    return {code: by_code.get(code) or by_label[code] for code in cover.by_code if code in by_code or code in by_label}


def _line(row: list[Cell], number: int, index: int) -> CoverLine:
    return CoverLine(number, f"{column_letter(index)}{number}", row[index] if index < len(row) else "")


# Sheets of rows ----------------------------------------------------------------------------------------------


def read_sheet(
    cells: SheetCells, sheet: Sheet, reader_of: Callable[[Field], Reader]
) -> tuple[SheetRows, list[Remark]] | None:
    """The rows of a sheet with what each cell was read as, and what there was to remark on. None without columns.

    Rows in which no known column says anything are left out: blank ones, dashes, the numbers (1) (2) (3) under the
    headers, and notes beside the table, which are remarked on.
    """
    columns = _columns(cells.rows, sheet)
    if columns is None:
        return None
    width = max(map(len, cells.rows), default=0)
    letters = [column_letter(index) for index in range(width)]
    readers = [(code, index, reader_of(sheet.by_code[code])) for code, index in columns.index.items()]
    unknown = _unknown_columns(cells.rows, columns, letters)
    found = SheetRows(
        sheet_code=sheet.sheet_code,
        sheet_name=cells.name,
        header_row=columns.header_row,
        columns={code: letters[index] for code, index in columns.index.items()},
        unknown_columns=unknown,
        rows=[],
    )
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
    for number, row in enumerate(cells.rows[columns.header_row :], start=columns.header_row + 1):
        sent = {letters[index]: _storable(cell) for index, cell in enumerate(row) if _is_filled(cell)}
        if not sent or (number == columns.header_row + 1 and _are_column_numbers(row)):
            continue
        read, doubts = _read_row(sheet.sheet_code, number, row, readers, letters)
        if read:
            found.rows.append(SheetRow(number, sent, read))
            remarks += doubts
        elif any(letter in unknown for letter in sent):
            letter = next(letter for letter in sent if letter in unknown)
            details = {"unknown": unknown[letter] or letter, "kind": "row"}
            place = (sheet.sheet_code, number, letter, f"{letter}{number}", sent[letter])
            remarks.append(Remark("F08", *place, details=details))
    return found, remarks


def _read_row(
    sheet_code: str, number: int, row: list[Cell], readers: list[tuple[str, int, Reader]], letters: list[str]
) -> tuple[dict[str, str], list[Remark]]:
    read: dict[str, str] = {}
    remarks: list[Remark] = []
    for code, index, reader in readers:
        cell = row[index] if index < len(row) else ""
        if cell == "" or cell is None:
            continue
        reading = reader(cell)
        if reading.text is None:
            continue
        read[code] = reading.text
        if reading.other is not None or reading.repaired:
            remarks += doubts_of(reading, sheet_code, number, code, f"{letters[index]}{number}", cell)
    return read, remarks


def doubts_of(reading, sheet_code: str, row: int, field_code: str, cell: str, value: Cell) -> list[Remark]:
    """The remarks V03 and V07 on one reading."""
    place = (sheet_code, row, field_code, cell, folded(sent_text(value)))
    remarks = []
    if reading.other is not None:
        remarks.append(Remark("V03", *place, details={"read_as": reading.text, "other": reading.other}))
    if reading.repaired:
        remarks.append(Remark("V07", *place, details={"read_as": reading.text}))
    return remarks


def _columns(rows: list[list[Cell]], sheet: Sheet) -> _Columns | None:
    """Where the columns are: by the row of codes, those that it lacks by their headers, or by headers alone."""
    known = {_header_key(each.header_vi): each.field_code for each in sheet.fields}

    def headed(cell: str) -> str | None:
        found = known.get(_header_key(cell))
        if found is None and cell.rstrip().endswith(")"):
            # Units are often added in brackets: "Vốn điều lệ (triệu đồng)".
            found = known.get(_header_key(cell.rpartition("(")[0]))
        return found

    best_codes, code_row = _best_row(rows, lambda cell: _code_of(cell, sheet))
    filled = sum(map(_is_filled, rows[code_row])) if best_codes else 0
    if best_codes and 2 * len(best_codes) >= filled and len(best_codes) >= min(2, len(sheet.fields)):
        under = rows[code_row + 1] if code_row + 1 < len(rows) else []
        headers = _matches(under, headed)
        if not headers:
            return _Columns(code_row + 1, best_codes)
        taken = set(best_codes.values())
        by_header = {code: index for code, index in headers.items() if index not in taken}
        return _Columns(code_row + 2, by_header | best_codes)
    headers, header_row = _best_row(rows, headed)
    if len(headers) < min(2, len(sheet.fields)) or len(headers) < 0.3 * len(sheet.fields):
        return None
    return _Columns(header_row + 1, headers)


def _best_row(rows: list[list[Cell]], code_of: Callable[[str], str | None]) -> tuple[dict[str, int], int]:
    found = [(_matches(row, code_of), number) for number, row in enumerate(rows[:ROWS_SEARCHED])]
    return max(found, key=lambda each: len(each[0]), default=({}, 0))


def _matches(row: list[Cell], code_of: Callable[[str], str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        code = code_of(cell) if isinstance(cell, str) and cell else None
        if code:
            found.setdefault(code, index)
    return found


def _code_of(cell: str, sheet: Sheet) -> str | None:
    code = folded(cell).lower()
    return code if code in sheet.by_code else None


def _header_key(text: str) -> str:
    """A header without the marks that people put behind it."""
    return name_key(text).replace("(*)", "").strip(" *:")


def _unknown_columns(rows: list[list[Cell]], columns: _Columns, letters: list[str]) -> dict[str, str]:
    known = set(columns.index.values())
    header = rows[columns.header_row - 1]
    found = {}
    for index, letter in enumerate(letters):
        if index in known:
            continue
        title = folded(sent_text(header[index])) if index < len(header) else ""
        if title or any(_is_filled(row[index]) for row in rows[columns.header_row :] if index < len(row)):
            found[letter] = title
    return found


def _are_column_numbers(row: list[Cell]) -> bool:
    """The line (1) (2) (3) that printed forms have under their headers."""
    numbers = [folded(sent_text(cell)).strip("()[]") for cell in row if _is_filled(cell)]
    return len(numbers) >= 2 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _resemblance(cells: SheetCells, sheet: Sheet) -> float:
    columns = _columns(cells.rows, sheet)
    return len(columns.index) / len(sheet.fields) if columns else 0.0


def _is_filled(cell: Cell) -> bool:
    return cell != "" and cell is not None and not (isinstance(cell, str) and cell.isspace())


def _storable(cell: Cell) -> str:
    """The text as sent; PostgreSQL holds every character but one."""
    return sent_text(cell).replace("\x00", "")
