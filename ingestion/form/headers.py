"""The columns of a sheet, found by the row of codes, or by headers in one or several rows, never by position."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingestion.workbook.cells import Cell, is_filled, meant_text
from warehouse.reference.forms import Field, Sheet
from warehouse.reference.names import folded, name_key

ROWS_SEARCHED = 10
"""rows in which codes or headers are searched"""
DEEPEST_HEADER = 3
"""most rows of one header"""
LONGEST_PART = 120


@dataclass(frozen=True)
class Columns:
    """The columns of a sheet in one file."""

    header_row: int
    """the row above the data, from 1"""
    index: dict[str, int]
    """field code -> column, from 0"""
    headers: dict[int, str]
    """column, from 0 -> its header as sent, several rows joined"""


def find_columns(rows: list[list[Cell]], sheet: Sheet) -> Columns | None:
    """Columns by codes, and by headers if their code is missing; or by headers alone. None if there are too few."""
    headings = _Headings(sheet)
    best_codes, code_row = _best_row(rows, lambda cell: _code_of(cell, sheet), len(sheet.fields))
    filled = sum(map(is_filled, rows[code_row])) if best_codes else 0
    if best_codes and 2 * len(best_codes) >= filled and len(best_codes) >= min(2, len(sheet.fields)):
        return _under_codes(rows, code_row, best_codes, headings)
    headers, header_row = _best_row(rows, headings.field_of, len(sheet.fields))
    best = (headers, header_row, 1)
    for depth in range(2, DEEPEST_HEADER + 1 if len(headers) < len(sheet.fields) else 0):
        for number in range(min(ROWS_SEARCHED, len(rows) - depth + 1)):
            found = _matches(_joined(rows[number : number + depth]), headings.joined)
            if len(found) > len(best[0]):
                best = (found, number, depth)
    headers, header_row, depth = best
    if len(headers) < min(2, len(sheet.fields)) or len(headers) < 0.3 * len(sheet.fields):
        return None
    return _columns(rows, header_row, depth, headers)


def unknown_columns(rows: list[list[Cell]], columns: Columns, letters: list[str]) -> dict[str, str]:
    """Letter -> header of the columns that the form does not have, if they have a header or any value."""
    known = set(columns.index.values())
    found = {}
    for index, letter in enumerate(letters):
        if index in known:
            continue
        title = columns.headers.get(index, "")
        if title or any(is_filled(row[index]) for row in rows[columns.header_row :] if index < len(row)):
            found[letter] = title
    return found


def contradicted_columns(columns: Columns, sheet: Sheet) -> dict[str, Field]:
    """Field code -> the field of the header above its column, if they disagree. The row of codes is hidden: moving
    columns from the headers down leaves the codes in place, above other columns."""
    headings = _Headings(sheet)
    found = {}
    for code, index in columns.index.items():
        header = columns.headers.get(index, "")
        if not header or header_key(header) == header_key(sheet.by_code[code].header_vi):
            continue
        named = headings.field_of(header)
        if named is not None and named != code:
            found[code] = sheet.by_code[named]
    return found


class _Headings:
    """The accepted spellings of headers: the form's words, a unit in brackets after them, or words on several rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.known = {header_key(each.header_vi): each.field_code for each in sheet.fields}

    @cached_property
    def by_words(self) -> dict[frozenset[str], str]:
        """The words of a header, in any order -> its field, if no other header has the same words."""
        codes: dict[frozenset[str], list[str]] = {}
        for key, code in self.known.items():
            codes.setdefault(_words(key), []).append(code)
        return {words: found[0] for words, found in codes.items() if len(found) == 1}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset().union(*self.by_words)

    def may_be_part(self, text: str) -> bool:
        """Whether the text consists of words of the sheet's headers."""
        return len(text) <= LONGEST_PART and _words(header_key(text)) <= self.vocabulary

    def field_of(self, cell: str) -> str | None:
        found = self.known.get(header_key(cell))
        if found is None and cell.rstrip(" *").endswith(")"):
            # Units are often added in brackets: "Vốn điều lệ (triệu đồng)".
            found = self.known.get(header_key(cell.rpartition("(")[0]))
        return found

    def joined(self, text: str) -> str | None:
        """The field of a header in several rows, whose parts are separated by line ends."""
        parts = text.split("\n")
        found = self.field_of(parts[-1]) if len(parts) == 1 else None
        return found or self.by_words.get(_words(header_key(" ".join(parts)))) or self.field_of(parts[-1])


def _under_codes(rows: list[list[Cell]], code_row: int, codes: dict[str, int], headings: _Headings) -> Columns:
    under = rows[code_row + 1] if code_row + 1 < len(rows) else []
    headers = _matches(under, headings.field_of)
    depth = 1 if headers == codes else _depth_under_codes(rows, code_row + 1, codes, headings)
    if not headers and depth == 1:
        return Columns(code_row + 1, codes, {})
    taken = set(codes.values())
    by_header = {code: index for code, index in headers.items() if index not in taken}
    return _columns(rows, code_row + 1, depth, by_header | codes)


def _depth_under_codes(rows: list[list[Cell]], first: int, codes: dict[str, int], headings: _Headings) -> int:
    """Number of rows of the headers below the codes: more than one if together they match the codes."""
    for depth in range(DEEPEST_HEADER, 1, -1):
        last = rows[first + depth - 1] if first + depth <= len(rows) else []
        filled = [index for index, cell in enumerate(last) if is_filled(cell)]
        texts = {index: cell for index in filled if isinstance(cell := last[index], str)}
        if not texts or len(texts) < len(filled):
            continue
        if 2 * sum(map(headings.may_be_part, texts.values())) < len(texts):
            continue
        found = _matches(_joined(rows[first : first + depth]), headings.joined)
        right = {index for code, index in found.items() if codes.get(code) == index}
        if 2 * len(right & texts.keys()) >= len(texts):
            return depth
    return 1


def _columns(rows: list[list[Cell]], first: int, depth: int, index: dict[str, int]) -> Columns:
    joined = _joined(rows[first : first + depth])
    headers = {place: folded(text) for place, text in enumerate(joined) if text}
    return Columns(first + depth, index, headers)


def _joined(rows: list[list[Cell]]) -> list[str]:
    """The headers of several rows, joined by column: a cell of an upper row also covers the empty cells right of it
    that have something below."""
    width = max(map(len, rows), default=0)
    texts = [[_text(row[index]) if index < len(row) else "" for index in range(width)] for row in rows]
    for level, row in enumerate(texts[:-1]):
        for index in range(1, width):
            has_below = any(lower[index] for lower in texts[level + 1 :])
            if not row[index] and has_below and all(not upper[index] for upper in texts[:level]):
                row[index] = row[index - 1]
    return ["\n".join(dict.fromkeys(row[index] for row in texts if row[index])) for index in range(width)]


def _text(cell: Cell) -> str:
    return folded(meant_text(cell)) if is_filled(cell) else ""


def _best_row(rows: list[list[Cell]], code_of: Callable[[str], str | None], most: int) -> tuple[dict[str, int], int]:
    """The matches of the first row with most of them, and its number; `most` is the highest possible number."""
    best: tuple[dict[str, int], int] = ({}, 0)
    for number, row in enumerate(rows[:ROWS_SEARCHED]):
        found = _matches(row, code_of)
        if len(found) > len(best[0]):
            best = (found, number)
        if len(found) == most:
            break
    return best


def _matches(row: Sequence[Cell], code_of: Callable[[str], str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        code = code_of(cell) if isinstance(cell, str) and cell else None
        if code:
            found.setdefault(code, index)
    return found


def _code_of(cell: str, sheet: Sheet) -> str | None:
    if cell in sheet.by_code:
        return cell
    code = folded(cell).lower()
    return code if code in sheet.by_code else None


def _words(key: str) -> frozenset[str]:
    return frozenset(key.replace(",", " ").replace("(", " ").replace(")", " ").split())


@lru_cache(maxsize=20_000)
def header_key(text: str) -> str:
    """The key of a header, without the marks that people add to it."""
    return name_key(text).replace("(*)", "").strip(" *:")
