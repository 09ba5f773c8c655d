"""Sums of million VND: the debts of C06, the funds of C23, the credit of C24."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute, exact
from htx.example.reports.reported_rows import ReportedRows, Row, registration_number
from htx.example.seeds import RosterUnit

RECEIVABLE = "owed_by_members"
"""the kind of debt that is owed to a cooperative, not by it"""
REPORTERS = {
    Measure("C23", "planned"): ("DOF", "DPI"),
    Measure("C23", "allocated"): ("DOF", "DPI"),
    Measure("C24", "borrowers"): ("PCA", "VBSP"),
    Measure("C24", "outstanding_loans"): ("PCA", "VBSP"),
}
"""the agencies whose books these are; what others say of them is compared, not added"""


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    yield from _debts(reported, year, unit)
    for row in reported.rows("07_KINH_PHI", year, unit.code if unit else None):
        yield from _funds(reported, row)


def _debts(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    debtors: dict[str, list[Row]] = {}
    for row in reported.rows("06_NO", year, unit.code) if unit else _debts_of_the_province(reported, year):
        number, kind = registration_number(row), row["debt_kind"]
        here = Place(organisation=("cooperative", number)), reported.is_estimate(row)
        outstanding = row.number("outstanding")
        settled = row.number("settled_in_year")
        yield from contribute(Measure("C06", "settled"), *here, settled, debt_kind=kind)
        if kind == RECEIVABLE:
            yield from contribute(Measure("C06", "receivable"), *here, outstanding)
            continue
        yield from contribute(Measure("C06", "outstanding"), *here, outstanding, debt_kind=kind)
        if outstanding > 0:
            debtors.setdefault(number, []).append(row)
    for number, rows in debtors.items():
        is_estimate = any(reported.is_estimate(row) for row in rows)
        yield from contribute(Measure("C06", "cooperatives"), Place(("cooperative", number)), is_estimate, 1)


def _debts_of_the_province(reported: ReportedRows, year: int) -> list[Row]:
    """A debt counts with its unit's row of the cooperative, and when its unit has no such row."""
    counted = {(registration_number(row), row.report.unit_code) for row in reported.province_rows("01_HTX", year)}
    listed = {(registration_number(row), row.report.unit_code) for row in reported.rows("01_HTX", year)}
    return [
        row
        for row in reported.rows("06_NO", year)
        if (key := (registration_number(row), row.report.unit_code)) in counted or key not in listed
    ]


def _funds(reported: ReportedRows, row: Row) -> Iterator[Contribution]:
    source, reporter = row["funding_source"], row.report.unit_code
    here = Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)
    if source in reported.seeds.flagged("funding_sources", "credit"):
        measures = [Measure("C24", field_code) for field_code in ("borrowers", "outstanding_loans")]
    else:
        measures = [Measure("C23", field_code) for field_code in ("planned", "allocated", "disbursed")]
    for measure in measures:
        amount = row[measure.measure_code]
        if amount is not None and reporter in REPORTERS.get(measure, (reporter,)):
            yield from contribute(measure, *here, exact(amount), funding_source=source)
