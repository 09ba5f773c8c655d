"""What forbids to publish a report at an instant."""

from datetime import UTC, datetime, timedelta

import pytest

from warehouse.editions.readiness import require_nothing_issued_later, require_nothing_later
from warehouse.editions.records import PublicationRefused, publications

NOW, AHEAD = datetime(2025, 12, 26, 1, tzinfo=UTC), datetime(2446, 5, 10, 22, 38, tzinfo=UTC)


def receive(connection, id: str, verdict: str, received_at: datetime) -> None:
    connection.execute("insert into raw.files values (%s, null, 1)", [id])
    connection.execute(
        "insert into raw.received_files"
        " (submission_id, sha256, folder, file_name, received_at, receipt_number, verdict)"
        " values (%(id)s, %(id)s, '692', 'a.xlsx', %(at)s, %(id)s, %(verdict)s)",
        {"id": id, "at": received_at, "verdict": verdict},
    )


def test_a_rejected_file_says_nothing_about_what_was_known_when(connection):
    require_nothing_later(connection, NOW)
    receive(connection, "2025-692-ABC", "accepted", NOW - timedelta(days=1))
    receive(connection, "2025-692-DEF", "rejected", AHEAD)
    require_nothing_later(connection, NOW)


def test_an_accepted_file_that_was_received_later_is_named(connection):
    receive(connection, "2025-692-ABC", "accepted", AHEAD)
    with pytest.raises(PublicationRefused, match=r"the last file \(2025-692-ABC\) was received 2446-05-10 22:38 UTC"):
        require_nothing_later(connection, NOW)


def test_what_was_dated_into_the_future_counts_from_when_it_was_recorded(connection):
    connection.execute(
        "insert into raw.publications (publication_id, kind, report_year, published_at, recorded_at)"
        " values ('P-1', 'annual', 2023, %s, %s)",
        [AHEAD, NOW],
    )
    connection.execute(
        "insert into raw.publication_sendings (publication_id, recipient, sent_at, recorded_at)"
        " values ('P-1', 'X', %s, %s)",
        [AHEAD, NOW],
    )
    assert [each.published_at for each in publications(connection)] == [NOW]
    later = NOW + timedelta(minutes=1)
    require_nothing_issued_later(connection, later, later)
    with pytest.raises(PublicationRefused, match="a report that was issued 2025-12-26 01:00 UTC"):
        require_nothing_issued_later(connection, NOW, later)
