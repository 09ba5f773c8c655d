"""Annotations of cells, common to all formats: visibility, comments, errors, styles, external links."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ingestion.workbook.cells import EPOCH_1900
from ingestion.workbook.legacy_encodings import LegacyFont, legacy_font
from ingestion.workbook.own_markup import COLOURS, COMMENT_AUTHOR, without_own

Place = tuple[int, int]
"""row and column, both from 0"""
Run = tuple[str, LegacyFont | None]
"""part of a text with its font"""

HEADER_FILLS = ("FCE4D6", "DDEBF7")
"""fills of the form's headers, required and optional"""
NO_FILLS = ("FFFFFF", "indexed:1", "indexed:9", "indexed:64", "indexed:65")
PLAIN_FILLS = frozenset({*HEADER_FILLS, *COLOURS.values(), *NO_FILLS})
PLAIN_FONT_COLOURS = frozenset({"000000", "7F7F7F", "FFFFFF", "indexed:8", "indexed:64", "indexed:65", "9C0006"})

LAST_ROW, LAST_COLUMN = 100_000, 1_000
"""no form reaches beyond; programs fill sheets up to their end with repeated cells"""
EXTERNAL_LINK = re.compile(r"\[\d+\]|\[[^\]]+\.xl\w+\]|\[[^\]]+\.ods\]|file:///", re.IGNORECASE)
VOLATILE = re.compile(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN)\(", re.IGNORECASE)
IN_QUOTES = re.compile(r'"[^"]*"')
PICTURE_IN_CELL = re.compile(r"\bDISPIMG\(", re.IGNORECASE)
"""the formula by which WPS Office shows a picture"""

# Number formats
PERCENT = "%"
LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')
"""what is shown as it is, and characters for padding and filling"""
IN_BRACKETS = re.compile(r"\[[^\]]*\]")
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


@dataclass
class SheetAnnotations:
    """What one sheet contains besides values."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    broken: dict[Place, str] = field(default_factory=dict)
    """errors by name, and formulas without a value, beginning with ="""
    linked: set[Place] = field(default_factory=set)
    """formulas with a value from another workbook"""
    volatile: set[Place] = field(default_factory=set)
    """formulas that change with the day of opening: TODAY()"""
    comments: dict[Place, str] = field(default_factory=dict)
    """comments of people, without ours; empty if the format does not give the text"""
    coloured: dict[Place, str] = field(default_factory=dict)
    """cells with another fill, font colour or strike-through than the form's"""
    percentages: set[Place] = field(default_factory=set)
    fonts: dict[Place, LegacyFont] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    """first and last cell of merged ranges, if the reader of values does not give them"""
    runs: dict[Place, list[Run]] = field(default_factory=dict)
    """texts with a part in a legacy font"""


@dataclass
class WorkbookAnnotations:
    """What a workbook contains besides values: by name of sheet, and day 0 of its calendar."""

    sheets: dict[str, SheetAnnotations] = field(default_factory=dict)
    epoch: date = EPOCH_1900


@dataclass(frozen=True)
class CellStyle:
    """What a cell style means: font, colour, percentage. The default is a plain cell."""

    font: LegacyFont | None = None
    colour: str | None = None
    percentage: str = ""
    """number format that shows a percentage, of some values at least"""


def cell_style(font_name: str, fill: str | None, font_colour: str, is_struck: bool, number_format: str) -> CellStyle:
    """The meaning of a style. Colours: RRGGBB, theme:N or indexed:N; empty if automatic."""
    colour = None
    if is_struck:
        colour = "strike"
    elif fill and fill not in PLAIN_FILLS:
        colour = fill
    elif font_colour and not font_colour.startswith("theme:") and font_colour not in PLAIN_FONT_COLOURS:
        colour = f"ink {font_colour}"
    return CellStyle(legacy_font(font_name), colour, number_format if "%" in LITERAL.sub("", number_format) else "")


def shows_percentage(number_format: str, value: float) -> bool:
    """Whether a number format shows the value times 100: a percent sign counts if it is not a literal, and stands in
    the section for such a value (ISO/IEC 29500-1, 18.8.31)."""
    sections = LITERAL.sub("", number_format).split(";")
    if len(sections) == 1:
        return PERCENT in IN_BRACKETS.sub("", sections[0])
    usual = (">" if len(sections) > 2 else ">=", "0"), ("<", "0")
    for section, (sign, limit) in zip(sections, usual, strict=False):
        if match := CONDITION.search(section):
            sign, limit = match.groups()
        if COMPARISONS[sign](value, float(limit)):
            break
    else:
        section = sections[min(2, len(sections) - 1)]
    return PERCENT in IN_BRACKETS.sub("", section)


def record_cell(
    annotations: SheetAnnotations,
    place: Place,
    value: str | None,
    formula: str | None,
    *,
    is_error: bool,
    may_be_empty: bool,
    style: CellStyle | None,
) -> None:
    """Add the annotations of one cell. `may_be_empty`: whether "" is a valid value of its formula."""
    if is_error:
        annotations.broken[place] = value or "#ERROR"
    elif formula is not None and ((not value and not may_be_empty) or PICTURE_IN_CELL.search(formula)):
        annotations.broken[place] = f"={formula.removeprefix('=')}"
    if formula:
        unquoted = IN_QUOTES.sub("", formula)
        if EXTERNAL_LINK.search(unquoted):
            annotations.linked.add(place)
        if VOLATILE.search(unquoted):
            annotations.volatile.add(place)
    if style and (value or formula):
        if style.colour:
            annotations.coloured[place] = style.colour
        if style.percentage and shows_percentage(style.percentage, _number(value)):
            annotations.percentages.add(place)
        if style.font:
            annotations.fonts[place] = style.font


def record_comment(annotations: SheetAnnotations, place: Place, words: str, author: str = "") -> None:
    """Add a comment, but not one of ours. Programs replace the author when they save an annotated copy, so ours are
    recognised by their beginning; text before it is the sender's."""
    theirs, is_ours = without_own(words)
    if author.strip() != COMMENT_AUTHOR and not (is_ours and not theirs.strip()):
        parts = (annotations.comments.get(place, ""), theirs.strip())  # a thread has several
        annotations.comments[place] = "\n".join(filter(None, parts))


def _number(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0
