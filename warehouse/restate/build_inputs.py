"""The versions of models and reference data that builds used, stored once each by content hash.

A build records its recipe (the models' SQL) and its reference data (the seeds as they were in the database). Figures
can then be recomputed by the models and decisions of their day, on any machine, without dbt's files.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from warehouse.build.builds import promoted_build
from warehouse.connection import scalar
from warehouse.restate.compiled_sql import Model, Recipe, read_recipe, relation
from warehouse.restate.stored_sql import StoredSqlRefused

SEEDS = "reference"  # the schema of dbt's seeds

CONTENT = """
    select jsonb_build_object(
        'columns', (
            select jsonb_agg(jsonb_build_array(attname, format_type(atttypid, atttypmod)) order by attnum)
            from pg_attribute where attrelid = {name}::regclass and attnum > 0 and not attisdropped
        ),
        'rows', (
            select coalesce(jsonb_agg(to_jsonb(seed) order by to_jsonb(seed)::text collate "C"), '[]')
            from {seed} as seed
        )
    )::text
"""


RETIRED = {
    relation("intermediate", "int_years_affected"): Model(
        'select report_year from "reference"."report_cycles"', (relation(SEEDS, "report_cycles"),)
    ),
    relation("staging", "stg_published__indicator_totals"): Model(
        "select null as indicator_code, null as measure_code, null::integer as report_year, null as unit_uid,"
        " null as basis, null::numeric as numerator, null::numeric as denominator, null as value_status where false",
        (relation(SEEDS, "report_cycles"),),  # so that it is restated, and not read from a table that is gone
    ),
}


@dataclass(frozen=True)
class Versions:
    """Hashes of the models' SQL and of the reference data that a build used."""

    models_sha256: str
    reference_sha256: str


@dataclass(frozen=True)
class ReferenceFile:
    """A version of a seed: its columns with their types, in order, and the hash under which its rows are stored."""

    name: str
    content_sha256: str
    columns: tuple[tuple[str, str], ...]

    @property
    def sql(self) -> str:
        """The rows, typed as the seed's."""
        typed = SQL(", ").join(SQL("{} {}").format(Identifier(name), SQL(type_)) for name, type_ in self.columns)
        return (
            SQL(
                "select * from jsonb_to_recordset((select content -> 'rows' from raw.reference_contents"
                " where content_sha256 = {})) as seed ({})"
            )
            .format(Literal(self.content_sha256), typed)
            .as_string(None)
        )


def keep_versions(connection: psycopg.Connection, target: Path, build_id: str) -> Recipe:
    """Store the models' SQL that dbt left in `target` and the seeds as they are, and record both for the build.

    Call it after dbt while the lock of builds is held. Raises RecipeIncomplete."""
    recipe = read_recipe(target)
    with connection.transaction():
        connection.execute(
            "insert into raw.model_versions (models_sha256, models) values (%s, %s) on conflict do nothing",
            [recipe.sha256, recipe.as_json()],
        )
        reference_sha256 = _keep_reference(connection, recipe)
        note_versions(connection, build_id, Versions(recipe.sha256, reference_sha256))
    return recipe


def note_versions(connection: psycopg.Connection, build_id: str, versions: Versions) -> None:
    """Record what a build was made by."""
    connection.execute(
        "update quality.builds set models_sha256 = %s, reference_sha256 = %s where build_id = %s",
        [versions.models_sha256, versions.reference_sha256, build_id],
    )


def versions_of(connection: psycopg.Connection, build_id: str) -> Versions | None:
    """The versions that a build used; None for one without dbt, or from before versions were recorded."""
    row = connection.execute(
        "select models_sha256, reference_sha256 from quality.builds"
        " where build_id = %s and models_sha256 is not null and reference_sha256 is not null",
        [build_id],
    ).fetchone()
    return Versions(*row) if row else None


def published_versions(connection: psycopg.Connection) -> Versions | None:
    """The versions that the public tables were built with; None before the first promotion."""
    build_id = promoted_build(connection)
    return versions_of(connection, build_id) if build_id else None


def recipe_of(connection: psycopg.Connection, models_sha256: str) -> Recipe:
    """The recipe stored under a hash. Raises StoredSqlRefused where it has another one.

    What version 0.1 read of the build before, to make some years only, is replaced: all years, and nothing public."""
    text = scalar(connection, "select models from raw.model_versions where models_sha256 = %s", [models_sha256])
    _require_same(models_sha256, text)
    recipe = Recipe.from_json(text)
    return Recipe({name: RETIRED.get(name, model) for name, model in recipe.models.items()}, recipe.seeds)


def reference_of(connection: psycopg.Connection, reference_sha256: str) -> dict[str, ReferenceFile]:
    """{relation: seed} of a version of the reference data. Raises StoredSqlRefused where it has another hash."""
    rows = connection.execute(
        "select file_name, content_sha256, content -> 'columns',"
        " encode(sha256(convert_to(content::text, 'UTF8')), 'hex') from raw.reference_versions"
        " inner join raw.reference_contents using (content_sha256) where reference_sha256 = %s order by file_name",
        [reference_sha256],
    ).fetchall()
    _require_same(reference_sha256, _listed({name: found for name, _, _, found in rows}))
    return {
        f'"{SEEDS}"."{name.removesuffix(".csv")}"': ReferenceFile(name, content, tuple(map(tuple, columns)))
        for name, content, columns, _ in rows
    }


def rows_of(connection: psycopg.Connection, file: ReferenceFile) -> list[dict]:
    """The rows of a version of a seed, each as {column: value}."""
    query = "select content -> 'rows' from raw.reference_contents where content_sha256 = %s"
    return scalar(connection, query, [file.content_sha256])


def _require_same(sha256: str, text: str) -> None:
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise StoredSqlRefused(
            f"What the warehouse keeps as {sha256[:12]}, models or reference data of an earlier build, has another"
            " hash: it was changed by hand, and is not run. Restore raw.model_versions and raw.reference_*."
        )


def _listed(contents: Mapping[str, str]) -> str:
    """What reference_sha256 is the hash of: {file: hash of its content}, as text."""
    return "".join(f"{name} {content}\n" for name, content in sorted(contents.items()))


def _keep_reference(connection: psycopg.Connection, recipe: Recipe) -> str:
    kept = {}
    for seed in recipe.seeds:
        content = scalar(connection, SQL(CONTENT).format(name=Literal(seed), seed=SQL(seed)))
        name = seed.split(".")[1].strip('"') + ".csv"
        kept[name] = hashlib.sha256(content.encode()).hexdigest()
        connection.execute(
            "insert into raw.reference_contents (content_sha256, content) values (%s, %s) on conflict do nothing",
            [kept[name], content],
        )
    reference_sha256 = hashlib.sha256(_listed(kept).encode()).hexdigest()
    connection.cursor().executemany(
        "insert into raw.reference_versions (reference_sha256, file_name, content_sha256) values (%s, %s, %s)"
        " on conflict do nothing",
        [(reference_sha256, name, content) for name, content in kept.items()],
    )
    return reference_sha256
