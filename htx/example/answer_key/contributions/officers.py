"""T09 T10: the Union's officers, of all units together; heads of branches are officers only if decision A21 says so."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import RosterUnit


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    for row in reported.rows("05_CAN_BO_HOI", year, unit.code if unit else None):
        level = row["union_level"]
        if level == "branch" and reported.seeds.decisions["A21"] != "yes":
            continue
        here = Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)
        trained, assigned = row.number("assigned_officers_trained"), row.number("assigned_officers")
        yield from contribute(Measure("T09"), *here, trained, assigned, union_level=level)
        skilled, officers = row.number("officers_skilled"), row.number("officers")
        yield from contribute(Measure("T10"), *here, skilled, officers, union_level=level)
