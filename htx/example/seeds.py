"""The reference data that the example needs, read from dbt's seeds with nothing but csv.

The warehouse reads the same files by other code (`warehouse.reference`): the answer key must not lean on it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from htx.example.tables import read_csv, record

SEEDS_FOLDER = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Place:
    """A province, district or commune in one version."""

    uid: str
    code: str
    level: str
    name_full: str
    name_short: str
    parent_uid: str
    valid_from: date | None
    valid_to: date | None

    def stands_at(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class RosterUnit:
    """A unit expected to report for a year."""

    year: int
    code: str
    uid: str
    kind: str
    mandatory: bool
    due_before: date | None

    @property
    def is_territorial(self) -> bool:
        return self.kind in ("district", "commune")


@dataclass(frozen=True)
class Cycle:
    """The dates of a report year."""

    phase: int
    units_due_before: date
    province_due_before: date
    deadline_is_inclusive: bool
    moves_to_next_working_day: bool
    final_due_before: date
    registry_cut_off: date


@dataclass(frozen=True)
class SheetForm:
    """A sheet of the form: who fills it in, its fields in order, and those that make its key."""

    applies_to: frozenset[str]
    fields: tuple[str, ...]
    key: tuple[str, ...]

    def applies(self, unit: RosterUnit) -> bool:
        return unit.kind in self.applies_to or unit.code in self.applies_to


@dataclass(frozen=True)
class Indicator:
    """An indicator with targets."""

    indicator_code: str
    unit: str
    comparator: str
    baseline: str
    can_fall: bool


@dataclass(frozen=True)
class Measure:
    """One figure of an indicator, as measures.csv declares it."""

    indicator_code: str
    measure_code: str
    unit: str
    source: str
    main_sheet: str
    answer_field: str
    duty_code: str
    aggregation: str
    needs_year_before: bool
    ceiling: str
    exists_for: str
    placed_by: str

    @property
    def code(self) -> tuple[str, str]:
        return self.indicator_code, self.measure_code


@dataclass(frozen=True)
class Seeds:
    """Reference data, keyed for look-up."""

    places: dict[str, Place]
    successors: dict[str, str]
    roster: dict[tuple[int, str], RosterUnit]
    cycles: dict[int, Cycle]
    sheets: dict[str, SheetForm]
    indicators: dict[str, Indicator]
    """those with targets"""
    targets: dict[str, list[tuple[int, float]]]
    """indicator -> year and value, in order of the year"""
    measures: list[Measure]
    """of all indicators"""
    codes_by_flag: dict[tuple[str, str], frozenset[str]]
    labels: dict[tuple[str, str], str]
    working_days: dict[date, bool]
    """the days of which it is announced whether they are worked"""
    decisions: list[tuple[str, int, str]]
    """decision, report year from which it holds, value"""
    duties: dict[str, tuple[str, ...]]
    """body (an agency's code, PC-D, PC-C) -> duty codes"""
    duty_figures: dict[str, dict[str, str]]
    """duty code -> what its events and people are, blank where it has none, and the most that its events can be"""
    agency_predecessors: dict[str, tuple[str, ...]]
    rule_severities: dict[str, str]
    plan_start: date
    last_years: frozenset[int]
    """the last report year of each phase"""
    baseline_day: date

    @cached_property
    def _communes_by_code(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for place in self.places.values():
            if place.level == "commune":
                found[place.code].append(place)
        return found

    def commune_at(self, code: str, day: date) -> Place | None:
        """The commune that bore the code on the day: the reform of 2025 used the codes again."""
        return next((place for place in self._communes_by_code.get(code, ()) if place.stands_at(day)), None)

    def successions(self, uid: str) -> list[str]:
        """A unit and those to which its ground came, one after the other."""
        found = [uid]
        while found[-1] in self.successors:
            found.append(self.successors[found[-1]])
        return found

    def last_successor(self, uid: str) -> str:
        """The uid of the unit that this unit's ground belongs to in the end."""
        return self.successions(uid)[-1]

    def grounds(self, uid: str) -> list[str]:
        """The commune itself, what it lies in, and its successors with what they lie in."""
        known = [each for each in self.successions(uid) if each in self.places]
        return [ground for each in known for ground in (each, self.places[each].parent_uid)]

    def flagged(self, code_list: str, flag: str) -> frozenset[str]:
        """The codes of a list that bear a flag."""
        return self.codes_by_flag.get((code_list, flag), frozenset())

    def decided(self, code: str, year: int) -> str:
        """The value of a decision in a report year: of its rows, the last that has begun."""
        held = [(begins, place) for place, (each, begins, _) in enumerate(self.decisions) if each == code]
        return self.decisions[max(each for each in held if each[0] <= year)[1]][2]

    def is_worked(self, day: date) -> bool:
        return self.working_days.get(day, day.weekday() < 5)

    def units_of(self, year: int) -> list[RosterUnit]:
        return [unit for unit in self.roster.values() if unit.year == year]

    def unit_name(self, unit: RosterUnit) -> str:
        place = self.places.get(unit.uid)
        return place.name_full if place else self.labels["agencies", unit.code]


def read_seeds(folder: Path = SEEDS_FOLDER) -> Seeds:
    """The seeds of a folder. FileNotFoundError or KeyError when they are not as expected."""
    folder = Path(folder)
    codes = _rows(folder, "code_lists")
    codes_by_flag: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in codes:
        for flag in row["flags"].split():
            codes_by_flag[row["code_list"], flag].add(row["code"])
    targets: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(folder, "targets"):
        targets[row["indicator_code"]].append((row["target_year"], row["target"]))
    columns = {"year": "report_year", "code": "reporting_unit_code", "uid": "unit_uid", "kind": "unit_kind"}
    units = [record(RosterUnit, row, **columns) for row in _rows(folder, "reporting_roster")]
    return Seeds(
        places={row["uid"]: record(Place, row) for row in _rows(folder, "administrative_units")},
        successors={
            row["predecessor_uid"]: row["successor_uid"]
            for row in _rows(folder, "administrative_unit_changes")
            if row["successor_uid"] and row["is_default_successor"] == "true"
        },
        roster={(unit.year, unit.code): unit for unit in units},
        cycles={int(row["report_year"]): record(Cycle, row) for row in _rows(folder, "report_cycles")},
        sheets=_sheets(folder),
        indicators={
            row["indicator_code"]: record(Indicator, row)
            for row in _rows(folder, "indicators")
            if row["indicator_code"].startswith("T")
        },
        targets={code: sorted((int(year), float(value)) for year, value in each) for code, each in targets.items()},
        measures=[record(Measure, row) for row in _rows(folder, "measures")],
        codes_by_flag={key: frozenset(codes) for key, codes in codes_by_flag.items()},
        labels={(row["code_list"], row["code"]): row["label_vi"] for row in codes},
        working_days={
            date.fromisoformat(row["day"]): row["is_working"] == "yes" for row in _rows(folder, "non_working_days")
        },
        decisions=[
            (row["decision_code"], int(row["valid_from_year"]), row["value"]) for row in _rows(folder, "decisions")
        ],
        duties=_grouped(_rows(folder, "duty_assignments"), "body", "duty_code"),
        duty_figures={row["duty_code"]: row for row in _rows(folder, "duty_figures")},
        agency_predecessors=_grouped(_rows(folder, "agency_succession"), "successor", "predecessor"),
        rule_severities={row["rule_code"]: row["severity"] for row in _rows(folder, "rules")},
        plan_start=min(date.fromisoformat(row["begins_on"]) for row in _rows(folder, "phases")),
        last_years=frozenset(date.fromisoformat(row["ends_on"]).year for row in _rows(folder, "phases")),
        baseline_day=date.fromisoformat(_rows(folder, "baselines")[0]["measured_on"]),
    )


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    return read_csv(folder / f"{name}.csv")


def _grouped(rows: list[dict[str, str]], key: str, column: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row[key]] = (*found.get(row[key], ()), row[column])
    return found


def _sheets(folder: Path) -> dict[str, SheetForm]:
    """Of the first version of the form, the one that the example fills in."""
    first = min(row["form_version"] for row in _rows(folder, "form_versions"))
    in_order = sorted(_rows(folder, "form_fields"), key=lambda row: int(row["field_order"]))
    rows = [row for row in in_order if row["form_version"] == first]
    fields = _grouped(rows, "sheet_code", "field_code")
    keys = _grouped([row for row in rows if row["measure"] == "key"], "sheet_code", "field_code")
    return {
        code: SheetForm(frozenset(row["applies_to"].split()), fields.get(code, ()), keys.get(code, ()))
        for row in _rows(folder, "form_sheets")
        if (code := row["sheet_code"]) and row["form_version"] == first
    }
