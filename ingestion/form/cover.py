"""The cover of the form: found by its name or its lines; one line per field."""

from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.form.headers import header_key
from ingestion.form.hidden_content import warnings_on_cells
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.parsed_value import warnings_on_value
from ingestion.form.values import parser_for
from ingestion.workbook.cells import Cell, address
from ingestion.workbook.reader import SheetCells
from warehouse.reference.forms import COVER, Sheet
from warehouse.reference.names import folded, name_key
from warehouse.reference.reference_data import Reference

LEAST_LINES = 0.5
"""share of the cover's lines that a sheet of another name must have to be taken for the cover"""


@dataclass(frozen=True)
class CoverLine:
    """A line of the cover: the cell with its value."""

    value: Cell
    place: tuple[int, int]
    """row and column, from 0"""

    @property
    def cell(self) -> str:
        return address(*self.place)


@dataclass(frozen=True)
class ParsedCover:
    """The values of a cover, by field code."""

    values: dict[str, str]
    """canonical text, of lines that are filled in"""
    cells: dict[str, str]
    """cell such as C4, of every line that was found"""
    warnings: list[ParseWarning]


def find_cover(sheets: list[SheetCells], covers: Iterable[Sheet]) -> SheetCells | None:
    """The sheet with the cover's name, else the sheet with most lines of any form version's cover."""
    covers = list(covers)
    names = {name_key(name) for cover in covers for name in (cover.sheet_code, cover.title_vi)}
    named = [sheet for sheet in sheets if name_key(sheet.name) in names]
    if named:
        return named[0]
    found = [(len(cover_lines(sheet, cover)) / len(cover.fields), sheet) for sheet in sheets for cover in covers]
    share, sheet = max(found, key=lambda each: each[0], default=(0, None))
    return sheet if share >= LEAST_LINES else None


def cover_lines(cells: SheetCells, cover: Sheet) -> dict[str, CoverLine]:
    """Field code -> its line. Lines are found by the code in column A, with the value in C (or right of the label if
    columns were inserted); else by the label, with the value right of it. The first line of a field counts."""
    labels = {header_key(each.header_vi): each.field_code for each in cover.fields}
    by_code: dict[str, CoverLine] = {}
    by_label: dict[str, CoverLine] = {}
    for number, row in enumerate(cells.rows):
        code = folded(row[0]) if row and isinstance(row[0], str) else ""
        if code in cover.by_code:
            moved = [index for index, cell in enumerate(row[2:5], 2) if _field_of_label(cell, labels) == code]
            by_code.setdefault(code, _line(row, number, moved[0] + 1 if moved else 2))
            continue
        for index, cell in enumerate(row[:3]):
            label = _field_of_label(cell, labels)
            if label:
                by_label.setdefault(label, _line(row, number, index + 1))
                break
    return {code: by_code.get(code) or by_label[code] for code in cover.by_code if code in by_code or code in by_label}


def parse_cover(cells: SheetCells, cover: Sheet, reference: Reference) -> ParsedCover:
    """The cover's values; the code list of units depends on the year, which is therefore parsed first."""
    lines = cover_lines(cells, cover)
    values: dict[str, str] = {}
    warnings: list[ParseWarning] = []
    for each in sorted(cover.fields, key=lambda field: field.field_code != "report_year"):
        line = lines.get(each.field_code)
        if line is None:
            continue
        parse = parser_for(each, reference, integer_or_none(values.get("report_year")), epoch=cells.epoch)
        parsed = parse(line.value)
        if parsed.text is not None:
            values[each.field_code] = parsed.text
            warnings += warnings_on_value(parsed, COVER, line.place[0] + 1, each.field_code, line.cell, line.value)
    warnings += warnings_on_cells(cells, COVER, {line.place: code for code, line in lines.items()})
    in_order = {each.field_code: values[each.field_code] for each in cover.fields if each.field_code in values}
    return ParsedCover(in_order, {code: line.cell for code, line in lines.items()}, warnings)


def sender_of(cells: SheetCells | None, cover: Sheet, reference: Reference) -> dict[str, str]:
    """Unit and year as far as the cover gives them, so that the sender of a rejected file can be answered."""
    values = parse_cover(cells, cover, reference).values if cells else {}
    return {code: values[code] for code in ("reporting_unit_code", "report_year") if code in values}


def integer_or_none(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _field_of_label(cell: Cell, labels: dict[str, str]) -> str | None:
    return labels.get(header_key(cell)) if isinstance(cell, str) and cell else None


def _line(row: list[Cell], number: int, index: int) -> CoverLine:
    return CoverLine(row[index] if index < len(row) else "", (number, index))
