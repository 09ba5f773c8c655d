"""What hangs on days and instants, for the province alone: T15 to T18."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.books import Books
from htx.example.reports import LOCAL_TIME, Report
from htx.example.seeds import RosterUnit, Seeds

PROVINCE = "province"
LEAD_AGENCY = "WU-P"
HONOURS_DUTY = "IV.1.c"


def contributions(books: Books, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """Nothing for single units. T17 and T18: nobody has published anything yet, the example is what units send."""
    if unit:
        return
    here = Place(unit_uid=PROVINCE), False
    for _ in _honours(books, year):
        yield from contribute(Measure("T15"), *here, 1)
    for each in books.seeds.units_of(year):
        if each.mandatory:
            yield from contribute(Measure("T16"), *here, int(_is_on_time(books, each)), 1, unit_kind=each.kind)


def _is_on_time(books: Books, unit: RosterUnit) -> bool:
    reported = books.unit_years.get((unit.year, unit.code))
    return reported is not None and reported.first_received_at < deadline(books.seeds, unit)


def deadline(seeds: Seeds, unit: RosterUnit) -> datetime:
    """The first instant that is too late for the unit's yearly report."""
    cycle = seeds.cycles[unit.year]
    day = unit.due_before or cycle.units_due_before
    return _instant(day, cycle.deadline_is_inclusive, cycle.moves_to_next_working_day)


def _instant(day: date, inclusive: bool, moves: bool) -> datetime:
    if moves and day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    if inclusive:
        day += timedelta(days=1)
    return datetime.combine(day, time.min, LOCAL_TIME)


def is_received_on_time(seeds: Seeds, report: Report) -> bool:
    """Before the deadline of its unit; final figures before theirs."""
    if report.report_kind == "annual_final":
        due = datetime.combine(seeds.cycles[report.report_year].final_due_before, time.min, LOCAL_TIME)
        return report.received_at < due
    return report.received_at < deadline(seeds, seeds.roster[report.report_year, report.unit_code])


def _honours(books: Books, year: int) -> set[int]:
    """The windows up to the year in which honours were held, numbered from the first."""
    first, last = (int(part) for part in books.seeds.decisions["A14"].split("-"))
    length = last - first + 1
    done = {
        each
        for each, row in books.rows_until("08_HOAT_DONG", year)
        if row.report.unit_code == LEAD_AGENCY and row["duty_code"] == HONOURS_DUTY and row["duty_status"] == "done"
    }
    return {(each - first) // length for each in done if each >= first}
