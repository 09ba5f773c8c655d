"""Checks of phases, yearly cycles and the roster."""

from collections.abc import Iterator
from datetime import date, timedelta

from expectations.reference.reference_tables import ReferenceTables, Violation
from warehouse.reference.csv_rows import Row
from warehouse.reference.cycles import Cycle

IN_ORDER = (
    ("data_window_from", "units_due_before"),
    ("data_window_from", "registry_cut_off"),
    ("registry_cut_off", "data_window_to"),
    ("units_due_before", "province_due_before"),
    ("province_due_before", "final_due_before"),
    ("final_due_before", "locked_from"),
    ("data_window_to", "final_due_before"),
)
"""earlier or on the same day, then later"""
YEARLY_KINDS = {"annual", "annual_final"}
"""the kinds of reports that make one history of a unit's year: raw.order_submissions"""


def check_phases(tables: ReferenceTables) -> Iterator[Violation]:
    cycles = tables.reference.cycles
    last: date | None = None
    for row in tables["phases"]:
        begins_on, ends_on = row.day("begins_on"), row.day("ends_on")
        if begins_on > ends_on:
            yield _out_of_order(row, "ends_on", row["phase"], "begins_on", "ends_on")
        if last and begins_on != last + timedelta(days=1):
            expected = (last + timedelta(days=1)).isoformat()
            yield Violation("dates_out_of_order", row, "begins_on", row["phase"], f"begins_on {begins_on}", expected)
        last = ends_on
        for year in range(begins_on.year, ends_on.year + 1):
            if year not in cycles:
                yield Violation("year_without_cycle", "report_cycles.csv", "report_year", str(year))


def check_cycles(tables: ReferenceTables) -> Iterator[Violation]:
    phases, last = tables.reference.phases, None
    for row in sorted(tables["report_cycles"], key=lambda row: row.integer("report_year")):
        year, phase = row.integer("report_year"), phases.get(row.integer("phase"))
        if phase and not phase.begins_on.year <= year <= phase.ends_on.year:
            yield Violation("code_unknown", row, "phase", row["report_year"], row["phase"], "phases.csv")
        for earlier, later in IN_ORDER:
            if row.day(earlier) > row.day(later):
                yield _out_of_order(row, later, row["report_year"], earlier, later)
        for column in ("units_due_before", "registry_cut_off", "data_window_to"):
            if row.day(column).year != year:
                yield Violation("dates_out_of_order", row, column, str(year), f"{column} {row[column]}", str(year))
        # windows may overlap, since a figure at 30 November is partly an estimate; between them nothing may be lost
        if last and row.day("data_window_from") > last + timedelta(days=1):
            begins, expected = f"data_window_from {row['data_window_from']}", f"<= {last + timedelta(days=1)}"
            yield Violation("dates_out_of_order", row, "data_window_from", str(year), begins, expected)
        last = row.day("data_window_to")
    for row in tables["baselines"]:
        first = min(tables.reference.cycles.values(), key=lambda cycle: cycle.report_year)
        if not first.data_window_from <= row.day("measured_on") <= first.registry_cut_off:
            window = f"{first.data_window_from} - {first.registry_cut_off}"
            yield Violation("baseline_day", row, "measured_on", "", row["measured_on"], window)


def check_roster(tables: ReferenceTables) -> Iterator[Violation]:
    years = {int(year) for year in tables.column("reporting_roster", "report_year")}
    cycles = tables.reference.cycles
    for year in sorted(cycles):
        if year not in years and year < max(years):
            yield Violation("year_without_roster", "reporting_roster.csv", "report_year", str(year))
        elif year in years:
            yield from _check_map(tables, cycles[year])
    to_come = [str(year) for year in sorted(cycles) if year > max(years)]
    if to_come:
        yield Violation("years_to_come_without_roster", "reporting_roster.csv", "report_year", ", ".join(to_come))


def check_next_year(tables: ReferenceTables, on: date) -> Iterator[Violation]:
    """From a month of each year on, the roster of the next one is there, as long as the plan lasts."""
    year, month = str(on.year + 1), int(tables.threshold("next_year_without_roster"))
    lasts = any(row.day("ends_on") >= date(on.year + 1, 1, 1) for row in tables["phases"])
    if on.month >= month and lasts and year not in tables.column("reporting_roster", "report_year"):
        place = "reporting_roster.csv"
        yield Violation("next_year_without_roster", place, "report_year", year, on.isoformat(), f"{month}/{on.year}")


def _check_map(tables: ReferenceTables, cycle: Cycle) -> Iterator[Violation]:
    """The territorial units of a roster are the districts in force at the end of its year, or, where there are none
    any more, the communes: all of them, each in its version of that day."""
    year, units = str(cycle.report_year), tables.reference.units.values()
    in_force = [each for each in units if each.is_programme_ground and each.is_valid_at(cycle.data_window_to)]
    level = "district" if any(each.level == "district" for each in in_force) else "commune"
    expected = {each.uid: each for each in in_force if each.level == level}
    there = [row for row in tables["reporting_roster"] if row["report_year"] == year and row["unit_kind"] != "agency"]
    for row in there:
        unit = expected.get(row["unit_uid"])
        if unit is None or (unit.code, unit.level) != (row["reporting_unit_code"], row["unit_kind"]):
            shown = f"{row['reporting_unit_code']} ({row['unit_uid']}, {row['unit_kind']})"
            yield Violation("unit_not_on_map", row, "unit_uid", level, shown, year)
    listed = {row["unit_uid"] for row in there}
    for uid, unit in expected.items():
        if uid not in listed:
            yield Violation("unit_not_on_roster", "reporting_roster.csv", "unit_uid", unit.name_full, uid, year)


def check_agencies(tables: ReferenceTables) -> Iterator[Violation]:
    """Agencies report until another takes over from them; from then on that one does."""
    agencies = tables.reference.code_lists["agencies"]
    succession = {row["predecessor"]: row for row in tables["agency_succession"]}
    before: set[str] = set()
    for year, cycle in sorted(tables.reference.cycles.items()):
        rows = [
            row
            for row in tables["reporting_roster"]
            if row["report_year"] == str(year) and row["unit_kind"] == "agency"
        ]
        there = {row["reporting_unit_code"] for row in rows}
        for row in rows:
            code = row["reporting_unit_code"]
            if code not in agencies or row["unit_uid"] != code:
                wrong = ("reporting_unit_code", code) if code not in agencies else ("unit_uid", row["unit_uid"])
                yield Violation("code_unknown", row, wrong[0], str(year), wrong[1], "code_lists.csv, agencies")
            ended = succession.get(code)
            if ended and ended.day("effective_from") <= cycle.units_due_before:
                took_over = ended["successor"], ended["effective_from"]
                yield Violation("agency_ended", row, "reporting_unit_code", took_over[0], code, took_over[1])
        for code in sorted(before - there) if there else []:
            if code not in succession or succession[code]["successor"] not in there:
                yield Violation("agency_left_out", "reporting_roster.csv", "reporting_unit_code", "", code, str(year))
        before = there


def check_report_kinds(tables: ReferenceTables) -> Iterator[Violation]:
    """The flag `yearly` marks those kinds of reports that the warehouse orders as one history of a year."""
    flagged = tables.reference.report_kinds(yearly=True)
    for row in tables["code_lists"]:
        kind = row["code"]
        if row["code_list"] == "report_kinds" and (kind in flagged) != (kind in YEARLY_KINDS):
            expected = "yearly" if kind in YEARLY_KINDS else ""
            yield Violation("yearly_kind", row, "flags", kind, row["flags"], expected)
    for kind in sorted(YEARLY_KINDS - tables.reference.code_flags["report_kinds"].keys()):
        yield Violation("yearly_kind", "code_lists.csv", "code", kind, "", "yearly")


def _out_of_order(row: Row, column: str, subject: str, earlier: str, later: str) -> Violation:
    shown = f"{earlier} {row[earlier]}, {later} {row[later]}"
    return Violation("dates_out_of_order", row, column, subject, shown, f"{earlier} <= {later}")


CYCLE_CHECKS = (check_phases, check_cycles, check_roster, check_agencies, check_report_kinds)
