"""The annotated copy: the sender's own workbook, with the findings shown in their cells.

Cells with findings are coloured and have a comment; a first sheet lists all findings with links to their cells; the
sheet of explanations contains the ids of the open queries. Everything else stays as it was sent: xlsx and xlsm keep
their parts, with cached values and macros. Formats that cannot be annotated in place (xls, ods) are copied as an xlsx
of their values, and a file that is not a workbook gets the list alone. A file with personal data gets no copy. When a
copy is returned, our markup is recognised (own_markup.py) and replaced.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingestion.feedback.comments_xlsx import remove_own_comments, write_comments
from ingestion.feedback.findings import Finding
from ingestion.feedback.ooxml_package import MAIN, Package
from ingestion.feedback.ooxml_sheet import SheetPart
from ingestion.feedback.ooxml_styles import Styles
from ingestion.feedback.results_sheet import SEVERITIES, Result, cell_xml, results_sheet, shortened
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.feedback.sentences import vietnamese
from ingestion.form.submission import ANSWERS_SHEET
from ingestion.sandbox.worker_pool import WorkerFailure, call_workers
from ingestion.workbook.cells import address, column_letter, parse_address
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import COLOURS, COMMENT_START, RESULT_SHEET
from ingestion.workbook.reader import SheetCells, read_workbook
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.forms import COVER
from warehouse.reference.names import name_key
from warehouse.reference.reference_data import Reference

PERSONAL_DATA = "F11"
ANSWER_FIELDS = ("finding_id", "answer")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnnotatedWorkbook:
    """A workbook for the sender."""

    content: bytes = field(repr=False)
    extension: str
    """xlsx, or xlsm if the sender's workbook has macros"""


@dataclass(frozen=True)
class Feedback:
    """What one copy contains, in plain values for another process."""

    file_name: str
    receipt_number: str
    verdict: str
    findings: tuple[Finding, ...]
    sheet_names: dict[str, str]
    """sheet code -> name of the sheet in the workbook"""
    code_rows: dict[str, int]
    """sheet code -> number of its row of field codes"""
    answer_headers: tuple[str, ...]
    answer_columns: dict[str, str] = field(default_factory=dict)
    """field code -> column letter in the sheet of explanations, of those that it has"""
    answer_row: int = 3
    """number of its first free row"""
    answer_header_row: int = 2
    answered: frozenset[str] = frozenset()
    """finding ids that it contains already"""
    duplicate: str | None = None
    """the sentence for a resubmission of earlier content"""


def annotate_all(
    reviewed: Sequence[ReviewedFile], reference: Reference, limits: Limits = LIMITS
) -> list[AnnotatedWorkbook | None]:
    """The annotated copy of each file, in the order given; None for a file with personal data.

    Workbooks are opened in worker processes. One whose worker fails gets the list of findings alone."""
    feedback = [feedback_on(each, reference) for each in reviewed]
    calls = [(each.file.content, about, limits) for each, about in zip(reviewed, feedback, strict=True) if about]
    results = list(call_workers(_annotate, None, calls, limits))
    failed = [number for number, each in enumerate(results) if isinstance(each, WorkerFailure)]
    lists = call_workers(_annotate, None, [(None, *calls[number][1:]) for number in failed], limits)
    for number, each in zip(failed, lists, strict=True):
        results[number] = each
    copies = iter(results)
    found = [next(copies) if about else None for about in feedback]
    return [each if isinstance(each, AnnotatedWorkbook) else None for each in found]


def feedback_on(reviewed: ReviewedFile, reference: Reference, more: Iterable[Finding] = ()) -> Feedback | None:
    """The content of a file's copy; `more`: findings besides its own. None for a file with personal data."""
    if reviewed.rejection is not None and reviewed.rejection.rule_code == PERSONAL_DATA:
        return None
    submission = reviewed.submission
    form = submission.form if submission else next(iter(reference.forms.values()))
    sheets = submission.sheets if submission else {}
    names = (
        {code: sheet.sheet_name for code, sheet in sheets.items()}
        if submission
        else {each: each for each in form.sheets}
    )
    if submission:
        names[COVER] = submission.cover_sheet_name
    answers = sheets.get(ANSWERS_SHEET)
    header_row = answers.header_row if answers else Feedback.answer_header_row
    rows = answers.rows if answers else []
    return Feedback(
        file_name=reviewed.file.file_name,
        receipt_number=reviewed.receipt_number,
        verdict=reviewed.verdict,
        findings=(*reviewed.findings, *more),
        sheet_names=names,
        code_rows={code: sheet.header_row - 1 for code, sheet in sheets.items() if sheet.header_row > 1},
        answer_headers=tuple(form.sheets[ANSWERS_SHEET].by_code[code].header_vi for code in ANSWER_FIELDS),
        answer_columns={code: answers.columns[code] for code in ANSWER_FIELDS if code in answers.columns}
        if answers
        else {},
        answer_row=max([header_row, *(row.row_number for row in rows)]) + 1,
        answer_header_row=header_row,
        answered=frozenset(row.read.get("finding_id", "") for row in rows),
        duplicate=reviewed.duplicate.sentence if reviewed.duplicate else None,
    )


def annotate_workbook(content: bytes, feedback: Feedback, limits: Limits = LIMITS) -> AnnotatedWorkbook:
    """The sender's workbook annotated; else its values annotated; if it is not a workbook, the list alone."""
    try:
        sheets = read_workbook(content, limits)
    except RejectedFile:
        return write_findings_list(feedback)
    if content.startswith(b"PK"):
        try:
            return _Annotator(content, feedback).write()
        except Exception:  # ods, or an xlsx that the reader accepts though it is not as expected
            log.info("annotated as a plain copy", exc_info=True)
    code_rows = {feedback.sheet_names[code]: row for code, row in feedback.code_rows.items()}
    return _Annotator(_plain_copy(sheets, code_rows, feedback.sheet_names.get(COVER)), feedback).write(
        note=vietnamese("values_only")
    )


def write_findings_list(feedback: Feedback) -> AnnotatedWorkbook:
    """A workbook with the list of findings alone."""
    empty = SheetCells(RESULT_SHEET, False, [])
    return _Annotator(_plain_copy([empty], {}, None), feedback).write(note=vietnamese("findings_only"))


def _plain_copy(sheets: list[SheetCells], code_rows: dict[str, int], cover: str | None) -> bytes:
    # Imported here because openpyxl takes long to import, and few files need it.
    from ingestion.feedback.plain_copy import write_plain_copy

    return write_plain_copy(sheets, code_rows, cover)


def _annotate(_shared: None, content: bytes | None, feedback: Feedback, limits: Limits) -> AnnotatedWorkbook:
    return write_findings_list(feedback) if content is None else annotate_workbook(content, feedback, limits)


class _Annotator:
    """Annotates one package."""

    def __init__(self, content: bytes, feedback: Feedback) -> None:
        self.package = Package(content)
        self.styles = Styles(self.package)
        self.feedback = feedback
        self.has_sheets = list(self.package.sheets()) != [RESULT_SHEET]
        if self.has_sheets:
            self.package.drop_sheet(RESULT_SHEET)
        self._remove_own_markup()
        sheets = self.package.sheets() if self.has_sheets else {}
        self.parts = {name_key(name): part for name, part in sheets.items()}
        self.names = {name_key(name): name for name in sheets}
        self.sheets: dict[str, SheetPart] = {}
        self.comments: dict[str, dict[str, str]] = defaultdict(dict)
        """part -> address -> comment"""

    def write(self, note: str | None = None) -> AnnotatedWorkbook:
        """The annotated workbook; `note`: how the copy differs from the file."""
        places = self._annotate_cells()
        if self.has_sheets:
            self._list_open_queries()
        for part, texts in self.comments.items():
            write_comments(self.package, self._sheet(part), texts)
        if not self.has_sheets:
            self.package.drop_sheet(RESULT_SHEET)
        self.package.add_sheet(RESULT_SHEET, results_sheet(self._result(places, note), self.styles), first=True)
        return AnnotatedWorkbook(self.package.as_bytes(), "xlsm" if self.package.has_macros else "xlsx")

    def _sheet(self, part: str) -> SheetPart:
        if part not in self.sheets:
            self.sheets[part] = SheetPart(self.package, part)
        return self.sheets[part]

    def _part_of(self, sheet_code: str | None) -> tuple[str, str] | None:
        """Name and part of a sheet of the form."""
        key = name_key(self.feedback.sheet_names.get(sheet_code or "", sheet_code or ""))
        return (self.names[key], self.parts[key]) if key in self.parts else None

    def _remove_own_markup(self) -> None:
        """Remove our colours and comments of an earlier copy."""
        fills = self.styles.fills_of(set(COLOURS.values()))
        ours = {number for number, each in enumerate(self.styles.formats) if int(each.get("fillId", 0)) in fills}
        for part in self.package.sheets().values():
            for cell in SheetPart(self.package, part).cells() if ours else ():
                number = int(cell.get("s", 0))
                if number in ours:
                    cell.set("s", str(self.styles.format_like(number, fillId="0")))
            remove_own_comments(self.package, part)

    def _annotate_cells(self) -> dict[str, tuple[str, str]]:
        """Colour the cells with findings and comment on them; finding id -> sheet name and cell, for links."""
        places: dict[str, tuple[str, str]] = {}
        by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for each in self.feedback.findings:
            found = self._part_of(each.sheet_code)
            if found is None:
                continue
            name, part = found
            has_cell = each.cell is not None and parse_address(each.cell) is not None
            places.setdefault(each.finding_id, (name, each.cell if each.cell and has_cell else "A1"))
            if each.cell and has_cell:
                by_cell[part, each.cell].append(each)
        for (part, place), findings in by_cell.items():
            cell = self._sheet(part).cell(place)
            severity = min((each.severity for each in findings), key=SEVERITIES.index)
            fill = str(self.styles.fill(COLOURS[severity]))
            cell.set("s", str(self.styles.format_like(int(cell.get("s", 0)), fillId=fill)))
            self.comments[part][place] = _comment(
                "\n\n".join(
                    f"{vietnamese(each.severity)}: {shortened(each.message_vi)}\n({each.finding_id})"
                    for each in findings
                )
            )
        return places

    def _list_open_queries(self) -> None:
        """Add the ids of unanswered queries to the sheet of explanations, which is added if it is missing."""
        queries = {each.finding_id: each for each in self.feedback.findings if each.severity == "query"}
        unanswered = [each for id, each in queries.items() if id not in self.feedback.answered]
        if not unanswered:
            return
        found, row = self._part_of(ANSWERS_SHEET), self.feedback.answer_row
        columns = dict(self.feedback.answer_columns)
        if found:
            sheet = self._sheet(found[1])
        else:
            sheet = self._sheet(self.package.add_sheet(ANSWERS_SHEET, self._answers_sheet(), first=False))
            columns = dict(zip(ANSWER_FIELDS, "AB", strict=True))
        if len(columns) < len(ANSWER_FIELDS):
            row = max(row, self.feedback.answer_header_row + 1)
            columns = self._add_answer_columns(sheet, columns)
        for number, query in enumerate(unanswered, start=row):
            place = f"{columns['finding_id']}{number}"
            sheet.write(place, query.finding_id)
            about = " ".join(filter(None, [query.sheet_code, query.cell]))
            self.comments[sheet.part].setdefault(place, _comment(f"{about}: {shortened(query.message_vi)}"))

    def _add_answer_columns(self, sheet: SheetPart, columns: dict[str, str]) -> dict[str, str]:
        """Write the headers of missing columns of explanations right of the others."""
        free = sheet.first_free_column()
        for code, header in zip(ANSWER_FIELDS, self.feedback.answer_headers, strict=True):
            if code not in columns:
                columns[code] = column_letter(free)
                sheet.write(f"{columns[code]}{self.feedback.answer_header_row}", header)
                free += 1
        return columns

    def _answers_sheet(self) -> str:
        style = self.styles.format_like(0, wrap=True, fontId=str(self.styles.font(bold=True)))
        codes = "".join(cell_xml(address(0, index), code, 0) for index, code in enumerate(ANSWER_FIELDS))
        headers = enumerate(self.feedback.answer_headers)
        heads = "".join(cell_xml(address(1, index), header, style) for index, header in headers)
        return (
            f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="1" width="24" customWidth="1"/>'
            '<col min="2" max="2" width="80" customWidth="1"/></cols><sheetData>'
            f'<row r="1" hidden="1">{codes}</row><row r="2">{heads}</row></sheetData></worksheet>'
        )

    def _result(self, places: dict[str, tuple[str, str]], note: str | None) -> Result:
        feedback = self.feedback
        counts = {each: sum(one.severity == each for one in feedback.findings) for each in SEVERITIES}
        verdict = feedback.verdict if feedback.verdict == "rejected" or not counts["query"] else "accepted_with_queries"
        heading = (
            vietnamese("title"),
            vietnamese("file", name=feedback.file_name),
            vietnamese("receipt", number=feedback.receipt_number),
            feedback.duplicate or vietnamese(verdict),
            vietnamese("counts", errors=counts["error"], queries=counts["query"], infos=counts["info"]),
        )
        has_cells = feedback.findings and self.has_sheets
        how_to = vietnamese("how_to", answers_sheet=ANSWERS_SHEET) if has_cells else None
        return Result(heading, [each for each in (how_to, note) if each], feedback.findings, places)


def _comment(text: str) -> str:
    return f"{COMMENT_START}\n{text}"
