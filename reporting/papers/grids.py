"""Tables of papers: columns with their headings, and cells whose figures keep their keys."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from reporting.content import formats
from reporting.content.tables import Column, Content
from reporting.papers.blocks import Figure, Grid, Text
from reporting.papers.sentences import sentence, words
from reporting.papers.targets import goal_text
from warehouse.reference.numbers_vi import MISSING, number_vi


def column(name: str, kind: str = "text", width: float = 1, **values: object) -> Column:
    """A column with its heading of sentences.csv and its relative width."""
    return Column(name, words(f"column_{name}", **values), kind, width=width)


def grid(
    caption: str,
    columns: Iterable[Column],
    rows: Iterable[Mapping[str, Text]],
    note: str = "",
    bold: Iterable[int] = (),
) -> Grid:
    """The table; the columns are as wide as they say."""
    shown = tuple(columns)
    return Grid(caption, shown, tuple(rows), tuple(each.width for each in shown), note, frozenset(bold))


def filled(columns: Iterable[Column], rows: Iterable[Mapping[str, Text]]) -> list[Column]:
    """The columns without those of which no row has a figure."""
    every = list(rows)
    return [each for each in columns if any(row.get(each.code, (MISSING,)) != (MISSING,) for row in every)]


def figure_cell(content: Content, row: Mapping, code: str = "value") -> Text:
    """A figure of a row with its key: 1.234, or 264/326 (81,0%) of a percentage; the word for a missing one."""
    value, unit = row[code], row.get(f"{code}_unit", row["unit"])
    if value is None:
        status = row.get(f"{code}_status", row.get("value_status") if code == "value" else None)
        return (formats.figure(None, unit, status, content.percent_decimals),)
    key = row.get("key") if code == "value" else row.get(f"{code}_key")
    under = row.get(f"{code}_denominator")
    text = formats.figure(value, unit, None, content.percent_decimals)
    if decimals := formats.DECIMALS.get(unit):
        text = number_vi(value, decimals)  # all of a column alike
    written = Figure(text, key)
    if unit != formats.PERCENT or under is None:
        return (written,)
    over = row.get(f"{code}_numerator") or 0
    return sentence(
        "cell_with_parts", over=Figure(number_vi(over), key), under=Figure(number_vi(under), key), percent=written
    )


def goal_cell(row: Mapping) -> Text:
    """A target with its year in brackets."""
    if row["target"] is None:
        return (MISSING,)
    return sentence("goal_and_year", goal=goal_written(row), year=row["target_year"])


def goal_written(row: Mapping) -> str:
    """A target as a table has it: 1.250, 100%, ít nhất 80%."""
    return goal_text(row) if row["unit"] == formats.PERCENT else formats.figure(row["target"], row["unit"])


def under_titles(
    rows: Iterable[dict], title: str, cells: Callable[[dict], dict[str, Text]], first: str
) -> tuple[list[dict[str, Text]], list[int]]:
    """The cells of the rows, below a row with their title in the column `first` where it changes; and the numbers of
    the rows of titles."""
    made: list[dict[str, Text]] = []
    titles: list[int] = []
    for name, below in groupby(rows, key=lambda row: row[title]):
        titles.append(len(made))
        made += [{first: (name,)}, *(cells(row) for row in below)]
    return made, titles
