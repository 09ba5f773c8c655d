"""The annotated copy: the sender's own workbook, with the findings shown in their cells.

Cells with findings are coloured and have a comment; a first sheet lists all findings with links to their cells; the
sheet of explanations contains the ids of the open queries. Everything else stays as it was sent: xlsx and xlsm keep
their parts, with cached values and macros. Formats that cannot be annotated in place (xls, ods) are copied as an xlsx
of their values, and a file that is not a workbook gets the list alone. A file with personal data gets no copy. When a
copy is returned, our markup is recognised (own_markup.py) and replaced.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingestion.feedback.comments_xlsx import remove_own_comments, write_comments
from ingestion.feedback.findings import SEVERITIES, Finding
from ingestion.feedback.ooxml_package import MAIN, EditedPackage
from ingestion.feedback.ooxml_sheet import SheetPart
from ingestion.feedback.ooxml_styles import Styles
from ingestion.feedback.results_sheet import cell_xml, results_sheet, shortened
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.feedback.sentences import vietnamese
from ingestion.form.submission import ANSWERS_SHEET
from ingestion.personal_data.authors import without_authors
from ingestion.sandbox.worker_pool import WorkerFailure, call_workers
from ingestion.workbook.cells import address, column_letter, parse_address
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import COLOURS, COMMENT_START, RESULT_SHEET
from ingestion.workbook.reader import SheetCells, read_workbook
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.forms import COVER, Form
from warehouse.reference.names import name_key
from warehouse.reference.reference_data import Reference

PERSONAL_DATA = "F11"
ANSWER_FIELDS, ANSWER_HEADER_ROW = ("finding_id", "answer"), 2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnnotatedWorkbook:
    """A workbook for the sender."""

    content: bytes = field(repr=False)
    extension: str
    """xlsx, or that of the sender's workbook: xlsm if it may have macros"""


def annotate_all(
    reviewed: Sequence[ReviewedFile], reference: Reference, limits: Limits = LIMITS
) -> list[AnnotatedWorkbook | None]:
    """The annotated copy of each file, in the order given; None for a file with personal data.

    Workbooks are opened in worker processes. One whose worker fails gets the list of findings alone."""
    form = next(iter(reference.forms.values()))
    wanted = [number for number, each in enumerate(reviewed) if not _has_personal_data(each)]
    calls = [(reviewed[number], limits) for number in wanted]
    results = dict(zip(wanted, call_workers(annotate_workbook, form, calls, limits), strict=True))
    failed = [number for number, each in results.items() if isinstance(each, WorkerFailure)]
    lists = call_workers(write_findings_list, form, [(reviewed[number],) for number in failed], limits)
    results.update(zip(failed, lists, strict=True))
    copies = map(results.get, range(len(reviewed)))
    return [each if isinstance(each, AnnotatedWorkbook) else None for each in copies]


def annotate_workbook(form: Form, reviewed: ReviewedFile, limits: Limits = LIMITS) -> AnnotatedWorkbook:
    """The sender's workbook annotated; else its values annotated; if it is not a workbook, the list alone. `form`: any
    version, for a file that was not parsed."""
    content = without_authors(reviewed.file.content)
    try:
        sheets = read_workbook(content, limits)
    except RejectedFile:
        return write_findings_list(form, reviewed)
    if content.startswith(b"PK"):
        try:
            return _Annotator(content, form, reviewed).write()
        except Exception:  # ods, or an xlsx that the reader accepts though it is not as expected
            log.info("annotated as a plain copy", exc_info=True)
    of_form = reviewed.submission.sheets.values() if reviewed.submission else ()
    code_rows = {sheet.sheet_name: sheet.header_row - 1 for sheet in of_form if sheet.header_row > 1}
    copy = _plain_copy(sheets, code_rows, reviewed.submission.cover_sheet_name if reviewed.submission else COVER)
    return _Annotator(copy, form, reviewed).write(note=vietnamese("values_only"))


def write_findings_list(form: Form, reviewed: ReviewedFile) -> AnnotatedWorkbook:
    """A workbook with the list of findings alone."""
    empty = _plain_copy([SheetCells(RESULT_SHEET, False, [])], {}, None)
    return _Annotator(empty, form, reviewed).write(note=vietnamese("findings_only"))


def _has_personal_data(reviewed: ReviewedFile) -> bool:
    return reviewed.rejection is not None and reviewed.rejection.rule_code == PERSONAL_DATA


def _plain_copy(sheets: list[SheetCells], code_rows: dict[str, int], cover: str | None) -> bytes:
    # Imported here because openpyxl takes long to import, and few files need it.
    from ingestion.feedback.plain_copy import write_plain_copy

    return write_plain_copy(sheets, code_rows, cover)


class _Annotator:
    """Annotates one package."""

    def __init__(self, content: bytes, form: Form, reviewed: ReviewedFile) -> None:
        self.package = EditedPackage(content)
        self.styles = Styles(self.package)
        self.reviewed, submission = reviewed, reviewed.submission
        self.form = submission.form if submission else form
        self.sheets_read = submission.sheets if submission else {}
        self.sheet_names = {code: sheet.sheet_name for code, sheet in self.sheets_read.items()}
        self.sheet_names |= {COVER: submission.cover_sheet_name} if submission else {}
        self.has_sheets = list(self.package.sheets()) != [RESULT_SHEET]
        if self.has_sheets:
            self.package.drop_sheet(RESULT_SHEET)
        self.sheets: dict[str, SheetPart] = {}
        self._remove_own_markup()
        sheets = self.package.sheets() if self.has_sheets else {}
        self.parts = {name_key(name): part for name, part in sheets.items()}
        self.names = {name_key(name): name for name in sheets}
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
        self.package.add_sheet(RESULT_SHEET, self._result(places, note), first=True)
        return AnnotatedWorkbook(self.package.as_bytes(), self.package.extension)

    def _sheet(self, part: str) -> SheetPart:
        if part not in self.sheets:
            self.sheets[part] = SheetPart(self.package, part)
        return self.sheets[part]

    def _part_of(self, sheet_code: str | None) -> tuple[str, str] | None:
        """Name and part of a sheet of the form."""
        key = name_key(self.sheet_names.get(sheet_code or "", sheet_code or ""))
        return (self.names[key], self.parts[key]) if key in self.parts else None

    def _remove_own_markup(self) -> None:
        """Remove our colours and comments of an earlier copy."""
        fills = self.styles.fills_of(set(COLOURS.values()))
        ours = {number for number, each in enumerate(self.styles.formats) if int(each.get("fillId", 0)) in fills}
        for part in self.package.sheets().values():
            for cell in self._sheet(part).cells.values() if ours else ():
                number = int(cell.get("s", 0))
                if number in ours:
                    cell.set("s", str(self.styles.format_like(number, fillId="0")))
            remove_own_comments(self.package, part)

    def _annotate_cells(self) -> dict[str, tuple[str, str]]:
        """Colour the cells with findings and comment on them; finding id -> sheet name and cell, for links."""
        places: dict[str, tuple[str, str]] = {}
        by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for each in self.reviewed.findings:
            found = self._part_of(each.sheet_code)
            if found is None:
                continue
            name, part = found
            cells = [cell for cell in (each.cell or "").split(", ") if parse_address(cell)]
            places.setdefault(each.finding_id, (name, cells[0] if cells else "A1"))
            for cell in cells:
                by_cell[part, cell].append(each)
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
        answers, found = self.sheets_read.get(ANSWERS_SHEET), self._part_of(ANSWERS_SHEET)
        rows = answers.rows if answers else []
        answered = {row.read.get("finding_id") for row in rows}
        queries = {each.finding_id: each for each in self.reviewed.findings if each.severity == "query"}
        unanswered = [each for id, each in queries.items() if id not in answered]
        if not unanswered:
            return
        header_row = answers.header_row if answers else ANSWER_HEADER_ROW
        if found:
            sheet = self._sheet(found[1])
            columns = self._answer_columns(sheet, answers.columns if answers else {}, header_row)
        else:
            sheet = self._sheet(self.package.add_sheet(ANSWERS_SHEET, self._answers_sheet(), first=False))
            columns = dict(zip(ANSWER_FIELDS, "AB", strict=True))
        first_free = max([header_row, *(row.row_number for row in rows)]) + 1
        for number, query in enumerate(unanswered, start=first_free):
            place = f"{columns['finding_id']}{number}"
            sheet.write(place, query.finding_id)
            about = " ".join(filter(None, [query.sheet_code, query.cell]))
            self.comments[sheet.part].setdefault(place, _comment(f"{about}: {shortened(query.message_vi)}"))

    def _answer_columns(self, sheet: SheetPart, known: dict[str, str], header_row: int) -> dict[str, str]:
        """Field code -> column letter; missing columns are added right of the others."""
        columns = {code: known[code] for code in ANSWER_FIELDS if code in known}
        for code, header in self._answer_headers().items():
            if code not in columns:
                columns[code] = column_letter(sheet.first_free_column())
                sheet.write(f"{columns[code]}{header_row}", header)
        return columns

    def _answer_headers(self) -> dict[str, str]:
        return {code: self.form.sheets[ANSWERS_SHEET].by_code[code].header_vi for code in ANSWER_FIELDS}

    def _answers_sheet(self) -> str:
        style = self.styles.format_like(0, wrap=True, fontId=str(self.styles.font(bold=True)))
        codes, heads = (
            "".join(cell_xml(address(row, index), text, looks) for index, text in enumerate(texts))
            for row, (texts, looks) in enumerate([(ANSWER_FIELDS, 0), (self._answer_headers().values(), style)])
        )
        return (
            f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="1" width="24" customWidth="1"/>'
            '<col min="2" max="2" width="80" customWidth="1"/></cols><sheetData>'
            f'<row r="1" hidden="1">{codes}</row><row r="2">{heads}</row></sheetData></worksheet>'
        )

    def _result(self, places: dict[str, tuple[str, str]], note: str | None) -> str:
        """The sheet of findings as XML."""
        reviewed = self.reviewed
        about = [reviewed.duplicate.sentence] if reviewed.duplicate else []
        about += [vietnamese("awaits_build")] if reviewed.awaits_build else []
        heading = (vietnamese("title"), reviewed.receipt, *about)
        has_cells = reviewed.findings and self.has_sheets
        how_to = vietnamese("how_to", answers_sheet=ANSWERS_SHEET) if has_cells else None
        advice = [each for each in (how_to, note) if each]
        return results_sheet(heading, advice, reviewed.findings, places, self.styles)


def _comment(text: str) -> str:
    return f"{COMMENT_START}\n{text}"
