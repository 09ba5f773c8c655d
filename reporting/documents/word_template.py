"""A report as a Word document, from a template that an officer can edit in Word.

The template holds words and layout; docxtpl fills it in. Done here, since a template cannot: the widths of repeated
columns, rows that stay on one page, and the properties of the file.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tc
from docx.table import Table as WordTable
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from reporting.content.recipients import Recipient
from reporting.content.tables import Content
from reporting.documents.about import About, TemplateBroken
from reporting.documents.template_context import environment, template_context
from reporting.documents.zip_package import without_clock
from warehouse.reference.phrases import phrase

TEMPLATES = Path(__file__).parents[1] / "templates"
TABLE_STYLE = phrase("word_table_style")


def write_word(content: Content, recipient: Recipient, about: About, templates: Path = TEMPLATES) -> bytes:
    """The document, for one recipient; the same bytes for the same arguments. Raises TemplateBroken."""
    path = templates / f"{content.kind}.docx"
    template = DocxTemplate(path)
    words = template_context(content, recipient, about)
    try:
        template.render(words, environment())
    except (TemplateError, KeyError) as error:
        raise TemplateBroken(f"{path.name}: {error}") from error
    document = template.docx  # get_docx() would read the template again
    for table in document.tables:
        if table.style is not None and table.style.name == TABLE_STYLE:
            fit(table)
    describe(document, f"{content.title_vi} {content.period_vi}", recipient, about)
    written = io.BytesIO()
    document.save(written)
    return without_clock(written.getvalue())


def fit(table: WordTable) -> None:
    """Scale the columns of a table to its declared width, and keep each row on one page.

    Repeated columns keep their width in the template each time: Word would run over the margin."""
    grid = table._tbl.tblGrid
    declared = int(table._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
    widest = max(table._tbl.tr_lst, key=lambda row: len(row.tc_lst))
    widths = [int(cell.get_or_add_tcPr().find(qn("w:tcW")).get(qn("w:w"))) for cell in widest.tc_lst]
    scaled = [round(width * declared / sum(widths)) for width in widths]
    for column in list(grid):
        grid.remove(column)
    for width in scaled:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(width))
        grid.append(column)
    for row in table._tbl.tr_lst:
        if len(row.tc_lst) == 1:
            _span(row.tc_lst[0], scaled)
        elif len(row.tc_lst) == len(scaled):
            for cell, width in zip(row.tc_lst, scaled, strict=True):
                cell.get_or_add_tcPr().find(qn("w:tcW")).set(qn("w:w"), str(width))
        if row.trPr is None or row.trPr.find(qn("w:cantSplit")) is None:
            row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def describe(document: WordDocument, title: str, recipient: Recipient, about: About) -> None:
    """Set the properties of the file: issuer, time and version, in place of the template's."""
    properties = document.core_properties
    properties.title, properties.subject = title, recipient.name_vi
    properties.author = properties.last_modified_by = recipient.letterhead.issuing_agency_vi
    properties.version, properties.comments, properties.language = about.version, "", "vi-VN"
    properties.created = properties.modified = _utc(about.published_at)


def _span(cell: CT_Tc, widths: list[int]) -> None:
    """Let a title within a table span all its columns."""
    properties = cell.get_or_add_tcPr()
    properties.find(qn("w:tcW")).set(qn("w:w"), str(sum(widths)))
    span = properties.find(qn("w:gridSpan"))
    if span is not None:
        span.set(qn("w:val"), str(len(widths)))


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)
