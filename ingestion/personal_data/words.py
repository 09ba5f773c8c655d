"""The words by which personal data is recognised: seeds/personal_data.csv, which the Union may extend."""

import re
from collections import defaultdict
from functools import cache

from warehouse.reference.csv_rows import Row, read_rows
from warehouse.reference.names import ascii_key
from warehouse.reference.reference_data import plan_folder


@cache
def words(*kinds: str) -> frozenset[str]:
    """The words of these kinds, as keys without diacritics (ascii_key)."""
    return frozenset(ascii_key(word) for kind in kinds for word in as_typed(kind))


@cache
def as_typed(kind: str) -> tuple[str, ...]:
    """The words of a kind with their diacritics, or codes."""
    return tuple(row["words"] for row in _rows()[kind])


@cache
def labels(kind: str) -> dict[str, str]:
    """Each word of a kind -> its note, in Vietnamese."""
    return {row["words"]: row["note"] for row in _rows()[kind]}


@cache
def any_of(*kinds: str) -> str:
    """Any of the words of these kinds, as a regular expression on keys (ascii_key)."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words(*kinds), key=len, reverse=True)) + ")"


@cache
def _rows() -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in read_rows(plan_folder() / "personal_data.csv"):
        found[row["kind"]].append(row)
    return found
