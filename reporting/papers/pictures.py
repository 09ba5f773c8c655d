"""What the charts of a paper show: bars with their labels, read from the tables of a document.

documents/charts.py draws them, the same for Word and for the page. An outline asks for `pictures(name, content)`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from reporting.content import formats
from reporting.content.tables import ANNUAL, Column, Content
from reporting.papers.blocks import Picture
from reporting.papers.sentences import words, words_or
from warehouse.reference.numbers_vi import counted_vi, number_vi

FULL, CAP = 100, 150  # percent of the target; a longer bar would make the others unreadable
REACHED = ("met", "exceeded")
# how the bar of a target is filled; where nothing can be said of it yet, it is dotted
VERDICT_FILLS = {"met": "full", "exceeded": "full", "not_met": "lined", "in_progress": "empty"}
VERDICT_ORDER = ("full", "lined", "dotted", "empty")
MONEY = "C23"
# the measures of C23 in their order, and how their bars are filled
MONEY_FILLS = {"planned": "empty", "allocated": "lined", "disbursed": "full"}
# how punctual a report was, and how its part of the bar is filled
PUNCTUALITY_FILLS = {"on_time": "full", "on_due_day": "crossed", "late": "lined", "none": "empty"}


@dataclass(frozen=True)
class Bar:
    """`text` stands at the bar, `fill` is a name of documents/charts.py (full, lined, crossed, dotted, empty)."""

    length: float
    text: str
    fill: str = "full"


@dataclass(frozen=True)
class Group:
    """Bars under one label; `target` is drawn as a line across them."""

    label: str
    bars: tuple[Bar, ...]
    target: float | None = None


@dataclass(frozen=True)
class Chart:
    """`shape`: bars (one below the other), rows (the same with labels at the left, a third as high) or stacked (the
    bars of a group end to end).

    `legend`: words by fill, where the labels do not say it."""

    caption_vi: str
    alt_vi: str
    groups: tuple[Group, ...]
    shape: str = "bars"
    legend: dict[str, str] = field(default_factory=dict)


def pictures(name: str, content: Content) -> tuple[Picture, ...]:
    """The picture of that name as a block; none where the document has nothing to draw. KeyError for another name."""
    chart = chart_of(name, content)
    return (Picture(name, chart.caption_vi, chart.alt_vi),) if chart else ()


def chart_of(name: str, content: Content) -> Chart | None:
    """What the picture shows; None where there is nothing."""
    chart = CHARTS[name](content)
    return chart if chart.groups else None


def achievement(content: Content) -> Chart:
    """The targets of the period in percent, with a line at 100; where none is of the period, those of later years."""

    def label(row: dict) -> str:
        value, target = _value(content, row), _target(row)
        return words("picture_target", name=row["indicator_name_vi"], value=value, target=target)

    return _achievement(content, "achievement", label, _reached, "bars")


def first_page(content: Content) -> Chart:
    """The same on a third of a page, by short names; the fill of a bar says the verdict."""

    def label(row: dict) -> str:
        return words_or(f"short_{row['indicator_code']}", row["indicator_name_vi"])

    return _achievement(content, "first_page", label, _reached_percent, "rows")


def _achievement(
    content: Content,
    name: str,
    label: Callable[[dict], str],
    written: Callable[[Content, dict], str],
    shape: str,
) -> Chart:
    shown = targets_due(content)
    groups = tuple(
        Group(label(row), (Bar(min(float(row["achieved_pct"]), CAP), written(content, row), _fill(row)),), FULL)
        for row in shown
    )
    counts = {"targets": len(shown), "reached": sum(row["verdict"] in REACHED for row in shown)}
    drawn = {bar.fill for group in groups for bar in group.bars}
    legend = "; ".join(words(f"picture_fill_{fill}") for fill in VERDICT_ORDER if fill in drawn)
    caption = words(f"picture_{name}", period=content.period_vi, fills=legend)
    alt = words("picture_achievement_alt", caption=words("picture_achievement", period=content.period_vi), **counts)
    return Chart(caption, alt, groups, shape)


def targets_due(content: Content) -> list[dict]:
    """The targets of the period that have been measured; where none is of the period, those of later years."""
    rows = [row for row in _targets(content) if row["achieved_pct"] is not None]
    due = [row for row in rows if row["target_year"] is not None and row["target_year"] <= _last_year(content)]
    return due or rows


def money_sources(content: Content) -> Chart:
    """What was planned, allocated and disbursed of each source, as one department reports it."""
    rows = [
        row
        for row in content.tables["breakdowns"].rows
        if row["indicator_code"] == MONEY and row["breakdown"] == "funding_source" and row["value"] is not None
    ]
    names = {row["measure_code"]: row["name_vi"] for row in rows}
    sources: dict[str, dict[str, dict]] = {}
    for row in rows:
        sources.setdefault(row["breakdown_code_name_vi"], {})[row["measure_code"]] = row
    groups = tuple(
        Group(
            source,
            tuple(
                Bar(
                    float(measures[code]["value"]),
                    number_vi(measures[code]["value"], formats.DECIMALS["million VND"]),
                    fill,
                )
                for code, fill in MONEY_FILLS.items()
                if code in measures
            ),
        )
        for source, measures in sources.items()
    )
    caption = words("picture_money", period=content.period_vi)
    alt = words("picture_money_alt", caption=caption, sources=counted_vi(len(groups)))
    return Chart(
        caption, alt, groups, legend={fill: names[code] for code, fill in MONEY_FILLS.items() if code in names}
    )


def units(content: Content) -> Chart:
    """How many of the mandatory units of each kind reported, and when."""
    rows = [row for row in content.tables["discipline"].rows if row["expected"]]
    meanings = {punctuality(row): row["on_time_vi"] for row in rows}
    groups = []
    for kind in dict.fromkeys(row["unit_kind_vi"] for row in rows):
        of_kind = [punctuality(row) for row in rows if row["unit_kind_vi"] == kind]
        bars = tuple(
            Bar(of_kind.count(code), number_vi(of_kind.count(code)), fill)
            for code, fill in PUNCTUALITY_FILLS.items()
            if code in of_kind
        )
        sent = len(of_kind) - of_kind.count("none")
        groups.append(Group(words("picture_units_of_kind", kind=kind, sent=sent, units=len(of_kind)), bars))
    caption = words("picture_units", period=content.period_vi)
    sent = sum(punctuality(row) != "none" for row in rows)
    alt = words("picture_units_alt", caption=caption, sent=sent, units=len(rows))
    legend = {fill: meanings[code] for code, fill in PUNCTUALITY_FILLS.items() if code in meanings}
    return Chart(caption, alt, tuple(groups), "stacked", legend)


CHARTS: dict[str, Callable[[Content], Chart]] = {
    "achievement": achievement,
    "first_page": first_page,
    "money_sources": money_sources,
    "units": units,
}


def _targets(content: Content) -> Iterable[dict]:
    """Without duties that keep books, which score nothing."""
    rows = content.tables["targets" if content.kind == ANNUAL else "path"].rows
    return [row for row in rows if row["reported_as"] != "bookkeeping"]


def _last_year(content: Content) -> int:
    if content.kind == ANNUAL:
        return content.period
    return max(int(column.code_shown) for column in _years(content))


def _years(content: Content) -> list[Column]:
    return [column for column in content.tables["path"].columns if column.code.startswith("value_2")]


def _value(content: Content, row: dict) -> str:
    """The figure of the last year with its unit; of a percentage also what it is made of."""
    code = "value" if content.kind == ANNUAL else f"value_{_last_year(content)}"
    over, under = row.get(f"{code}_numerator"), row.get(f"{code}_denominator")
    if row["unit"] == formats.PERCENT and row[code] is not None and under is not None:
        parts = {"numerator": number_vi(over), "denominator": number_vi(under)}
        return words("picture_parts", percent=_percent(row[code], content.percent_decimals), **parts)
    return formats.figure(row[code], row["unit"], None, content.percent_decimals) + _unit(row)


def _target(row: dict) -> str:
    style = formats.style_of("goal", row["unit"])
    return (style.text(row["target"]) if style else str(row["target"])) + _unit(row)


def _unit(row: dict) -> str:
    return "" if row["unit"] == formats.PERCENT else f" {row['unit_vi']}"


def _reached(content: Content, row: dict) -> str:
    percent = _percent(row["achieved_pct"], content.percent_decimals)
    return words("picture_reached", percent=percent, verdict=row["verdict_vi"])


def _reached_percent(content: Content, row: dict) -> str:
    return _percent(row["achieved_pct"], content.percent_decimals)


def _percent(value: Decimal, decimals: int) -> str:
    return formats.NumberStyle(decimals, suffix="%").text(value)


def _fill(row: dict) -> str:
    return VERDICT_FILLS.get(row["verdict"], "dotted")


def punctuality(row: dict) -> str:
    """on_time, on_due_day, late or none, of a row of the table discipline."""
    if row["status"] in ("missing", "rejected"):
        return "none"
    return "on_time" if row["on_time"] else "on_due_day" if row["on_due_day"] else "late"
