"""The figures that a hand has changed in the Word file of a report: the generated file against an edited one.

Paragraphs and rows of tables are matched by their words; in each pair the numbers are compared. Words may change, and
what was left out or added is no changed figure.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml.etree import XMLSyntaxError

from reporting.content.keys import SHAPE

NUMBER = re.compile(r"(?<![\w,.])[−-]?\d+(?:[.,/]\d+)*%?")
TOKENS = re.compile(rf"{NUMBER.pattern}|\w+|[^\w\s]")
NO_VALUE = ("–", "…", "")
KEY_REST = re.compile(r"-\d{4}(?:-[^\[\]#]+)?(?:\[\w+=[^\]]+\])?(?:#\w+)?")  # the key without its indicator
LIKE = 0.4  # share of words that two paragraphs have in common, to be versions of one
WORDS_SHOWN = 12
MOST_BYTES = 200_000_000  # unpacked


class NotAWordFile(Exception):
    """The file is no Word document that can be read."""


@dataclass(frozen=True)
class HandChange:
    """A figure that differs. `key` as in reporting.content.keys, None where the document does not hold it; `place`
    names the row and the column, or the words around it."""

    key: str | None
    old: str
    new: str
    place: str


@dataclass(frozen=True)
class _Block:
    """A paragraph, or a row of a table with its headings; `keys` of the numbers in each cell, by content controls."""

    cells: tuple[str, ...]
    keys: tuple[Mapping[str, str], ...]
    headings: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        """What identifies it: its text without numbers, codes and keys included."""
        return "\t".join(cell if _is_key(cell) else NUMBER.sub("0", cell.replace("–", "0")) for cell in self.cells)


def figures_changed(generated: bytes, edited: bytes) -> list[HandChange]:
    """The changed figures in the order of the document. Raises NotAWordFile."""
    old, new = list(_blocks(generated)), list(_blocks(edited))
    matcher = SequenceMatcher(None, [each.words for each in old], [each.words for each in new], autojunk=False)
    found: list[HandChange] = []
    for tag, begin, end, new_begin, new_end in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            pairs = zip if tag == "equal" else _alike
            for was, becomes in pairs(old[begin:end], new[new_begin:new_end]):
                found += _compared(was, becomes)
    return found


def _blocks(content: bytes) -> Iterator[_Block]:
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
            yield _Block((_text(element),), (_keys(element),))


def _rows(table: BaseOxmlElement) -> Iterator[_Block]:
    headings: tuple[str, ...] | None = None
    for row in table.iterchildren(qn("w:tr")):
        cells = [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]
        texts = tuple(" ".join(_text(each) for each in cell.iter(qn("w:p"))).strip() for cell in cells)
        headings = headings or texts
        yield _Block(texts, tuple(map(_keys, cells)), headings)


def _text(element: BaseOxmlElement) -> str:
    """The text as it reads when tracked changes are accepted."""
    parts = (node.text or "" for node in element.iter(qn("w:t")))
    return " ".join("".join(parts).split())


def _keys(element: BaseOxmlElement) -> dict[str, str]:
    """{number: key} of the content controls in an element and around it; the tag of a control holds the key."""
    keys: dict[str, str] = {}
    for control in (*element.iterancestors(qn("w:sdt")), *element.iter(qn("w:sdt"))):
        for tag in control.iterfind(f"{qn('w:sdtPr')}/{qn('w:tag')}"):
            if SHAPE.fullmatch(tag.get(qn("w:val"), "")):
                keys |= dict.fromkeys(NUMBER.findall(_text(control)), tag.get(qn("w:val")))
    return keys


def _alike(old: Sequence[_Block], new: Sequence[_Block]) -> Iterator[tuple[_Block, _Block]]:
    """Each block with the one most like it, no block twice."""
    free = list(new)
    for was in old:
        best = max(free, key=lambda each: _likeness(was, each), default=None)
        if best is not None and _likeness(was, best) >= LIKE:
            free.remove(best)
            yield was, best


def _likeness(old: _Block, new: _Block) -> float:
    one, other = (set(re.findall(r"\w+", each.words.casefold())) for each in (old, new))
    return len(one & other) / (len(one | other) or 1)


def _compared(old: _Block, new: _Block) -> Iterator[HandChange]:
    if old.cells == new.cells:
        return
    if old.headings is None or len(old.cells) != len(new.cells):
        for was, becomes in _numbers_replaced(" ".join(old.cells), " ".join(new.cells)):
            yield HandChange(old.keys[0].get(was), was, becomes, _shown(" ".join(new.cells)))
        return
    named = next((cell for cell in old.cells if not _is_key(cell) and re.search(r"[^\W\d]{3}", cell)), "")
    for number, (was, becomes) in enumerate(zip(old.cells, new.cells, strict=True)):
        heading = old.headings[number] if number < len(old.headings) else ""
        if _is_key(was) or was == becomes:
            continue
        values = [(was or "–", becomes or "–")] if {was, becomes} & set(NO_VALUE) else _numbers_replaced(was, becomes)
        for value, new_value in values:
            if re.search(r"\d", value + new_value):
                key = old.keys[number].get(value) or _key_in_row(old, heading)
                yield HandChange(key, value, new_value, " / ".join(filter(None, [_shown(named), heading])))


def _numbers_replaced(old: str, new: str) -> list[tuple[str, str]]:
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    found: list[tuple[str, str]] = []
    for tag, begin, end, new_begin, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "replace":
            numbers = [[each for each in part if NUMBER.fullmatch(each)]
                       for part in (before[begin:end], after[new_begin:new_end])]  # fmt: skip
            found += [pair for pair in zip(*numbers, strict=False) if pair[0] != pair[1]]
    return found


def _is_key(text: str) -> bool:
    return bool(SHAPE.fullmatch(text) or KEY_REST.fullmatch(text))


def _key_in_row(row: _Block, heading: str) -> str | None:
    """The key printed in the row; of a row with a column for each indicator, with the code of the column."""
    for cell in row.cells:
        if SHAPE.fullmatch(cell):
            return cell
        if KEY_REST.fullmatch(cell) and re.fullmatch(r"[A-Z]\d+", heading):
            return f"{heading}{cell}"
    return None


def _shown(text: str) -> str:
    words = text.split()
    return " ".join(words[:WORDS_SHOWN]) + ("…" if len(words) > WORDS_SHOWN else "")
