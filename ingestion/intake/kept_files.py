"""What an earlier version kept, searched once for personal data: bytes of files that have any are removed, and persons
in what was kept of them. Hashes, receipts and figures stay as they are."""

import logging
from collections.abc import Callable

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from ingestion.feedback.open_queries import stored_files
from ingestion.form.personal_data import AMOUNTS
from ingestion.intake.inbox import kept_url, plain_name
from ingestion.personal_data.authors import without_authors
from ingestion.personal_data.names import clean_name
from ingestion.personal_data.numbers import CITIZEN_DIGITS, may_be_citizen_number
from ingestion.personal_data.texts import identifies_person
from ingestion.sandbox.parallel_parse import parse_all
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.locks import LOAD, lock
from warehouse.reference.reference_data import Reference

FILES_AT_A_TIME = 100
"""bounds memory"""
REMOVED = "…"
FINDINGS = ("quality.file_findings", "quality.history_findings")
NAMES = {"raw.received_files": "file_name", "raw.receipts": "file_name", "raw.inbox_sightings": "url"}
"""tables -> column with the name of a file"""

log = logging.getLogger(__name__)


def remove_personal_data_once(connection: psycopg.Connection, reference: Reference) -> int | None:
    """Remove personal data from what was kept, in one transaction; the number of files whose bytes were removed. None
    if it was done before, or the tables are not of this login."""
    with connection.transaction():
        is_ours = connection.execute(
            "select pg_has_role(tableowner, 'usage') from pg_tables where schemaname = 'raw' and tablename = 'files'"
        ).fetchone()
        if is_ours != (True,) or was_searched(connection):
            return None
        lock(connection, LOAD)
        if was_searched(connection):  # another process was faster
            return None
        found = _scan(connection, reference)
        _clean_quotations(connection, found, reference)
        _clean_names(connection)
        connection.execute("insert into quality.personal_data_scans (removed) values (%s)", [len(found)])
    if found:
        log.warning("%d files with personal data were kept by an earlier version: their bytes are removed", len(found))
    return len(found)


def was_searched(connection: psycopg.Connection) -> bool:
    """Whether that was done before."""
    return connection.execute("select 1 from quality.personal_data_scans").fetchone() is not None


def _scan(connection: psycopg.Connection, reference: Reference) -> list[str]:
    """Ids of the files with personal data, whose bytes are removed; the others lose the names of their authors."""
    stored = connection.execute(
        "select submission_id from raw.received_files inner join raw.files using (sha256)"
        " where content is not null order by submission_id"
    ).fetchall()
    found = []
    for start in range(0, len(stored), FILES_AT_A_TIME):
        files = stored_files(connection, [id for (id,) in stored[start : start + FILES_AT_A_TIME]])
        for file, parsed in zip(files, parse_all(files, reference), strict=True):
            is_kept = not isinstance(parsed, RejectedFile) or parsed.keep_content
            connection.execute(
                "update raw.files set content = %s where sha256 = %s",
                [without_authors(file.content) if is_kept else None, file.sha256],
            )
            found += [] if is_kept else [file.submission_id]
    return found


def _clean_quotations(connection: psycopg.Connection, submission_ids: list[str], reference: Reference) -> None:
    """Remove the persons from rows, headers and findings of these files; whatever stands in columns that are not the
    form's goes with them."""
    fields = [each for form in reference.forms.values() for sheet in form.sheets.values() for each in sheet.fields]
    amounts = {each.field_code for each in fields if each.type in AMOUNTS}
    rows = connection.execute(
        "select submission_id, sheet_code, row_number, sent, read, columns, unknown_columns"
        " from raw.sheet_rows inner join raw.sheets using (submission_id, sheet_code)"
        " where submission_id = any(%s)",
        [submission_ids],
    ).fetchall()
    cleaned = []
    for *place, sent, read, columns, unknown in rows:
        figures = amounts | {columns[code] for code in amounts & columns.keys()}
        sent = {letter: REMOVED if letter in unknown else text for letter, text in sent.items()}
        texts = [
            {key: text if key in figures else _cleaned(text) for key, text in each.items()} for each in (sent, read)
        ]
        cleaned.append((*map(Jsonb, texts), *place))
    with connection.cursor() as cursor:
        cursor.executemany(
            "update raw.sheet_rows set sent = %s, read = %s"
            " where submission_id = %s and sheet_code = %s and row_number = %s",
            cleaned,
        )
    connection.execute(
        "update raw.sheets set unknown_columns = (select coalesce(jsonb_object_agg(key, %s::text), '{}')"
        " from jsonb_each(unknown_columns)) where submission_id = any(%s)",
        [REMOVED, submission_ids],
    )
    for table in FINDINGS:
        for column in ("value", "message_vi", "message_en"):
            _rewrite(connection, table, column, _cleaned if column == "value" else clean_name, submission_ids)


def _clean_names(connection: psycopg.Connection) -> None:
    for table, column in NAMES.items():
        _rewrite(connection, table, column, kept_url if column == "url" else plain_name)


def _rewrite(
    connection: psycopg.Connection,
    table: str,
    column: str,
    clean: Callable[[str], str],
    submission_ids: list[str] | None = None,
) -> None:
    """Clean each text of a column, of all files or of these."""
    name, place = Identifier(*table.split(".")), Identifier(column)
    of_files = SQL("(%s::text[] is null or submission_id = any(%s))")
    texts = connection.execute(
        SQL("select distinct {} from {} where {} is not null and {}").format(place, name, place, of_files),
        [submission_ids, submission_ids],
    ).fetchall()
    for (text,) in texts:
        if (cleaned := clean(text)) == text:
            continue
        row = SQL("{} = %s and {}").format(place, of_files)
        found = [text, submission_ids, submission_ids]
        try:
            with connection.transaction():
                connection.execute(SQL("update {} set {} = %s where {}").format(name, place, row), [cleaned, *found])
        except psycopg.errors.UniqueViolation:  # the same arrival under two names that are now the same
            connection.execute(SQL("delete from {} where {}").format(name, row), found)


def _cleaned(text: str) -> str:
    """A text of a cell, which goes whole if it identifies a person."""
    is_number = text.isdigit() and may_be_citizen_number(float(text[:CITIZEN_DIGITS]))
    return REMOVED if is_number or identifies_person(text) else text
