"""Figures of a Word file that a PDF of it does not have: a signed paper that came back as PDF.

The numbers of both are compared in their order, whatever the words: a PDF may misplace letters with marks, and breaks
the lines of cells. A scan has no text and is not compared.
"""

import io
import re

import pypdf

from reporting.documents.hand_changes import DIGITS, HandChange, blocks_of, numbers_of, numbers_replaced, shown

LEAST_TEXT = 1000  # characters: a scan may have the text of a stamp
PAGE_NUMBER = re.compile(r"\A\s*\d+\s*\n")


class NotComparable(Exception):
    """The file is no PDF that can be read, or has no text."""


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
    try:
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    except Exception as error:  # whatever a damaged file makes the library raise
        raise NotComparable(str(error)) from error
    if sum(map(len, pages)) < LEAST_TEXT:
        raise NotComparable("It has no text.")
    return [line for page in pages for line in PAGE_NUMBER.sub("", page).splitlines()]
