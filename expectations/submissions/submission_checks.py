"""Check a batch of submissions against every rule that concerns a single file, and write the findings."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from expectations.submissions.drafts import Draft, by_cause, inputs_of
from expectations.submissions.frames import TOTALS, Frame, Place
from expectations.submissions.registration_numbers import is_rounded, likely_number
from expectations.submissions.rule_frames import CELLS, KEYS, NIL_SHEETS, NUMERIC, PATTERNS, frames_of
from expectations.submissions.rules import RuleCheck, rule_checks
from expectations.submissions.suggestions import suggested_codes
from expectations.validation import failing_rows
from ingestion.feedback.findings import Finding, make_finding, with_omitted_count
from ingestion.feedback.sentences import templates
from ingestion.form.dates import date_or_none
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.submission import Submission
from ingestion.workbook.limits import FINDINGS_PER_RULE
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.forms import COVER, Field
from warehouse.reference.numbers_vi import MINUS, number_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

MARKS = {"mark": "x", "boolean": "C"}
"""what says that a sheet is nil, by the type of its line on the cover"""


def check_submissions(
    submissions: Iterable[Submission], reference: Reference, excepted: frozenset[str] = frozenset()
) -> dict[str, list[Finding]]:
    """The findings on each submission by its id, in the order of the form; a clean one has an empty list.

    `excepted`: ids of the submissions that a permit lets into a locked year (F06).
    """
    batch = {each.submission_id: each for each in submissions}  # the same bytes twice are one submission
    found: dict[str, list[Draft]] = {submission_id: [] for submission_id in batch}
    for submission in batch.values():
        found[submission.submission_id] += [_parser_finding(submission, warning) for warning in submission.warnings]
    frames = frames_of(list(batch.values()), reference, excepted)
    for name, checks in _by_frame(rule_checks(reference)).items():
        frame = frames.get(name, Frame())
        columns = set().union(*(check.columns for check in checks))
        failing = failing_rows(frame.data(columns), [check.expectation for check in checks])
        for check, rows in zip(checks, failing, strict=True):
            for row in rows:
                for place in frame.places_of(row):
                    draft = _drafted(check, frame, row, place)
                    if draft:
                        found[place.submission.submission_id].append(_with_suggestion(draft, reference))
    return {submission_id: _findings(drafts, reference) for submission_id, drafts in found.items()}


def _by_frame(checks: list[RuleCheck]) -> dict[str, list[RuleCheck]]:
    by_frame: dict[str, list[RuleCheck]] = defaultdict(list)
    for check in checks:
        by_frame[check.frame].append(check)
    return by_frame


def _drafted(check: RuleCheck, frame: Frame, row: int, place: Place) -> Draft | None:
    """The finding on the cell of a failing row; None when this version of the form has no such field."""
    fields = check.flagged or (place.sheet.key if check.frame == KEYS else (str(frame.value(row, "field_code")),))
    known = [field for field in fields if field in place.sheet.by_code]
    if not known:
        return None
    field = next((each for each in known if place.read.get(each)), known[0])
    details: dict[str, object] = {"header": place.sheet.by_code[field].header_vi}
    if check.other:
        details["other_header"] = _header(place, check.other)
        details["other_value"] = _other_value(place, frame.value(row, check.other), check.other)
    for name, columns in check.shown.items():
        details |= _range(name, [_shown(place, column, frame.value(row, column)) or "…" for column in columns])
    if check.bounds:
        details |= _range("expected", [number_vi(Decimal(bound), None) for bound in check.bounds])
    cell = place.cell(field)
    details |= _clause(check, frame, row, place.sheet.by_code[field])
    return Draft(
        place=place,
        rule_code=check.rule_code,
        sheet_code=place.sheet_code,
        field_code=field,
        cell=cell,
        value=_value(place, field),
        details={name: value for name, value in details.items() if value is not None},
        cause=_cause(check, frame, row, place) or (check.rule_code, place.sheet_code, place.row_number, field, cell),
        inputs=inputs_of(check, place, field),
        is_of_value=check.frame == CELLS,
    )


def _cause(check: RuleCheck, frame: Frame, row: int, place: Place) -> tuple | None:
    """What several cells have in common that one finding is on: the blanks of a row, rows with one key, sheets that are
    neither filled in nor said to be nil."""
    if check.rule_code == "V01":
        return (check.rule_code, place.sheet_code, place.row_number)
    if check.frame == KEYS:
        return (check.rule_code, *(frame.value(row, name) for name in ("sheet_code", "key")))
    if check.frame == NIL_SHEETS and not frame.value(row, "rows"):
        return (check.rule_code,)
    return None


def _range(name: str, bounds: list[str]) -> dict[str, str]:
    """A value, or two bounds, as a placeholder in each language."""
    return {name: phrase("range_to").join(bounds), f"{name}_en": " to ".join(bounds)}


def _clause(check: RuleCheck, frame: Frame, row: int, field: Field) -> dict[str, str]:
    """The part of a sentence that depends on the violation: of the period (F05), of a blank (V01), of a sheet (F07)."""
    if check.frame == NIL_SHEETS:
        is_empty = not frame.value(row, "rows")
        return {"clause": "sheet_is_empty" if is_empty else "sheet_is_not_nil", "mark": MARKS[field.type]}
    if check.rule_code == "V01" and field.type in NUMERIC:
        return {"clause": "blank_is_not_zero"}
    if check.rule_code == "F05":
        return {"clause": "ends_before_it_begins" if check.other == "data_from" else "outside_the_period"}
    return {}


def _with_suggestion(draft: Draft, reference: Reference) -> Draft:
    """The draft with the probable value of an unknown code or an impossible registration number."""
    place, text, key = draft.place, draft.value or "", None
    if draft.rule_code == "V04":
        submission = place.submission
        unit = reference.roster.get((submission.report_year or 0, submission.unit_code or ""))
        code_list = place.sheet.by_code[draft.field_code or ""].code_list or ""
        likely = ", ".join(suggested_codes(reference, code_list, text, submission.report_year, unit, place.day))
    elif draft.rule_code == "H13":
        likely, key = likely_number(text) or "", "digits_are_lost" if is_rounded(text) else None
    else:
        return draft
    return replace(draft, details=draft.details | {"clause": "perhaps" if likely else key, "likely": likely})


def _parser_finding(submission: Submission, warning: ParseWarning) -> Draft:
    sheet = submission.form.sheets.get(warning.sheet_code or "")
    field = sheet.by_code.get(warning.field_code or "") if sheet else None
    details = dict(warning.details)
    value = warning.value
    if field:
        details["header"] = field.header_vi
        value = _as_written(field, value) if field.type == "date" else value
        for name in ("read_as", "other"):
            if isinstance(details.get(name), str):
                details[name] = _as_written(field, str(details[name]))
        if warning.rule_code == "V03" and "clause" not in details:
            details["clause"] = "read_otherwise" if details["other"] != value else "read_as_sent"
    if "what" in details:
        seen = [
            templates()[key] for what in str(details["what"]).split(", ") if (key := f"hidden_{what}") in templates()
        ]
        where = details.get("where") or warning.cell
        for name, words in (("what_vi", [each[0] for each in seen]), ("what_en", [each[1] for each in seen])):
            details[name] = "; ".join(words) + (f": {where}" if where else "")
    return Draft(
        place=Place(submission, warning.sheet_code or COVER, warning.row_number),
        rule_code=warning.rule_code,
        sheet_code=warning.sheet_code,
        field_code=warning.field_code,
        cell=warning.cell,
        value=value,
        details=details,
        cause=(warning.rule_code, warning.sheet_code, warning.row_number, warning.field_code, warning.cell),
        is_of_value=True,
    )


def _findings(drafts: list[Draft], reference: Reference) -> list[Finding]:
    """The findings in the order of the form: one for each cause, and at most FINDINGS_PER_RULE per rule, the last of
    which says how many more there are."""
    causes = by_cause(drafts, reference)
    of_rule = Counter(each.rule_code for each in causes)
    written: Counter[str] = Counter()
    found = []
    for each in causes:
        written[each.rule_code] += 1
        if written[each.rule_code] > FINDINGS_PER_RULE:
            continue
        made = make_finding(
            reference,
            each.place.submission.submission_id,
            each.rule_code,
            each.sheet_code,
            each.place.row_number,
            each.field_code,
            each.cell,
            each.value,
            **each.details,
        )
        more = of_rule[each.rule_code] - FINDINGS_PER_RULE
        found.append(
            with_omitted_count(made, more) if written[each.rule_code] == FINDINGS_PER_RULE and more > 0 else made
        )
    return found


def _header(place: Place, column: str) -> str:
    """The Vietnamese header of a field of the row's sheet or of the cover, or the headers of the parts of a total."""
    sheets = (place.sheet, place.submission.form.cover)
    for total in TOTALS:
        if (total.sheet_code, total.name) == (place.sheet_code, column):
            return " + ".join(_header(place, part) for part in total.parts)
    return next((sheet.by_code[column].header_vi for sheet in sheets if column in sheet.by_code), column)


def _other_value(place: Place, value: object, column: str) -> str | None:
    """The other value as the sender knows it: a code as its cell shows it."""
    if value is None or column not in place.sheet.by_code or isinstance(value, (float, date)):
        return _shown(place, column, value)
    return _value(place, column)


def _value(place: Place, field_code: str) -> str | None:
    """The cell as an office writes it; an unreadable one as it was sent."""
    field, text, sent = place.sheet.by_code[field_code], place.read.get(field_code), place.value(field_code)
    if field.type != "date" and (text != sent or field.type not in NUMERIC):
        return sent
    written = _as_written(field, text)
    return sent if written == text else written


def _as_written(field: Field, text: str | None) -> str | None:
    """A canonical text as an office writes it: a day as day/month/year, a number with points and a comma, a year
    without."""
    if text and field.type == "date":
        day = date_or_none(text)
        return day_vi(day) if day else text
    if text and field.type in NUMERIC and field.unit != "year" and re.match(PATTERNS[field.type], text):
        return number_vi(Decimal(text), None).replace(MINUS, "-")
    return text


def _shown(place: Place, column: str, value: object) -> str | None:
    """A value in a sentence: 1.045, 66,7, a year without a point, a day as day/month/year."""
    if isinstance(value, float):
        fields = [
            sheet.by_code[column] for sheet in (place.sheet, place.submission.form.cover) if column in sheet.by_code
        ]
        return number_vi(value, None, thousands=not any(field.unit == "year" for field in fields))
    if isinstance(value, date):
        return day_vi(value)
    return None if value is None else str(value)
