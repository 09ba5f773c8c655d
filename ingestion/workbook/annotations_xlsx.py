"""Annotations of an xlsx or xlsm workbook, read from its parts.

A clean form has almost none, so each part is first searched as bytes, and parsed only if something is found.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname, join, normpath

from ingestion.workbook.annotations import (
    CellStyle,
    Run,
    SheetAnnotations,
    WorkbookAnnotations,
    parse_tree,
    parse_xml,
    record_cell,
    record_comment,
)
from ingestion.workbook.cells import EPOCH_1904, parse_address
from ingestion.workbook.legacy_encodings import LegacyFont, legacy_font
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.styles_xlsx import read_styles

HIDDEN = (b' hidden="1"', b' hidden="true"', b' ht="0"', b' width="0"')
ROW_OR_COLUMN = re.compile(rb"<(?:\w+:)?(row|col)\s")
NUMBER = {name: re.compile(rb"\s" + name + rb'="(\d+)"') for name in (b"r", b"min", b"max")}
FORMULA_OR_ERROR = (b"<f>", b"<f ", b":f>", b":f ", b't="e"')
STYLED = re.compile(rb'\ss="(\d+)"')
# The end of a run, an escaped character, a CDATA section, a formula with a text as value.
NOT_PLAIN = (b"r>", b"&#", b"<!", b'str"', b"str'")
PLAIN_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
SHARED_STRINGS = "xl/sharedStrings.xml"
LEGACY_FONT = re.compile(rb'rFont\s+val="(?:\.vn|vni)', re.IGNORECASE)
WIDEST = 16_384


def read_xlsx(archive: zipfile.ZipFile) -> WorkbookAnnotations:
    """Annotations of the worksheets, but of the sheet of lists. Raises the errors of zipfile and expat."""
    names = set(archive.namelist())
    found = WorkbookAnnotations()
    book = archive.read("xl/workbook.xml")
    if re.search(rb'date1904="(?:1|true)"', book):
        found.epoch = EPOCH_1904
    has_comments = any("comments" in name for name in names)
    styles = read_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
    shared = archive.read(SHARED_STRINGS) if SHARED_STRINGS in names else b""
    runs = _shared_runs(shared) if LEGACY_FONT.search(shared) else {}
    relations = "xl/_rels/workbook.xml.rels"
    for name, part in _sheet_parts(book, archive.read(relations) if relations in names else b""):
        if part not in names:
            continue
        found.parts.setdefault(name, part)
        if name == LISTS_SHEET:
            continue
        found.sheets[name] = _sheet(archive.read(part), styles, runs)
        if has_comments:
            _add_comments(archive, names, part, found.sheets[name])
    return found


def texts_of_sheet(archive: zipfile.ZipFile, part: str | None) -> set[str] | None:
    """A superset of the texts of a sheet, cheaper than reading it: its own and all shared ones. None if they are not
    plain: in several runs, escaped, or results of formulas."""
    if part is None:
        return None
    texts: set[str] = set()
    for name in (part, SHARED_STRINGS):
        if name not in archive.NameToInfo:
            continue
        text = archive.read(name)
        end = text.rfind(b"sheetData>")
        text = text[:end] if end > 0 else text
        if b"\x00" in text[:4] or any(sign in text for sign in NOT_PLAIN):
            return None
        texts.update(PLAIN_TEXT.findall(text.decode("utf-8")))
    return texts


# Parts -----------------------------------------------------------------------------------------------------------


# Cached: every form has the same sheets.
@lru_cache(maxsize=64)
def _sheet_parts(book: bytes, relations: bytes) -> list[tuple[str, str]]:
    """Name and part of each sheet."""
    targets = _targets(relations, "xl") if relations else {}
    sheets = []
    for sheet in parse_tree(book).findall("{*}sheets/{*}sheet"):
        relation = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        sheets.append((sheet.get("name", ""), targets.get(relation, "")))
    return sheets


def _targets(text: bytes, folder: str) -> dict[str, str]:
    """Id of a relation -> its part, of those inside the archive."""
    return {
        each.get("Id", ""): normpath(join("/", folder, each.get("Target", "")))[1:]
        for each in parse_tree(text)
        if each.get("TargetMode") != "External"
    }


def _shared_runs(text: bytes) -> dict[int, list[Run]]:
    """Number of a shared string with a part in a legacy font -> its parts."""
    found = {}
    for number, string in enumerate(parse_tree(text).findall("{*}si")):
        runs: list[Run] = []
        for part in string:
            kind, font = part.tag.rpartition("}")[2], part.find("{*}rPr/{*}rFont")
            if kind in ("t", "r"):
                words = part.text if kind == "t" else part.findtext("{*}t")
                runs.append((words or "", legacy_font(font.get("val", "")) if font is not None else None))
        if any(font for _, font in runs):
            found[number] = runs
    return found


# Sheets ----------------------------------------------------------------------------------------------------------


def _sheet(text: bytes, styles: dict[int, CellStyle], runs: dict[int, list[Run]]) -> SheetAnnotations:
    annotations = SheetAnnotations(is_filtered=b"filterColumn" in text)
    # The validation lists after the cells are often longer than the cells.
    end = text.rfind(b"sheetData>")
    cells = text[:end] if end > 0 else text
    for tag in _hiding_tags(cells):
        kind = ROW_OR_COLUMN.match(tag)
        row, first, last = (NUMBER[name].search(tag) for name in (b"r", b"min", b"max"))
        if kind and kind[1] == b"row" and row:
            annotations.hidden_rows.add(int(row[1]) - 1)
        elif kind and first and last:
            annotations.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), WIDEST)))
    is_styled = bool(styles) and any(int(number) in styles for number in set(STYLED.findall(cells)))
    has_runs = bool(runs) or (b"rFont" in cells and LEGACY_FONT.search(cells) is not None)
    if is_styled or has_runs or any(sign in cells for sign in FORMULA_OR_ERROR):
        reader = _CellReader(annotations, styles, runs)
        parse_xml(text, reader.start, reader.end, reader.letters.append)
    return annotations


def _hiding_tags(text: bytes) -> Iterator[bytes]:
    """The tags that may hide a row or column."""
    for sign in HIDDEN:
        place = text.find(sign)
        while place >= 0:
            end = text.find(b">", place)
            yield text[text.rfind(b"<", 0, place) : end]
            place = text.find(sign, max(end, place + 1))


class _CellReader:
    """Reads every cell of a sheet, event by event."""

    def __init__(
        self, annotations: SheetAnnotations, styles: dict[int, CellStyle], shared_runs: dict[int, list[Run]]
    ) -> None:
        self.annotations, self.styles, self.shared_runs = annotations, styles, shared_runs
        self.row = self.column = -1
        self.style = 0
        self.type = self.formula_group = ""
        self.formula: str | None = None
        self.value: str | None = None
        self.formulas: dict[str, str] = {}
        self.letters: list[str] = []
        self.runs: list[Run] = []
        self.font: LegacyFont | None = None

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(given["r"]) - 1 if given.get("r", "").isdigit() else self.row + 1
            self.column = -1
        elif tag == "c":
            self.row, self.column = parse_address(given.get("r", "")) or (self.row, self.column + 1)
            self.style = int(given["s"]) if given.get("s", "").isdigit() else 0
            self.type = given.get("t", "")
            self.formula = self.value = self.font = None
            self.runs = []
        elif tag == "r":
            self.font = None
        elif tag == "rFont":
            self.font = legacy_font(given.get("val", ""))
        elif tag in ("f", "v", "t"):
            self.letters.clear()
            if tag == "f":
                self.formula_group = given.get("si", "") if given.get("t") == "shared" else ""

    def end(self, tag: str) -> None:
        text = "".join(self.letters)
        if tag == "f":
            if self.formula_group:
                group = self.formula_group
                text = self.formulas.setdefault(group, text) if text else self.formulas.get(group, "")
            self.formula = text
        elif tag == "v":
            self.value = text
        elif tag == "t":
            self.runs.append((text, self.font))
            self.value = "".join(words for words, _ in self.runs)
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place = self.row, self.column
        record_cell(
            self.annotations,
            place,
            self.value,
            self.formula,
            is_error=self.type == "e",
            may_be_empty=self.type in ("str", "inlineStr", "s"),
            style=self.styles.get(self.style),
        )
        if any(font for _, font in self.runs):
            self.annotations.runs[place] = self.runs
        elif self.shared_runs and self.type == "s" and (self.value or "").isdigit():
            runs = self.shared_runs.get(int(self.value or 0), [])
            self.annotations.runs.update({place: runs} if runs else {})


def _add_comments(archive: zipfile.ZipFile, names: set[str], part: str, annotations: SheetAnnotations) -> None:
    folder, name = dirname(part), part.rpartition("/")[2]
    relations = join(folder, "_rels", f"{name}.rels")
    for target in _targets(archive.read(relations), folder).values() if relations in names else ():
        if "comments" in target.lower() and target.endswith(".xml") and target in names:
            root = parse_tree(archive.read(target))
            authors = ["".join(each.itertext()) for each in root.findall("{*}authors/{*}author")]
            for comment in [*root.findall(".//{*}comment"), *root.findall(".//{*}threadedComment")]:
                place, number = parse_address(comment.get("ref", "")), comment.get("authorId", "")
                if place:
                    author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
                    record_comment(annotations, place, "".join(comment.itertext()), author)
