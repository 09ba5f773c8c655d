"""What a figure can still become while units are missing: the least and the most.

A missing unit can add what the registry has on its ground, what its ground had in the last report, or nobody knows
what (the `ceiling` of measures.csv). Low and high are None where there is no such bound.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from htx.example.answer_key.calendar import LEAD_AGENCY
from htx.example.answer_key.figures import Cell, Figure
from htx.example.answer_key.maps import AS_REPORTED, MAP_OF_KIND
from htx.example.answer_key.registry import entries_by_ground
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import Measure, RosterUnit

Bounds = tuple[Fraction | None, Fraction | None]
OPEN: Bounds = (None, None)
ANY_PERCENTAGE: Bounds = (Fraction(0), Fraction(100))
PLANS = ("C26", "units")
MAY_BE_NEGATIVE = (("C11", "profit"),)
OF_OFFICERS = ("T09", "T10")


@dataclass(frozen=True)
class Outlook:
    """What bounds rest on: the rows in force, and the figures of the years before, by where they stand.

    `figures`: (year, basis, unit) -> measure -> the total there."""

    reported: ReportedRows
    figures: dict[tuple[int, str, str], dict[Cell, Figure]] = field(default_factory=dict)

    def missing(self, measure: Measure, year: int) -> list[RosterUnit]:
        """The mandatory units of the year that sent nothing and whose report could change the figure."""
        if measure.code == PLANS or measure.source == "registry":
            return []
        indicator = self.reported.seeds.indicators.get(measure.indicator_code)
        matters = indicator.missing_units_matter if indicator else "any"
        silent = self.reported.silent_units(year)
        return [unit for unit in silent if matters == "any" or (matters == "territorial" and unit.is_territorial)]

    def of_the_province(self, year: int, measure: Measure, figure: Figure, status: str) -> Bounds:
        missing = self.missing(measure, year)
        if status == "not_applicable" or (missing and measure.aggregation == "mean"):
            return OPEN
        if not missing:
            return figure.value, figure.value
        if measure.aggregation == "percent":
            return self._of_a_percentage(measure, missing, figure)
        there = figure.value or Fraction(0)
        known = [most for each in missing if (most := self.ceiling(measure, each)) is not None]
        most = sum(known, there) if len(known) == len(missing) else None
        return None if measure.code in MAY_BE_NEGATIVE else there, most

    def _of_a_percentage(self, measure: Measure, missing: list[RosterUnit], figure: Figure) -> Bounds:
        unheard = [known for each in missing if (known := self._denominator_of(measure, each)) is not None]
        if len(unheard) < len(missing):
            return ANY_PERCENTAGE
        numerator, denominator = figure.numerator or Fraction(0), figure.denominator or Fraction(0)
        more = sum(unheard, Fraction(0))
        if not denominator + more:
            return OPEN
        return 100 * numerator / (denominator + more), 100 * (numerator + more) / (denominator + more)

    def of_a_unit(self, of: RosterUnit, measure: Measure, figure: Figure, status: str) -> Bounds:
        """Its own figure: settled when it has reported, open when it has not."""
        if status != "not_reported" or measure.aggregation == "mean":
            return figure.value, figure.value
        if measure.aggregation == "percent":
            return ANY_PERCENTAGE
        return None if measure.code in MAY_BE_NEGATIVE else Fraction(0), self.ceiling(measure, of)

    def settled(self, year: int, measure: Measure, figure: Figure, status: str) -> Bounds:
        """Parts and maps are bounded only when nobody is missing: who is may stand anywhere in them."""
        return OPEN if self.missing(measure, year) else (figure.value, figure.value)

    # What a missing unit can add ---------------------------------------------------------------------------

    def ceiling(self, measure: Measure, unit: RosterUnit) -> Fraction | None:
        """The most that a unit can add to a count; None when nobody knows."""
        if not measure.ceiling:
            return None
        if not unit.is_territorial:
            return Fraction(0)
        if measure.ceiling == "last_report":
            last = self._last_on_ground(measure, unit)
            return last.numerator if last else None
        fact = "union_founded" if measure.main_sheet == "02_THT" else "women_managed"
        begins = self.reported.seeds.plan_start if measure.indicator_code == "T07" else date.min
        entries = entries_by_ground(self.reported, unit.year).get(unit.uid, ())
        of_its_kind = [entry for entry in entries if entry["group"] == (measure.main_sheet == "02_THT")]
        return Fraction(sum(entry[fact] and entry["registered_on"] >= begins for entry in of_its_kind))

    def _denominator_of(self, measure: Measure, unit: RosterUnit) -> Fraction | None:
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
        before = self.reported.seeds.roster.get((unit.year - 1, unit.code))
        if measure.indicator_code in OF_OFFICERS and (before is None or before.uid != unit.uid):
            return None
        return self._last_figure(measure, unit, MAP_OF_KIND[unit.kind])

    def _last_figure(self, measure: Measure, unit: RosterUnit, basis: str) -> Figure | None:
        earlier = [year for year in self.reported.years if year < unit.year]
        figures = self.figures.get((earlier[-1], basis, unit.uid), {}) if earlier else {}
        figure = figures.get(Cell(*measure.code))
        return figure if figure and figure.numerator is not None else None
