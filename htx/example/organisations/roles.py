"""Roles of the cooperatives that report, of roles.csv: the same for every seed, under other names and numbers.

The reform, new cooperatives, a group that became one, women who join and leave boards: each indicator has a cooperative
that counts, and one that misses it by one condition. Communes are those of 2023; no cooperative moves.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from htx.example.tables import read_csv, record


@dataclass(frozen=True)
class Role:
    """A cooperative that reports. `strengthened`: the year; `by`: the unit that says so, if not its own."""

    commune: str
    union_founded: bool = False
    strengthened: int | None = None
    by: str | None = None
    women: int | None = None
    """women in management offices; None draws 1 to 3"""
    leads: bool | None = None
    majority: bool | None = None
    """whether more than half of the workers are women; None leaves it open"""
    half: bool = False
    """exactly half of the workers are women: no majority"""
    status: dict[int, str] = field(default_factory=dict)
    """year from which -> status; active before. One that is dissolved is reported for that year for the last time"""
    registered_on: date | None = None
    listed_from: int | None = 2023
    woman_from: date | None = None
    """the day from which the first woman holds an office, when she was elected within the story"""
    woman_until: date | None = None
    new_jobs: tuple[int, ...] = ()
    sector: str | None = None
    kind: str = "cooperative"
    large: bool = False
    old_certificate: bool = False
    advised_by: str | None = None
    """who reports founding advice"""


ROLES = {row["key"]: record(Role, row) for row in read_csv(Path(__file__).with_suffix(".csv"))}
