"""The rules that Python and dbt share as functions of the warehouse."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from warehouse.reference.cycles import RosterUnit
from warehouse.reference.deadlines import due_at
from warehouse.reference.time_zone import VIET_NAM

CASES = [
    # 30 November 2025 is a Sunday, 29 November 2025 a Saturday, 28 November 2025 a Friday
    ("2025-11-30", False, False, datetime(2025, 11, 29, 17, tzinfo=UTC)),
    ("2025-11-30", True, False, datetime(2025, 11, 30, 17, tzinfo=UTC)),
    ("2025-11-30", False, True, datetime(2025, 11, 30, 17, tzinfo=UTC)),
    ("2025-11-29", True, True, datetime(2025, 12, 1, 17, tzinfo=UTC)),
    ("2025-11-28", False, True, datetime(2025, 11, 27, 17, tzinfo=UTC)),
]


@pytest.mark.parametrize(("due_before", "is_inclusive", "moves", "expected"), CASES)
def test_a_deadline_is_midnight_in_viet_nam_moved_from_a_weekend_and_a_day_later_where_the_day_counts(
    due_before, is_inclusive, moves, expected, connection, reference
):
    cycle = dataclasses.replace(
        reference.cycles[2025],
        units_due_before=date.fromisoformat(due_before),
        deadline_is_inclusive=is_inclusive,
        moves_to_next_working_day=moves,
    )
    edited = dataclasses.replace(reference, cycles={2025: cycle})
    assert due_at(connection, edited, RosterUnit(2025, "25195", "25195@2025", "commune", True)) == expected


def test_a_date_of_a_units_own_goes_before_the_cycles(connection, reference):
    unit = RosterUnit(2025, "25195", "25195@2025", "commune", True, date(2025, 12, 15))
    assert due_at(connection, reference, unit) == datetime(2025, 12, 15, tzinfo=VIET_NAM)


def test_a_day_begins_at_the_same_instant_in_python_and_in_sql(connection):
    [(instant,)] = connection.execute("select raw.midnight('2025-03-01')").fetchall()
    assert instant == datetime(2025, 3, 1, tzinfo=VIET_NAM)
