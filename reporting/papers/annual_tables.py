"""The tables of the yearly report: those that everybody needs in its text, and its Word annexes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from reporting.content import formats
from reporting.content.tables import Column, Content
from reporting.papers.blocks import Annex, Block, Figure, Grid, Paragraph, Text, plain
from reporting.papers.figures import by_reporter, is_cumulative, is_stock
from reporting.papers.grids import column, figure_cell, filled, goal_cell, grid
from reporting.papers.sentences import sentence, words, words_or
from reporting.papers.targets import BOOKKEEPING
from warehouse.reference.numbers_vi import number_vi

MONEY = ("planned", "allocated", "disbursed")  # measures of C23, in the order of a budget
GROUPS = ("supported", "employed")  # measures of C04
CHARACTERS = 6  # for which a column of the annex of units has room


def targets_grid(content: Content, revised: frozenset[str] = frozenset()) -> Grid:
    """Each target with its result; figures of the year before that differ from last year's report have a mark."""
    columns = (
        column("number", "year", 0.8),
        column("target_name", width=5),
        column("goal", "decimal", 2),
        column("year_before", "decimal", 2.3, year=content.period - 1),
        column("year", "decimal", 2.3, year=content.period),
        column("verdict", width=2),
    )
    rows = []
    numbers = count(1)
    for row in content.tables["targets"].rows:
        code = row["indicator_code"]
        is_target = row["reported_as"] != BOOKKEEPING
        before = {
            **row,
            "value": row["previous_value"],
            "value_status": None,
            "key": f"{code}-{content.period - 1}",
            "value_numerator": row.get("previous_value_numerator"),
            "value_denominator": row.get("previous_value_denominator"),
        }
        rows.append({
            "number": (str(next(numbers)) if is_target else "",),
            "target_name": (_named(row),),
            "goal": goal_cell(row),
            "year_before": (*figure_cell(content, before), *(sentence("revised_mark") if code in revised else ())),
            "year": figure_cell(content, row),
            "verdict": (row["verdict_vi"],),
        })  # fmt: skip
    note = " ".join(_targets_notes(content, rows, bool(revised)))
    return grid(words("annual_table_targets"), filled(columns, rows), rows, note)


def _targets_notes(content: Content, cells: list[dict[str, Text]], is_revised: bool) -> Iterator[str]:
    """What the percentages are, which rows are cumulative or a stock, and who is missing in last year's column."""
    rows = content.tables["targets"].rows
    yield words("annual_targets_note_revised" if is_revised else "annual_targets_note")
    for code, holds in (("cumulative", is_cumulative), ("stock", is_stock)):
        numbers = [plain(cell["number"]) for cell, row in zip(cells, rows, strict=True) if holds(row["indicator_code"])]
        if numbers:
            yield words(f"annual_targets_note_{code}", rows=", ".join(numbers))
    if (names := missing_before(content)) and any(row["previous_value"] is not None for row in rows):
        yield words("annual_targets_note_before", year=content.period - 1, names=", ".join(names))
    if any(row["reported_as"] == BOOKKEEPING for row in rows):
        yield words("annual_targets_bookkeeping")


def missing_before(content: Content) -> list[str]:
    """The mandatory units without a report in the year before."""
    names = content.facts.get("missing_last_year")
    return names.split("; ") if names else []


def priority_grid(content: Content) -> Iterator[Block]:
    """Women of priority groups, this year and the year before; nothing where no unit gave a count."""
    table = content.tables["priority_groups"]
    if not any(row["value"] is not None or row["value_status"] == "under_five" for row in table.rows):
        yield Paragraph(sentence("annual_no_priority_groups"))
        return
    years = {"_before": content.period - 1, "": content.period}
    columns = [
        column("priority_group", width=5),
        *(column(f"{each}{when}", "figure", 1.6, year=year) for each in GROUPS for when, year in years.items()),
    ]
    groups: dict[str, dict[str, Text]] = {}
    for row in table.rows:
        group = groups.setdefault(row["breakdown_code"], {"priority_group": (row["breakdown_code_name_vi"],)})
        group[f"{row['measure_code']}_before"] = (_plain(row, "previous_value"),)
        group[row["measure_code"]] = (_plain(row, "value"),)
    notes = ["annual_priority_note"]
    if any(row["previous_value"] is not None for row in table.rows) and any(
        row["value"] is not None for row in table.rows
    ):
        notes.append("annual_priority_compared")
    if "suppressed" in {row[each] for row in table.rows for each in ("value_status", "previous_value_status")}:
        notes.append("annual_priority_suppressed")
    note = " ".join(map(words, notes))
    yield grid(words("annual_table_priority"), filled(columns, groups.values()), groups.values(), note)


def funds_grid(content: Content) -> Iterator[Grid]:
    """Planned, allocated and disbursed by source, with the total; nothing where no department reported."""
    rows = [row for row in content.tables["breakdowns"].rows if row["breakdown"] == "funding_source"]
    sources: dict[str, dict[str, Text]] = {}
    for row in rows:
        if row["indicator_code"] == "C23" and row["measure_code"] in MONEY and row["value"] is not None:
            source = sources.setdefault(row["breakdown_code"], {"source": (row["breakdown_code_name_vi"],)})
            source[row["measure_code"]] = figure_cell(content, row)
    if not sources:
        return
    without = sources_without_figure(content)
    name = sentence("annual_total_missing", names=", ".join(without)) if without else sentence("total")
    total: dict[str, Text] = {"source": name}
    for row in content.tables["figures"].rows:
        if row["indicator_code"] == "C23" and row["measure_code"] in MONEY and row["value"] is not None:
            total[row["measure_code"]] = figure_cell(content, row)
    columns = (column("source", width=4), *(column(measure, "money", 1.6) for measure in MONEY))
    rows_with_total = (*sources.values(), total)
    yield grid(words("annual_table_funds"), columns, rows_with_total, words("annual_funds_note"), [len(sources)])


def sources_without_figure(content: Content) -> list[str]:
    """The sources of funds that had a figure in the year before and have none in the year."""
    figures: dict[str, list[dict]] = {}
    for row in content.tables["breakdowns"].rows:
        if row["breakdown"] == "funding_source" and row["indicator_code"] == "C23" and row["measure_code"] in MONEY:
            figures.setdefault(row["breakdown_code_name_vi"], []).append(row)
    return [
        name
        for name, rows in figures.items()
        if all(row["value"] is None for row in rows) and any(row["previous_value"] is not None for row in rows)
    ]


def annexes(content: Content) -> tuple[Annex, ...]:
    """By unit; cooperatives by name; how the plan was read."""
    every = (
        Annex(words("annual_annex_units", period=content.period_vi.upper()), tuple(_units(content)), landscape=True),
        Annex(words("annual_annex_cooperatives"), tuple(_cooperatives(content))),
        Annex(words("annual_annex_decisions"), tuple(_decisions(content))),
    )
    return tuple(annex for annex in every if annex.blocks)


def _units(content: Content) -> Iterator[Block]:
    table = content.tables["unit_targets"]
    if not table.rows:
        return
    every = [column for column in table.columns if f"{column.code}_key" in table.rows[0]]
    several = [each for each in every if not _has_other_reporters(each.code_shown)]
    rows = tuple(
        {"unit": (row["unit_name_vi"],), **{each.code: _of_unit(content, row, each) for each in several}}
        for row in table.rows
        if row["unit_kind"] != "agency"
    )
    columns = (
        column("unit", width=2.4),
        *(
            Column(
                each.code,
                words_or(f"short_{each.code_shown}", each.heading_vi),
                "figure",
                width=max(1, _longest_word(rows, each.code) / CHARACTERS),
            )
            for each in several
        ),
    )
    note = words("annual_units_note")
    if left_out := [words(f"short_{each.code_shown}") for each in every if each not in several]:
        note += " " + words("annual_units_left_out", names=", ".join(left_out))
    yield grid(words("annual_table_units"), columns, rows, note, [len(rows) - 1])


def _longest_word(rows: Iterable[Mapping[str, Text]], code: str) -> int:
    """Characters of the longest word of a column: 933/2.194 is not to be broken."""
    return max(len(word) for row in rows for word in plain(row[code]).split())


def _has_other_reporters(indicator: str) -> bool:
    """Whether the province's figure has parts of units that the annex has no line of: former districts, agencies."""
    return is_cumulative(indicator) and indicator in by_reporter()


def _of_unit(content: Content, row: dict, column: Column) -> Text:
    """A figure of a unit; a percentage as what it is made of, since 100% of one manager says little."""
    parts = content.facts.get("unit_parts", {}).get((row["unit_uid"], column.code_shown))
    if parts and row[column.code] is not None:
        over, under = (Figure(number_vi(part or 0), row[f"{column.code}_key"]) for part in parts)
        return (over, "/", under)
    text = formats.cell(column, row, content.percent_decimals)
    return (Figure(text, row[f"{column.code}_key"]) if row[column.code] is not None else text,)


def _cooperatives(content: Content) -> Iterator[Block]:
    bridge = content.tables["registry_bridge"]
    if bridge.rows:
        columns = (column("change_of_registry", width=5), column("cooperatives", "integer"))
        rows = tuple(
            {"change_of_registry": (row["term_name_vi"],), "cooperatives": (number_vi(row["cooperatives"]),)}
            for row in bridge.rows
        )
        yield grid(f"1. {bridge.title_vi}", columns, rows, bridge.note_vi)
    yield from _listed(content, "new_cooperatives", 2, {
        "cooperative_name": 4, "commune_name_vi": 2, "founded_on": 1.5, "sector_vi": 2, "women_workers": 1,
        "union_supported_founding": 1.2,
    }, _not_of_women(content))  # fmt: skip
    yield from _listed(content, "untrained_managers", 3, {
        "cooperative_name": 4, "commune_name_vi": 2, "women_managers": 1, "untrained": 1.2,
    })  # fmt: skip


def _not_of_women(content: Content) -> str:
    """The new cooperatives that no figure of the report counts."""
    rows = content.tables["new_cooperatives"].rows
    names = [row["cooperative_name"] for row in rows if not row["women_lead_or_manage"]]
    return words("annual_not_of_women", names=", ".join(names)) if names else ""


def _listed(content: Content, name: str, number: int, widths: dict[str, float], note: str = "") -> Iterator[Grid]:
    """Rows of a table by some of its columns."""
    table = content.tables[name]
    if not table.rows:
        return
    by_code = {column.code: column for column in table.columns}
    columns = [replace(by_code[code], width=width) for code, width in widths.items()]
    rows = tuple({each.code: (formats.cell(each, row),) for each in columns} for row in table.rows)
    yield grid(f"{number}. {table.title_vi}", columns, rows, note)


def _decisions(content: Content) -> Iterator[Grid]:
    table = content.tables["decisions"]
    by_code = {column.code: column for column in table.columns}
    columns = (replace(by_code["question_vi"], width=2), replace(by_code["answer_vi"], width=3))
    rows = tuple({each.code: (row[each.code],) for each in columns} for row in table.rows)
    if rows:
        yield grid(words("annual_table_decisions"), columns, rows)


def _named(row: dict) -> str:
    if row["unit"] == formats.PERCENT:
        return row["indicator_name_vi"]
    return f"{row['indicator_name_vi']} ({row['unit_vi']})"


def _plain(row: dict, code: str) -> str:
    return formats.figure(row[code], row["unit"], row[f"{code}_status"])
