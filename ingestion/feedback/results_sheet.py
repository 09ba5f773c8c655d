"""The first sheet of an annotated workbook: the verdict, and all findings with links to their cells."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from ingestion.feedback.findings import SEVERITIES, Finding, worst_first
from ingestion.feedback.ooxml_package import MAIN, RELATIONS
from ingestion.feedback.ooxml_styles import Styles
from ingestion.feedback.sentences import vietnamese
from ingestion.workbook.cells import address
from ingestion.workbook.own_markup import COLOURS
from warehouse.reference.spreadsheets import FORMULA_STARTS

LONGEST_MESSAGE = 800
LONGEST_CELL = 32_767
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WIDTHS = (6, 23, 16, 10, 92, 18)
MESSAGE_COLUMN, LINK_COLUMN = 4, 3
TOTAL_WIDTH = sum(WIDTHS)

Line = list[tuple[str, int]]
"""text and style of each cell of a row"""


def results_sheet(
    heading: Sequence[str],
    advice: Sequence[str],
    findings: Sequence[Finding],
    places: dict[str, tuple[str, str]],
    styles: Styles,
) -> str:
    """The sheet as XML. `heading`: lines above the findings, the first being the title, the second the receipt;
    `places`: finding id -> sheet name and cell to link to."""
    title, receipt, *others = heading
    look = _Look(styles)
    lines: list[Line] = [[(title, look.title)], [(receipt, look.bold)], *([(text, look.plain)] for text in others)]
    first_advice = len(lines) + 1
    lines += [[(text, look.advice)] for text in advice]
    merged = range(first_advice, len(lines) + 1)
    lines.append([])
    links = []
    if findings:
        lines.append([(text, look.header) for text in vietnamese("columns").split("|")])
        for number, each in enumerate(worst_first(findings), start=1):
            place = places.get(each.finding_id)
            lines.append(_finding_line(number, each, place, look))
            if place:
                sheet, cell = place
                target = f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}"
                links.append((address(len(lines) - 1, LINK_COLUMN), target))
    return _worksheet(lines, merged, links)


def shortened(message: str) -> str:
    """A message of a finding at the length that is shown."""
    message = ILLEGAL.sub(" ", message)
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def cell_xml(place: str, text: str, style: int) -> str:
    """A cell with a text."""
    text = ILLEGAL.sub(" ", text)[:LONGEST_CELL]
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


class _Look:
    """The styles of the sheet."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.plain, self.bold = self._format(), self._format(bold=True)
        self.title = self._format(bold=True, size=14)
        self.advice = self._format(wrap=True)
        self.wrapped = self._boxed()
        self.escaped = self._boxed(quotePrefix="1")
        self.header = self._boxed(bold=True, fill="DDEBF7")
        self.link = self._boxed(colour="0563C1", underlined=True)
        self.severity = {each: self._boxed(bold=True, fill=COLOURS[each]) for each in SEVERITIES}

    def _boxed(self, bold: bool = False, fill: str | None = None, **changes) -> int:
        border = str(self.styles.border())
        return self._format(bold=bold, fill=fill, wrap=True, borderId=border, **changes)

    def _format(
        self,
        bold: bool = False,
        size: int = 11,
        colour: str = "000000",
        underlined: bool = False,
        fill: str | None = None,
        wrap: bool | None = None,
        **changes: str,
    ) -> int:
        font = self.styles.font(bold=bold, size=size, colour=colour, underlined=underlined)
        if fill:
            changes["fillId"] = str(self.styles.fill(fill))
        return self.styles.format_like(0, wrap=wrap, fontId=str(font), numFmtId="0", **changes)

    def text(self, text: str) -> int:
        """The style of a text from a file, which is not to be taken for a formula."""
        return self.escaped if text.startswith(FORMULA_STARTS) else self.wrapped


def _finding_line(number: int, finding: Finding, place: tuple[str, str] | None, look: _Look) -> Line:
    sheet = place[0] if place else finding.sheet_code or ""
    first, comma, _ = (finding.cell or "").partition(", ")
    cell = f"{first}, …" if comma else first
    message = shortened(finding.message_vi)
    return [
        (str(number), look.wrapped),
        (vietnamese(finding.severity), look.severity[finding.severity]),
        (sheet, look.text(sheet)),
        (cell or (vietnamese("see_sheet") if place else ""), look.link if place else look.wrapped),
        (message, look.text(message)),
        (finding.finding_id, look.wrapped),
    ]


def _worksheet(lines: Sequence[Line], merged: range, links: Sequence[tuple[str, str]]) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(WIDTHS, start=1)
    )
    rows = "".join(
        f'<row r="{number}" ht="{_height(line, number in merged)}" customHeight="1">'
        + "".join(cell_xml(address(number - 1, index), text, style) for index, (text, style) in enumerate(line))
        + "</row>"
        for number, line in enumerate(lines, start=1)
    )
    merges = "".join(f'<mergeCell ref="A{number}:F{number}"/>' for number in merged)
    hyperlinks = "".join(
        f'<hyperlink ref="{place}" location={_attribute(target)} display={_attribute(target)}/>'
        for place, target in links
    )
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetPr><tabColor rgb="FFC00000"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1"'
        ' workbookViewId="0"/></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{rows}</sheetData>"
        + (f'<mergeCells count="{len(merged)}">{merges}</mergeCells>' if merged else "")
        + (f"<hyperlinks>{hyperlinks}</hyperlinks>" if hyperlinks else "")
        + '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    )


def _height(line: Line, is_merged: bool) -> int:
    """Height in points that fits the text: not every program does this by itself."""
    lines = 1
    if is_merged:
        lines = max(1, -(-len(line[0][0]) * 6 // (7 * TOTAL_WIDTH)))
    elif len(line) > 1:
        lines = max(1, -(-len(line[MESSAGE_COLUMN][0]) * 6 // (7 * WIDTHS[MESSAGE_COLUMN])))
    return 4 + 15 * lines


def _attribute(text: str) -> str:
    return '"' + escape(ILLEGAL.sub(" ", text), {'"': "&quot;", "\n": " ", "\t": " "}) + '"'
