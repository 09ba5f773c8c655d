"""C08: organisations with a pilot model."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.reported_rows import ReportedRows, registration_number
from htx.example.seeds import RosterUnit


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """A unit's are those among the organisations that it reports itself, independent of the supporting unit."""
    own = None
    if unit:
        own = {("cooperative", registration_number(row)) for row in reported.rows("01_HTX", year, unit.code)}
        own |= {("group", reported.group_identity(row)) for row in reported.rows("02_THT", year, unit.code)}
    for organisation, action in reported.first_actions("C08", year).items():
        if own is None or organisation in own:
            place = Place(organisation=organisation)
            yield from contribute(Measure("C08", "organisations"), place, reported.is_estimate(action), 1)
