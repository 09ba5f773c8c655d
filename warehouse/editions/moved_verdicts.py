"""Verdicts of issued years that edited reference data would move, worked out before anything is built.

The SQL of the build that is public is run on what was received, with its own reference data and with the CSV files as
they are now: what differs between the two, the files changed. Where the models changed too it says nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from warehouse.build import dbt
from warehouse.build.builds import promoted_build
from warehouse.connection import scalar
from warehouse.editions.reference_changes import changes_in_words
from warehouse.reference.csv_rows import read_rows
from warehouse.restate.as_of import as_known, rows_of_known_files
from warehouse.restate.build_inputs import ReferenceFile, recipe_of, reference_of, rows_of, versions_of
from warehouse.restate.compiled_sql import Recipe, render, sources_and_models_behind
from warehouse.restate.decision_scenarios import BEHIND_VERDICTS, VERDICTS
from warehouse.restate.stored_sql import texts_of

# A review stands for the last year of its phase.
ISSUED = """
    select
        coalesce(publications.report_year, extract(year from phases.ends_on)::integer) as report_year,
        publications.kind,
        publications.version
    from raw.publications as publications
    inner join (
        select publication_id from raw.publication_sendings
        union
        select publication_id from raw.publication_issues
    ) as issued using (publication_id)
    left join reference.phases as phases using (phase)
    order by 1, 2, publications.published_at
"""
ACCEPTED = """
    select indicator_code, report_year, old_verdict, new_verdict from raw.accepted_verdicts
    where accepted_at > (select finished_at from quality.builds where build_id = %s)
"""
EVER = "'infinity'::timestamptz"


@dataclass(frozen=True)
class MovedVerdict:
    """A verdict of an issued year that the next build would give otherwise."""

    indicator_code: str
    report_year: int
    old: str
    """code of the verdict; empty for none"""
    new: str
    is_accepted: bool = False
    """whether a person accepted it since the last promotion"""


@dataclass(frozen=True)
class VerdictMoves:
    """What the files would move, and how they differ from those of the public build, in words by file."""

    verdicts: Sequence[MovedVerdict] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def moved_verdicts(connection: psycopg.Connection, seeds: Path) -> VerdictMoves:
    """The verdicts of issued years that the CSV files of a folder move."""
    build_id = promoted_build(connection)
    versions = versions_of(connection, build_id) if build_id else None
    if versions is None:
        return VerdictMoves()
    code = scalar(connection, "select code_sha256 from quality.builds where build_id = %s", [build_id])
    years = sorted({year for year, *_ in connection.execute(ISSUED)})
    if not years or code != dbt.code_sha256():
        return VerdictMoves()
    recipe = recipe_of(connection, versions.models_sha256).narrowed(BEHIND_VERDICTS)
    behind = sources_and_models_behind(recipe, VERDICTS)
    reference = {
        name: file for name, file in reference_of(connection, versions.reference_sha256).items() if name in behind
    }
    edited = {name: each for name, file in reference.items() if (each := _edited(connection, file, seeds))}
    if not edited:
        return VerdictMoves()
    kept = {name: file.sql for name, file in reference.items()}
    old = _verdicts(connection, recipe, kept, years)
    new = _verdicts(connection, recipe, {**kept, **{name: sql for name, (sql, _) in edited.items()}}, years)
    accepted = set(connection.execute(ACCEPTED, [build_id]))
    moves = [(*key, old.get(key) or "", new.get(key) or "") for key in sorted(old.keys() | new.keys())]
    return VerdictMoves(
        [MovedVerdict(*move, move in accepted) for move in moves if move[2] != move[3]],
        {reference[name].name: words for name, (_, words) in edited.items()},
    )


def accept(connection: psycopg.Connection, moved: Sequence[MovedVerdict], reason: str, by: str) -> None:
    """Record who accepts these moves, and why. Commits nothing."""
    connection.cursor().executemany(
        "insert into raw.accepted_verdicts (indicator_code, report_year, old_verdict, new_verdict, reason, accepted_by)"
        " values (%s, %s, %s, %s, %s, %s)",
        [(each.indicator_code, each.report_year, each.old, each.new, reason, by) for each in moved],
    )


def _edited(connection: psycopg.Connection, kept: ReferenceFile, seeds: Path) -> tuple[str, str] | None:
    """(SQL of the rows of a CSV file, its changes in words); None where it has the rows that were kept."""
    found = [
        {name: row.cells.get(name) or None for name, _ in kept.columns}
        for row in read_rows(seeds / kept.name, may_be_empty=True)
    ]
    typed = SQL(", ").join(SQL("{} {}").format(Identifier(name), SQL(type_)) for name, type_ in kept.columns)
    source = SQL("select * from jsonb_to_recordset({}) as seed ({})").format(Literal(json.dumps(found)), typed)
    query = SQL("select coalesce(jsonb_agg(to_jsonb(seed)), '[]') from ({}) as seed").format(source)
    old, new = rows_of(connection, kept), scalar(connection, query)
    words = changes_in_words(old, new, [name for name, _ in kept.columns])
    return (source.as_string(None), words) if words else None


def _verdicts(
    connection: psycopg.Connection, recipe: Recipe, reference: Mapping[str, str], years: list[int]
) -> dict[tuple[str, int], str]:
    """(indicator, year) -> verdict, from everything that was received."""
    replaced = {**reference, **as_known(EVER, EVER), **rows_of_known_files(recipe, VERDICTS)}
    wanted = (
        "select json_build_array(indicator_code, report_year, verdict)::text"
        f" from ({render(recipe, VERDICTS, replaced)}) as judged where report_year in ({', '.join(map(str, years))})"
    )
    return {(code, year): verdict for code, year, verdict in map(json.loads, texts_of(connection, wanted))}
