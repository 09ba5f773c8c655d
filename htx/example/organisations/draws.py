"""How the example draws: named random streams, and counts that change as counts of real organisations do."""

from datetime import date, datetime, time, timedelta
from random import Random

from stdnum.vn import mst

from htx.example.organisations import names
from htx.example.organisations.parameters import given
from htx.example.seeds import Seeds

YEARS = (2023, 2024, 2025)
BASELINE = 2022
"""stands for the baseline day where states are kept by year"""
BASELINE_CLOSES = date(2023, 3, 1)
"""organisations of the baseline are registered on it or before"""
TAX_SERIALS = (9_000_000, 9_999_999)
"""first and last of those that no real organisation bears yet"""


class Draw:
    """Random streams by name, so that a change in one part leaves the others as they were; and what is taken."""

    def __init__(self, seeds: Seeds, seed: int) -> None:
        self.seeds = seeds
        self.seed = seed
        self.names: set[str] = set()
        self.group_names: set[str] = set()
        self.serials: set[int] = set()
        self.communes: dict[str, list[str]] = {}
        for place in seeds.places.values():
            if place.level == "commune" and place.parent_uid.endswith("@2023"):
                self.communes.setdefault(seeds.places[place.parent_uid].code, []).append(place.code)

    def stream(self, *purpose: object) -> Random:
        """The stream of a purpose, the same whatever else is drawn."""
        return Random("/".join(map(str, (self.seed, *purpose))))

    def number(self, rng: Random) -> str:
        """A tax code of the province's region (38), with a serial that no real organisation bears yet."""
        while True:
            serial = rng.randint(*TAX_SERIALS)
            code = tax_code(serial)
            if code and serial not in self.serials:
                self.serials.add(serial)
                return code

    def commune_of(self, rng: Random) -> str:
        district = weighted(rng, given.district_weights)
        return rng.choice(self.communes[district])

    def address(self, rng: Random, commune: str) -> str:
        place = self.seeds.places[f"{commune}@2023"]
        district = self.seeds.places[place.parent_uid]
        return f"{rng.choice(names.PLACES).capitalize()}, {place.name_full}, {district.name_full}"


def tax_code(serial: int) -> str | None:
    """The code of a serial of the province's region (38); None where the serial is never issued."""
    digits = f"38{serial}"
    check = mst.calc_check_digit(digits)
    return digits + check if len(check) == 1 else None


def weighted(rng: Random, shares: dict) -> str:
    """A key, as often as its share says."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def year_drawn(rng: Random, shares: dict[int, float]) -> int | None:
    """A year, as often as its share says; None for the share that is left."""
    return rng.choices([*shares, None], [*shares.values(), 1 - sum(shares.values())])[0]


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from first to last; first when last lies before it."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def office_hour(rng: Random, day: date) -> datetime:
    """A moment of the day at which offices write, in local time without a zone, as registries keep it."""
    return datetime.combine(day, time(rng.randint(8, 16), rng.randint(0, 59), rng.randint(0, 59)))


def lognormal(rng: Random, median: float, sigma: float, low: float, high: float) -> float:
    """A draw with this median, kept within low and high."""
    return min(high, max(low, median * rng.lognormvariate(0, sigma)))


def next_count(rng: Random, before: int, goal: int | None = None) -> int:
    """A count a year later, changed, but by no more than a quarter or by four: what nobody would ask about."""
    room = max(4, before // 4)
    if goal is None:
        goal = before + (round(before * rng.uniform(-0.03, 0.09)) or rng.choice((1, 1, 2, -1)))
    return max(0, min(max(goal, before - room), before + room))
