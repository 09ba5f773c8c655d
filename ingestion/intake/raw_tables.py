"""The only writer of submissions and their findings (schemas raw and quality): one transaction per batch, with COPY.

Idempotent by content: loading a file again, in the same folder, leaves its rows once. Its earliest receipt counts,
unless it was amended (receipts.py); all receipts are in raw.receipts. Accepted files are never changed or deleted. A
rejected file is upserted if a late permit now admits it, or if the reference data (rules, roster, form) changed since.
With a permit it counts as received when it was admitted; a change of reference data does not move its receipt.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime

import psycopg
from psycopg import sql

from ingestion.feedback.findings import Finding
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.intake.inbox import InboxFile
from ingestion.personal_data.authors import without_authors
from warehouse.connection import copy_rows
from warehouse.locks import LOAD, lock
from warehouse.reference.forms import COVER
from warehouse.reference.reference_data import Reference

ACCEPTED, REJECTED = "accepted", "rejected"
FINDING_COLUMNS = tuple(each.name for each in fields(Finding))


def write_reviewed(
    connection: psycopg.Connection,
    reviewed: Sequence[ReviewedFile],
    reference: Reference,
    sightings: Sequence[InboxFile] = (),
) -> None:
    """Write received files with their sheets, findings and sightings, and the rows of accepted ones.

    `sightings`: where each file was in the inbox, in the same order; empty for files loaded by hand. One transaction,
    or a savepoint within the caller's. The bytes are stored without the names of authors, and not of
    files with personal data. Raises psycopg.Error, and then nothing of the batch is written.
    """
    batch = _once_each(reviewed)
    with connection.transaction():
        lock(connection, LOAD)
        loaded = _already_loaded(connection, list(batch))
        replaced = [id for id, file in batch.items() if id in loaded and _is_replaced(loaded[id], file, reference)]
        _delete_review(connection, replaced)
        # The earlier of two receipts counts, but not if the lock rejected only one of them.
        comparable = [batch[id] for id in loaded if loaded[id].was_locked_out == batch[id].is_locked_out]
        _set_receipt(connection, comparable, only_earlier=True)
        # Files that the lock rejected before count by the receipt at which they were admitted.
        _set_receipt(connection, [batch[id] for id in replaced if loaded[id].was_locked_out], only_earlier=False)
        _write([each for id, each in batch.items() if id not in loaded or id in replaced], connection, reference)
        _write_receipts(connection, reviewed)
        if sightings:
            _write_sightings(connection, reviewed, sightings)


def accepted_among(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, datetime]:
    """The accepted ones of these files, with the instant of their receipt."""
    found = connection.execute(
        "select submission_id, received_at from raw.received_files"
        " where submission_id = any(%s) and verdict = 'accepted'",
        [submission_ids],
    )
    return dict(found.fetchall())


@dataclass(frozen=True)
class _Loaded:
    """An earlier load of a file."""

    verdict: str
    reference_sha256: str | None
    was_locked_out: bool


def _once_each(reviewed: Sequence[ReviewedFile]) -> dict[str, ReviewedFile]:
    """submission_id -> the file; of duplicates in a batch the one received or admitted first."""
    batch: dict[str, ReviewedFile] = {}
    for each in sorted(reviewed, key=lambda each: (each.is_locked_out, _receipt(each))):
        batch.setdefault(each.file.submission_id, each)
    return batch


def _receipt(each: ReviewedFile) -> tuple[datetime, str]:
    return each.file.received_at, each.file.file_name


def _already_loaded(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, _Loaded]:
    found = connection.execute(
        "select submission_id, verdict, reference_sha256,"
        " (select bool_and(rule_code = 'F06') from quality.file_findings as errors"
        " where errors.submission_id = files.submission_id and errors.severity = 'error')"
        " from raw.received_files as files where submission_id = any(%s)",
        [submission_ids],
    )
    return {id: _Loaded(verdict, reference_sha256, bool(locked)) for id, verdict, reference_sha256, locked in found}


def _is_replaced(loaded: _Loaded, file: ReviewedFile, reference: Reference) -> bool:
    is_admitted = loaded.was_locked_out and file.verdict == ACCEPTED
    return loaded.verdict == REJECTED and (is_admitted or loaded.reference_sha256 != reference.sha256)


def _delete_review(connection: psycopg.Connection, submission_ids: list[str]) -> None:
    """Delete findings and sheets of files that are about to be replaced; their receipts stay."""
    connection.execute("delete from quality.file_findings where submission_id = any(%s)", [submission_ids])
    connection.execute("delete from raw.sheets where submission_id = any(%s)", [submission_ids])


def _set_receipt(connection: psycopg.Connection, reviewed: list[ReviewedFile], *, only_earlier: bool) -> None:
    """Count files by these receipts; `only_earlier`: of those that are earlier than the known ones. A time in storage
    that was not believed once proves nothing elsewhere, as after a move of the inbox."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "update raw.received_files set received_at = %(at)s, file_name = %(name)s where submission_id = %(id)s"
            + (
                " and (received_at, file_name) > (%(at)s, %(name)s) and not exists"
                " (select from raw.receipt_amendments as amended where amended.submission_id = %(id)s)"
                " and not (%(is_of_storage)s and exists (select from quality.file_findings as doubts"
                " where doubts.submission_id = %(id)s and doubts.rule_code in ('F14', 'F15')))"
                if only_earlier
                else ""
            ),
            [_receipt_of(each) for each in reviewed],
        )


def _receipt_of(each: ReviewedFile) -> dict[str, object]:
    return {
        "at": each.file.received_at,
        "name": each.file.file_name,
        "id": each.file.submission_id,
        "is_of_storage": each.file.stored_at is not None,
    }


def _write_receipts(connection: psycopg.Connection, reviewed: Sequence[ReviewedFile]) -> None:
    """Every receipt of a file, and every use of a late permit."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into raw.receipts (submission_id, received_at, file_name) values (%(id)s, %(at)s, %(name)s)"
            " on conflict do nothing",
            [_receipt_of(each) for each in reviewed],
        )
        cursor.executemany(
            "insert into raw.lock_exception_uses (exception_id, submission_id, received_at) values (%s, %s, %s)"
            " on conflict do nothing",
            [
                (each.exception_id, each.file.submission_id, each.file.received_at)
                for each in reviewed
                if each.exception_id and each.verdict == ACCEPTED
            ],
        )


def _write(reviewed: list[ReviewedFile], connection: psycopg.Connection, reference: Reference) -> None:
    _write_contents(connection, reviewed)
    _upsert_received_files(connection, reviewed, reference)
    copy_rows(connection, "raw.sheets", _SHEETS, (row for each in reviewed for row in _sheets(each)))
    copy_rows(
        connection,
        "raw.sheet_rows",
        ("submission_id", "sheet_code", "row_number", "sent", "read", "row_key"),
        (
            (
                each.file.submission_id,
                sheet.sheet_code,
                row.row_number,
                _json(row.sent),
                _json(row.read),
                each.submission.form.sheets[sheet.sheet_code].row_key(row.read),
            )
            for each in reviewed
            if each.verdict == ACCEPTED and each.submission
            for sheet in each.submission.sheets.values()
            for row in sheet.rows
        ),
    )
    copy_rows(
        connection,
        "quality.file_findings",
        (*FINDING_COLUMNS, "row_key"),
        (
            (*astuple(finding), keys.get((finding.sheet_code, finding.row_number)))
            for each in reviewed
            for keys in [_row_keys(each)]
            for finding in each.findings
        ),
    )


def _row_keys(each: ReviewedFile) -> dict[tuple[str | None, int | None], str | None]:
    """(sheet code, row number) -> key of the row, for rows with findings."""
    submission = each.submission
    if submission is None:
        return {}
    with_findings = {(finding.sheet_code, finding.row_number) for finding in each.findings}
    return {
        (code, row.row_number): submission.form.sheets[code].row_key(row.read)
        for code, sheet in submission.sheets.items()
        for row in sheet.rows
        if (code, row.row_number) in with_findings
    }


def _write_contents(connection: psycopg.Connection, reviewed: list[ReviewedFile]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into raw.files (sha256, content, byte_count) values (%s, %s, %s) on conflict (sha256)"
            " do update set content = null where excluded.content is null",
            [(each.file.sha256, _kept_content(each), len(each.file.content)) for each in reviewed],
        )


def _kept_content(each: ReviewedFile) -> bytes | None:
    is_kept = each.rejection is None or each.rejection.keep_content
    return without_authors(each.file.content) if is_kept else None


_SHEETS = ("submission_id", "sheet_code", "sheet_name", "header_row", "columns", "unknown_columns")
_RECEIPT = ("submission_id", "sha256", "folder", "file_name", "received_at")
"""columns of raw.received_files that an upsert keeps"""


def _upsert_received_files(connection: psycopg.Connection, reviewed: list[ReviewedFile], reference: Reference) -> None:
    rows = [_received_file(each, reference) for each in reviewed]
    if not rows:
        return
    columns = list(rows[0])
    command = sql.SQL(
        "insert into raw.received_files ({columns}) values ({values})"
        " on conflict (submission_id) do update set {review}"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(map(sql.Placeholder, columns)),
        review=sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in columns if name not in _RECEIPT
        ),
    )
    with connection.cursor() as cursor:
        cursor.executemany(command, rows)


def _received_file(each: ReviewedFile, reference: Reference) -> dict[str, object]:
    """A row of raw.received_files. Typed columns are null if the cover has no valid value."""
    file, submission, cover = each.file, each.submission, each.cover
    year = cover.get("report_year", "")
    codes = ("form_version", "reporting_unit_code", "report_kind", "submission_kind", "value_kind", "data_scope")
    return {
        **{name: getattr(file, name) for name in _RECEIPT},
        **{name: cover.get(name) for name in codes},
        "receipt_number": each.receipt_number,
        "verdict": each.verdict,
        "content_sha256": submission.content_sha256 if submission else None,
        "report_year": int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else None,
        "data_from": submission.data_from if submission else None,
        "data_to": submission.data_to if submission else None,
        "cover": _json(cover) if cover else None,
        "reference_sha256": reference.sha256,
    }


def _sheets(each: ReviewedFile) -> Iterable[tuple]:
    submission = each.submission
    if submission is None:
        return
    id = each.file.submission_id
    yield id, COVER, submission.cover_sheet_name, None, _json(submission.cover_cells), "{}"
    for sheet in submission.sheets.values():
        columns, unknown = _json(sheet.columns), _json(sheet.unknown_columns)
        yield id, sheet.sheet_code, sheet.sheet_name, sheet.header_row, columns, unknown


def _write_sightings(
    connection: psycopg.Connection, reviewed: Sequence[ReviewedFile], sightings: Sequence[InboxFile]
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into raw.inbox_sightings (url, modified_at, byte_count, submission_id) values (%s, %s, %s, %s)"
            " on conflict (url, modified_at, byte_count) do update set submission_id = excluded.submission_id",
            [
                (seen.url, seen.modified_at, seen.byte_count, each.file.submission_id)
                for seen, each in zip(sightings, reviewed, strict=True)
            ],
        )


_json = json.JSONEncoder(ensure_ascii=False).encode
