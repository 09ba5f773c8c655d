"""How a paper cites the plan: number and day are a row of plan_papers.csv of the seeds, dots while they are unknown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter

from warehouse.reference.csv_rows import InvalidReferenceData, Row, read_rows
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.phrases import phrase

FILE = "plan_papers.csv"
DOTS = re.compile(r"…|\.{2}|_")
DAY_AND_MONTH = re.compile(r"\d{1,2}\D+\d{1,2}")
LONGEST = 60  # of a number, and of a day: what a hand may have written in their place


@dataclass(frozen=True)
class Citation:
    """The plan with number and day, in Vietnamese; `is_open` where one of them is dots."""

    text_vi: str
    is_open: bool


def cited(seeds: Path, on: date, of_example: bool = False) -> Citation:
    """The plan as a paper of a day cites it. The example province has rows of its own.

    Raises InvalidReferenceData, also where no row is valid on the day."""
    valid = [
        row
        for row in read_rows(seeds / FILE)
        if (row["is_example"] == "yes") == of_example and row.day("valid_from") <= on
    ]
    if not valid:
        kind = "yes" if of_example else "no"
        raise InvalidReferenceData(f"{FILE} has no row with is_example {kind} that is valid on {on}.")
    row = max(valid, key=lambda row: row.day("valid_from"))
    number = row["number_vi"] or phrase("plan.number_open")
    day = day_vi(row.day("issued_on")) if row["issued_on"] else phrase("plan.day_open", year=row.day("valid_from").year)
    return Citation(_cited_vi(row).format(number=number, day=day), not (row["number_vi"] and row["issued_on"]))


def is_left_open(paragraphs: Iterable[str], seeds: Path) -> bool:
    """Whether a paper cites the plan without its number or its day, as its paragraphs read now: with dots or
    nothing in their place."""
    patterns, texts = [_pattern(row) for row in read_rows(seeds / FILE)], list(paragraphs)
    symbol = re.escape(phrase("plan.number_open").lstrip("…. "))  # /KH-UBND: without a number in whatever sentence
    if any(not before.isalnum() for text in texts for before in re.findall(rf"(\S?)\s*{symbol}", text)):
        return True
    found = (match for text in texts for each in patterns for match in each.finditer(text))
    return any(
        DOTS.search(number + day) or not re.search(r"\d", number) or not DAY_AND_MONTH.search(day)
        for number, day in (match.groups() for match in found)
    )


def _cited_vi(row: Row) -> str:
    if [name for _, name, _, _ in Formatter().parse(row["cited_vi"]) if name] != ["number", "day"]:
        raise row.invalid("cited_vi", "a text with {number}, then {day}")
    return row["cited_vi"]


def _pattern(row: Row) -> re.Pattern[str]:
    """The citation up to the word after its day, with anything in place of number and day."""
    before, between, after = re.split(r"{number}|{day}", _cited_vi(row))
    gap = rf"\s*:?(.{{0,{LONGEST}}}?)\s*"
    texts = (before, between, after.split()[0])
    return re.compile(gap.join(r"\s+".join(map(re.escape, text.split())) for text in texts))
