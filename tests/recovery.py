"""A reader of editions who wants to know what a unit counted: integer programming over all that they give.

The reader may be a unit, which knows its own counts, and may know between which editions the count of a unit changed.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

UNDER_FIVE = "under five"
Edition = tuple[Mapping[str, int], int | str | None]
"""counts by unit; what the edition newly gives of their sum: a multiple of five, UNDER_FIVE, or None for nothing"""


def values_left(editions: Sequence[Edition]) -> dict[tuple[str | None, str, int], int]:
    """{(reader, unit, number of the edition): how many values the unit's count can have}, of counts of 1 to 4."""
    cells = [(unit, number) for number, (counts, _) in enumerate(editions) for unit in counts]
    column = {cell: place for place, cell in enumerate(cells)}
    known = []

    def know(parts: Sequence[tuple[int, tuple[str, int]]], least: int, most: int) -> None:
        line = np.zeros(len(cells))
        for sign, cell in parts:
            line[column[cell]] = sign
        known.append(LinearConstraint(line, least, most))

    for number, (counts, given) in enumerate(editions):
        if given is not None:
            know([(1, (unit, number)) for unit in counts], *_between(given))
        for unit, count in counts.items():
            if number and editions[number - 1][0].get(unit) == count:
                know([(1, (unit, number)), (-1, (unit, number - 1))], 0, 0)
    found = {}
    for reader in (None, *dict(cells)):
        counts_known = [editions[number][0][unit] if unit == reader else None for unit, number in cells]
        bounds = Bounds(
            [0 if each is None else each for each in counts_known],
            [np.inf if each is None else each for each in counts_known],
        )
        for unit, number in cells:
            if unit != reader and 1 <= editions[number][0][unit] <= 4:
                goal = np.eye(len(cells))[column[unit, number]]
                least, most = (
                    milp(sign * goal, integrality=np.ones(len(cells)), bounds=bounds, constraints=known)
                    for sign in (1, -1)
                )
                assert least.success, least.message
                is_open = not most.success  # nothing was given of it
                found[reader, unit, number] = 1_000_000 if is_open else round(most.x @ goal - least.x @ goal) + 1
    return found


def _between(given: int | str) -> tuple[int, int]:
    if given == UNDER_FIVE:
        return 1, 4
    assert isinstance(given, int)
    return {0: (0, 0), 5: (5, 7)}.get(given, (given - 2, given + 2))
