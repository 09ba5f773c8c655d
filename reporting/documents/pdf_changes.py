"""A signed paper that came back as PDF: the figures of the Word file that it does not have, and what its first page
says of itself.

The numbers of both are compared in their order, whatever the words: a PDF may misplace letters with marks, and breaks
the lines of cells. A scan has no text and is not compared.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf

from reporting.documents.hand_changes import (
    DIGITS,
    HandChange,
    NotAWordFile,
    blocks_of,
    numbers_of,
    numbers_replaced,
    paragraphs_of,
    shown,
)

LEAST_TEXT = 1000  # characters: a scan may have the text of a stamp
PAGE_NUMBER = re.compile(r"\A\s*\d+\s*(\n|\Z)")  # a page may have nothing else
PAPER_NUMBER = re.compile(r"\bS\w?\s*:[^\S\n]*(\d*)[^\n/\d]*/\s*([A-Z][A-Z\u0110-]*)")
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
FIRST_PARAGRAPHS = 40  # of a Word file, cells of the letterhead included


class NotComparable(Exception):
    """The file is no PDF that can be read, or has no text."""


@dataclass(frozen=True)
class PaperHead:
    """Each is empty where the page does not have it, or cannot be read."""

    number: str = ""
    symbol: str = ""
    year: str = ""


def figures_changed_in_pdf(generated: bytes, pdf: bytes) -> list[HandChange]:
    """The figures of the Word file `generated` that were changed or left out, then the numbers that were added, in its
    order. Numbers of headings, which a table repeats on its next page, are no additions.

    Raises NotAWordFile, NotComparable."""
    found = [(match[0], shown(line)) for line in _lines(pdf) for match in DIGITS.finditer(line)]
    in_headings = {
        match[0] for block in blocks_of(generated) for text in block.headings or () for match in DIGITS.finditer(text)
    }
    changes = []
    for (old, of), (new, line) in numbers_replaced(numbers_of(generated), found):
        key, place = of or (None, line)
        changes.append(HandChange(key, old, new, place))
    return sorted((each for each in changes if each.old or each.new not in in_headings), key=lambda each: not each.old)


def _lines(pdf: bytes) -> list[str]:
    """The lines of all pages, without the numbers of the pages."""
    pages = list(_pages(pdf))
    if sum(map(len, pages)) < LEAST_TEXT:
        raise NotComparable("It has no text.")
    return [line for page in pages for line in PAGE_NUMBER.sub("", page).splitlines()]


def head_of(name: str, content: bytes, document_type: str) -> PaperHead:
    """The head of a Word file or of a PDF with text. The title follows the type of the document (BÁO CÁO); of a title
    with several years, the first."""
    text = _first_page(name, content)
    number, year = PAPER_NUMBER.search(text), YEAR.search(text.partition(document_type)[2])
    return PaperHead(number[1] if number else "", number[2] if number else "", year[0] if year else "")


def _first_page(name: str, content: bytes) -> str:
    form = name.rpartition(".")[2].lower()
    try:
        if form == "docx":
            return "\n".join(paragraphs_of(content)[:FIRST_PARAGRAPHS])
        return next(_pages(content), "") if form == "pdf" else ""
    except (NotAWordFile, NotComparable):
        return ""


def _pages(pdf: bytes) -> Iterator[str]:
    """The text of each page. Raises NotComparable."""
    try:
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
            yield page.extract_text()
    except Exception as error:  # whatever a damaged file makes the library raise
        raise NotComparable(str(error)) from error
