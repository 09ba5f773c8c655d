"""Remarks on what is easily overlooked in a sheet (rule V08): one a kind, with its first cell and all the others."""

from collections import defaultdict
from collections.abc import Iterable

from ingestion.form.parse_warnings import Remark
from ingestion.workbook.annotations import Place
from ingestion.workbook.cells import is_filled, sent_text
from ingestion.workbook.reader import SheetCells, column_letter

CELLS_NAMED = 8
MOST_THAT_STAND_OUT = 0.5
"""part of the rows above which a colour is a decoration"""
FEWEST_STRIPED = 4
"""rows from which on every second one in a colour is a decoration too"""


def oddities_of(cells: SheetCells, sheet_code: str, columns: dict[str, int], rows: list[int]) -> list[Remark]:
    """The remarks V08 on the rows (numbers from 1) of a sheet with these columns."""
    data = {number - 1 for number in rows}
    found: list[tuple[str, list[Place]]] = [("merged", _merged(cells, set(columns.values()), data))]
    remarks = []
    if cells.unseen is not None:
        unseen = cells.unseen
        errors = [place for place, text in unseen.broken.items() if not text.startswith("=")]
        formulas = [place for place, text in unseen.broken.items() if text.startswith("=")]
        found += [
            ("error", errors),
            ("formula", formulas),
            ("link", list(unseen.linked)),
            ("moment", list(unseen.momentary)),
            ("comment", list(unseen.commented)),
            ("colour", _standing_out(unseen.coloured, data)),
        ]
        remarks += _hidden(cells, sheet_code, columns, data)
    by_first: dict[Place, list[tuple[str, list[Place]]]] = {}
    for what, places in found:
        places = sorted(place for place in places if place[0] in data)
        if places:
            by_first.setdefault(places[0], []).append((what, places))
    return remarks + [_remark(cells, sheet_code, columns, first, kinds) for first, kinds in by_first.items()]


def oddities_of_cells(cells: SheetCells, sheet_code: str, fields: dict[Place, str]) -> list[Remark]:
    """The remarks V08 on single cells that hold a field each: those of the cover."""
    if cells.unseen is None:
        return []
    unseen = cells.unseen
    remarks = []
    for place, code in fields.items():
        broken = unseen.broken.get(place, "")
        kinds = [
            ("row", place[0] in unseen.hidden_rows and bool(_text(cells, place))),
            ("column", place[1] in unseen.hidden_columns and bool(_text(cells, place))),
            ("error", bool(broken) and not broken.startswith("=")),
            ("formula", broken.startswith("=")),
            ("link", place in unseen.linked),
            ("moment", place in unseen.momentary),
            ("comment", place in unseen.commented),
        ]
        kinds = [(what, [place]) for what, is_so in kinds if is_so]
        if kinds:
            remarks.append(_remark(cells, sheet_code, {code: place[1]}, place, kinds))
    return remarks


def _remark(
    cells: SheetCells,
    sheet_code: str,
    columns: dict[str, int],
    first: Place,
    kinds: list[tuple[str, list[Place]]],
) -> Remark:
    fields = {index: code for code, index in columns.items()}
    places = sorted({place for _, each in kinds for place in each})
    return Remark(
        "V08",
        sheet_code,
        row_number=first[0] + 1,
        field_code=fields.get(first[1], column_letter(first[1])),
        cell=_address(first),
        value=_text(cells, first) or None,
        details={"what": ", ".join(what for what, _ in kinds), "where": _named(_address(place) for place in places)},
    )


def _hidden(cells: SheetCells, sheet_code: str, columns: dict[str, int], data: set[int]) -> list[Remark]:
    """Hidden rows and columns among which anything stands."""
    unseen, remarks = cells.unseen, []
    rows = sorted(unseen.hidden_rows & data)
    if rows:
        filled = next(index for index, cell in enumerate(cells.rows[rows[0]]) if is_filled(cell))
        details = {
            "what": "filter" if unseen.is_filtered else "row",
            "where": _named(str(row + 1) for row in rows),
        }
        remarks.append(Remark("V08", sheet_code, rows[0] + 1, None, _address((rows[0], filled)), None, details))
    fields = {index: code for code, index in columns.items()}
    with_values = {
        index
        for row in data
        for index, cell in enumerate(cells.rows[row])
        if index in unseen.hidden_columns and is_filled(cell)
    }
    if with_values:
        first = min(with_values)
        details = {"what": "column", "where": _named(column_letter(index) for index in sorted(with_values))}
        field_code = fields.get(first, column_letter(first))
        remarks.append(Remark("V08", sheet_code, None, field_code, column_letter(first), None, details))
    return remarks


def _standing_out(coloured: dict[Place, str], data: set[int]) -> list[Place]:
    """The coloured cells of a colour that only some rows have, half of them at most, and not every second one."""
    rows: dict[str, set[int]] = defaultdict(set)
    for (row, _), colour in coloured.items():
        if row in data:
            rows[colour].add(row)
    order = sorted(data)
    stripes = [set(order[::2]), set(order[1::2])] if len(order) >= FEWEST_STRIPED else []
    telling = {
        colour
        for colour, found in rows.items()
        if len(found) <= MOST_THAT_STAND_OUT * len(data) and found not in stripes
    }
    return [place for place, colour in coloured.items() if place[0] in data and colour in telling]


def _merged(cells: SheetCells, columns: set[int], data: set[int]) -> list[Place]:
    """The first cells of those that are merged over several rows of the list, in its columns."""
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


def _address(place: Place) -> str:
    return f"{column_letter(place[1])}{place[0] + 1}"


def _named(places: Iterable[str]) -> str:
    listed = list(places)
    return ", ".join(listed[:CELLS_NAMED] + ["…"] * (len(listed) > CELLS_NAMED))
