"""A reader of `bi` who wants to know what it hides: integer programming over all that is shown.

The reader knows what everybody knows: groups add up to a unit's total, units to the province's, a hidden count is at
least 1 since 0 is shown. The reader may also suppose that nobody is employed who was not supported.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MANY = 100_000
TOTAL = "total"
PROVINCE = "province"


@dataclass(frozen=True)
class Figure:
    """One row of bi.indicator_values on C04; `value` is None where it is hidden."""

    measure: str
    group: str
    unit: str
    value: int | None


class Impossible(Exception):
    """No table gives what is shown; the reader supposes too much."""


def recovered(figures: Iterable[Figure], employed_were_supported: bool = False) -> list[tuple[str, str, str, int]]:
    """(measure, group, unit, value) of each hidden figure of one year that can have one value only."""
    shown = {(each.measure, each.group, each.unit): each.value for each in figures}
    hidden = [key for key, value in shown.items() if value is None]
    if not hidden:
        return []
    column = {key: number for number, key in enumerate(hidden)}
    sums, least, most = _sums(shown, column, employed_were_supported)
    ranges = _ranges(LinearConstraint(sums, least, most), len(hidden))
    return [(*key, low) for key, (low, high) in zip(hidden, ranges, strict=True) if low == high]


def _sums(shown: dict, column: dict, employed_were_supported: bool) -> tuple[np.ndarray, list[float], list[float]]:
    """What is known of the hidden figures, as sums of them between two bounds."""
    sums, least, most = [], [], []

    def know(parts: list, whole: tuple, low: float = 0, high: float = 0) -> None:
        """The parts less the whole lie between low and high."""
        line, constant = np.zeros(len(column)), 0
        for sign, key in [*((1, part) for part in parts), (-1, whole)]:
            if key in column:
                line[column[key]] += sign
            else:
                constant += sign * shown[key]
        if line.any():
            sums.append(line)
            least.append(low - constant)
            most.append(high - constant)

    for measure, group, unit in shown:
        whole = (measure, group, unit)
        if group == TOTAL:
            know([key for key in shown if key[0] == measure and key[1] != TOTAL and key[2] == unit], whole)
        if unit == PROVINCE:
            know([key for key in shown if key[0] == measure and key[1] == group and key[2] != PROVINCE], whole)
        if employed_were_supported and measure == "employed" and ("supported", group, unit) in shown:
            know([whole], ("supported", group, unit), -np.inf, 0)
    return np.array(sums).reshape(len(sums), len(column)), least, most


def _ranges(known: LinearConstraint, count: int) -> list[tuple[int, int]]:
    """(a lower, a higher) possible value of each hidden figure; equal where there is one value only."""
    found: list[np.ndarray] = []
    whole, bounds = np.ones(count), Bounds(np.ones(count), np.full(count, MANY))

    def solve(weights: np.ndarray) -> None:
        solved = milp(weights, integrality=whole, bounds=bounds, constraints=[known])
        if not solved.success:
            raise Impossible(solved.message)
        found.append(np.rint(solved.x).astype(int))

    chance = np.random.default_rng(1)
    for _ in range(4):  # most figures are seen to vary by some solution of these
        weights = chance.normal(size=count)
        solve(weights)
        solve(-weights)
    for number in range(count):
        if len({solution[number] for solution in found}) == 1:
            alone = np.eye(count)[number]
            solve(alone)
            solve(-alone)
    return [(min(values), max(values)) for values in zip(*found, strict=True)]
