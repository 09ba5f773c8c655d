"""Submissions: what a received file contains according to the form, before any rule is applied."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ingestion.form.completeness import missing_part, require_complete, require_own_folder
from ingestion.form.contextual_values import resolve_communes, settle_listed_rows, warnings_on_percentages
from ingestion.form.cover import cover_lines, find_cover, integer_or_none, parse_cover, sender_of
from ingestion.form.dates import date_or_none
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.parsed_value import CellParser
from ingestion.form.personal_data import may_be_kept, require_no_personal_columns, require_no_personal_data
from ingestion.form.sheets import SheetRows, find_sheets, has_values, parse_sheet
from ingestion.form.values import parser_for
from ingestion.workbook.cells import meant_text
from ingestion.workbook.container import is_xls
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import OWN_SHEETS
from ingestion.workbook.reader import SheetCells, read_workbook
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile, unreadable
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Field, Form
from warehouse.reference.names import folded
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

ANSWERS_SHEET = "11_GIAI_TRINH"
FINDING_ID = re.compile(r"F-[0-9A-F]{12}")


@dataclass
class Submission:
    """The content of one file, parsed by the form version that its cover names."""

    file: ReceivedFile
    form: Form
    cover: dict[str, str]
    """field code -> canonical text"""
    cover_cells: dict[str, str]
    """field code -> cell such as C4, of every line that was found, filled in or not"""
    sheets: dict[str, SheetRows]
    """by sheet code, those that were found; without the cover"""
    warnings: list[ParseWarning] = field(default_factory=list)
    cover_sheet_name: str = COVER

    @property
    def submission_id(self) -> str:
        return self.file.submission_id

    @property
    def unit_code(self) -> str | None:
        return self.cover.get("reporting_unit_code")

    @property
    def report_year(self) -> int | None:
        return integer_or_none(self.cover.get("report_year"))

    @property
    def data_from(self) -> date | None:
        return date_or_none(self.cover.get("data_from"))

    @property
    def data_to(self) -> date | None:
        return date_or_none(self.cover.get("data_to"))

    @property
    def content_sha256(self) -> str:
        """Hash of the parsed values, cover and rows: two files with other bytes and the same values have the same."""
        digest = hashlib.sha256()
        _add(digest, self.cover)
        for sheet_code in sorted(self.sheets):
            digest.update(f"\x1d{sheet_code}".encode())
            for row in self.sheets[sheet_code].rows:
                _add(digest, row.read)
        return digest.hexdigest()


def read_submission(file: ReceivedFile, reference: Reference, limits: Limits = LIMITS) -> Submission:
    """Parse a file by the form version that its cover names.

    A function of bytes, folder and reference data alone. Raises RejectedFile: F01 if it is not a readable workbook,
    F11 if it contains personal data, F02 without a cover, a published form version, or a required sheet or column,
    F12 in the folder of another unit.
    """
    try:
        workbook = read_workbook(file.content, limits)
    except RejectedFile as rejected:
        rejected.keep_content = rejected.keep_content and may_be_kept(file.content, limits)
        raise
    cover_sheet = find_cover(workbook, (form.cover for form in reference.forms.values()))
    require_no_personal_data(file.content, workbook, cover_sheet, reference)
    if cover_sheet is None:
        raise missing_part("cover", phrase("cover_sheet", sheet=COVER), COVER, reference)

    form = _form_of(cover_sheet, reference)
    cover = parse_cover(cover_sheet, form.cover, reference)
    submission = Submission(file, form, cover.values, cover.cells, {}, cover.warnings, cover_sheet.name)
    unit = reference.roster.get((submission.report_year or 0, submission.unit_code or ""))
    require_own_folder(file.folder, submission.cover, submission.cover_cells)

    found = find_sheets([each for each in workbook if each.name not in OWN_SHEETS], form, cover_sheet)
    _parse_sheets(submission, found, unit, reference, limits)
    if is_xls(file.content):
        submission.warnings.append(ParseWarning("F08", details=NOT_CHECKED_IN_XLS))
    require_no_personal_columns(submission.sheets, submission.cover)
    _drop_unanswered(submission)
    if unit is not None:
        submission.warnings += settle_listed_rows(form, submission.cover, submission.sheets, unit, reference)
    require_complete(form, submission.cover, submission.cover_cells, submission.sheets, unit, reference)
    submission.warnings += _warnings_on_sheets(submission, workbook, found, cover_sheet)
    submission.warnings += _warnings_on_sheets_of_others(submission, unit, reference)
    return submission


# What neither the reader of values nor the reader of annotations gives for this format.
NOT_CHECKED_IN_XLS: Mapping[str, object] = {
    "unknown": ".xls",
    "kind": "format",
    "lost_vi": phrase("lost_in_xls"),
    "lost_en": "colours of cells, and formulas that take their value from another file or change with the day of"
    " opening",
}


def _form_of(cover_sheet: SheetCells, reference: Reference) -> Form:
    """The published form version that the cover names; each version may have that line at another place."""
    for form in reference.forms.values():
        line = cover_lines(cover_sheet, form.cover).get("form_version")
        if line and folded(meant_text(line.value)) == form.version:
            return form
    any_form = next(iter(reference.forms.values()))
    line = cover_lines(cover_sheet, any_form.cover).get("form_version")
    named = folded(meant_text(line.value)) if line else ""
    raise missing_part(
        "version",
        phrase("form_version", version=named),
        f"{COVER}.form_version",
        reference,
        cell=line.cell if line else None,
        value=named or None,
        cover=sender_of(cover_sheet, any_form.cover, reference),
    )


def _parse_sheets(
    submission: Submission,
    found: dict[str, SheetCells],
    unit: RosterUnit | None,
    reference: Reference,
    limits: Limits,
) -> None:
    year, day = submission.report_year, submission.data_to
    cycle = reference.cycles.get(year or 0)
    lists_on = day or (cycle.data_window_to if cycle else None)

    def column_parser(field: Field, epoch: date, scale: Decimal) -> CellParser:
        return parser_for(field, reference, year, unit, lists_on, epoch, scale)

    for code, cells in found.items():
        parsed = parse_sheet(cells, submission.form.sheets[code], column_parser)
        if parsed is None:
            continue
        rows, warnings = parsed
        submission.sheets[code] = rows
        if sum(len(sheet.rows) for sheet in submission.sheets.values()) > limits.rows:
            raise unreadable("too_many_rows", limits.rows)
        warnings += resolve_communes(rows, submission.form.sheets[code], day, unit, reference)
        submission.warnings += warnings + warnings_on_percentages(rows, reference)


def _drop_unanswered(submission: Submission) -> None:
    """Drop rows without an answer: the annotated copy fills in the ids of open queries."""
    answers = submission.sheets.get(ANSWERS_SHEET)
    if answers is not None:
        answers.rows = [row for row in answers.rows if set(row.read) != {"finding_id"}]
        submission.warnings = [
            each
            for each in submission.warnings
            if each.sheet_code != ANSWERS_SHEET or not FINDING_ID.fullmatch(each.value or "")
        ]


def _warnings_on_sheets(
    submission: Submission, workbook: list[SheetCells], found: dict[str, SheetCells], cover_sheet: SheetCells
) -> list[ParseWarning]:
    """F08 for sheets that the form does not have, V08 for hidden ones, if anything is on them."""
    codes = {id(cells): code for code, cells in found.items() if code in submission.sheets}
    warnings = []
    for cells in workbook:
        if cells is cover_sheet or cells.name in OWN_SHEETS or not has_values(cells):
            continue
        code = codes.get(id(cells))
        if code is None:
            details = {"unknown": cells.name, "kind": "sheet"}
            warnings.append(ParseWarning("F08", cells.name, value=cells.name, details=details))
        if cells.is_hidden and (code is None or submission.sheets[code].rows):
            details = {"what": "sheet", "unknown": cells.name}
            warnings.append(ParseWarning("V08", code or cells.name, value=cells.name, details=details))
    return warnings


def _warnings_on_sheets_of_others(
    submission: Submission, unit: RosterUnit | None, reference: Reference
) -> list[ParseWarning]:
    """F08 on the first row of each sheet that only other units fill in."""
    return [
        ParseWarning(
            "F08",
            code,
            sheet.rows[0].row_number,
            cell=f"A{sheet.rows[0].row_number}",
            details={"unknown": str(len(sheet.rows)), "kind": "others"},
        )
        for code, sheet in submission.sheets.items()
        if sheet.rows and unit is not None and not reference.sheet_applies(submission.form.sheets[code], unit)
    ]


def _add(digest, values: dict[str, str]) -> None:
    digest.update(b"\x1e")
    for name in sorted(values):
        digest.update(f"{name}\x1f{values[name]}\x1f".encode())
