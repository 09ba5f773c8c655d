"""The province's counts of priority groups: what editions give, and what a reader of all of them can work out."""

import random

import pytest

from tests.recovery import UNDER_FIVE, Edition, values_left
from warehouse.editions.priority_counts import PriorityCount, next_count, rounded

FEW = PriorityCount(None, "under_five")
NOTHING = PriorityCount(None, "suppressed")


def number(value: int, is_earlier: bool = False) -> PriorityCount:
    return PriorityCount(value, "reported", is_earlier)


def given(*editions: dict[str, int]) -> list[PriorityCount]:
    """What each of these editions gives, one after the other."""
    before: list[tuple[dict[str, int], PriorityCount | None]] = []
    for counts in editions:
        before.append((counts, next_count(before, counts)))
    return [each for _, each in before if each is not None]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, number(0)), (1, FEW), (4, FEW), (5, number(5)), (7, number(5)), (8, number(10)), (12, number(10)),
     (13, number(15)), (110, number(110)), (683, number(685))],
)  # fmt: skip
def test_a_count_is_a_multiple_of_five_or_under_five(count, shown):
    assert rounded(count) == shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 3}, FEW),  # 1 to 4
        ({"a": 0, "b": 0}, number(0)),
        ({"a": 1, "b": 1}, FEW),  # b finds 0 to 3
        ({"a": 1, "b": 2}, NOTHING),  # b finds 0 to 2
        ({"a": 1, "b": 6}, NOTHING),  # 5 to 7: b finds 0 or 1
        ({"a": 1, "b": 9}, number(10)),  # 8 to 12: b finds 0 to 3
        ({"a": 1, "b": 11}, NOTHING),  # b finds 0 or 1
        ({"a": 0, "b": 11}, number(10)),  # there is no small count
        ({"a": 1, "b": 4, "c": 7}, number(10)),  # c finds 1 to 5 for both together
    ],
)
def test_a_unit_that_knows_its_own_count_finds_four_values_for_every_other_small_one(counts, shown):
    assert given(counts) == [shown]


def test_a_late_report_of_few_changes_the_figure_while_four_values_are_left():
    assert given({"a": 20, "b": 7}, {"a": 20, "b": 7, "late": 3}) == [number(25), number(30)]  # late: 1 to 9
    # b finds 0 to 4 for a, so that late is 0 to 3: together 3 at most
    assert given({"a": 0, "b": 8}, {"a": 0, "b": 8, "late": 1}) == [number(10), number(10)]
    # first nobody, then few: late is 1 to 4
    assert given({"a": 0}, {"a": 0, "late": 2}) == [number(0), FEW]
    # 9 and late are 8 to 12
    assert given({"a": 11}, {"a": 11, "late": 1}) == [number(10), number(10, is_earlier=True)]


def test_a_unit_that_corrects_its_own_count_again_and_again_finds_no_other():
    others = {"a": 20, "b": 20}
    corrected = [{**others, "v": count} for count in (5, 6, 7, 8)]  # now v knows that a and b have 40
    with_few = [{**others, "v": count, "u": 2} for count in (8, 9, 10, 11, 18)]
    assert given(*corrected, *with_few) == [
        number(45), number(45), number(45), number(50),
        number(50),  # u: 0 to 4
        number(50),  # 51: 0 to 3
        number(50, is_earlier=True),  # 52 would leave 0 to 2
        number(50, is_earlier=True),  # 53, shown as 55, would leave 2 and 3
        number(60),  # 60: 0 to 3
    ]  # fmt: skip


def test_readers_of_an_edition_older_than_the_rule_are_taken_to_know_the_exact_count():
    counts = {"a": 20, "b": 3}
    assert next_count([], counts) == number(25)
    assert next_count([(counts, None)], {"a": 21, "b": 3}) == NOTHING  # a knows that b had 23 less 20
    assert next_count([({**counts, "c": 9}, None)], {"a": 21, "b": 3, "c": 9}) == number(35)


def histories(numbers: int) -> list[list[dict[str, int]]]:
    """Counts of units in one edition after the other: some are corrected, some come late."""
    chance, found = random.Random(13), []
    for _ in range(numbers):
        counts = [1, 2, 3, 4, *range(chance.choice([1, 9, 40]))]
        editions = [{unit: chance.choice(counts) for unit in "abcd"[: chance.randint(1, 4)]}]
        for late in "pqr"[: chance.randint(1, 3)]:
            changed = dict(editions[-1])
            for unit in chance.sample(sorted(changed), chance.randint(0, min(2, len(changed)))):
                changed[unit] = chance.choice(counts)
            editions.append(changed | ({late: chance.choice(counts)} if chance.random() < 0.6 else {}))
        found.append(editions)
    return found


def newly_given(counts: dict[str, int], shown: PriorityCount) -> Edition:
    is_new = not shown.is_earlier and shown != NOTHING
    return counts, (UNDER_FIVE if shown == FEW else shown.value) if is_new else None


def test_integer_programming_over_all_editions_leaves_every_small_count_four_values():
    shown = [(editions, given(*editions)) for editions in histories(24)]
    left = [values_left(list(map(newly_given, editions, figures))) for editions, figures in shown]
    assert [found for each in left for found in each.items() if found[1] < 4] == []
    assert sum(map(len, left)) > 200
    figures = [figure for _, of_history in shown for figure in of_history]
    kinds = [sum(map(kind, figures)) for kind in (FEW.__eq__, NOTHING.__eq__, lambda each: each.is_earlier)]
    assert all(number > 3 for number in kinds), kinds
    assert sum(each.value_status == "reported" and not each.is_earlier for each in figures) > 25


def test_the_reader_finds_a_small_count_where_every_edition_gives_its_own_figure():
    others = {"a": 20, "b": 20}
    counts = [{**others, "v": count} for count in (5, 6, 7, 8)] + [{**others, "v": count, "u": 2} for count in (10, 11)]
    naive: list[Edition] = [(each, rounded(sum(each.values())).value) for each in counts]
    left = values_left(naive)
    assert left["v", "u", 4] == left["v", "u", 5] == 1
    assert left[None, "u", 4] >= 4
