"""Editions of a report: its figures together with the inputs, reference data and models that they are made of.

An edition is read from the records, taken from the public tables, or restated from history as of an instant. It is
published as the next version of its report unless figures and tables are the same as those of the version before.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import psycopg
from psycopg.sql import SQL, Literal

from warehouse import locks
from warehouse.build.builds import require_no_other_builders
from warehouse.editions import priority_counts
from warehouse.editions.records import (
    FIGURE_TABLES,
    INPUT_COLUMNS,
    Figures,
    Inputs,
    Publication,
    PublicationRefused,
    figures_of,
    inputs_of,
    keep,
    publication_id,
    publications,
)
from warehouse.editions.versioning import Scope, next_version, numbers_of, scope_of, units_reported
from warehouse.reference.phrases import phrase
from warehouse.restate.as_of import (
    DAY_IN_VIET_NAM,
    FILES,
    ISSUES,
    PUBLICATIONS,
    SENDINGS,
    SNAPSHOTS,
    STATE_ID,
    STATES,
    VALUES,
    rows_of_known_files,
)
from warehouse.restate.build_inputs import ReferenceFile, Versions, published_versions, recipe_of, reference_of
from warehouse.restate.compiled_sql import Model, Recipe, relation, render, sources_and_models_behind
from warehouse.restate.stored_sql import texts_of

VERDICTS = relation("next_marts", "fct_indicator_verdicts")
CYCLES = relation("reference", "report_cycles")
FIGURES, INPUTS = relation("restated", "figures"), relation("restated", "inputs")  # of a restatement alone
# Indicators T17 and T18 count the issue of the publications themselves: a version that differed in these alone would
# be caused by the issue of the version before it, and cause the next.
FED_BY_PUBLICATIONS = ("T17", "T18")

SENDING_ID = "publication_id || ' ' || recipient"
# What figures as of an instant are made of. Only earlier publications: none counts itself.
INPUTS_AS_OF = f"""
    select 'file' as kind, submission_id as input_id, received_at, file_name, verdict
    from {FILES} where received_at <= {{at}}
    union all
    select 'snapshot', snapshot_id, null, null, null
    from {SNAPSHOTS} where speaks_of <= {DAY_IN_VIET_NAM.format("{at}")}
    union all
    select 'publication', publication_id, null, null, null
    from {PUBLICATIONS} where least(published_at, recorded_at) < {{at}}
    union all
    select 'sending', {SENDING_ID}, null, null, null
    from {SENDINGS} where least(sent_at, recorded_at) < {{at}}
    union all
    select kind, input_id, null, null, null from {ISSUES} where kind = 'issue' and known_at < {{at}}
"""
RECORDED_SINCE = f"""
    select 'publication', publication_id from raw.publications where recorded_at > %(began)s
    union all
    select 'sending', {SENDING_ID} from raw.publication_sendings where recorded_at > %(began)s
    union all
    select kind, input_id from {ISSUES} where kind = 'issue' and recorded_at > %(began)s
"""
COLUMNS = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"


@dataclass(frozen=True)
class Edition:
    """The state of a report: published, or about to be."""

    publication: Publication
    inputs: Inputs
    reference: Mapping[str, ReferenceFile]
    recipe: Recipe
    figures: Figures = field(default_factory=dict)
    scope: Scope = frozenset()


@contextmanager
def publishing(connection: psycopg.Connection) -> Iterator[None]:
    """One transaction, in which no other process publishes, with snapshot isolation; committed at the end.

    Raises BuildForbidden."""
    require_no_other_builders(connection)
    with locks.session_lock(connection, locks.PUBLISH), connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        yield


def versions_of(connection: psycopg.Connection, kind: str, period: int) -> list[Publication]:
    """The versions of a report, oldest first; without those that were only recorded."""
    versions = [
        each for each in publications(connection)
        if (each.kind, each.period) == (kind, period) and each.version is not None
    ]  # fmt: skip
    return sorted(versions, key=lambda each: numbers_of(each.version or ""))


def record(connection: psycopg.Connection, kind: str, period: int, recipient: str | None, at: datetime) -> Publication:
    """Record a report that was sent by other means: its figures as of an instant, by public models and reference data.

    Idempotent: the same report, recipient and instant are recorded once. Commits; raises PublicationRefused."""
    id = publication_id(kind, period, recipient or "", at.isoformat())
    with publishing(connection):
        if known := publications(connection, id):
            return known[0]
        built_by = _public_versions(connection)
        edition = edition_as_of(connection, _publication(kind, period, at, built_by, id, recipient), built_by)
        figures = restated(connection, edition)
        if not _has_verdicts(figures):
            named = f"{'report year' if kind == 'annual' else 'phase'} {period}"
            raise PublicationRefused(f"At {at:%Y-%m-%d %H:%M} UTC no data of {named} had been received.")
        return keep(connection, edition.publication, edition.inputs, figures)


def edition_kept(connection: psycopg.Connection, publication: Publication) -> Edition:
    """An edition as it was published."""
    assert publication.reference_sha256
    assert publication.models_sha256
    inputs = inputs_of(connection, publication.publication_id)
    figures = figures_of(connection, publication.publication_id)
    return Edition(
        publication,
        inputs,
        reference_of(connection, publication.reference_sha256),
        recipe_of(connection, publication.models_sha256),
        figures,
        scope_of(figures, units_reported(connection, inputs)),
    )


def edition_as_of(connection: psycopg.Connection, publication: Publication, built_by: Versions) -> Edition:
    """What a publication would be made of if it were published now for the same instant; without its figures."""
    found = connection.execute(SQL(INPUTS_AS_OF).format(at=Literal(publication.published_at)))
    inputs = {(kind, id): tuple(columns) for kind, id, *columns in found}
    reference = reference_of(connection, built_by.reference_sha256)
    return Edition(publication, inputs, reference, recipe_of(connection, built_by.models_sha256))


def edition_public(
    connection: psycopg.Connection,
    kind: str,
    period: int,
    at: datetime,
    built_at: datetime,
) -> Edition:
    """What would be published at an instant: the figures in the public tables, by the build that began at `built_at`.

    Raises PublicationRefused."""
    built_by = _public_versions(connection)
    edition = edition_as_of(connection, _publication(kind, period, at, built_by), built_by)
    unknown = set(connection.execute(RECORDED_SINCE, {"began": built_at}).fetchall())  # to that build
    inputs = {key: columns for key, columns in edition.inputs.items() if key not in unknown}
    figures = {
        **_rows(connection, "value", "marts.fct_indicator_values", edition),
        **_rows(connection, "verdict", "marts.fct_indicator_verdicts", edition),
    }
    if not _has_verdicts(figures):
        raise PublicationRefused(f"The public tables have no figures of {kind} {period}.", phrase("no_figures"))
    scope = scope_of(figures, units_reported(connection, inputs))
    return replace(edition, inputs=inputs, figures=figures, scope=scope)


def numbered(edition: Edition, before: Edition | None) -> Edition:
    """The edition with its version and id, after the one before it."""
    last = before.publication if before else None
    version = next_version(last.version if last else None, before.scope if before else frozenset(), edition.scope)
    publication = edition.publication
    return replace(
        edition,
        publication=replace(
            publication,
            publication_id=publication_id(publication.kind, publication.period, version),
            version=version,
            supersedes=last.publication_id if last else None,
        ),
    )


def is_same_state(old: Edition, new: Edition) -> bool:
    """Whether two editions have the same figures, tables and missing units, but for what publishing itself changes.

    Of counts of priority groups that is what the tables show."""
    hidden = priority_counts.priority_measures(old.figures, new.figures)

    def state(edition: Edition) -> tuple:
        publication = edition.publication
        shown = priority_counts.without(edition.figures, hidden)
        figures = {key: columns for key, columns in shown.items() if key[1] not in FED_BY_PUBLICATIONS}
        return list(publication.missing_units or []), dict(publication.tables_sha256 or {}), figures

    return state(old) == state(new)


# Restating


def restated(
    connection: psycopg.Connection, edition: Edition, beside: Mapping[str, Iterable[str]] | None = None
) -> Figures:
    """The figures that the inputs, reference data and models of an edition give, of the years of its report.

    `beside`: further columns of each figure, value or verdict; None where the edition's models do not have one."""
    seeds = {name: file.sql for name, file in edition.reference.items()}
    replaced = {**seeds, **rows_of_inputs(connection, edition.inputs)}
    for wanted in (VALUES, VERDICTS):
        replaced |= rows_of_known_files(edition.recipe, wanted)
    listed = " union all ".join(
        f"select json_build_array('{figure}', {', '.join((*key, *columns, *_columns_if_there(beside, figure)))})::text"
        f" from {source} as figures where {_years(edition)}"
        for source, (figure, (_, key, columns)) in zip((VALUES, VERDICTS), FIGURE_TABLES.items(), strict=True)
    )
    recipe = replace(edition.recipe, models={**edition.recipe.models, FIGURES: Model(listed, (VALUES, VERDICTS))})
    found: Figures = {}
    for line in texts_of(connection, render(recipe, FIGURES, replaced)):
        figure, *row = json.loads(line, parse_float=Decimal)
        size = len(FIGURE_TABLES[figure][1])  # of the key
        found[figure, *row[:size]] = tuple(row[size:])
    return found


def _columns_if_there(beside: Mapping[str, Iterable[str]] | None, figure: str) -> list[str]:
    return [f"to_jsonb(figures) -> '{name}'" for name in (beside or {}).get(figure, ())]


def behind_figures(recipe: Recipe) -> set[str]:
    """Every relation that values and verdicts are made from."""
    return sources_and_models_behind(recipe, VALUES) | sources_and_models_behind(recipe, VERDICTS)


def rows_of_inputs(connection: psycopg.Connection, inputs: Inputs) -> dict[str, str]:
    """{source: SQL that gives the rows of these inputs alone}, to replace them in a recipe."""
    known = [dict(zip(INPUT_COLUMNS, (*key, *columns), strict=True)) for key, columns in inputs.items()]
    names = [name for (name,) in connection.execute(COLUMNS, [FILES])]
    # as they were then: a rejected file may have been accepted since, or an earlier receipt found
    as_known = {"received_at", "file_name", "verdict"}
    listed = ", ".join(f"{'known' if name in as_known else 'files'}.{name}" for name in names)
    chosen = f"(select input_id from {INPUTS} where kind = '{{}}')"
    return {
        INPUTS: SQL(
            "select * from jsonb_to_recordset({}) as known"
            " (kind text, input_id text, received_at timestamptz, file_name text, verdict text)"
        )
        .format(json.dumps(known, default=datetime.isoformat))
        .as_string(None),
        FILES: f"select {listed} from {FILES} as files inner join {INPUTS} as known"
        " on known.kind = 'file' and files.submission_id = known.input_id",
        SNAPSHOTS: f"select * from {SNAPSHOTS} where snapshot_id in {chosen.format('snapshot')}",
        PUBLICATIONS: f"select * from {PUBLICATIONS} where publication_id in {chosen.format('publication')}",
        SENDINGS: f"select * from {SENDINGS} where {SENDING_ID} in {chosen.format('sending')}",
        STATES: f"select * from {STATES} where {STATE_ID} in {chosen.format('issue')}",
    }


def _rows(connection: psycopg.Connection, figure: str, source: str, edition: Edition) -> Figures:
    """The figures of the report's years in a relation."""
    _, key, columns = FIGURE_TABLES[figure]
    found = connection.execute(f"select {', '.join((*key, *columns))} from {source} as figures where {_years(edition)}")
    return {(figure, *row[: len(key)]): row[len(key) :] for row in found}


def _years(edition: Edition) -> str:
    """The condition on the rows of the report's years."""
    if edition.publication.kind == "annual":
        return f"report_year = {edition.publication.report_year}"
    cycles = edition.reference[CYCLES].sql
    return f"report_year in (select report_year from ({cycles}) as cycles where phase = {edition.publication.phase})"


def _publication(
    kind: str, period: int, at: datetime, built_by: Versions, id: str = "", recipient: str | None = None
) -> Publication:
    year, phase = (period, None) if kind == "annual" else (None, period)
    return Publication(
        id, kind, year, phase, recipient, at, at, None, built_by.models_sha256, built_by.reference_sha256
    )


def _public_versions(connection: psycopg.Connection) -> Versions:
    versions = published_versions(connection)
    if versions is None:
        raise PublicationRefused("No build with stored code and reference data has been promoted: run htx build.")
    return versions


def _has_verdicts(figures: Figures) -> bool:
    return any(key[0] == "verdict" for key in figures)
