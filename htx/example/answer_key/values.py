"""Every figure with its status: of the province, its units and, on the two maps, its ground."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from htx.example.answer_key import activities, calendar, organisations, registry
from htx.example.answer_key.bounds import Bounds, Outlook
from htx.example.answer_key.calendar import PROVINCE
from htx.example.answer_key.changes import Change, Known, changes
from htx.example.answer_key.figures import (
    NOTHING,
    Cell,
    Contribution,
    Counted,
    Figure,
    Sum,
    contribute,
    figure_of,
    sum_up,
)
from htx.example.answer_key.maps import AS_REPORTED, MAPS, Atlas
from htx.example.answer_key.statuses import HAS_A_VALUE, owes, province_status, status_of_several, unit_status
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import Measure, RosterUnit

TOPICS: tuple[Callable[[ReportedRows, int, RosterUnit | None], Iterable[Counted]], ...] = (
    organisations.cooperatives, organisations.last_years_cooperatives, organisations.groups, organisations.models,
    organisations.debts, activities.courses, activities.officers, activities.priority_groups_and_funds,
    activities.duties, registry.entries, calendar.dates_kept,
)  # fmt: skip


class Coverage(NamedTuple):
    """How many units owe a figure, and how many of them gave it."""

    units_expected: int = 0
    units_reported: int = 0


class Total(NamedTuple):
    """A figure of a measure, with its status and coverage."""

    figure: Figure
    status: str
    coverage: Coverage = Coverage()


@dataclass(frozen=True)
class IndicatorValue:
    """One line of indicator_values.csv."""

    cell: Cell
    report_year: int
    unit_uid: str
    basis: str
    figure: Figure
    bounds: Bounds
    value_status: str
    coverage: Coverage

    @property
    def is_total(self) -> bool:
        return self.cell == self.cell.total


Totals = dict[Cell, Total]
BoundsOf = Callable[[Measure, Total], Bounds]


@dataclass(frozen=True)
class Count:
    """The whole count: the rows in force, and what follows from them year by year."""

    reported: ReportedRows
    atlas: Atlas
    outlook: Outlook
    known: dict[int, Known] = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[Cell, Measure]:
        return {Cell(*each.code): each for each in self.reported.seeds.measures}

    def of_the_years(self) -> Iterator[IndicatorValue]:
        for year in self.reported.years:
            contributions = self.outlook.contributions[year] = contributions_of(self.reported, year, None)
            units = self.reported.seeds.units_of(year)
            of_units = {unit: sum_up(contributions_of(self.reported, year, unit)) for unit in units}
            totals = {unit: unit_totals(self.reported, unit, found) for unit, found in of_units.items()}
            for unit in units:
                self._remember(year, AS_REPORTED, unit.uid, totals[unit])
            sums = sum_up(contributions)
            province = self._province_totals(year, sums, totals)
            self.known[year] = Known(totals, province, contributions)
            missing = {cell: [unit for unit in units if _is_missing(totals[unit].get(cell))] for cell in self.measures}

            def of_a_part(measure: Measure, total: Total, missing=missing) -> Bounds:
                return self.outlook.of_a_part(total.figure, total.status, missing[Cell(*measure.code)])

            def of_the_province(measure: Measure, total: Total, missing=missing) -> Bounds:
                here = missing[Cell(*measure.code)]
                return self.outlook.of_the_province(measure, total.figure, total.status, here)

            yield from self._lines(AS_REPORTED, year, PROVINCE, sums, province, of_the_province, of_a_part)
            for unit, found in of_units.items():

                def of_a_unit(measure: Measure, total: Total, unit=unit) -> Bounds:
                    is_owed = bool(total.coverage.units_expected)
                    return self.outlook.of_a_unit(measure, total.figure, total.status, unit, is_owed)

                yield from self._lines(AS_REPORTED, year, unit.uid, found, totals[unit], of_a_unit, of_a_part)
            on_maps = {cell: total for cell, total in province.items() if self.measures[cell].exists_for != "units"}
            for basis in MAPS:
                placed = self._placed(basis, year, contributions)
                for uid, drawn in self._drawn(basis, year, placed, totals).items():
                    self._remember(year, basis, uid, drawn)
                    yield from self._lines(basis, year, uid, placed.get(uid, {}), drawn, of_a_part, of_a_part)
                yield from self._lines(basis, year, PROVINCE, sums, on_maps, of_the_province, of_a_part)

    def _lines(
        self,
        basis: str,
        year: int,
        uid: str,
        sums: dict[Cell, Sum],
        totals: Totals,
        bounds_of: BoundsOf,
        bounds_of_a_part: BoundsOf,
    ) -> Iterator[IndicatorValue]:
        """The totals, then the breakdowns of those that have a value, where anything contributes."""
        for cell, total in totals.items():
            bounds = bounds_of(self.measures[cell], total)
            yield IndicatorValue(cell, year, uid, basis, total.figure, bounds, total.status, total.coverage)
        for cell in sorted(sums):
            whole = totals.get(cell.total)
            if cell != cell.total and whole and whole.status in HAS_A_VALUE:
                measure = self.measures[cell.total]
                part = Total(figure_of(measure.aggregation, sums[cell]), whole.status, whole.coverage)
                bounds = bounds_of_a_part(measure, part)
                yield IndicatorValue(cell, year, uid, basis, part.figure, bounds, part.status, part.coverage)

    def _remember(self, year: int, basis: str, uid: str, totals: Totals) -> None:
        self.outlook.figures[year, basis, uid] = {cell: total.figure for cell, total in totals.items()}

    def _province_totals(self, year: int, sums: dict[Cell, Sum], of_units: dict[RosterUnit, Totals]) -> Totals:
        found = {}
        for cell, measure in self.measures.items():
            given = [totals[cell] for totals in of_units.values() if cell in totals]
            of_each = ((each.status, bool(each.coverage.units_expected)) for each in given)
            unsent = calendar.sending_status(self.reported, measure.indicator_code, year)
            status = unsent or province_status(measure, of_each)
            found[cell] = _total(measure, sums.get(cell), status, given)
        return found

    # Maps --------------------------------------------------------------------------------------------------

    def _placed(self, basis: str, year: int, contributions: list[Contribution]) -> dict[str, dict[Cell, Sum]]:
        """Unit of the map -> what comes together there."""
        by_unit: dict[str, list[Contribution]] = defaultdict(list)
        for each in contributions:
            if self.measures[each.cell.total].exists_for == "units_and_maps":
                by_unit[self.atlas.unit_at(basis, each.place, year)].append(each)
        return {uid: sum_up(found) for uid, found in by_unit.items()}

    def _drawn(
        self, basis: str, year: int, placed: dict[str, dict[Cell, Sum]], of_units: dict[RosterUnit, Totals]
    ) -> dict[str, Totals]:
        """Unit of the map -> its totals: all that the map shows, the agencies, and what else anything falls to."""
        own = {unit.uid: totals for unit, totals in of_units.items()}
        shown = [*self.atlas.units(basis), *(unit.uid for unit in of_units if not unit.is_territorial)]
        drawn = {cell: each for cell, each in self.measures.items() if each.exists_for == "units_and_maps"}
        found: dict[str, Totals] = {}
        for uid in [*shown, *sorted(set(placed) - set(shown))]:
            on_ground = self.atlas.roster_on_ground(uid, year)
            neighbours = [of_units[unit] for unit in on_ground]
            within = [of_units[unit] for unit in on_ground if self.atlas.lies_within(basis, unit.uid, uid, year)]
            found[uid] = {}
            for cell, measure in drawn.items():
                here = placed.get(uid, {}).get(cell)
                if here or uid in shown:
                    heard = neighbours if measure.placed_by == "organisation" else within
                    given = [own[uid][cell]] if uid in own else [totals[cell] for totals in heard]
                    status = status_on_a_map(here, [each.status for each in given], is_its_own=uid in own)
                    found[uid][cell] = _total(measure, here, status, given)
        return found


def indicator_values(reported: ReportedRows) -> list[IndicatorValue]:
    """All figures of each year that anyone reported on, the province first, then units, then the maps."""
    return values_and_changes(reported)[0]


def values_and_changes(reported: ReportedRows) -> tuple[list[IndicatorValue], list[Change]]:
    """These, and how the province's have changed on the year before."""
    count = Count(reported, Atlas(reported), Outlook(reported))
    values = list(count.of_the_years())
    return values, list(changes(count.atlas, count.measures, count.known))


def unit_totals(reported: ReportedRows, unit: RosterUnit, found: dict[Cell, Sum]) -> Totals:
    """The figures of one unit for the year of its place on the roster, each with its status."""
    totals = {}
    for measure in reported.seeds.measures:
        if measure.exists_for != "province":
            sums = found.get(Cell(*measure.code))
            figure, status, _ = _total(measure, sums, unit_status(reported, unit, measure, sums))
            is_owed = owes(reported, unit, measure)
            coverage = Coverage(int(is_owed), int(is_owed and status in HAS_A_VALUE))
            totals[Cell(*measure.code)] = Total(figure, status, coverage)
    return totals


def target_figures(reported: ReportedRows, unit: RosterUnit) -> dict[str, Figure]:
    """T01 to T14 of one unit for the year of its place on the roster."""
    totals = unit_totals(reported, unit, sum_up(contributions_of(reported, unit.year, unit)))
    indicators = reported.seeds.indicators
    own = {cell: each.figure for cell, each in totals.items() if cell.measure_code == "value"}
    return {cell.indicator_code: figure for cell, figure in own.items() if cell.indicator_code in indicators}


def status_on_a_map(here: Sum | None, statuses: list[str], is_its_own: bool) -> str:
    """`statuses`: its own on the roster, or those of the units on its ground. What lies there has been reported,
    by either unit, so that the units of a map add up to the province."""
    if is_its_own and statuses[0] in ("reported", "estimated"):
        return statuses[0]
    if here:
        return "estimated" if here.is_estimate else "reported"
    if is_its_own:
        return statuses[0]
    return status_of_several(statuses)


def contributions_of(reported: ReportedRows, year: int, unit: RosterUnit | None) -> list[Contribution]:
    """Of a unit or, without one, of the province."""
    found = [each for topic in TOPICS for thing in topic(reported, year, unit) for each in contribute(thing)]
    return [*found, *organisations.matched_panel(reported, year, unit)]


def _is_missing(total: Total | None) -> bool:
    return total is not None and total.coverage.units_reported < total.coverage.units_expected


def _total(measure: Measure, found: Sum | None, status: str, of_units: Iterable[Total] = ()) -> Total:
    """`of_units`: what the units have of it, for the coverage that they come to."""
    figure = figure_of(measure.aggregation, found) if status in HAS_A_VALUE else NOTHING
    of_each = [each.coverage for each in of_units]
    expected, reported = (sum(each[number] for each in of_each) for number in (0, 1))
    return Total(figure, status, Coverage(expected, reported))
