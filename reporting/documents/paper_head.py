"""What the first page of a file of the office says of itself: number, symbol and the year of its title."""

import io
import re
from dataclasses import dataclass

import pypdf

from reporting.documents.hand_changes import NotAWordFile, paragraphs_of

# a PDF may misplace letters with marks
NUMBER = re.compile(r"\bS\w?\s*:[^\S\n]*(\d*)[^\n/\d]*/\s*([A-Z][A-ZĐ-]*)")
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
FIRST_PARAGRAPHS = 40  # of a Word file, cells of the letterhead included


@dataclass(frozen=True)
class PaperHead:
    """Each is empty where the page does not have it, or cannot be read."""

    number: str = ""
    symbol: str = ""
    year: str = ""


def head_of(name: str, content: bytes, document_type: str) -> PaperHead:
    """The head of a Word file or of a PDF with text. The title follows the type of the document (BÁO CÁO); of a title
    with several years, the first."""
    text = _first_page(name, content)
    number, year = NUMBER.search(text), YEAR.search(text.partition(document_type)[2])
    return PaperHead(number[1] if number else "", number[2] if number else "", year[0] if year else "")


def _first_page(name: str, content: bytes) -> str:
    form = name.rpartition(".")[2].lower()
    try:
        if form == "docx":
            return "\n".join(paragraphs_of(content)[:FIRST_PARAGRAPHS])
        return pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text() if form == "pdf" else ""
    except NotAWordFile:
        return ""
    except Exception:  # whatever a damaged PDF makes the library raise
        return ""
