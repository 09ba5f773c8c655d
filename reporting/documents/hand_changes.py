"""The figures that a hand has changed in the Word file of a report: the generated file against an edited one.

Paragraphs and rows of tables are matched by their words, wherever they stand; in each pair the numbers are compared.
Words may change. A number without a counterpart is named: one that was left out, replaced by words or added.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml.etree import XMLSyntaxError

from reporting.content.keys import SHAPE

NUMBER = re.compile(r"(?<![\w,.])[−-]?\d+(?:[.,]\d+)*%?")
TOKENS = re.compile(rf"{NUMBER.pattern}|\w+|[^\w\s]")
DIGITS = re.compile(r"−?\d+(?:[.,]\d+)*%?")  # as NUMBER, whatever stands before it
NO_VALUE = ("–", "…", "")
KEY_REST = re.compile(r"-\d{4}(?:-[^\[\]#]+)?(?:\[\w+=[^\]]+\])?(?:#\w+)?")  # the key without its indicator
LIKE = 0.4  # share of words that two paragraphs have in common, to be versions of one
WORDS_SHOWN = 12
MOST_BYTES = 200_000_000  # unpacked


class NotAWordFile(Exception):
    """The file is no Word document that can be read."""


@dataclass(frozen=True)
class HandChange:
    """A figure that differs. `key` as in reporting.content.keys, None where the document does not hold it; `old` is
    empty for a number that was added, `new` for one that was left out; `place` names the row and the column, or the
    words around it."""

    key: str | None
    old: str
    new: str
    place: str


Tokens = tuple[tuple[str, str | None], ...]  # words, numbers and marks, each with the key of the figure it belongs to


@dataclass(frozen=True)
class Cell:
    text: str
    tokens: Tokens
    numbers: Tokens
    """all of DIGITS"""


@dataclass(frozen=True)
class Block:
    """A paragraph, or a row of a table with its headings."""

    cells: tuple[Cell, ...]
    headings: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        """What identifies it: its text without numbers, codes and keys included."""
        texts = [each.text for each in self.cells]
        return "\t".join(text if _is_key(text) else NUMBER.sub("0", text.replace("–", "0")) for text in texts)

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.cells]

    @property
    def tokens(self) -> Tokens:
        return tuple(token for each in self.cells for token in each.tokens)

    def place_of(self, number: int) -> str:
        """The row and the column of a cell; of a paragraph its first words."""
        if self.headings is None:
            return shown(" ".join(self.texts))
        named = next((text for text in self.texts if not _is_key(text) and re.search(r"[^\W\d]{3}", text)), "")
        heading = self.headings[number] if number < len(self.headings) else ""
        return " / ".join(filter(None, [shown(named), heading]))


NOTHING = Block(())


def figures_changed(generated: bytes, edited: bytes) -> list[HandChange]:
    """The figures that were changed or left out, then the numbers that were added, in the order of the document.

    Raises NotAWordFile."""
    pairs = _pairs(list(blocks_of(generated)), list(blocks_of(edited)))
    found = [change for was, becomes in pairs for change in _compared(was, becomes)]
    return sorted(found, key=lambda each: not each.old)


def paragraphs_of(word: bytes) -> list[str]:
    """The texts of the paragraphs and of the cells of tables, as they read when tracked changes are accepted.

    Raises NotAWordFile."""
    return [text for block in blocks_of(word) for text in block.texts]


def numbers_of(word: bytes) -> list[tuple[str, tuple[str | None, str]]]:
    """Each number with its key and its place. Raises NotAWordFile."""
    return [
        (text, (key, block.place_of(number)))
        for block in blocks_of(word)
        for number, cell in enumerate(block.cells)
        for text, key in cell.numbers
    ]


def blocks_of(content: bytes) -> Iterator[Block]:
    """The paragraphs and rows of tables of a Word file, in order. Raises NotAWordFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > MOST_BYTES:
                raise NotAWordFile("It is too large.")
        body = docx.Document(io.BytesIO(content)).element.body
    except (zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError, KeyError, ValueError) as error:
        raise NotAWordFile(str(error)) from error
    for element in body.iter(qn("w:p"), qn("w:tbl")):
        if element.tag == qn("w:tbl"):
            yield from _rows(element)
        elif next(element.iterancestors(qn("w:tc")), None) is None:
            yield Block((_cell([element]),))


def _rows(table: BaseOxmlElement) -> Iterator[Block]:
    headings: tuple[str, ...] | None = None
    for row in table.iterchildren(qn("w:tr")):
        cells = [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]
        read = tuple(_cell(cell.iter(qn("w:p"))) for cell in cells)
        headings = headings or tuple(each.text for each in read)
        yield Block(read, headings)


def _cell(paragraphs: Iterable[BaseOxmlElement]) -> Cell:
    """The text as it reads when tracked changes are accepted; a number has the key of the content control around it."""
    text = ""
    keys: list[str | None] = []  # of each character
    for paragraph in paragraphs:
        for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
            if next(node.iterancestors(qn("w:moveFrom")), None) is None:
                part = node.text or "" if node.tag == qn("w:t") else " "
                text += part
                keys += [_key_around(node)] * len(part)
        text += " "
        keys.append(None)
    tokens, numbers = (
        tuple((each[0], next(filter(None, keys[each.start() : each.end()]), None)) for each in pattern.finditer(text))
        for pattern in (TOKENS, DIGITS)
    )
    return Cell(" ".join(text.split()), tokens, numbers)


def _key_around(node: BaseOxmlElement) -> str | None:
    """The tag of a content control holds the key."""
    for control in node.iterancestors(qn("w:sdt")):
        for tag in control.iterfind(f"{qn('w:sdtPr')}/{qn('w:tag')}"):
            if SHAPE.fullmatch(tag.get(qn("w:val"), "")):
                return tag.get(qn("w:val"))
    return None


def _pairs(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Each block with its version in the other document, or with NOTHING; no block twice."""
    matcher = SequenceMatcher(None, [each.words for each in old], [each.words for each in new], autojunk=False)
    version = {a + n: b + n for a, b, size in matcher.get_matching_blocks() for n in range(size)}
    free = [number for number in range(len(new)) if number not in set(version.values())]
    for number, was in enumerate(old):
        if number not in version:
            best = max(free, key=lambda each: (_likeness(was, new[each]), was.texts == new[each].texts), default=None)
            if best is None or _likeness(was, new[best]) < LIKE:
                yield was, NOTHING
                continue
            free.remove(best)
            version[number] = best
        yield was, new[version[number]]
    for number in free:
        yield NOTHING, new[number]


def _likeness(old: Block, new: Block) -> float:
    one, other = (set(re.findall(r"\w+", each.words.casefold())) for each in (old, new))
    return len(one & other) / (len(one | other) or 1)


def _compared(old: Block, new: Block) -> Iterator[HandChange]:
    if old.texts == new.texts:
        return
    if old.headings is None or len(old.cells) != len(new.cells):
        place = shown(" ".join((new if new.cells else old).texts))
        for (was, key), (becomes, _) in numbers_replaced(old.tokens, new.tokens):
            yield HandChange(key, was, becomes, place)
        return
    for number, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
        if _is_key(before.text):
            continue
        heading = old.headings[number] if number < len(old.headings) else ""
        place = old.place_of(number)
        for (was, key), (becomes, _) in numbers_replaced(before.tokens, after.tokens):
            was = was or ("–" if before.text in NO_VALUE else "")
            becomes = becomes or ("–" if after.text in NO_VALUE else "")
            yield HandChange(key or _key_in_row(old, heading), was, becomes, place)


def numbers_replaced(
    old: Sequence[tuple[str, Any]], new: Sequence[tuple[str, Any]]
) -> Iterator[tuple[tuple[str, Any], tuple[str, Any]]]:
    """Each number of `old` without an equal one in its place in `new`, and what stands there, ("", None) for nothing:
    in a stretch of changed words the first with the first, and so on. Tokens are texts with anything beside them."""
    matcher = SequenceMatcher(None, [text for text, _ in old], [text for text, _ in new], autojunk=False)
    for tag, begin, end, new_begin, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        before = [each for each in old[begin:end] if NUMBER.fullmatch(each[0])]
        after = [each for each in new[new_begin:new_end] if NUMBER.fullmatch(each[0])]
        for was, becomes in zip_longest(before, after, fillvalue=("", None)):
            if was[0] != becomes[0]:
                yield was, becomes


def _is_key(text: str) -> bool:
    return bool(SHAPE.fullmatch(text) or KEY_REST.fullmatch(text))


def _key_in_row(row: Block, heading: str) -> str | None:
    """The key printed in the row; of a row with a column for each indicator, with the code of the column."""
    for text in row.texts:
        if SHAPE.fullmatch(text):
            return text
        if KEY_REST.fullmatch(text) and re.fullmatch(r"[A-Z]\d+", heading):
            return f"{heading}{text}"
    return None


def shown(text: str) -> str:
    """The first words of a text, as a place is named."""
    words = text.split()
    return " ".join(words[:WORDS_SHOWN]) + ("…" if len(words) > WORDS_SHOWN else "")
