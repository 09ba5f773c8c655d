"""What a figure can still become while units are missing: the least and the most.

A missing unit can add what the registry has on its ground, what its ground had in the last report, or nobody knows
what. Low and high are None where there is no such bound.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from htx.example.answer_key.calendar import LEAD_AGENCY
from htx.example.answer_key.figures import Figure, Measure
from htx.example.answer_key.maps import AS_REPORTED, MAP_OF_KIND, Atlas
from htx.example.answer_key.registry import entries_on_ground, led_by_women
from htx.example.answer_key.statuses import OF_THE_REGISTRY
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import RosterUnit

Bounds = tuple[Fraction | None, Fraction | None]
OPEN: Bounds = (None, None)
ANY_PERCENTAGE: Bounds = (Fraction(0), Fraction(100))
PLANS = Measure("C26", "units")
MAY_BE_NEGATIVE = (Measure("C11", "profit"),)
OF_OFFICERS = ("T09", "T10")
AS_LAST_YEAR = ("T03", "T04")
"""counts of which a missing unit can have what its ground had in the last report"""


@dataclass(frozen=True)
class Outlook:
    """What bounds rest on: the rows in force, the maps, and the figures of the years before, by where they stand.

    `figures`: (year, basis, unit) -> measure -> the total there."""

    reported: ReportedRows
    atlas: Atlas
    figures: dict[tuple[int, str, str], dict[Measure, Figure]] = field(default_factory=dict)
    silent: dict[int, list[RosterUnit]] = field(default_factory=dict)

    def missing(self, measure: Measure, year: int) -> list[RosterUnit]:
        """The mandatory units of the year that sent nothing and whose report could change the figure."""
        if measure == PLANS or measure in OF_THE_REGISTRY:
            return []
        indicator = self.reported.seeds.indicators.get(measure.indicator_code)
        matters = indicator.missing_units_matter if indicator else "any"
        return [
            unit
            for unit in self._silent(year)
            if matters == "any" or (matters == "territorial" and unit.is_territorial)
        ]

    def _silent(self, year: int) -> list[RosterUnit]:
        if year not in self.silent:
            self.silent[year] = [
                unit
                for unit in self.reported.seeds.units_of(year)
                if unit.mandatory and (year, unit.code) not in self.reported.unit_years
            ]
        return self.silent[year]

    # Of the province ---------------------------------------------------------------------------------------

    def of_the_province(self, measure: Measure, unit: str, year: int, figure: Figure) -> Bounds:
        """`unit`: percent, mean, or anything that is counted."""
        missing = self.missing(measure, year)
        if not missing:
            return figure.value, figure.value
        if unit == "mean":
            return OPEN
        if unit == "percent":
            return self._of_a_percentage(measure, missing, figure)
        there = figure.value or Fraction(0)
        known = [most for each in missing if (most := self.ceiling(measure, each)) is not None]
        most = sum(known, there) if len(known) == len(missing) else None
        return None if measure in MAY_BE_NEGATIVE else there, most

    def _of_a_percentage(self, measure: Measure, missing: list[RosterUnit], figure: Figure) -> Bounds:
        unheard = [known for each in missing if (known := self._denominator_of(measure, each)) is not None]
        if len(unheard) < len(missing):
            return ANY_PERCENTAGE
        numerator, denominator = figure.numerator or Fraction(0), figure.denominator or Fraction(0)
        more = sum(unheard, Fraction(0))
        if not denominator + more:
            return OPEN
        return 100 * numerator / (denominator + more), 100 * (numerator + more) / (denominator + more)

    # Of a unit ---------------------------------------------------------------------------------------------

    def of_a_unit(self, measure: Measure, unit: str, of: RosterUnit, figure: Figure, status: str) -> Bounds:
        """Its own figure: settled when it has reported, open when it has not."""
        if status == "not_applicable" or unit == "mean":
            return figure.value, figure.value
        if status != "not_reported":
            return figure.value, figure.value
        if unit == "percent":
            return ANY_PERCENTAGE
        return None if measure in MAY_BE_NEGATIVE else Fraction(0), self.ceiling(measure, of)

    # What a missing unit can add ---------------------------------------------------------------------------

    def ceiling(self, measure: Measure, unit: RosterUnit) -> Fraction | None:
        """The most that a unit can add to a count; None when nobody knows."""
        code = measure.indicator_code
        if code in ("T01", "T02", "T07", *AS_LAST_YEAR) and not unit.is_territorial:
            return Fraction(0)
        if code in ("T01", "T07"):
            return Fraction(len(self._women_managed(unit, only_new=code == "T07")))
        if code == "T02":
            entries = entries_on_ground(self.reported, unit.year, unit)
            return Fraction(sum(1 for each in entries if each["kind"] == "group" and each["union_founded"]))
        if code in AS_LAST_YEAR:
            last = self._last_on_ground(measure, unit)
            return last.numerator if last else None
        return None

    def _women_managed(self, unit: RosterUnit, only_new: bool) -> list[str]:
        snapshot = self.reported.snapshot_of(unit.year)
        if snapshot is None:
            return []
        cut_off = self.reported.seeds.cycles[unit.year].registry_cut_off
        women_led = led_by_women(self.reported.seeds, snapshot, cut_off)
        numbers = [
            str(entry["registration_number"])
            for entry in entries_on_ground(self.reported, unit.year, unit)
            if entry["kind"] != "group" and entry["registration_number"] in women_led
        ]
        begins = self.reported.seeds.plan_start
        return [each for each in numbers if not only_new or self.reported.registered_on[each] >= begins]

    def _denominator_of(self, measure: Measure, unit: RosterUnit) -> Fraction | None:
        last = None
        if unit.is_territorial:
            last = self._last_on_ground(measure, unit)
        elif unit.code == LEAD_AGENCY and measure.indicator_code in OF_OFFICERS:
            last = self._last_figure(measure, unit, AS_REPORTED)
        else:
            return Fraction(0)
        return last.denominator if last else None

    def _last_on_ground(self, measure: Measure, unit: RosterUnit) -> Figure | None:
        """What the unit's ground had in the last report year before.

        Officers of a district are not spread over communes, so that a new unit's are not known."""
        last = self._last_figure(measure, unit, MAP_OF_KIND[unit.kind])
        is_new = (unit.year - 1, unit.code) not in self.reported.seeds.roster or (
            self.reported.seeds.roster[unit.year - 1, unit.code].uid != unit.uid
        )
        return None if measure.indicator_code in OF_OFFICERS and is_new else last

    def _last_figure(self, measure: Measure, unit: RosterUnit, basis: str) -> Figure | None:
        earlier = [year for year in self.reported.years if year < unit.year]
        if not earlier:
            return None
        figure = self.figures.get((earlier[-1], basis, unit.uid), {}).get(measure)
        return figure if figure and figure.numerator is not None else None
