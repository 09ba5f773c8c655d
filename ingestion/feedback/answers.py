"""Answers to senders: the annotated copy of each file, put into the outbox.

Loading records an outstanding answer for each file in its own transaction (quality.owed_answers), so that an answer
that could not be written is written by the next load or build.
"""

import logging
from collections.abc import Iterator, Sequence

import psycopg

from ingestion.feedback import open_queries, outbox
from ingestion.feedback.annotated_workbook import annotate_all
from ingestion.feedback.duplicates import find_duplicates
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.sandbox.parallel_parse import parse_all
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.reference_data import Reference

FILES_AT_A_TIME = 500
"""stored files that are parsed and annotated together; bounds memory"""

log = logging.getLogger(__name__)


def answer_loaded(
    connection: psycopg.Connection, reviewed: Sequence[ReviewedFile], reference: Reference, outbox_url: str
) -> None:
    """Answer files that were just loaded, and all that are still outstanding.

    A file that was loaded before, and about which only builds can ask history, gets an answer from its own content
    alone; if the last build had added queries to it, its answer is written again with them."""
    ids = [each.file.submission_id for each in reviewed]
    answered = write_answers(reviewed, reference, outbox_url)
    has_known = open_queries.forget_copies(connection, ids)
    states = {each.file.submission_id: each.history.state for each in reviewed if each.history}
    open_queries.note_copies(connection, {id: states[id] for id in answered if states.get(id)})
    open_queries.settle_answers(connection, answered)
    _answer_outstanding(connection, reference, outbox_url)
    if has_known:
        connection.commit()
        answer_queries(connection, reference, outbox_url)


def answer_queries(connection: psycopg.Connection, reference: Reference, outbox_url: str) -> int:
    """Rewrite the annotated copies of files in force whose open queries the last build changed; how many were
    written. Copies that would be the same are left alone. Failures are logged, and retried next time."""
    _answer_outstanding(connection, reference, outbox_url)
    changed = open_queries.changed_copies(connection)
    written = 0
    for ids in _slices(list(changed)):
        verdicts = dict.fromkeys(ids, "accepted")
        answered = write_answers(_stored(connection, verdicts, reference), reference, outbox_url)
        open_queries.note_copies(connection, {id: changed[id] for id in answered})
        connection.commit()
        written += len(answered)
    return written


def _answer_outstanding(connection: psycopg.Connection, reference: Reference, outbox_url: str) -> None:
    """Write the answers that an earlier run left outstanding; files whose bytes are not stored get none."""
    verdicts = open_queries.owed_answers(connection)
    for ids in _slices(list(verdicts)):
        reviewed = _stored(connection, {id: verdicts[id] for id in ids}, reference)
        duplicates = find_duplicates(connection, ids)
        for each in reviewed:
            each.duplicate = duplicates.get(each.file.submission_id)
        not_stored = set(ids) - {each.file.submission_id for each in reviewed}
        answered = write_answers(reviewed, reference, outbox_url)
        open_queries.settle_answers(connection, [*answered, *not_stored])
        connection.commit()


def write_answers(reviewed: Sequence[ReviewedFile], reference: Reference, outbox_url: str) -> list[str]:
    """Put the annotated copy of each file into the outbox; the ids of those that succeeded. Failures are logged: they
    do not undo loading."""
    try:
        copies = annotate_all(reviewed, reference)
    except Exception:
        log.exception("annotated copies could not be written")
        return []
    answered = []
    for each, copy in zip(reviewed, copies, strict=True):
        try:
            outbox.put_receipt(outbox_url, each, reference)
            if copy is not None:
                outbox.put(outbox_url, each, copy, reference)
            answered.append(each.file.submission_id)
        except Exception:
            log.exception("%s/%s: annotated copy not written to the outbox", each.file.folder, each.file.file_name)
    return answered


def _stored(connection: psycopg.Connection, verdicts: dict[str, str], reference: Reference) -> list[ReviewedFile]:
    """Stored files with these verdicts, parsed again, with their open findings."""
    files = open_queries.stored_files(connection, list(verdicts))
    findings = open_queries.open_findings(connection, list(verdicts))
    reviewed = []
    for file, parsed in zip(files, parse_all(files, reference), strict=True):
        id = file.submission_id
        submission, rejection = (None, parsed) if isinstance(parsed, RejectedFile) else (parsed, None)
        reviewed.append(ReviewedFile(file, submission, rejection, findings.get(id, []), verdicts[id]))
    return reviewed


def _slices(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), FILES_AT_A_TIME):
        yield ids[start : start + FILES_AT_A_TIME]
