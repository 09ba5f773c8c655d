"""Provinces, districts and communes by version: administrative_units.csv, their changes and their aliases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from warehouse.reference.csv_rows import read_rows
from warehouse.reference.names import name_key


@dataclass(frozen=True)
class AdministrativeUnit:
    """A province, district or commune in one version: uid = code@version."""

    uid: str
    code: str
    level: Literal["province", "district", "commune"]
    name_full: str
    name_short: str
    parent_uid: str | None
    valid_from: date | None
    valid_to: date | None
    is_programme_ground: bool

    def is_valid_at(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Alias:
    """Another way in which people write the name of a unit."""

    uid: str
    alias: str
    encoding: str
    risk: str | None

    @property
    def matches(self) -> bool:
        """Whether it identifies its unit: initials only suggest, names in a legacy encoding are decoded first."""
        return self.encoding.startswith("unicode") and "never" not in (self.risk or "")


class AdministrativeUnits(dict[str, AdministrativeUnit]):
    """The versions of all units by uid, with look-ups by code, name, day and succession."""

    def __init__(self, units: Iterable[AdministrativeUnit], successors: Mapping[str, str], aliases: Iterable[Alias]):
        """`successors`: uid -> uid of the unit that its territory belongs to after its last day."""
        super().__init__({unit.uid: unit for unit in units})
        self._successors = dict(successors)
        self.aliases = tuple(aliases)

    def communes_at(self, day: date, unit_uid: str | None = None) -> list[AdministrativeUnit]:
        """The communes of the programme's ground valid on the day, only those inside the unit if one is given."""
        return [
            unit
            for unit in self.values()
            if unit.level == "commune"
            and unit.is_programme_ground
            and unit.is_valid_at(day)
            and (unit_uid is None or self.is_inside(unit.uid, unit_uid))
        ]

    def commune_at(self, code: str, day: date) -> str | None:
        """The uid of the commune that bore the code on the day; the reform of the map reused codes."""
        return next((unit.uid for unit in self._communes_by_code.get(code, ()) if unit.is_valid_at(day)), None)

    def commune_by_name(self, name: str, unit_uid: str | None, day: date) -> str | None:
        """The uid of the one commune inside the unit, valid on the day, that is known by the name; else None.

        Aliases marked as suggestions only never match; those that need a district match inside their unit alone.
        """
        found = [
            uid
            for uid in self.communes_named(name)
            if self[uid].is_valid_at(day) and (unit_uid is None or self.is_inside(uid, unit_uid))
        ]
        return found[0] if len(found) == 1 else None

    def communes_named(self, name: str) -> list[str]:
        """The uids of all communes, of any time, that are known by the name."""
        return list(self._communes_by_name.get(name_key(name), ()))

    def names_of(self, uid: str) -> list[str]:
        """Every name by which the unit is known: the official one first."""
        return [self[uid].name_full, self[uid].name_short, *self._aliases_by_uid.get(uid, ())]

    def with_parents(self, uid: str) -> Iterator[str]:
        """The uid of the unit, then those of the units that it lies in, from the inside out."""
        above: str | None = uid
        while above and above in self:
            yield above
            above = self[above].parent_uid

    def is_inside(self, commune_uid: str, unit_uid: str) -> bool:
        """Whether the commune is, or lies in, the reporting unit. False for agencies, which have no ground."""
        return unit_uid in self.with_parents(commune_uid)

    def successor_at(self, uid: str, day: date) -> str | None:
        """The uid of the unit that the unit's ground belongs to on a day not before its own; None if unknown.

        Exact for communes: none was divided. Districts were abolished and have no successor.
        """
        seen = set()
        while not self[uid].is_valid_at(day):
            seen.add(uid)
            uid = self._successors.get(uid, "")
            if uid not in self or uid in seen:
                return None
        return uid

    def last_successor(self, uid: str) -> str:
        """The uid of the unit that the unit's ground belongs to after all known changes; itself if there is none."""
        seen = {uid}
        while self._successors.get(uid, uid) not in seen:
            uid = self._successors[uid]
            seen.add(uid)
        return uid

    @cached_property
    def _communes_by_code(self) -> dict[str, list[AdministrativeUnit]]:
        found: dict[str, list[AdministrativeUnit]] = defaultdict(list)
        for unit in self.values():
            if unit.level == "commune":
                found[unit.code].append(unit)
        return dict(found)

    @cached_property
    def _aliases_by_uid(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for alias in self.aliases:
            if alias.matches:
                found[alias.uid].append(alias.alias)
        return dict(found)

    @cached_property
    def _communes_by_name(self) -> dict[str, list[str]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for unit in self.values():
            if unit.level == "commune":
                for name in self.names_of(unit.uid):
                    found[name_key(name)][unit.uid] = None
        return {key: list(uids) for key, uids in found.items()}


def read_units(folder: Path) -> AdministrativeUnits:
    return AdministrativeUnits(
        (row.as_instance(AdministrativeUnit) for row in read_rows(folder / "administrative_units.csv")),
        {
            row["predecessor_uid"]: row["successor_uid"]
            for row in read_rows(folder / "administrative_unit_changes.csv", may_be_empty=True)
            if row.one_of("is_default_successor", "true", "false", "") == "true" and row["successor_uid"]
        },
        (row.as_instance(Alias) for row in read_rows(folder / "administrative_unit_aliases.csv", may_be_empty=True)),
    )
