"""Which backups are kept: the newest of each of the last days, weeks and months that have one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from warehouse.reference.time_zone import VIET_NAM

PERIODS = {"daily": "%Y-%m-%d", "weekly": "%G-%V", "monthly": "%Y-%m"}
SETTING = re.compile(r"daily=(\d+) weekly=(\d+) monthly=(\d+)")


@dataclass(frozen=True)
class Retention:
    """For how many days, weeks and months that have a backup the newest one is kept; the newest of all always is."""

    daily: int
    weekly: int
    monthly: int

    @classmethod
    def of(cls, setting: str) -> "Retention":
        """From text such as `daily=14 weekly=8 monthly=24`. Raises ValueError."""
        found = SETTING.fullmatch(setting.strip())
        if found is None:
            raise ValueError(f"BACKUP_KEEP must be written daily=14 weekly=8 monthly=24, and not {setting!r}")
        return cls(*map(int, found.groups()))

    def kept(self, instants: Iterable[datetime]) -> set[datetime]:
        """Those of the instants of backups that are kept; days, weeks and months are Viet Nam's."""
        newest_first = sorted(instants, reverse=True)
        found = set(newest_first[:1])
        for name, period in PERIODS.items():
            newest: dict[str, datetime] = {}
            for each in newest_first:
                newest.setdefault(each.astimezone(VIET_NAM).strftime(period), each)
            found.update([*newest.values()][: getattr(self, name)])
        return found
