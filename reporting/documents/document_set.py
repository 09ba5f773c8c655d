"""All documents of a publication: for every recipient Word, Excel and HTML."""

from collections.abc import Iterable

from reporting.content.recipients import Recipient
from reporting.content.tables import ANNUAL, Content
from reporting.documents.about import About, Document
from reporting.documents.excel import write_excel
from reporting.documents.page_template import write_page
from reporting.documents.word_template import write_word

__all__ = ["About", "Document", "write_documents"]


def write_documents(content: Content, recipients: Iterable[Recipient], about: About) -> list[Document]:
    """The documents, in the order of the recipients; the same bytes for the same arguments.

    The annex in Excel is the same for all of them. Raises about.TemplateBroken."""
    name = f"bao-cao-nam-{content.period}" if content.kind == ANNUAL else f"so-ket-giai-doan-{content.period}"
    recipients = list(recipients)
    annex = write_excel(content, about, *(each.letterhead.ground_vi for each in recipients[:1]))
    return [
        Document(recipient.recipient, format, f"{name}.{format}", written)
        for recipient in recipients
        for format, written in (
            ("docx", write_word(content, recipient, about)),
            ("xlsx", annex),
            ("html", write_page(content, recipient, about)),
        )
    ]
