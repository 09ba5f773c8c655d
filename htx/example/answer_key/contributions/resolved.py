"""C07: failing cooperatives of last year, and those of them that are active or dissolved now."""

from collections.abc import Iterator

from htx.example.answer_key.contributions.cooperatives import cooperative_rows, place_of
from htx.example.answer_key.figures import Contribution, Measure, contribute
from htx.example.reports.reported_rows import ReportedRows, registration_number
from htx.example.seeds import RosterUnit

RESOLVED = ("active", "dissolved")


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """A unit's are those that it reports itself; the province's also those that nobody reports any more."""
    failing = reported.seeds.flagged("cooperative_statuses", "failing")
    now = {registration_number(row): row for row in cooperative_rows(reported, year, unit)}
    for before in reported.province_rows("01_HTX", year - 1):
        row = now.get(registration_number(before))
        if before["status"] not in failing or (unit and row is None):
            continue
        yield from contribute(Measure("C07", "listed"), place_of(before), reported.is_estimate(before), 1)
        if row is not None and row["status"] in RESOLVED:
            yield from contribute(Measure("C07", "resolved"), place_of(before), reported.is_estimate(row), 1)
