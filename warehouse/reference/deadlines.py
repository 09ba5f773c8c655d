"""The deadlines of the yearly cycle as instants. The rule itself is the SQL function raw.deadline, used by dbt too."""

from datetime import date, datetime, timedelta

import psycopg

from warehouse.reference.cycles import RosterUnit
from warehouse.reference.reference_data import Reference


def due_at(connection: psycopg.Connection, reference: Reference, unit: RosterUnit) -> datetime:
    """The instant before which the unit's report of that year is on time (plan VI; decision A15)."""
    cycle = reference.cycles[unit.year]
    due_before = unit.due_before or cycle.units_due_before
    days = reference.working_days
    rule = due_before, cycle.deadline_is_inclusive, cycle.moves_to_next_working_day, [*days.off], [*days.worked]
    [(instant,)] = connection.execute("select raw.deadline(%s, %s, %s, %s::date[], %s::date[])", rule).fetchall()
    return instant


def all_due_at(connection: psycopg.Connection, reference: Reference) -> set[datetime]:
    """The deadlines of all units and years."""
    units = {(unit.year, unit.due_before): unit for unit in reference.roster.values()}
    return {due_at(connection, reference, unit) for unit in units.values()}


def working_days_after(connection: psycopg.Connection, reference: Reference, day: date, count: int) -> date:
    """The day on which so many working days have passed since a day; with 0 that day itself."""
    days = reference.working_days
    for _ in range(count):
        rule = day + timedelta(days=1), [*days.off], [*days.worked]
        [(day,)] = connection.execute("select raw.working_day(%s, 1, %s::date[], %s::date[])", rule).fetchall()
    return day
