"""Indicators of dates and deadlines, of the province alone: T15 to T18. T17 and T18 are of what the province has sent,
which in the example is nothing: they have no figure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from htx.example.answer_key.figures import Counted, Place
from htx.example.reports.report import LOCAL_TIME, Report
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import RosterUnit, Seeds

PROVINCE = "province"
LEAD_AGENCY = "WU-P"
HONOURS_DUTY = "IV.1.c"
SENDINGS = ("T17", "T18")


def dates_kept(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """Nothing for single units."""
    if unit:
        return
    here = Place(unit_uid=PROVINCE)
    for _ in _honours(reported, year):
        yield Counted("honours", {}, here)
    for each in reported.seeds.units_of(year):
        if each.mandatory:
            known = reported.unit_years.get((year, each.code))
            is_on_time = known is not None and known.first_received_at < deadline(reported.seeds, each)
            yield Counted("mandatory unit", {"is_on_time": int(is_on_time), "unit_kind": each.kind}, here)


def _honours(reported: ReportedRows, year: int) -> set[int]:
    """The windows up to the year in which honours were held, numbered from the first."""
    first, last = (int(part) for part in reported.seeds.decided("A14", year).split("-"))
    return {
        (row.report.report_year - first) // (last - first + 1)
        for row in reported.rows_until("08_HOAT_DONG", year)
        if row.unit.code == LEAD_AGENCY and row["duty_code"] == HONOURS_DUTY and row["duty_status"] == "done"
        if row.report.report_year >= first
    }


def sending_status(reported: ReportedRows, indicator_code: str, year: int) -> str | None:
    """Of T17 and T18, which nobody has recorded: a review is of the last year of its phase."""
    if indicator_code == "T18" and year not in reported.seeds.last_years:
        return "not_applicable"
    return "not_reported" if indicator_code in SENDINGS else None


def is_to_come(seeds: Seeds, indicator_code: str, year: int, as_of: datetime) -> bool:
    """Whether the date of T17 lies ahead: it may still be kept. No paper sets that of T18: it never passes."""
    due = first_late_instant(seeds, year, seeds.cycles[year].province_due_before)
    return indicator_code == "T18" or (indicator_code == "T17" and as_of < due)


def deadline(seeds: Seeds, unit: RosterUnit) -> datetime:
    """The first instant that is too late for the unit's yearly report."""
    return first_late_instant(seeds, unit.year, unit.due_before or seeds.cycles[unit.year].units_due_before)


def first_late_instant(seeds: Seeds, year: int, day: date) -> datetime:
    """Of what is due before a day, by the rules of the year."""
    cycle = seeds.cycles[year]
    last = day if cycle.deadline_is_inclusive else day - timedelta(days=1)
    while cycle.moves_to_next_working_day and not seeds.is_worked(last):
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time.min, LOCAL_TIME)


def is_received_on_time(seeds: Seeds, report: Report) -> bool:
    """Before the deadline of its unit; final figures before theirs."""
    if report.report_kind == "annual_final":
        due = datetime.combine(seeds.cycles[report.report_year].final_due_before, time.min, LOCAL_TIME)
        return report.received_at < due
    return report.received_at < deadline(seeds, seeds.roster[report.report_year, report.unit_code])
