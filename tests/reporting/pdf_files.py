"""PDF files with a text layer, as a program exports a Word file."""

import io
import textwrap

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from reporting.documents.hand_changes import paragraphs_of

LINES = 50


def pdf_of(word: bytes, *changed: tuple[str, str], most: int | None = None) -> bytes:
    """The paragraphs and cells of a Word file as a PDF with page numbers, after each (old, new) was replaced once; at
    most so many lines."""
    text = "\n".join(textwrap.fill(each, 100) for each in paragraphs_of(word))
    for old, new in changed:
        assert old in text
        text = text.replace(old, new, 1)
    lines, written = text.split("\n")[:most], io.BytesIO()
    with rc_context({"pdf.fonttype": 42}), PdfPages(written) as pages:
        for start in range(0, len(lines), LINES):
            page = Figure(figsize=(8.27, 11.69))
            if start:
                page.text(0.5, 0.97, str(start // LINES + 1), fontsize=8)
            for number, line in enumerate(lines[start : start + LINES]):
                page.text(0.1, 0.95 - number / 56, line, fontsize=8, parse_math=False)
            pages.savefig(page)
    return written.getvalue()
