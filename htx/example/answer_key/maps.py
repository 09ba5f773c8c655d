"""Where what counts for the province lies on the maps of 2023 and of 2025."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from htx.example.answer_key.figures import Place
from htx.example.reports.reported_rows import Organisation, ReportedRows, once
from htx.example.seeds import RosterUnit, Seeds

AS_REPORTED, DISTRICTS, COMMUNES = "as_reported", "districts_2023", "communes_2025"
MAPS = (DISTRICTS, COMMUNES)
UNPLACED = "unplaced"
MAP_OF_KIND = {"district": DISTRICTS, "commune": COMMUNES}
"""the map on which a unit of the roster is drawn itself"""


@dataclass(frozen=True)
class Atlas:
    """The two maps, and the way of each commune, unit and organisation to a unit on them."""

    reported: ReportedRows
    found: dict[tuple, Any] = field(default_factory=dict)

    @property
    def seeds(self) -> Seeds:
        return self.reported.seeds

    # The ground --------------------------------------------------------------------------------------------

    @cached_property
    def _districts_by_commune(self) -> dict[str, set[str]]:
        """Every commune of any version -> the districts of 2023 in which its ground lay."""
        found: dict[str, set[str]] = defaultdict(set)
        for place in self.seeds.places.values():
            for uid in self.seeds.grounds(place.uid) if place.level == "commune" else ():
                ground = self.seeds.places.get(uid)
                if ground and ground.level == "district" and ground.stands_at(self.seeds.baseline_day):
                    for commune in self.seeds.successions(place.uid):
                        found[commune].add(uid)
        return dict(found)

    def units(self, basis: str) -> list[str]:
        """The uids of a map's units."""
        if basis == DISTRICTS:
            return sorted(set().union(*self._districts_by_commune.values()))
        return sorted({self.seeds.last_successor(uid) for uid in self._districts_by_commune})

    def roster_on_ground(self, uid: str, year: int) -> list[RosterUnit]:
        """The districts and communes of a year's roster on whose ground a unit of the map lies, be it in part."""
        districts = self._districts_by_commune
        return [
            unit
            for unit in self.seeds.units_of(year)
            if unit.is_territorial
            and (unit.uid == uid or uid in districts.get(unit.uid, ()) or unit.uid in districts.get(uid, ()))
        ]

    # The way to a unit -------------------------------------------------------------------------------------

    def unit_at(self, basis: str, place: Place, year: int) -> str:
        """The uid of the map's unit in which something counts, an agency's own, or `unplaced`."""
        if place.organisation:
            return self._unit_of_organisation(basis, place.organisation, place.commune_uid, year) or UNPLACED
        uid = place.unit_uid or UNPLACED
        if uid not in self.seeds.places:
            return uid
        if self.seeds.places[uid].level == "commune":
            return self._unit_of_commune(basis, uid) or UNPLACED
        return uid if basis == DISTRICTS else UNPLACED

    def lies_within(self, basis: str, unit_uid: str, uid: str, year: int) -> bool:
        """Whether the whole ground of a reporting unit is a unit's of the map: what it does as a unit lies there."""
        return self.unit_at(basis, Place(unit_uid=unit_uid), year) == uid

    def _unit_of_commune(self, basis: str, uid: str) -> str | None:
        """None where the ground of a commune lies in two districts."""
        if basis == COMMUNES:
            return self.seeds.last_successor(uid)
        districts = self._districts_by_commune.get(uid, set())
        return next(iter(districts)) if len(districts) == 1 else None

    def _unit_of_organisation(
        self, basis: str, organisation: Organisation, registered_in: str | None, year: int
    ) -> str | None:
        """By the commune where it is or, where its ground lies in two districts, by the one that it was in before."""
        known = self._communes_until(year).get(organisation, [])
        present = registered_in or (known[-1] if known else None)
        if present is None:
            return None
        before = [uid for uid in known if uid in self.seeds.successors]
        was_there = bool(before) and self.seeds.last_successor(before[-1]) == present
        return self._unit_of_commune(basis, present) or (
            self._unit_of_commune(basis, before[-1]) if was_there else None
        )

    @once
    def _communes_until(self, year: int) -> dict[Organisation, list[str]]:
        """Organisation -> the communes under which it was known up to the year; the last one is where it is.

        What its own unit reports comes before the registry: the registry's addresses may be old."""
        registered: dict[Organisation, list[tuple[date, str]]] = defaultdict(list)
        for snapshot in self.reported.snapshots_until(year):
            for entry in snapshot.cooperatives:
                kind = "group" if entry["kind"] == "group" else "cooperative"
                if uid := self.reported.commune_of_entry(entry):
                    registered[kind, str(entry["registration_number"])].append((snapshot.speaks_of, uid))
        reported: dict[Organisation, list[tuple[date, str]]] = defaultdict(list)
        for sheet in ("01_HTX", "02_THT"):
            for each in (each for each in self.reported.years if each <= year):
                for organisation, row in self.reported.rows_by_organisation(sheet, each).items():
                    place = self.seeds.commune_at(str(row["commune_code"]), row.report.data_to)
                    if place:
                        reported[organisation].append((row.report.data_to, place.uid))
        found = {}
        for organisation in registered.keys() | reported.keys():
            by_registry, by_units = registered.get(organisation, []), reported.get(organisation, [])
            in_order = sorted(by_registry + by_units, key=lambda day_and_uid: day_and_uid[0])
            found[organisation] = [uid for _, uid in (*in_order, by_units[-1] if by_units else max(by_registry))]
        return found
