"""What the answer key counts with: exact numbers, and what each thing that counts adds to which figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

TOTAL = "total"
NOT_STATED = "not_stated"
"""breakdown code of what an organisation left blank"""


class Measure(NamedTuple):
    """One figure of an indicator."""

    indicator_code: str
    measure_code: str = "value"


class Cell(NamedTuple):
    """One figure of an indicator, or the part of it that a code of a breakdown has."""

    indicator_code: str
    measure_code: str
    breakdown: str = TOTAL
    breakdown_code: str = TOTAL

    @property
    def measure(self) -> Measure:
        return Measure(self.indicator_code, self.measure_code)


class Place(NamedTuple):
    """Where something counts: with an organisation, ("cooperative", number) or ("group", code), or with a unit."""

    organisation: tuple[str, str] | None = None
    unit_uid: str | None = None
    commune_uid: str | None = None
    """where the registry has the organisation, for what is counted in it"""


@dataclass(frozen=True)
class Contribution:
    """What one thing that counts adds to one cell. Counts have no denominator."""

    cell: Cell
    numerator: Fraction
    denominator: Fraction | None
    place: Place
    is_estimate: bool


@dataclass
class Sum:
    """What the contributions to a cell come to."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    contributions: int = 0
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


def contribute(
    measure: Measure,
    place: Place,
    is_estimate: bool,
    numerator: Fraction | int,
    denominator: Fraction | int | None = None,
    **breakdowns: object,
) -> Iterator[Contribution]:
    """A contribution to the total of a measure, and the same to each breakdown: name -> code."""
    cells = [Cell(*measure)]
    cells += [Cell(*measure, name, breakdown_code(code)) for name, code in breakdowns.items()]
    for cell in cells:
        below = None if denominator is None else Fraction(denominator)
        yield Contribution(cell, Fraction(numerator), below, place, is_estimate)


def breakdown_code(value: object) -> str:
    """C and K as the form writes them; a blank is not stated."""
    if isinstance(value, bool):
        return "C" if value else "K"
    return NOT_STATED if value is None else str(value)


def sum_up(contributions: Iterable[Contribution]) -> dict[Cell, Sum]:
    """What stands in each cell that anything contributes to."""
    found: dict[Cell, Sum] = {}
    for each in contributions:
        known = found.setdefault(each.cell, Sum())
        known.numerator += each.numerator
        known.denominator += each.denominator or 0
        known.contributions += 1
        known.is_estimate = known.is_estimate or each.is_estimate
    return found


def figure_of(unit: str, found: Sum | None) -> Figure:
    """The sum of a measure as a figure. `unit`: percent, mean, or anything that is counted."""
    found = found or Sum()
    if unit not in ("percent", "mean"):
        return Figure(found.numerator, None, found.numerator)
    factor = 100 if unit == "percent" else 1
    value = factor * found.numerator / found.denominator if found.denominator else None
    return Figure(found.numerator, found.denominator, value)
