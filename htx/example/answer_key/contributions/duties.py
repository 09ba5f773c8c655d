"""What is counted of the duties of 08_HOAT_DONG: C05, the events of C12, C16, C18 to C22, C26 to C28."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute, exact
from htx.example.reports.reported_rows import ReportedRows, Row
from htx.example.seeds import RosterUnit

COUNTED = {
    Measure("C05", "items"): ("IV.1.b", "events"),
    Measure("C05", "people"): ("IV.1.a", "people"),
    Measure("C12", "events"): ("IV.2.f", "events"),
    Measure("C18", "people"): ("IV.5.b", "people"),
    Measure("C19", "events"): ("IV.5.c", "events"),
    Measure("C20", "events"): ("IV.5.d", "events"),
    Measure("C21", "events"): ("IV.7.a", "events"),
    Measure("C27", "events"): ("VI.c", "events"),
    Measure("C28", "events"): ("VI.e", "events"),
    Measure("C28", "people"): ("VI.e", "people"),
}
"""sums of a field over the rows of a duty"""
SURVEY, NETWORK, WEBSITE, PLAN = "IV.4.a", "IV.5.b", "IV.7.b", "VI.a"
SURVEY_PEOPLE = Measure("C16", "people")
ASKED = {
    Measure("C16", "done"): SURVEY,
    Measure("C18", "exists"): NETWORK,
    Measure("C22", "units"): WEBSITE,
    Measure("C26", "units"): PLAN,
}
"""whether a duty is done, or on its way"""
UNDER_WAY = ("done", "in_progress")


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    rows = reported.rows("08_HOAT_DONG", year, unit.code if unit else None)
    for measure, (duty, field_code) in COUNTED.items():
        for row in rows:
            if row["duty_code"] == duty and row[field_code] is not None:
                yield from contribute(measure, *_here(reported, row), exact(row[field_code]))
    under_way = [row for row in rows if row["duty_status"] in UNDER_WAY]
    for row in under_way:
        if row["duty_code"] == WEBSITE:
            yield from contribute(Measure("C22", "units"), *_here(reported, row), 1)
    networks = sorted((row for row in under_way if row["duty_code"] == NETWORK), key=lambda r: r.in_order_of_receipt)
    for row in networks[:1]:  # it exists once, however many units report it
        yield from contribute(Measure("C18", "exists"), *_here(reported, row), 1)
    yield from _survey(reported, year, unit)
    yield from _plans(reported, year, unit)


def _here(reported: ReportedRows, row: Row) -> tuple[Place, bool]:
    return Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)


def first_done(reported: ReportedRows, duty: str, year: int) -> dict[str, Row]:
    """Unit -> its first row that says that the duty is done, in the order of receipt."""
    found: dict[str, Row] = {}
    rows = [row for _, row in reported.rows_until("08_HOAT_DONG", year)]
    for row in sorted(rows, key=lambda row: row.in_order_of_receipt):
        if row["duty_code"] == duty and row["duty_status"] == "done":
            found.setdefault(reported.unit_of(row).uid, row)
    return found


def _survey(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    done = [row for uid, row in first_done(reported, SURVEY, year).items() if unit is None or uid == unit.uid]
    for row in done[:1]:  # it is done once, however many units report it
        yield from contribute(Measure("C16", "done"), *_here(reported, row), 1)
    for row in done:
        if row["people"] is not None:
            yield from contribute(SURVEY_PEOPLE, *_here(reported, row), exact(row["people"]))


def _plans(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """Every district and commune of the roster counts among those that should have a plan."""
    done = first_done(reported, PLAN, year)
    for each in [unit] if unit else reported.seeds.units_of(year):
        if each.is_territorial:
            row = done.get(each.uid)
            here = Place(unit_uid=each.uid), row is not None and reported.is_estimate(row)
            yield from contribute(Measure("C26", "units"), *here, int(row is not None), 1)
