"""Every figure with its status: of the province, its units and, on the two maps, its ground."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from htx.example.answer_key import calendar, registry
from htx.example.answer_key.bounds import OPEN, Bounds, Outlook
from htx.example.answer_key.calendar import PROVINCE
from htx.example.answer_key.contributions import cooperatives, duties, economy, groups, money, people, support
from htx.example.answer_key.figures import NOTHING, Cell, Contribution, Figure, Measure, Sum, figure_of, sum_up
from htx.example.answer_key.maps import AS_REPORTED, MAPS, Atlas
from htx.example.answer_key.statuses import (
    HAS_A_VALUE,
    OF_THE_PROVINCE_ALONE,
    follows_organisations,
    province_status,
    unit_status,
)
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import RosterUnit

TOPICS: tuple[Callable[[ReportedRows, int, RosterUnit | None], Iterable[Contribution]], ...] = (
    cooperatives.contributions, economy.of_economy, economy.of_resolved, groups.contributions, support.contributions,
    people.of_courses, people.of_officers, people.of_priority_groups, duties.contributions, money.contributions,
    registry.contributions, calendar.contributions,
)  # fmt: skip
OF_TARGETS = (cooperatives.contributions, groups.contributions, people.of_courses, people.of_officers)
"""the topics among them that T01 to T14 come from"""
ON_NO_MAP = ("C04",)
"""priority groups are shown as reported only"""


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

    @property
    def is_total(self) -> bool:
        return self.cell == Cell(*self.cell.measure)


Totals = dict[Measure, tuple[Figure, str]]


@dataclass(frozen=True)
class Count:
    """The whole count: the rows in force, and what follows from them year by year."""

    reported: ReportedRows
    atlas: Atlas
    outlook: Outlook

    @cached_property
    def units(self) -> dict[Measure, str]:
        """Measure -> what it is given in."""
        return {Measure(each.indicator_code, each.measure_code): each.unit for each in self.reported.seeds.measures}

    def of_the_years(self) -> Iterator[IndicatorValue]:
        for year in self.reported.years:
            contributions = _contributions(self.reported, year, None)
            sums = sum_up(contributions)
            units = self.reported.seeds.units_of(year)
            of_units = {unit: sum_up(_contributions(self.reported, year, unit)) for unit in units}
            totals = {unit: unit_totals(self.reported, unit, found) for unit, found in of_units.items()}
            province = self._province_totals(year, sums, totals)
            placed = {basis: self._placed(basis, year, contributions) for basis in MAPS}
            drawn = {basis: self._drawn(basis, year, placed[basis], totals) for basis in MAPS}
            self._remember(year, totals, drawn)
            yield from self._of_the_province(AS_REPORTED, year, sums, province)
            for unit, found in of_units.items():
                yield from self._of_a_unit(year, unit, found, totals[unit])
            for basis in MAPS:
                yield from self._on_a_map(basis, year, placed[basis], drawn[basis])
                yield from self._of_the_province(basis, year, sums, province)

    # The totals, with their statuses -----------------------------------------------------------------------

    def _province_totals(self, year: int, sums: dict[Cell, Sum], of_units: dict[RosterUnit, Totals]) -> Totals:
        found = {}
        for measure, unit in self.units.items():
            statuses = (totals[measure][1] for totals in of_units.values() if measure in totals)
            status = province_status(self.reported, year, measure, statuses)
            figure = figure_of(unit, sums.get(Cell(*measure)))
            found[measure] = (figure if status in HAS_A_VALUE else NOTHING, status)
        return found

    def _placed(self, basis: str, year: int, contributions: list[Contribution]) -> dict[str, dict[Cell, Sum]]:
        """Unit of the map -> what comes together there."""
        by_unit: dict[str, list[Contribution]] = defaultdict(list)
        for each in contributions:
            if _is_drawn(each.cell.measure):
                by_unit[self.atlas.unit_at(basis, each.place, year)].append(each)
        return {uid: sum_up(found) for uid, found in by_unit.items()}

    def _drawn(
        self, basis: str, year: int, placed: dict[str, dict[Cell, Sum]], of_units: dict[RosterUnit, Totals]
    ) -> dict[str, Totals]:
        """Unit of the map -> its totals: all that the map shows, the agencies, and what else anything falls to."""
        own = {unit.uid: totals for unit, totals in of_units.items()}
        agencies = [unit.uid for unit in of_units if not unit.is_territorial]
        shown = [*self.atlas.units(basis), *agencies]
        found: dict[str, Totals] = {}
        for uid in [*shown, *sorted(set(placed) - set(shown))]:
            on_ground = self.atlas.roster_on_ground(basis, uid, year)
            neighbours = [of_units[unit] for unit in on_ground]
            within = [of_units[unit] for unit in on_ground if self.atlas.lies_within(basis, unit.uid, uid, year)]
            found[uid] = {}
            for measure, unit in self.units.items():
                here = placed.get(uid, {}).get(Cell(*measure))
                if not _is_drawn(measure) or (here is None and uid not in shown):
                    continue
                heard = neighbours if follows_organisations(self.reported, measure) else within
                statuses = [own[uid][measure][1]] if uid in own else [totals[measure][1] for totals in heard]
                status = status_on_a_map(here, statuses, is_its_own=uid in own)
                found[uid][measure] = (figure_of(unit, here) if status in HAS_A_VALUE else NOTHING, status)
        return found

    def _remember(self, year: int, of_units: dict[RosterUnit, Totals], drawn: dict[str, dict[str, Totals]]) -> None:
        where = {(AS_REPORTED, unit.uid): totals for unit, totals in of_units.items()}
        where |= {(basis, uid): totals for basis, units in drawn.items() for uid, totals in units.items()}
        for (basis, uid), totals in where.items():
            self.outlook.figures[year, basis, uid] = {measure: figure for measure, (figure, _) in totals.items()}

    # The lines ---------------------------------------------------------------------------------------------

    def _of_a_unit(
        self, year: int, unit: RosterUnit, sums: dict[Cell, Sum], totals: Totals
    ) -> Iterator[IndicatorValue]:
        for measure, (figure, status) in totals.items():
            bounds = self.outlook.of_a_unit(measure, self.units[measure], unit, figure, status)
            yield IndicatorValue(Cell(*measure), year, unit.uid, AS_REPORTED, figure, bounds, status)
        yield from self._parts(AS_REPORTED, year, unit.uid, sums, totals)

    def _of_the_province(
        self, basis: str, year: int, sums: dict[Cell, Sum], province: Totals
    ) -> Iterator[IndicatorValue]:
        drawn = {measure: total for measure, total in province.items() if basis == AS_REPORTED or _has_maps(measure)}
        for measure, (figure, status) in drawn.items():
            bounds = self.outlook.of_the_province(measure, self.units[measure], year, figure)
            bounds = OPEN if status == "not_applicable" else bounds
            yield IndicatorValue(Cell(*measure), year, PROVINCE, basis, figure, bounds, status)
        yield from self._parts(basis, year, PROVINCE, sums, drawn)

    def _on_a_map(
        self, basis: str, year: int, placed: dict[str, dict[Cell, Sum]], drawn: dict[str, Totals]
    ) -> Iterator[IndicatorValue]:
        for uid, totals in drawn.items():
            for measure, (figure, status) in totals.items():
                bounds = self._settled(measure, year, figure.value)
                yield IndicatorValue(Cell(*measure), year, uid, basis, figure, bounds, status)
            yield from self._parts(basis, year, uid, placed.get(uid, {}), totals)

    def _parts(
        self, basis: str, year: int, uid: str, sums: dict[Cell, Sum], totals: Totals
    ) -> Iterator[IndicatorValue]:
        """The breakdowns of the totals that have a value, where anything contributes."""
        for cell in sorted(sums):
            total = totals.get(cell.measure)
            if cell == Cell(*cell.measure) or total is None or total[1] not in HAS_A_VALUE:
                continue
            figure = figure_of(self.units[cell.measure], sums[cell])
            bounds = self._settled(cell.measure, year, figure.value)
            yield IndicatorValue(cell, year, uid, basis, figure, bounds, total[1])

    def _settled(self, measure: Measure, year: int, value: Fraction | None) -> Bounds:
        """Parts and maps are bounded only when nobody is missing: who is may stand anywhere in them."""
        return OPEN if self.outlook.missing(measure, year) else (value, value)


def indicator_values(reported: ReportedRows) -> list[IndicatorValue]:
    """All figures of each year that anyone reported on, the province first, then units, then the maps."""
    atlas = Atlas(reported)
    return list(Count(reported, atlas, Outlook(reported, atlas)).of_the_years())


def unit_totals(reported: ReportedRows, unit: RosterUnit, found: dict[Cell, Sum]) -> Totals:
    """The figures of one unit for the year of its place on the roster, each with its status."""
    totals = {}
    for each in reported.seeds.measures:
        measure = Measure(each.indicator_code, each.measure_code)
        if each.indicator_code in OF_THE_PROVINCE_ALONE:
            continue
        total = found.get(Cell(*measure))
        status = unit_status(reported, unit, measure, total)
        totals[measure] = (figure_of(each.unit, total) if status in HAS_A_VALUE else NOTHING, status)
    return totals


def target_figures(reported: ReportedRows, unit: RosterUnit) -> dict[str, Figure]:
    """T01 to T14 of one unit for the year of its place on the roster."""
    found = sum_up(each for topic in OF_TARGETS for each in topic(reported, unit.year, unit))
    totals = unit_totals(reported, unit, found)
    indicators = reported.seeds.indicators
    return {measure.indicator_code: totals[measure][0] for measure in totals if measure.indicator_code in indicators}


def status_on_a_map(here: Sum | None, statuses: list[str], is_its_own: bool) -> str:
    """`statuses`: its own on the roster, or those of the units on its ground. What lies there has been reported,
    whoever said it, so that the units of a map add up to the province."""
    if is_its_own and statuses[0] in ("reported", "estimated"):
        return statuses[0]
    if here and here.contributions:
        return "estimated" if here.is_estimate else "reported"
    if is_its_own:
        return statuses[0]
    if "not_reported" in statuses and not set(HAS_A_VALUE) & set(statuses):
        return "not_reported"
    return next((each for each in HAS_A_VALUE if each in statuses), "not_applicable")


def _contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> list[Contribution]:
    return [each for topic in TOPICS for each in topic(reported, year, unit)]


def _has_maps(measure: Measure) -> bool:
    return measure.indicator_code not in ON_NO_MAP


def _is_drawn(measure: Measure) -> bool:
    return _has_maps(measure) and measure.indicator_code not in OF_THE_PROVINCE_ALONE
