"""What the answer key counts with: exact numbers, and what each thing that counts adds to which figure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from htx.example.reports.reported_rows import Organisation, Row
from htx.example.tables import read_csv, record

TOTAL = "total"
NOT_STATED = "not_stated"
"""breakdown code of what an organisation left blank"""


class Cell(NamedTuple):
    """One figure of an indicator, or the part of it that a code of a breakdown has."""

    indicator_code: str
    measure_code: str = "value"
    breakdown: str = TOTAL
    breakdown_code: str = TOTAL

    @property
    def total(self) -> "Cell":
        return Cell(self.indicator_code, self.measure_code)


class Place(NamedTuple):
    """Where something counts: with an organisation or with a unit."""

    organisation: Organisation | None = None
    unit_uid: str | None = None
    commune_uid: str | None = None
    """where the registry has the organisation, for what is counted in it"""


@dataclass(frozen=True)
class Contribution:
    """What one thing that counts adds to one cell. Counts have no denominator."""

    cell: Cell
    place: Place
    is_estimate: bool
    numerator: Fraction
    denominator: Fraction | None = None
    reported_by: str | None = None
    """uid of the unit whose row it is"""


@dataclass(frozen=True)
class Rule:
    """A line of counted.csv: which things of a list count for a figure, and what of them is added up.

    Conditions, numerator, denominator and breakdowns are facts of the thing; `reporters`: the agencies whose books
    these are, where what others say of them is compared, not added."""

    list: str
    indicator_code: str
    measure_code: str
    conditions: frozenset[str]
    numerator: str
    denominator: str | None
    breakdowns: frozenset[str]
    reporters: frozenset[str]

    @property
    def cell(self) -> Cell:
        return Cell(self.indicator_code, self.measure_code)


RULES = [record(Rule, row) for row in read_csv(Path(__file__).with_name("counted.csv"))]


class Counted(NamedTuple):
    """A thing of a list that may count, with what is known of it."""

    list: str
    facts: Mapping[str, Any]
    place: Place
    is_estimate: bool = False
    reported_by: str | None = None


@dataclass
class Sum:
    """What the contributions to a cell come to."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    is_estimate: bool = False


@dataclass(frozen=True)
class Figure:
    """A value with what it was divided from. Counts have no denominator; a percentage without one has no value."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None


NOTHING = Figure(None, None, None)


def exact(value: object) -> Fraction:
    """The number in a cell as it is written; a float's shortest form is what its unit typed."""
    return Fraction(str(value))


def breakdown_code(value: object) -> str:
    """C and K as the form writes them; a blank is not stated."""
    if isinstance(value, bool):
        return "C" if value else "K"
    return NOT_STATED if value is None else str(value)


def counted(kind: str, row: Row, facts: Mapping[str, Any] | None = None) -> Counted:
    """A row of a list as a thing that may count: where its organisation is or, without one, with its unit."""
    place = Place(row.organisation) if row.organisation else Place(unit_uid=row.unit.uid)
    return Counted(kind, {**row.values, **(facts or {})}, place, row.is_estimate, row.unit.uid)


def contribute(thing: Counted) -> Iterator[Contribution]:
    """What a thing adds to the totals and breakdowns of the figures for which it counts; what is blank adds nothing."""
    facts = {"one": 1, **thing.facts}
    for rule in RULES:
        if rule.list != thing.list or not all(facts.get(condition) for condition in rule.conditions):
            continue
        if facts.get(rule.numerator) is None or (rule.reporters and facts["reporter"] not in rule.reporters):
            continue
        numbers = exact(facts[rule.numerator]), exact(facts[rule.denominator]) if rule.denominator else None
        yield Contribution(rule.cell, thing.place, thing.is_estimate, *numbers, thing.reported_by)
        for name in rule.breakdowns:
            part = Cell(*rule.cell[:2], name, breakdown_code(facts.get(name)))
            yield Contribution(part, thing.place, thing.is_estimate, *numbers, thing.reported_by)


def sum_up(contributions: Iterable[Contribution]) -> dict[Cell, Sum]:
    """What stands in each cell that anything contributes to."""
    found: dict[Cell, Sum] = {}
    for each in contributions:
        known = found.setdefault(each.cell, Sum())
        known.numerator += each.numerator
        known.denominator += each.denominator or 0
        known.is_estimate = known.is_estimate or each.is_estimate
    return found


def figure_of(aggregation: str, found: Sum | None) -> Figure:
    """The sum of a measure as a figure. `aggregation`: sum, percent or mean."""
    found = found or Sum()
    if aggregation == "sum":
        return Figure(found.numerator, None, found.numerator)
    factor = 100 if aggregation == "percent" else 1
    value = factor * found.numerator / found.denominator if found.denominator else None
    return Figure(found.numerator, found.denominator, value)
