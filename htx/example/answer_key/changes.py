"""The change of the province's figures on the year before, over the areas that gave a figure in both years.

Where districts gave way to communes, an area is the smallest that consists of whole units of both years. A percentage
of what units themselves have or do, and a count of units, is not compared once units that owe it have changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from htx.example.answer_key.figures import Cell, Contribution, Figure, Sum, figure_of, sum_up
from htx.example.answer_key.maps import Atlas
from htx.example.answer_key.statuses import HAS_A_VALUE
from htx.example.seeds import Measure, RosterUnit

OF_UNITS = ("0/1", "reporting unit")


@dataclass(frozen=True)
class Change:
    """One line of changes.csv."""

    indicator_code: str
    measure_code: str
    report_year: int
    change: Fraction | None
    areas_compared: int
    areas_expected: int


@dataclass(frozen=True)
class Known:
    """What a year knows: the totals of each unit by measure, the province's, and what is counted for it."""

    of_units: Mapping[RosterUnit, Mapping[Cell, tuple]]
    province: Mapping[Cell, tuple]
    contributions: Sequence[Contribution]


def changes(atlas: Atlas, measures: Mapping[Cell, Measure], years: Mapping[int, Known]) -> Iterator[Change]:
    for year, now in years.items():
        if before := years.get(year - 1):
            areas = _areas(atlas, list(before.of_units), list(now.of_units))
            for cell, measure in measures.items():
                yield _change(cell, measure, year, before, now, areas)


def _change(cell: Cell, measure: Measure, year: int, before: Known, now: Known, areas: list[set[str]]) -> Change:
    if measure.source != "submission":
        figures = [known.province[cell][0] for known in (before, now)]
        comparable = measure.aggregation == "sum" or not any(map(_has_changed, areas))
        return Change(*measure.code, year, _difference(figures) if comparable else None, 0, 0)
    owing = [area for area in areas if any(total[2].units_expected for total in _totals(cell, area, before, now))]
    of_units = measure.placed_by == "reporting_unit" and (measure.aggregation == "percent" or measure.unit in OF_UNITS)
    if of_units:
        areas = [] if any(map(_has_changed, owing)) else [area for area in areas if not _has_changed(area)]
    compared = [area for area in areas if _is_given(cell, area, before, now)]
    units = set().union(*compared)
    figures = []
    for known in (before, now):
        here = [each for each in known.contributions if each.cell == cell and each.reported_by in units]
        figures.append(figure_of(measure.aggregation, sum_up(here).get(cell, Sum())))
    both = sum(area in owing for area in compared)
    return Change(*measure.code, year, _difference(figures) if compared else None, both, len(owing))


def _has_changed(area: set[str]) -> bool:
    """Whether units of one year gave way to others of the next."""
    return len(area) > 1


def _difference(figures: Sequence[Figure]) -> Fraction | None:
    before, now = (figure.value for figure in figures)
    return None if before is None or now is None else now - before


def _totals(cell: Cell, area: set[str], *known: Known) -> Iterator[tuple]:
    return (
        totals[cell] for each in known for unit, totals in each.of_units.items() if unit.uid in area and cell in totals
    )


def _is_given(cell: Cell, area: set[str], *known: Known) -> bool:
    """Whether all who owe it gave it in each year, and anybody did."""
    of_years = [list(_totals(cell, area, each)) for each in known]
    return all(
        all(coverage.units_expected == coverage.units_reported for _, _, coverage in totals)
        and any(status in HAS_A_VALUE for _, status, _ in totals)
        for totals in of_years
    )


def _areas(atlas: Atlas, earlier: Iterable[RosterUnit], later: Iterable[RosterUnit]) -> list[set[str]]:
    """The sets of units whose grounds overlap, directly or through others; agencies of either year by themselves."""
    linked: dict[str, set[str]] = defaultdict(set)
    for unit in later:
        if unit.is_territorial:
            for each in atlas.roster_on_ground(unit.uid, unit.year - 1):
                linked[unit.uid].add(each.uid)
                linked[each.uid].add(unit.uid)
    found = [{uid} for uid in {unit.uid for unit in (*earlier, *later) if not unit.is_territorial}]
    while linked:
        area, waiting = set(), [next(iter(linked))]
        while waiting:
            uid = waiting.pop()
            if uid in linked:
                waiting += linked.pop(uid)
            area.add(uid)
        found.append(area)
    return found
