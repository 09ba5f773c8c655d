"""Cooperatives beside last year: C07, those that were failing and are active or dissolved now; C11, members, capital,
revenue and profit, and what the workers earn."""

from collections.abc import Iterator

from htx.example.answer_key.contributions.cooperatives import cooperative_rows, is_women_managed, place_of
from htx.example.answer_key.figures import Cell, Contribution, Measure, contribute, exact
from htx.example.reports.reported_rows import ReportedRows, Row, registration_number
from htx.example.seeds import RosterUnit

LEVELS = ("members", "charter_capital", "revenue", "profit")
INCOME = Measure("C11", "average_monthly_income")
RESOLVED = ("active", "dissolved")


def of_economy(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    last_year = {registration_number(row): row for row in reported.province_rows("01_HTX", year - 1)}
    for row in cooperative_rows(reported, year, unit):
        here = place_of(row), reported.is_estimate(row)
        for field_code in LEVELS:
            if row[field_code] is None:
                continue
            level = exact(row[field_code])
            yield from contribute(Measure("C11", field_code), *here, level)
            yield from _beside_last_year(reported, row, last_year.get(registration_number(row)), field_code)
        workers = row.number("workers")
        if is_women_managed(reported, row) and row["average_monthly_income"] is not None and workers > 0:
            yield from contribute(INCOME, *here, exact(row["average_monthly_income"]) * workers, workers)


def _beside_last_year(reported: ReportedRows, row: Row, before: Row | None, field_code: str) -> Iterator[Contribution]:
    """Level and change of a cooperative that said as much last year: parts of the breakdown, not of the total."""
    if before is None or before[field_code] is None:
        return
    level = exact(row[field_code])
    for code, number in (("this_year", level), ("change", level - exact(before[field_code]))):
        cell = Cell("C11", field_code, "matched_panel", code)
        yield Contribution(cell, number, None, place_of(row), reported.is_estimate(row))


def of_resolved(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """C07. A unit's are those that it reports itself; the province's also those that nobody reports any more."""
    failing = reported.seeds.flagged("cooperative_statuses", "failing")
    now = {registration_number(row): row for row in cooperative_rows(reported, year, unit)}
    for before in reported.province_rows("01_HTX", year - 1):
        row = now.get(registration_number(before))
        if before["status"] not in failing or (unit and row is None):
            continue
        yield from contribute(Measure("C07", "listed"), place_of(before), reported.is_estimate(before), 1)
        if row is not None and row["status"] in RESOLVED:
            yield from contribute(Measure("C07", "resolved"), place_of(before), reported.is_estimate(row), 1)
