"""Runs the SQL that dbt compiled again, with some relations replaced, as one statement.

Models that depend on a replaced relation and lead to the wanted one become CTEs; every other relation is read as the
table in the database. This gives a figure with less data, under another decision, or by the models of an earlier day,
without a build.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

import psycopg

from warehouse.connection import scalar

# CTEs have no statistics: the planner expects a row or two of some and joins them by nested loops. On the example
# province such a statement took 12 to 34 s, and 0.5 s without nested loops.
PLANNER = {"enable_nestloop": "off", "jit": "off"}


class RecipeIncomplete(Exception):
    """dbt's artifacts lack the SQL of a model; the message names it and what to run."""


@dataclass(frozen=True)
class Model:
    """A model: its SQL as dbt compiled it, and the relations that it reads."""

    sql: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """How the marts are made. Relations are written "schema"."name", as in the SQL, without the database."""

    models: Mapping[str, Model]
    seeds: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """Equal recipes give equal texts."""
        models = {relation: {"sql": each.sql, "reads": list(each.reads)} for relation, each in self.models.items()}
        return json.dumps({"models": models, "seeds": sorted(self.seeds)}, sort_keys=True, ensure_ascii=False)

    def narrowed(self, conditions: Mapping[str, str]) -> "Recipe":
        """The recipe with some models restricted to rows that meet a condition ({relation: SQL}). KeyError if a model
        does not exist."""
        narrowed = {}
        for name, condition in conditions.items():
            whole = self.models[name]
            narrowed[name] = replace(whole, sql=f"select * from ({whole.sql}\n) as whole where {condition}")
        return Recipe({**self.models, **narrowed}, self.seeds)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        read = json.loads(text)
        models = {name: Model(each["sql"], tuple(each["reads"])) for name, each in read["models"].items()}
        return cls(models, tuple(read["seeds"]))


def relation(schema: str, name: str) -> str:
    """The name of a relation as recipes and compiled SQL write it."""
    return f'"{schema}"."{name}"'


def read_recipe(target: Path) -> Recipe:
    """The recipe of the last run of dbt, from its artifacts in `target` (manifest.json, run_results.json).

    Raises RecipeIncomplete when that run did not make every model."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    run = {result["unique_id"]: result["compiled_code"] for result in results if result.get("compiled_code")}
    nodes = {**manifest["nodes"], **manifest["sources"]}
    rendered = {id: node["relation_name"] for id, node in nodes.items() if node.get("relation_name")}
    names = {id: relation(nodes[id]["schema"], _identifier(nodes[id])) for id in rendered}
    models = {}
    for id, node in manifest["nodes"].items():
        if node["resource_type"] != "model":
            continue
        sql = run.get(id) or node.get("compiled_code")
        if not sql:
            raise RecipeIncomplete(f"dbt left no compiled SQL of {names[id]} in {target}: run htx build.")
        reads = sorted({parent for parent in node["depends_on"]["nodes"] if parent in rendered})
        for parent in reads:
            sql = sql.replace(rendered[parent], names[parent])
        models[names[id]] = Model(sql, tuple(names[parent] for parent in reads))
    seeds = sorted(names[id] for id in rendered if nodes[id]["resource_type"] == "seed")
    return Recipe(models, tuple(seeds))


def _identifier(node: Mapping) -> str:
    return node.get("identifier") or node.get("alias") or node["name"]


def sources_and_models_behind(recipe: Recipe, wanted: str) -> set[str]:
    """The upstream lineage of a relation, itself included."""
    return set(_lineage(wanted, lambda name: recipe.models[name].reads if name in recipe.models else ()))


def _lineage(wanted: str, reads: Callable[[str], Iterable[str]]) -> list[str]:
    """A relation and everything that it is made from, each after those that it reads."""
    graph: dict[str, list[str]] = {}
    waiting = [wanted]
    while waiting:
        name = waiting.pop()
        if name not in graph:
            graph[name] = sorted(reads(name))
            waiting += graph[name]
    return list(TopologicalSorter(graph).static_order())


def render(recipe: Recipe, wanted: str, replacements: Mapping[str, str]) -> str:
    """The query for the rows of `wanted` where each replaced relation has the rows of its SQL ({relation: SQL}).

    The SQL of a replacement may read its own relation, which is then the table in the database; other relations are
    replaced in it too."""
    expanded = _expanded(recipe, wanted, replacements)
    ctes = {name: f'"{number} {name.split(".")[1].strip(chr(34))}'[:60] + '"' for number, name in enumerate(expanded)}
    parts = []
    for name in expanded:
        own = replacements.get(name)
        sql = recipe.models[name].sql if own is None else own
        for other, cte in ctes.items():
            if own is None or other != name:
                sql = sql.replace(other, cte)
        parts.append(f"{ctes[name]} as (\n{sql}\n)")
    begin = "with\n" + ",\n".join(parts) + "\n" if parts else ""
    return f"{begin}select * from {ctes.get(wanted, wanted)}"


def _expanded(recipe: Recipe, wanted: str, replacements: Mapping[str, str]) -> list[str]:
    """The relations that become CTEs, each after those that it reads."""
    known = {*recipe.models, *replacements}

    def reads(name: str) -> Iterable[str]:
        if name in replacements:
            return [other for other in known if other != name and other in replacements[name]]
        return recipe.models[name].reads if name in recipe.models else ()  # others stay as they are in the database

    expanded: list[str] = []
    for name in _lineage(wanted, reads):
        if name in replacements or any(other in expanded for other in reads(name)):
            expanded.append(name)
    return expanded


@contextmanager
def planned_for(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction (or savepoint) with the planner settings of PLANNER; they end with it."""
    with connection.transaction():
        before = {name: scalar(connection, f"show {name}") for name in PLANNER}
        for name, value in PLANNER.items():
            connection.execute(f"set local {name} = {value}")
        yield
        for name, value in before.items():
            connection.execute(f"set local {name} = {value}")
