"""Values that only the rest of their row explains: communes given by name, percentages given as fractions."""

from datetime import date
from decimal import Decimal

from ingestion.form.numbers import decimal_or_none
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.sheets import SheetRow, SheetRows
from ingestion.workbook.cells import number_text
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import Sheet
from warehouse.reference.names import name_key
from warehouse.reference.reference_data import Reference

# A commune may be given by its name if its code is missing; both are fields of the form.
COMMUNE_CODE, COMMUNE_NAME = "commune_code", "commune_name"
DECLARED = "10_TONG_HOP"
ROUNDING = Decimal("0.06")
"""largest difference between a percentage rounded to one decimal and its exact value"""


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
