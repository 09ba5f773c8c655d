"""Indicators of dates and deadlines, of the province alone: T15 to T18."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.report import LOCAL_TIME, Report
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import Cycle, RosterUnit, Seeds

PROVINCE = "province"
LEAD_AGENCY = "WU-P"
HONOURS_DUTY = "IV.1.c"


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """Nothing for single units. T17 and T18: what the province has sent, which the example alone has not."""
    if unit:
        return
    here = Place(unit_uid=PROVINCE), False
    for _ in _honours(reported, year):
        yield from contribute(Measure("T15"), *here, 1)
    for each in reported.seeds.units_of(year):
        if each.mandatory:
            yield from contribute(Measure("T16"), *here, int(_is_on_time(reported, each)), 1, unit_kind=each.kind)

    if any(
        each.kind == "annual" and each.period == year and each.sent_at < province_deadline(reported.seeds, year)
        for each in reported.sendings
    ):
        yield from contribute(Measure("T17"), *here, 1)
    if any(
        each.kind == "phase_review" and each.period == reported.seeds.first_phase.number for each in reported.sendings
    ):
        yield from contribute(Measure("T18"), *here, 1)


def is_to_come(reported: ReportedRows, indicator_code: str, year: int) -> bool:
    """Whether the date of T17, or T18, lies after the last thing that anybody has sent: it may still be kept."""
    if indicator_code not in ("T17", "T18"):
        return False
    last = max((*(each.received_at for each in reported.reports), *(each.sent_at for each in reported.sendings)))
    return last < (
        province_deadline(reported.seeds, year) if indicator_code == "T17" else review_deadline(reported.seeds)
    )


def _is_on_time(reported: ReportedRows, unit: RosterUnit) -> bool:
    unit_year = reported.unit_years.get((unit.year, unit.code))
    return unit_year is not None and unit_year.first_received_at < deadline(reported.seeds, unit)


def deadline(seeds: Seeds, unit: RosterUnit) -> datetime:
    """The first instant that is too late for the unit's yearly report."""
    cycle = seeds.cycles[unit.year]
    return _instant(unit.due_before or cycle.units_due_before, cycle)


def province_deadline(seeds: Seeds, year: int) -> datetime:
    """The first instant that is too late for the province's report of a year."""
    cycle = seeds.cycles[year]
    return _instant(cycle.province_due_before, cycle)


def review_deadline(seeds: Seeds) -> datetime:
    """The first instant that is too late for the review of the first phase: by the rule of its last year."""
    cycle = seeds.cycles[seeds.first_phase.last_year]
    return _instant(seeds.first_phase.review_due_before, cycle)


def _instant(day: date, cycle: Cycle) -> datetime:
    if cycle.moves_to_next_working_day and day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    if cycle.deadline_is_inclusive:
        day += timedelta(days=1)
    return datetime.combine(day, time.min, LOCAL_TIME)


def is_received_on_time(seeds: Seeds, report: Report) -> bool:
    """Before the deadline of its unit; final figures before theirs."""
    if report.report_kind == "annual_final":
        due = datetime.combine(seeds.cycles[report.report_year].final_due_before, time.min, LOCAL_TIME)
        return report.received_at < due
    return report.received_at < deadline(seeds, seeds.roster[report.report_year, report.unit_code])


def _honours(reported: ReportedRows, year: int) -> set[int]:
    """The windows up to the year in which honours were held, numbered from the first."""
    first, last = (int(part) for part in reported.seeds.decisions["A14"].split("-"))
    length = last - first + 1
    done = {
        each
        for each, row in reported.rows_until("08_HOAT_DONG", year)
        if row.report.unit_code == LEAD_AGENCY and row["duty_code"] == HONOURS_DUTY and row["duty_status"] == "done"
    }
    return {(each - first) // length for each in done if each >= first}
