"""The units' rows in force, the organisation that each row is about, and who was supported.

The first half of the answer key. It shares nothing with the warehouse's own way: no module of ingestion,
expectations or warehouse is imported, and no workbook is read.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property, wraps
from typing import Any, TypeVar

from htx.example.reports.report import ListRow, Report, Snapshot
from htx.example.seeds import RosterUnit, Seeds

T = TypeVar("T")
Organisation = tuple[str, str]
"""("cooperative", registration number) or ("group", code)"""
ANNUAL_LAYERS = {"annual": 0, "annual_final": 1}
"""final figures lie over the yearly ones"""
MANAGED_KINDS = ("cooperative", "union", "credit_fund")
"""kinds of the registry that are cooperatives; the others are groups"""


def once(method: Callable[..., T]) -> Callable[..., T]:
    """Keep in `found` of the first argument what a method says of the others, and work it out only once."""

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
    unit: RosterUnit
    is_estimate: bool
    """whether the unit's report of that year, as a whole, gives estimates"""
    organisation: Organisation | None
    """of 01_HTX, 02_THT and 06_NO"""

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

    base: Report | None
    first_received_at: datetime
    rows: dict[str, list[Row]]

    @property
    def counts(self) -> bool:
        """Figures of the whole new province are not figures of the programme's ground."""
        return self.base is None or self.base.data_scope != "whole_province"


@dataclass(frozen=True)
class ReportedRows:
    """All accepted reports and registry snapshots, and what follows from them. Reports that are not accepted only move
    the last time of receipt."""

    seeds: Seeds
    reports: Sequence[Report]
    snapshots: Sequence[Snapshot]
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
    def unit_years(self) -> dict[tuple[int, str], UnitYear]:
        found = {}
        for key, own in self.accepted.items():
            base, in_force = reports_in_force(own)
            received_at = min(report.received_at for report in own)
            found[key] = UnitYear(base, received_at, self._rows_in_force(self.seeds.roster[key], base, in_force))
        return found

    def _rows_in_force(self, unit: RosterUnit, base: Report | None, reports: list[Report]) -> dict[str, list[Row]]:
        is_estimate = base is not None and base.value_kind == "estimate"
        found: dict[str, dict[Any, Row]] = defaultdict(dict)
        for report in reports:
            for sheet, rows in report.sheets.items():
                for values in rows:
                    organisation = None
                    key: tuple = tuple(values.get(code) for code in self.seeds.sheets[sheet].key)
                    if sheet == "02_THT":
                        key = organisation = ("group", self._group_identity(values, report))
                    elif sheet in ("01_HTX", "06_NO"):
                        organisation = ("cooperative", str(values["registration_number"]))
                    found[sheet][key] = Row(values, report, unit, is_estimate, organisation)
        return {sheet: list(rows.values()) for sheet, rows in found.items()}

    @cached_property
    def years(self) -> list[int]:
        return sorted({report.report_year for report in self.reports})

    @once
    def silent_units(self, year: int) -> list[RosterUnit]:
        """The mandatory units of the year that sent nothing."""
        return [
            unit for unit in self.seeds.units_of(year) if unit.mandatory and (year, unit.code) not in self.unit_years
        ]

    # Rows --------------------------------------------------------------------------------------------------

    def rows(self, sheet: str, year: int, unit: RosterUnit | None = None) -> list[Row]:
        """The rows in force of a sheet and year that may count, of one unit or of all."""
        if unit:
            unit_year = self.unit_years.get((year, unit.code))
            return unit_year.rows.get(sheet, []) if unit_year and unit_year.counts else []
        return self._rows_of_all(sheet, year)

    @once
    def _rows_of_all(self, sheet: str, year: int) -> list[Row]:
        units = [self.seeds.roster[key] for key in self.unit_years if key[0] == year]
        return [row for unit in units for row in self.rows(sheet, year, unit)]

    @once
    def rows_until(self, sheet: str, year: int) -> list[Row]:
        """Of the year and all before, in the order of receipt."""
        rows = [row for each in self.years if each <= year for row in self.rows(sheet, each)]
        return sorted(rows, key=lambda row: row.in_order_of_receipt)

    def rows_of_organisations(self, sheet: str, year: int, unit: RosterUnit | None) -> list[Row]:
        """A unit's own rows or, for the province, one row for each organisation."""
        return self.rows(sheet, year, unit) if unit else list(self.rows_by_organisation(sheet, year).values())

    @once
    def rows_by_organisation(self, sheet: str, year: int) -> dict[Organisation, Row]:
        """Its row for the province: of the unit on whose ground the registry sees it, else the first received."""
        known: dict[Any, list[Row]] = defaultdict(list)
        for row in sorted(self.rows(sheet, year), key=lambda row: row.in_order_of_receipt):
            known[row.organisation].append(row)
        found = {}
        for organisation, rows in known.items():
            entry = self._entries(year).get(organisation[1]) if len(rows) > 1 else None
            ground = self.seeds.grounds(self.commune_of_entry(entry) or "") if entry else []
            found[organisation] = next((row for row in rows if row.unit.uid in ground), rows[0])
        return found

    # The registry ------------------------------------------------------------------------------------------

    def snapshots_until(self, year: int) -> list[Snapshot]:
        """Those that speak of a day up to the year's cut-off, the last one first; else the earliest of all."""
        in_order = sorted(self.snapshots, key=lambda snapshot: snapshot.speaks_of)
        cut_off = self.seeds.cycles[year].registry_cut_off
        return [snapshot for snapshot in in_order if snapshot.speaks_of <= cut_off][::-1] or in_order[:1]

    def snapshot_of(self, year: int) -> Snapshot | None:
        return next(iter(self.snapshots_until(year)), None)

    @once
    def _entries(self, year: int) -> dict[str, ListRow]:
        """Registration number or group code -> the entry in the registry of the year."""
        snapshot = self.snapshot_of(year)
        return {str(entry["registration_number"]): entry for entry in snapshot.cooperatives} if snapshot else {}

    def commune_of_entry(self, entry: ListRow) -> str | None:
        """The uid of the commune in the version in which the registry wrote its code."""
        place = self.seeds.commune_at(entry["commune_code"], entry["updated_at"].date())
        return place.uid if place else None

    @cached_property
    def registered_on(self) -> dict[str, date]:
        """By the latest snapshot that knows the organisation, whatever its day."""
        in_order = sorted(self.snapshots, key=lambda snapshot: snapshot.speaks_of)
        entries = [entry for snapshot in in_order for entry in snapshot.cooperatives]
        return {entry["registration_number"]: entry["registered_on"] for entry in entries}

    # Which group, and who was supported --------------------------------------------------------------------

    @cached_property
    def _codes_by_name(self) -> dict[tuple[str, str], str]:
        """Codes that were given with a name and place anywhere, for rows that give none."""
        accepted = [report for report in self.reports if report.accepted]
        rows = [(row, report) for report in accepted for row in report.sheets.get("02_THT", ())]
        return {self._name_and_place(*each): each[0]["group_code"] for each in rows if each[0].get("group_code")}

    def _name_and_place(self, row: ListRow, report: Report) -> tuple[str, str]:
        place = self.seeds.commune_at(str(row["commune_code"]), report.data_to)
        return normalise(str(row["group_name"])), self.seeds.last_successor(place.uid) if place else ""

    def _group_identity(self, row: ListRow, report: Report) -> str:
        """The code given; else the one given elsewhere for this name and place; else one made of both."""
        if row.get("group_code"):
            return str(row["group_code"])
        name, place = self._name_and_place(row, report)
        return self._codes_by_name.get((name, place)) or issued_group_code(name, place)

    @cached_property
    def _organisations(self) -> dict[str, Organisation]:
        """Registration number or group code -> the organisation, of all that anybody reports or the registry knows."""
        last = self.years[-1]
        rows = [*self.rows_until("02_THT", last), *self.rows_until("01_HTX", last)]
        found = {row.organisation[1]: row.organisation for row in rows if row.organisation}
        entries = [entry for snapshot in self.snapshots for entry in snapshot.cooperatives]
        numbers = [str(entry["registration_number"]) for entry in entries if entry["kind"] in MANAGED_KINDS]
        return found | {number: ("cooperative", number) for number in numbers}

    @cached_property
    def _supported(self) -> list[tuple[Organisation, Row]]:
        """Support actions with the organisation that each names by its code or its name, in the order of receipt."""
        bearers: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows_until("02_THT", self.years[-1]):
            bearers[normalise(row["group_name"])].append(row)
        found = []
        for action in self.rows_until("03_HO_TRO", self.years[-1]):
            named = str(action["organisation_code"])
            everywhere = {row.organisation for row in bearers[normalise(named)] if row.organisation}
            at_home = {row.organisation for row in bearers[normalise(named)] if row.unit == action.unit}
            known = [each for each in (at_home, everywhere) if len(each) == 1]
            organisation = self._organisations.get(named) or (known[0].pop() if known else None)
            if organisation:
                found.append((organisation, action))
        return found

    @once
    def first_actions(self, flag: str, year: int) -> dict[Organisation, Row]:
        """Organisation -> its first action of a kind with this flag, up to the year."""
        return self._first_of(self.seeds.flagged("support_kinds", flag), year)

    @once
    def first_strengthened(self, year: int) -> dict[Organisation, Row]:
        """Organisation -> its first action of a kind that strengthens by the decision of the year, up to the year."""
        return self._first_of(self.seeds.decided("A20", year).split(), year)

    def _first_of(self, kinds: Collection[str], year: int) -> dict[Organisation, Row]:
        found: dict[Organisation, Row] = {}
        for organisation, action in self._supported:
            if action["support_kind"] in kinds and action.report.report_year <= year:
                found.setdefault(organisation, action)
        return found

    @once
    def groups_become_cooperatives(self, year: int) -> dict[Organisation, tuple[Row, frozenset[str]]]:
        """Groups that became cooperatives up to the year -> the first row that says so, the cooperatives they name."""
        ended = self.seeds.flagged("group_statuses", "counts_in_T02")
        named: list[tuple[Row, Any, str | None]] = [
            (row, row.organisation, row["became_cooperative"])
            for row in self.rows_until("02_THT", year)
            if row["became_cooperative"] or row["status"] in ended
        ]
        named += [
            (row, ("group", str(row["predecessor_group_code"])), None)
            for row in self.rows_until("01_HTX", year)
            if row["predecessor_group_code"]
        ]
        found: dict[Organisation, tuple[Row, frozenset[str]]] = {}
        for row, group, heir in sorted(named, key=lambda each: each[0].in_order_of_receipt):
            telling, heirs = found.get(group, (row, frozenset()))
            found[group] = telling, heirs | {str(heir)} if heir else heirs
        return found


def reports_in_force(reports: Sequence[Report]) -> tuple[Report | None, list[Report]]:
    """The last full report of a unit's year, and it with the corrections that came after it, in order."""
    in_order = sorted(reports, key=lambda r: (ANNUAL_LAYERS[r.report_kind], r.received_at, r.file_name))
    whole = [place for place, report in enumerate(in_order) if report.submission_kind != "partial_correction"]
    if not whole:
        return None, in_order
    return in_order[whole[-1]], in_order[whole[-1] :]


def issued_group_code(name: str, place: str) -> str:
    """The code that a group without one gets: of its name and the uid of the commune that its ground came to."""
    return "THT-" + hashlib.md5(f"{normalise(name)}|{place}".encode()).hexdigest()[:8].upper()


def normalise(name: str) -> str:
    """NFC, blanks folded, lower case; diacritics stay."""
    return " ".join(unicodedata.normalize("NFC", name).split()).lower()
