"""What is overdue, was refused or waits on the Union's desk."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from htx import matters, steps
from htx.backups import restore, storage
from htx.operations import overdue
from htx.operations.places import Places
from tests.life import received
from warehouse.build import input_fingerprints
from warehouse.reference.reference_data import plan_folder

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


def test_an_inbox_is_overdue_six_hours_after_the_last_look_that_found_nothing_and_not_before_the_first(
    warehouse_url, connection, found, tmp_path
):
    steps.list_new_files(warehouse_url, (tmp_path / "unmounted").as_uri(), at=NIGHT)
    assert found(overdue.inbox_overdue, NIGHT + 90 * HOUR) == []
    steps.list_new_files(warehouse_url, tmp_path.as_uri(), at=NIGHT)
    assert found(overdue.inbox_overdue, NIGHT + 5 * HOUR) == []
    assert found(overdue.inbox_overdue, NIGHT + 6 * HOUR) == [
        ("inbox_overdue", "inbox_overdue", NIGHT + 6 * HOUR, ["Lần gần nhất: 02:00 02/03/2026"])
    ]
    connection.execute("insert into raw.example_mark default values")  # read on request
    assert found(overdue.inbox_overdue, NIGHT + 6 * HOUR) == []


def test_a_build_is_overdue_twelve_hours_after_the_first_data_that_no_promoted_build_has(connection, found):
    connection.execute("set session_replication_role = replica")

    def received_at(hour: int, verdict: str) -> None:
        connection.execute(
            "insert into raw.received_files (submission_id, sha256, folder, file_name, received_at, first_seen_at,"
            " receipt_number, verdict) values (%(id)s, %(id)s, '692', 'a.xlsx', %(at)s, %(at)s, %(id)s, %(verdict)s)",
            {"id": f"f{hour}", "at": NIGHT + hour * HOUR, "verdict": verdict},
        )

    def pulled_at(hour: int, content: str) -> None:
        connection.execute(
            "insert into raw.registry_snapshots (snapshot_id, speaks_of, pulled_at, content_id, row_counts)"
            " values (%s, '2026-03-01', %s, %s, '{}')",
            [f"s{hour}", NIGHT + hour * HOUR, content],
        )

    def built_at(hour: int, outcome: str) -> None:
        connection.execute(
            "insert into quality.builds (build_id, state_sha256, started_at, finished_at, outcome)"
            " values (%s, 's', %s, %s, %s)",
            [f"b{hour}", NIGHT + hour * HOUR, NIGHT + (hour + 1) * HOUR, outcome],
        )

    def overdue_since(at: int) -> list[tuple[float, str]]:
        return [
            ((since - NIGHT) / HOUR, line) for _, _, since, [line] in found(overdue.build_overdue, NIGHT + at * HOUR)
        ]

    received_at(0, "rejected")
    pulled_at(1, "A")
    assert overdue_since(99) == []  # no file was accepted: there is nothing to build
    received_at(2, "accepted")
    built_at(3, "failed")
    assert (overdue_since(13), overdue_since(14)) == ([], [(14, "Lần gần nhất: –")])
    built_at(4, "promoted")
    pulled_at(24, "A")  # nothing new
    assert overdue_since(99) == []
    pulled_at(48, "B")
    received_at(50, "accepted")
    assert (overdue_since(59), overdue_since(60)) == ([], [(60, "Lần gần nhất: 07:00 02/03/2026")])
    connection.execute(GATE, [NIGHT + 51 * HOUR, "no_values", "critical", "failed", "không có số liệu"])
    assert overdue_since(60) == []  # the gate is the matter
    connection.execute("delete from quality.gate_results")
    built_at(52, "rolled_back")
    assert overdue_since(99) == []
    pulled_at(60, "C")
    pulled_at(61, "A")  # the registry was put right: what is public has all of it
    assert overdue_since(99) == [(72, "Lần gần nhất: 07:00 04/03/2026")]
    connection.execute("update quality.builds set state_sha256 = %s", [input_fingerprints.read_fingerprint(connection)])
    assert overdue_since(99) == []


def test_a_plan_folder_without_the_row_of_a_step_is_named_and_delays_no_other(
    connection, reference, tmp_path, monkeypatch
):
    plan = shutil.copytree(plan_folder(), tmp_path / "plan")
    limits = plan / "operation_limits.csv"
    rows = limits.read_text(encoding="utf-8").splitlines(keepends=True)
    limits.write_text("".join(row for row in rows if not row.startswith("inbox_overdue")), encoding="utf-8")
    monkeypatch.setenv("HTX_PLAN", str(plan))
    connection.execute("insert into raw.inbox_looks values ('file:///inbox', %s)", [NIGHT])
    connection.execute(SNAPSHOT, [NIGHT])
    waiting, unknown = matters.look(connection, reference, Places(), NIGHT + 50 * HOUR)
    assert [each.step for each in waiting] == ["registry_overdue"]
    assert unknown == ["inbox_overdue: operation_limits.csv has no row inbox_overdue: add it, with its hours."]


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
    checked(4, "failed")
    assert len(found(overdue.gates_refused, NIGHT)) == 1
    connection.execute(
        "insert into quality.builds (build_id, state_sha256, started_at, finished_at, outcome)"
        " values ('b', %s, now(), now(), 'promoted')",
        [input_fingerprints.read_fingerprint(connection)],
    )
    assert found(overdue.gates_refused, NIGHT) == []  # what was refused was taken back


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
        ("answer_undelivered", "692", NIGHT, [f"biên nhận {receipt}: máy chủ thư không gửi được"])
    ]


def test_what_cannot_be_looked_up_delays_no_other_notice_and_fails_at_the_end(connection, warehouse_url, tmp_path):
    connection.execute(SNAPSHOT, [NIGHT])
    connection.commit()
    nowhere = Places(airflow_database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(matters.MattersUnknown, match="1 notices were sent; these could not be looked up: runs_waiting"):
        matters.notify(warehouse_url, NIGHT + 50 * HOUR, tmp_path.as_uri(), nowhere)
    assert [path.parts[-3] for path in tmp_path.rglob("*.eml")] == ["engineer"]
