"""Whether a figure is reported, estimated, nil, not reported or not applicable: of a unit, and of the province."""

from collections.abc import Iterable

from htx.example.answer_key.activities import TREASURIES
from htx.example.answer_key.figures import RULES, Cell, Sum
from htx.example.answer_key.registry import entries_by_ground
from htx.example.reports.reported_rows import ReportedRows, UnitYear
from htx.example.seeds import Measure, RosterUnit

OF_TERRITORIAL_UNITS = (Cell("C26", "units"),)
"""although every unit fills in its sheet"""
SPENT_BY_UNITS = Cell("C23", "spent_by_units")
REPORTERS = {rule.cell: rule.reporters for rule in RULES if rule.reporters}
HAS_A_VALUE = ("estimated", "reported", "nil")


def unit_status(reported: ReportedRows, unit: RosterUnit, measure: Measure, total: Sum | None) -> str:
    """The status of a unit's own figure; `total`: what contributes to it, None when nothing does."""
    if measure.source == "registry":
        return "reported" if unit.is_territorial else "not_applicable"
    if not _applies(reported, unit, measure) or _lacks_last_year(reported, unit.year, measure):
        return "not_applicable"
    is_of_others = bool(measure.duty_code) and not _has_duty(reported, unit, str(measure.duty_code))
    unit_year = reported.unit_years.get((unit.year, unit.code))
    if unit_year is None:
        return "not_applicable" if is_of_others else "not_reported"
    if not unit_year.counts:
        return "not_reported" if owes(reported, unit, measure) else "not_applicable"
    if not unit_year.rows.get(measure.main_sheet):
        if is_of_others and not (total and total.numerator):
            return "not_applicable"
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
    if cell == SPENT_BY_UNITS and unit.code in TREASURIES:
        return False
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
    return "not_reported" if not duty or _has_duty(reported, unit, duty) else "not_applicable"


def owes(reported: ReportedRows, unit: RosterUnit, measure: Measure) -> bool:
    """Whether the unit must give the figure: it has the duty or, where there is none, must report at all or is the one
    that the form names by its code. Others that give it are volunteers."""
    if measure.source != "submission" or _lacks_last_year(reported, unit.year, measure):
        return False
    if not _applies(reported, unit, measure):
        return False
    if measure.duty_code:
        return _has_duty(reported, unit, measure.duty_code)
    is_named = unit.code in reported.seeds.sheets[measure.main_sheet].applies_to
    return unit.mandatory or is_named or unit.code in REPORTERS.get(Cell(*measure.code), ())


def _has_duty(reported: ReportedRows, unit: RosterUnit, duty: str) -> bool:
    """By the plan; where no cooperative has a woman in management, a district or commune has none on cooperatives."""
    if unit.is_territorial and duty in reported.seeds.flagged("duties", "cooperatives"):
        known = entries_by_ground(reported, unit.year).get(unit.uid, ())
        if not any(entry["women_managed"] for entry in known) and not reported.rows("01_HTX", unit.year, unit):
            return False
    body = {"district": "PC-D", "commune": "PC-C"}.get(unit.kind, unit.code)
    return duty in reported.seeds.duties.get(body, ())


def province_status(measure: Measure, of_units: Iterable[tuple[str, bool]]) -> str:
    """From the statuses of the year's units, each with whether it owes the figure: what others leave out is nothing."""
    if measure.source in ("calendar", "registry"):
        return "reported"
    return status_of_several(status for status, is_owed in of_units if is_owed or status in ("estimated", "reported"))


def status_of_several(statuses: Iterable[str]) -> str:
    """Of what several units have together: nil is what all of them say is nil."""
    found = set(statuses)
    if "nil" in found and "not_reported" in found:
        found.add("reported")
    return next((each for each in (*HAS_A_VALUE, "not_reported") if each in found), "not_applicable")
