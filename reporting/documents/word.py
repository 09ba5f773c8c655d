"""A paper as a Word document: its outline drawn into templates/report.docx.

The template, which an officer can edit in Word, has the letterhead, the addressees, the signature block and the styles.
The blocks go where it has the paragraph `{{ body }}`. An annex is a section with pages of its own number.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError

from reporting.content.recipients import Recipient
from reporting.documents.about import About, TemplateBroken
from reporting.documents.template_files import template_file
from reporting.documents.word_blocks import Page, paragraph
from reporting.documents.zip_package import without_clock
from reporting.papers.blocks import Annex, Outline, plain
from reporting.papers.sentences import sentence
from warehouse.reference.time_zone import VIET_NAM

TEMPLATE = "report.docx"
BODY = "[body]"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
NO_BREAK = "\u00a0"
KEPT_TOGETHER = 3  # last words of a title, so that none stands alone in its last line


def write_paper(
    outline: Outline,
    recipient: Recipient,
    about: About,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The document, for one recipient; the same bytes for the same arguments. `pictures`: PNG by the names of blocks.

    Raises TemplateBroken, and KeyError for a picture that is not given."""
    template = DocxTemplate(template_file(TEMPLATE))
    try:
        words = _words(outline, recipient, about)
        template.render(words, Environment(autoescape=True, undefined=StrictUndefined))
    except (TemplateError, KeyError) as error:
        raise TemplateBroken(f"{TEMPLATE}: {error}") from error
    document = template.docx  # get_docx() would read the template again
    _draw_body(document, outline, pictures or {})
    for name, annex in zip(annex_names(outline), outline.annexes, strict=True):
        _draw_annex(document, annex, name, words["annex_of"], pictures or {})
    _describe(document, outline, recipient, about)
    written = io.BytesIO()
    document.save(written)
    return without_clock(written.getvalue())


def _words(outline: Outline, recipient: Recipient, about: About) -> dict:
    """The names available in the template, and what stands below the title of an annex."""
    head = recipient.letterhead
    year = about.published_at.astimezone(VIET_NAM).year
    named = {"document_type": outline.document_type_vi, "symbol": head.number_symbol_vi, "year": year}
    return {
        "letterhead": head,
        "superior_agency": _without_orphan(head.superior_agency_vi, head.province_kind_vi),
        "issuing_agency": _without_orphan(head.issuing_agency_vi, head.province_kind_vi),
        "document_type": outline.document_type_vi,
        "subject": _without_orphan(outline.subject_vi),
        "addressees": recipient.addressee_vi,
        "copies": [each.rstrip(".;") for each in head.copies_to_vi],
        "closing": outline.closing_vi,
        "year": year,
        "body": BODY,
        "annex_of": plain(sentence("annex_of", agency=head.issuing_agency_vi, **named)),
    }


def _without_orphan(title: str, start: str | None = None) -> str:
    """Its last words kept together: from `start`, where the title has it, the province with its kind; what stands in
    brackets with what it explains, from the comma before."""
    words = title.split(" ")
    _, found, after = title.lower().rpartition(f" {start.lower()} ") if start else ("", "", "")
    kept = len(f"{start} {after}".split(" ")) if found else KEPT_TOGETHER
    if title.endswith(")") and ", " in title:
        kept = len(title.rpartition(", ")[2].split(" "))
    return " ".join([*words[:-kept], NO_BREAK.join(words[-kept:])])


def _draw_body(document: WordDocument, outline: Outline, pictures: Mapping[str, bytes]) -> None:
    marker = next((each._p for each in document.paragraphs if each.text == BODY), None)
    if marker is None:
        raise TemplateBroken(f"{TEMPLATE}: no paragraph is {{{{ body }}}}")
    for element in Page(document, _width(document.sections[0]), pictures).drawn(outline.blocks):
        marker.addprevious(element)
    marker.getparent().remove(marker)


def _draw_annex(document: WordDocument, annex: Annex, name: str, of: str, pictures: Mapping[str, bytes]) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    end = section._sectPr
    # the paragraph that ends the section before is too small to need a page of its own
    end.getprevious().get_or_add_pPr().get_or_add_pStyle().val = "section_break"
    if annex.landscape != (section.orientation == WD_ORIENT.LANDSCAPE):
        section.orientation = WD_ORIENT.LANDSCAPE if annex.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width
    _number_from_one(section)
    title = [
        paragraph("annex_number", (name,)),
        paragraph("annex_title", (_without_orphan(annex.title_vi),)),
        paragraph("annex_of", (of,)),
        paragraph("line", ()),
    ]
    for element in [*title, *Page(document, _width(section), pictures).drawn(annex.blocks)]:
        end.addprevious(element)


def annex_names(outline: Outline) -> list[str]:
    """Phụ lục I, Phụ lục II ...; a single annex has no number."""
    if len(outline.annexes) == 1:
        return [plain(sentence("annex_single"))]
    return [plain(sentence("annex_number", number=number)) for number in ROMAN[: len(outline.annexes)]]


def _number_from_one(section: Section) -> None:
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is None:
        numbering = OxmlElement("w:pgNumType")
        section._sectPr.find(qn("w:pgMar")).addnext(numbering)
    numbering.set(qn("w:start"), "1")


def _width(section: Section) -> int:
    """Between the margins, in twentieths of a point."""
    sides = (section.left_margin or 0) + (section.right_margin or 0)
    return round(((section.page_width or 0) - sides) / 635)


def _describe(document: WordDocument, outline: Outline, recipient: Recipient, about: About) -> None:
    """The properties of the file: issuer, time and version, in place of the template's."""
    properties = document.core_properties
    properties.title, properties.subject = f"{outline.document_type_vi} {outline.subject_vi}", recipient.name_vi
    properties.author = properties.last_modified_by = recipient.letterhead.issuing_agency_vi
    properties.version, properties.comments, properties.language = about.version, "", "vi-VN"
    properties.created = properties.modified = _utc(about.published_at)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)
