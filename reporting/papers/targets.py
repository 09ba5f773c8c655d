"""The sentence of a target: its result with what it is made of, the verdict, how it moved, and what is still to do."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from reporting.content import formats
from reporting.content.keys import VALUE
from reporting.content.tables import Content
from reporting.papers.blocks import Figure, Paragraph, Text
from reporting.papers.figures import (
    change_amount,
    comparable_change,
    count_text,
    coverage,
    figure_text,
    is_cumulative,
    is_same_population,
    lacked_without_report,
    listed,
    number_text,
    parts_text,
)
from reporting.papers.sentences import joined, sentence, words, words_or
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.phrases import phrase

OPEN_VERDICTS = ("not_met", "undecided")
MET = ("met", "exceeded")
BOOKKEEPING = "bookkeeping"  # a duty that keeps books, no target of its own
CHANGES_NAMED = 10  # page one has room for so many
ARROW = " → "
MANAGERS_TRAINED = "T05"  # what is still to do is known by cooperative


def target_sentence(content: Content, row: Mapping) -> Text:
    """What a report says of a row of its table of targets."""
    if row["value"] is None:
        return sentence("target_no_figure", name=row["indicator_name_vi"])
    said = [
        *sentence("target_named", name=row["indicator_name_vi"], result=_result(content, row)),
        *_verdict(content, row),
        ".",
        *_bounds(content, row),
        *change_said(content, row),
        *_coverage(content, row),
        *to_do(content, row),
    ]
    return joined(said)


def to_do(content: Content, row: Mapping) -> Text:
    """Who keeps a percentage from its target: cooperatives by name, or units; empty where it is reached or not due."""
    if row["verdict"] not in OPEN_VERDICTS or is_above(row):
        return ()
    if row["indicator_code"] == MANAGERS_TRAINED:
        names = [
            words("target_cooperative", name=each["cooperative_name"], place=each["commune_name_vi"],
                   short=count_text(each["untrained"]))
            for each in content.tables["untrained_managers"].rows
        ]  # fmt: skip
        of = "HTX"
    else:
        short = content.facts.get("short_by_unit", {}).get(row["indicator_code"], [])
        names = [
            words("target_unit", name=name, short=count_text(missing), counted=_amount_words(row))
            for name, missing in short
        ]
        of = words("unit_word")
    return sentence("target_to_do", names=listed(names, of, separator="; ")) if names else ()


def shortfall(row: Mapping) -> int | None:
    """How many more are needed for the target: of what is counted, or above the line of a percentage."""
    if row["value"] is None or row["target"] is None:
        return None
    if row["unit"] != formats.PERCENT:
        return max(0, int((row["target"] - row["value"]).to_integral_value(ROUND_CEILING)))
    over, under = row.get("value_numerator"), row.get("value_denominator")
    if over is None or under is None:
        return None
    needed = row["target"] * under / 100
    is_strict = row["comparator"] == ">"
    least = needed.to_integral_value(ROUND_FLOOR) + 1 if is_strict else needed.to_integral_value(ROUND_CEILING)
    return max(0, int(least - over))


def short_name(row: Mapping) -> str:
    """The name of a target in three to five words, for lists and charts."""
    return words_or(f"short_{row['indicator_code']}", row["indicator_name_vi"])


def short_words(row: Mapping, short: int) -> str:
    """How many are missing, with what is counted: 04 người."""
    return f"{count_text(short)} {_amount_words(row)}"


def goal_text(row: Mapping) -> str:
    """100%, ít nhất 80%, trên 50%; of a count the number."""
    if row["unit"] != formats.PERCENT:
        return number_text(row["target"], row["unit"])
    percent = formats.NumberStyle(1, suffix="%").text(row["target"])
    return percent if row["target"] == 100 else words("goal", comparator=row["comparator_vi"].lower(), percent=percent)


def is_above(row: Mapping) -> bool:
    """Whether the figure stands at its target or above, whatever the verdict of its year will be."""
    if row["value"] is None or row["target"] is None:
        return False
    return row["value"] > row["target"] if row["comparator"] == ">" else row["value"] >= row["target"]


def _result(content: Content, row: Mapping) -> Text:
    result = figure_text(row, content.percent_decimals)
    if row["unit"] == formats.PERCENT:
        return result
    since = sentence("target_since_start") if is_cumulative(row["indicator_code"]) else ()
    said = {"unit": row["unit_vi"], "since": since}
    if row["target"] is None:
        return sentence("target_tracked", result=result, **said)
    over, under = (formats.figure(row[name], row["unit"]) for name in ("value", "target"))  # 8/20 as in tables
    return sentence("target_counted", result=Figure(over, row.get("key")), target=under, **said)


def _verdict(content: Content, row: Mapping) -> Text:
    if row["target"] is None:
        return sentence("verdict_tracked")
    verdict = row["verdict"]
    if verdict == "in_progress" and is_above(row):
        verdict = "above" if row["value"] > row["target"] else "at"
    kind = "percent" if row["unit"] == formats.PERCENT else "count"
    short, counted = shortfall(row), _amount_words(row)
    said: dict[str, Any] = {
        "year": row["target_year"],
        "goal": goal_text(row),
        "achieved": formats.NumberStyle(content.percent_decimals, suffix="%").text(row["achieved_pct"]),
        "over": f"{number_text(row['value'] - row['target'], row['unit'])} {counted}" if kind == "count" else "",
    }
    missing = sentence("still_short", short=short_words(row, short)) if short else ()
    return (*sentence(f"verdict_{kind}_{verdict}", **said), *(missing if verdict == "not_met" else ()))


def _amount_words(row: Mapping) -> str:
    return words_or(f"counted_{row['indicator_code']}", "") if row["unit"] == formats.PERCENT else row["unit_vi"]


def _bounds(content: Content, row: Mapping) -> Text:
    if row["verdict"] != "undecided" or row["value_low"] is None or row["value_high"] is None:
        return ()
    low, high = (formats.figure(row[name], row["unit"], None, content.percent_decimals)
                 for name in ("value_low", "value_high"))  # fmt: skip
    return sentence("target_bounds_assumed" if row["bound_kind"] == "assumed" else "target_bounds", low=low, high=high)


def change_said(content: Content, row: Mapping, paper: str = "target") -> Text:
    """Against the year before: of all, of the areas that gave both, or both percentages side by side. `paper`: whose
    words, those of a target's sentence or of the note."""
    before, change = row["previous_value"], comparable_change(row)
    year = content.period - 1
    if before is None:
        return ()
    if row["unit"] == formats.PERCENT:
        return _percent_change(content, row, year, paper)
    said = {"name": short_name(row), "year": year}
    if change is not None:
        return sentence(f"{paper}_moved", moved=_moved(row, change), **said)
    if row["change"] is not None and _most_are_compared(row):
        areas, _, restated = row["compared_vi"].partition("; ")
        between, moved = _between(content, row), _moved(row, row["change"])
        partly = sentence(f"{paper}_moved_partly", areas=areas, between=between, moved=moved, **said)
        return (*partly, *(sentence("target_restated", restated=restated) if restated else ()))
    return ()


def _between(content: Content, row: Mapping) -> Text:
    """The two figures behind a change over some areas: neither is that of the whole."""
    before, now = content.facts.get("compared_values", {}).get(row["indicator_code"], (None, None))
    if before is None or now is None:
        return ()
    return sentence(
        "target_between", **{"before": number_text(before, row["unit"]), "now": number_text(now, row["unit"])}
    )


def is_compared(row: Mapping) -> bool:
    """Whether a report says how the figure moved: over all, or of a count over most of the areas."""
    if comparable_change(row) is not None:
        return True
    return row["unit"] != formats.PERCENT and row["change"] is not None and _most_are_compared(row)


def _most_are_compared(row: Mapping) -> bool:
    compared, _, expected = (row["compared_vi"] or "0/1").partition("; ")[0].partition("/")
    return int(compared) * 2 >= int(expected)


def _percent_change(content: Content, row: Mapping, year: int, paper: str) -> Text:
    key = f"{row['indicator_code']}-{year}"
    percent = Figure(formats.percent(row["previous_value"], content.percent_decimals), key)
    under = row.get("previous_value_denominator")
    if under is None:
        return ()
    before = parts_text(row["indicator_code"], row["previous_value_numerator"], under, percent)
    change = comparable_change(row)
    if change is not None:
        now, then = (round(row[name], content.percent_decimals) for name in ("value", "previous_value"))
        # both stand beside each other: the change is that of the figures as they are printed
        said = {"name": short_name(row), "year": year, "before": before}
        return sentence(f"{paper}_percent_moved", moved=_moved(row, now - then), **said)
    because = "ground" if is_same_population(row) else "population"
    counted = words_or(f"counted_{row['indicator_code']}", "")
    return sentence(f"target_percent_not_compared_{because}", year=year, before=before, counted=counted)


def _moved(row: Mapping, change: Decimal) -> Text:
    moved = "none" if change == 0 else "up" if change > 0 else "down"
    unit = "" if row["unit"] == formats.PERCENT else f" {row['unit_vi']}"
    return sentence(f"moved_{moved}", change=change_amount(row, change) + unit)


def _coverage(content: Content, row: Mapping) -> Text:
    """Said where more units lack the figure than those without a report."""
    reported, expected = coverage(row)
    if expected - reported <= lacked_without_report(content, row["indicator_code"], VALUE):
        return ()
    said = sentence("target_coverage", reported=number_vi(reported), expected=number_vi(expected))
    names = [
        name
        for each in content.tables["missing_figures"].rows
        if (each["indicator_code"], each["measure_code"]) == (row["indicator_code"], VALUE)
        for name in each["unit_names"].split("; ")
    ]
    return (*said, *sentence("target_blank", names=listed(names, words("unit_word")))) if names else said


def rows_by_verdict(rows: Sequence[Mapping], *verdicts: str) -> list[Mapping]:
    """The plan's targets with one of the verdicts, without duties that keep books."""
    return [row for row in rows if row["reported_as"] == "target" and row["verdict"] in verdicts]


def changes_said(
    changes: Sequence[str], targets: Sequence[Mapping], year: int, most: int = CHANGES_NAMED
) -> Iterator[Paragraph]:
    """Of `changes` (of About) those of results and verdicts of `targets` in `year`, at most `most`, in words of the
    recipient; then that there are others. What moved a figure, by file and cell, stays in the Excel annex."""
    said = [text for each in sorted(changes, key=_values_first) if (text := _change_of_target(each, targets, year))]
    yield from (Paragraph(text, "item") for text in said[:most])
    if len(changes) > len(said[:most]):
        yield Paragraph(sentence("changes_more" if said else "changes_elsewhere"), "item")


def _values_first(change: str) -> tuple[str, bool]:
    """Orders changes by indicator, of each its figure before the verdict that follows from it."""
    return change.partition(" ")[0], f", {phrase('changed.verdict')}: " in change


def _change_of_target(change: str, targets: Sequence[Mapping], year: int) -> Text | None:
    for row in targets:
        figure = phrase("changed_figure", code=row["indicator_code"], name=row["indicator_name_vi"], year=year)
        subject = f"{figure}, {phrase('province_total')}"
        for code, start in (("value", f"{subject}: "), ("verdict", f"{subject}, {phrase('changed.verdict')}: ")):
            if change.startswith(start) and ARROW in change:
                values = change.removeprefix(start).partition("; ")[0].removesuffix(".")
                old, _, new = values.partition(ARROW)
                return sentence(f"changes_{code}", name=short_name(row), old=old, new=new)
    return None
