"""The province's values beside the targets of the plan, and what can be said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from htx.example.answer_key.bounds import ASSUMED
from htx.example.answer_key.calendar import PROVINCE, is_to_come
from htx.example.answer_key.maps import AS_REPORTED
from htx.example.answer_key.values import IndicatorValue
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import Indicator


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


def annual_targets(reported: ReportedRows, values: Iterable[IndicatorValue]) -> list[AnnualTarget]:
    """The province's values of T01 to T18 beside the targets, with the bounds that missing units leave."""
    return [
        _annual_target(reported, reported.seeds.indicators[value.cell.indicator_code], value)
        for value in values
        if (value.unit_uid, value.basis) == (PROVINCE, AS_REPORTED)
        and value.is_total
        and value.cell.indicator_code in reported.seeds.indicators
    ]


def _annual_target(reported: ReportedRows, indicator: Indicator, value: IndicatorValue) -> AnnualTarget:
    code = indicator.indicator_code
    to_come = [each for each in reported.seeds.targets.get(code, ()) if each[0] >= value.report_year]
    year, target = to_come[0] if to_come else (None, None)
    verdict = _verdict(reported, indicator, value, year, target) if year and target is not None else "tracked"
    line = (code, value.report_year, indicator.baseline, value.figure.value, *value.bounds[:2])
    return AnnualTarget(*line, indicator.comparator, target, year, verdict)


def _verdict(
    reported: ReportedRows, indicator: Indicator, value: IndicatorValue, target_year: int, target: float
) -> str:
    comparator, number, (low, high, kind) = indicator.comparator, value.figure.value, value.bounds
    if kind == ASSUMED:  # decides nothing; what is counted stands all the same
        low, high = (None if indicator.unit == "percent" else low), None
    if _satisfies(comparator, low, target):
        return "exceeded" if comparator == ">=" and number is not None and number > target else "met"
    if value.report_year < target_year or is_to_come(reported, indicator.indicator_code, value.report_year):
        return "in_progress"
    if indicator.unit == "percent" and target == 100 and number is not None and number < target:
        return "not_met"  # no report can make up for those whom another has not reached
    return "not_met" if high is not None and not _satisfies(comparator, high, target) else "undecided"


def _satisfies(comparator: str, value: Fraction | None, target: float) -> bool:
    if value is None:
        return False
    return value > target if comparator == ">" else value >= target
