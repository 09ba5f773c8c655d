"""Content that is easily overlooked (rule V08): hidden rows and columns, errors, external links, comments, colours.

One warning per kind and sheet, with the first cell and a list of the others."""

from collections import defaultdict
from collections.abc import Iterable

from ingestion.form.parse_warnings import ParseWarning
from ingestion.workbook.annotations.annotations import PICTURE_IN_CELL, Place, SheetAnnotations
from ingestion.workbook.cells import address, column_letter, is_filled, sent_text
from ingestion.workbook.reader import SheetCells

CELLS_NAMED = 8
LARGEST_SHARE_OF_A_COLOUR = 0.5
"""share of the rows above which a colour is decoration"""
FEWEST_STRIPED = 4
"""number of rows from which a colour on every second row is decoration"""

Kinds = list[tuple[str, list[Place]]]
"""kinds of content, as named in the sentence of V08, with their cells"""


def warnings_on_sheet(
    cells: SheetCells, sheet_code: str, columns: dict[str, int], rows: list[int]
) -> list[ParseWarning]:
    """V08 on the rows (numbers from 1) and columns of a sheet."""
    data = {number - 1 for number in rows}
    found: Kinds = [("merged", _merged(cells, set(columns.values()), data))]
    warnings = []
    if (annotations := cells.annotations) is not None:
        found += _kinds(annotations, _noticeable(annotations.coloured, data))
        warnings += _hidden(cells, annotations, sheet_code, columns, data)
    by_first: dict[Place, Kinds] = {}
    for what, places in found:
        places = sorted(place for place in places if place[0] in data)
        if places:
            by_first.setdefault(places[0], []).append((what, places))
    return warnings + [_warning(cells, sheet_code, columns, first, kinds) for first, kinds in by_first.items()]


def warnings_on_cells(cells: SheetCells, sheet_code: str, fields: dict[Place, str]) -> list[ParseWarning]:
    """V08 on single cells that hold a field each, as on the cover."""
    if (annotations := cells.annotations) is None:
        return []
    warnings = []
    for place, code in fields.items():
        is_empty = not _text(cells, place)
        hidden = {
            "row": not is_empty and place[0] in annotations.hidden_rows,
            "column": not is_empty and place[1] in annotations.hidden_columns,
        }
        kinds: Kinds = [(what, [place]) for what, is_hidden in hidden.items() if is_hidden]
        kinds += [(what, [place]) for what, places in _kinds(annotations, []) if place in places]
        if kinds:
            warnings.append(_warning(cells, sheet_code, {code: place[1]}, place, kinds))
    return warnings


def _kinds(annotations: SheetAnnotations, coloured: list[Place]) -> Kinds:
    broken: dict[str, list[Place]] = {"error": [], "formula": [], "picture": []}
    for place, text in annotations.broken.items():
        kind = "picture" if PICTURE_IN_CELL.search(text) else "formula" if text.startswith("=") else "error"
        broken[kind].append(place)
    return [
        *broken.items(),
        ("link", list(annotations.linked)),
        ("moment", list(annotations.volatile)),
        ("comment", list(annotations.comments)),
        ("colour", coloured),
    ]


def _warning(cells: SheetCells, sheet_code: str, columns: dict[str, int], first: Place, kinds: Kinds) -> ParseWarning:
    fields = {index: code for code, index in columns.items()}
    places = sorted({place for _, each in kinds for place in each})
    return ParseWarning(
        "V08",
        sheet_code,
        row_number=first[0] + 1,
        field_code=fields.get(first[1], column_letter(first[1])),
        cell=address(*first),
        value=_text(cells, first) or None,
        details={"what": ", ".join(what for what, _ in kinds), "where": _listed(address(*place) for place in places)},
    )


def _hidden(
    cells: SheetCells, annotations: SheetAnnotations, sheet_code: str, columns: dict[str, int], data: set[int]
) -> list[ParseWarning]:
    """V08 on hidden rows and columns that contain values."""
    warnings = []
    rows = sorted(annotations.hidden_rows & data)
    if rows:
        filled = next(index for index, cell in enumerate(cells.rows[rows[0]]) if is_filled(cell))
        what = "filter" if annotations.is_filtered else "row"
        details = {"what": what, "where": _listed(str(row + 1) for row in rows)}
        place = (sheet_code, rows[0] + 1, None, address(rows[0], filled))
        warnings.append(ParseWarning("V08", *place, details=details))
    filled_columns = sorted(
        {index for row in data for index, cell in enumerate(cells.rows[row]) if is_filled(cell)}
        & annotations.hidden_columns
    )
    if filled_columns:
        first = filled_columns[0]
        details = {"what": "column", "where": _listed(map(column_letter, filled_columns))}
        field_code = {index: code for code, index in columns.items()}.get(first, column_letter(first))
        warnings.append(ParseWarning("V08", sheet_code, None, field_code, column_letter(first), details=details))
    return warnings


def _noticeable(coloured: dict[Place, str], data: set[int]) -> list[Place]:
    """The cells of each colour that at most half of the rows have, and not every second row."""
    rows: dict[str, set[int]] = defaultdict(set)
    for (row, _), colour in coloured.items():
        if row in data:
            rows[colour].add(row)
    order = sorted(data)
    stripes = [set(order[::2]), set(order[1::2])] if len(order) >= FEWEST_STRIPED else []
    noticeable = {
        colour
        for colour, found in rows.items()
        if len(found) <= LARGEST_SHARE_OF_A_COLOUR * len(data) and found not in stripes
    }
    return [place for place, colour in coloured.items() if place[0] in data and colour in noticeable]


def _merged(cells: SheetCells, columns: set[int], data: set[int]) -> list[Place]:
    """The first cell of each merged range that covers several rows of the list, in its columns."""
    return [
        (top, left)
        for (top, left), (bottom, right) in cells.merged
        if any(column in columns for column in range(left, right + 1))
        and len(data & set(range(top, bottom + 1))) > 1
        and _text(cells, (top, left))
    ]


def _text(cells: SheetCells, place: Place) -> str:
    row, column = place
    within = row < len(cells.rows) and column < len(cells.rows[row])
    return sent_text(cells.rows[row][column]) if within else ""


def _listed(places: Iterable[str]) -> str:
    listed = list(places)
    return ", ".join(listed[:CELLS_NAMED] + ["…"] * (len(listed) > CELLS_NAMED))
