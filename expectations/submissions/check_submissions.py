"""Whether what units sent is right: every rule on one file, over a whole batch of files at once."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from expectations.submissions.registration_numbers import is_rounded, likely_number
from expectations.submissions.rule_frames import KEYS, PATTERNS, TOTALS, Frame, Place, frames_of
from expectations.submissions.rules import Ask, asks
from expectations.submissions.suggestions import suggested_codes
from expectations.submissions.thresholds import read_thresholds
from expectations.validation import failing_rows
from ingestion.feedback.findings import Finding, make_finding, with_omitted_count
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.submission import Submission
from ingestion.workbook.limits import FINDINGS_PER_RULE
from warehouse.reference.catalogue import Reference
from warehouse.reference.forms import COVER, Field
from warehouse.reference.numbers_vi import number_vi

REJECTED_BY_THE_READER = frozenset({"F01", "F02", "F11", "F12"})
REMARKED_BY_THE_READER = frozenset({"F08", "V03", "V07", "V08"})

ROWS_NAMED = 5
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DECIMAL = re.compile(r"-?\d+\.\d+")

# What the reader found out of sight or broken (V08), in words.
SEEN_AS = {
    "sheet": ("biểu bị ẩn", "a hidden sheet"),
    "row": ("dòng bị ẩn", "hidden rows"),
    "filter": ("dòng bị ẩn do đang lọc", "rows hidden by a filter"),
    "column": ("cột bị ẩn", "hidden columns"),
    "error": ("ô báo lỗi công thức", "cells that show a formula error"),
    "formula": ("công thức chưa có kết quả", "formulas without a value"),
    "link": ("công thức lấy số từ tệp khác", "formulas that take their value from another file"),
    "moment": ("công thức đổi theo ngày mở tệp", "formulas whose value changes with the day of opening"),
    "comment": ("ghi chú gắn vào ô", "comments on cells"),
    "colour": ("tô màu hoặc gạch ngang riêng một số dòng", "some rows coloured or struck through"),
    "merged": ("ô gộp nhiều dòng", "cells merged over several rows"),
}


def check_submissions(
    submissions: Iterable[Submission], reference: Reference, excepted: frozenset[str] = frozenset()
) -> dict[str, list[Finding]]:
    """The findings on each submission by its id, in the order of the form; a clean one has an empty list.

    `excepted`: ids of the submissions that an exception lets into a locked year (F06).
    """
    batch = {each.submission_id: each for each in submissions}  # the same bytes twice are one submission
    found: dict[str, list[_Accusation]] = {submission_id: [] for submission_id in batch}
    for submission in batch.values():
        found[submission.submission_id] += [_remarked(submission, warning) for warning in submission.warnings]
    frames = frames_of(list(batch.values()), reference, excepted)
    for name, asked in _by_frame(asks(reference, read_thresholds(), frames)).items():
        frame = frames.get(name, Frame())
        columns = set().union(*(ask.columns for ask in asked))
        failing = failing_rows(frame.data(columns), [ask.expectation for ask in asked])
        for ask, rows in zip(asked, failing, strict=True):
            repeats = _repeats(frame, rows) if name == KEYS else {}
            for row in rows:
                for place in frame.places_of(row):
                    accusation = _accused(ask, frame, row, place, repeats.get(row))
                    if accusation:
                        found[place.submission.submission_id].append(_with_suggestion(accusation, reference))
    return {submission_id: _findings(accusations, reference) for submission_id, accusations in found.items()}


@dataclass(frozen=True)
class _Accusation:
    """A finding before it has its words."""

    place: Place
    rule_code: str
    sheet_code: str | None
    field_code: str | None
    cell: str | None
    value: str | None
    details: dict[str, object]

    @property
    def order(self) -> tuple:
        form = self.place.submission.form
        sheet = form.sheets.get(self.sheet_code or "")
        field = sheet.by_code.get(self.field_code or "") if sheet else None
        return (
            sheet.position if sheet else 0,
            self.place.row_number or 0,
            field.position if field else 0,
            self.rule_code,
            self.cell or "",
        )


def _by_frame(all_asks: list[Ask]) -> dict[str, list[Ask]]:
    by_frame: dict[str, list[Ask]] = defaultdict(list)
    for ask in all_asks:
        by_frame[ask.frame].append(ask)
    return by_frame


def _repeats(frame: Frame, rows: list[int]) -> dict[int, str]:
    """For each row of the frame of keys that repeats others, the numbers of the first few of these in its sheet."""
    groups: dict[tuple, list[int]] = defaultdict(list)
    for row in rows:
        groups[tuple(frame.value(row, name) for name in ("submission_id", "sheet_code", "key"))].append(row)
    repeats = {}
    for group in groups.values():
        for row in group:
            others = [str(frame.places[other].row_number) for other in group[: ROWS_NAMED + 1] if other != row]
            more = ["…"] if len(group) > ROWS_NAMED + 1 else []
            repeats[row] = ", ".join(others[:ROWS_NAMED] + more)
    return repeats


def _accused(ask: Ask, frame: Frame, row: int, place: Place, repeats: str | None) -> _Accusation | None:
    """What the failing row of a frame says about one cell; None when this version of the form has no such field."""
    fields = ask.accused or (place.sheet.key if ask.frame == KEYS else (str(frame.value(row, "field_code")),))
    known = [field for field in fields if field in place.sheet.by_code]
    if not known:
        return None
    field = next((each for each in known if place.read.get(each)), known[0])
    details: dict[str, object] = {"header": place.sheet.by_code[field].header_vi}
    if ask.other:
        details["other_header"] = _header(place, ask.other)
        details["other_value"] = _said(place, frame.value(row, ask.other), ask.other)
    if ask.total:
        details["total"] = _shown(frame.value(row, ask.total))
    if ask.expected:
        details["expected"] = " – ".join(_shown(frame.value(row, column)) or "…" for column in ask.expected)
    if ask.bounds:
        details["expected"] = ask.bounds
    details |= {name: _shown(frame.value(row, column)) for name, column in ask.said}
    details["other_row"] = repeats
    details |= _words(ask, place.sheet.by_code[field], details)
    return _Accusation(
        place=place,
        rule_code=ask.rule_code,
        sheet_code=place.sheet_code,
        field_code=field,
        cell=place.cell(field),
        value=_value(place, field),
        details={name: value for name, value in details.items() if value is not None},
    )


def _words(ask: Ask, field: Field, details: dict[str, object]) -> dict[str, str]:
    """The clauses of a sentence that depend on what is wrong: with the period (F05), with a blank (V01)."""
    if ask.rule_code == "V01":
        is_number = field.type in ("integer", "number", "money")
        return {
            "zero_vi": ", nếu số lượng bằng không thì ghi 0 vì ô trống không được hiểu là 0" if is_number else "",
            "zero_en": ", with 0 where the count is zero, since a blank is not read as 0" if is_number else "",
        }
    if ask.rule_code == "F05" and ask.other == "data_from":
        began = details.get("other_value")
        return {
            "why_vi": f"kỳ số liệu không thể kết thúc trước ngày bắt đầu ({began})",
            "why_en": f"the period cannot end before it begins ({began})",
        }
    if ask.rule_code == "F05":
        within = details.get("expected")
        return {"why_vi": f"ngày phải nằm trong khoảng {within}", "why_en": f"the day must lie within {within}"}
    return {}


def _with_suggestion(accused: _Accusation, reference: Reference) -> _Accusation:
    """Beside a code in no list, or a registration number that cannot be right, what it probably was."""
    place, text = accused.place, accused.value or ""
    vietnamese = english = ""
    if accused.rule_code == "V04":
        submission = place.submission
        unit = reference.roster.get((submission.report_year or 0, submission.unit_code or ""))
        code_list = place.sheet.by_code[accused.field_code or ""].code_list or ""
        day = submission.data_to
        likely = ", ".join(suggested_codes(reference, code_list, text, submission.report_year, unit, day))
    elif accused.rule_code == "H13":
        likely = likely_number(text) or ""
        if is_rounded(text):
            vietnamese = "; ô để dạng số nên các chữ số cuối đã mất, phải nhập lại dưới dạng chữ"
            english = "; the cell held a number whose last digits are lost, it must be typed again as text"
    else:
        return accused
    if likely:
        vietnamese, english = f"; có thể là {likely}", f"; perhaps {likely} is meant"
    return replace(accused, details=accused.details | {"likely_vi": vietnamese, "likely_en": english})


def _remarked(submission: Submission, warning: ParseWarning) -> _Accusation:
    sheet = submission.form.sheets.get(warning.sheet_code or "")
    field = sheet.by_code.get(warning.field_code or "") if sheet else None
    details = dict(warning.details)
    value = warning.value
    if field:
        details["header"] = field.header_vi
        value = _as_written(field, value) if field.type == "date" else value
        for name in ("read_as", "other"):
            if isinstance(details.get(name), str):
                details[name] = _as_written(field, details[name])
    if "what" in details:
        seen = [SEEN_AS[what] for what in str(details["what"]).split(", ") if what in SEEN_AS]
        where = details.get("where") or warning.cell
        for name, words in (("what_vi", [each[0] for each in seen]), ("what_en", [each[1] for each in seen])):
            details[name] = "; ".join(words) + (f": {where}" if where else "")
    return _Accusation(
        place=Place(submission, warning.sheet_code or COVER, warning.row_number),
        rule_code=warning.rule_code,
        sheet_code=warning.sheet_code,
        field_code=warning.field_code,
        cell=warning.cell,
        value=value,
        details=details,
    )


def _findings(accusations: list[_Accusation], reference: Reference) -> list[Finding]:
    """In the order of the form; of two that say the same of one cell (both bounds of a date) the first; of a rule
    that a file breaks everywhere the first FINDINGS_PER_RULE, the last of which says how many more there are."""
    distinct: dict[tuple, _Accusation] = {}
    for each in sorted(accusations, key=lambda accusation: accusation.order):
        what = (each.rule_code, each.sheet_code, each.place.row_number, each.field_code, each.cell)
        distinct.setdefault(what, each)
    of_rule = Counter(each.rule_code for each in distinct.values())
    said: Counter[str] = Counter()
    found = []
    for each in distinct.values():
        said[each.rule_code] += 1
        if said[each.rule_code] > FINDINGS_PER_RULE:
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
        unsaid = of_rule[each.rule_code] - FINDINGS_PER_RULE
        found.append(
            with_omitted_count(made, unsaid) if said[each.rule_code] == FINDINGS_PER_RULE and unsaid > 0 else made
        )
    return found


def _header(place: Place, column: str) -> str:
    """The Vietnamese header of a field of the row's sheet or of the cover, or of what a total is made of."""
    sheets = (place.sheet, place.submission.form.cover)
    for total in TOTALS:
        if (total.sheet_code, total.name) == (place.sheet_code, column):
            return " + ".join(_header(place, part) for part in total.parts)
    return next((sheet.by_code[column].header_vi for sheet in sheets if column in sheet.by_code), column)


def _said(place: Place, value: object, column: str) -> str | None:
    """The other value as the sender knows it: a code by what stands in the cell."""
    if value is None or column not in place.sheet.by_code or isinstance(value, (float, date)):
        return _shown(value)
    return _value(place, column)


def _value(place: Place, field: str) -> str | None:
    """What stands in the cell as an office writes it, a day as day/month/year and a number with a decimal comma;
    what could not be read, as it was sent."""
    text, sent = place.read.get(field), place.value(field)
    type_ = place.sheet.by_code[field].type
    if text and type_ == "date":
        try:
            return _shown(date.fromisoformat(text))
        except ValueError:
            return sent
    if text and text == sent and type_ in ("money", "number") and re.match(PATTERNS[type_], text):
        return text.replace(".", ",")
    return sent


def _as_written(field: Field, text: str | None) -> str | None:
    """What was read, as an office writes it: a day as day/month/year, a number with a decimal comma. Text as it is."""
    if text and field.type == "date" and ISO_DAY.fullmatch(text):
        return "/".join(reversed(text.split("-")))
    if text and field.type in ("integer", "number", "money") and DECIMAL.fullmatch(text):
        return text.replace(".", ",")
    return text


def _shown(value: object) -> str | None:
    """A value in a sentence: 45, 66,7, a day as day/month/year."""
    if isinstance(value, float):
        return number_vi(value, None, thousands=False)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return None if value is None else str(value)
