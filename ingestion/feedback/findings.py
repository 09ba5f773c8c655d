"""Findings: what is wrong, or asks for an explanation, in a submission, said in words to its sender.

The words are the templates `message_vi` and `message_en` of seeds/rules.csv. A template may name these:
  {sheet} title of the sheet · {sheet_code} · {header} of the column or line · {field_code} · {cell} · {row}
  {value} what stands there · and whatever the rule itself says beside it (its details).
The reader of workbooks gives these details:
  F01  reason, reason_vi, reason_en (why the file cannot be read, with what to do), limit
  F02  reason ('cover', 'version', 'missing'), missing (what was not found, in Vietnamese), missing_codes (the same as
       codes), versions (the published ones)
  F08  unknown (name of the sheet, header of the column, or words of the line), kind ('sheet', 'column', or of a line
       'row' beside the table, 'note', 'signature', 'total'; 'others': a sheet that is not the unit's to fill in, with
       unknown its number of rows; 'format': what of a format cannot be seen, with lost_vi, lost_en)
  F11  header (the heading that speaks of persons, never a value below it), sheet_name
  F12  folder (the unit whose folder the file lay in), unit (the unit that the cover names)
  V04  likely_vi, likely_en (beginning with a semicolon: what was probably meant; empty where nothing is alike)
  H13  the same
  V03  read_as (what it was read as), other (what else it could mean)
  V07  read_as (the text as repaired)
  V08  what ('sheet', 'row', 'filter', 'column', 'error', 'formula', 'link', 'moment', 'comment', 'colour', 'merged',
       parted by commas), where (the cells, rows or columns), unknown (the name of the hidden sheet)
"""

import hashlib
from dataclasses import dataclass, replace

from ingestion.form.parse_warnings import ParseWarning
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.catalogue import Reference
from warehouse.reference.forms import Field

# Counts of women in priority groups: what stands there is repeated to nobody, not even to its sender.
NEVER_REPEATED = frozenset({"09_UU_TIEN"})
# Details that say where and how, never what stands in a cell.
ALWAYS_SAID = frozenset({"kind", "where", "other_row", "year", "what", "what_vi", "what_en", "form_version"})
REDACTED = "…"
# What F08 says of each kind of thing that the form does not ask for.
UNKNOWN = {
    "": {
        "seen_vi": "Biểu mẫu không có nội dung «{unknown}»: phần này được giữ lại nhưng không đưa vào tổng hợp",
        "remedy_vi": "nếu là số liệu cần tính, đề nghị chép sang đúng biểu, đúng cột của biểu mẫu",
        "seen_en": "The form does not know «{unknown}»: it is kept but counted nowhere",
        "remedy_en": "if it holds figures that should count, please copy them to the sheet and column that the form has"
        " for them",
    },
    "others": {
        "seen_vi": "Biểu «{sheet}» không thuộc phần đơn vị phải báo cáo: {unknown} dòng ở đây được giữ lại nhưng không"
        " tính cho đơn vị",
        "remedy_vi": "nếu là số liệu của đơn vị khác, đề nghị để đơn vị đó báo cáo",
        "seen_en": "Sheet «{sheet}» is not this unit's to fill in: its {unknown} rows are kept, but not counted for it",
        "remedy_en": "if they are another unit's figures, please leave them to that unit",
    },
    "format": {
        "seen_vi": "Tệp kiểu {unknown} không cho xem {lost_vi}, nên phần này chưa được kiểm tra",
        "remedy_vi": "nếu tệp có những nội dung đó, đề nghị lưu lại thành kiểu Excel Workbook (.xlsx) rồi gửi lại",
        "seen_en": "A file of the kind {unknown} does not show {lost_en}, so these were not checked",
        "remedy_en": "if there are any, please save it as Excel Workbook (.xlsx) and send that",
    },
}


@dataclass(frozen=True)
class Finding:
    """One thing that one rule says about one cell, row, sheet or file; the columns of quality.findings."""

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


def finding(
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
    """A finding whose sentences are rendered from the rule's templates. KeyError for an unknown rule."""
    rule = reference.rules[rule_code]
    field = _field(reference, sheet_code, field_code)
    shown = None if value is None or sheet_code in NEVER_REPEATED else str(value)
    words: dict[str, object] = {
        "header": field.header_vi if field else field_code,
        **_sayable(reference, sheet_code, details),
        "sheet": _sheet_title(reference, sheet_code),
        "sheet_code": sheet_code,
        "field_code": field_code,
        "cell": cell,
        "row": row_number,
        "value": shown,
    }
    if rule_code == "F08":
        kind = UNKNOWN.get(str(details.get("kind")), UNKNOWN[""])
        words |= {name: _rendered(template, words) for name, template in kind.items()}
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


def with_omitted_count(last: Finding, unsaid: int) -> Finding:
    """The last finding of a rule that is told one by one, saying also how many of the same kind are not."""
    count = f"{unsaid:,}"
    return replace(
        last,
        message_vi=f"{last.message_vi} Còn {count.replace(',', '.')} chỗ khác mắc cùng lỗi này, không liệt kê ở đây.",
        message_en=f"{last.message_en} The same holds for {count} more places, which are not listed here.",
    )


def finding_from(reference: Reference, submission_id: str, noticed: ParseWarning | RejectedFile) -> Finding:
    """The finding of what the reader noticed, or of the reason for which it rejected the file."""
    is_remark = isinstance(noticed, ParseWarning)
    return finding(
        reference,
        submission_id,
        noticed.rule_code,
        sheet_code=noticed.sheet_code,
        row_number=noticed.row_number if is_remark else None,
        field_code=noticed.field_code if is_remark else None,
        cell=noticed.cell,
        value=noticed.value,
        **noticed.details,
    )


def finding_id(
    submission_id: str, rule_code: str, sheet_code: str | None, row_number: int | None, field_code: str | None
) -> str:
    """The same for the same finding on the same file, whenever it is worked out."""
    parts = (submission_id, rule_code, sheet_code, row_number, field_code)
    text = "|".join("" if part is None else str(part) for part in parts)
    return "F-" + hashlib.sha256(text.encode()).hexdigest()[:12].upper()


class _Words(dict):
    def __missing__(self, key: str) -> str:
        return REDACTED


def _rendered(template: str, words: dict[str, object]) -> str:
    """The template with its placeholders filled; one that nobody gave becomes … rather than an error."""
    said = _Words({name: REDACTED if value is None else value for name, value in words.items()})
    try:
        return template.format_map(said)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        return template


def _sayable(reference: Reference, sheet_code: str | None, details: dict[str, object]) -> dict[str, object]:
    """The details that may be said aloud: of a sensitive sheet its headers, and where something stands."""
    if sheet_code not in NEVER_REPEATED:
        return details
    headers = {
        each.header_vi
        for form in reference.forms.values()
        if sheet_code in form.sheets
        for each in form.sheets[sheet_code].fields
    }
    return {
        name: value if name in ALWAYS_SAID or not value or (isinstance(value, str) and value in headers) else REDACTED
        for name, value in details.items()
    }


def _field(reference: Reference, sheet_code: str | None, field_code: str | None) -> Field | None:
    for form in sorted(reference.forms.values(), key=lambda form: -form.first_report_year):
        sheet = form.sheets.get(sheet_code or "")
        if sheet and field_code in sheet.by_code:
            return sheet.by_code[field_code]
    return None


def _sheet_title(reference: Reference, sheet_code: str | None) -> str | None:
    for form in sorted(reference.forms.values(), key=lambda form: -form.first_report_year):
        if sheet_code in form.sheets:
            return form.sheets[sheet_code].title_vi
    return sheet_code
