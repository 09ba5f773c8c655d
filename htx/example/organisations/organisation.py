"""What the example knows of an organisation: the truth that registry and reports are written from."""

from dataclasses import dataclass, field
from datetime import date, datetime

from htx.example.organisations.draws import BASELINE
from htx.example.organisations.roles import Role
from htx.example.reports.report import ListRow

LEADING = ("board_chair", "director")
"""the offices whose holder leads the cooperative"""


@dataclass
class Manager:
    """A position in a cooperative, with the years of its holder's first course and certificate."""

    number: int
    position: str
    sex: str
    held_from: date
    held_to: date | None = None
    trained_in: int | None = None
    certified_in: int | None = None

    def is_held_at(self, day: date) -> bool:
        return self.held_from <= day and (self.held_to is None or self.held_to > day)


@dataclass
class State:
    """What the registry says of an organisation at a day, and since when."""

    status: str
    status_changed_on: date
    members: int
    updated_at: datetime


@dataclass
class Cooperative:
    """A cooperative, union or credit fund. `states` by year; the baseline day stands under BASELINE."""

    number: str
    tax_code: str | None
    name: str
    kind: str
    commune: str
    address: str
    sector: str
    registered_on: date
    union_founded: bool
    charter_capital: int
    role: Role | None = None
    predecessor_code: str | None = None
    managers: list[Manager] = field(default_factory=list)
    states: dict[int, State] = field(default_factory=dict)
    ratings: dict[int, tuple[int | None, str, date]] = field(default_factory=dict)
    figures: dict[int, ListRow] = field(default_factory=dict)
    """of those that report: the counts of a row of 01_HTX by year"""


@dataclass
class Group:
    """A cooperative group. `code` None: never issued one; `coded_from`: the year in which it got its code."""

    code: str | None
    name: str
    commune: str
    sector: str
    founded_on: date
    union_founded: bool
    woman_leads: bool
    strengthened: int | None = None
    by: str | None = None
    by_name: bool = False
    """whether its support action names it instead of giving its code"""
    listed_from: int | None = None
    coded_from: int = BASELINE
    status: dict[int, tuple[str, date]] = field(default_factory=dict)
    states: dict[int, State] = field(default_factory=dict)
    figures: dict[int, ListRow] = field(default_factory=dict)
    heir: Cooperative | None = None
    ends_unsaid: bool = False
    """whether only the cooperative that it becomes speaks of it in that year"""
    tag: str = ""

    def code_in(self, year: int) -> str | None:
        return self.code if year >= self.coded_from else None
