"""Scenario analysis: recomputes each target under every option of every configurable decision.

The options are data (decision_options.csv): which cells of which CSV an option sets. The option whose cells have these
values already is in force; the others are recomputed from what was just built, with those cells changed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from warehouse.build.builds import BUILD_SESSIONS
from warehouse.connection import connect, scalar
from warehouse.restate.build_inputs import SEEDS
from warehouse.restate.compiled_sql import Recipe, planned_for, relation, render

VERDICTS = relation("next_marts", "fct_indicator_verdicts")
DECISIONS = relation(SEEDS, "decisions")
PARAMETER_READ = re.compile(re.escape(DECISIONS) + r" as d where d\.parameter = '(\w+)'")  # macro decision()
FIGURES = "value, value_low, value_high, verdict"
COLUMNS = f"indicator_code, report_year, {FIGURES}"
SESSIONS = 4  # as many as dbt has

# A verdict rests on totals of the indicators with targets: on a fifth of what their companions and all breakdowns are
# made from. As an array, not a join: the condition then reaches into the models' own queries.
OF_TARGETS = (
    f"indicator_code = any(array(select indicator_code from {relation('next_marts', 'dim_indicators')}"
    " where indicator_kind = 'target'))"
)
BEHIND_VERDICTS = {
    relation("intermediate", "int_contributions_combined"): OF_TARGETS,
    relation("intermediate", "int_contributions_summed"): "breakdown = 'total'",
    relation("intermediate", "int_measures_assigned"): OF_TARGETS,
}


class OptionUnreadable(Exception):
    """A row of decision_options.csv names no cell of a CSV; the message says which row."""


@dataclass(frozen=True)
class Edit:
    """What one row of decision_options.csv sets: a column, in the rows where columns have values."""

    seed: str
    rows: tuple[tuple[str, str], ...]
    column: str
    value: str | None


@dataclass(frozen=True)
class Option:
    """An option of a decision. One without edits cannot be computed from what the units report."""

    decision_code: str
    name: str
    edits: tuple[Edit, ...]


def compute_scenarios(connection: psycopg.Connection, recipe: Recipe, url: str) -> None:
    """Put the targets under every option into quality.target_sensitivity, in place of those of the build before.

    Call it after the build while its lock is held. The queries run in sessions of their own, at `url`: they see what is
    committed. Raises OptionUnreadable."""
    recipe = recipe.narrowed(BEHIND_VERDICTS)
    options = list(_options(connection))
    scenarios = [
        scenario
        for code, of_decision in groupby(options, key=attrgetter("decision_code"))
        for scenario in _scenarios(connection, code, list(of_decision))
    ]
    connection.commit()  # the other sessions must see the seeds
    queries = [_query(recipe, *each) for each in scenarios]
    with ThreadPoolExecutor(SESSIONS) as sessions:
        results = list(sessions.map(partial(_run, url), queries))
    connection.execute("delete from quality.target_sensitivity")
    connection.cursor().executemany(
        f"insert into quality.target_sensitivity (decision_code, option, is_current, is_computable, {COLUMNS})"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (option.decision_code, option.name, is_current, bool(option.edits), *row)
            for (option, is_current), rows in zip(scenarios, results, strict=True)
            for row in rows
        ],
    )


def _scenarios(connection: psycopg.Connection, code: str, options: Sequence[Option]) -> list[tuple[Option, bool]]:
    """The options of a decision, the one in force first, each with whether it is in force."""
    current = [each for each in options if each.edits and _is_in_force(connection, each)]
    if len(current) > 1:
        raise OptionUnreadable(
            f"decision_options.csv: {' and '.join(each.name for each in current)} of {code} set the same cells."
        )
    if not current:  # decision_options.csv does not list the option in force
        current = [Option(code, _decided(connection, code), options[0].edits)]
    return [(current[0], True), *((each, False) for each in options if each not in current)]


def _query(recipe: Recipe, option: Option, is_current: bool) -> str:
    """The query for the targets under an option."""
    restated = VERDICTS
    if option.edits and not is_current:
        edits = sorted(option.edits, key=attrgetter("seed"))
        replaced = {seed: _edited(seed, list(of_seed)) for seed, of_seed in groupby(edits, key=attrgetter("seed"))}
        restated = f"({render(_narrowed(recipe, option), VERDICTS, replaced)})"
    figures = FIGURES if option.edits else "null::numeric, null::numeric, null::numeric, null::text"
    return f"select indicator_code, report_year, {figures} from {restated} as restated"


def _narrowed(recipe: Recipe, option: Option) -> Recipe:
    """The recipe in which only models that read a parameter that the option sets depend on decisions.csv."""
    edited = {wanted for edit in option.edits for key, wanted in edit.rows if key == "parameter"}
    if {edit.seed for edit in option.edits} != {DECISIONS} or len(edited) != len(option.edits):
        return recipe
    models = {}
    for name, model in recipe.models.items():
        parameters = PARAMETER_READ.findall(model.sql)
        if len(parameters) == model.sql.count(DECISIONS) and not edited & {*parameters}:
            model = replace(model, reads=tuple(each for each in model.reads if each != DECISIONS))
        models[name] = model
    return Recipe(models, recipe.seeds)


def _run(url: str, query: str) -> list[tuple]:
    with connect(url) as session, planned_for(session):
        session.execute(SQL("set application_name = {}").format(BUILD_SESSIONS))
        return session.execute(query).fetchall()


def _decided(connection: psycopg.Connection, code: str) -> str:
    query = SQL("select coalesce(value, parameter) from {} where decision_code = %s")
    row = connection.execute(query.format(SQL(DECISIONS)), [code]).fetchone()
    if row is None:
        raise OptionUnreadable(f"decision_options.csv: decisions.csv has no decision {code}.")
    return row[0]


def _options(connection: psycopg.Connection) -> Iterator[Option]:
    found = connection.execute(
        SQL(
            "select decision_code, option, seed_file, seed_rows, seed_column, seed_value from {} order by 1, 2, 3, 4, 5"
        ).format(SQL(relation(SEEDS, "decision_options")))
    )
    for (code, name), lines in groupby(found, key=lambda line: line[:2]):
        yield Option(code, name, tuple(_edit(line) for line in lines if line[2]))


def _edit(line: tuple) -> Edit:
    code, name, file, where, column, value = line
    pairs = [pair.partition("=") for pair in (where or "").split()]
    if not column or not all(separator and key for key, separator, _ in pairs):
        raise OptionUnreadable(f"decision_options.csv: {code}, {name}: {where!r}, {column!r} names no cell of {file}.")
    rows = tuple((key, wanted) for key, _, wanted in pairs)
    return Edit(relation(SEEDS, file.removesuffix(".csv")), rows, column, value)


def _is_in_force(connection: psycopg.Connection, option: Option) -> bool:
    """Whether the cells that the option sets have its values already. Raises OptionUnreadable without such cells."""
    found = []
    for edit in option.edits:
        query = SQL("select bool_and({}::text is not distinct from {}) from {} where {}")
        cells = query.format(Identifier(edit.column), Literal(edit.value), SQL(edit.seed), _where(edit))
        try:
            found.append(scalar(connection, cells))
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            found.append(None)
        if found[-1] is None:
            raise OptionUnreadable(
                f"decision_options.csv: {option.decision_code}, {option.name}: {edit.seed} has no such rows or columns:"
                f" {dict(edit.rows)}, {edit.column}."
            )
    return all(found)


def _edited(seed: str, edits: Iterable[Edit]) -> str:
    """The rows of the seed with the edits made."""
    cells = SQL(" || ").join(
        SQL("case when {} then jsonb_build_object({}, {}::text) else '{{}}' end").format(
            _where(edit), edit.column, Literal(edit.value)
        )
        for edit in edits
    )
    query = SQL("select (jsonb_populate_record(seed, {})).* from {} as seed").format(cells, SQL(seed))
    return query.as_string(None)


def _where(edit: Edit) -> Composed:
    conditions = [SQL("{}::text = {}").format(Identifier(key), Literal(wanted)) for key, wanted in edit.rows]
    return SQL(" and ").join(conditions) if conditions else Composed([SQL("true")])
