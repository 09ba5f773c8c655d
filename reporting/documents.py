"""All documents of a publication: for every recipient Word, Excel and HTML."""

from collections.abc import Iterable

from reporting.about import About, Document
from reporting.content import ANNUAL, Content
from reporting.page import write_page
from reporting.recipients import Recipient
from reporting.word import write_word

__all__ = ["About", "Document", "write_documents"]


def write_documents(content: Content, recipients: Iterable[Recipient], about: About) -> list[Document]:
    """The documents, in the order of the recipients; the same bytes for the same arguments.

    Raises about.TemplateBroken."""
    name = f"bao-cao-nam-{content.period}" if content.kind == ANNUAL else f"so-ket-giai-doan-{content.period}"
    writers = {"docx": write_word, "html": write_page}
    return [
        Document(recipient.recipient, format, f"{name}.{format}", write(content, recipient, about))
        for recipient in recipients
        for format, write in writers.items()
    ]
