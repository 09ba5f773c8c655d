"""Whether a figure is reported, estimated, nil, not reported or not applicable: of a unit, and of the province."""

from collections.abc import Iterable

from htx.example.answer_key.contributions.cooperatives import FLAGS
from htx.example.answer_key.contributions.duties import ASKED, COUNTED, SURVEY, SURVEY_PEOPLE
from htx.example.answer_key.contributions.money import REPORTERS
from htx.example.answer_key.figures import Measure, Sum
from htx.example.reports.reported_rows import ReportedRows, UnitYear
from htx.example.seeds import RosterUnit

OF_THE_PROVINCE_ALONE = ("T15", "T16", "T17", "T18")
OF_THE_REGISTRY = (
    Measure("C01", "cooperatives"), Measure("C01", "all_cooperatives"), Measure("C01", "members"),
    Measure("C01", "union_founded"), Measure("C02", "all_groups"),
)  # fmt: skip
SHEETS = {"C02": "02_THT", "C04": "09_UU_TIEN", "C06": "06_NO", "C17": "04_DAO_TAO", "C23": "07_KINH_PHI",
          "C24": "07_KINH_PHI", "C25": "02_THT"}  # fmt: skip
"""of the indicators whose figures all come from one sheet other than 01_HTX"""
SHEETS_OF_MEASURES = {Measure("C13", "people"): "04_DAO_TAO", Measure("C15", "groups"): "02_THT"}
OF_TERRITORIAL_UNITS = (Measure("C26", "units"),)
"""although every unit fills in its sheet"""
MAY_BE_LEFT_BLANK = FLAGS | {
    Measure("C09", "in_value_chain"): "value_chain",
    Measure("C09", "with_ocop"): "ocop_stars",
    Measure("C10", "insured"): "women_staff_insured",
    Measure("C11", "charter_capital"): "charter_capital",
    Measure("C11", "revenue"): "revenue",
    Measure("C11", "profit"): "profit",
    Measure("C11", "average_monthly_income"): "average_monthly_income",
    Measure("C24", "borrowers"): "borrowers",
    Measure("C24", "outstanding_loans"): "outstanding_loans",
}
"""the optional answer that a figure rests on"""
HAS_A_VALUE = ("estimated", "reported", "nil")


def follows_organisations(reported: ReportedRows, measure: Measure) -> bool:
    """Whether a figure is of organisations, which have a place of their own, or of the units that report it."""
    return measure in OF_THE_REGISTRY or sheet_of(reported, measure) in ("01_HTX", "02_THT", "06_NO")


def sheet_of(reported: ReportedRows, measure: Measure) -> str:
    """The sheet whose emptiness says whether a unit has answered."""
    if measure.indicator_code in reported.seeds.indicators:
        return reported.seeds.indicators[measure.indicator_code].main_sheet
    if measure in COUNTED or measure in ASKED or measure == SURVEY_PEOPLE:
        return "08_HOAT_DONG"
    return SHEETS_OF_MEASURES.get(measure) or SHEETS.get(measure.indicator_code, "01_HTX")


def unit_status(reported: ReportedRows, unit: RosterUnit, measure: Measure, total: Sum | None) -> str:
    """The status of a unit's own figure; `total`: what contributes to it, None when nothing does."""
    if measure in OF_THE_REGISTRY:
        return "reported" if unit.is_territorial else "not_applicable"
    if not _applies(reported, unit, measure) or _lacks_last_year(reported, unit.year, measure):
        return "not_applicable"
    unit_year = reported.unit_years.get((unit.year, unit.code))
    if unit_year is None:
        return "not_reported"
    if not unit_year.counts:
        return "not_applicable"
    sheet = sheet_of(reported, measure)
    if not unit_year.rows.get(sheet):
        if unit_year.base is None or sheet not in unit_year.base.nil:
            return "not_reported"
        if not (total and total.numerator):
            return "nil"
    elif not (total and total.numerator):
        left_out = _left_out(reported, unit, unit_year, measure, total)
        if left_out:
            return left_out
    return "estimated" if unit_year.base and unit_year.base.value_kind == "estimate" else "reported"


def _applies(reported: ReportedRows, unit: RosterUnit, measure: Measure) -> bool:
    if measure in OF_TERRITORIAL_UNITS:
        return unit.is_territorial
    if unit.code not in REPORTERS.get(measure, (unit.code,)):
        return False
    return reported.seeds.sheets[sheet_of(reported, measure)].applies(unit)


def _lacks_last_year(reported: ReportedRows, year: int, measure: Measure) -> bool:
    return measure.indicator_code == "C07" and year - 1 not in reported.years


def _left_out(
    reported: ReportedRows, unit: RosterUnit, unit_year: UnitYear, measure: Measure, total: Sum | None
) -> str | None:
    """What a sheet with rows leaves unsaid: an optional column that is blank all the way, or a duty of nobody's."""
    if measure in MAY_BE_LEFT_BLANK:
        rows = unit_year.rows[sheet_of(reported, measure)]
        return None if any(row[MAY_BE_LEFT_BLANK[measure]] is not None for row in rows) else "not_reported"
    field_code: str | None = None
    if measure in ASKED:
        duty = ASKED[measure]
    elif measure == SURVEY_PEOPLE:
        duty, field_code = SURVEY, "people"
    elif measure in COUNTED:
        duty, field_code = COUNTED[measure]
    else:
        return None
    if total and total.contributions and measure not in ASKED:
        return None
    rows = [row for row in unit_year.rows["08_HOAT_DONG"] if row["duty_code"] == duty]
    if any(field_code is None or row[field_code] is not None for row in rows):
        return None
    body = {"district": "PC-D", "commune": "PC-C"}.get(unit.kind, unit.code)
    return "not_reported" if duty in reported.seeds.duties.get(body, ()) else "not_applicable"


def province_status(reported: ReportedRows, year: int, measure: Measure, of_units: Iterable[str]) -> str:
    """From the statuses of the year's units."""
    if measure.indicator_code in OF_THE_PROVINCE_ALONE or measure in OF_THE_REGISTRY:
        return "reported"
    if _lacks_last_year(reported, year, measure):
        return "not_applicable"
    statuses = set(of_units)
    return next((each for each in HAS_A_VALUE if each in statuses), "not_reported")
