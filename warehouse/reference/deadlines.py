"""The dates of the yearly cycle as instants.

The same rule stands in dbt (macro `deadline`), where figures are made; a test holds the two together.
"""

from datetime import datetime, time, timedelta

from warehouse.reference.catalogue import Reference
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.time_zone import VIET_NAM

SATURDAY = 6


def due_at(reference: Reference, unit: RosterUnit) -> datetime:
    """The instant before which the unit's report of that year is on time (plan VI; decision A15)."""
    cycle = reference.cycles[unit.year]
    day = unit.due_before or cycle.units_due_before
    if cycle.moves_to_next_working_day and day.isoweekday() >= SATURDAY:
        day += timedelta(days=8 - day.isoweekday())
    if cycle.deadline_is_inclusive:
        day += timedelta(days=1)
    return datetime.combine(day, time(), VIET_NAM)
