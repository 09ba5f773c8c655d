"""The rules that Python and dbt share as functions of the warehouse."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from warehouse.reference.cycles import RosterUnit, WorkingDays
from warehouse.reference.deadlines import due_at
from warehouse.reference.time_zone import VIET_NAM

# 30 November 2025 is a Sunday, 29 November 2025 a Saturday, 28 November 2025 a Friday
FIXED = [
    ("2025-11-30", False, datetime(2025, 11, 29, 17, tzinfo=UTC)),
    ("2025-11-30", True, datetime(2025, 11, 30, 17, tzinfo=UTC)),
]
MOVED = [
    ("2025-11-30", False, {}, datetime(2025, 12, 1, 17, tzinfo=UTC)),  # Saturday, so until the end of Monday
    ("2025-11-29", True, {}, datetime(2025, 12, 1, 17, tzinfo=UTC)),
    ("2025-11-28", False, {}, datetime(2025, 11, 27, 17, tzinfo=UTC)),
    ("2025-11-30", False, {"worked": (date(2025, 11, 29),)}, datetime(2025, 11, 29, 17, tzinfo=UTC)),
    ("2025-11-30", False, {"off": (date(2025, 12, 1),)}, datetime(2025, 12, 2, 17, tzinfo=UTC)),
    ("2025-11-29", False, {"off": (date(2025, 11, 28),)}, datetime(2025, 12, 1, 17, tzinfo=UTC)),
]


def due(connection, reference, due_before: str, is_inclusive: bool, moves: bool, **days) -> datetime:
    cycle = dataclasses.replace(
        reference.cycles[2025],
        units_due_before=date.fromisoformat(due_before),
        deadline_is_inclusive=is_inclusive,
        moves_to_next_working_day=moves,
    )
    working_days = WorkingDays(days.get("off", ()), days.get("worked", ()))
    edited = dataclasses.replace(reference, cycles={2025: cycle}, working_days=working_days)
    return due_at(connection, edited, RosterUnit(2025, "25195", "25195@2025", "commune", True))


@pytest.mark.parametrize(("due_before", "is_inclusive", "expected"), FIXED)
def test_a_deadline_is_midnight_in_viet_nam_and_a_day_later_where_the_day_counts(
    due_before, is_inclusive, expected, connection, reference
):
    assert due(connection, reference, due_before, is_inclusive, False, off=(date(2025, 11, 29),)) == expected


@pytest.mark.parametrize(("due_before", "is_inclusive", "days", "expected"), MOVED)
def test_where_a_deadline_moves_a_last_day_that_is_not_worked_becomes_the_next_working_day(
    due_before, is_inclusive, days, expected, connection, reference
):
    assert due(connection, reference, due_before, is_inclusive, True, **days) == expected


def test_until_the_union_confirms_it_no_deadline_moves(reference):
    assert not any(each.moves_to_next_working_day for each in reference.cycles.values())


def test_a_date_of_a_units_own_goes_before_the_cycles(connection, reference):
    unit = RosterUnit(2025, "25195", "25195@2025", "commune", True, date(2025, 12, 15))
    assert due_at(connection, reference, unit) == datetime(2025, 12, 15, tzinfo=VIET_NAM)


def test_a_day_begins_at_the_same_instant_in_python_and_in_sql(connection):
    [(instant,)] = connection.execute("select raw.midnight('2025-03-01')").fetchall()
    assert instant == datetime(2025, 3, 1, tzinfo=VIET_NAM)
