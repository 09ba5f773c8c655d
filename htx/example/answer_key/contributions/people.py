"""What is counted of people as units report them: course participants, officers of the Union, priority groups."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.reported_rows import ReportedRows, Row
from htx.example.seeds import RosterUnit


def of_courses(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """T06, the people of C13, and C17, of 04_DAO_TAO."""
    digital = reported.seeds.flagged("course_kinds", "C13")
    tours = reported.seeds.flagged("course_kinds", "C17")
    for row in distinct_courses(reported, year, unit):
        here = Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)
        kind = row["course_kind"]
        trained = row.number("members_and_workers") + row.number("union_members")
        yield from contribute(Measure("T06"), *here, trained, course_kind=kind)
        if kind in digital:
            yield from contribute(Measure("C13", "people"), *here, row.number("people"))
        if kind in tours and row.report.report_year == year:
            yield from contribute(Measure("C17", "courses"), *here, 1)
            yield from contribute(Measure("C17", "people"), *here, row.number("people"))


def distinct_courses(reported: ReportedRows, year: int, unit: RosterUnit | None) -> list[Row]:
    """A unit's own courses of all years so far; for the province each course once, as it was first received."""
    found = [row for _, row in reported.rows_until("04_DAO_TAO", year)]
    if unit:
        found = [row for row in found if reported.unit_of(row).uid == unit.uid]
    courses: dict[tuple, Row] = {}
    for row in sorted(found, key=lambda row: row.in_order_of_receipt):
        courses.setdefault((row["organiser"], row["course_code"]), row)
    return list(courses.values())


def of_officers(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """T09 T10. Heads of branches are officers only if decision A21 says so."""
    for row in reported.rows("05_CAN_BO_HOI", year, unit.code if unit else None):
        level = row["union_level"]
        if level == "branch" and reported.seeds.decisions["A21"] != "yes":
            continue
        here = Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)
        trained, assigned = row.number("assigned_officers_trained"), row.number("assigned_officers")
        yield from contribute(Measure("T09"), *here, trained, assigned, union_level=level)
        skilled, officers = row.number("officers_skilled"), row.number("officers")
        yield from contribute(Measure("T10"), *here, skilled, officers, union_level=level)


def of_priority_groups(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """C04, of 09_UU_TIEN."""
    for row in reported.rows("09_UU_TIEN", year, unit.code if unit else None):
        here = Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)
        for measure_code in ("supported", "employed"):
            women = row.number(f"women_{measure_code}")
            group = row["priority_group"]
            yield from contribute(Measure("C04", measure_code), *here, women, priority_group=group)
