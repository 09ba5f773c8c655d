"""The units' rows in force, the organisation that each row is about, and who was supported.

The first half of the answer key. It shares nothing with the warehouse's own way: no module of ingestion,
expectations or warehouse is imported, and no workbook is read.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property, wraps
from typing import Any, TypeVar

from htx.example.reports.report import ListRow, Report, Sending, Snapshot
from htx.example.seeds import RosterUnit, Seeds

T = TypeVar("T")
ANNUAL_LAYERS = {"annual": 0, "annual_final": 1}
"""final figures lie over the yearly ones"""
MANAGED_KINDS = ("cooperative", "union", "credit_fund")
"""kinds of the registry that are cooperatives; the others are groups"""


def once(method: Callable[..., T]) -> Callable[..., T]:
    """Have a method of ReportedRows work out only once what it says of the same arguments."""

    @wraps(method)
    def remembering(self, *arguments):
        key = (method.__name__, *arguments)
        if key not in self.found:
            self.found[key] = method(self, *arguments)
        return self.found[key]

    return remembering


@dataclass(frozen=True)
class Row:
    """A row of a list that is in force, with the report that carries it."""

    values: ListRow
    report: Report

    def __getitem__(self, field_code: str):
        return self.values.get(field_code)

    def number(self, field_code: str) -> Fraction:
        """The number in a cell as it is written, a blank being none."""
        return Fraction(str(self.values.get(field_code) or 0))

    @property
    def in_order_of_receipt(self) -> tuple[int, datetime, str]:
        """By report year, then by the arrival of the file."""
        return self.report.report_year, self.report.received_at, self.report.file_name


@dataclass(frozen=True)
class UnitYear:
    """A unit's rows in force of a report year."""

    unit: RosterUnit
    base: Report | None
    first_received_at: datetime
    rows: dict[str, list[Row]]

    @property
    def counts(self) -> bool:
        """Figures of the whole new province are not figures of the programme's ground."""
        return self.base is None or self.base.data_scope != "whole_province"


@dataclass(frozen=True)
class ReportedRows:
    """All accepted reports and registry snapshots, and what follows from them."""

    seeds: Seeds
    reports: Sequence[Report]
    snapshots: Sequence[Snapshot]
    sendings: Sequence[Sending] = ()
    """what the province itself has sent"""
    unit_years: dict[tuple[int, str], UnitYear] = field(default_factory=dict)
    found: dict[tuple, Any] = field(default_factory=dict)
    """what was worked out once for a sheet or a year"""

    @cached_property
    def accepted(self) -> dict[tuple[int, str], list[Report]]:
        """(Report year, unit) -> its accepted reports of the year."""
        found: dict[tuple[int, str], list[Report]] = defaultdict(list)
        for report in self.reports:
            if report.accepted and report.report_kind in ANNUAL_LAYERS:
                found[report.report_year, report.unit_code].append(report)
        return found

    @cached_property
    def years(self) -> list[int]:
        return sorted({report.report_year for report in self.reports})

    def rows(self, sheet: str, year: int, unit_code: str | None = None) -> list[Row]:
        """The rows in force of a sheet and year that may count, of one unit or of all."""
        if unit_code:
            unit_year = self.unit_years.get((year, unit_code))
            return unit_year.rows.get(sheet, []) if unit_year and unit_year.counts else []
        return self._rows_of_all(sheet, year)

    @once
    def _rows_of_all(self, sheet: str, year: int) -> list[Row]:
        units = [unit_code for each_year, unit_code in self.unit_years if each_year == year]
        return [row for code in units for row in self.rows(sheet, year, code)]

    def rows_until(self, sheet: str, year: int) -> list[tuple[int, Row]]:
        return [(each, row) for each in self.years if each <= year for row in self.rows(sheet, each)]

    def province_rows(self, sheet: str, year: int) -> list[Row]:
        """One row for each organisation: of the unit on whose ground the registry sees it, else the first received."""
        return list(self.rows_by_organisation(sheet, year).values())

    @once
    def rows_by_organisation(self, sheet: str, year: int) -> dict[str, Row]:
        identify = self.group_identity if sheet == "02_THT" else registration_number
        known: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(sheet, year):
            known[identify(row)].append(row)
        return {
            organisation: rows[0] if len(rows) == 1 else self._row_of_the_province(organisation, rows, year)
            for organisation, rows in known.items()
        }

    @once
    def latest_rows(self, sheet: str, year: int) -> dict[str, Row]:
        """Organisation -> its latest row for the province, up to the year."""
        latest: dict[str, Row] = {}
        for each in self.years:
            if each <= year:
                latest |= self.rows_by_organisation(sheet, each)
        return latest

    def earlier_rows(self, number: str, year: int) -> list[Row]:
        """The province's rows of a cooperative in the years before."""
        known = [self.rows_by_organisation("01_HTX", each) for each in self.years if each < year]
        return [rows[number] for rows in known if number in rows]

    def is_estimate(self, row: Row) -> bool:
        """Whether the unit's report of that year, as a whole, gives estimates."""
        base = self.unit_years[row.report.report_year, row.report.unit_code].base
        return base is not None and base.value_kind == "estimate"

    def _row_of_the_province(self, organisation: str, rows: list[Row], year: int) -> Row:
        first_received = min(rows, key=lambda row: (row.report.received_at, row.report.file_name))
        ground = self.seeds.grounds(self._registry_commune(organisation, year) or "")
        at_home = [row for row in rows if self.unit_of(row).uid in ground]
        return at_home[0] if at_home else first_received

    def unit_of(self, row: Row) -> RosterUnit:
        return self.seeds.roster[row.report.report_year, row.report.unit_code]

    def snapshots_until(self, year: int) -> list[Snapshot]:
        """Those that speak of a day up to the year's cut-off, the last one first; else the earliest of all."""
        in_order = sorted(self.snapshots, key=lambda snapshot: snapshot.speaks_of)
        cut_off = self.seeds.cycles[year].registry_cut_off
        return [snapshot for snapshot in in_order if snapshot.speaks_of <= cut_off][::-1] or in_order[:1]

    def snapshot_of(self, year: int) -> Snapshot | None:
        return next(iter(self.snapshots_until(year)), None)

    def entries(self, snapshot: Snapshot) -> dict[str, ListRow]:
        """Registration number or group code -> the registry's entry."""
        if ("entries", snapshot.speaks_of) not in self.found:
            entries = {str(entry["registration_number"]): entry for entry in snapshot.cooperatives}
            self.found["entries", snapshot.speaks_of] = entries
        return self.found["entries", snapshot.speaks_of]

    def commune_of_entry(self, entry: ListRow) -> str | None:
        """The uid of the commune in the version in which the registry wrote its code."""
        place = self.seeds.commune_at(entry["commune_code"], entry["updated_at"].date())
        return place.uid if place else None

    def _registry_commune(self, number: str, year: int) -> str | None:
        snapshot = self.snapshot_of(year)
        entry = self.entries(snapshot).get(number) if snapshot else None
        return self.commune_of_entry(entry) if entry else None

    @cached_property
    def registered_on(self) -> dict[str, date]:
        """By the latest snapshot that knows the organisation, whatever its day."""
        return {
            entry["registration_number"]: entry["registered_on"]
            for snapshot in sorted(self.snapshots, key=lambda snapshot: snapshot.speaks_of)
            for entry in snapshot.cooperatives
        }

    @cached_property
    def cooperative_numbers(self) -> set[str]:
        reported = {row["registration_number"] for year in self.years for row in self.rows("01_HTX", year)}
        return reported | {
            entry["registration_number"]
            for snapshot in self.snapshots
            for entry in snapshot.cooperatives
            if entry["kind"] in MANAGED_KINDS
        }

    @cached_property
    def _codes_by_name(self) -> dict[tuple[str, str], str]:
        """Codes that were given with a name and place anywhere, for rows that give none."""
        return {
            self._name_and_place(row, report): row["group_code"]
            for report in self.reports
            if report.accepted
            for row in report.sheets.get("02_THT", ())
            if row.get("group_code")
        }

    def _name_and_place(self, row: ListRow, report: Report) -> tuple[str, str]:
        place = self.seeds.commune_at(str(row["commune_code"]), report.data_to)
        return normalise(str(row["group_name"])), self.seeds.last_successor(place.uid) if place else ""

    def identity_in(self, row: ListRow, report: Report) -> str:
        """The code given; else the one given elsewhere for this name and place; else one made of both."""
        if row.get("group_code"):
            return str(row["group_code"])
        name, place = self._name_and_place(row, report)
        return self._codes_by_name.get((name, place)) or issued_group_code(name, place)

    def group_identity(self, row: Row) -> str:
        return self.identity_in(row.values, row.report)

    @cached_property
    def _groups_by_name(self) -> dict[str, set[tuple[int, str, str]]]:
        """Normalised name -> (year, unit, identity) of the rows that bear it."""
        found: dict[str, set[tuple[int, str, str]]] = defaultdict(set)
        for year in self.years:
            for row in self.rows("02_THT", year):
                found[normalise(row["group_name"])].add((year, row.report.unit_code, self.group_identity(row)))
        return found

    @cached_property
    def _group_codes(self) -> set[str]:
        return {self.group_identity(row) for year in self.years for row in self.rows("02_THT", year)}

    def supported_organisation(self, action: Row) -> tuple[str, str] | None:
        """("cooperative", number) or ("group", identity) that a support action names; None when nobody knows it."""
        named = str(action["organisation_code"])
        if named in self.cooperative_numbers:
            return "cooperative", named
        if named in self._group_codes:
            return "group", named
        bearers = self._groups_by_name.get(normalise(named), set())
        at_home = {
            identity
            for year, unit, identity in bearers
            if (year, unit) == (action.report.report_year, action.report.unit_code)
        }
        everywhere = {identity for _, _, identity in bearers}
        for found in (at_home, everywhere):
            if len(found) == 1:
                return "group", found.pop()
        return None

    @cached_property
    def _support(self) -> dict[str, dict[tuple[str, str], Row]]:
        """Support kind -> organisation -> the first action, in the order of receipt."""
        found: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
        actions = [action for year in self.years for action in self.rows("03_HO_TRO", year)]
        for action in sorted(actions, key=lambda action: action.in_order_of_receipt):
            organisation = self.supported_organisation(action)
            if organisation:
                found[str(action["support_kind"])].setdefault(organisation, action)
        return found

    @once
    def first_actions(self, flag: str, year: int) -> dict[tuple[str, str], Row]:
        """Organisation -> its first action of a kind with this flag, up to the year."""
        found: dict[tuple[str, str], Row] = {}
        for kind in sorted(self.seeds.flagged("support_kinds", flag)):
            for organisation, action in self._support.get(kind, {}).items():
                known = found.get(organisation, action)
                if action.report.report_year <= year:
                    found[organisation] = min(known, action, key=lambda each: each.in_order_of_receipt)
        return found

    def is_supported(self, organisation: tuple[str, str], flag: str, year: int) -> bool:
        """Whether an action of a kind with this flag was reported for the organisation up to the year."""
        return organisation in self.first_actions(flag, year)

    @once
    def groups_become_cooperatives(self, year: int) -> dict[str, tuple[Row, frozenset[str]]]:
        """Groups that became cooperatives up to the year -> the first row that says so, the cooperatives they name."""
        ended = self.seeds.flagged("group_statuses", "counts_in_T02")
        named = [
            (row, self.group_identity(row), row["became_cooperative"])
            for _, row in self.rows_until("02_THT", year)
            if row["became_cooperative"] or row["status"] in ended
        ]
        named += [
            (row, str(row["predecessor_group_code"]), None)
            for _, row in self.rows_until("01_HTX", year)
            if row["predecessor_group_code"]
        ]
        found: dict[str, tuple[Row, frozenset[str]]] = {}
        for row, group, heir in sorted(named, key=lambda each: each[0].in_order_of_receipt):
            telling, heirs = found.get(group, (row, frozenset()))
            found[group] = telling, heirs | {str(heir)} if heir else heirs
        return found


def collect_rows(
    seeds: Seeds, reports: Iterable[Report], snapshots: Iterable[Snapshot], sendings: Iterable[Sending] = ()
) -> ReportedRows:
    """The rows in force of all reports; those not accepted only move the last time of receipt."""
    reported = ReportedRows(seeds, tuple(reports), tuple(snapshots), tuple(sendings))
    for key, own in reported.accepted.items():
        base, in_force = reports_in_force(own)
        reported.unit_years[key] = UnitYear(
            unit=seeds.roster[key],
            base=base,
            first_received_at=min(report.received_at for report in own),
            rows=_rows_in_force(reported, in_force),
        )
    return reported


def reports_in_force(reports: Sequence[Report]) -> tuple[Report | None, list[Report]]:
    """The last full report of a unit's year, and it with the corrections that came after it, in order."""
    in_order = sorted(reports, key=lambda r: (ANNUAL_LAYERS[r.report_kind], r.received_at, r.file_name))
    whole = [place for place, report in enumerate(in_order) if report.submission_kind != "partial_correction"]
    if not whole:
        return None, in_order
    return in_order[whole[-1]], in_order[whole[-1] :]


def _rows_in_force(reported: ReportedRows, reports: Sequence[Report]) -> dict[str, list[Row]]:
    found: dict[str, dict[tuple, Row]] = defaultdict(dict)
    for report in reports:
        for sheet, rows in report.sheets.items():
            for values in rows:
                if sheet == "02_THT":
                    key: tuple = (reported.identity_in(values, report),)
                else:
                    key = tuple(values.get(code) for code in reported.seeds.sheets[sheet].key)
                found[sheet][key] = Row(values, report)
    return {sheet: list(rows.values()) for sheet, rows in found.items()}


def issued_group_code(name: str, place: str) -> str:
    """The code that a group without one gets: of its name and the uid of the commune that its ground came to."""
    return "THT-" + hashlib.md5(f"{normalise(name)}|{place}".encode()).hexdigest()[:8].upper()


def normalise(name: str) -> str:
    """NFC, blanks folded, lower case; diacritics stay."""
    return " ".join(unicodedata.normalize("NFC", name).split()).lower()


def registration_number(row: Row) -> str:
    return str(row["registration_number"])
