"""The one writer of submissions into schema raw (and of their findings): a batch is one transaction, or nothing.

Idempotent by content: a file that was received before, in the same folder, leaves its rows once, and only its
earliest receipt counts; the others are in raw.receipts. Nothing that was accepted is changed or deleted. A file that
was rejected is taken again when the lock that alone kept it out lets it in now, or it was reviewed under
other reference data: rules, roster or form were mended since. What a lock kept out counts as received when it was
let in, whatever came first; our own mending makes nobody late.
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
from warehouse.reference.catalogue import Reference
from warehouse.reference.forms import COVER

# Of this writer: two of them one after the other, never at once.
WRITER_LOCK = 7_401_003

ACCEPTED, REJECTED = "accepted", "rejected"
FINDING_COLUMNS = tuple(each.name for each in fields(Finding))


def write_reviewed(
    connection: psycopg.Connection,
    reviewed: Sequence[ReviewedFile],
    reference: Reference,
    sightings: Sequence[InboxFile] = (),
) -> None:
    """Writes received files with their sheets, findings and sightings, and the rows of those that were accepted.

    `sightings`: where each of the files lay in the inbox, in the same order; none for files loaded by hand.
    One transaction (a savepoint inside the caller's, if there is one). The bytes are kept unchanged, but for files
    with persons in them. Raises psycopg.Error, and then nothing of the batch is there.
    """
    batch = _once_each(reviewed)
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [WRITER_LOCK])
        known = _known(connection, list(batch))
        again = [id for id, file in batch.items() if id in known and _is_taken_again(known[id], file, reference)]
        _forget_rejected(connection, again)
        _keep_earliest_receipt(connection, [batch[id] for id in batch if id in known and _counts(known[id], batch[id])])
        _count_from_now(connection, [batch[id] for id in again if known[id].was_locked_out])
        _write([each for id, each in batch.items() if id not in known or id in again], connection, reference)
        _write_receipts(connection, reviewed)
        if sightings:
            _write_sightings(connection, reviewed, sightings)


def accepted_among(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, datetime]:
    """Those of the files that were accepted, with the instant of their receipt."""
    found = connection.execute(
        "select submission_id, received_at from raw.received_files"
        " where submission_id = any(%s) and verdict = 'accepted'",
        [submission_ids],
    )
    return dict(found.fetchall())


@dataclass(frozen=True)
class _Known:
    """What was made of a file when it was loaded before."""

    verdict: str
    reference_sha256: str | None
    was_locked_out: bool


def _once_each(reviewed: Sequence[ReviewedFile]) -> dict[str, ReviewedFile]:
    """submission_id -> the file; of the same bytes twice in a batch, the one received first, or let in first."""
    batch: dict[str, ReviewedFile] = {}
    for each in sorted(reviewed, key=lambda each: (each.is_locked_out, _receipt(each))):
        batch.setdefault(each.file.submission_id, each)
    return batch


def _receipt(each: ReviewedFile) -> tuple[datetime, str]:
    return each.file.received_at, each.file.file_name


def _known(connection: psycopg.Connection, submission_ids: list[str]) -> dict[str, _Known]:
    found = connection.execute(
        "select submission_id, verdict, reference_sha256,"
        " (select bool_and(rule_code = 'F06') from quality.file_findings as errors"
        " where errors.submission_id = files.submission_id and errors.severity = 'error')"
        " from raw.received_files as files where submission_id = any(%s)",
        [submission_ids],
    )
    return {id: _Known(verdict, reference_sha256, bool(locked)) for id, verdict, reference_sha256, locked in found}


def _is_taken_again(known: _Known, file: ReviewedFile, reference: Reference) -> bool:
    is_let_in = known.was_locked_out and file.verdict == ACCEPTED
    return known.verdict == REJECTED and (is_let_in or known.reference_sha256 != reference.sha256)


def _counts(known: _Known, file: ReviewedFile) -> bool:
    """Whether the receipt may be the one that counts: not when the lock kept one of the two out and not the other."""
    return known.was_locked_out == file.is_locked_out


def _forget_rejected(connection: psycopg.Connection, submission_ids: list[str]) -> None:
    """Findings and sheets of files that are about to be written again; their times of receipt stay."""
    connection.execute("delete from quality.file_findings where submission_id = any(%s)", [submission_ids])
    connection.execute("delete from raw.sheets where submission_id = any(%s)", [submission_ids])


def _keep_earliest_receipt(connection: psycopg.Connection, known: list[ReviewedFile]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "update raw.received_files set received_at = %(at)s, file_name = %(name)s"
            " where submission_id = %(id)s and (received_at, file_name) > (%(at)s, %(name)s)",
            [_receipt_of(each) for each in known],
        )


def _count_from_now(connection: psycopg.Connection, let_in: list[ReviewedFile]) -> None:
    """Files that a lock kept out before, by the receipt at which they were let in."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "update raw.received_files set received_at = %(at)s, file_name = %(name)s where submission_id = %(id)s",
            [_receipt_of(each) for each in let_in],
        )


def _receipt_of(each: ReviewedFile) -> dict[str, object]:
    return {"at": each.file.received_at, "name": each.file.file_name, "id": each.file.submission_id}


def _write_receipts(connection: psycopg.Connection, reviewed: Sequence[ReviewedFile]) -> None:
    """Every time that a file came, and every exception that let one in."""
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
    with connection.cursor() as cursor:
        cursor.executemany(_RECEIVED_FILES, [_received_file(each, reference) for each in reviewed])
    _copy(connection, "raw.sheets", _SHEETS, (row for each in reviewed for row in _sheets(each)))
    _copy(
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
    _copy(
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
    """(sheet code, row number) -> key of the row, for the rows that something was found about."""
    submission = each.submission
    if submission is None:
        return {}
    accused = {(finding.sheet_code, finding.row_number) for finding in each.findings}
    return {
        (code, row.row_number): submission.form.sheets[code].row_key(row.read)
        for code, sheet in submission.sheets.items()
        if any(code == accused_code for accused_code, _ in accused)
        for row in sheet.rows
        if (code, row.row_number) in accused
    }


def _write_contents(connection: psycopg.Connection, reviewed: list[ReviewedFile]) -> None:
    contents = {each.file.sha256: each for each in reviewed}
    unkept = [sha256 for sha256, each in contents.items() if not _keeps_content(each)]
    connection.execute("update raw.files set content = null where sha256 = any(%s)", [unkept])
    known = {
        sha256
        for (sha256,) in connection.execute("select sha256 from raw.files where sha256 = any(%s)", [list(contents)])
    }
    _copy(
        connection,
        "raw.files",
        ("sha256", "content", "byte_count"),
        (
            (sha256, each.file.content if _keeps_content(each) else None, len(each.file.content))
            for sha256, each in contents.items()
            if sha256 not in known
        ),
    )


def _keeps_content(each: ReviewedFile) -> bool:
    return each.rejection is None or each.rejection.keep_content


_SHEETS = ("submission_id", "sheet_code", "sheet_name", "header_row", "columns", "unknown_columns")
_RECEIVED = [
    "submission_id",
    "sha256",
    "folder",
    "file_name",
    "received_at",
    "receipt_number",
    "verdict",
    "content_sha256",
    "form_version",
    "reporting_unit_code",
    "report_year",
    "report_kind",
    "submission_kind",
    "data_from",
    "data_to",
    "value_kind",
    "data_scope",
    "cover",
    "reference_sha256",
]
# All but who sent what when: that was said when the file was received, and stays.
_REVIEWED = [
    name for name in _RECEIVED if name not in ("submission_id", "sha256", "folder", "file_name", "received_at")
]
_RECEIVED_FILES = sql.SQL(
    "insert into raw.received_files ({columns}) values ({values}) on conflict (submission_id) do update set {reviewed}"
).format(
    columns=sql.SQL(", ").join(map(sql.Identifier, _RECEIVED)),
    values=sql.SQL(", ").join(sql.Placeholder() * len(_RECEIVED)),
    reviewed=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in _REVIEWED),
)


def _received_file(each: ReviewedFile, reference: Reference) -> tuple:
    file, submission, cover = each.file, each.submission, each.cover
    # Typed columns are null where the cover says nothing that could stand in them.
    year = cover.get("report_year", "")
    return (
        file.submission_id,
        file.sha256,
        file.folder,
        file.file_name,
        file.received_at,
        each.receipt_number,
        each.verdict,
        submission.content_sha256 if submission else None,
        cover.get("form_version"),
        cover.get("reporting_unit_code"),
        int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else None,
        cover.get("report_kind"),
        cover.get("submission_kind"),
        submission.data_from if submission else None,
        submission.data_to if submission else None,
        cover.get("value_kind"),
        cover.get("data_scope"),
        _json(cover) if cover else None,
        reference.sha256,
    )


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
            " on conflict do nothing",
            [
                (seen.url, seen.modified_at, seen.byte_count, each.file.submission_id)
                for seen, each in zip(sightings, reviewed, strict=True)
            ],
        )


def _copy(connection: psycopg.Connection, table: str, columns: Iterable[str], rows: Iterable[tuple]) -> None:
    command = sql.SQL("copy {table} ({columns}) from stdin").format(
        table=sql.Identifier(*table.split(".")), columns=sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


_encoded = json.JSONEncoder(ensure_ascii=False).encode


def _json(values: dict[str, str]) -> str:
    return _encoded(values)
