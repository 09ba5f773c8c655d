"""Scenario analysis: recomputes figures under other options of decisions than those in force.

Each target under every option of every configurable decision (decision_options.csv), and each change on the year before
where a decision begins: both years under that decision. All of it from what was just built, with other cells in
decisions.csv, or in report_cycles.csv where a decision is a column of it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from warehouse.build.builds import BUILD_SESSIONS
from warehouse.connection import connect, copy_rows
from warehouse.restate.build_inputs import SEEDS
from warehouse.restate.compiled_sql import Recipe, planned_for, relation, render

VERDICTS, CHANGES = relation("next_marts", "fct_indicator_verdicts"), relation("intermediate", "int_changes_computed")
DECISIONS, CYCLES = relation(SEEDS, "decisions"), relation(SEEDS, "report_cycles")
PARAMETER_READ = re.compile(re.escape(DECISIONS) + r" as d where d\.parameter = '(\w+)'")  # macro decision()
FIGURES = "indicator_code, report_year, value, value_low, value_high, verdict"
WITHOUT_FIGURES = "indicator_code, report_year, null::numeric, null::numeric, null::numeric, null::text"
CHANGE = "indicator_code, measure_code, report_year, value_before, change"
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
# A decision that is a column of report_cycles.csv has its values there.
IN_FORCE = f"""
    select distinct on (decision_code, report_year)
        decision_code, parameter, report_year, coalesce(to_jsonb(cycles) ->> parameter, value),
        to_jsonb(cycles) ? parameter
    from {DECISIONS} inner join {CYCLES} as cycles on valid_from_year <= report_year
    where parameter is not null
    order by decision_code, report_year, valid_from_year desc
"""
OPTIONS = f"select decision_code, option, value from {relation(SEEDS, 'decision_options')} order by 1, 2"


class OptionUnreadable(Exception):
    """decision_options.csv has an option of what is no switch, or one value twice; the message says which."""


@dataclass(frozen=True)
class Switch:
    """A decision that can be configured, with the value that is in force for each report year."""

    code: str
    parameter: str
    values: Mapping[int, str]
    is_of_cycles: bool
    """whether it is a column of report_cycles.csv"""

    def begins_in(self, year: int) -> bool:
        """Whether another option is in force than in the year before."""
        return self.values.get(year - 1, self.values[year]) != self.values[year]


@dataclass(frozen=True)
class Scenario:
    """An option of a decision; without a value it cannot be computed from what the units report."""

    switch: Switch
    option: str
    value: str | None

    def query(self, recipe: Recipe) -> str:
        """The query for the targets under the option."""
        if self.value is None:
            return f"select {WITHOUT_FIGURES} from {VERDICTS}"
        if {*self.switch.values.values()} == {self.value}:
            return f"select {FIGURES} from {VERDICTS}"
        return f"select {FIGURES} from ({_decided(recipe, VERDICTS, [(self.switch, self.value)])}) as restated"

    def row(self, indicator_code: str, report_year: int, *figures: object) -> tuple:
        """A row of quality.target_sensitivity."""
        is_current = self.value is not None and self.switch.values[report_year] == self.value
        is_computable = self.value is not None
        return self.switch.code, self.option, is_current, is_computable, indicator_code, report_year, *figures


def compute_scenarios(connection: psycopg.Connection, recipe: Recipe, url: str) -> None:
    """Put the targets under every option into quality.target_sensitivity, and changes on the year before under the
    later year's decisions into quality.restated_changes, in place of those of the build before.

    Call it after the build while its lock is held. The queries run in sessions of their own, at `url`: they see what is
    committed. Raises OptionUnreadable."""
    switches = _switches(connection)
    scenarios = list(_scenarios(connection, switches))
    connection.commit()  # the other sessions must see the seeds
    narrowed = recipe.narrowed(BEHIND_VERDICTS)
    queries = [*(each.query(narrowed) for each in scenarios), *_changes_restated(recipe, switches)]
    with ThreadPoolExecutor(SESSIONS) as sessions:
        results = list(sessions.map(partial(_run, url), queries))
    targets = [each.row(*row) for each, found in zip(scenarios, results, strict=False) for row in found]
    changes = [row for found in results[len(scenarios) :] for row in found]
    _replace(connection, "target_sensitivity", f"decision_code, option, is_current, is_computable, {FIGURES}", targets)
    _replace(connection, "restated_changes", CHANGE, changes)


def _switches(connection: psycopg.Connection) -> dict[str, Switch]:
    """The configurable decisions by their code."""
    found: dict[str, Switch] = {}
    for code, parameter, year, value, is_of_cycles in connection.execute(IN_FORCE):
        earlier = found[code].values if code in found else {}
        found[code] = Switch(code, parameter, {**earlier, year: value}, is_of_cycles)
    return found


def _scenarios(connection: psycopg.Connection, switches: Mapping[str, Switch]) -> Iterator[Scenario]:
    """The options that are listed, and those in force that are not."""
    listed: dict[str, dict[str, str]] = defaultdict(dict)
    for code, option, value in connection.execute(OPTIONS):
        if code not in switches:
            raise OptionUnreadable(f"decision_options.csv: {code}, {option}: decisions.csv gives {code} no parameter.")
        if value in listed[code]:
            raise OptionUnreadable(f"decision_options.csv: {listed[code][value]} and {option} of {code} are the same.")
        if value is not None:
            listed[code][value] = option
        yield Scenario(switches[code], option, value)
    for code, options in listed.items():
        for value in {*switches[code].values.values()} - options.keys():
            yield Scenario(switches[code], value, value)


def _changes_restated(recipe: Recipe, switches: Mapping[str, Switch]) -> Iterator[str]:
    """The queries for the changes of each year in which a decision begins, both years under what is decided then."""
    for year in sorted({year for each in switches.values() for year in each.values}):
        begun = [(each, each.values[year]) for each in switches.values() if each.begins_in(year)]
        if begun:
            restated = _decided(recipe, CHANGES, begun)
            yield f"select {CHANGE} from ({restated}) as restated where report_year = {year}"


def _decided(recipe: Recipe, wanted: str, decided: list[tuple[Switch, str]]) -> str:
    """The query for the rows of `wanted` if decisions had these values for all years."""
    parameters = {switch.parameter for switch, _ in decided}
    models = {}
    for name, model in recipe.models.items():
        read = PARAMETER_READ.findall(model.sql)
        if len(read) == model.sql.count(DECISIONS) and parameters.isdisjoint(read):  # none that is decided otherwise
            model = replace(model, reads=tuple(each for each in model.reads if each != DECISIONS))
        models[name] = model
    of_cycles = {switch.parameter: value for switch, value in decided if switch.is_of_cycles}
    others = {switch.parameter: value for switch, value in decided if not switch.is_of_cycles}
    replaced = {}
    if of_cycles:
        replaced[CYCLES] = f"select (jsonb_populate_record(seed, {_json(of_cycles)})).* from {CYCLES} as seed"
    if others:
        value = f"coalesce({_json(others)} ->> parameter, value)"
        replaced[DECISIONS] = (
            f"select (jsonb_populate_record(seed, jsonb_build_object('value', {value}))).* from {DECISIONS} as seed"
        )
    return render(Recipe(models, recipe.seeds), wanted, replaced)


def _json(values: Mapping[str, str]) -> str:
    return Literal(json.dumps(values)).as_string(None) + "::jsonb"


def _replace(connection: psycopg.Connection, table: str, columns: str, rows: list[tuple]) -> None:
    connection.execute(SQL("delete from {}").format(Identifier("quality", table)))
    copy_rows(connection, f"quality.{table}", columns.split(", "), rows)


def _run(url: str, query: str) -> list[tuple]:
    with connect(url) as session, planned_for(session):
        session.execute(SQL("set application_name = {}").format(BUILD_SESSIONS))
        return session.execute(query).fetchall()
