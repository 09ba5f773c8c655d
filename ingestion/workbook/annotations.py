"""What one sheet holds beside its values, whatever its format."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from ingestion.workbook.cells import EPOCH_1900
from ingestion.workbook.legacy_encodings import LegacyFont
from ingestion.workbook.own_markup import COLOURS, COMMENT_AUTHOR, COMMENT_START

Place = tuple[int, int]
"""row and column, both from 0"""

HEADER_FILLS = ("FCE4D6", "DDEBF7")
"""the fills of the form's own headers, required and not"""
NO_FILLS = ("FFFFFF", "indexed:1", "indexed:9", "indexed:64", "indexed:65")
PLAIN_FILLS = frozenset({*HEADER_FILLS, *COLOURS.values(), *NO_FILLS})
PLAIN_INKS = frozenset({"000000", "7F7F7F", "FFFFFF", "indexed:8", "indexed:64", "indexed:65", "9C0006"})

ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
FROM_ELSEWHERE = re.compile(r"\[\d+\]|\[[^\]]+\.xl\w+\]|\[[^\]]+\.ods\]|file:///", re.IGNORECASE)
OF_THE_MOMENT = re.compile(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN)\(", re.IGNORECASE)
IN_QUOTES = re.compile(r'"[^"]*"')


Run = tuple[str, LegacyFont | None]


@dataclass
class Unseen:
    """What one sheet holds beside its values. Cells by place."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    broken: dict[Place, str] = field(default_factory=dict)
    """errors by their names, and formulas, beginning with =, that have no value"""
    linked: set[Place] = field(default_factory=set)
    """formulas that take their value from another workbook"""
    momentary: set[Place] = field(default_factory=set)
    """formulas whose value is another at every opening: TODAY()"""
    comments: dict[Place, str] = field(default_factory=dict)
    """what people wrote beside a cell, without what a marked copy says there; empty where its words are not known"""
    coloured: dict[Place, str] = field(default_factory=dict)
    """cells whose fill, ink or strike-through is not the form's, with what it is"""
    percentages: set[Place] = field(default_factory=set)
    fonts: dict[Place, LegacyFont] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    """first and last cell of those that are merged, where the reader of values does not say"""
    runs: dict[Place, list[Run]] = field(default_factory=dict)
    """texts of which a part stands in a font of before Unicode: their parts, with the font of each"""

    @property
    def commented(self) -> set[Place]:
        return set(self.comments)


@dataclass
class UnseenWorkbook:
    """What a workbook holds beside its values: by the names of its sheets, and day 0 of its calendar."""

    sheets: dict[str, Unseen] = field(default_factory=dict)
    epoch: date = EPOCH_1900
    parts: dict[str, str] = field(default_factory=dict)
    """name of a sheet -> the part of an xlsx or xlsm that holds it"""


@dataclass(frozen=True)
class StyleMark:
    """What a style says beyond looks; a style that says nothing has none."""

    font: LegacyFont | None = None
    colour: str | None = None
    is_percentage: bool = False


def note_cell(
    unseen: Unseen,
    place: Place,
    value: str | None,
    formula: str | None,
    *,
    is_error: bool,
    may_be_empty: bool,
    mark: StyleMark | None,
) -> None:
    """Adds what is remarkable about one cell. `may_be_empty`: its formula may have the empty text for its value."""
    if is_error:
        unseen.broken[place] = value or "#ERROR"
    elif formula is not None and not value and not may_be_empty:
        unseen.broken[place] = f"={formula.removeprefix('=')}"
    if formula:
        if FROM_ELSEWHERE.search(IN_QUOTES.sub("", formula)):
            unseen.linked.add(place)
        if OF_THE_MOMENT.search(IN_QUOTES.sub("", formula)):
            unseen.momentary.add(place)
    if mark and (value or formula):
        if mark.colour:
            unseen.coloured[place] = mark.colour
        if mark.is_percentage:
            unseen.percentages.add(place)
        if mark.font:
            unseen.fonts[place] = mark.font


def note_comment(unseen: Unseen, place: Place, words: str, author: str = "") -> None:
    """Adds a comment, unless it is ours alone. Programs put their own name in the place of ours when they save a
    marked copy, so ours is known by how it begins; what stands before that is its reader's."""
    theirs, is_ours, _ = words.partition(COMMENT_START)
    if author.strip() != COMMENT_AUTHOR and not (is_ours and not theirs.strip()):
        unseen.comments[place] = theirs.strip()


# XML ------------------------------------------------------------------------------------------------------------


def parse(
    text: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    letters: Callable[[str], None] | None = None,
) -> None:
    """Walks through the XML, tags without their prefixes. Raises expat.ExpatError, also for a document type."""

    def refused(*_args) -> None:
        raise expat.ExpatError("a document type is declared")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(":")[2], given)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if letters:
        parser.CharacterDataHandler = letters
    parser.Parse(text, True)
