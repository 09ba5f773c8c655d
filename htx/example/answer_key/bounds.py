"""What a figure can still become while units are missing that owe it: the least and the most, and how these are known.

A missing unit can add what the registry has on its ground, and with these organisations their jobs; what its ground had
in the last report, else as much as the largest of its kind; or nobody knows what (the `ceiling` of measures.csv).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from htx.example.answer_key.figures import Cell, Contribution, Figure
from htx.example.answer_key.maps import AS_REPORTED, MAP_OF_KIND
from htx.example.answer_key.registry import entries_by_ground
from htx.example.reports.report import ListRow
from htx.example.reports.reported_rows import Organisation, ReportedRows
from htx.example.seeds import Measure, RosterUnit

EXACT, CERTAIN, ASSUMED, OPEN = "exact", "certain", "assumed", "open"
MAY_BE_NEGATIVE = (("C11", "profit"), ("T03", "gain"), ("T04", "gain"))
OF_ORGANISATIONS = {"T03": "T01", "T04": "T02", "T08": "T07"}
"""the sums of jobs -> what counts the organisations that have them"""


class Bounds(NamedTuple):
    """None where there is no such bound, and no kind where the figure does not apply."""

    low: Fraction | None = None
    high: Fraction | None = None
    kind: str = ""


class Most(NamedTuple):
    """What a missing unit can add over and under the line, at most."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    kind: str = CERTAIN


NOBODY_KNOWS = Most(kind=OPEN)


@dataclass(frozen=True)
class Outlook:
    """What bounds rest on: the rows in force, the figures known so far, and what is counted for the province.

    `figures`: (year, basis, unit) -> measure -> the total there; `contributions`: year -> those of the province."""

    reported: ReportedRows
    figures: dict[tuple[int, str, str], dict[Cell, Figure]] = field(default_factory=dict)
    contributions: dict[int, list[Contribution]] = field(default_factory=dict)

    def of_the_province(self, measure: Measure, figure: Figure, status: str, missing: Sequence[RosterUnit]) -> Bounds:
        """`missing`: the units that owe the figure and have not given it."""
        if status == "not_applicable":
            return Bounds()
        if not missing:
            return Bounds(figure.value, figure.value, EXACT)
        there = figure.numerator or Fraction(0)
        least = there if measure.aggregation == "sum" and measure.code not in MAY_BE_NEGATIVE else None
        each = [self.most(measure, unit) for unit in missing]
        kinds = {most.kind for most in each}
        if OPEN in kinds or measure.aggregation == "mean" or measure.code in MAY_BE_NEGATIVE:
            return Bounds(least, None, OPEN)
        kind = ASSUMED if ASSUMED in kinds else CERTAIN
        more = sum((most.numerator for most in each), there)
        if measure.aggregation == "sum":
            return Bounds(least, more, kind)
        below = sum((most.denominator for most in each), figure.denominator or Fraction(0))
        return Bounds(100 * there / below, 100 * more / below, kind) if below else Bounds(kind=kind)

    def of_a_unit(self, measure: Measure, figure: Figure, status: str, unit: RosterUnit, is_owed: bool) -> Bounds:
        """Its own figure: settled when it has given it, open when it has not."""
        if status == "not_applicable":
            return Bounds()
        if status != "not_reported":
            return Bounds(figure.value, figure.value, EXACT)
        if measure.aggregation != "sum" or measure.code in MAY_BE_NEGATIVE:
            return Bounds(kind=OPEN)
        most = self.most(measure, unit) if is_owed else NOBODY_KNOWS
        return Bounds(Fraction(0), None if most.kind == OPEN else most.numerator, most.kind)

    def of_a_part(self, figure: Figure, status: str, missing: Sequence[RosterUnit]) -> Bounds:
        """Parts and maps are bounded only when nobody is missing: who is may stand anywhere in them."""
        if status == "not_applicable":
            return Bounds()
        return Bounds(kind=OPEN) if missing else Bounds(figure.value, figure.value, EXACT)

    # What a missing unit can add ---------------------------------------------------------------------------

    def most(self, measure: Measure, unit: RosterUnit) -> Most:
        if measure.ceiling == "roster":
            return Most(numerator=Fraction(1))  # the unit stands under the line already
        if measure.ceiling == "registry":
            return self._by_registry(measure, unit)
        if measure.ceiling == "last_report":
            known = self._last_denominator(measure, unit)
            known = self._largest_denominator(measure, unit) if known is None else known
            return NOBODY_KNOWS if known is None else Most(known, known, ASSUMED)
        return NOBODY_KNOWS

    def _by_registry(self, measure: Measure, unit: RosterUnit) -> Most:
        code = measure.indicator_code
        entries = list(self._let_in(OF_ORGANISATIONS.get(code, code), measure, unit))
        if code not in OF_ORGANISATIONS:
            return Most(numerator=Fraction(len(entries)))
        jobs = [self._jobs(measure, unit.year, entry) for entry in entries]
        known = [each for each in jobs if each is not None]
        if len(known) < len(jobs):
            return NOBODY_KNOWS
        return Most(sum(known, Fraction(0)), kind=ASSUMED if known else CERTAIN)

    def _let_in(self, counting: str, measure: Measure, unit: RosterUnit) -> Iterable[ListRow]:
        """The registry's organisations on the unit's ground that its report could bring into a count."""
        fact = "union_founded" if measure.main_sheet == "02_THT" else "women_managed"
        begins = self.reported.seeds.plan_start if counting == "T07" else date.min
        for entry in entries_by_ground(self.reported, unit.year).get(unit.uid, ()):
            is_of_kind = entry["group"] == (measure.main_sheet == "02_THT")
            if is_of_kind and entry[fact] and entry["registered_on"] >= begins:
                yield entry

    def _jobs(self, measure: Measure, year: int, entry: ListRow) -> Fraction | None:
        """Its last known jobs; of new jobs, and where none are known, as many as any other organisation has."""
        if measure.indicator_code != "T08":
            organisation = "group" if entry["group"] else "cooperative", str(entry["registration_number"])
            for each in (each for each in reversed(self.reported.years) if each <= year):
                row = self.reported.rows_by_organisation(measure.main_sheet, each).get(organisation)
                if row:
                    return row.number("women_stable_jobs")
        had: dict[Organisation | None, Fraction] = defaultdict(Fraction)
        for contribution in self.contributions[year]:
            if contribution.cell == Cell(*measure.code):
                had[contribution.place.organisation] += contribution.numerator
        return max(had.values(), default=None)

    def _last_denominator(self, measure: Measure, unit: RosterUnit) -> Fraction | None:
        """What the unit's ground had in the last report year before.

        Officers of a district are not spread over communes, so that a new unit's are not known."""
        earlier = [year for year in self.reported.years if year < unit.year]
        if not earlier:
            return None
        if measure.placed_by == "reporting_unit" and unit.is_territorial:
            before = self.reported.seeds.roster.get((earlier[-1], unit.code))
            if before is None or before.uid != unit.uid:
                return None
        basis = MAP_OF_KIND.get(unit.kind, AS_REPORTED)
        figure = self.figures.get((earlier[-1], basis, unit.uid), {}).get(Cell(*measure.code))
        return figure.denominator if figure else None

    def _largest_denominator(self, measure: Measure, unit: RosterUnit) -> Fraction | None:
        """That of the largest of its kind."""
        known = [
            figure.denominator
            for each in self.reported.seeds.units_of(unit.year)
            if each.kind == unit.kind
            and (figure := self.figures.get((unit.year, AS_REPORTED, each.uid), {}).get(Cell(*measure.code)))
            and figure.denominator is not None
        ]
        return max(known, default=None)
