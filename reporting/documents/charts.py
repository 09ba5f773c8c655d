"""Charts of a report as SVG within a page: no picture file, no script, text that can be selected."""

import io
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import matplotlib as mpl
from markupsafe import escape
from matplotlib.figure import Figure

from reporting.content import formats
from reporting.content.tables import ANNUAL, Column, Content, Table
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.phrases import phrase

# verdict -> colour; others are grey. They differ in brightness too, for readers who cannot tell red from green.
COLOURS = {"met": "#2e7d4f", "exceeded": "#1b5e37", "not_met": "#c0392b", "undecided": "#b8860b"}
OTHER = "#7a8694"
MAIN, BESIDE = "#8e2a5b", "#d9a9c3"
WIDTH = 5.2  # inches; readable on a phone
# hashsalt: the same report is the same bytes
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "htx", "font.size": 9, "font.family": "sans-serif"}
OF_MONEY = ("funding_source", "debt_kind")  # the breakdowns that are drawn
FULL, CAP = 100, 150  # percent of the target; longer bars would make the others unreadable


@dataclass(frozen=True)
class Chart:
    """A chart with its title; `svg` is one element that scales with the page."""

    title: str
    svg: str


def charts(content: Content) -> dict[str, Chart]:
    """The charts of a document by name, without those that have no data."""
    drawn = _annual(content) if content.kind == ANNUAL else _phase(content)
    return {name: chart for name, chart in drawn.items() if chart}


def achievement(rows: Iterable[dict], title: str, percent_decimals: int = 1) -> Chart | None:
    """The achieved percentage of each indicator's target, with a line at 100."""
    shown = [row for row in rows if row["achieved_pct"] is not None]
    return _bars(
        title,
        [f"{row['indicator_code']} {row['indicator_name_vi']}" for row in shown],
        [min(float(row["achieved_pct"]), CAP) for row in shown],
        [formats.percent(row["achieved_pct"], percent_decimals) + f" · {row['verdict_vi']}" for row in shown],
        [COLOURS.get(row["verdict"], OTHER) for row in shown],
        line=FULL,
    )


def amounts(rows: Iterable[dict], label: str, title: str) -> Chart | None:
    """A bar for each row that has a value, with that of the year before where all who owe the figure gave both."""
    shown = [row for row in rows if row["value"] is not None]
    return _bars(
        title,
        [row[label] for row in shown],
        [float(row["value"]) for row in shown],
        [formats.figure(row["value"], row["unit"]) for row in shown],
        [MAIN] * len(shown),
        before=[float(row["previous_value"] or 0) if row["change"] is not None else 0 for row in shown],
    )


def course(row: dict, years: list[Column], percent_decimals: int = 1) -> Chart | None:
    """One indicator over the years, from its baseline, with its target as a line."""
    known = [
        (column.code_shown, float(row[column.code]), formats.cell(column, row, percent_decimals).replace(" (", "\n("))
        for column in years
        if row[column.code] is not None
    ]
    if not known:
        return None
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH / 1.6, 1.7))
        axes = figure.add_axes((0.02, 0.15, 0.96, 0.84))
        if row["baseline"] is not None:
            written = formats.figure(row["baseline"], row["unit"], None, percent_decimals)
            known.insert(0, (phrase("chart_baseline"), float(row["baseline"]), written))
        axes.plot([year for year, _, _ in known], [value for _, value, _ in known], color=MAIN, marker="o", linewidth=2)
        for year, value, written in known:
            axes.annotate(written, (year, value), textcoords="offset points", xytext=(0, 6), ha="center")
        if row["target"] is not None:
            axes.axhline(float(row["target"]), color=OTHER, linestyle="--", linewidth=1)
        axes.margins(x=0.15, y=0.55)
        axes.set_yticks([])
        _bare(axes)
        return _chart(figure, f"{row['indicator_code']} {row['indicator_name_vi']} ({row['unit_vi']})")


def _annual(content: Content) -> dict[str, Chart | None]:
    targets, breakdowns = content.tables["targets"].rows, content.tables["breakdowns"].rows
    parts = content.tables["unit_targets"]
    drawn = {"achievement": achievement(targets, phrase("chart_achievement"), content.percent_decimals)}
    money = [row for row in breakdowns if row["breakdown"] in OF_MONEY and row["unit"] == "million VND"]
    for (indicator, measure), rows in groupby(money, key=lambda row: (row["indicator_code"], row["measure_code"])):
        of_figure = list(rows)
        title = f"{of_figure[0]['name_vi']} ({of_figure[0]['unit_vi']})"
        drawn[f"money_{indicator}_{measure}"] = amounts(of_figure, "breakdown_code_name_vi", title)
    if columns := _several(parts):
        drawn["units"] = _units(parts.rows, columns[0])
    return drawn


def _phase(content: Content) -> dict[str, Chart | None]:
    path = content.tables["path"]
    years = _several(path)
    ways = {f"course_{row['indicator_code']}": course(row, years, content.percent_decimals) for row in path.rows}
    return {"achievement": achievement(path.rows, phrase("chart_achievement"), content.percent_decimals), **ways}


def _several(table: Table) -> list[Column]:
    """The columns repeated for each indicator or year."""
    return [column for column in table.columns if table.rows and f"{column.code}_key" in table.rows[0]]


def _units(rows: Iterable[dict], column: Column) -> Chart | None:
    having = [row for row in rows if row[column.code] and row["unit_kind"] not in (None, "province")]
    having.sort(key=lambda row: -row[column.code])
    return _bars(
        phrase("chart_units", heading=column.heading_vi),
        [row["unit_name_vi"] for row in having],
        [float(row[column.code]) for row in having],
        [number_vi(row[column.code]) for row in having],
        [MAIN] * len(having),
    )


def _bars(
    title: str,
    labels: list[str],
    lengths: list[float],
    texts: list[str],
    colours: list[str],
    line: float | None = None,
    before: list[float] | None = None,
) -> Chart | None:
    """Horizontal bars, each under its label: long names stay readable on a narrow page."""
    if not labels:
        return None
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.42 * len(labels) + 0.1))
        axes = figure.add_axes((0.01, 0, 0.98, 1))
        places = range(len(labels))
        if before and any(before):
            axes.barh([place + 0.2 for place in places], before, height=0.16, color=BESIDE)
        axes.barh(places, lengths, height=0.3, color=colours)
        longest = max([*lengths, *(before or []), line or 0]) or 1
        for place, label, length, text in zip(places, labels, lengths, texts, strict=True):
            axes.text(0, place - 0.24, textwrap.shorten(label, 74, placeholder="…"), va="bottom")
            axes.text(max(length, line or 0) + longest * 0.015, place, text, va="center")
        if line is not None:
            low, high = [place - 0.2 for place in places], [place + 0.2 for place in places]
            axes.vlines([line] * len(labels), low, high, colors="black", linewidth=1)
        axes.set_xlim(min([0, *lengths]), longest * 1.42)
        axes.set_ylim(len(labels) - 0.5, -0.85)
        axes.set_xticks([])
        axes.set_yticks([])
        _bare(axes)
        return _chart(figure, title)


def _bare(axes: Any) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_visible(not len(axes.get_yticks()) and bool(len(axes.get_xticks())))
    axes.tick_params(length=0)


def _chart(figure: Figure, title: str) -> Chart:
    """The chart as one element that scales with the page, without metadata of program and day."""
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    svg = written.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # every chart has the same ids, and ids must be unique in a page
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    named = f'<svg role="img" aria-label="{escape(title)}"'
    return Chart(title, svg.replace("<svg", named, 1))
