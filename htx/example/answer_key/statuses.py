"""Whether a figure is reported, estimated, nil, not reported or not applicable: of a unit, and of the province."""

from collections.abc import Iterable

from htx.example.answer_key.figures import RULES, Cell, Sum
from htx.example.reports.reported_rows import ReportedRows, UnitYear
from htx.example.seeds import Measure, RosterUnit

OF_TERRITORIAL_UNITS = (Cell("C26", "units"),)
"""although every unit fills in its sheet"""
REPORTERS = {rule.cell: rule.reporters for rule in RULES if rule.reporters}
HAS_A_VALUE = ("estimated", "reported", "nil")


def unit_status(reported: ReportedRows, unit: RosterUnit, measure: Measure, total: Sum | None) -> str:
    """The status of a unit's own figure; `total`: what contributes to it, None when nothing does."""
    if measure.source == "registry":
        return "reported" if unit.is_territorial else "not_applicable"
    if not _applies(reported, unit, measure) or _lacks_last_year(reported, unit.year, measure):
        return "not_applicable"
    unit_year = reported.unit_years.get((unit.year, unit.code))
    if unit_year is None:
        return "not_reported"
    if not unit_year.counts:
        return "not_applicable"
    if not unit_year.rows.get(measure.main_sheet):
        if unit_year.base is None or measure.main_sheet not in unit_year.base.nil:
            return "not_reported"
        if not (total and total.numerator):
            return "nil"
    elif not (total and total.numerator):
        left_out = _left_out(reported, unit, unit_year, measure, total)
        if left_out:
            return left_out
    return "estimated" if unit_year.base and unit_year.base.value_kind == "estimate" else "reported"


def _applies(reported: ReportedRows, unit: RosterUnit, measure: Measure) -> bool:
    cell = Cell(*measure.code)
    if cell in OF_TERRITORIAL_UNITS:
        return unit.is_territorial
    return unit.code in REPORTERS.get(cell, (unit.code,)) and reported.seeds.sheets[measure.main_sheet].applies(unit)


def _lacks_last_year(reported: ReportedRows, year: int, measure: Measure) -> bool:
    return measure.needs_year_before and year - 1 not in reported.years


def _left_out(
    reported: ReportedRows, unit: RosterUnit, unit_year: UnitYear, measure: Measure, total: Sum | None
) -> str | None:
    """What a sheet with rows leaves unsaid: an optional column that is blank all the way, or a duty of nobody's."""
    rows, duty = unit_year.rows[measure.main_sheet], measure.duty_code
    if duty:
        rows = [row for row in rows if row["duty_code"] == duty]
    is_answered = any(row[measure.answer_field] is not None for row in rows)
    if not measure.answer_field or is_answered or (duty and total and measure.aggregation == "sum"):
        return None
    body = {"district": "PC-D", "commune": "PC-C"}.get(unit.kind, unit.code)
    is_owed = not duty or duty in reported.seeds.duties.get(body, ())
    return "not_reported" if is_owed else "not_applicable"


def province_status(reported: ReportedRows, year: int, measure: Measure, of_units: Iterable[str]) -> str:
    """From the statuses of the year's units."""
    if measure.source in ("calendar", "registry"):
        return "reported"
    if _lacks_last_year(reported, year, measure):
        return "not_applicable"
    statuses = set(of_units)
    return next((each for each in HAS_A_VALUE if each in statuses), "not_reported")
