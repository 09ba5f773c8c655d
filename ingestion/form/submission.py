"""Submissions: a received file, and what is read from it by the form, before any rule has judged it."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property

from ingestion.feedback.duplicates import Repeat
from ingestion.feedback.findings import Finding
from ingestion.form.hidden_content import oddities_of_cells
from ingestion.form.parse_warnings import Remark
from ingestion.form.parsed_value import Reader
from ingestion.form.personal_data import (
    head_persons,
    heading_words,
    person_heading,
    speaks_of_a_person,
    speaks_of_persons,
)
from ingestion.form.sheets import (
    SheetRow,
    SheetRows,
    cover_lines,
    doubts_of,
    find_cover,
    find_sheets,
    has_values,
    read_sheet,
)
from ingestion.form.values import reader_of
from ingestion.workbook.cells import meant_text, number_text
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import LISTS_SHEET, RESULT_SHEET
from ingestion.workbook.reader import SheetCells, column_letter, format_of, read_workbook, rejected
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.catalogue import Reference
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Field, Form, Sheet
from warehouse.reference.names import folded, name_key

__all__ = [
    "UNION_FOLDER",
    "ReceivedFile",
    "RejectedFile",
    "Remark",
    "ReviewedFile",
    "SheetRow",
    "SheetRows",
    "Submission",
    "read_submission",
    "receipt_number",
]

UNION_FOLDER = "union"
ANSWERS_SHEET = "11_GIAI_TRINH"
FINDING_ID = re.compile(r"F-[0-9A-F]{12}")
# A commune may be given by its name where its code is missing; both are fields of the form.
COMMUNE_CODE, COMMUNE_NAME = "commune_code", "commune_name"
DECLARED = "10_TONG_HOP"
PERCENT_AS_SHOWN = Decimal("0.06")
"""what rounding to one decimal may put between a percentage and its figures"""


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it arrived: who may have sent it, when, and its bytes."""

    folder: str
    """code of the unit whose folder it lay in, or `union` for the Union's own desk"""
    file_name: str
    received_at: datetime
    """the instant of its arrival in storage, in UTC"""
    content: bytes = field(repr=False)
    """all of them; of a file over the bound (limits.py) only as many as show that it is"""

    @cached_property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def submission_id(self) -> str:
        """A function of folder and content, so that a replay gives the same."""
        return hashlib.sha256(f"{self.folder}\n{self.sha256}".encode()).hexdigest()[:16]


@dataclass
class Submission:
    """What one file says, read by the version of the form that it names."""

    file: ReceivedFile
    form: Form
    cover: dict[str, str]
    """field code -> canonical text"""
    cover_cells: dict[str, str]
    """field code -> cell such as C4, for every line that was found, filled in or not"""
    sheets: dict[str, SheetRows]
    """by sheet code, those that were found; not the cover"""
    remarks: list[Remark] = field(default_factory=list)
    cover_sheet_name: str = COVER

    @property
    def submission_id(self) -> str:
        return self.file.submission_id

    @property
    def unit_code(self) -> str | None:
        return self.cover.get("reporting_unit_code")

    @property
    def report_year(self) -> int | None:
        return _integer(self.cover.get("report_year"))

    @property
    def data_from(self) -> date | None:
        return _day(self.cover.get("data_from"))

    @property
    def data_to(self) -> date | None:
        return _day(self.cover.get("data_to"))

    @property
    def receipt_number(self) -> str:
        return receipt_number(self.file, self.cover)

    @property
    def content_sha256(self) -> str:
        """Of what was read, cover and rows: other bytes with the same content have the same."""
        digest = hashlib.sha256()
        _add(digest, self.cover)
        for sheet_code in sorted(self.sheets):
            digest.update(f"\x1d{sheet_code}".encode())
            for row in self.sheets[sheet_code].rows:
                _add(digest, row.read)
        return digest.hexdigest()


@dataclass
class ReviewedFile:
    """A received file with what the review made of it: what the writer writes."""

    file: ReceivedFile
    submission: Submission | None
    rejection: RejectedFile | None
    findings: list[Finding]
    verdict: str
    """accepted or rejected"""
    exception_id: str | None = None
    """of the exception that let it into a locked year"""
    repeats: Repeat | None = None
    """what it repeats, known once it is loaded"""

    @property
    def is_locked_out(self) -> bool:
        """Whether nothing else but the lock keeps it out (F06)."""
        errors = {each.rule_code for each in self.findings if each.severity == "error"}
        return errors == {"F06"}

    @property
    def cover(self) -> dict[str, str]:
        """What could be read of the cover: field code -> canonical text."""
        if self.submission:
            return self.submission.cover
        return self.rejection.cover if self.rejection else {}

    @property
    def receipt_number(self) -> str:
        return receipt_number(self.file, self.cover)


def receipt_number(file: ReceivedFile, cover: dict[str, str]) -> str:
    """What the sender quotes: year, unit and six signs, or KXD (không xác định) without a readable cover."""
    year, unit = cover.get("report_year"), cover.get("reporting_unit_code")
    signs = file.submission_id[:6].upper()
    return f"{year}-{unit}-{signs}" if year and unit else f"KXD-{signs}"


def _add(digest, values: dict[str, str]) -> None:
    digest.update(b"\x1e")
    for name in sorted(values):
        digest.update(f"{name}\x1f{values[name]}\x1f".encode())


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


# Reading -----------------------------------------------------------------------------------------------------


def read_submission(file: ReceivedFile, reference: Reference, limits: Limits = LIMITS) -> Submission:
    """What the file says, by the version of the form that its cover names.

    Depends on the bytes, the folder and the reference data alone. Raises RejectedFile: F01 what is no workbook,
    F11 with a list of persons in it, F02 without a cover, a published version, or a required sheet or column,
    F12 in the folder of another unit.
    """
    workbook = read_workbook(file.content, limits, are_lists_read=head_persons)
    cover_sheet = find_cover(workbook, (form.cover for form in reference.forms.values()))
    _require_no_persons(workbook, cover_sheet, reference)
    if cover_sheet is None:
        raise RejectedFile("F02", COVER, details=_not_found("cover", f"trang {COVER} (Bìa)", COVER, reference))

    form = _form_of(cover_sheet, reference)
    submission = _read_cover(file, cover_sheet, form, reference)
    unit = reference.roster.get((submission.report_year or 0, submission.unit_code or ""))
    _require_own_folder(submission)

    not_read = (LISTS_SHEET, RESULT_SHEET)
    found = find_sheets([each for each in workbook if each.name not in not_read], form, cover_sheet)
    readers = _readers(submission, unit, reference)
    for code, cells in found.items():
        read = read_sheet(cells, form.sheets[code], readers)
        if read is not None:
            submission.sheets[code], remarks = read
            submission.remarks += remarks
            if sum(len(sheet.rows) for sheet in submission.sheets.values()) > limits.rows:
                raise rejected("too_many_rows", limits.rows)
            _resolve_communes(submission, code, unit, reference)
            _doubt_percentages(submission, code, reference)
    submission.remarks += _remarks_on_the_format(file.content)
    _require_no_persons_beside(submission)
    _leave_out_unanswered(submission)
    _require_whole(submission, unit, reference)
    submission.remarks += _remarks_on_sheets(submission, workbook, found, cover_sheet)
    submission.remarks += _remarks_on_sheets_of_others(submission, unit, reference)
    return submission


# What neither the reader of values nor our own look into a file shows, by its format.
NOT_SHOWN = {
    "xls": (
        "màu tô trong ô, công thức lấy số từ tệp khác hoặc đổi theo ngày mở tệp",
        "colours of cells, and formulas that take their value from another file or change with the day of opening",
    ),
    "xlsb": (
        "màu tô trong ô, công thức lấy số từ tệp khác hoặc đổi theo ngày mở tệp",
        "colours of cells, and formulas that take their value from another file or change with the day of opening",
    ),
}


def _remarks_on_the_format(content: bytes) -> list[Remark]:
    """Of a format of which not everything can be seen, that it is so."""
    kind = format_of(content)
    if kind not in NOT_SHOWN:
        return []
    vietnamese, english = NOT_SHOWN[kind]
    details = {"unknown": f".{kind}", "kind": "format", "lost_vi": vietnamese, "lost_en": english}
    return [Remark("F08", details=details)]


def _form_of(cover_sheet: SheetCells, reference: Reference) -> Form:
    """The published form whose version the cover names; where the line is, versions say by themselves."""
    for form in reference.forms.values():
        line = cover_lines(cover_sheet, form.cover).get("form_version")
        if line and folded(meant_text(line.value)) == form.version:
            return form
    any_form = next(iter(reference.forms.values()))
    line = cover_lines(cover_sheet, any_form.cover).get("form_version")
    named = folded(meant_text(line.value)) if line else ""
    raise RejectedFile(
        "F02",
        COVER,
        cell=line.cell if line else None,
        value=named or None,
        details=_not_found("version", f"phiên bản “{named}”", f"{COVER}.form_version", reference),
        cover=_cover_as_far_as_read(cover_sheet, any_form, reference),
    )


def _not_found(reason: str, missing: str, missing_codes: str, reference: Reference) -> dict[str, object]:
    """What the sentence of rule F02 names."""
    versions = ", ".join(reference.forms)
    return {"reason": reason, "missing": missing, "missing_codes": missing_codes, "versions": versions}


def _read_cover(file: ReceivedFile, cells: SheetCells, form: Form, reference: Reference) -> Submission:
    lines = cover_lines(cells, form.cover)
    cover: dict[str, str] = {}
    remarks: list[Remark] = []
    # The year first: it says which units there are.
    for each in sorted(form.cover.fields, key=lambda field: field.field_code != "report_year"):
        line = lines.get(each.field_code)
        if line is None:
            continue
        read = reader_of(each, reference, _integer(cover.get("report_year")), epoch=cells.epoch)
        reading = read(line.value)
        if reading.text is not None:
            cover[each.field_code] = reading.text
            remarks += doubts_of(reading, COVER, line.row_number, each.field_code, line.cell, line.value)
    remarks += oddities_of_cells(cells, COVER, {line.place: code for code, line in lines.items()})
    return Submission(
        file=file,
        form=form,
        cover={each.field_code: cover[each.field_code] for each in form.cover.fields if each.field_code in cover},
        cover_cells={code: line.cell for code, line in lines.items()},
        sheets={},
        remarks=remarks,
        cover_sheet_name=cells.name,
    )


def _cover_as_far_as_read(cells: SheetCells | None, form: Form, reference: Reference) -> dict[str, str]:
    """Unit and year of a file that goes back, so that its sender can be answered."""
    if cells is None:
        return {}
    nowhere = ReceivedFile(UNION_FOLDER, "", datetime.min, b"")
    cover = _read_cover(nowhere, cells, form, reference).cover
    return {code: cover[code] for code in ("reporting_unit_code", "report_year") if code in cover}


def _readers(submission: Submission, unit: RosterUnit | None, reference: Reference):
    year = submission.report_year
    cycle = reference.cycles.get(year or 0)
    day = submission.data_to or (cycle.data_window_to if cycle else None)

    def reader(field: Field, epoch: date, scale: Decimal) -> Reader:
        return reader_of(field, reference, year, unit, day, epoch, scale)

    return reader


def _require_no_persons(workbook: list[SheetCells], cover_sheet: SheetCells | None, reference: Reference) -> None:
    heading = person_heading(workbook) or _person_in_a_comment(workbook, cover_sheet)
    if heading:
        sheet_name, cell, header = heading
        form = next(iter(reference.forms.values()))
        raise _with_persons(sheet_name, cell, header, _cover_as_far_as_read(cover_sheet, form, reference))


def _person_in_a_comment(workbook: list[SheetCells], cover_sheet: SheetCells | None) -> tuple[str, str, str] | None:
    """Name of the sheet and cell; of the comment no word. On the cover an office may say whom to call."""
    for sheet in workbook:
        if sheet.unseen is None or sheet is cover_sheet:
            continue
        for (row, column), words in sheet.unseen.comments.items():
            if speaks_of_a_person(words):
                return sheet.name, f"{column_letter(column)}{row + 1}", "ghi chú gắn vào ô"
    return None


def _require_no_persons_beside(submission: Submission) -> None:
    """Columns added to the form's own sheets, whose headers may speak of persons in more words."""
    for code, sheet in submission.sheets.items():
        for letter, header in sheet.unknown_columns.items():
            if speaks_of_persons(header):
                cell = f"{letter}{sheet.header_row}"
                known = {name: submission.cover.get(name, "") for name in ("reporting_unit_code", "report_year")}
                raise _with_persons(code, cell, header, {name: text for name, text in known.items() if text})


def _with_persons(sheet_name: str, cell: str, header: str, cover: dict[str, str]) -> RejectedFile:
    words = heading_words(header)
    details = {"header": words, "sheet_name": sheet_name}
    return RejectedFile("F11", sheet_name, cell, words, details, keep_content=False, cover=cover)


def _leave_out_unanswered(submission: Submission) -> None:
    """The marked copy fills in the ids of open queries: one that nobody wrote an answer to says nothing."""
    answers = submission.sheets.get(ANSWERS_SHEET)
    if answers is not None:
        answers.rows = [row for row in answers.rows if set(row.read) != {"finding_id"}]
        submission.remarks = [
            each
            for each in submission.remarks
            if each.sheet_code != ANSWERS_SHEET or not FINDING_ID.fullmatch(each.value or "")
        ]


def _require_own_folder(submission: Submission) -> None:
    """A unit's folder is writable by that unit alone: who else is named on the cover did not send this."""
    folder, unit_code = submission.file.folder, submission.unit_code
    if folder != UNION_FOLDER and unit_code is not None and unit_code != folder:
        raise RejectedFile(
            "F12",
            COVER,
            submission.cover_cells.get("reporting_unit_code"),
            unit_code,
            {"folder": folder, "unit": unit_code},
            cover=submission.cover,
        )


def _require_whole(submission: Submission, unit: RosterUnit | None, reference: Reference) -> None:
    """Every required line of the cover, sheet of the unit, and column is there, filled in or not."""
    form = submission.form
    missing: list[tuple[str, str | None, str, str]] = []
    for each in form.cover.fields:
        if each.required and each.field_code not in submission.cover_cells:
            missing.append((COVER, None, f"dòng “{each.header_vi}” của trang {COVER}", f"{COVER}.{each.field_code}"))
    for code, sheet in form.sheets.items():
        if sheet is form.cover:
            continue
        rows = submission.sheets.get(code)
        if rows is None:
            if _is_required(submission, sheet, unit, reference):
                missing.append((code, None, f"trang {code} ({sheet.title_vi})", code))
            continue
        for each in sheet.fields:
            if each.required and not _has_column(rows, each.field_code):
                words = f"cột “{each.header_vi}” của trang {code}"
                missing.append((code, f"A{rows.header_row}", words, f"{code}.{each.field_code}"))
    if missing:
        sheet_code, cell, _, _ = missing[0]
        words, codes = "; ".join(each[2] for each in missing), ", ".join(each[3] for each in missing)
        details = _not_found("missing", words, codes, reference)
        raise RejectedFile("F02", sheet_code, cell, None, details, cover=submission.cover)


def _is_required(submission: Submission, sheet: Sheet, unit: RosterUnit | None, reference: Reference) -> bool:
    """A sheet that the unit must fill in or declare nil. A partial correction carries only what it changes; sheets
    without a nil line on the cover (declared values, answers, narrative) may be left out."""
    nil = f"nil_{sheet.sheet_code}"
    return (
        unit is not None
        and submission.cover.get("submission_kind") != "partial_correction"
        and nil in submission.form.cover.by_code
        and submission.cover.get(nil) != "C"
        and reference.sheet_applies(sheet, unit)
    )


def _has_column(rows: SheetRows, field_code: str) -> bool:
    return field_code in rows.columns or (field_code == COMMUNE_CODE and COMMUNE_NAME in rows.columns)


def _resolve_communes(submission: Submission, code: str, unit: RosterUnit | None, reference: Reference) -> None:
    """A commune that is given by its name alone gets its code; one whose name and code disagree is asked about."""
    fields = submission.form.sheets[code].by_code
    day, rows = submission.data_to, submission.sheets[code]
    if COMMUNE_CODE not in fields or COMMUNE_NAME not in fields or day is None:
        return
    for row in rows.rows:
        name = row.read.get(COMMUNE_NAME)
        if name is None:
            continue
        given = row.read.get(COMMUNE_CODE)
        if given is None:
            uid = reference.units.commune_by_name(name, unit.uid if unit else None, day)
            if uid:
                row.read[COMMUNE_CODE] = reference.units[uid].code
            continue
        uid = reference.units.commune_at(given, day)
        if uid and name_key(name) not in {name_key(each) for each in reference.units.names_of(uid)}:
            other = reference.units.commune_by_name(name, unit.uid if unit else None, day)
            column = rows.columns.get(COMMUNE_CODE) or rows.columns[COMMUNE_NAME]
            details = {
                "read_as": f"{given} - {reference.units[uid].name_full}",
                "other": f"{reference.units[other].code} - {reference.units[other].name_full}" if other else name,
            }
            place = (code, row.row_number, COMMUNE_CODE, f"{column}{row.row_number}", row.sent.get(column))
            submission.remarks.append(Remark("V03", *place, details=details))


def _doubt_percentages(submission: Submission, code: str, reference: Reference) -> None:
    """A percentage given as a part of one: 0,85 may be 0,85 % or 85 %. What the row's own figures show is no doubt."""
    if code != DECLARED:
        return
    rows = submission.sheets[code]
    for row in rows.rows:
        indicator = reference.indicators.get(row.read.get("indicator_code", ""))
        value = _number(row.read.get("declared_value"))
        letter = rows.columns.get("declared_value")
        if indicator is None or indicator.unit != "percent" or value is None or letter is None or not 0 < value <= 1:
            continue
        if row.sent.get(letter, "").rstrip().endswith("%"):
            continue
        part, whole = _number(row.read.get("declared_numerator")), _number(row.read.get("declared_denominator"))
        if part is not None and whole and abs(100 * part / whole - value) < PERCENT_AS_SHOWN:
            continue
        details = {"read_as": row.read["declared_value"], "other": number_text(value * 100)}
        place = (code, row.row_number, "declared_value", f"{letter}{row.row_number}", row.sent.get(letter))
        submission.remarks.append(Remark("V03", *place, details=details))


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _remarks_on_sheets(
    submission: Submission, workbook: list[SheetCells], found: dict[str, SheetCells], cover_sheet: SheetCells
) -> list[Remark]:
    """Sheets that the form does not know, and hidden ones, with anything on them."""
    codes = {id(cells): code for code, cells in found.items() if code in submission.sheets}
    remarks = []
    for cells in workbook:
        if cells is cover_sheet or cells.name in (LISTS_SHEET, RESULT_SHEET) or not has_values(cells):
            continue
        code = codes.get(id(cells))
        if code is None:
            details = {"unknown": cells.name, "kind": "sheet"}
            remarks.append(Remark("F08", cells.name, value=cells.name, details=details))
        if cells.is_hidden and (code is None or submission.sheets[code].rows):
            details = {"what": "sheet", "unknown": cells.name}
            remarks.append(Remark("V08", code or cells.name, value=cells.name, details=details))
    return remarks


def _remarks_on_sheets_of_others(submission: Submission, unit: RosterUnit | None, reference: Reference) -> list[Remark]:
    """Rows on a sheet that other units fill in: one remark a sheet, on its first row."""
    return [
        Remark(
            "F08",
            code,
            rows.rows[0].row_number,
            None,
            f"A{rows.rows[0].row_number}",
            None,
            {"unknown": str(len(rows.rows)), "kind": "others"},
        )
        for code, rows in submission.sheets.items()
        if rows.rows and unit is not None and not reference.sheet_applies(submission.form.sheets[code], unit)
    ]
