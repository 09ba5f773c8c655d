"""Who reports for which year, and by when: phases, report_cycles, reporting_roster, non_working_days (.csv)."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from warehouse.reference.csv_rows import read_rows

UnitKind = Literal["district", "commune", "agency"]
REPORTING_KINDS = get_args(UnitKind)


@dataclass(frozen=True)
class RosterUnit:
    """A unit that is expected to report for one year."""

    year: int
    code: str
    uid: str
    kind: UnitKind
    mandatory: bool
    due_before: date | None = None
    """its own deadline; None for the cycle's"""


@dataclass(frozen=True)
class Cycle:
    """The dates and parameters of one report year."""

    report_year: int
    phase: int
    units_due_before: date
    province_due_before: date
    deadline_is_inclusive: bool
    moves_to_next_working_day: bool
    final_due_before: date
    locked_from: date
    data_window_from: date
    data_window_to: date
    registry_cut_off: date
    stable_job_min_months: int
    form_version: str


@dataclass(frozen=True)
class WorkingDays:
    """Where the days that are worked differ from Monday to Friday."""

    off: tuple[date, ...]
    worked: tuple[date, ...]
    """Saturdays and Sundays that are worked instead of another day"""


@dataclass(frozen=True)
class Phase:
    """A phase of the programme."""

    number: int
    begins_on: date
    ends_on: date
    review_kind_vi: str
    """what the plan calls its review: sơ kết, or tổng kết of the last phase"""


def read_roster(folder: Path) -> dict[tuple[int, str], RosterUnit]:
    """The roster by report year and code of the unit."""
    units = [
        row.as_instance(RosterUnit, year="report_year", code="reporting_unit_code", uid="unit_uid", kind="unit_kind")
        for row in read_rows(folder / "reporting_roster.csv")
    ]
    return {(unit.year, unit.code): unit for unit in units}


def read_cycles(folder: Path) -> dict[int, Cycle]:
    """The cycles by report year."""
    cycles = [row.as_instance(Cycle) for row in read_rows(folder / "report_cycles.csv")]
    return {cycle.report_year: cycle for cycle in cycles}


def read_working_days(folder: Path) -> WorkingDays:
    """The holidays, and the weekend days that are worked instead of another day."""
    days = {row.day("day"): row.is_yes("is_working") for row in read_rows(folder / "non_working_days.csv", True)}
    return WorkingDays(tuple(day for day in days if not days[day]), tuple(day for day in days if days[day]))


def read_phases(folder: Path) -> dict[int, Phase]:
    """The phases by number."""
    phases = [row.as_instance(Phase, number="phase") for row in read_rows(folder / "phases.csv")]
    return {phase.number: phase for phase in phases}
