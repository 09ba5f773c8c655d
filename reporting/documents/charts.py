"""The charts of a paper (papers/pictures.py), drawn once for Word as PNG and for the page as SVG.

They print in black and white: a bar says by its hatch and by the words at it what it means, never by its colour alone.
The same arguments give the same bytes: no day, no program, ids from a fixed salt, a font that matplotlib brings.
"""

import io
import re
import textwrap
from typing import Any

import matplotlib as mpl
from markupsafe import escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from PIL import Image

from reporting.content.tables import Content
from reporting.papers.pictures import Chart, Group, chart_of

WIDTH = 4.5  # inches; narrow, so that its text is still read on a phone
PNG_DPI = 289  # 200 dpi when Word draws it 16.5 cm wide
LINE_OF_TEXT = 58  # characters
INK, GREY = "#3f2233", "#8a8a8a"
# face and hatch of the fills of papers/pictures.py
FILLS = {"full": (INK, ""), "lined": ("white", "/////"), "crossed": ("white", "xxxxx"), "dotted": ("white", "....."),
         "empty": ("white", "")}  # fmt: skip
LINE_HEIGHT, BAR, GAP, LETTER = 0.16, 0.17, 0.1, 0.08  # inches; a bold letter
BEHIND: Any = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # of texts on a hatch or a line
STYLE: Any = {"svg.fonttype": "none", "font.size": 9, "font.family": "DejaVu Sans", "hatch.linewidth": 0.6}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def png(name: str, content: Content) -> bytes:
    """The picture of that name for Word. KeyError for an unknown name, ValueError where there is nothing to draw."""
    drawn, written = io.BytesIO(), io.BytesIO()
    with mpl.rc_context(STYLE):
        _drawn(_chart(name, content)).savefig(drawn, format="png", dpi=PNG_DPI)
    # few colours: a fifth of the bytes
    Image.open(drawn).convert("RGB").quantize(16).save(written, format="png", dpi=(PNG_DPI, PNG_DPI), optimize=True)
    return written.getvalue()


def svg(name: str, content: Content) -> str:
    """The same picture as one element that scales with the page, its text as text, named by its alt sentence."""
    chart = _chart(name, content)
    written = io.StringIO()
    # ids must be unique in a page: each picture has a salt of its own
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        _drawn(chart).savefig(written, format="svg", metadata=NO_METADATA)
    text = written.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = text.replace("DejaVu Sans", "sans-serif").replace("'sans-serif'", "sans-serif")
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(chart.alt_vi)}"', 1)


def _chart(name: str, content: Content) -> Chart:
    chart = chart_of(name, content)
    if chart is None:
        raise ValueError(f"There is nothing to draw for the picture {name!r}.")
    return chart


def _drawn(chart: Chart) -> Figure:
    return _rows(chart) if chart.shape == "rows" else _bars(chart)


def _rows(chart: Chart) -> Figure:
    """A line for each group: its label, its bar, and what the bar says."""
    line = LINE_HEIGHT * 0.75
    height = line * len(chart.groups)
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0.45, 0, 0.55, 1))
    longest = max(_length(chart, group) for group in chart.groups) or 1
    for place, group in enumerate(chart.groups):
        middle = (place + 0.5) * line
        axes.text(-longest * 0.03, middle, group.label, ha="right", va="center", size=8)
        _group(axes, chart, group, middle - BAR * 0.275, longest, thickness=BAR * 0.55)
    axes.set_xlim(0, longest * 1.35)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return figure


def _bars(chart: Chart) -> Figure:
    """Horizontal bars below their label, which may take two lines: long names stay readable on a narrow page."""
    labels = [textwrap.wrap(group.label, LINE_OF_TEXT) for group in chart.groups]
    rows = [1 if chart.shape == "stacked" else len(group.bars) for group in chart.groups]
    heights = [len(label) * LINE_HEIGHT + bars * BAR + GAP for label, bars in zip(labels, rows, strict=True)]
    legend = LINE_HEIGHT * len(chart.legend) + GAP if chart.legend else 0
    figure = Figure(figsize=(WIDTH, sum(heights) + legend))
    axes = figure.add_axes((0.005, 0, 0.99, sum(heights) / (sum(heights) + legend)))
    longest = max(_length(chart, group) for group in chart.groups) or 1
    top = 0.0
    for group, label, height in zip(chart.groups, labels, heights, strict=True):
        axes.text(0, top, "\n".join(label), va="top", linespacing=1.15)
        _group(axes, chart, group, top + len(label) * LINE_HEIGHT + 0.03, longest)
        top += height
    axes.set_xlim(0, longest * 1.04 if chart.shape == "stacked" else _room_for_texts(chart))
    axes.set_ylim(top, 0)
    axes.set_axis_off()
    _add_legend(figure, chart)
    return figure


def _group(axes: Axes, chart: Chart, group: Group, top: float, longest: float, thickness: float = BAR) -> None:
    """The bars of a group, from `top` down; their texts at their end, or within where they are stacked."""
    left = 0.0
    for bar in group.bars:
        face, hatch = FILLS[bar.fill]
        middle = top + thickness / 2
        axes.barh(middle, bar.length, thickness * 0.85, left, color=face, hatch=hatch, edgecolor=INK, linewidth=0.6)
        if chart.shape == "stacked":
            middle_of_bar, full = left + bar.length / 2, bar.fill == "full"
            style: Any = {"color": "white" if full else "black", "bbox": None if full else BEHIND, "size": 8}
            axes.text(middle_of_bar, middle, bar.text, va="center", ha="center", **style)
            left += bar.length
            continue
        end, size = max(bar.length, group.target or 0) + longest * 0.015, 8 if thickness < BAR else 9
        axes.text(end, middle, bar.text, va="center", fontweight="bold", size=size)
        if group.target is not None:
            for colour, width in (("white", 3.5), ("black", 1.4)):  # seen across a dark bar, too
                axes.vlines(group.target, top - 0.01, top + thickness + 0.01, colors=colour, linewidth=width)
        top += thickness


def _room_for_texts(chart: Chart) -> float:
    """Where the axis ends so that the text at each bar stays within the picture."""
    ends = [(max(bar.length, group.target or 0), len(bar.text)) for group in chart.groups for bar in group.bars]
    return max(end / max(0.2, 1 - (letters + 1) * LETTER / WIDTH) for end, letters in ends) or 1


def _length(chart: Chart, group: Group) -> float:
    lengths = [bar.length for bar in group.bars]
    return sum(lengths) if chart.shape == "stacked" else max(*lengths, group.target or 0, 0)


def _add_legend(figure: Figure, chart: Chart) -> None:
    if chart.legend:
        faces = [(FILLS[fill], words) for fill, words in chart.legend.items()]
        patches = [Patch(facecolor=face, hatch=hatch, edgecolor=INK, label=words) for (face, hatch), words in faces]
        figure.legend(
            handles=patches,
            loc="upper left",
            frameon=False,
            borderpad=0,
            borderaxespad=0.1,
            labelspacing=0.25,
            fontsize=8,
        )
