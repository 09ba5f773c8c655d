"""Counts of persons in priority groups, as editions of the yearly report give them: the province's alone, rounded to
STEP, and 1 to 4 as "under five".

A reader who keeps all editions of a year, and who is a unit that knows its own counts, must find at least LEAST_VALUES
possible values for every other unit's count of 1 to 4. Where a new figure would leave fewer, the earlier one stands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import psycopg

from warehouse.connection import copy_rows
from warehouse.editions.records import Figures, Publication, figures_of

PRIORITY_GROUP = "priority_group"  # the breakdown
STEP = 5
FEW = range(1, STEP)
LEAST_VALUES = 4
REPORTED, UNDER_FIVE, SUPPRESSED = "reported", "under_five", "suppressed"  # of the code list value_statuses
KEPT = (
    "publication_id", "indicator_code", "measure_code", "report_year", "breakdown_code", "value", "value_status",
    "is_earlier",
)  # fmt: skip

Place = tuple[str, str, int, str]  # indicator_code, measure_code, report_year, breakdown_code
Counts = Mapping[str, int]  # by unit
Seen = tuple[Counts, tuple[int, int]]  # what units reported; the least and the most that the province's count can be
History = tuple[int | None, ...]  # of a unit: its count in each edition
Runs = tuple[int | None, ...]  # of a unit: for each edition, the first one of those with the same count up to it


@dataclass(frozen=True)
class PriorityCount:
    """The province's count of a group in an edition."""

    value: int | None
    """a multiple of STEP; None where it is under five, or suppressed: no edition could give it"""
    value_status: str
    is_earlier: bool = False
    """whether it is the figure of an earlier edition"""


def priority_measures(*editions: Figures) -> set[tuple]:
    """(indicator_code, measure_code) of the measures that count persons in priority groups."""
    return {key[1:3] for figures in editions for key in figures if key[0] == "value" and key[3] == PRIORITY_GROUP}


def without(figures: Figures, measures: Iterable[tuple]) -> Figures:
    """The figures of other measures."""
    left_out = set(measures)
    return {key: columns for key, columns in figures.items() if key[1:3] not in left_out}


def decide(
    connection: psycopg.Connection, before: Iterable[Publication], figures: Figures
) -> dict[Place, PriorityCount]:
    """What an edition with these figures gives of each group, after the editions `before` it, oldest first."""
    earlier = [
        (_counts(figures_of(connection, each.publication_id)), given_in(connection, each.publication_id))
        for each in before
    ]
    return {
        place: next_count(
            [(then.get(place, {}), given.get(place)) for then, given in earlier if place in {*then, *given}], counts
        )
        for place, counts in _counts(figures).items()
    }


def next_count(before: Iterable[tuple[Counts, PriorityCount | None]], counts: Counts) -> PriorityCount:
    """What an edition gives of a group of which units reported `counts`.

    `before`: what they had reported in each earlier edition, and what that gave; None of one older than this rule,
    whose readers are taken to know the exact count."""
    seen: list[Seen] = []
    stands = PriorityCount(None, SUPPRESSED)
    for counts_then, given in before:
        if given is None:
            total = sum(counts_then.values())
            seen.append((counts_then, (total, total)))
        else:
            stands = given
            if not given.is_earlier and given.value_status != SUPPRESSED:
                seen.append((counts_then, _range(given)))
    new = rounded(sum(counts.values()))
    if leaves_room([*seen, (counts, _range(new))]):
        return new
    return replace(stands, is_earlier=stands.value_status != SUPPRESSED)


def keep(connection: psycopg.Connection, publication_id: str, decided: Mapping[Place, PriorityCount]) -> None:
    """Write what an edition gives to raw.publication_priority_counts. Commits nothing."""
    rows = [(publication_id, *place, each.value, each.value_status, each.is_earlier) for place, each in decided.items()]
    copy_rows(connection, "raw.publication_priority_counts", KEPT, rows)


def given_in(connection: psycopg.Connection, publication_id: str) -> dict[Place, PriorityCount]:
    """What an edition gave."""
    query = f"select {', '.join(KEPT[1:])} from raw.publication_priority_counts where publication_id = %s"
    return {row[:4]: PriorityCount(*row[4:]) for row in connection.execute(query, [publication_id])}


def rounded(count: int) -> PriorityCount:
    """A count as an edition shows it."""
    if count in FEW:
        return PriorityCount(None, UNDER_FIVE)
    return PriorityCount(STEP * ((count + STEP // 2) // STEP), REPORTED)


def leaves_room(seen: Sequence[Seen]) -> bool:
    """Whether every reader finds LEAST_VALUES or more for each count of 1 to 4 that is another unit's.

    `seen`: the editions of one group, oldest first. A reader may know between which of them a unit's count changed."""
    units = {unit for counts, _ in seen for unit in counts}
    histories: list[History] = [tuple(counts.get(unit) for counts, _ in seen) for unit in units]
    runs = {history: _runs(history) for history in histories}
    small = Counter(
        (runs[history], run)
        for history in histories
        for run, count in enumerate(history)
        if count is not None and count in FEW and run in runs[history]
    )
    outsider: History = (None,) * len(seen)
    for own in {outsider, *histories}:
        others = Counter(runs[history] for history in histories)
        others.subtract([_runs(own)])
        asked = [key for key, alike in small.items() if alike > (key[0] == _runs(own) and own[key[1]] in FEW)]
        left = [
            (least - (count or 0), most - (count or 0)) for (_, (least, most)), count in zip(seen, own, strict=True)
        ]
        if asked and not _all_open(left, +others, asked):
            return False
    return True


def _all_open(left: Sequence[tuple[int, int]], others: Counter[Runs], asked: Iterable[tuple[Runs, int]]) -> bool:
    """Whether each count that is `asked` for has LEAST_VALUES or more, where the counts that a reader does not know add
    up to `left`, by edition.

    Units that changed at the same times are alike: of each pattern one stands alone, and the others are one sum. A
    count stands in editions that follow each other, so the matrix of the sums is totally unimodular: every value
    between the least and the most is possible."""
    # imported here: it takes half a second
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    columns: dict[tuple, list[int]] = defaultdict(list)
    for pattern, number in others.items():
        for edition, run in enumerate(pattern):
            if run is not None:
                for is_sum in (False, True)[:number]:
                    columns[pattern, run, is_sum].append(edition)
    sums = np.zeros((len(left), len(columns)))
    for column, editions in enumerate(columns.values()):
        sums[editions, column] = 1
    known = LinearConstraint(sums, *zip(*left, strict=True))
    place = {key: column for column, key in enumerate(columns)}
    found: list[np.ndarray] = []
    for pattern, run in asked:
        weights = np.eye(len(columns))[place[pattern, run, False]]
        for sign in (1, -1):
            if len(found) < 2 or np.ptp([each @ weights for each in found]) < LEAST_VALUES - 1:
                solved = milp(sign * weights, integrality=np.ones(len(columns)), bounds=Bounds(0), constraints=[known])
                found.append(np.rint(solved.x))
        if np.ptp([each @ weights for each in found]) < LEAST_VALUES - 1:
            return False
    return True


def _runs(history: History) -> Runs:
    runs: list[int | None] = []
    for edition, count in enumerate(history):
        is_same = edition > 0 and count == history[edition - 1]
        runs.append(None if count is None else runs[-1] if is_same else edition)
    return tuple(runs)


def _range(given: PriorityCount) -> tuple[int, int]:
    """The least and the most that a count shown like this can be."""
    if given.value is None:
        return FEW[0], FEW[-1]
    if given.value == 0:
        return 0, 0
    return max(given.value - STEP // 2, STEP), given.value + STEP // 2


def _counts(figures: Figures) -> dict[Place, dict[str, int]]:
    """The counts that the units reported, by group."""
    counts: dict[Place, dict[str, int]] = defaultdict(dict)
    for (figure, indicator, measure, *rest), (numerator, *_) in figures.items():
        if figure == "value" and rest[0] == PRIORITY_GROUP and numerator is not None:
            _, group, year, unit, _ = rest
            if unit != "province":
                counts[indicator, measure, year, group][unit] = int(numerator)
    return counts
