"""Seconds that each module of tests took in a quiet run (durations.csv), and the order that follows from them.

`make test ARGS=--write-durations` records them again, and `make soak ARGS=--write-durations` those of the long tests.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from htx.example.tables import write_csv

FILE = Path(__file__).parent / "durations.csv"
SECONDS_OF_THE_EXAMPLE = 90
"""until the example is published, about"""
SECONDS_OF_A_NEW_MODULE = 30
"""that nobody has measured: too early costs nothing, and a long one at the end keeps one worker waiting"""


def longest_first(modules: Iterable[str], waiting: set[str]) -> list[str]:
    """Modules in the order in which workers shall take them: the longest first, so that all end at the same time.

    `waiting`: modules that need the published example. The first one makes it; meanwhile other workers get modules
    that do not wait for it."""
    seconds = read_seconds()
    longest = sorted(modules, key=lambda module: -seconds.get(module, SECONDS_OF_A_NEW_MODULE))
    first = [module for module in longest if module in waiting][:1]
    meanwhile, total = [], 0.0
    for module in longest:
        if module not in waiting and total < SECONDS_OF_THE_EXAMPLE:
            meanwhile.append(module)
            total += seconds.get(module, SECONDS_OF_A_NEW_MODULE)
    return list(dict.fromkeys([*first, *meanwhile, *longest]))


def read_seconds() -> dict[str, float]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["module"]: float(row["seconds"]) for row in csv.DictReader(file)}


def module_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class Recorder:
    """Writes the seconds of this run's modules at its end; those of other modules stay."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[module_of(report.nodeid)] += report.duration

    def pytest_sessionfinish(self) -> None:
        every = Counter(read_seconds() | self.seconds)
        lines = [(module, round(seconds, 1)) for module, seconds in every.most_common() if Path(module).exists()]
        write_csv(FILE, ("module", "seconds"), lines)
