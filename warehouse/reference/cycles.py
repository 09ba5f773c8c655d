"""Who reports for which year, and by when: phases.csv, report_cycles.csv, reporting_roster.csv."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from warehouse.reference.csv_rows import Row, read_rows

REPORTING_KINDS = ("district", "commune", "agency")


@dataclass(frozen=True)
class RosterUnit:
    """A unit that is expected to report for one year."""

    year: int
    code: str
    uid: str
    kind: str
    """district, commune or agency"""
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
    small_cell_threshold: int


@dataclass(frozen=True)
class Phase:
    """A phase of the programme."""

    number: int
    begins_on: date
    ends_on: date


def read_roster(folder: Path) -> dict[tuple[int, str], RosterUnit]:
    """The roster by report year and code of the unit."""
    return {(unit.year, unit.code): unit for unit in map(_roster_unit, read_rows(folder / "reporting_roster.csv"))}


def read_cycles(folder: Path) -> dict[int, Cycle]:
    """The cycles by report year."""
    return {cycle.report_year: cycle for cycle in map(_cycle, read_rows(folder / "report_cycles.csv"))}


def read_phases(folder: Path) -> dict[int, Phase]:
    """The phases by number."""
    rows = read_rows(folder / "phases.csv")
    return {row.integer("phase"): Phase(row.integer("phase"), row.day("begins_on"), row.day("ends_on")) for row in rows}


def _roster_unit(row: Row) -> RosterUnit:
    return RosterUnit(
        year=row.integer("report_year"),
        code=row["reporting_unit_code"],
        uid=row["unit_uid"],
        kind=row.one_of("unit_kind", *REPORTING_KINDS),
        mandatory=row.is_yes("mandatory"),
        due_before=row.day_or_none("due_before"),
    )


def _cycle(row: Row) -> Cycle:
    return Cycle(
        report_year=row.integer("report_year"),
        phase=row.integer("phase"),
        units_due_before=row.day("units_due_before"),
        province_due_before=row.day("province_due_before"),
        deadline_is_inclusive=row.is_yes("deadline_is_inclusive"),
        moves_to_next_working_day=row.is_yes("moves_to_next_working_day"),
        final_due_before=row.day("final_due_before"),
        locked_from=row.day("locked_from"),
        data_window_from=row.day("data_window_from"),
        data_window_to=row.day("data_window_to"),
        registry_cut_off=row.day("registry_cut_off"),
        stable_job_min_months=row.integer("stable_job_min_months"),
        small_cell_threshold=row.integer("small_cell_threshold"),
    )
