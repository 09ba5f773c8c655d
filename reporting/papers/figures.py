"""The figures of a document as its sentences need them, by the names that placeholders of sentences.csv have.

`{C03.cooperatives}` is a figure, of a percentage with what it is made of; `{C03.cooperatives coverage}` says how many
units gave it, and nothing where all did; `{C03.cooperatives change}` says how it moved against the year before, and
nothing where that cannot be compared. A sentence without one of its figures is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from functools import cache

from reporting.content import formats
from reporting.content.keys import VALUE
from reporting.content.tables import Content
from reporting.papers.blocks import Figure, Text
from reporting.papers.sentences import codes, placeholders, sentence, words, words_or
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.numbers_vi import counted_vi, number_vi
from warehouse.reference.reference_data import plan_folder

Values = Mapping[str, Text]


def figure_values(content: Content) -> dict[str, Text]:
    """The figures of a yearly report by code (T05, C01.members), and their changes."""
    values: dict[str, Text] = {}
    for row in content.tables["figures"].rows:
        if row["value"] is None:
            continue
        measure = row["measure_code"]
        name = row["indicator_code"] + ("" if measure == VALUE else f".{measure}")
        values[name] = figure_text(row, content.percent_decimals)
        values[f"{name} change"] = change_text(row, content.period - 1)
        # a paper names the units without a report: what they lack is not said again at each figure
        known = lacked_without_report(content, row["indicator_code"], measure)
        is_of_roster = (row["indicator_code"], measure) in _of_roster()
        values[f"{name} coverage"] = _roster_text(row) if is_of_roster else coverage_text(row, known)
    return values


def coverage(row: Mapping) -> tuple[int, int]:
    """(units that gave the figure, units that owe it); (0, 0) of what no unit reports."""
    reported, _, expected = (row["coverage_vi"] or "0/0").partition("/")
    return int(reported), int(expected)


def coverage_text(row: Mapping, known: int = 0) -> Text:
    """(7/32 đơn vị có số liệu), where more than `known` units lack the figure."""
    reported, expected = coverage(row)
    if expected - reported <= known:
        return ()
    return sentence("figure_coverage", reported=number_vi(reported), expected=number_vi(expected))


def _roster_text(row: Mapping) -> Text:
    """(tổng số tính cả 01 đơn vị chưa có số liệu), of a share of all who owe a report."""
    reported, expected = coverage(row)
    return sentence("figure_coverage_roster", lacking=counted_vi(expected - reported)) if expected > reported else ()


def lacked_without_report(content: Content, indicator: str, measure: str) -> int:
    """How many of the units that a paper names as without a report owe the figure."""
    return content.facts.get("lacked_without_report", {}).get((indicator, measure), 0)


def spoken(code: str, values: Values) -> Text | None:
    """A sentence, or None where one of its figures is missing."""
    names = placeholders(code)
    return sentence(code, **{name: values[name] for name in names}) if names <= values.keys() else None


def sentences_of(prefix: str, values: Values) -> Iterator[Text]:
    """The sentences whose codes are the prefix and a number, without those that lack a figure."""
    for code in codes(prefix):
        text = spoken(code, values)
        if text is not None:
            yield text


def figure_text(row: Mapping, percent_decimals: int = 1) -> Text:
    """The figure of a row with its key: 01, 1.234,5, or 264/326 người (81,0%) of a percentage."""
    key = row.get("key")
    if row["unit"] == formats.PERCENT:
        percent = Figure(formats.percent(row["value"], percent_decimals), key)
        if row.get("value_denominator") is None:
            return (percent,)
        return parts_text(row["indicator_code"], row["value_numerator"], row["value_denominator"], percent)
    return (Figure(number_text(row["value"], row["unit"]), key),)


def parts_text(indicator: str, over: Decimal | None, under: Decimal, percent: Figure) -> Text:
    """264/326 người (81,0%); 6/15 as in tables."""
    parts = Figure(number_vi(over or 0), percent.key), Figure(number_vi(under), percent.key)
    counted = words_or(f"counted_{indicator}", "")
    return sentence(
        "percent_with_parts", over=parts[0], under=parts[1], counted=counted and f" {counted}", percent=percent
    )


def number_text(value: Decimal, unit: str) -> str:
    """As it stands within a sentence: counts below ten with a zero."""
    if decimals := formats.DECIMALS.get(unit):
        return number_vi(value, decimals)  # as in tables
    if value != value.to_integral_value():
        return formats.figure(value, unit)
    return count_text(value)


def count_text(value: Decimal | int) -> str:
    whole = Decimal(value).to_integral_value(ROUND_FLOOR)
    return counted_vi(int(whole)) if whole == value else number_vi(value, 1, fixed=False)


def change_text(row: Mapping, year_before: int) -> Text:
    """How a figure moved against the year before; empty where coverage or population of the two years differ."""
    change = comparable_change(row)
    if change is None:
        return ()
    moved = "none" if change == 0 else "up" if change > 0 else "down"
    return sentence(f"change_{moved}", change=change_amount(row, change), year=year_before)


def change_amount(row: Mapping, change: Decimal) -> str:
    """The amount of a change without its sign: 02, 1,5 điểm phần trăm."""
    if row["unit"] == formats.PERCENT:
        return words("points", points=number_vi(abs(change), 1))
    return number_text(abs(change), row["unit"])


def comparable_change(row: Mapping) -> Decimal | None:
    """The change where all that owe the figure gave both, of a percentage also where both are of one population."""
    if row["change"] is None or row["compared_vi"] is not None:
        return None
    return row["change"] if row["unit"] != formats.PERCENT or is_same_population(row) else None


def is_same_population(row: Mapping) -> bool:
    """Whether what is under the line of a percentage is about the same in both years, as for the pace of a phase."""
    now, before = row.get("value_denominator") or 0, row.get("previous_value_denominator") or 0
    return min(now, before) > 0 and 100 * abs(now - before) <= _population_percent() * before


def is_cumulative(indicator: str) -> bool:
    """Whether a figure counts from the beginning of the plan, not of its year."""
    return _meanings()[indicator].startswith("cumulative")


def is_stock(indicator: str) -> bool:
    """Whether a figure counts what there is at the end of its year."""
    return _meanings()[indicator].startswith("stock")


@cache
def _meanings() -> dict[str, str]:
    return {row["indicator_code"]: row["semantics"] for row in read_rows(plan_folder() / "indicators.csv")}


@cache
def by_reporter() -> frozenset[str]:
    """The targets that belong to the unit that reports them, wherever an organisation is: also to agencies."""
    rows = read_rows(plan_folder() / "measures.csv")
    found = (row["indicator_code"] for row in rows if row["placed_by"] == "reporting_unit")
    return frozenset(found)


@cache
def _of_roster() -> frozenset[tuple[str, str]]:
    """The figures whose whole is the roster, units without a report included."""
    rows = read_rows(plan_folder() / "measures.csv")
    return frozenset((row["indicator_code"], row["measure_code"]) for row in rows if row["ceiling"] == "roster")


@cache
def _population_percent() -> Decimal:
    """By how many percent what is under the line may differ (pace_reasons.csv)."""
    [reason] = [row for row in read_rows(plan_folder() / "pace_reasons.csv") if row["reason"] == "population_changed"]
    return Decimal(reason["threshold"])


def listed(names: Iterable[str], of_vi: str, most: int = 3, separator: str = ", ") -> str:
    """A, B, C và 05 đơn vị khác."""
    every = list(names)
    if len(every) <= most + 1:
        return separator.join(every)
    others = {"others": counted_vi(len(every) - most), "of": of_vi}
    return words("names_and_others", names=separator.join(every[:most]), **others)
