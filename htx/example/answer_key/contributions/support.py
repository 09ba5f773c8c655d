"""C08: organisations with a pilot model."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.reported_rows import Books, registration_number
from htx.example.seeds import RosterUnit


def contributions(books: Books, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """A unit's are those among the organisations that it reports itself, whoever supported them."""
    own = None
    if unit:
        own = {("cooperative", registration_number(row)) for row in books.rows("01_HTX", year, unit.code)}
        own |= {("group", books.group_identity(row)) for row in books.rows("02_THT", year, unit.code)}
    for organisation, action in books.first_actions("C08", year).items():
        if own is None or organisation in own:
            place = Place(organisation=organisation)
            yield from contribute(Measure("C08", "organisations"), place, books.is_estimate(action), 1)
