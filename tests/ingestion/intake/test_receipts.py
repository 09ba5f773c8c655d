"""Times of receipt that are amended."""

from datetime import UTC, datetime

import psycopg
import pytest

from htx.loading import review
from ingestion.intake.raw_tables import write_reviewed
from ingestion.intake.receipts import AmendmentRefused, amend_receipt
from tests.life import IN_TIME, cooperative, received, workbook

AHEAD = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def loaded(connection, reference):
    """A file that was received in the future, by a clock that was set wrong."""

    def load(content: bytes, at=AHEAD):
        [reviewed] = review([received(content, at)], reference)
        write_reviewed(connection, [reviewed], reference)
        return reviewed

    return load


def test_the_old_time_stays_beside_the_new_one_and_no_later_receipt_moves_it(loaded, connection, reference):
    content = workbook(reference, {"01_HTX": [cooperative()]})
    file = loaded(content, IN_TIME)
    amended = datetime(2023, 11, 27, tzinfo=UTC)
    amend_receipt(connection, file.receipt_number, amended, "gửi qua bưu điện ", "Bà A")
    loaded(content, IN_TIME)
    assert connection.execute("select received_at from raw.received_files").fetchall() == [(amended,)]
    kept = "select submission_id, old_received_at, received_at, reason, amended_by from raw.receipt_amendments"
    assert connection.execute(kept).fetchall() == [
        (file.file.submission_id, IN_TIME, amended, "gửi qua bưu điện", "Bà A")
    ]
    with pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("delete from raw.receipt_amendments")


def test_a_rejected_file_is_amended_too_and_is_read_again(loaded, connection):
    file = loaded(b"no workbook")
    amend_receipt(connection, file.file.submission_id, IN_TIME, "đồng hồ sai", "Bà A")
    assert connection.execute("select received_at, reference_sha256 from raw.received_files").fetchall() == [
        (IN_TIME, None)
    ]


@pytest.mark.parametrize(
    ("id", "reason", "by", "why"),
    [
        ("2023-692-NONE", "x", "Bà A", "No file has the id 2023-692-NONE"),
        ("2023-692-NONE", " ", "Bà A", "needs a reason"),
        ("2023-692-NONE", "x", "", "the name of the person"),
    ],
)
def test_an_amendment_needs_a_file_a_reason_and_a_name(connection, id, reason, by, why):
    with pytest.raises(AmendmentRefused, match=why):
        amend_receipt(connection, id, IN_TIME, reason, by)
