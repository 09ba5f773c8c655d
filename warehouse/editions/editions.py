"""Reports that this warehouse publishes: with their documents, as versions of a yearly report or a phase review.

A version is known by the state of its figures and of what its documents say in tables. The same state is the same
version; another state is the next one.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from warehouse.build import builds, input_fingerprints
from warehouse.editions.changes import Change, Edition, apart_from_publications
from warehouse.editions.records import (
    CYCLES,
    PUBLISHING_LOCK,
    SENDING_ID,
    Publication,
    PublicationRefused,
    World,
    figures_kept,
    figures_public,
    figures_sha256,
    keep_figures,
    publications,
    world_kept,
    world_today,
)
from warehouse.editions.versioning import next_version, numbers_of, scope_of, units_reported
from warehouse.restate.as_of import DAY_IN_VIET_NAM
from warehouse.restate.build_inputs import published_versions, reference_of

SINCE = f"""
    select 'publication', publication_id from raw.publications where recorded_at > %(began)s
    union all
    select 'sending', {SENDING_ID} from raw.publication_sendings where recorded_at > %(began)s
"""
CHANGED = (
    "indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis",
)  # fmt: skip


@dataclass(frozen=True)
class KeptDocument:
    """A document as it was published."""

    recipient: str
    format: str
    file_name: str
    sha256: str
    content: bytes


@contextmanager
def alone_in_one_snapshot(connection: psycopg.Connection) -> Iterator[None]:
    """One transaction that sees one state of the warehouse, while nobody else publishes; committed at the end.

    The lock comes before the transaction: whoever waits for it sees what was published meanwhile. It goes with the
    session, so that a killed process leaves none behind."""
    connection.commit()
    connection.execute("select pg_advisory_lock(%s)", [PUBLISHING_LOCK])
    connection.commit()
    try:
        with connection.transaction():
            connection.execute("set transaction isolation level repeatable read")
            yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", [PUBLISHING_LOCK])
        connection.commit()


def reports_of(connection: psycopg.Connection, kind: str, period: int) -> list[Publication]:
    """The versions of a report, the first one first; publications that were only recorded are none."""
    versions = [
        each for each in publications(connection)
        if (each.kind, each.period) == (kind, period) and each.version is not None
    ]  # fmt: skip
    return sorted(versions, key=lambda each: numbers_of(each.version))


def require_built(connection: psycopg.Connection) -> datetime:
    """When the build began whose tables are public; PublicationRefused unless it was made of all that was received, by
    the models and reference data of now. What the province published since is no reason to build first."""
    build_id = builds.promoted_build(connection)
    if build_id is None:
        raise PublicationRefused("Nothing was built and published yet: run htx build.")
    [began] = connection.execute("select started_at from quality.builds where build_id = %s", [build_id]).fetchone()
    state = input_fingerprints.read_fingerprint(connection, published_until=began)
    if builds.promoted_state(connection) != state:
        stale = "What was received, or models or CSV files, are not built yet: run htx build."
        raise PublicationRefused(builds.rollback_of(connection, state) or stale)
    return began


def require_sent_is_built(connection: psycopg.Connection, phase: int, built_at: datetime) -> None:
    """PublicationRefused where a yearly report of a phase was sent since the build began whose tables are public: the
    review of the phase says which of them went in time."""
    versions = published_versions(connection)
    cycles = reference_of(connection, versions.reference_sha256)[CYCLES].sql if versions else None
    if cycles is None:
        return
    [is_unknown] = connection.execute(
        f"""
        select exists (
            select from raw.publication_sendings as sendings
            inner join raw.publications using (publication_id)
            inner join ({cycles}) as cycles on publications.report_year = cycles.report_year
            where cycles.phase = %s and sendings.recorded_at > %s
        )
        """,
        [phase, built_at],
    ).fetchone()
    if is_unknown:
        raise PublicationRefused("A yearly report of this phase was sent, and that is not built yet: run htx build.")


def require_nothing_sent_later(connection: psycopg.Connection, at: datetime, built_at: datetime) -> None:
    """PublicationRefused where the build that began at `built_at` knows of a report that was sent at an instant or
    after it: what was published then could never be worked out again from what was known then."""
    [sent_at] = connection.execute(
        "select max(sent_at) from raw.publication_sendings where sent_at >= %s and recorded_at <= %s", [at, built_at]
    ).fetchone()
    if sent_at:
        raise PublicationRefused(
            f"A new version of {at:%Y-%m-%d %H:%M} UTC would know of a report that was sent {sent_at:%Y-%m-%d %H:%M}"
            " UTC: it must be of a later instant."
        )


def require_nothing_later(connection: psycopg.Connection, at: datetime) -> None:
    """PublicationRefused where something was received after an instant: its report would say what nobody knew."""
    [received, speaks_of, is_later] = connection.execute(
        f"""
        select files.received_at, snapshots.speaks_of,
            files.received_at > %(at)s or snapshots.speaks_of > {DAY_IN_VIET_NAM.format("%(at)s::timestamptz")}
        from (select max(received_at) as received_at from raw.received_files) as files,
            (select max(speaks_of) as speaks_of from raw.registry_snapshots) as snapshots
        """,
        {"at": at},
    ).fetchone()
    if is_later:
        raise PublicationRefused(
            f"A report of {at:%Y-%m-%d %H:%M} UTC would say what nobody knew then: the last file was received"
            f" {received:%Y-%m-%d %H:%M} UTC, and the registry speaks of {speaks_of}. For figures of the past there is"
            " htx publications add."
        )


# Editions


def edition_kept(connection: psycopg.Connection, publication: Publication) -> Edition:
    """A version as it was published."""
    world, figures = world_kept(connection, publication), figures_kept(connection, publication)
    scope = scope_of(figures, units_reported(connection, world.inputs))
    return Edition(publication, world, figures, scope, publication.tables_sha256 or {})


def edition_public(
    connection: psycopg.Connection,
    kind: str,
    period: int,
    at: datetime,
    built_at: datetime,
    tables_sha256: Mapping[str, str],
) -> Edition:
    """What would be published at an instant: the figures that readers see, of the build that began at `built_at`."""
    versions = published_versions(connection)
    if versions is None:
        raise PublicationRefused("No build was published whose code and reference data were kept: run htx build.")
    is_annual = kind == "annual"
    publication = Publication(
        "", kind, period if is_annual else None, None if is_annual else period, None, at, at, None,
        versions.models_sha256, versions.reference_sha256, tables_sha256=tables_sha256,
    )  # fmt: skip
    world = _as_built(connection, world_today(connection, publication, versions), built_at)
    figures = figures_public(connection, publication, world.reference)
    if not any(key[0] == "verdict" for key in figures):
        raise PublicationRefused(f"The public tables have no figures of {kind} {period}.")
    scope = scope_of(figures, units_reported(connection, world.inputs))
    return Edition(publication, world, figures, scope, tables_sha256)


def _as_built(connection: psycopg.Connection, world: World, built_at: datetime) -> World:
    """Without what was published and sent since the build began, which it does not know."""
    since = set(connection.execute(SINCE, {"began": built_at}).fetchall())
    return replace(world, inputs={key: known for key, known in world.inputs.items() if key not in since})


def numbered(edition: Edition, before: Edition | None) -> Edition:
    """The edition with its version and id, after the one before it."""
    last = before.publication if before else None
    version = next_version(last.version if last else None, before.scope if before else None, edition.scope)
    publication = edition.publication
    said = "|".join([publication.kind, str(publication.period), version])
    return replace(
        edition,
        publication=replace(
            publication,
            publication_id="P-" + hashlib.sha256(said.encode()).hexdigest()[:12].upper(),
            version=version,
            supersedes=last.publication_id if last else None,
        ),
    )


def is_same_state(old: Edition, new: Edition) -> bool:
    """Whether both say the same, apart from what publishing itself moves."""
    return (
        list(old.publication.missing_units or []) == list(new.publication.missing_units or [])
        and dict(old.tables_sha256) == dict(new.tables_sha256)
        and apart_from_publications(old.figures) == apart_from_publications(new.figures)
    )


# Keeping


def keep_report(
    connection: psycopg.Connection,
    edition: Edition,
    readiness: Mapping,
    documents: Sequence[KeptDocument],
    changes: Sequence[tuple[Change, str]],
) -> Publication:
    """Write a version for ever; `changes` with a sentence each. Commits nothing."""
    publication = edition.publication
    id = publication.publication_id
    keep_figures(connection, id, edition.world.inputs, edition.figures)
    _keep_changes(connection, id, changes)
    connection.cursor().executemany(
        "insert into raw.publication_documents (publication_id, recipient, format, file_name, sha256, content)"
        " values (%s, %s, %s, %s, %s, %s)",
        [(id, each.recipient, each.format, each.file_name, each.sha256, each.content) for each in documents],
    )
    connection.execute(
        """
        insert into raw.publications (
            publication_id, kind, report_year, phase, recipient, published_at, recorded_at, figures_sha256,
            state_sha256, models_sha256, reference_sha256, version, supersedes, forced_because, missing_units,
            readiness, tables_sha256
        )
        values (
            %(id)s, %(kind)s, %(report_year)s, %(phase)s, null, %(at)s, clock_timestamp(), %(figures)s,
            %(state)s, %(models)s, %(reference)s, %(version)s, %(supersedes)s, %(forced_because)s, %(missing)s,
            %(readiness)s, %(tables)s
        )
        """,
        {
            "id": id,
            "kind": publication.kind,
            "report_year": publication.report_year,
            "phase": publication.phase,
            "at": publication.published_at,
            "figures": figures_sha256(connection, id),
            "state": builds.promoted_state(connection),
            "models": publication.models_sha256,
            "reference": publication.reference_sha256,
            "version": publication.version,
            "supersedes": publication.supersedes,
            "forced_because": publication.forced_because,
            "missing": list(publication.missing_units or []),
            "readiness": Jsonb(dict(readiness)),
            "tables": Jsonb(dict(edition.tables_sha256)),
        },
    )
    [kept] = publications(connection, id)
    return kept


def _keep_changes(connection: psycopg.Connection, id: str, changes: Sequence[tuple[Change, str]]) -> None:
    columns = (
        "publication_id", "position", "change", *CHANGED, "column_name", "old_value", "new_value", "reason", "cause",
        "submission_id", "sheet_code", "row_number", "field_code", "cell", "cell_old_value", "cell_new_value",
        "sentence_vi",
    )  # fmt: skip
    with connection.cursor().copy(f"copy raw.publication_changes ({', '.join(columns)}) from stdin") as copy:
        for position, (each, sentence) in enumerate(changes, start=1):
            cell = each.cells[0] if each.cells else None
            copy.write_row((
                id, position, each.change, *(each.key.get(name) for name in CHANGED), each.column, each.old_value,
                each.new_value, each.reason, each.cause,
                cell.submission_id if cell else next(iter(each.files), None),
                *(getattr(cell, name, None)
                  for name in ("sheet_code", "row_number", "field_code", "cell", "old_value", "new_value")),
                sentence,
            ))  # fmt: skip


def documents_of(connection: psycopg.Connection, publication_id: str) -> list[KeptDocument]:
    """The documents of a publication, by recipient and format."""
    rows = connection.execute(
        "select recipient, format, file_name, sha256, content from raw.publication_documents"
        " where publication_id = %s order by recipient, format",
        [publication_id],
    )
    return [KeptDocument(*row) for row in rows]


def sendings_of(connection: psycopg.Connection, publication_id: str) -> dict[str, dict]:
    """{recipient: columns of raw.publication_sendings} of those to whom the publication was sent."""
    cursor = connection.cursor(row_factory=dict_row)
    rows = cursor.execute("select * from raw.publication_sendings where publication_id = %s", [publication_id])
    return {row["recipient"]: row for row in rows}


def changes_of(connection: psycopg.Connection, publication_id: str) -> list[dict]:
    """What the version has otherwise than the one before it: the columns of raw.publication_changes, in order."""
    cursor = connection.cursor(row_factory=dict_row)
    return cursor.execute(
        "select * from raw.publication_changes where publication_id = %s order by position", [publication_id]
    ).fetchall()
