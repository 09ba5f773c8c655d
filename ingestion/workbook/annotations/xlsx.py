"""Annotations of an xlsx or xlsm workbook, read from its parts."""

import re
from functools import lru_cache

from lxml import etree

from ingestion.workbook.annotations.annotations import (
    CellStyle,
    Run,
    SheetAnnotations,
    WorkbookAnnotations,
    cell_style,
    record_cell,
    record_comment,
)
from ingestion.workbook.cells import EPOCH_1904, parse_address
from ingestion.workbook.legacy_encodings import legacy_font
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.package import Element, Package, local, parse_xml, walk_cells

LEGACY_FONT = re.compile(rb'rFont\s+val="(?:\.vn|vni)', re.IGNORECASE)
TRUE = ("1", "true")
# Most sheets have no such cell, and a search of their bytes is faster than a look at each.
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
STYLED = re.compile(rb'\ss="(\d+)')
ERROR_OR_FONT = (b't="e"', b"rFont")
WIDEST = 16_384
PERCENT_FORMATS = {"9": "0%", "10": "0.00%"}
"""built-in number formats of percentages"""


def read_xlsx(package: Package) -> WorkbookAnnotations:
    """Annotations of the worksheets, but of the sheet of lists. Raises the errors of zipfile and lxml."""
    found = WorkbookAnnotations()
    properties = package.tree(package.workbook_part).find("{*}workbookPr")
    if properties is not None and properties.get("date1904") in TRUE:
        found.epoch = EPOCH_1904
    styles, shared = package.shared_text("styles"), package.shared_text("sharedStrings")
    strings = parse_xml(shared).findall("{*}si") if LEGACY_FONT.search(shared) else []
    runs = {number: parts for number, parts in enumerate(map(_runs, strings)) if any(font for _, font in parts)}
    for name, part in package.sheets().items():
        if part in package and name != LISTS_SHEET:
            found.sheets[name] = _sheet(package.sheet_text(part), _styles(styles), runs)
            for comments in package.related(part, "comments", "threadedComment").values():
                if comments in package:
                    _add_comments(package.tree(comments), found.sheets[name])
    return found


def _sheet(text: bytes, styles: dict[int, CellStyle], runs: dict[int, list[Run]]) -> SheetAnnotations:
    annotations = SheetAnnotations(is_filtered=b"filterColumn" in text)
    end = text.rfind(b"</", 0, text.rfind(b"sheetData>") + 1)
    if end > 0:  # the validation lists after the cells are often longer than the cells
        text = text[: text.index(b">", end) + 1] + text[text.rfind(b"</") :]
    root = parse_xml(text)
    for row in root.iterfind("{*}sheetData/{*}row"):
        if row.get("r", "").isdigit() and (row.get("hidden") in TRUE or row.get("ht") == "0"):
            annotations.hidden_rows.add(int(row.get("r")) - 1)
    for column in root.iterfind("{*}cols/{*}col"):
        if column.get("hidden") in TRUE or column.get("width") == "0":
            last = min(int(column.get("max", 0)), WIDEST)
            annotations.hidden_columns.update(range(int(column.get("min", 1)) - 1, last))
    is_styled = any(int(number) in styles for number in set(STYLED.findall(text)))
    if runs or is_styled or FORMULA.search(text) or any(sign in text for sign in ERROR_OR_FONT):
        _add_cells(root, annotations, styles, runs)
    return annotations


def _add_cells(
    root: Element, annotations: SheetAnnotations, styles: dict[int, CellStyle], shared_runs: dict[int, list[Run]]
) -> None:
    shared_formulas: dict[str, str] = {}
    for place, cell in walk_cells(root):
        kind, style, formula, value = cell.get("t", ""), cell.get("s", ""), None, cell.findtext("{*}v")
        runs: list[Run] = []
        for each in cell.iterchildren("{*}f", "{*}is"):
            if local(each) == "is":
                runs = _runs(each)
                value = "".join(words for words, _ in runs)
                continue
            formula = each.text or ""
            if each.get("t") == "shared" and (group := each.get("si")):
                formula = shared_formulas.setdefault(group, formula) if formula else shared_formulas.get(group, "")
        record_cell(
            annotations,
            place,
            value,
            formula,
            is_error=kind == "e",
            may_be_empty=kind in ("str", "inlineStr", "s"),
            style=styles.get(int(style) if style.isdigit() else 0),
        )
        if kind == "s" and (value or "").isdigit():
            runs = shared_runs.get(int(value or 0), [])
        if any(font for _, font in runs):
            annotations.runs[place] = runs


def _runs(text: Element) -> list[Run]:
    """The parts of a text with their fonts."""
    runs = []
    for part in text.iterchildren("{*}t", "{*}r"):
        font = part.find("{*}rPr/{*}rFont")
        words = part.text if local(part) == "t" else part.findtext("{*}t")
        runs.append((words or "", legacy_font(font.get("val", "")) if font is not None else None))
    return runs


def _add_comments(root: Element, annotations: SheetAnnotations) -> None:
    authors = ["".join(each.itertext()) for each in root.iterfind("{*}authors/{*}author")]
    for comment in root.iter("{*}comment", "{*}threadedComment"):
        place, number = parse_address(comment.get("ref", "")), comment.get("authorId", "")
        if place:
            author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
            record_comment(annotations, place, "".join(comment.itertext()), author)


# Styles ----------------------------------------------------------------------------------------------------------


# Cached: every form has the same styles.
@lru_cache(maxsize=64)
def _styles(text: bytes) -> dict[int, CellStyle]:
    """Number of a cell style -> its meaning, without plain ones."""
    root = parse_xml(text or b"<styleSheet/>")
    fonts, fills = root.findall("{*}fonts/{*}font"), root.findall("{*}fills/{*}fill")
    formats = dict(PERCENT_FORMATS)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        formats[each.get("numFmtId", "")] = each.get("formatCode", "")
    styles = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        font, fill = _at(fonts, style.get("fontId")), _at(fills, style.get("fillId"))
        name, strike = font.find("{*}name"), font.find("{*}strike")
        meaning = cell_style(
            name.get("val", "") if name is not None else "",
            _colour(fill.find("{*}patternFill[@patternType='solid']/{*}fgColor")),
            _colour(font.find("{*}color")),
            strike is not None and strike.get("val", "1") not in ("0", "false"),
            formats.get(style.get("numFmtId", ""), ""),
        )
        if meaning != CellStyle():
            styles[number] = meaning
    return styles


def _at(elements: list[Element], number: str | None) -> Element:
    """The element of that number; an empty one if there is none."""
    is_valid = number is not None and number.isdigit() and int(number) < len(elements)
    return elements[int(number or 0)] if is_valid else etree.Element("none")


def _colour(element: Element | None) -> str:
    """RRGGBB, theme:N or indexed:N; empty for an automatic colour."""
    given = {} if element is None else element.attrib
    if "rgb" in given:
        return given["rgb"][-6:].upper()
    if "theme" in given:
        # The first two are background and text; a tint of them is decoration.
        return "" if given["theme"] in ("0", "1") else f"theme:{given['theme']}:{given.get('tint', '')}"
    return f"indexed:{given['indexed']}" if "indexed" in given else ""
