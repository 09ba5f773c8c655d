"""Detection of personal data (PII), which the warehouse must not keep: lists of persons with headings or without,
citizens' numbers as text or number, and whatever else identifies somebody in a cell, a comment or another part of the
workbook. A file that contains any is rejected (F11), and its bytes are not stored. The answer says what kind of data it
is and where, and never repeats it."""

import contextlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache

from ingestion.form.cover import sender_of
from ingestion.form.headers import ROWS_SEARCHED, header_key
from ingestion.form.sheets import SheetRows
from ingestion.personal_data.names import FEWEST_NAMES, clean_name, is_name
from ingestion.personal_data.numbers import (
    FIRST_BIRTH,
    LAST_BIRTH,
    NINE_DIGITS,
    is_mobile_number,
    may_be_citizen_number,
    may_be_identity_number,
)
from ingestion.personal_data.parts import embedded_files, find_in_bytes
from ingestion.personal_data.texts import (
    LONGEST_HEADING,
    identifies_person,
    identity_number,
    is_amount_heading,
    is_organisation_heading,
    is_personal_heading,
    names_phone_or_birth,
    personal_word,
)
from ingestion.personal_data.words import as_typed, labels, words
from ingestion.workbook.cells import Cell, address
from ingestion.workbook.container import decrypted
from ingestion.workbook.limits import Limits
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.reader import SheetCells, read_workbook
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.forms import COVER
from warehouse.reference.names import ascii_key
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

IDENTITY_NUMBER, ABOUT_A_PERSON = phrase("identity_number"), phrase("about_a_person")
LIST_OF_PERSONS, COMMENT = phrase("list_of_persons"), phrase("cell_comment")
FEWEST_NUMBERS = 2
"""numbers below each other that may be citizens' numbers, and no other of their size"""
DIGITS_OF_TEXT = re.compile(r"\d{11}(?:\.0)?")
"""a citizen's number that lost its zero before it became text"""
AMOUNTS = ("money", "number")
"""types of fields that may hold numbers as large"""
BIRTH = re.compile(r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-])?((?:19|20)\d\d)(?:-\d\d-\d\d)?")


@dataclass(frozen=True)
class Found:
    """The first place with personal data."""

    sheet_name: str | None
    cell: str | None
    kind: str
    """what it is: the word for the heading, or one of the kinds above; never the data"""


def require_no_personal_data(
    content: bytes, workbook: list[SheetCells], cover_sheet: SheetCells | None, reference: Reference
) -> None:
    """Reject a workbook with personal data in a cell, a comment or any other part of it. The cover and its comments may
    name a contact."""
    found = find_personal_data(workbook, reference, cover_sheet) or _personal_comment(workbook, cover_sheet)
    if found is None:
        content = decrypted(content)
        place = find_in_bytes(content, workbook) or _find_in_embedded(content, reference)
        found = Found(None, None, f"{ABOUT_A_PERSON}, trong {place}") if place else None
    if found:
        any_form = next(iter(reference.forms.values()))
        raise _rejected(found, sender_of(cover_sheet, any_form.cover, reference))


def _find_in_embedded(content: bytes, reference: Reference) -> str | None:
    """Where personal data stands in the cells of a workbook that is embedded in another."""
    for each in embedded_files(content):
        with contextlib.suppress(RejectedFile):  # it is none, or cannot be read: searched as bytes
            if find_personal_data(read_workbook(each), reference):
                return labels("place")["embedded"]
    return None


def may_be_kept(content: bytes, limits: Limits) -> bool:
    """Whether a file that is no readable workbook is without personal data, as far as it can be read."""
    try:
        if content.startswith(b"PK"):
            expanded = sum(each.file_size for each in zipfile.ZipFile(io.BytesIO(content)).infolist())
            if expanded > limits.expanded_bytes:
                return False
        return find_in_bytes(decrypted(content)) is None
    except MemoryError:
        raise
    except Exception:  # whatever a damaged file causes
        return True


def require_no_personal_columns(sheets: Mapping[str, SheetRows], cover: Mapping[str, str]) -> None:
    """Reject a file that adds a column about persons to a sheet of the form; any such word in its header counts."""
    sender = {name: cover[name] for name in ("reporting_unit_code", "report_year") if cover.get(name)}
    for code, sheet in sheets.items():
        for letter, header in sheet.unknown_columns.items():
            if word := personal_word(header):
                raise _rejected(Found(code, f"{letter}{sheet.header_row}", _shown(word)), sender)


def find_personal_data(
    sheets: list[SheetCells], reference: Reference, cover_sheet: SheetCells | None = None
) -> Found | None:
    """The first place with personal data in the cells and names of sheets.

    One heading of such a column is enough, but on the cover, where an office may name a contact, it takes two in a row,
    which is a table. An identity number is enough anywhere."""
    for sheet in sheets:
        if identifies_person(sheet.name):
            return Found(clean_name(sheet.name), None, ABOUT_A_PERSON)
        is_cover = sheet is cover_sheet or ascii_key(sheet.name) == ascii_key(COVER)
        found = _Scan(sheet, is_cover, reference).find()
        if found:
            return Found(clean_name(sheet.name), *found)
    return None


@dataclass
class _Scan:
    """One sheet."""

    sheet: SheetCells
    is_cover: bool
    reference: Reference

    def find(self) -> tuple[str, str] | None:
        """Cell and kind of the first personal data."""
        for number, row in self.rows:
            texts = [(index, cell) for index, cell in enumerate(row) if isinstance(cell, str) and cell]
            heading = self._heading(texts)
            if heading:
                return address(number, heading[0]), heading[1]
            for index, text in texts:
                if (kind := _kind(text, self.is_cover)) is not None:
                    return address(number, index), kind
        if self.sheet.name == LISTS_SHEET:
            return None
        return self._list() or (None if self.is_cover else self._number())

    def _heading(self, texts: list[tuple[int, str]]) -> tuple[int, str] | None:
        enough = 2 if self.is_cover else 1
        headings = [(index, text) for index, text in texts if is_personal_heading(text)]
        if len(headings) >= enough:
            index, text = headings[0]
            return index, _shown(personal_word(text) or "")
        keys = {ascii_key(text).strip(" :*"): index for index, text in texts if len(text) <= LONGEST_HEADING}
        names, others = keys.keys() & words("name_heading"), keys.keys() & words("person_heading")
        if names and (others or len(names) > 1):
            return keys[min(names)], LIST_OF_PERSONS
        return None

    def _list(self) -> tuple[str, str] | None:
        """A name beside a number or day that belongs to a person, or names below each other, in columns that are
        neither the form's nor of organisations."""
        ours = {index for index, kind in self.columns.items() if kind and not self.is_cover}
        for row in self.sheet.rows[:ROWS_SEARCHED]:
            ours |= {index for index, cell in enumerate(row) if isinstance(cell, str) and is_organisation_heading(cell)}
        names, filled, persons = Counter[int](), Counter[int](), 0
        for number, row in self.rows:
            free = [(index, cell) for index, cell in enumerate(row) if index not in ours and cell not in ("", None)]
            named = [index for index, cell in free if isinstance(cell, str) and is_name(cell)]
            filled.update(index for index, cell in free if isinstance(cell, str))
            names.update(named)
            persons += bool(named) and any(_belongs_to_person(cell) for index, cell in free if index not in named)
            if persons >= (FEWEST_NAMES if self.is_cover else 1):
                return address(number, named[0] if named else 0), LIST_OF_PERSONS
            for index in named if not self.is_cover else ():
                if names[index] >= FEWEST_NAMES and 2 * names[index] >= filled[index]:
                    return address(number, index), LIST_OF_PERSONS
        return None

    def _number(self) -> tuple[str, str] | None:
        """A number that may be a citizen's, in a column in which the form has no amounts, or below others."""
        large: dict[int, list[tuple[int, float]]] = {}
        for number, row in self.rows:
            for index, cell in enumerate(row):
                value = float(cell) if isinstance(cell, str) and DIGITS_OF_TEXT.fullmatch(cell) else cell
                if isinstance(value, (int, float)) and value >= 10**9:
                    large.setdefault(index, []).append((number, value))
        for index, found in large.items():
            likely = [number for number, value in found if may_be_citizen_number(value)]
            kind = self.columns.get(index)
            is_likely = bool(likely) if kind else len(likely) == len(found) >= FEWEST_NUMBERS
            if is_likely and kind not in AMOUNTS and not self._is_amount(index):
                return address(likely[0], index), IDENTITY_NUMBER
        return None

    def _is_amount(self, column: int) -> bool:
        texts = (row[column] for row in self.sheet.rows[:ROWS_SEARCHED] if column < len(row))
        return any(isinstance(each, str) and is_amount_heading(each) for each in texts)

    @cached_property
    def rows(self) -> list[tuple[int, list[Cell]]]:
        """The rows with values, of a million at most, with their numbers from 0."""
        return [
            (number, row) for number, row in enumerate(self.sheet.rows) if any(cell not in ("", None) for cell in row)
        ]

    @cached_property
    def columns(self) -> Mapping[int, str | None]:
        """Column -> the type of the form's field in it; None where it is not the form's."""
        types, found = _types_of_headers(self.reference), dict[int, str | None]()
        for row in self.sheet.rows[:ROWS_SEARCHED]:
            for index, cell in enumerate(row):
                if isinstance(cell, str) and cell and not found.get(index):
                    found[index] = types.get(header_key(cell)) or types.get(header_key(cell.rpartition("(")[0]))
        return found


@lru_cache(maxsize=50_000)
def _kind(text: str, is_cover: bool) -> str | None:
    """What in the text of a cell identifies a person; on the cover only numbers of identity do."""
    if identity_number(text):
        return IDENTITY_NUMBER
    return ABOUT_A_PERSON if not is_cover and identifies_person(text) else None


def _belongs_to_person(cell: Cell) -> bool:
    """Whether a cell beside a name is a telephone, an identity number, or a day or year of birth."""
    year = 0
    if isinstance(cell, str):
        if identity_number(cell) or names_phone_or_birth(cell) or NINE_DIGITS.fullmatch(cell.strip()):
            return True
        match = BIRTH.fullmatch(cell.strip())
        year = int(match[1]) if match else 0
    elif isinstance(cell, date):
        year = cell.year
    elif isinstance(cell, (int, float)):
        if is_mobile_number(cell) or may_be_identity_number(cell):
            return True
        year = int(cell)
    return FIRST_BIRTH <= year <= LAST_BIRTH


@cache
def _types_of_headers(reference: Reference) -> Mapping[str, str]:
    """Key of a header, and code of a field -> type of the field, in any version of the form, but of its notes."""
    fields = [each for form in reference.forms.values() for sheet in form.sheets.values() for each in sheet.fields]
    return {header_key(name): each.type for each in fields for name in (each.header_vi, each.field_code)}


def _shown(word: str) -> str:
    """A heading as its word stands in personal_data.csv."""
    typed = {ascii_key(each): each for kind in ("heading", "heading_of") for each in as_typed(kind)}
    return typed[word][0].upper() + typed[word][1:]


def _personal_comment(workbook: list[SheetCells], cover_sheet: SheetCells | None) -> Found | None:
    for sheet in workbook:
        if sheet.annotations is None or sheet is cover_sheet:
            continue
        for (row, column), text in sheet.annotations.comments.items():
            if identifies_person(text):
                return Found(clean_name(sheet.name), address(row, column), COMMENT)
    return None


def _rejected(found: Found, cover: dict[str, str]) -> RejectedFile:
    details = {"header": found.kind, "sheet_name": found.sheet_name}
    return RejectedFile("F11", found.sheet_name, found.cell, "…", details, keep_content=False, cover=cover)
