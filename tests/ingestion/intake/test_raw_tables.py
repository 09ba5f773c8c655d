"""The one writer of raw."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from ingestion.feedback.findings import finding_from, make_finding
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import read_submission
from ingestion.intake.inbox import InboxFile
from ingestion.intake.raw_tables import write_reviewed
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile
from tests.ingestion.filled_in import COOPERATIVE, RECEIVED_AT

COUNTS = """
    select
        (select count(*) from raw.files),
        (select count(*) from raw.received_files),
        (select count(*) from raw.sheets),
        (select count(*) from raw.sheet_rows),
        (select count(*) from quality.file_findings),
        (select count(*) from raw.inbox_sightings)
"""


@pytest.fixture
def reviewed(reference):
    """What the review makes of a file, with one query if it is accepted and one error if it is rejected."""

    def of(file: ReceivedFile, verdict="accepted") -> ReviewedFile:
        try:
            submission = read_submission(file, reference)
        except RejectedFile as rejection:
            return ReviewedFile(
                file, None, rejection, [finding_from(reference, file.submission_id, rejection)], "rejected"
            )
        code = "V03" if verdict == "accepted" else "V01"
        findings = [make_finding(reference, file.submission_id, code, "01_HTX", 3, "members", "I3", "30")]
        return ReviewedFile(file, submission, None, findings, verdict)

    return of


def counts(connection) -> tuple:
    return connection.execute(COUNTS).fetchone()


def test_an_accepted_file_leaves_its_bytes_cover_sheets_rows_and_findings(
    connection, reference, filled_form, received, reviewed
):
    file = received(filled_form())
    write_reviewed(connection, [reviewed(file)], reference)
    assert connection.execute("select sha256, content, byte_count from raw.files").fetchall() == [
        (file.sha256, file.content, len(file.content))
    ]
    row = connection.execute(
        "select submission_id, folder, file_name, received_at, receipt_number, verdict, form_version,"
        " reporting_unit_code, report_year, report_kind, submission_kind, data_from::text, data_to::text, value_kind,"
        " data_scope, cover ->> 'signed_on', reference_sha256 from raw.received_files"
    ).fetchone()
    assert row == (
        file.submission_id, "692", "bc.xlsx", RECEIVED_AT, f"2023-692-{file.submission_id[:6].upper()}", "accepted",
        "2023.1", "692", 2023, "annual", "first", "2023-01-03", "2023-11-20", "actual", None, "2023-11-21",
        reference.sha256,
    )  # fmt: skip
    sent, read = connection.execute("select sent, read from raw.sheet_01_htx where row_number = 3").fetchone()
    assert (sent["C"], read["commune_code"]) == ("25280 - Xã Lộc Thạnh", "25280")
    assert (sent["AA"], read["revenue"]) == ("1234.5", "1234.5")
    assert connection.execute("select count(*) from raw.sheet_02_tht").fetchone() == (1,)
    sheets = dict(connection.execute("select sheet_code, columns from raw.sheets"))
    assert sheets["00_BIA"]["reporting_unit_code"] == "C5"
    assert sheets["01_HTX"]["members"] == "I"
    found = connection.execute(
        "select finding_id, rule_code, severity, cell, value from quality.file_findings"
    ).fetchall()
    assert found == [(reviewed(file).findings[0].finding_id, "V03", "query", "I3", "30")]
    assert connection.execute("select status from raw.submissions").fetchone() == ("accepted_with_queries",)


def test_loading_a_file_twice_leaves_its_rows_once(connection, reference, filled_form, received, reviewed):
    file = received(filled_form())
    write_reviewed(connection, [reviewed(file)], reference)
    once = counts(connection)
    assert once == (1, 1, 13, 2, 1, 0)
    write_reviewed(connection, [reviewed(file)], reference)
    write_reviewed(connection, [reviewed(file), reviewed(file)], reference)
    assert counts(connection) == once


def test_the_earliest_receipt_counts_whichever_comes_first(connection, reference, filled_form, received, reviewed):
    content = filled_form()
    for hours in (2, 1, 3):
        at = RECEIVED_AT + timedelta(hours=hours)
        write_reviewed(connection, [reviewed(received(content, at=at, name=f"{hours}.xlsx"))], reference)
    assert connection.execute("select received_at, file_name from raw.received_files").fetchall() == [
        (RECEIVED_AT + timedelta(hours=1), "1.xlsx")
    ]


def test_the_same_bytes_in_two_folders_are_kept_once_and_received_twice(
    connection, reference, filled_form, received, reviewed
):
    content = filled_form()
    batch = [reviewed(received(content)), reviewed(received(content, folder="union"))]
    write_reviewed(connection, batch, reference)
    assert counts(connection)[:2] == (1, 2)
    assert connection.execute("select count(distinct content_sha256) from raw.received_files").fetchone() == (1,)


def test_a_rejected_file_leaves_its_findings_but_no_rows(connection, reference, filled_form, received, reviewed):
    write_reviewed(connection, [reviewed(received(filled_form()), verdict="rejected")], reference)
    assert counts(connection) == (1, 1, 13, 0, 1, 0)
    assert connection.execute("select status, reporting_unit_code from raw.submissions").fetchone() == (
        "rejected",
        "692",
    )


def test_a_file_that_cannot_be_read_is_kept_with_the_reason(connection, reference, received, reviewed):
    file = received(b"%PDF-1.7 bao cao")
    write_reviewed(connection, [reviewed(file)], reference)
    assert connection.execute("select content from raw.files").fetchone() == (b"%PDF-1.7 bao cao",)
    assert connection.execute(
        "select receipt_number, verdict, reporting_unit_code, report_year, cover from raw.received_files"
    ).fetchone() == (f"KXD-{file.submission_id[:6].upper()}", "rejected", None, None, None)
    assert connection.execute("select rule_code from quality.file_findings").fetchall() == [("F01",)]


def test_of_a_file_with_personal_data_only_hash_time_and_sender_are_stored(
    connection, reference, filled_form, edited, received, reviewed
):
    def with_persons(workbook):
        workbook["02_THT"]["R2"], workbook["02_THT"]["R3"] = "Họ và tên", "Trần Thị Ví Dụ"

    file = received(edited(filled_form(), with_persons))
    write_reviewed(connection, [reviewed(file)], reference)
    assert connection.execute("select sha256, content, byte_count from raw.files").fetchall() == [
        (file.sha256, None, len(file.content))
    ]
    assert connection.execute("select reporting_unit_code, report_year, cover from raw.received_files").fetchone() == (
        "692", 2023, {"reporting_unit_code": "692", "report_year": "2023"},
    )  # fmt: skip
    assert connection.execute("select value from quality.file_findings").fetchall() == [("…",)]
    assert counts(connection)[2:4] == (0, 0)


def test_what_cannot_stand_in_a_typed_column_stays_on_the_cover(connection, reference, filled_form, received, reviewed):
    content = filled_form(cover={"report_year": "hai nghìn", "data_to": "cuối năm"})
    write_reviewed(connection, [reviewed(received(content), verdict="rejected")], reference)
    assert connection.execute(
        "select report_year, data_to, cover ->> 'report_year', cover ->> 'data_to' from raw.received_files"
    ).fetchone() == (None, None, "hai nghìn", "cuối năm")


def test_a_batch_is_written_whole_or_not_at_all(connection, reference, filled_form, received, reviewed):
    good, bad = reviewed(received(filled_form())), reviewed(received(filled_form(), folder="union"))
    bad = replace(bad, findings=[replace(bad.findings[0], severity="nonsense")])
    with pytest.raises(psycopg.errors.CheckViolation):
        write_reviewed(connection, [good, bad], reference)
    assert counts(connection) == (0, 0, 0, 0, 0, 0)


def test_a_rejected_file_is_replaced_when_the_reference_data_changed(
    connection, reference, filled_form, received, reviewed
):
    file = received(filled_form())
    write_reviewed(connection, [reviewed(file, verdict="rejected")], reference)
    write_reviewed(connection, [reviewed(file)], reference)
    assert connection.execute("select verdict from raw.received_files").fetchone() == ("rejected",)

    corrected = replace(reference, sha256="another")
    later = replace(reviewed(file), file=replace(file, received_at=RECEIVED_AT + timedelta(days=1)))
    write_reviewed(connection, [later], corrected)
    assert connection.execute("select verdict, received_at, reference_sha256 from raw.received_files").fetchone() == (
        "accepted", RECEIVED_AT, "another",
    )  # fmt: skip
    assert counts(connection) == (1, 1, 13, 2, 1, 0)


def test_an_accepted_file_is_never_taken_back(connection, reference, filled_form, received, reviewed):
    file = received(filled_form())
    write_reviewed(connection, [reviewed(file)], reference)
    write_reviewed(connection, [reviewed(file, verdict="rejected")], replace(reference, sha256="another"))
    assert connection.execute("select verdict from raw.received_files").fetchone() == ("accepted",)
    assert counts(connection) == (1, 1, 13, 2, 1, 0)


def test_where_a_file_was_seen_is_remembered(connection, reference, filled_form, received, reviewed):
    seen = [InboxFile("692", "bc.xlsx", f"file:///inbox/692/{n}.xlsx", RECEIVED_AT, 10, RECEIVED_AT) for n in (1, 2)]
    file = reviewed(received(filled_form()))
    write_reviewed(connection, [file, file], reference, seen)
    write_reviewed(connection, [file, file], reference, seen)
    assert connection.execute(
        "select url, modified_at, submission_id from raw.inbox_sightings order by url"
    ).fetchall() == [
        ("file:///inbox/692/1.xlsx", RECEIVED_AT, file.file.submission_id),
        ("file:///inbox/692/2.xlsx", RECEIVED_AT, file.file.submission_id),
    ]


def test_text_of_any_kind_arrives_as_it_was_sent(connection, reference, filled_form, received, reviewed):
    note = 'tab\t xuống dòng\n "ngoặc" \\ và \\N; =1+1; 😀; \u00ad'
    content = filled_form(sheets={"01_HTX": [{**COOPERATIVE, "note": note}]})
    write_reviewed(connection, [reviewed(received(content))], reference)
    sent, read = connection.execute("select sent ->> 'AN', read ->> 'note' from raw.sheet_01_htx").fetchone()
    assert sent == note
    assert read == 'tab xuống dòng "ngoặc" \\ và \\N; =1+1; 😀;'


def test_instants_are_kept_in_utc(connection, reference, filled_form, received, reviewed):
    write_reviewed(connection, [reviewed(received(filled_form()))], reference)
    (at,) = connection.execute("select received_at from raw.received_files").fetchone()
    assert at.astimezone(UTC) == datetime(2023, 11, 20, 2, 30, tzinfo=UTC)
