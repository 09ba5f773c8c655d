"""The tables of the review of a phase, as they are printed."""

from collections.abc import Mapping
from decimal import Decimal
from math import floor

from reporting.content import formats
from reporting.content.tables import Column, Content
from reporting.papers.blocks import Grid, Text
from reporting.papers.grids import column, figure_cell, goal_cell, goal_written, grid, under_titles
from reporting.papers.sentences import words, words_or
from warehouse.reference.numbers_vi import MISSING, number_vi

# of the totals, what is counted of few who owe it: in Excel alone
IN_EXCEL = ("activities",)


def path_grid(content: Content) -> Grid:
    """The targets over the years of the phase."""
    years = _years(content, "path", 19)
    columns = [
        column("target_name", width=36),
        column("unit_of_measure", width=13),
        column("baseline", "figure", 12),
        *years,
        column("goal", "figure", 17),
        column("verdict", width=25),
    ]
    rows: list[dict[str, Text]] = [
        {
            "target_name": (row["indicator_name_vi"],),
            "unit_of_measure": (row["unit_vi"],),
            "baseline": (formats.figure(row["baseline"], row["unit"], None, content.percent_decimals),),
            **{year.code: figure_cell(content, row, year.code) for year in years},
            "goal": goal_cell(row),
            "verdict": (row["verdict_vi"],),
        }
        for row in of_targets(content)
    ]
    return grid(words("phase_path_caption"), columns, rows, words("phase_path_note"))


def totals_grid(content: Content) -> Grid:
    """What the phase brought in all, by topic; parts of a figure are below it."""
    years = _years(content, "totals", 12)
    columns = [
        column("content", width=30),
        column("unit_of_measure", width=16),
        *years,
        column("of_phase", "figure", 13),
        column("incomplete", width=16),
    ]

    def cells(row: dict) -> dict[str, Text]:
        name = row["name_vi"] if row["part_vi"] is None else words("phase_part", part=row["part_vi"])
        return {
            "content": (name,),
            "unit_of_measure": (row["unit_vi"],),
            **{year.code: figure_cell(content, row, year.code) for year in years},
            "of_phase": figure_cell(content, row),
            "incomplete": (row["incomplete_years"] or "",),
        }

    shown = [row for row in content.tables["totals"].rows if row["topic"] not in IN_EXCEL]
    rows, bold = under_titles(shown, "topic_vi", cells, "content")
    return grid(
        words("phase_totals_caption"), columns, rows, words("phase_totals_note") + sources_missing(content), bold
    )


def sources_missing(content: Content) -> str:
    """The sources of money that have a figure of some years of the phase and none of others; empty where all have."""
    years: dict[str, dict[str, None]] = {}
    for row in content.tables["totals"].rows:
        values = {code: value for code, value in row.items() if code.removeprefix("value_").isdigit()}
        if row["breakdown"] == "funding_source" and any(value is not None for value in values.values()):
            without = [code.removeprefix("value_") for code, value in values.items() if value is None]
            years.setdefault(row["part_vi"], {}).update(dict.fromkeys(without))
    parts = [words("phase_money_missing_part", name=name, years=", ".join(of)) for name, of in years.items() if of]
    return words("phase_money_missing", parts="; ".join(parts)) if parts else ""


def outlook_grid(content: Content) -> Grid:
    """The targets of the next phase, and the pace that each needs."""
    columns = [
        column("target_name", width=28),
        column("unit_of_measure", width=11),
        column("reached", "figure", 14),
        column("next_goal", "figure", 12),
        *(column(code, "figure", 12) for code in ("remaining", "needed", "so_far")),
        column("expected", "figure", 12),
    ]
    rows: list[dict[str, Text]] = [
        {
            "target_name": (row["indicator_name_vi"],),
            "unit_of_measure": (row["unit_vi"],),
            "reached": figure_cell(content, row),
            "next_goal": (_goal(row, "next_target"),),
            "remaining": (_step(row["remaining"] or None, row["unit"]),),
            "needed": (_step(row["pace_needed"], row["unit"]),),
            "so_far": (_step(row["pace_so_far"], row["unit"]),),
            "expected": (_expected(row, content.percent_decimals),),
        }
        for row in having_next(content)
    ]
    return grid(words("phase_outlook_caption"), columns, rows, words("phase_outlook_note"))


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
    columns = [
        column("target_name", width=22),
        column("proposal", width=24),
        column("because", width=36),
        column("effect", width=18),
    ]
    missing = {row["indicator_code"]: row["missing_units"] for row in content.tables["path"].rows}
    rows: list[dict[str, Text]] = [
        {
            "target_name": (row["indicator_name_vi"],),
            "proposal": (row["proposal_vi"],),
            "because": (row["because_vi"] + _lacking(row, missing),),
            "effect": (row["effect_vi"],),
        }
        for row in content.tables["target_proposals"].rows
    ]
    return grid(words("phase_proposals_caption"), columns, rows)


def _lacking(row: Mapping, missing: Mapping[str, str | None]) -> str:
    """Which units the figures behind a number of ours lack; empty where all gave it, or nothing new is proposed."""
    units = missing.get(row["indicator_code"])
    moves = row["proposed_target"] not in (None, row["next_target"])
    return words("phase_proposal_lacks", units=units) if units and moves else ""


def amended_grid(content: Content) -> Grid:
    """The draft of the amended targets: all that have a number, with that of the plan."""
    columns = [
        column("target_name", width=44),
        column("unit_of_measure", width=13),
        column("goal_of_plan", "figure", 14),
        column("proposed", "figure", 14),
        column("amendment", width=16),
    ]
    rows: list[dict[str, Text]] = [
        {
            "target_name": (row["indicator_name_vi"],),
            "unit_of_measure": (row["unit_vi"],),
            "goal_of_plan": (_goal(row, "next_target"),),
            "proposed": (_goal(row, "proposed_target"),),
            "amendment": (words_or(f"phase_amended_{row['proposal']}", row["proposal_vi"]),),
        }
        for row in content.tables["target_proposals"].rows
        if row["proposed_target"] is not None or row["next_target"] is not None
    ]
    return grid(words("phase_amended_caption"), columns, rows)


def duties_grid(content: Content) -> Grid:
    """Each duty over the years: how many units did it, of how many that have it."""
    years = _years(content, "duties", 13)

    def cells(row: dict) -> dict[str, Text]:
        return {"duty": (row["duty_name_vi"],), **{year.code: (row[year.code] or MISSING,) for year in years}}

    rows, bold = under_titles(content.tables["duties"].rows, "section_title_vi", cells, "duty")
    columns = [column("duty", width=60), *years]
    return grid(words("phase_duties_caption"), columns, rows, words("phase_duties_note"), bold)


def of_targets(content: Content) -> list[dict]:
    """The rows of targets over the years, without duties that keep books."""
    return [row for row in content.tables["path"].rows if row["reported_as"] == "target"]


def having_next(content: Content) -> list[dict]:
    """The outlooks of indicators that have a later target and a way to it."""
    return [
        row
        for row in content.tables["outlook"].rows
        if row["next_target"] is not None and row["outlook"] not in ("recurring", "unknown")
    ]


def _goal(row: Mapping, code: str) -> str:
    return MISSING if row[code] is None else goal_written({**row, "target": row[code]})


def _years(content: Content, table: str, width: float) -> list[Column]:
    """The columns of the years of a table."""
    every = content.tables[table].columns
    return [
        Column(each.code, each.heading_vi, "figure", width=width) for each in every if each.code.startswith("value_2")
    ]
