"""The province's values beside the targets of the plan, and what can be said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from htx.example.answer_key.bounds import ASSUMED
from htx.example.answer_key.calendar import PROVINCE, SENDINGS, is_to_come
from htx.example.answer_key.maps import AS_REPORTED
from htx.example.answer_key.values import IndicatorValue
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import Indicator

AFTER_ALL_DATES = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class AnnualTarget:
    """One line of annual_targets.csv: the province's way to a target."""

    indicator_code: str
    report_year: int
    baseline: str
    value: Fraction | None
    value_low: Fraction | None
    value_high: Fraction | None
    comparator: str
    target: float | None
    target_year: int | None
    verdict: str


def annual_targets(
    reported: ReportedRows, values: Iterable[IndicatorValue], as_of: datetime = AFTER_ALL_DATES
) -> list[AnnualTarget]:
    """The province's values of T01 to T18 beside the targets, with the bounds that missing units leave. `as_of`: by
    when dates of the province have passed or not."""
    return [
        _annual_target(reported, reported.seeds.indicators[value.cell.indicator_code], value, as_of)
        for value in values
        if (value.unit_uid, value.basis) == (PROVINCE, AS_REPORTED)
        and value.is_total
        and value.cell.indicator_code in reported.seeds.indicators
        and value.cell.measure_code == "value"
    ]


def _annual_target(
    reported: ReportedRows, indicator: Indicator, value: IndicatorValue, as_of: datetime
) -> AnnualTarget:
    code = indicator.indicator_code
    to_come = [each for each in reported.seeds.targets.get(code, ()) if each[0] >= value.report_year]
    year, target = to_come[0] if to_come else (None, None)
    verdict = "tracked"
    if year and target is not None:
        may_be_sent = is_to_come(reported.seeds, code, value.report_year, as_of)
        verdict = _verdict(indicator, value, target, value.report_year < year, may_be_sent)
    line = (code, value.report_year, indicator.baseline, value.figure.value, *value.bounds[:2])
    return AnnualTarget(*line, indicator.comparator, target, year, verdict)


def _verdict(indicator: Indicator, value: IndicatorValue, target: float, is_early: bool, may_be_sent: bool) -> str:
    comparator, number, (low, high, kind) = indicator.comparator, value.figure.value, value.bounds
    if is_early and indicator.can_fall:
        return "in_progress"
    if kind == ASSUMED:  # decides nothing; what is counted stands all the same
        low, high = (None if indicator.unit == "percent" else low), None
    if _satisfies(comparator, low, target):
        return "exceeded" if comparator == ">=" and number is not None and number > target else "met"
    if is_early or may_be_sent:
        return "in_progress"
    if indicator.indicator_code in SENDINGS:
        return "not_recorded"
    if indicator.unit == "percent" and target == 100 and number is not None and number < target:
        return "not_met"  # no report can make up for those whom another has not reached
    return "not_met" if high is not None and not _satisfies(comparator, high, target) else "undecided"


def _satisfies(comparator: str, value: Fraction | None, target: float) -> bool:
    if value is None:
        return False
    return value > target if comparator == ">" else value >= target
