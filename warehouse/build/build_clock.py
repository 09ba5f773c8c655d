"""The clock of a build: which dates of the province's reports have passed.

Verdicts on reports that are due follow from it, and so it is an input: a build on any other day between two of these
dates says the same.
"""

from datetime import datetime

import psycopg

from warehouse.reference.csv_rows import read_rows
from warehouse.reference.cycles import read_cycles, read_working_days
from warehouse.reference.reference_data import plan_folder


def set_clock(connection: psycopg.Connection, as_of: datetime) -> None:
    """Note the last date that has passed at an instant. Commits nothing."""
    cycles, working_days = read_cycles(plan_folder()), read_working_days(plan_folder())
    due = [(cycle.province_due_before, cycle) for cycle in cycles.values()]
    for row in read_rows(plan_folder() / "phases.csv"):
        if cycle := cycles.get(row.day("ends_on").year):
            due.append((row.day("review_due_before"), cycle))
    days, inclusive, moves = zip(
        *((day, each.deadline_is_inclusive, each.moves_to_next_working_day) for day, each in due), strict=True
    )
    connection.execute(
        """
        update quality.build_clock set passed_until = passed.until
        from (
            select coalesce(max(deadline) filter (where deadline <= %s), '-infinity') as until
            from unnest(%s::date[], %s::boolean[], %s::boolean[]) as dates (day, is_inclusive, moves)
            cross join lateral raw.deadline(day, is_inclusive, moves, %s::date[], %s::date[]) as deadline
        ) as passed
        where passed_until <> passed.until
        """,
        [as_of, list(days), list(inclusive), list(moves), [*working_days.off], [*working_days.worked]],
    )
