"""The workflow of a report: is it due and ready, publish it as a draft. The command line and the DAGs call these.

Each function takes URLs and plain values and returns plain values. `kind` is annual, whose `period` is the report year,
or phase_review, of a phase. `at` is the clock: no function asks what time it is. Errors: WarehouseUnreachable,
PublicationRefused (wrong use).
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime

import psycopg

from htx.editions import documents, recipient_papers, wording
from htx.editions.replacements import is_replacement_due, issued_before
from warehouse import example_mark
from warehouse.editions import deliveries, editions, priority_counts, readiness, records, reproducibility
from warehouse.editions.changes import keep_changes
from warehouse.editions.records import Publication, PublicationRefused, publications
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase

log = logging.getLogger(__name__)


def is_example(warehouse_url: str) -> bool:
    """Whether the warehouse is marked as that of the example, where the clock may be set."""
    with open_warehouse(warehouse_url) as connection:
        return example_mark.is_example(connection)


def due_publications(warehouse_url: str, at: datetime) -> list[tuple[str, int]]:
    """(kind, period) of the reports to publish at an instant without a request: ready, and not published before; and
    issued ones of which a verdict has moved since."""
    with open_warehouse(warehouse_url) as connection:
        known = readiness.published_periods(connection)
        try:
            rows = readiness.all_readiness(connection)
        except PublicationRefused:  # nothing was built: nothing is due
            return []
        reports = [((row["kind"], row["period"]), row) for row in rows if readiness.is_ready(row, at)]
        return [
            report
            for report, row in reports
            if (is_replacement_due(connection, *report) if report in known else readiness.is_due(row, at))
        ]


def publish_report(
    warehouse_url: str, kind: str, period: int, at: datetime, reports_url: str, forced_because: str | None = None
) -> dict:
    """Publish a report: keep its figures and documents, and write the documents below `reports_url`.

    Idempotent: the same state of the figures is the same publication. A report that is neither ready nor forced is not
    published, and the answer says what is missing; a phase that has not ended cannot be forced.
    Gives published (bool), is_new (bool), publication_id, version, kind, period, published_at, documents (addresses),
    missing_units (names), forced_because, answer_vi.
    Raises PublicationRefused: no such period, the build is stale, or data received after `at` is loaded."""
    forced_because = (forced_because or "").strip() or None
    with open_warehouse(warehouse_url) as connection:
        with editions.publishing(connection):
            row = readiness.readiness_of(connection, kind, period)
            publication, is_new = _publish(connection, row, at, forced_because)
        kept = records.documents_of(connection, publication.publication_id) if publication else []
    if publication:
        return _outcome(publication, is_new, documents.write_files(publication, kept, reports_url))
    answer = wording.waiting(row, at)
    log.info("%s", answer)
    return {
        **dict.fromkeys(("publication_id", "version", "published_at", "forced_because")),
        "published": False,
        "is_new": False,
        "kind": kind,
        "period": period,
        "documents": [],
        "missing_units": wording.units_missing(row),
        "missing_sections": [],
        "answer_vi": answer,
    }


def published_before(warehouse_url: str, publication_id: str, reports_url: str) -> dict:
    """What `publish_report` gives, of a report that was published here before. Raises PublicationRefused."""
    with open_warehouse(warehouse_url) as connection:
        publication = _publication(connection, publication_id, of_ours=True)
        kept = records.documents_of(connection, publication_id)
    return _outcome(publication, False, documents.write_files(publication, kept, reports_url))


def _outcome(publication: Publication, is_new: bool, addresses: list[str]) -> dict:
    answer = wording.published(publication, is_new)
    log.info("%s", answer)
    columns = ("publication_id", "version", "published_at", "forced_because", "kind", "period")
    return {
        **_plain({name: getattr(publication, name) for name in columns}),
        "published": True,
        "is_new": is_new,
        "documents": addresses,
        "missing_units": list(publication.missing_units or []),
        "missing_sections": list(publication.missing_sections or []),
        "answer_vi": answer,
    }


def _publish(
    connection: psycopg.Connection, row: dict, at: datetime, forced_because: str | None
) -> tuple[Publication | None, bool]:
    """The publication, and whether it is new; None where the report is not ready. Within one transaction."""
    kind, period = row["kind"], row["period"]
    built_at = readiness.require_built(connection)
    readiness.require_nothing_later(connection, at)
    is_ready = readiness.is_ready(row, at)
    is_forced = not is_ready and readiness.has_opened(row, at) and forced_because is not None
    versions = editions.versions_of(connection, kind, period)
    if not (versions or is_forced or is_ready):
        return None, False
    if kind == "phase_review":
        readiness.require_issued_is_built(connection, period, built_at)
    new = editions.edition_public(connection, kind, period, at, built_at)
    content = documents.read_content(connection, kind, period)
    counted = priority_counts.decide(connection, versions, new.figures) if kind == "annual" else {}
    content = documents.with_priority_counts(content, counted)
    issued, replaces = issued_before(connection, versions)
    named = replace(
        new.publication,
        forced_because=forced_because if is_forced else None,
        missing_units=wording.units_missing(row),
        tables_sha256=documents.table_hashes(content),
        missing_sections=documents.sections_missing(new.publication, content),
        replaces=issued.publication_id if issued else None,
    )
    new = replace(new, publication=named)
    old = editions.edition_kept(connection, versions[-1]) if versions else None
    if old and editions.is_same_state(old, new):
        last = old.publication
        lacks_less = issued is None and set(named.missing_sections or ()) < set(last.missing_sections or ())
        if not lacks_less and (issued is None or issued.publication_id in (last.publication_id, last.replaces)):
            return last, False
    if not (is_forced or is_ready):
        return None, False
    readiness.require_nothing_issued_later(connection, at, built_at)
    if old and at < old.publication.published_at:
        raise PublicationRefused(
            f"Version {old.publication.version} was published {old.publication.published_at:%Y-%m-%d %H:%M} UTC:"
            " the next cannot be older.",
            phrase(
                "published_later",
                version=old.publication.version,
                published_at=instant_vi(old.publication.published_at),
            ),
        )
    new = editions.numbered(new, old)
    changes = documents.changes_with_sentences(connection, old, new, content)
    printed = changes
    if old and issued and issued.publication_id != old.publication.publication_id:
        printed = documents.changes_with_sentences(connection, editions.edition_kept(connection, issued), new, content)
    replaced = records.documents_of(connection, issued.publication_id) if issued else []
    written = documents.written_documents(new.publication, content, printed, replaces, replaced)
    keep_changes(connection, new.publication.publication_id, changes)
    priority_counts.keep(connection, new.publication.publication_id, counted)
    return records.keep(connection, new.publication, new.inputs, new.figures, written, _plain(row)), True


def record_publication(
    warehouse_url: str, kind: str, period: int, recipient: str, at: datetime, decided_by: str | None = None
) -> Publication:
    """Record a report that was sent by other means at an instant: its figures as of then, and that it was sent.

    Raises PublicationRefused."""
    with open_warehouse(warehouse_url) as connection:
        kept = editions.record(connection, kind, period, recipient, at)
        deliveries.record_sending(connection, kept.publication_id, recipient, at, decided_by, "recorded")
        return kept


def verify_publications(warehouse_url: str, publication_id: str | None = None) -> list[dict]:
    """Restate all publications, or one; the figures that would differ today (see reproducibility), logged by cause."""
    with open_warehouse(warehouse_url) as connection:
        found = reproducibility.verify_publications(connection, publication_id)
    for line in reproducibility.summary(found):
        log.warning("%s", line)
    return found


def described(warehouse_url: str, publication_id: str) -> dict:
    """A publication from the records: its columns, `documents` (without content), `sendings`, `papers`. Raises
    PublicationRefused where none has that id."""
    with open_warehouse(warehouse_url) as connection:
        publication = _publication(connection, publication_id)
        kept = records.documents_of(connection, publication_id)
        sent = deliveries.sendings_of(connection, publication_id)
        of_the_office = recipient_papers.described(connection, publication)
    return {
        **_plain(asdict(publication)),
        "missing_units": list(publication.missing_units or []),
        "missing_sections": list(publication.missing_sections or []),
        "documents": [
            {"recipient": each.recipient, "format": each.format, "file_name": each.file_name, "sha256": each.sha256,
             "byte_count": len(each.content)}
            for each in kept
        ],
        "sendings": [_plain(each) for each in sent.values()],
        "papers": of_the_office,
    }  # fmt: skip


def changes(warehouse_url: str, publication_id: str) -> list[dict]:
    """The changes of a version against the version before it: rows of raw.publication_changes. Raises
    PublicationRefused where no publication has that id."""
    with open_warehouse(warehouse_url) as connection:
        _publication(connection, publication_id)
        return records.changes_of(connection, publication_id)


def _publication(connection: psycopg.Connection, publication_id: str, *, of_ours: bool = False) -> Publication:
    """A publication; with `of_ours` one that was published here and not only recorded."""
    for found in publications(connection, publication_id):
        if found.version or not of_ours:
            return found
    raise PublicationRefused(f"There is no {'published report' if of_ours else 'publication'} {publication_id}.")


def _plain(row: Mapping) -> dict:
    """For JSON: instants and days as ISO text."""
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in row.items()}
