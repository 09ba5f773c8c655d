"""The tables of the review of a phase, as they are printed."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from math import floor

from reporting.content import formats
from reporting.content.tables import Column, Content
from reporting.papers.blocks import Figure, Grid, Text
from reporting.papers.sentences import sentence, words
from warehouse.reference.numbers_vi import MISSING, number_vi

SUM = "sum"
# of the totals, what is counted of few who owe it: in Excel alone
IN_EXCEL = ("activities",)


def figure(content: Content, row: Mapping, code: str = "value") -> Text:
    """A figure of a row with its key; a percentage stands behind what it is made of."""
    unit, value = row.get(f"{code}_unit", row["unit"]), row[code]
    key = row.get(f"{code}_key") if code != "value" else row.get("key")
    status = row.get(f"{code}_status", row.get("value_status") if code == "value" else None)
    text = formats.figure(value, unit, status, content.percent_decimals)
    over, under = row.get(f"{code}_numerator"), row.get(f"{code}_denominator")
    printed = Figure(text, key if value is not None else None)
    if unit == formats.PERCENT and value is not None and under is not None:
        return sentence("phase_parts", numerator=number_vi(over or 0), denominator=number_vi(under), percent=printed)
    return (printed,)


def goal(value: object, unit: str) -> str:
    """A target as it is written in a cell: 100%, 1.250."""
    style = formats.style_of("goal", unit)
    return style.text(value) if style and value is not None else MISSING  # type: ignore[arg-type]


def path_grid(content: Content) -> Grid:
    """The targets over the years of the phase."""
    table = content.tables["path"]
    years = [column for column in table.columns if column.code.startswith("value_2")]
    rows: list[dict[str, Text]] = [
        {
            "name": (row["indicator_name_vi"],),
            "unit": (row["unit_vi"],),
            "baseline": (goal(row["baseline"], row["unit"]),),
            **{year.code: figure(content, row, year.code) for year in years},
            "target": (target_and_year(row),),
            "verdict": (row["verdict_vi"],),
        }
        for row in of_targets(table.rows)
    ]
    columns = [
        *columns_of("phase_path", ("name", 40), ("unit", 15), ("baseline", 11)),
        *(Column(year.code, year.heading_vi, "figure", width=20) for year in years),
        *columns_of("phase_path", ("target", 16), ("verdict", 18)),
    ]
    return grid("phase_path", columns, rows)


def totals_grid(content: Content) -> Grid:
    """What the phase brought in all, by topic; parts of a figure are below it."""
    table = content.tables["totals"]
    years = [column for column in table.columns if column.code.startswith("value_2")]

    def cells(row: dict) -> dict[str, Text]:
        name = row["name_vi"] if row["part_vi"] is None else words("phase_part", part=row["part_vi"])
        return {
            "name": (name,),
            "unit": (row["unit_vi"],),
            **{year.code: figure(content, row, year.code) for year in years},
            "total": total(row),
            "incomplete": (row["incomplete_years"] or "",),
        }

    shown = [row for row in table.rows if row["topic"] not in IN_EXCEL]
    rows, bold = under_titles(shown, "topic_vi", cells)
    columns = [
        *columns_of("phase_totals", ("name", 34), ("unit", 13)),
        *(Column(year.code, year.heading_vi, "figure", width=12) for year in years),
        *columns_of("phase_totals", ("total", 13), ("incomplete", 15)),
    ]
    return grid("phase_totals", columns, rows, bold)


def outlook_grid(content: Content) -> Grid:
    """The targets of the next phase, and the pace that each needs."""
    rows: list[dict[str, Text]] = []
    for row in having_next(content):
        unit = row["unit"]
        rows.append({
            "name": (row["indicator_name_vi"],),
            "unit": (row["unit_vi"],),
            "value": (Figure(formats.figure(row["value"], unit, None, content.percent_decimals), row["key"]),),
            "target": (goal(row["next_target"], unit),),
            "remaining": (_step(row["remaining"] or None, unit),),
            "needed": (_step(row["pace_needed"], unit),),
            "so_far": (_step(row["pace_so_far"], unit),),
            "expected": (_expected(row, content.percent_decimals),),
        })  # fmt: skip
    columns = columns_of(
        "phase_outlook", ("name", 32), ("unit", 11), ("value", 10), ("target", 10), ("remaining", 11), ("needed", 11),
        ("so_far", 11), ("expected", 12),
    )  # fmt: skip
    return grid("phase_outlook", columns, rows)


def _step(value: Decimal | None, unit: str) -> str:
    """A difference or a pace; of a percentage in points."""
    if value is None:
        return MISSING
    written = number_vi(value, 1, fixed=False)
    return words("phase_points", value=written) if unit == formats.PERCENT else written


def _expected(row: Mapping, percent_decimals: int) -> str:
    """A forecast, counts rounded down, which says where it ends at the most that the plan's own figures allow."""
    value, unit = row["expected_value"], row["unit"]
    if value is None:
        return MISSING
    written = formats.figure(value if unit == formats.PERCENT else floor(value), unit, None, percent_decimals)
    return words("phase_at_most", value=written) if row["expected_is_capped"] else written


def proposals_grid(content: Content) -> Grid:
    """One proposal for each target, why, and with what effect."""
    rows: list[dict[str, Text]] = [
        {
            "name": (row["indicator_name_vi"],),
            "proposal": (row["proposal_vi"],),
            "because": (row["because_vi"],),
            "effect": (row["effect_vi"],),
        }
        for row in content.tables["target_proposals"].rows
    ]
    columns = columns_of("phase_proposals", ("name", 22), ("proposal", 24), ("because", 36), ("effect", 18))
    return grid("phase_proposals", columns, rows)


def amended_grid(content: Content) -> Grid:
    """The draft of the amended targets: all that have a number, with that of the plan."""
    rows: list[dict[str, Text]] = []
    for row in content.tables["target_proposals"].rows:
        if row["proposed_target"] is None and row["next_target"] is None:
            continue
        is_open = row["proposed_target"] is None
        rows.append({
            "name": (row["indicator_name_vi"],),
            "unit": (row["unit_vi"],),
            "target": (goal(row["next_target"], row["unit"]),),
            "proposed": (words("phase_amended_open") if is_open else goal(row["proposed_target"], row["unit"]),),
            "because": (row["because_vi"],),
        })  # fmt: skip
    columns = columns_of("phase_amended", ("name", 30), ("unit", 11), ("target", 12), ("proposed", 14), ("because", 44))
    return grid("phase_amended", columns, rows)


def duties_grid(content: Content) -> Grid:
    """Each duty over the years: how many units did it, of how many that have it."""
    table = content.tables["duties"]
    years = [column for column in table.columns if column.code.startswith("value_2")]

    def cells(row: dict) -> dict[str, Text]:
        return {"name": (row["duty_name_vi"],), **{year.code: (row[year.code] or MISSING,) for year in years}}

    rows, bold = under_titles(table.rows, "section_title_vi", cells)
    columns = [
        *columns_of("phase_duties", ("name", 60)),
        *(Column(year.code, year.heading_vi, "figure", width=13) for year in years),
    ]
    return grid("phase_duties", columns, rows, bold)


def under_titles(
    rows: Iterable[dict], title: str, cells: Callable[[dict], dict[str, Text]]
) -> tuple[list[dict[str, Text]], list[int]]:
    """The cells of the rows, below a row with their title where it changes; and the numbers of the rows of titles."""
    made: list[dict[str, Text]] = []
    titles: list[int] = []
    for name, below in groupby(rows, key=lambda row: row[title]):
        titles.append(len(made))
        made += [{"name": (name,)}, *(cells(row) for row in below)]
    return made, titles


def of_targets(rows: Iterable[dict]) -> list[dict]:
    """The rows of targets, without duties that keep books."""
    return [row for row in rows if row["reported_as"] == "target"]


def having_next(content: Content) -> list[dict]:
    """The outlooks of indicators that have a later target and a way to it."""
    return [
        row
        for row in content.tables["outlook"].rows
        if row["next_target"] is not None and row["outlook"] not in ("recurring", "unknown")
    ]


def target_and_year(row: Mapping) -> str:
    """A target, with its year in brackets."""
    if row["target"] is None:
        return MISSING
    return words("phase_target_and_year", target=goal(row["target"], row["unit"]), year=row["target_year"])


def total(row: Mapping) -> Text:
    """What a figure comes to over the phase; what is added up is no figure of one year and has no key."""
    key = None if row["total_is"] == SUM or row["total"] is None else row["key"]
    return (Figure(formats.figure(row["total"], row["unit"]), key),)


def columns_of(prefix: str, *codes: tuple[str, float]) -> list[Column]:
    """Columns of text, with headings of sentences.csv and relative widths."""
    return [
        Column(code, words(f"{prefix}_{code}"), "figure" if code in FIGURES else "text", width=width)
        for code, width in codes
    ]


FIGURES = ("baseline", "target", "value", "total", "remaining", "needed", "so_far", "expected", "proposed")


def grid(code: str, columns: Iterable[Column], rows: Iterable[dict[str, Text]], bold: Iterable[int] = ()) -> Grid:
    """The table with its caption and note, which are sentences of its name."""
    shown = tuple(columns)
    widths = tuple(column.width for column in shown)
    return Grid(words(f"{code}_caption"), shown, tuple(rows), widths, words(f"{code}_note"), frozenset(bold))
