"""Findings: what is wrong with a submission, or needs an explanation, in words for its sender.

The words are the templates `message_vi` and `message_en` of seeds/rules.csv, with these placeholders:
  {sheet} title of the sheet · {sheet_code} · {header} of the column or line · {field_code} · {cell} · {row}
  {value} of the cell · and the details that the rule gives.
Details that the parser gives:
  F01  reason, reason_vi, reason_en (why the file cannot be read, with what to do), limit
  F02  reason ('cover', 'version', 'missing'), missing (what was not found, in Vietnamese), missing_codes (the same as
       codes), versions (the published ones)
  F08  unknown (name of the sheet, header of the column, or words of the line), kind ('sheet', 'column', or of a line
       'row' outside the table, 'note', 'signature', 'total'; 'others': a sheet that other units fill in, unknown being
       its number of rows; 'format': what cannot be checked in a format, with lost_vi, lost_en)
  F11  header (the heading of personal data, never a value below it), sheet_name
  F12  folder (the unit of the folder with the file), unit (the unit that the cover names)
  F16  blank (how many listed rows were left blank), rest (the line of the cover that says that they have no figures,
       where there is one), of the clause
  F14  expected (when the file counts as received), of value (the time in its storage); F15 the same
  V04  likely (what was probably meant), of the clause
  H13  the same
  V03  read_as (the parsed value), other (its alternative); of dates whose day and month a program may have swapped,
       the clause is dates_as_text, and suspects are their cells
  V07  read_as (the text as repaired)
  V08  what ('sheet', 'row', 'filter', 'column', 'error', 'formula', 'link', 'moment', 'comment', 'colour', 'merged',
       separated by commas), where (the cells, rows or columns), unknown (the name of the hidden sheet)
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingestion.feedback.sentences import templates
from ingestion.form.parse_warnings import ParseWarning
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.forms import Sheet
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.reference_data import Reference

# Counts of women in priority groups: values are not repeated, not even to their sender.
REDACTED_SHEETS = frozenset({"09_UU_TIEN"})
# Details of place and kind, never values of cells.
NEVER_REDACTED = frozenset(
    {"kind", "clause", "mark", "where", "rows", "year", "what", "what_vi", "what_en", "form_version", "blank", "rest"}
)
REDACTED = "…"
SEVERITIES = ("error", "query", "info")
"""the worst first"""


@dataclass(frozen=True)
class Finding:
    """The result of one rule for one cell, row, sheet or file; the columns of quality.findings."""

    finding_id: str
    submission_id: str
    rule_code: str
    severity: str
    sheet_code: str | None
    row_number: int | None
    field_code: str | None
    cell: str | None
    value: str | None
    message_vi: str
    message_en: str


def make_finding(
    reference: Reference,
    submission_id: str,
    rule_code: str,
    sheet_code: str | None = None,
    row_number: int | None = None,
    field_code: str | None = None,
    cell: str | None = None,
    value: object = None,
    **details: object,
) -> Finding:
    """A finding, with sentences rendered from the rule's templates. KeyError for an unknown rule."""
    rule = reference.rules[rule_code]
    sheets = _sheets(reference, sheet_code)
    header = next((each.by_code[field_code].header_vi for each in sheets if field_code in each.by_code), field_code)
    shown = None if value is None or sheet_code in REDACTED_SHEETS else str(value)
    words: dict[str, object] = {
        "header": header,
        **(_redacted(sheets, details) if sheet_code in REDACTED_SHEETS else details),
        "sheet": sheets[0].title_vi if sheets else sheet_code,
        "sheet_code": sheet_code,
        "field_code": field_code,
        "cell": cell,
        "row": row_number,
        "value": shown,
    }
    clause = f"unknown_{details.get('kind')}" if rule_code == "F08" else details.get("clause")
    if rule_code == "F08" and clause not in templates():
        clause = "unknown_content"
    vietnamese, english = templates()[str(clause)] if clause else ("", "")
    words |= {"clause_vi": _rendered(vietnamese, words), "clause_en": _rendered(english, words)}
    return Finding(
        finding_id=finding_id(submission_id, rule_code, sheet_code, row_number, field_code),
        submission_id=submission_id,
        rule_code=rule_code,
        severity=rule.severity,
        sheet_code=sheet_code,
        row_number=row_number,
        field_code=field_code,
        cell=cell,
        value=shown,
        message_vi=_rendered(rule.message_vi, words),
        message_en=_rendered(rule.message_en, words),
    )


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then queries, then remarks, each in the order given."""
    return sorted(findings, key=lambda each: SEVERITIES.index(each.severity))


def with_omitted_count(last: Finding, omitted: int) -> Finding:
    """The last finding of a rule that is listed, with the number of those that are not."""
    vietnamese, english = templates()["and_more"]
    return replace(
        last,
        message_vi=f"{last.message_vi} {vietnamese.format(count=number_vi(omitted))}",
        message_en=f"{last.message_en} {english.format(count=f'{omitted:,}')}",
    )


def finding_from(reference: Reference, submission_id: str, source: ParseWarning | RejectedFile) -> Finding:
    """The finding for a parse warning, or for the reason of a rejection."""
    row_number, field_code = None, None
    if isinstance(source, ParseWarning):
        row_number, field_code = source.row_number, source.field_code
    return make_finding(
        reference,
        submission_id,
        source.rule_code,
        source.sheet_code,
        row_number,
        field_code,
        source.cell,
        source.value,
        **source.details,
    )


def finding_id(
    submission_id: str, rule_code: str, sheet_code: str | None, row_number: int | None, field_code: str | None
) -> str:
    """The same id for the same finding on the same file, in every run."""
    parts = (submission_id, rule_code, sheet_code, row_number, field_code)
    text = "|".join("" if part is None else str(part) for part in parts)
    return "F-" + hashlib.sha256(text.encode()).hexdigest()[:12].upper()


def _rendered(template: str, words: dict[str, object]) -> str:
    """The template with its placeholders filled in; a missing value becomes … instead of an error."""
    given = defaultdict(lambda: REDACTED, {name: value for name, value in words.items() if value is not None})
    try:
        return template.format_map(given)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        return template


def _redacted(sheets: list[Sheet], details: dict[str, object]) -> dict[str, object]:
    """The details without values of cells of a sensitive sheet: its headers and places remain."""
    headers = {field.header_vi for sheet in sheets for field in sheet.fields}
    return {
        name: value if name in NEVER_REDACTED or not value or set(str(value).split("», «")) <= headers else REDACTED
        for name, value in details.items()
    }


def _sheets(reference: Reference, sheet_code: str | None) -> list[Sheet]:
    """The sheet in each form version that has it, the latest first."""
    forms = reversed(reference.forms.values())
    return [form.sheets[sheet_code] for form in forms if sheet_code in form.sheets]
