"""Who reports when: the windows of the figures and the instants at which the files arrive.

About a quarter of the units is late (assumed), as real ones are. The exceptions that the story needs stand in
story.csv; everything else is drawn.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from htx.example.organisations.draws import YEARS
from htx.example.reports.report import LOCAL_TIME
from htx.example.reports.story import STORY
from htx.example.seeds import RosterUnit, Seeds

CLOSES_IN_OCTOBER = ("VBSP", "VFF")
"""agencies whose books close at the end of October: their figures are actual ones"""
YEAR_END, REPORT_DAY, OCTOBER_CLOSE = (12, 31), (11, 30), (10, 31)


@dataclass(frozen=True)
class Appointment:
    """When a unit's first report of a year arrives and what time its figures cover."""

    unit: RosterUnit
    data_from: date
    data_to: date
    received_at: datetime
    signed_on: date
    value_kind: str
    final_received_at: datetime | None
    """arrival of the final figures to the end of the year, for those that send them"""

    @property
    def last_day(self) -> date:
        """Of the year's figures in the end; the next window begins the day after."""
        return date(self.unit.year, *YEAR_END) if self.final_received_at else self.data_to


def make_schedule(seeds: Seeds, seed: int) -> dict[tuple[int, str], Appointment]:
    """(report year, unit code) -> its appointment, without those that stay silent."""
    found: dict[tuple[int, str], Appointment] = {}
    last_days: dict[str, date] = {}
    for year in YEARS:
        for unit in seeds.units_of(year):
            if (year, unit.code) not in STORY["silent"]:
                found[year, unit.code] = _appointment(seeds, seed, unit, _first_day(seeds, unit, last_days))
        for unit in seeds.units_of(year):
            known = found.get((year, unit.code))
            last_days[unit.uid] = known.last_day if known else date(year, *REPORT_DAY)
    return found


def _first_day(seeds: Seeds, unit: RosterUnit, last_days: dict[str, date]) -> date:
    """The day after the last window of the unit, of the districts on its ground, or of the agency before it."""
    if unit.year == YEARS[0]:
        return seeds.plan_start
    before = {unit.uid} & set(last_days)
    if not before and unit.is_territorial:
        communes = [old for old, new in seeds.successors.items() if new == unit.uid and old in seeds.places]
        before = {seeds.places[commune].parent_uid for commune in communes}
    before = before or set(seeds.agency_predecessors.get(unit.code, ()))
    ended = [last_days[uid] for uid in before if uid in last_days and last_days[uid].year == unit.year - 1]
    return max(ended, default=date(unit.year - 1, *REPORT_DAY)) + timedelta(days=1)


def _appointment(seeds: Seeds, seed: int, unit: RosterUnit, data_from: date) -> Appointment:
    rng = Random(f"{seed}/schedule/{unit.year}/{unit.code}")
    key = (unit.year, unit.code)
    data_to = date(unit.year, *(OCTOBER_CLOSE if unit.code in CLOSES_IN_OCTOBER else REPORT_DAY))
    first, span = (date(unit.year, 12, 1), 24) if key in STORY["late"] else (date(unit.year, 11, 8), 20)
    day = first + timedelta(days=rng.randint(0, span))
    at = STORY["arrives_at"].get(key)
    received_at = datetime.fromisoformat(at) if at else _working_hour(rng, day)
    signed_on = received_at.astimezone(LOCAL_TIME).date() - timedelta(days=rng.randint(0, 2))
    signed_on = max(signed_on, data_to) if received_at.date() > data_to else signed_on
    final = None
    if key in STORY["final"]:
        final = _working_hour(rng, date(unit.year + 1, 1, 10) + timedelta(days=rng.randint(0, 30)))
    return Appointment(
        unit=unit,
        data_from=data_from,
        data_to=data_to,
        received_at=received_at,
        signed_on=signed_on,
        value_kind="actual" if signed_on >= data_to else "estimate",
        final_received_at=final,
    )


def _working_hour(rng: Random, day: date) -> datetime:
    moment = time(rng.randint(7, 16), rng.randint(0, 59), rng.randint(0, 59))
    return datetime.combine(day, moment, LOCAL_TIME)
