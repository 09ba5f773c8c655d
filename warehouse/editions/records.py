"""Publications keep the figures that they published, and what is needed to work them out again.

With the figures are kept what they were made of: the files, snapshots and earlier publications that were known, the
models' SQL and the reference data. None of it is ever changed: triggers of schema/04_publications.sql refuse that.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier, Literal

from warehouse.build.builds import promoted_state
from warehouse.restate.as_of import (
    DAY_IN_VIET_NAM,
    FILES,
    PUBLICATIONS,
    SENDINGS,
    SNAPSHOTS,
    VALUES,
    rows_of_known_files,
)
from warehouse.restate.build_inputs import ReferenceFile, Versions, published_versions, recipe_of, reference_of
from warehouse.restate.compiled_sql import Recipe, planned_for, relation, render

VERDICTS = relation("next_marts", "fct_indicator_verdicts")
CYCLES = relation("reference", "report_cycles")
PUBLISHING_LOCK = 7_401_006  # advisory lock: of two processes that keep the same publication, one does

VALUE_KEY = ("indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis")
VALUE_FIGURES = ("numerator", "denominator", "value", "value_low", "value_high", "value_status")
VERDICT_KEY = ("indicator_code", "report_year")
VERDICT_FIGURES = (
    "value", "value_low", "value_high", "comparator", "target", "target_year", "achieved_pct", "verdict",
)  # fmt: skip
KEPT = {
    "value": ("publication_figures", VALUE_KEY, VALUE_FIGURES),
    "verdict": ("publication_verdicts", VERDICT_KEY, VERDICT_FIGURES),
}

SENDING_ID = "publication_id || ' ' || recipient"

# What a publication of that instant would be made of today. Earlier publications alone: none counts itself.
INPUTS_TODAY = f"""
    select 'file' as kind, submission_id as input_id, received_at, file_name, verdict
    from {FILES} where received_at <= {{at}}
    union all
    select 'snapshot', snapshot_id, null, null, null
    from {SNAPSHOTS} where speaks_of <= {DAY_IN_VIET_NAM.format("{at}")}
    union all
    select 'publication', publication_id, null, null, null
    from {PUBLICATIONS} where published_at < {{at}}
    union all
    select 'sending', {SENDING_ID}, null, null, null
    from {SENDINGS} where sent_at < {{at}}
"""
INPUTS_KEPT = """
    select kind, input_id, received_at, file_name, verdict from raw.publication_inputs where publication_id = %s
"""
COLUMNS = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"

Figures = dict[tuple, tuple]  # (figure, *key) -> its columns
Inputs = dict[tuple[str, str], tuple]  # (kind, id) -> received_at, file_name, verdict


class PublicationRefused(Exception):
    """There is nothing to publish, or not of that kind; the message says why."""


@dataclass(frozen=True)
class Publication:
    """A report that was sent, and by what its figures can be worked out again."""

    publication_id: str
    kind: str
    report_year: int | None
    phase: int | None
    recipient: str | None
    published_at: datetime
    recorded_at: datetime
    figures_sha256: str | None
    models_sha256: str | None
    reference_sha256: str | None
    version: str | None = None
    """major.minor.patch of a report that was published here; None for one that was only recorded"""
    supersedes: str | None = None
    forced_because: str | None = None
    missing_units: Sequence[str] | None = None
    tables_sha256: Mapping[str, str] | None = None

    @property
    def period(self) -> int:
        return self.report_year if self.kind == "annual" else self.phase


@dataclass(frozen=True)
class World:
    """What figures are made of."""

    inputs: Inputs
    reference: Mapping[str, ReferenceFile]
    recipe: Recipe


def publications(connection: psycopg.Connection, publication_id: str | None = None) -> list[Publication]:
    """All publications, or the one of that id, in the order of their instants."""
    cursor = connection.cursor(row_factory=dict_row)
    columns = ", ".join(Publication.__dataclass_fields__)
    found = cursor.execute(
        f"select {columns} from raw.publications where %(id)s::text is null or publication_id = %(id)s"
        " order by published_at, publication_id",
        {"id": publication_id},
    )
    return [Publication(**row) for row in found]


# Publishing


def publish_figures(
    connection: psycopg.Connection,
    kind: str,
    period: int,
    recipient: str | None,
    at: datetime,
) -> Publication:
    """Keep the figures of a report, as known at an instant, by the code and reference data that are public.

    `kind`: annual, whose `period` is the report year, or phase_review, of a phase. The same publication again is the
    one that was kept. One transaction; raises PublicationRefused."""
    publication = Publication(
        _id_of(kind, period, recipient, at), kind, period if kind == "annual" else None,
        period if kind == "phase_review" else None, recipient, at, at, None, None, None,
    )  # fmt: skip
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [PUBLISHING_LOCK])
        if known := publications(connection, publication.publication_id):
            return known[0]
        versions = published_versions(connection)
        if versions is None:
            raise PublicationRefused("No build was published whose code and reference data were kept: run htx build.")
        world = world_today(connection, publication, versions)
        figures = figures_in(connection, publication, world)
        if not any(key[0] == "verdict" for key in figures):
            raise PublicationRefused(f"At {at:%Y-%m-%d %H:%M} UTC nothing was known of {_said(publication)}.")
        keep_figures(connection, publication.publication_id, world.inputs, figures)
        connection.execute(
            "insert into raw.publications (publication_id, kind, report_year, phase, recipient, published_at,"
            " figures_sha256, state_sha256, models_sha256, reference_sha256)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                publication.publication_id, kind, publication.report_year, publication.phase, recipient, at,
                figures_sha256(connection, publication.publication_id), promoted_state(connection),
                versions.models_sha256, versions.reference_sha256,
            ],
        )  # fmt: skip
    return publications(connection, publication.publication_id)[0]


def figures_sha256(connection: psycopg.Connection, publication_id: str) -> str:
    """The hash of the figures that are kept of a publication: of their rows as text, in the order of the text."""
    parts = [
        SQL("select row({})::text as line from {} where publication_id = {}").format(
            SQL(", ").join(map(Identifier, (*key, *columns))), Identifier("raw", table), publication_id
        )
        for table, key, columns in KEPT.values()
    ]
    lines = SQL(" union all ").join(parts)
    [text] = connection.execute(
        SQL("select coalesce(string_agg(line, e'\\n' order by line collate \"C\"), '') from ({}) as kept").format(lines)
    ).fetchone()
    return hashlib.sha256(text.encode()).hexdigest()


def _id_of(kind: str, period: int, recipient: str | None, at: datetime) -> str:
    said = "|".join([kind, str(period), recipient or "", at.isoformat()])
    return "P-" + hashlib.sha256(said.encode()).hexdigest()[:12].upper()


def _said(publication: Publication) -> str:
    return f"report year {publication.report_year}" if publication.kind == "annual" else f"phase {publication.phase}"


def keep_figures(connection: psycopg.Connection, id: str, inputs: Inputs, figures: Figures) -> None:
    """Write the figures of a publication and what they were made of; the publication itself is written after them."""
    cursor = connection.cursor()
    with cursor.copy("copy raw.publication_inputs from stdin") as copy:
        for key, known in inputs.items():
            copy.write_row((id, *key, *known))
    for figure, (table, key_columns, columns) in KEPT.items():
        listed = SQL(", ").join(map(Identifier, ("publication_id", *key_columns, *columns)))
        with cursor.copy(SQL("copy {} ({}) from stdin").format(Identifier("raw", table), listed)) as copy:
            for key, values in figures.items():
                if key[0] == figure:
                    copy.write_row((id, *key[1:], *values))


# Working out


def world_today(connection: psycopg.Connection, publication: Publication, versions: Versions) -> World:
    """What a publication of that instant would be made of today, by public code and reference data."""
    at = Literal(publication.published_at)
    inputs = _inputs(connection.execute(SQL(INPUTS_TODAY).format(at=at)))
    reference = reference_of(connection, versions.reference_sha256)
    return World(inputs, reference, recipe_of(connection, versions.models_sha256))


def world_kept(connection: psycopg.Connection, publication: Publication) -> World:
    """What the publication was made of."""
    inputs = _inputs(connection.execute(INPUTS_KEPT, [publication.publication_id]))
    reference = reference_of(connection, publication.reference_sha256)
    return World(inputs, reference, recipe_of(connection, publication.models_sha256))


def _inputs(found: psycopg.Cursor) -> Inputs:
    return {(kind, id): tuple(known) for kind, id, *known in found}


@contextmanager
def _known(connection: psycopg.Connection, inputs: Inputs) -> Iterator[dict[str, str]]:
    """Replacements of the sources by these inputs, for the time that they are needed."""
    connection.execute(
        "create temporary table known_inputs (kind text, input_id text, received_at timestamptz, file_name text,"
        " verdict text) on commit drop"
    )
    with connection.cursor().copy("copy pg_temp.known_inputs from stdin") as copy:
        for key, known in inputs.items():
            copy.write_row((*key, *known))
    columns = [name for (name,) in connection.execute(COLUMNS, [FILES])]
    # as they stood: a rejected file may be accepted since, an earlier receipt be known
    as_known = {"received_at", "file_name", "verdict"}
    listed = ", ".join(f"{'known' if name in as_known else 'files'}.{name}" for name in columns)
    chosen = "(select input_id from pg_temp.known_inputs where kind = '{}')"
    yield {
        FILES: f"select {listed} from {FILES} as files inner join pg_temp.known_inputs as known"
        " on known.kind = 'file' and files.submission_id = known.input_id",
        SNAPSHOTS: f"select * from {SNAPSHOTS} where snapshot_id in {chosen.format('snapshot')}",
        PUBLICATIONS: f"select * from {PUBLICATIONS} where publication_id in {chosen.format('publication')}",
        SENDINGS: f"select * from {SENDINGS} where {SENDING_ID} in {chosen.format('sending')}",
    }
    connection.execute("drop table pg_temp.known_inputs")


def figures_in(connection: psycopg.Connection, publication: Publication, world: World) -> Figures:
    """The figures of the publication's years, as they are in a world."""
    seeds = {name: file.sql for name, file in world.reference.items()}
    with planned_for(connection), _known(connection, world.inputs) as known:
        replaced = {**seeds, **known, **rows_of_known_files(world.recipe, VERDICTS)}
        columns = ", ".join((*VALUE_KEY, *VALUE_FIGURES))
        connection.execute(
            f"create temporary table restated_values on commit drop as select {columns}"
            f" from ({render(world.recipe, VALUES, replaced)}) as restated"
        )
        verdicts = render(world.recipe, VERDICTS, {**seeds, **known, VALUES: "select * from pg_temp.restated_values"})
        found = {
            **_rows(connection, "value", "pg_temp.restated_values", publication, seeds),
            **_rows(connection, "verdict", f"({verdicts})", publication, seeds),
        }
        connection.execute("drop table pg_temp.restated_values")
    return found


def figures_public(
    connection: psycopg.Connection, publication: Publication, reference: Mapping[str, ReferenceFile]
) -> Figures:
    """The figures of the publication's years as readers see them; `reference` is that of the public build."""
    seeds = {name: file.sql for name, file in reference.items()}
    return {
        **_rows(connection, "value", "marts.fct_indicator_values", publication, seeds),
        **_rows(connection, "verdict", "marts.fct_indicator_verdicts", publication, seeds),
    }


def _rows(
    connection: psycopg.Connection, figure: str, source: str, publication: Publication, seeds: Mapping[str, str]
) -> Figures:
    _, key, columns = KEPT[figure]
    years = f"report_year = {publication.report_year}"
    if publication.kind == "phase_review":
        of_phase = f"select report_year from ({seeds[CYCLES]}) as cycles where phase = {publication.phase}"
        years = f"report_year in ({of_phase})"
    listed = ", ".join((*key, *columns))
    found = connection.execute(f"select {listed} from {source} as figures where {years}")
    return {(figure, *row[: len(key)]): row[len(key) :] for row in found}


def figures_kept(connection: psycopg.Connection, publication: Publication) -> Figures:
    """The figures as they were published."""
    kept = {}
    for figure, (table, key, columns) in KEPT.items():
        query = SQL("select {} from {} where publication_id = %s").format(
            SQL(", ").join(map(Identifier, (*key, *columns))), Identifier("raw", table)
        )
        for row in connection.execute(query, [publication.publication_id]):
            kept[figure, *row[: len(key)]] = row[len(key) :]
    return kept
