"""The steps by which a report goes out: is it ready, publish it, send it. The command line and the DAGs call these.

Each takes URLs and plain values and gives plain values back. `kind` is annual, whose `period` is the report year, or
phase_review, of a phase. `at` is the clock: nothing here asks what time it is. Errors: WarehouseUnreachable,
PublicationRefused (wrong use), MailRefused.
"""

import hashlib
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

import fsspec
import psycopg

from htx.editions import wording
from htx.mail import mailing
from htx.steps import SEEDS
from reporting.content.content import Content, Table
from reporting.content.recipients import Recipient, read_recipients
from reporting.documents.about import About
from warehouse.editions import deliveries, editions
from warehouse.editions.changes import FED_BY_PUBLICATIONS, Change, changes_between
from warehouse.editions.editions import KeptDocument
from warehouse.editions.readiness import all_readiness, has_opened, is_due, is_ready, published_periods, readiness_of
from warehouse.editions.records import Publication, PublicationRefused, publications
from warehouse.migrations import open_warehouse
from warehouse.reference.time_zone import VIET_NAM

MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
SENDING_LOCK = 7_401_008  # advisory lock: of two processes that send the same publication, one does
FOLDERS = {"annual": "annual", "phase_review": "phase"}

log = logging.getLogger(__name__)


def readiness(warehouse_url: str, kind: str, period: int, at: datetime) -> dict:
    """How far the reports for a publication are in, by reports.rpt_publication_readiness, and whether it may go.

    The columns of that table (instants in ISO format, missing_units a list of names), and `is_ready` (all mandatory
    units in and clean, or goes_at reached; never before opens_at), `answer_vi`: a sentence that says what is missing.
    Raises PublicationRefused for a year or phase that there is not, and where nothing was built yet."""
    with open_warehouse(warehouse_url) as connection:
        row = readiness_of(connection, kind, period)
    may_go = is_ready(row, at)
    answer = wording.ready(row) if may_go else wording.waiting(row, at)
    missing = wording.units_missing(row)
    return {**_plain(row), "missing_units": missing, "is_ready": may_go, "answer_vi": answer}


def due_publications(warehouse_url: str, at: datetime) -> list[tuple[str, int]]:
    """(kind, period) of what goes by itself at an instant: ready, open, not published or recorded before."""
    with open_warehouse(warehouse_url) as connection:
        known = published_periods(connection)
        try:
            rows = all_readiness(connection)
        except PublicationRefused:  # nothing was built: nothing is due
            return []
    reports = [(row["kind"], row["period"]) for row in rows if is_due(row, at)]
    return [report for report in reports if report not in known]


def publish_report(
    warehouse_url: str, kind: str, period: int, at: datetime, reports_url: str, forced_because: str | None = None
) -> dict:
    """Publish a report: keep its figures and documents for ever, and write the documents below `reports_url`.

    The same state of the figures is the same publication, whoever asks and how often. Not ready and not forced:
    nothing is published, and the answer says what is missing; a phase that has not ended cannot be forced.
    Gives published (bool), is_new (bool), publication_id, version, kind, period, published_at, documents (addresses),
    missing_units (names), forced_because, answer_vi.
    Raises PublicationRefused: a period that there is not, not built yet, `at` before what was received."""
    forced_because = (forced_because or "").strip() or None
    with open_warehouse(warehouse_url) as connection:
        with editions.alone_in_one_snapshot(connection):
            row = readiness_of(connection, kind, period)
            publication, is_new = _publish(connection, row, at, forced_because)
        if publication is None:
            return {
                "published": False, "is_new": False, "publication_id": None, "version": None, "kind": kind,
                "period": period, "published_at": None, "documents": [],
                "missing_units": wording.units_missing(row), "forced_because": None,
                "answer_vi": wording.waiting(row, at),
            }  # fmt: skip
        kept = editions.documents_of(connection, publication.publication_id)
    answer = wording.published(publication, is_new)
    log.info("%s", answer)
    return {
        "published": True,
        "is_new": is_new,
        "publication_id": publication.publication_id,
        "version": publication.version,
        "kind": kind,
        "period": period,
        "published_at": publication.published_at.isoformat(),
        "documents": write_files(publication, kept, reports_url),
        "missing_units": list(publication.missing_units or []),
        "forced_because": publication.forced_because,
        "answer_vi": answer,
    }


def write_files(publication: Publication, documents: Sequence[KeptDocument], reports_url: str) -> list[str]:
    """Write the documents below `reports_url` where they are missing; their addresses.

    What lies there stays: it is the copy that the office numbers and signs. What was published is in the warehouse."""
    storage, root = fsspec.core.url_to_fs(reports_url)
    folder = f"{FOLDERS[publication.kind]}-{publication.period}/{publication.version}"
    written = []
    for each in documents:
        path = f"{root.rstrip('/')}/{folder}/{each.recipient}/{each.file_name}"
        if not storage.exists(path):
            storage.makedirs(path.rpartition("/")[0], exist_ok=True)
            storage.pipe_file(f"{path}.part", each.content)
            storage.mv(f"{path}.part", path)  # whole or not there, also when we are killed
        written.append(storage.unstrip_protocol(path))
    return written


def send_publication(
    warehouse_url: str,
    publication_id: str,
    decided_by: str,
    at: datetime,
    outbox_url: str,
    smtp_url: str | None = None,
) -> dict:
    """Send the documents of a publication to their recipients' mailboxes, and record it: once per recipient.

    Gives publication_id, version, sent (recipients sent to now), sent_before (recipients that had it), delivered_to
    (where each message went), answer_vi. Raises PublicationRefused when there is no such publication, or when it was
    replaced by a newer version; MailRefused."""
    with open_warehouse(warehouse_url) as connection:
        publication = _report(connection, publication_id)
        newest = editions.reports_of(connection, publication.kind, publication.period)[-1]
        if newest.publication_id != publication_id:
            raise PublicationRefused(
                f"Version {publication.version} was replaced by {newest.version} ({newest.publication_id}): send that."
            )
        documents = editions.documents_of(connection, publication_id)
        rows = editions.changes_of(connection, publication_id)
        changes = wording.in_documents(publication_id, [(row, row["sentence_vi"]) for row in rows])
        connection.commit()
        sent, sent_before, delivered_to = [], [], []
        for recipient in _recipients(publication):
            attached = [each for each in documents if each.recipient == recipient.recipient]
            if not attached:
                continue
            # one by one: the message first, so that nobody is left out who is written down; its id tells it again
            with connection.transaction():
                connection.execute("select pg_advisory_xact_lock(%s)", [SENDING_LOCK])
                if recipient.recipient in editions.sendings_of(connection, publication_id):
                    sent_before.append(recipient.recipient)
                    continue
                message = _message(publication, recipient, attached, changes, at)
                delivered_to += mailing.deliver([message], smtp_url, outbox_url)
                channel = "mail" if smtp_url else "file"
                deliveries.record_sending(connection, publication_id, recipient.recipient, at, decided_by, channel)
                sent.append(recipient.recipient)
    answer = wording.sent(publication, sent, sent_before)
    log.info("%s", answer)
    return {
        "publication_id": publication_id, "version": publication.version, "sent": sent, "sent_before": sent_before,
        "delivered_to": delivered_to, "answer_vi": answer,
    }  # fmt: skip


def refuse_publication(warehouse_url: str, publication_id: str, decided_by: str, at: datetime, because: str) -> dict:
    """Somebody decided against sending: that is logged, and nothing else. Gives publication_id, version, answer_vi."""
    with open_warehouse(warehouse_url) as connection:
        publication = _report(connection, publication_id)
    name = wording.named(publication.kind, publication.period)
    answer = f"{name}, phiên bản {publication.version}: {decided_by} quyết định không gửi, vì: {because}"
    log.warning("%s (%s)", answer, at.isoformat())
    return {"publication_id": publication_id, "version": publication.version, "answer_vi": answer}


def described(warehouse_url: str, publication_id: str) -> dict:
    """A publication as it is kept: its columns, `documents` (without content) and `sendings`. Raises
    PublicationRefused when there is none of that id."""
    with open_warehouse(warehouse_url) as connection:
        found = publications(connection, publication_id)
        if not found:
            raise PublicationRefused(f"There is no publication {publication_id}.")
        documents = editions.documents_of(connection, publication_id)
        sent = editions.sendings_of(connection, publication_id)
    return {
        **_plain(asdict(found[0])),
        "missing_units": list(found[0].missing_units or []),
        "documents": [
            {"recipient": each.recipient, "format": each.format, "file_name": each.file_name, "sha256": each.sha256,
             "byte_count": len(each.content)}
            for each in documents
        ],
        "sendings": [_plain(each) for each in sent.values()],
    }  # fmt: skip


def changes(warehouse_url: str, publication_id: str) -> list[dict]:
    """What a version has otherwise than the one before it: rows of raw.publication_changes. Raises PublicationRefused
    when there is no publication of that id."""
    with open_warehouse(warehouse_url) as connection:
        if not publications(connection, publication_id):
            raise PublicationRefused(f"There is no publication {publication_id}.")
        return editions.changes_of(connection, publication_id)


def _message(
    publication: Publication,
    recipient: Recipient,
    documents: Sequence[KeptDocument],
    changes: Sequence[str],
    at: datetime,
) -> mailing.Message:
    subject, text = wording.letter(publication, recipient, changes)
    return mailing.Message(
        to=(recipient.mailbox,),
        subject=subject,
        text=text,
        message_id=f"publication-{publication.publication_id}-{recipient.recipient}",
        folder=recipient.recipient,
        sent_at=at,
        attachments=tuple((each.file_name, each.content, MIME[each.format]) for each in documents),
    )


# Publishing


def _publish(
    connection: psycopg.Connection, row: Mapping, at: datetime, forced_because: str | None
) -> tuple[Publication | None, bool]:
    """The publication, and whether it is new; None where the report is not ready. Within one transaction."""
    kind, period = row["kind"], row["period"]
    built_at = editions.require_built(connection)
    editions.require_nothing_later(connection, at)
    is_forced = not is_ready(row, at) and has_opened(row, at) and forced_because is not None
    versions = editions.reports_of(connection, kind, period)
    if not versions and not is_forced and not is_ready(row, at):
        return None, False
    if kind == "phase_review":
        editions.require_sent_is_built(connection, period, built_at)
    content = _content(connection, kind, period)
    new = editions.edition_public(connection, kind, period, at, built_at, _hashes(content))
    old = editions.edition_kept(connection, versions[-1]) if versions else None
    new = replace(
        new,
        publication=replace(
            new.publication,
            forced_because=forced_because if is_forced else None,
            missing_units=wording.units_missing(row),
        ),
    )
    if old and editions.is_same_state(old, new):
        return old.publication, False
    if not is_forced and not is_ready(row, at):
        return None, False
    editions.require_nothing_sent_later(connection, at, built_at)
    if old and at < old.publication.published_at:
        raise PublicationRefused(
            f"Version {old.publication.version} was published {old.publication.published_at:%Y-%m-%d %H:%M} UTC:"
            " the next cannot be older."
        )
    new = editions.numbered(new, old)
    changes = _changes(connection, old, new, content)
    documents = _documents(new.publication, content, changes)
    return editions.keep_report(connection, new, _plain(row), documents, changes), True


def _changes(connection: psycopg.Connection, old, new, content: Content) -> list[tuple[Change, str]]:
    if old is None:
        return []
    titles = {name: table.title_vi for name, table in content.tables.items()}
    sentences = wording.Sentences(connection, titles, content.percent_decimals)
    return sentences.all(told_once(changes_between(connection, old, new), _tables_of_figures(content)))


def told_once(changes: Sequence[Change], tables_of_figures: Collection[str]) -> list[Change]:
    """Where figures are told one by one, of the tables those are left that say other things. What publishing itself
    moves is in no table's hash: it explains none."""
    figures = {each.key["indicator_code"] for each in changes if "indicator_code" in each.key}
    if not figures - set(FED_BY_PUBLICATIONS):
        return list(changes)
    return [each for each in changes if each.column not in tables_of_figures]


def _tables_of_figures(content: Content) -> set[str]:
    return {
        name
        for name, table in content.tables.items()
        if table.rows and any(column == "key" or column.endswith("_key") for column in table.rows[0])
    }


def _content(connection: psycopg.Connection, kind: str, period: int) -> Content:
    from reporting.content.annual import read_annual
    from reporting.content.figures import NothingToReport

    try:
        if kind == "annual":
            return read_annual(connection, period)
        from reporting.content.phase import read_phase

        return read_phase(connection, period)
    except NothingToReport as error:
        raise PublicationRefused(str(error)) from error


def _documents(publication: Publication, content: Content, changes: Sequence[tuple[Change, str]]) -> list[KeptDocument]:
    # here and not above: drawing and writing libraries take a second to import
    from reporting.documents.documents import write_documents

    about = About(
        publication.version,
        publication.published_at,
        publication.forced_because,
        tuple(publication.missing_units or ()),
        wording.in_documents(publication.publication_id, [(each.key, said) for each, said in changes]),
    )
    return [
        KeptDocument(each.recipient, each.format, each.file_name, _sha256(each.content), each.content)
        for each in write_documents(content, _recipients(publication), about)
    ]


def _recipients(publication: Publication) -> list[Recipient]:
    return read_recipients(SEEDS, publication.kind, publication.published_at.astimezone(VIET_NAM).date())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hashes(content: Content) -> dict[str, str]:
    """{table: hash of its rows}, but for rows that publishing itself moves: by them a state is known again."""
    return {name: _hash(table) for name, table in content.tables.items()}


def _hash(table: Table) -> str:
    rows = [row for row in table.rows if row.get("indicator_code") not in FED_BY_PUBLICATIONS]
    lines = sorted(json.dumps(row, default=str, ensure_ascii=False, sort_keys=True) for row in rows)
    return _sha256("\n".join(lines).encode())


def _report(connection: psycopg.Connection, publication_id: str) -> Publication:
    found = publications(connection, publication_id)
    if not found or found[0].version is None:
        raise PublicationRefused(f"There is no published report {publication_id}.")
    return found[0]


def _plain(row: Mapping) -> dict:
    """For JSON: instants and days as ISO text."""
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in row.items()}
