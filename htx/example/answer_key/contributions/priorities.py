"""C04: women of priority groups, as counted in 09_UU_TIEN."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import RosterUnit


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    for row in reported.rows("09_UU_TIEN", year, unit.code if unit else None):
        here = Place(unit_uid=reported.unit_of(row).uid), reported.is_estimate(row)
        for measure_code in ("supported", "employed"):
            women = row.number(f"women_{measure_code}")
            group = row["priority_group"]
            yield from contribute(Measure("C04", measure_code), *here, women, priority_group=group)
