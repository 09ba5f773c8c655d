"""The files of the answer key."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path

from htx.example.answer_key.calendar import is_received_on_time
from htx.example.answer_key.changes import Change
from htx.example.answer_key.registry import baseline
from htx.example.answer_key.targets import AnnualTarget, annual_targets
from htx.example.answer_key.values import IndicatorValue, values_and_changes
from htx.example.reports.reported_rows import ANNUAL_LAYERS, ReportedRows, reports_in_force
from htx.example.tables import write_csv

INDICATOR_VALUES = (
    "indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis", "numerator",
    "denominator", "value", "value_low", "value_high", "bound_kind", "value_status", "units_expected", "units_reported",
)  # fmt: skip
CHANGES = [each.name for each in fields(Change)]
ANNUAL_TARGETS = [each.name for each in fields(AnnualTarget)]
BASELINE = ("measure", "value")
FINDINGS = ("path", "rule_code", "severity", "sheet_code", "row_number", "field_code", "cell")
SUBMISSIONS = ("path", "verdict", "status", "on_time")
QUOTIENT = Context(prec=12)
"""significant digits of percentages and means; sums are written in full"""


def write_answer_key(folder: Path, reported: ReportedRows, findings: Sequence) -> None:
    """Writes the six files of the key into a new folder. `findings`: lines of findings.csv, in order."""
    folder.mkdir()
    values, changes = values_and_changes(reported)
    write_csv(folder / "indicator_values.csv", INDICATOR_VALUES, map(_value_line, values))
    write_csv(folder / "annual_targets.csv", ANNUAL_TARGETS, map(_target_line, annual_targets(reported, values)))
    write_csv(folder / "changes.csv", CHANGES, map(_target_line, changes))
    write_csv(folder / "baseline.csv", BASELINE, baseline(reported.seeds, reported.snapshots).items())
    write_csv(folder / "findings.csv", FINDINGS, map(astuple, findings))
    statuses = submission_statuses(reported, {finding.path for finding in findings if finding.severity == "query"})
    on_time = {each.path: "yes" if is_received_on_time(reported.seeds, each) else "no" for each in reported.reports}
    submissions = ((each.path, each.verdict, statuses[each.path], on_time[each.path]) for each in reported.reports)
    write_csv(folder / "submissions.csv", SUBMISSIONS, submissions)


def submission_statuses(reported: ReportedRows, queried: set[str]) -> dict[str, str]:
    """Path -> rejected, superseded, accepted_with_queries or accepted. `queried`: paths with a query."""
    in_force = {report.path for own in reported.accepted.values() for report in reports_in_force(own)[1]}
    found = {each.path: "accepted_with_queries" if each.path in queried else "accepted" for each in reported.reports}
    of_years = [each.path for each in reported.reports if each.report_kind in ANNUAL_LAYERS]
    found |= {path: "superseded" for path in of_years if path not in in_force}
    return found | {each.path: "rejected" for each in reported.reports if not each.accepted}


def _value_line(value: IndicatorValue) -> tuple:
    figure = value.figure
    low, high, kind = value.bounds
    numbers = (figure.numerator, figure.denominator, figure.value, low, high)
    return (
        *value.cell, value.report_year, value.unit_uid, value.basis, *map(written, numbers), kind, value.value_status,
        *value.coverage,
    )  # fmt: skip


def _target_line(target: AnnualTarget | Change) -> tuple:
    return tuple(written(each) if isinstance(each, Fraction) else each for each in astuple(target))


def written(number: Fraction | None) -> str:
    """A plain decimal, in full where it ends; a quotient that does not end, with twelve significant digits."""
    if number is None:
        return ""
    ends = 10**60 % number.denominator == 0
    context = Context(prec=60) if ends else QUOTIENT
    text = format(context.divide(Decimal(number.numerator), Decimal(number.denominator)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
