"""Sentences of papers: their words are rows of sentences.csv, which an office can change. Figures keep their keys."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Formatter

from reporting.content.recipients import Recipient
from reporting.papers.blocks import Block, Figure, Grid, Outline, Paragraph, Text, without_words
from warehouse.reference.csv_rows import read_rows

SENTENCES = Path(__file__).with_name("sentences.csv")


def sentence(code: str, /, **values: object) -> Text:
    """A sentence of sentences.csv with its placeholders filled in: a Figure stays one, a Text is taken piece by piece.

    Raises KeyError for an unknown code or a placeholder without a value."""
    pieces: list[str | Figure] = []
    for literal, name, _, _ in Formatter().parse(_words()[code]):
        pieces.append(literal)
        if name is not None:
            value = values[name]
            pieces += value if isinstance(value, tuple) else [value if isinstance(value, Figure) else str(value)]
    return joined(pieces)


def words(code: str, /, **values: object) -> str:
    """A sentence as a plain text, for headings and captions."""
    return "".join(map(str, sentence(code, **values)))


def words_or(code: str, otherwise: str) -> str:
    """The words of a code, or others where the file has none: those of an indicator that an office has added."""
    return _words().get(code, otherwise)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks without empty tables, and the captions of the others with their numbers: Bảng 1, Bảng 2 ..."""
    found: list[Block] = []
    number = 0
    for block in blocks:
        if isinstance(block, Grid):
            if not block.rows:
                continue
            number += 1
            caption = words("table_number", number=number, caption=block.caption_vi)
            block = replace(block, caption_vi=caption)
        found.append(block)
    return tuple(found)


def agency_name(code: str, name_vi: str, recipient: Recipient) -> str:
    """The name of an agency on the day of the paper: that of the code list says tỉnh."""
    return words_or(f"addressee_{code}", name_vi).format(kind=recipient.letterhead.province_kind_vi)


def titles_without_words(outline: Outline, recipient: Recipient) -> list[str]:
    """What the Union has still to write before its paper to a recipient is signed, as titles."""
    plan = [words("own_words_plan")] if recipient.is_plan_open else []
    return plan + [each.title_vi for each in without_words(outline)]


def spelled_out(outline: Outline) -> Outline:
    """The paper with its abbreviation spelled out, "hợp tác xã (HTX)", in the first sentence that has it.

    Headings, tables, names that begin with it and the Union's own words stay as they are."""
    blocks = list(outline.blocks)
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph) and (text := _spelled(block.text)):
            blocks[number] = replace(block, text=text)
            break
    return replace(outline, blocks=tuple(blocks))


def _spelled(text: Text) -> Text | None:
    """The text with the abbreviation spelled out once; None where it has none that begins no name."""
    short, full = words("abbreviation"), words("abbreviated")
    for place, piece in enumerate(text):
        if isinstance(piece, Figure):
            continue
        for found in re.finditer(rf"\b{short}\b", piece):
            before, after = piece[: found.start()], piece[found.end() :]
            if after.startswith(" ") and after[1:2].isupper():
                continue
            so_far = "".join(map(str, text[:place])) + before
            begins = not so_far or so_far.endswith(". ")
            spelled = f"{full[:1].upper() + full[1:] if begins else full} ({short})"
            return (*text[:place], f"{before}{spelled}{after}", *text[place + 1 :])
    return None


def placeholders(code: str) -> set[str]:
    """The names that a sentence needs."""
    return {name for _, name, _, _ in Formatter().parse(_words()[code]) if name is not None}


def codes(prefix: str) -> list[str]:
    """The sentences that have a code of the prefix and a number, in the order of the file."""
    return [code for code in _words() if code.startswith(prefix) and code.removeprefix(prefix).isdecimal()]


def joined(pieces: list[str | Figure]) -> Text:
    """The pieces with neighbouring plain texts as one, and without empty ones."""
    text: list[str | Figure] = []
    for piece in pieces:
        if isinstance(piece, str) and text and isinstance(text[-1], str):
            text[-1] += piece
        elif piece != "":
            text.append(piece)
    return tuple(text)


@cache
def _words() -> dict[str, str]:
    return {row["sentence"]: row["text_vi"] for row in read_rows(SENTENCES)}
