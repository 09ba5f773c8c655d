"""A report as a Word document, from a template that an officer can edit in Word.

The template holds words and layout; docxtpl fills it in. What such a template cannot say is done here: the widths of
tables whose columns hang on the content, rows that stay on one page, and the properties of the file.
"""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from reporting.content.content import Content
from reporting.content.recipients import Recipient
from reporting.documents.about import About, TemplateBroken
from reporting.documents.template_words import environment, template_words

TEMPLATES = Path(__file__).parents[1] / "templates"
TABLE_STYLE = "Bảng số liệu"
# zip files hold no earlier day; theirs says nothing, so that the same report is the same file
DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def write_word(content: Content, recipient: Recipient, about: About, templates: Path = TEMPLATES) -> bytes:
    """The document, for one recipient; the same bytes for the same arguments. Raises TemplateBroken."""
    path = templates / f"{content.kind}.docx"
    template = DocxTemplate(path)
    words = template_words(content, recipient, about)
    try:
        template.render(words, environment())
    except (TemplateError, KeyError) as error:
        raise TemplateBroken(f"{path.name}: {error}") from error
    document = template.docx  # get_docx() would read the template anew
    for table in document.tables:
        if table.style is not None and table.style.name == TABLE_STYLE:
            fit(table)
    describe(document, f"{content.title_vi} {content.period_vi}", recipient, about)
    written = io.BytesIO()
    document.save(written)
    return _without_clock(written.getvalue())


def fit(table: WordTable) -> None:
    """Make the columns of a table fill the width that it declares, and keep its rows whole.

    A column that the template repeats brings its own width each time, and Word would run over the margin."""
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
    """The properties that Word shows of a file: whose it is and of when, and no trace of the template's."""
    properties = document.core_properties
    properties.title, properties.subject = title, recipient.name_vi
    properties.author = properties.last_modified_by = recipient.letterhead.issuing_agency_vi
    properties.version, properties.comments, properties.language = about.version, "", "vi-VN"
    properties.created = properties.modified = _utc(about.published_at)


def _span(cell, widths: list[int]) -> None:
    """Let a title within a table reach over all its columns."""
    cell.tcPr.find(qn("w:tcW")).set(qn("w:w"), str(sum(widths)))
    span = cell.tcPr.find(qn("w:gridSpan"))
    if span is not None:
        span.set(qn("w:val"), str(len(widths)))


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _without_clock(package: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, DAY_OF_ZIP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return written.getvalue()
