"""The page that explains the data: the tables that readers open, by their own names, what each figure means, and the
SQL behind both. One HTML file, without network."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from psycopg.rows import dict_row

from htx.lineage import NothingPublished
from htx.open_data.tables import Table, tables_of
from reporting.documents.template_files import template_folders
from warehouse.build.builds import NEXT_SCHEMAS
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import instant_vi
from warehouse.restate.build_inputs import published_versions, recipe_of
from warehouse.restate.compiled_sql import Recipe

TEMPLATE = "catalogue.html"
PAGE = "index.html"
READ_FIRST = (
    "province_figures", "unit_figures_communes_2025", "unit_figures_districts_2023", "unit_figures_as_reported",
    "breakdown_figures", "target_companions", "spending_by_units", "priority_groups", "reporting_status",
    "cooperatives", "definitions",
)  # fmt: skip
"""the tables of bi in the order of docs/bi.md; the others follow by name"""
READ, BETWEEN = ("bi", "reports", "marts"), ("intermediate", "staging")
COUNTED = re.compile(r"int_\w+_counted")
FIGURES = "select * from bi.definitions order by sort_order"
PROMOTED = "select happened_at, what from bi.freshness where event = 'promoted'"
BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Step:
    """A table or view, its SQL and what that reads, by the names that readers know."""

    table: Table
    sql: str
    reads: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.table.schema}.{self.table.name}"


def write_catalogue(warehouse_url: str, folder: Path) -> Path:
    """Write the page into a folder; its path. Raises NothingPublished, WarehouseUnreachable."""
    with open_warehouse(warehouse_url) as connection:
        versions = published_versions(connection)
        if versions is None:
            raise NothingPublished("Nothing has been promoted yet: run htx build.")
        steps = [*_steps(connection, recipe_of(connection, versions.models_sha256))]
        [(promoted_at, build_id)] = connection.execute(PROMOTED).fetchall()
        names = {
            "tables": {schema: _of(steps, schema) for schema in READ},
            "between": [each for schema in BETWEEN for each in _of(steps, schema)],
            "figures": _figures(connection, steps),
            "known": {each.id for each in steps},
            "build_id": build_id,
            "promoted_vi": instant_vi(promoted_at),
        }
    environment = Environment(
        loader=FileSystemLoader(template_folders()), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["bold"] = lambda text: Markup(BOLD.sub(r"<b>\1</b>", str(escape(text))))
    page = folder / PAGE
    page.write_text(environment.get_template(TEMPLATE).render(names), encoding="utf-8")
    return page


def _steps(connection: psycopg.Connection, recipe: Recipe) -> Iterator[Step]:
    """What readers open, and the steps between files and that."""
    behind = {_public(name): model for name, model in recipe.models.items()}
    for table in tables_of(connection, (*READ, *BETWEEN), "rv"):
        model = behind.get(f"{table.schema}.{table.name}")
        yield (
            Step(table, _public(model.sql), tuple(sorted(map(_public, model.reads)))) if model else Step(table, "", ())
        )


def _of(steps: Iterable[Step], schema: str) -> list[Step]:
    places = {f"bi.{name}": place for place, name in enumerate(READ_FIRST)}
    its = [each for each in steps if each.table.schema == schema]
    return sorted(its, key=lambda each: (places.get(each.id, len(places)), each.id))


def _figures(connection: psycopg.Connection, steps: Iterable[Step]) -> list[dict]:
    """The rows of bi.definitions, each with the steps that count its parts (`counted`)."""
    counting = [each for each in steps if COUNTED.fullmatch(each.table.name)]
    counted: dict[tuple, list[str]] = {}
    for step in counting:
        names = {each.name for each in step.table.columns}
        measure = "measure_code" if "measure_code" in names else "'value'"
        if "indicator_code" in names:
            for key in connection.execute(f"select distinct indicator_code, {measure} from {step.id}".encode()):
                counted.setdefault(key, []).append(step.id)
    figures = connection.cursor(row_factory=dict_row).execute(FIGURES).fetchall()
    for each in figures:
        named = [step.id for step in counting if f"'{each['indicator_code']}'" in step.sql]
        each["counted"] = counted.get((each["indicator_code"], each["measure_code"]), named)
    return figures


def _public(sql: str) -> str:
    """SQL with relations as readers name them: bi.figures for "next_bi"."figures"."""
    plain = re.sub(r'"(\w+)"\."(\w+)"', r"\1.\2", sql)
    return re.sub(rf"\b({'|'.join(NEXT_SCHEMAS)})\.", lambda found: f"{NEXT_SCHEMAS[found[1]]}.", plain)
