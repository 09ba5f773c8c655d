"""The blocks of a paper as parts of a Word document, in the styles of templates/report.docx, named by their ids."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Twips
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from reporting.content.tables import Column
from reporting.papers.blocks import (
    Block,
    Figure,
    Grid,
    Heading,
    OwnWords,
    Paragraph,
    Picture,
    Text,
)
from reporting.papers.sentences import sentence

W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
# not allowed in XML; office programs leave such characters in cells
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
DASH = "- "
LEFT, MIDDLE = ("text", "key"), ("date", "instant", "year", "boolean", "verdict")
MANY_COLUMNS = 9  # and more are written in smaller letters
PICTURE_WIDTH = 0.7  # of the width between the margins: page one has room for it, and for what a paper replaces


@dataclass(frozen=True)
class Page:
    """The pages on which blocks are drawn: `width` between the margins in twentieths of a point, `pictures` as PNG."""

    document: WordDocument
    width: int
    pictures: Mapping[str, bytes]

    def drawn(self, blocks: Iterable[Block]) -> list[BaseOxmlElement]:
        """The elements of the blocks, in their order."""
        return [element for block in blocks for element in self._drawn(block)]

    def _drawn(self, block: Block) -> list[BaseOxmlElement]:
        match block:
            case Heading(text, level):
                return [paragraph(f"Heading{level}", (text,))]
            case Paragraph(text, "item"):
                return [paragraph("item", (DASH, *text))]
            case Paragraph(text, style):
                return [paragraph(style, text)]
            case OwnWords(_, _, paragraphs) if paragraphs:
                return [paragraph("body", (text,)) for text in paragraphs]
            case OwnWords(_, title):
                return [paragraph("own_words", sentence("own_words_missing", title=title))]
            case Picture():
                return self._picture(block)
            case Grid():
                note = [paragraph("note", (block.note_vi,))] if block.note_vi else [paragraph("after_table", ())]
                return [paragraph("caption", (block.caption_vi,)), _table(block, self.width), *note]

    def _picture(self, block: Picture) -> list[BaseOxmlElement]:
        drawn = paragraph("picture", ())
        run = WordParagraph(drawn, self.document._body).add_run()
        shape = run.add_picture(io.BytesIO(self.pictures[block.name]), Twips(round(self.width * PICTURE_WIDTH)))
        shape._inline.docPr.set("descr", block.alt_vi)
        return [drawn, paragraph("picture_caption", (block.caption_vi,))]


def paragraph(style: str, text: Text, *, bold: bool = False, keep_next: bool = False) -> CT_P:
    """A paragraph in a style; each figure with a key stands in a content control with the key as its tag."""
    made = OxmlElement("w:p")
    properties = made.get_or_add_pPr()
    properties.get_or_add_pStyle().val = style
    if keep_next:
        properties.get_or_add_keepNext()
    for piece in text:
        run = _run(str(piece), bold)
        made.append(_control(run, piece.key) if isinstance(piece, Figure) and piece.key else run)
    return made


def _run(text: str, bold: bool = False) -> CT_R:
    run = OxmlElement("w:r")
    if bold:
        run.get_or_add_rPr().get_or_add_b()
    run.text = NOT_IN_XML.sub("", text)
    return run


def _control(run: CT_R, key: str) -> BaseOxmlElement:
    """A content control that nobody sees."""
    control, properties, content = (OxmlElement(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
    tag = OxmlElement("w:tag")
    tag.set(qn("w:val"), key)
    properties.append(tag)
    etree.SubElement(properties, f"{{{W15}}}appearance").set(f"{{{W15}}}val", "hidden")
    content.append(run)
    control.extend([properties, content])
    return control


def _table(grid: Grid, width: int) -> CT_Tbl:
    """Its heading comes again on each page, and no row is split between two."""
    weights = grid.weights or tuple(column.width for column in grid.columns)
    widths = [round(width * weight / sum(weights)) for weight in weights]
    table = CT_Tbl.new_tbl(0, len(widths), Twips(sum(widths)))
    for column, wide in zip(table.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Twips(wide)
    table.tblStyle_val = "figures"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    texts = [(column.heading_vi,) for column in grid.columns]
    size = "_small" if len(widths) >= MANY_COLUMNS else ""
    table.append(_row(texts, [f"cell_heading{size}"] * len(widths), widths, heading=True))
    styles = [f"{_cell_style(column)}{size}" for column in grid.columns]
    for number, row in enumerate(grid.rows):
        cells: list[Text] = [row.get(column.code, ()) for column in grid.columns]
        bold = number in grid.bold
        if bold and not any(cells[1:]):  # a title within the table
            table.append(_row(cells[:1], ["cell_text"], [sum(widths)], bold=True, span=len(widths), keep_next=True))
        else:
            table.append(_row(cells, styles, widths, bold=bold))
    return table


def _row(
    cells: Sequence[Text],
    styles: Sequence[str],
    widths: Sequence[int],
    *,
    bold: bool = False,
    heading: bool = False,
    span: int = 1,
    keep_next: bool = False,
) -> CT_Row:
    row = OxmlElement("w:tr")
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if heading:
        properties.append(OxmlElement("w:tblHeader"))
    for text, style, width in zip(cells, styles, widths, strict=True):
        cell = CT_Tc.new()
        cell.width = Twips(width)
        cell.grid_span = span
        cell.append(paragraph(style, text, bold=bold, keep_next=keep_next))
        cell.remove(cell.p_lst[0])
        row.append(cell)
    return row


def _cell_style(column: Column) -> str:
    return "cell_text" if column.kind in LEFT else "cell_middle" if column.kind in MIDDLE else "cell_number"
