"""Sentences of papers: their words are rows of sentences.csv, which an office can change. Figures keep their keys."""

from functools import cache
from pathlib import Path
from string import Formatter

from reporting.papers.blocks import Figure, Text
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
