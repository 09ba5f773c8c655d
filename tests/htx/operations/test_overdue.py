"""What is overdue, was refused or waits on the Union's desk."""

from datetime import UTC, datetime, timedelta

import pytest

from htx import matters, steps
from htx.backups import restore, storage
from htx.operations import overdue
from htx.operations.places import Places
from tests.life import received

NIGHT = datetime(2026, 3, 1, 19, tzinfo=UTC)
HOUR = timedelta(hours=1)
SNAPSHOT = """
    insert into raw.registry_snapshots (snapshot_id, speaks_of, pulled_at, content_id, row_counts)
    values ('s1', '2026-03-01', %s, 'c1', '{}')
"""
GATE = """
    insert into quality.gate_results (checked_at, stage, gate, level, outcome, sentence, sentence_vi)
    values (%s, 'marts', %s, %s, %s, 'figures', %s)
"""
MAIL = """
    insert into raw.mails (mail_id, mailbox, uid_validity, uid, received_at, sender, state, doubt)
    values (%s, 'm', 1, %s, %s, 'ai-do@noi-khac.example', %s, 'not_listed')
"""


@pytest.fixture
def found(connection, reference):
    """A function that gives what a kind of matter finds at an instant: step, cause, since, lines."""

    def waiting(matter, at: datetime, places: Places | None = None) -> list[tuple]:
        return [
            (each.step, each.cause, each.since, each.words["lines"])
            for each in matter(connection, reference, places or Places(), at)
        ]

    return waiting


def test_a_registry_is_overdue_two_days_after_its_last_pull_and_not_before_the_first(connection, found):
    assert found(overdue.registry_overdue, NIGHT) == []
    connection.execute(SNAPSHOT, [NIGHT])
    assert found(overdue.registry_overdue, NIGHT + 47 * HOUR) == []
    assert found(overdue.registry_overdue, NIGHT + 48 * HOUR) == [
        ("registry_overdue", "registry_overdue", NIGHT + 48 * HOUR, ["Lần gần nhất: 02:00 02/03/2026"])
    ]


def test_a_backup_is_overdue_from_the_first_file_on_and_then_from_the_last_backup(
    connection, warehouse_url, found, tmp_path
):
    places = Places(backup_url=tmp_path.as_uri())
    assert found(overdue.backup_overdue, NIGHT, places) == []
    steps.load_files(warehouse_url, [received(b"no workbook")])
    connection.execute("update raw.received_files set first_seen_at = %s", [NIGHT])
    never = ("backup_overdue", "backup_overdue", NIGHT + 30 * HOUR, ["Lần gần nhất: –"])
    assert found(overdue.backup_overdue, NIGHT + 31 * HOUR, places) == [never]
    backup = storage.new(places.backup_url, NIGHT + 24 * HOUR)
    backup.storage.makedirs(backup.folder)
    assert found(overdue.backup_overdue, NIGHT + 31 * HOUR, places) == [never]  # it was interrupted
    backup.complete({"dump_sha256": ""})
    assert found(overdue.backup_overdue, NIGHT + 53 * HOUR, places) == []
    assert found(overdue.backup_overdue, NIGHT + 54 * HOUR, places) == [
        ("backup_overdue", "backup_overdue", NIGHT + 54 * HOUR, ["Lần gần nhất: 02:00 03/03/2026"])
    ]


def test_a_rehearsal_is_overdue_35_days_after_the_last_one_that_succeeded(connection, warehouse_url, found):
    proved = {"backup": "b", "rows": 1, "publications": 1, "seconds_to_restore": 1.5, "seconds_to_prove": 2.5}
    restore.record_rehearsal(warehouse_url, proved)
    connection.execute("update quality.rehearsals set rehearsed_at = %s", [NIGHT])
    assert found(overdue.rehearsal_overdue, NIGHT + timedelta(days=34)) == []
    assert found(overdue.rehearsal_overdue, NIGHT + timedelta(days=35)) == [
        ("rehearsal_overdue", "rehearsal_overdue", NIGHT + timedelta(days=35), ["Lần gần nhất: 02:00 02/03/2026"])
    ]


def test_a_gate_that_refused_is_a_matter_since_the_first_refusal_until_it_lets_something_through(connection, found):
    def checked(hour: int, outcome: str) -> None:
        connection.execute(
            GATE, [NIGHT + hour * HOUR, "no_values", "critical", outcome, f"không có số liệu lúc {hour} giờ"]
        )
        connection.execute(GATE, [NIGHT + hour * HOUR, "units_missing", "warning", "failed", "chỉ nhắc"])

    checked(0, "passed")
    assert found(overdue.gates_refused, NIGHT) == []
    checked(1, "failed")
    checked(2, "failed")
    assert found(overdue.gates_refused, NIGHT) == [
        ("gate_refused", "marts", NIGHT + HOUR, ["không có số liệu lúc 2 giờ"])
    ]
    checked(3, "passed")
    assert found(overdue.gates_refused, NIGHT) == []


def test_a_mail_that_waits_is_a_matter_of_its_own(connection, found):
    connection.execute(MAIL, ["T-1", 1, NIGHT, "waiting"])
    connection.execute(MAIL, ["T-2", 2, NIGHT, "dismissed"])
    assert found(overdue.mails_waiting, NIGHT) == [
        (
            "mail_waiting", "T-1", NIGHT,
            ["T-1: ai-do@noi-khac.example", "địa chỉ gửi không có trong danh sách hộp thư của các đơn vị"],
        )
    ]  # fmt: skip


def test_answers_that_cannot_be_delivered_are_one_matter_of_each_unit(connection, warehouse_url, found, reference):
    steps.load_files(warehouse_url, [received(b"no workbook")])
    connection.execute(
        "insert into quality.owed_letters select submission_id, verdict, %s from raw.received_files", [NIGHT]
    )
    assert found(overdue.answers_undelivered, NIGHT) == []  # it is due, and was not tried yet
    connection.execute(
        "insert into quality.mailings (message_id, attempt, event)"
        " select 'answer-' || submission_id || '-' || verdict, 1, event from quality.owed_letters, "
        " unnest(array['claimed', 'failed']) as event"
    )
    [(receipt,)] = connection.execute("select receipt_number from raw.received_files").fetchall()
    assert found(overdue.answers_undelivered, NIGHT) == [
        ("answer_undelivered", "692", NIGHT, [f"{receipt}: máy chủ thư không gửi được"])
    ]


def test_what_cannot_be_looked_up_delays_no_other_notice_and_fails_at_the_end(connection, warehouse_url, tmp_path):
    connection.execute(SNAPSHOT, [NIGHT])
    connection.commit()
    nowhere = Places(airflow_database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(matters.MattersUnknown, match="1 notices were sent; these could not be looked up: runs_waiting"):
        matters.notify(warehouse_url, NIGHT + 50 * HOUR, tmp_path.as_uri(), nowhere)
    assert [path.parts[-3] for path in tmp_path.rglob("*.eml")] == ["engineer"]
