"""Values that only their row or the cover explains: communes given by name, percentages given as fractions, listed rows
that are left blank, and sheets without figures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ingestion.form.numbers import decimal_or_none
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.sheets import SheetRow, SheetRows
from ingestion.form.values import says_nothing
from ingestion.workbook.cells import number_text
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import Form, Sheet
from warehouse.reference.names import name_key
from warehouse.reference.reference_data import Reference

# A commune may be given by its name if its code is missing; both are fields of the form.
COMMUNE_CODE, COMMUNE_NAME = "commune_code", "commune_name"
DECLARED = "10_TONG_HOP"
ROUNDING = Decimal("0.06")
"""largest difference between a percentage rounded to one decimal and its exact value"""
NIL, REST = "nil_", "rest_"
"""beginnings of two lines of the cover for each sheet: it has no figures; all rows left blank have none"""
NOTHING = "nothing"
"""flag of the code that stands for nothing in a list"""
NO = "K"
"""beside the question whether a sheet has no figures, and above an empty sheet: none"""
FIGURES = ("integer", "number", "money")


def resolve_communes(
    rows: SheetRows, sheet: Sheet, day: date | None, unit: RosterUnit | None, reference: Reference
) -> list[ParseWarning]:
    """Fill in the code of each commune that is given by name alone; V03 if name and code disagree."""
    if COMMUNE_CODE not in sheet.by_code or COMMUNE_NAME not in sheet.by_code or day is None:
        return []
    unit_uid = unit.uid if unit else None
    column = rows.columns.get(COMMUNE_CODE) or rows.columns.get(COMMUNE_NAME)
    warnings = []
    for row in rows.rows:
        name, code = row.read.get(COMMUNE_NAME), row.read.get(COMMUNE_CODE)
        if name is None or column is None:
            continue
        if code is None:
            uid = reference.units.commune_by_name(name, unit_uid, day)
            if uid:
                row.read[COMMUNE_CODE] = reference.units[uid].code
            continue
        uid = reference.units.commune_at(code, day)
        if uid and name_key(name) not in {name_key(each) for each in reference.units.names_of(uid)}:
            other = reference.units.commune_by_name(name, unit_uid, day)
            alternative = f"{reference.units[other].code} - {reference.units[other].name_full}" if other else name
            read_as = f"{code} - {reference.units[uid].name_full}"
            warnings.append(_ambiguous(rows, row, COMMUNE_CODE, column, read_as, alternative))
    return warnings


def warnings_on_percentages(rows: SheetRows, reference: Reference) -> list[ParseWarning]:
    """V03 for a declared percentage of at most 1, unless its own numerator and denominator confirm it: 0,85 may mean
    0,85 % or 85 %."""
    letter = rows.columns.get("declared_value")
    if rows.sheet_code != DECLARED or letter is None:
        return []
    warnings = []
    for row in rows.rows:
        indicator = reference.indicators.get(row.read.get("indicator_code", ""))
        value = decimal_or_none(row.read.get("declared_value"))
        if indicator is None or indicator.unit != "percent" or value is None or not 0 < value <= 1:
            continue
        if row.sent.get(letter, "").rstrip().endswith("%"):
            continue
        part = decimal_or_none(row.read.get("declared_numerator"))
        whole = decimal_or_none(row.read.get("declared_denominator"))
        if part is not None and whole and abs(100 * part / whole - value) < ROUNDING:
            continue
        read_as = row.read["declared_value"]
        warnings.append(_ambiguous(rows, row, "declared_value", letter, read_as, number_text(value * 100)))
    return warnings


def _ambiguous(
    rows: SheetRows, row: SheetRow, field_code: str, letter: str, read_as: str, alternative: str
) -> ParseWarning:
    place = (rows.sheet_code, row.row_number, field_code, f"{letter}{row.row_number}", row.sent.get(letter))
    return ParseWarning("V03", *place, details={"read_as": read_as, "other": alternative})


def settle_listed_rows(
    form: Form, cover: dict[str, str], sheets: Mapping[str, SheetRows], unit: RosterUnit, reference: Reference
) -> list[ParseWarning]:
    """Read what blank rows and words mean, in place.

    A sheet whose first line says that there is nothing is nil. A listed row that is left blank says nothing, or 0 if
    the cover says so of all the others; F16 where it does not."""
    warnings = []
    for code, rows in sheets.items():
        sheet, nil, rest = form.sheets[code], f"{NIL}{code}", f"{REST}{code}"
        if nil not in form.cover.by_code:
            if code in form.listed:
                rows.rows = [row for row in rows.rows if _answers(row, sheet)]
            continue
        if form.cover.by_code[nil].type != "mark":
            if rows.says_nothing and not rows.rows:
                cover[nil] = "C"
            continue
        listed = set(reference.listed_codes(form, code, unit))
        blank = [row for row in rows.rows if row.read.get(sheet.key[0]) in listed and not _answers(row, sheet)]
        saying = [row for row in rows.rows if _is_nothing_in_words(row, sheet)]
        left_blank = {row.row_number for row in blank}
        others = [row for row in rows.rows if row.row_number not in left_blank and row not in saying]
        is_said = rows.says_nothing or saying[:1] == rows.rows[:1] != [] or cover.get(nil) == NO
        if not others and cover.get(nil) != "C" and is_said:
            cover[nil] = "C"
        if cover.get(nil) == "C":
            rows.rows = others
            continue
        is_rest = cover.get(rest) == "C"
        for row in saying + (blank if is_rest else []):
            row.read = _with_nothing(row, sheet, reference)
        rows.rows = rows.rows if is_rest else [row for row in rows.rows if row.row_number not in left_blank]
        if blank and rows.rows and not is_rest and cover.get("submission_kind") != "partial_correction":
            warnings.append(_left_blank(blank, rows, sheet, form))
    return warnings


def _answers(row: SheetRow, sheet: Sheet) -> bool:
    return not set(row.read) <= set(sheet.key)


def _is_nothing_in_words(row: SheetRow, sheet: Sheet) -> bool:
    """Whether everything beside the key says in words that there is nothing."""
    values = [text for code, text in row.read.items() if code not in sheet.key]
    return bool(values) and all(map(says_nothing, values))


def _with_nothing(row: SheetRow, sheet: Sheet, reference: Reference) -> dict[str, str]:
    """The row with 0 for its figures, and with the code for nothing where a list has one."""
    read = {code: row.read[code] for code in sheet.key if code in row.read}
    for field in sheet.fields:
        if field.field_code in sheet.key or field.applies_to is not None:
            continue
        flags = reference.code_flags.get(field.code_list or "", {})
        nothing = next((code for code, marks in flags.items() if NOTHING in marks), None)
        if field.type in FIGURES:
            read[field.field_code] = "0"
        elif nothing:
            read[field.field_code] = nothing
    return read


def _left_blank(blank: list[SheetRow], rows: SheetRows, sheet: Sheet, form: Form) -> ParseWarning:
    field, number = sheet.key[0], blank[0].row_number
    rest = form.cover.by_code.get(f"{REST}{sheet.sheet_code}")
    details = {"blank": str(len(blank)), "clause": "or_mark_the_rest" if rest else "blank_is_not_zero"}
    if rest:
        details["rest"] = rest.header_vi
    cell = f"{rows.columns.get(field, 'A')}{number}"
    return ParseWarning("F16", sheet.sheet_code, number, field, cell, blank[0].read.get(field), details)
