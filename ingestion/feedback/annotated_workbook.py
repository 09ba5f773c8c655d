"""The marked copy: the sender's own workbook, with what is wrong shown where it stands, and how to mend it.

Cells with findings are coloured and carry a comment; a first sheet lists all findings with links to their cells;
the sheet of explanations has the ids of the open queries. Everything else is as it was sent: xlsx and xlsm keep
their parts, with saved values and macros. What we cannot write (xls, xlsb, ods) comes as an xlsx of its values, and
what is no workbook as the list alone. A list of persons gets no copy. When a copy comes back, its marks are known by
RESULT_SHEET, COMMENT_START and COLOURS, and a new copy has new ones in their place.
"""

import io
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ingestion.feedback.findings import Finding
from ingestion.feedback.ooxml_package import (
    CELL,
    COMMENTS_TYPE,
    FORMULA_STARTS,
    MAIN,
    RELATIONS,
    VML_TYPE,
    Package,
    SheetPart,
    Styles,
    child,
    children,
    column_number,
    local,
    parsed,
)
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import ANSWERS_SHEET
from ingestion.sandbox.worker_pool import WorkerFailure, call_workers
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import COLOURS, COMMENT_AUTHOR, COMMENT_START, RESULT_SHEET
from ingestion.workbook.reader import SheetCells, column_letter, read_workbook
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.catalogue import Reference
from warehouse.reference.forms import COVER
from warehouse.reference.names import name_key

LIST_OF_PERSONS = "F11"
ANSWER_FIELDS = ("finding_id", "answer")
SEVERITIES = ("error", "query", "info")
KINDS = {"error": "LỖI, phải sửa", "query": "CẦN SỬA HOẶC GIẢI TRÌNH", "info": "LƯU Ý"}
LONGEST_MESSAGE = 800
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLAIN_COPY = (
    "Tệp gốc không thuộc kiểu .xlsx nên bản này chỉ chép lại các giá trị, không có định dạng và danh sách chọn;"
    " có thể sửa ngay trên bản này hoặc trên tệp gốc."
)
NO_COPY = "Không mở được tệp gốc nên bản này không có các biểu của tệp."
HOW_TO = (
    "Bấm vào tên ô ở cột «Ô» để đến chỗ cần xem. Ô tô đỏ: sai, phải sửa. Ô tô vàng: cần sửa, hoặc giữ nguyên và giải"
    f" trình ở biểu {ANSWERS_SHEET}. Ô tô xanh: chỉ để lưu ý. Sửa ngay trên tệp này rồi gửi lại; không cần xóa màu,"
    " ghi chú hay trang này."
)
VERDICTS = {
    "rejected": "TỆP CHƯA ĐƯỢC TIẾP NHẬN: có lỗi phải sửa rồi gửi lại.",
    "queries": "ĐÃ TIẾP NHẬN, còn nội dung cần sửa hoặc giải trình.",
    "accepted": "ĐÃ TIẾP NHẬN, không còn nội dung nào phải sửa.",
}

COLUMNS_ON_A_PAGE = 12
WIDTHS = (6, 17, 16, 10, 90, 18, 9)
WIDTH_OF_ALL = sum(WIDTHS)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnnotatedWorkbook:
    """A workbook to send back."""

    content: bytes = field(repr=False)
    extension: str
    """xlsx, or xlsm where the sender's workbook has macros"""


@dataclass(frozen=True)
class Feedback:
    """What one copy is to say, in plain values that another process can be given."""

    file_name: str
    receipt_number: str
    verdict: str
    findings: tuple[Finding, ...]
    sheet_names: dict[str, str]
    """sheet code -> name of the sheet in the workbook"""
    hidden_codes: dict[str, int]
    """sheet code -> row of field codes, which a plain copy hides"""
    answer_headers: tuple[str, str]
    answer_columns: dict[str, str] = field(default_factory=dict)
    """field code -> column letter of the sheet of explanations, where it has them"""
    answer_row: int = 3
    """the first free row of it"""
    answer_header_row: int = 2
    answered: frozenset[str] = frozenset()
    """ids that stand there already"""
    duplicate: str | None = None
    """where the file said nothing new, what became of it"""


def annotate_all(
    reviewed: Sequence[ReviewedFile], reference: Reference, limits: Limits = LIMITS
) -> list[AnnotatedWorkbook | None]:
    """The marked copy of each file, in the order given; None for a list of persons, which gets none.

    The workbooks are opened in workers, as for reading. One that cannot be marked comes as the list alone."""
    markings = [feedback_on(each, reference) for each in reviewed]
    asked = [
        (each.file.content, feedback, limits) for each, feedback in zip(reviewed, markings, strict=True) if feedback
    ]
    results = list(call_workers(_mark_one, None, asked, limits))
    lost = [number for number, each in enumerate(results) if isinstance(each, WorkerFailure)]
    again = [(None, asked[number][1], limits) for number in lost]
    for number, each in zip(lost, call_workers(_mark_one, None, again, limits), strict=True):
        results[number] = each
    copies = iter(results)
    found = [next(copies) if feedback else None for feedback in markings]
    return [each if isinstance(each, AnnotatedWorkbook) else None for each in found]


def feedback_on(reviewed: ReviewedFile, reference: Reference, more: Iterable[Finding] = ()) -> Feedback | None:
    """What the copy of a file says; `more`: findings beside its own, those that history gave. None for a list of
    persons."""
    if reviewed.rejection is not None and reviewed.rejection.rule_code == LIST_OF_PERSONS:
        return None
    form = reviewed.submission.form if reviewed.submission else next(iter(reference.forms.values()))
    headers = [form.sheets[ANSWERS_SHEET].by_code[code].header_vi for code in ANSWER_FIELDS]
    about = dict(
        file_name=reviewed.file.file_name,
        receipt_number=reviewed.receipt_number,
        verdict=reviewed.verdict,
        findings=(*reviewed.findings, *more),
        duplicate=reviewed.duplicate.sentence if reviewed.duplicate else None,
        answer_headers=tuple(headers),
    )
    submission = reviewed.submission
    if submission is None:
        return Feedback(**about, sheet_names={code: code for code in form.sheets}, hidden_codes={})
    names = {code: sheet.sheet_name for code, sheet in submission.sheets.items()}
    answers = submission.sheets.get(ANSWERS_SHEET)
    if answers is not None:
        about |= dict(
            answer_columns={code: answers.columns[code] for code in ANSWER_FIELDS if code in answers.columns},
            answer_header_row=answers.header_row,
            answer_row=max([answers.header_row, *(row.row_number for row in answers.rows)]) + 1,
            answered=frozenset(row.read.get("finding_id", "") for row in answers.rows),
        )
    hidden = {code: sheet.header_row - 1 for code, sheet in submission.sheets.items() if sheet.header_row > 1}
    return Feedback(**about, sheet_names=names | {COVER: submission.cover_sheet_name}, hidden_codes=hidden)


def _mark_one(_shared: None, content: bytes | None, feedback: Feedback, limits: Limits) -> AnnotatedWorkbook:
    if content is None:
        return write_findings_list(feedback)
    return annotate_workbook(content, feedback, limits)


def annotate_workbook(content: bytes, feedback: Feedback, limits: Limits = LIMITS) -> AnnotatedWorkbook:
    """The sender's workbook with its marks; its values with the marks; or, of what is no workbook, the list."""
    try:
        sheets = read_workbook(content, limits)
    except RejectedFile:
        return write_findings_list(feedback)
    if content.startswith(b"PK"):
        try:
            return _marked(content, feedback)
        except Exception:  # a package that the reader takes and that is yet not as it should be: ods, xlsb, odd xlsx
            log.info("marked on a plain copy", exc_info=True)
    return _marked(_plain_copy(sheets, feedback), feedback, note=PLAIN_COPY)


def write_findings_list(feedback: Feedback) -> AnnotatedWorkbook:
    """A workbook of the list alone."""
    return _marked(_plain_copy([SheetCells(RESULT_SHEET, False, [])], feedback), feedback, note=NO_COPY)


# Marks ------------------------------------------------------------------------------------------------------


def _marked(content: bytes, feedback: Feedback, note: str | None = None) -> AnnotatedWorkbook:
    package = Package(content)
    styles = Styles(package)
    if len(package.sheets()) > 1:
        package.drop_sheet(RESULT_SHEET)
        has_placeholder = False
    else:
        has_placeholder = RESULT_SHEET in package.sheets()
    _unmark(package, styles)
    by_key = {name_key(name): part for name, part in package.sheets().items()}
    names = {name_key(name): name for name in package.sheets()}
    sheets: dict[str, SheetPart] = {}

    def sheet_at(part: str) -> SheetPart:
        if part not in sheets:
            sheets[part] = SheetPart(package, part)
        return sheets[part]

    places: dict[str, tuple[str, str]] = {}  # finding id -> name of the sheet, cell
    notes: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for each in feedback.findings:
        key = name_key(feedback.sheet_names.get(each.sheet_code or "", each.sheet_code or ""))
        if has_placeholder or key not in by_key:
            continue
        if each.cell and CELL.fullmatch(each.cell):
            notes[by_key[key]][each.cell].append(each)
            places.setdefault(each.finding_id, (names[key], each.cell))
        else:
            places.setdefault(each.finding_id, (names[key], "A1"))
    for part, cells in notes.items():
        sheet = sheet_at(part)
        for place, findings in cells.items():
            cell = sheet.cell(place)
            severity = min((each.severity for each in findings), key=SEVERITIES.index)
            fill = str(styles.fill(COLOURS[severity]))
            cell.set("s", str(styles.format_like(int(cell.get("s", 0)), fillId=fill)))
    comments = {part: {place: _comment(found) for place, found in cells.items()} for part, cells in notes.items()}
    if not has_placeholder:
        for part, place, text in _answers(package, styles, sheet_at, by_key, feedback):
            comments.setdefault(part, {}).setdefault(place, text)
    for part, texts in comments.items():
        _write_comments(package, sheet_at(part), texts)
    if has_placeholder:
        package.drop_sheet(RESULT_SHEET)
    package.add_sheet(RESULT_SHEET, _result_sheet(feedback, places, styles, note), first=True)
    return AnnotatedWorkbook(package.as_bytes(), "xlsm" if package.has_macros else "xlsx")


def _unmark(package: Package, styles: Styles) -> None:
    """Take the marks of an earlier copy off: our colours, our comments."""
    ours = styles.fills_of(set(COLOURS.values()))
    coloured = {number for number, each in enumerate(styles.formats) if int(each.get("fillId", 0)) in ours}
    for part in package.sheets().values():
        if coloured:
            for cell in SheetPart(package, part).cells():
                number = int(cell.get("s", 0))
                if number in coloured:
                    cell.set("s", str(styles.format_like(number, fillId="0")))
        for commented in package.related(part, "comments"):
            if COMMENT_START.encode() in package.contents[commented]:
                _drop_our_comments(package, part, commented)


def _drop_our_comments(package: Package, part: str, commented: str) -> None:
    listed = child(package.tree(commented), "commentList")
    gone = set()
    for each in list(listed):
        text = child(each, "text")
        said = "".join(one.text or "" for one in text.iter() if local(one.tag) == "t")
        if COMMENT_START in said:
            theirs = said.partition(COMMENT_START)[0].rstrip()
            if theirs:
                _say(text, theirs)
            else:
                listed.remove(each)
                gone.add(each.get("ref"))
    for drawing in package.related(part, "vmlDrawing"):
        root = package.tree(drawing)
        for shape in children(root, "shape"):
            if _place_of(shape) in gone:
                root.remove(shape)


def _place_of(shape: ElementTree.Element) -> str | None:
    found = {local(each.tag): each.text for each in shape.iter()}
    if "Row" not in found or "Column" not in found:
        return None
    return f"{column_letter(int(found['Column'] or 0))}{int(found['Row'] or 0) + 1}"


def _say(text: ElementTree.Element, words: str) -> None:
    prefix = text.tag.removesuffix("text")
    for each in list(text):
        text.remove(each)
    run = ElementTree.SubElement(text, f"{prefix}r")
    ElementTree.SubElement(run, f"{prefix}t", {"xml:space": "preserve"}).text = words


def _comment(findings: list[Finding]) -> str:
    said = "\n\n".join(f"{KINDS[each.severity]}: {_short(each.message_vi)}\n({each.finding_id})" for each in findings)
    return f"{COMMENT_START}\n{said}"


def _write_comments(package: Package, sheet: SheetPart, texts: dict[str, str]) -> None:
    known = package.related(sheet.part, "comments")
    if not known:
        part = package.free_name("xl/comments{}.xml")
        package.put(part, f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>', COMMENTS_TYPE)
        package.relate(sheet.part, "comments", part)
        known = [part]
    root = package.tree(known[0])
    prefix = root.tag.removesuffix("comments")
    authors, listed = child(root, "authors"), child(root, "commentList")
    ElementTree.SubElement(authors, f"{prefix}author").text = COMMENT_AUTHOR
    author = str(len(authors) - 1)
    there = {each.get("ref"): each for each in listed}
    shapes = []
    for place, words in texts.items():
        if place in there:
            text = child(there[place], "text")
            said = "".join(one.text or "" for one in text.iter() if local(one.tag) == "t")
            _say(text, f"{said}\n\n{words}")
        else:
            comment = ElementTree.SubElement(listed, f"{prefix}comment", {"ref": place, "authorId": author})
            _say(ElementTree.SubElement(comment, f"{prefix}text"), words)
            shapes.append((place, words))
    listed[:] = sorted(listed, key=_order_of_place)
    _draw(package, sheet, shapes)


def _order_of_place(comment: ElementTree.Element) -> tuple[int, int]:
    match = CELL.fullmatch(comment.get("ref", ""))
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


def _draw(package: Package, sheet: SheetPart, shapes: list[tuple[str, str]]) -> None:
    """The boxes in which spreadsheet programs show comments."""
    drawings = package.related(sheet.part, "vmlDrawing")
    has_drawing = any(local(each.tag) == "legacyDrawing" for each in sheet.root)
    if not (drawings and has_drawing):
        part = package.free_name("xl/drawings/vmlDrawing{}.vml")
        package.put(part, VML, VML_TYPE)
        sheet.insert_legacy_drawing(package.relate(sheet.part, "vmlDrawing", part))
        drawings = [part]
    root = package.tree(drawings[0])
    number = len(root)
    for number, (place, words) in enumerate(shapes, start=len(root) + 1):
        match = CELL.fullmatch(place)
        column, row = column_number(match[1]) - 1, int(match[2]) - 1
        # About 60 letters a line, and a line for the eye.
        lines = 1 + sum(1 + len(line) // 60 for line in words.split("\n"))
        anchor = f"{column + 1}, 15, {max(0, row - 1)}, 10, {column + 5}, 15, {max(0, row - 1) + lines}, 4"
        root.append(parsed(SHAPE.format(number=5_000 + number, anchor=anchor, row=row, column=column).encode()))


VML_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
VML = (
    f'<xml {VML_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
SHAPE = (
    f'<v:shape {VML_SPACES} id="_x0000_s{{number}}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;'
    'margin-top:5pt;width:320pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


# The sheet of explanations ----------------------------------------------------------------------------------


def _answers(package: Package, styles: Styles, sheet_at, by_key: dict[str, str], feedback: Feedback):
    """Fill in the ids of the queries that are not answered yet; (part, cell, comment) of each."""
    queries = {each.finding_id: each for each in feedback.findings if each.severity == "query"}
    open_queries = [each for id, each in queries.items() if id not in feedback.answered]
    if not open_queries:
        return
    key = name_key(feedback.sheet_names.get(ANSWERS_SHEET, ANSWERS_SHEET))
    columns, row = dict(feedback.answer_columns), feedback.answer_row
    if key not in by_key:
        header = styles.format_like(0, wrap=True, fontId=str(styles.font(bold=True)))
        by_key[key] = package.add_sheet(ANSWERS_SHEET, _answer_sheet(feedback.answer_headers, header), first=False)
        columns = dict(zip(ANSWER_FIELDS, "AB", strict=True))
    sheet = sheet_at(by_key[key])
    if len(columns) < len(ANSWER_FIELDS):
        row = max(row, feedback.answer_header_row + 1)
        used = [0, *(column_number(CELL.fullmatch(each.get("r", ""))[1]) for each in sheet.cells() if each.get("r"))]
        free = max(used) + 1
        for code, header in zip(ANSWER_FIELDS, feedback.answer_headers, strict=True):
            if code not in columns:
                columns[code] = column_letter(free - 1)
                free += 1
                sheet.write(f"{columns[code]}{feedback.answer_header_row}", header)
    for number, query in enumerate(open_queries, start=row):
        place = f"{columns['finding_id']}{number}"
        sheet.write(place, query.finding_id)
        words = f"{COMMENT_START}\n{' '.join(filter(None, [query.sheet_code, query.cell]))}: {_short(query.message_vi)}"
        yield sheet.part, place, words


def _answer_sheet(headers: tuple[str, str], style: int) -> str:
    codes = "".join(_cell(f"{letter}1", code, 0) for letter, code in zip("AB", ANSWER_FIELDS, strict=True))
    heads = "".join(_cell(f"{letter}2", header, style) for letter, header in zip("AB", headers, strict=True))
    return (
        f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="1" width="24" customWidth="1"/>'
        '<col min="2" max="2" width="80" customWidth="1"/></cols><sheetData>'
        f'<row r="1" hidden="1">{codes}</row><row r="2">{heads}</row></sheetData></worksheet>'
    )


# The first sheet --------------------------------------------------------------------------------------------


def _result_sheet(feedback: Feedback, places: dict[str, tuple[str, str]], styles: Styles, note: str | None) -> str:
    border = str(styles.border())

    def style(bold: bool = False, size: int = 11, colour: str = "000000", **changes) -> int:
        font = str(styles.font(bold=bold, size=size, colour=colour, underlined=changes.pop("underlined", False)))
        return styles.format_like(0, fontId=font, numFmtId="0", **changes)

    plain, bold, advice = style(), style(bold=True), style(wrap=True)
    wrapped = style(wrap=True, borderId=border)
    escaped = style(wrap=True, borderId=border, quotePrefix="1")
    head = style(bold=True, wrap=True, borderId=border, fillId=str(styles.fill("DDEBF7")))
    link = style(colour="0563C1", underlined=True, wrap=True, borderId=border)
    kinds = {
        each: style(bold=True, wrap=True, borderId=border, fillId=str(styles.fill(COLOURS[each])))
        for each in SEVERITIES
    }
    counts = {each: sum(one.severity == each for one in feedback.findings) for each in SEVERITIES}
    verdict = feedback.verdict if feedback.verdict == "rejected" or not counts["query"] else "queries"

    lines: list[list[tuple[str, int]]] = [
        [("KẾT QUẢ KIỂM TRA BÁO CÁO", style(bold=True, size=14))],
        [(f"Tệp: {feedback.file_name}", plain)],
        [(f"Biên nhận: {feedback.receipt_number}", plain)],
        [(feedback.duplicate or VERDICTS[verdict], bold)],
        [(f"Lỗi: {counts['error']}. Cần giải trình: {counts['query']}. Lưu ý: {counts['info']}.", plain)],
    ]
    merged = []
    for text in filter(None, [HOW_TO if feedback.findings and note != NO_COPY else None, note]):
        lines.append([(text, advice)])
        merged.append(len(lines))
    lines.append([])
    links = []
    if feedback.findings:
        titles = ("STT", "Mức độ", "Biểu", "Ô", "Nội dung và cách sửa", "Mã nội dung", "Quy tắc")
        lines.append([(title, head) for title in titles])
        ordered = sorted(feedback.findings, key=lambda each: SEVERITIES.index(each.severity))
        for number, each in enumerate(ordered, start=1):
            sheet, cell = places.get(each.finding_id, (each.sheet_code or "", each.cell or ""))
            message = _short(each.message_vi)
            is_linked = each.finding_id in places
            lines.append([
                (str(number), wrapped),
                (KINDS[each.severity], kinds[each.severity]),
                (sheet, escaped if sheet.startswith(FORMULA_STARTS) else wrapped),
                (each.cell or ("xem biểu" if is_linked else ""), link if is_linked else wrapped),
                (message, escaped if message.startswith(FORMULA_STARTS) else wrapped),
                (each.finding_id, wrapped),
                (each.rule_code, wrapped),
            ])  # fmt: skip
            if is_linked:
                links.append((f"D{len(lines)}", f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}"))
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(WIDTHS, start=1)
    )
    rows = "".join(
        f'<row r="{number}"{_height(line, WIDTH_OF_ALL if number in merged else WIDTHS[4])}>'
        + "".join(_cell(f"{column_letter(index)}{number}", text, style) for index, (text, style) in enumerate(line))
        + "</row>"
        for number, line in enumerate(lines, start=1)
    )
    merges = "".join(f'<mergeCell ref="A{number}:G{number}"/>' for number in merged)
    jumps = "".join(
        f'<hyperlink ref="{place}" location={_attribute(target)} display={_attribute(target)}/>'
        for place, target in links
    )
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetPr><tabColor rgb="FFC00000"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1"'
        ' workbookViewId="0"/></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{rows}</sheetData>"
        + (f'<mergeCells count="{len(merged)}">{merges}</mergeCells>' if merged else "")
        + (f"<hyperlinks>{jumps}</hyperlinks>" if jumps else "")
        + '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    )


def _height(line: list[tuple[str, int]], width: int) -> str:
    """Not every program fits the height of a row to its text by itself."""
    text = line[0][0] if len(line) == 1 else line[4][0] if line else ""
    lines = 1 if len(line) == 1 and width != WIDTH_OF_ALL else max(1, -(-len(text) * 6 // (7 * width)))
    return f' ht="{4 + 15 * lines}" customHeight="1"'


def _cell(place: str, text: str, style: int) -> str:
    text = ILLEGAL.sub(" ", text)[:32_767]
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _attribute(text: str) -> str:
    return '"' + escape(ILLEGAL.sub(" ", text), {'"': "&quot;", "\n": " ", "\t": " "}) + '"'


def _short(message: str) -> str:
    message = ILLEGAL.sub(" ", message)
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


# Plain copies -----------------------------------------------------------------------------------------------


def _plain_copy(sheets: list[SheetCells], feedback: Feedback) -> bytes:
    """The values of a workbook that cannot be marked itself, as xlsx."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.properties import PageSetupProperties

    codes = {feedback.sheet_names[code]: row for code, row in feedback.hidden_codes.items()}
    workbook = Workbook(write_only=True)
    head = dict(
        font=Font(bold=True),
        fill=PatternFill("solid", fgColor="DDEBF7"),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
    )
    for cells in sheets:
        sheet = workbook.create_sheet(re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", cells.name)[:31] or "_")
        sheet.sheet_state = "hidden" if cells.is_hidden else "visible"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth = max(1, -(-max(map(len, cells.rows), default=1) // COLUMNS_ON_A_PAGE))
        sheet.page_setup.fitToHeight = 0
        header_row = codes[cells.name] + 1 if cells.name in codes else None
        if cells.name == feedback.sheet_names.get(COVER):
            for letter, width in {"A": 18, "B": 46, "C": 44, "D": 58}.items():
                sheet.column_dimensions[letter].width = width
            sheet.column_dimensions["A"].hidden = bool(feedback.hidden_codes)
        else:
            for index in range(min(60, max(map(len, cells.rows), default=0))):
                sheet.column_dimensions[column_letter(index)].width = 18
        if cells.name in codes:
            sheet.row_dimensions[codes[cells.name]].hidden = True
            sheet.row_dimensions[header_row].height = 60
            sheet.freeze_panes = f"A{header_row + 1}"
            sheet.print_title_rows = f"{header_row}:{header_row}"
        for number, row in enumerate(cells.rows, start=1):
            written = [_plain_cell(WriteOnlyCell, sheet, value) for value in row]
            for cell in written if number == header_row else ():
                if cell is not None:
                    cell.font, cell.fill, cell.alignment = head["font"], head["fill"], head["alignment"]
            sheet.append(written)
    if not any(sheet.sheet_state == "visible" for sheet in workbook.worksheets):
        workbook.worksheets[0].sheet_state = "visible"
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _plain_cell(kind, sheet, value):
    if value is None or value == "":
        return None
    cell = kind(sheet)
    if isinstance(value, str):
        cell._value = ILLEGAL.sub(" ", value)[:32_767]
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    elif isinstance(value, (bool, int, float, date, datetime, time, timedelta)):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy" if not isinstance(value, datetime) else "dd/mm/yyyy hh:mm"
    return cell
