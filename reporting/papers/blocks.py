"""The blocks of a paper. documents/word.py and documents/page.py draw them; neither adds a word of its own.

A text is a sequence of plain texts and figures. A figure keeps the key by which `htx explain` finds what it is made of:
in Word in a content control, which is not seen, on the page as a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reporting.content.tables import Column


@dataclass(frozen=True)
class Figure:
    """A figure as it is printed, with its key (content.keys)."""

    text: str
    key: str | None = None

    def __str__(self) -> str:
        return self.text


Text = tuple[str | Figure, ...]


@dataclass(frozen=True)
class Heading:
    """`level`: 1 (I., II.), 2 (1., 2.) or 3 (a), b)); the number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """`style`: body, lead (stays on the page of what follows), item (a dash stands before it, which is not part of the
    text), or note (small, below a table)."""

    text: Text
    style: str = "body"


@dataclass(frozen=True)
class OwnWords:
    """The Union's own words on a section (a code of the code list narrative_sections), one text a paragraph.

    Without any the draft says where they belong, and the paper cannot be signed."""

    section: str
    title_vi: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table as it is printed: the cells of `rows` by the codes of `columns`, each a Text.

    `weights`: relative widths of the columns. `bold`: numbers of the rows that are totals or titles."""

    caption_vi: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Text], ...]
    weights: tuple[float, ...] = ()
    note_vi: str = ""
    bold: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A chart by its name in documents/charts.py; `alt_vi` says in a sentence what it shows."""

    name: str
    caption_vi: str
    alt_vi: str


Block = Heading | Paragraph | OwnWords | Grid | Picture


@dataclass(frozen=True)
class Annex:
    """An annex with pages of its own number: Phụ lục I, II ... in the order of the paper."""

    title_vi: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Outline:
    """A paper for one recipient, without its letterhead and signature: those are the template's.

    `subject_vi` follows the kind of document ("về kết quả ..."), `closing_vi` is the last sentence."""

    name: str
    document_type_vi: str
    subject_vi: str
    blocks: tuple[Block, ...]
    closing_vi: str = ""
    annexes: tuple[Annex, ...] = field(default=())

    def every_block(self) -> list[Block]:
        return [*self.blocks, *(block for annex in self.annexes for block in annex.blocks)]


def without_words(outline: Outline) -> list[OwnWords]:
    """The sections that only the Union can write and has not: the paper cannot be signed without them."""
    return [block for block in outline.every_block() if isinstance(block, OwnWords) and not block.paragraphs]


def plain(text: Text | Sequence[str]) -> str:
    """The text without the keys of its figures."""
    return "".join(str(piece) for piece in text)
