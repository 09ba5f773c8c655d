"""All documents of a publication: for every recipient Word, Excel and HTML."""

from collections.abc import Callable, Iterable

from reporting.content.recipients import Recipient
from reporting.content.tables import ANNUAL, PHASE_REVIEW, Content
from reporting.documents.about import About, Document
from reporting.documents.charts import png
from reporting.documents.excel import write_excel
from reporting.documents.page import write_page
from reporting.documents.word import write_paper
from reporting.papers.annual import annual_outline
from reporting.papers.blocks import Outline, Picture
from reporting.papers.note import note_outline
from reporting.papers.phase import phase_outline
from reporting.papers.sentences import spelled_out

__all__ = ["About", "Document", "write_documents"]

OUTLINES: dict[str, Callable[[Content, Recipient, About], Outline]] = {
    ANNUAL: annual_outline,
    PHASE_REVIEW: phase_outline,
}


def write_documents(
    content: Content, recipients: Iterable[Recipient], about: About, union: Recipient | None = None
) -> list[Document]:
    """The documents, in the order of the recipients; the same bytes for the same arguments.

    The annex in Excel is the same for all of them. `union`: to whose leader a yearly report goes with a note. Raises
    about.TemplateBroken."""
    name = f"bao-cao-nam-{content.period}" if content.kind == ANNUAL else f"so-ket-giai-doan-{content.period}"
    recipients = list(recipients)
    annex = write_excel(content, about, *(each.letterhead.ground_vi for each in recipients[:1]))
    documents = []
    for recipient in recipients:
        word, page = _word_and_page(content, recipient, about)
        for format, written in (("docx", word), ("xlsx", annex), ("html", page)):
            documents.append(Document(recipient.recipient, format, f"{name}.{format}", written))
    if union and content.kind == ANNUAL:
        note = write_outline(spelled_out(note_outline(content, recipients, union, about)), content, union, about)
        documents.append(Document(union.recipient, "docx", f"to-trinh-{name}.docx", note))
    return documents


def _word_and_page(content: Content, recipient: Recipient, about: About) -> tuple[bytes, bytes]:
    outline = spelled_out(OUTLINES[content.kind](content, recipient, about))
    return write_outline(outline, content, recipient, about), write_page(outline, recipient, about, content)


def write_outline(outline: Outline, content: Content, recipient: Recipient, about: About) -> bytes:
    """A paper in Word, with its pictures drawn from the content."""
    pictures = {each.name: png(each.name, content) for each in outline.every_block() if isinstance(each, Picture)}
    return write_paper(outline, recipient, about, pictures)
