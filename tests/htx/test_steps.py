"""The steps that the command line and the DAGs share."""

import logging
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from htx import late_submission_permits, steps, submission_status
from ingestion.intake.receipts import amend_receipt
from tests.life import IN_TIME, UNIT, YEAR, cooperative, workbook
from warehouse.connection import connect
from warehouse.reference.reference_data import SEEDS, read_reference


def test_a_file_that_cannot_be_opened_leaves_the_others_of_its_batch_alone(warehouse_url, tmp_path, caplog):
    folder = tmp_path / "inbox" / "688"
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(b"PK not a workbook")
    os.utime(folder / "a.xlsx", (datetime(2023, 11, 20, tzinfo=UTC).timestamp(),) * 2)
    (folder / "gone.xlsx").write_bytes(b"x")
    [batch] = steps.list_new_files(warehouse_url, str(tmp_path / "inbox"))
    (folder / "gone.xlsx").unlink()

    with caplog.at_level(logging.WARNING):
        counts = steps.load_batch(warehouse_url, batch)

    assert counts == {"received": 1, "accepted": 0, "rejected": 1}
    assert "688/gone.xlsx cannot be opened, and is left for the next run" in caplog.text
    with connect(warehouse_url) as connection:
        assert connection.execute("select file_name, verdict from raw.received_files").fetchall() == [
            ("a.xlsx", "rejected")
        ]


LOCKED = datetime(2024, 3, 5, 2, 30, tzinfo=UTC)


@pytest.fixture
def inbox(warehouse_url, tmp_path):
    """Two files of a district that lie in the inbox since its year is locked, and loading what is new there."""
    reference = read_reference(SEEDS)
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    for name, members, minutes in (("z.xlsx", 30, 0), ("a.xlsx", 31, 5)):
        path = folder / name
        path.write_bytes(workbook(reference, {"01_HTX": [cooperative(members=members)]}))
        os.utime(path, ((LOCKED + timedelta(minutes=minutes)).timestamp(),) * 2)

    def load() -> list[dict]:
        batches = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())
        return [steps.load_batch(warehouse_url, batch) for batch in batches]

    assert load() == [{"received": 2, "accepted": 0, "rejected": 2}]
    assert load() == []
    return load


def grant(url: str, granted_at: datetime, days: int = 7, unit: str = UNIT, year: int = YEAR) -> str:
    return late_submission_permits.grant(
        url, unit, year, "lũ lụt", "Bà A", granted_at, granted_at + timedelta(days=days)
    )["exception_id"]


def receipts(url: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(
            "select file_name, status, received_at from raw.submissions order by received_at"
        ).fetchall()


def test_what_a_lock_kept_out_is_read_again_by_itself_once_an_exception_is_granted(inbox, warehouse_url):
    granted_at = LOCKED + timedelta(days=2)
    grant(warehouse_url, granted_at)
    assert inbox() == [{"received": 2, "accepted": 2, "rejected": 0}]
    assert receipts(warehouse_url) == [
        ("z.xlsx", "superseded", granted_at),
        ("a.xlsx", "accepted", granted_at + timedelta(microseconds=1)),
    ]
    assert inbox() == []


def test_an_exception_as_of_an_earlier_instant_lets_a_file_in_as_it_came(inbox, warehouse_url):
    grant(warehouse_url, LOCKED + timedelta(minutes=1))
    assert inbox() == [{"received": 2, "accepted": 2, "rejected": 0}]
    assert [received_at for _, _, received_at in receipts(warehouse_url)] == [
        LOCKED + timedelta(minutes=1),
        LOCKED + timedelta(minutes=5),
    ]


def test_an_exception_of_others_or_one_that_was_revoked_or_had_ended_lets_nothing_in(inbox, warehouse_url):
    grant(warehouse_url, LOCKED, unit="694")
    grant(warehouse_url, LOCKED, year=YEAR + 1)
    grant(warehouse_url, LOCKED - timedelta(days=9), days=9)
    late_submission_permits.revoke(warehouse_url, grant(warehouse_url, LOCKED), "Bà A", LOCKED + timedelta(hours=1))
    assert inbox() == []


def test_a_file_that_changes_while_it_is_read_is_loaded_by_the_next_run_as_it_is_then(warehouse_url, tmp_path, caplog):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    whole = workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]})
    (folder / "a.xlsx").write_bytes(whole[:1000])
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri(), at=IN_TIME)
    (folder / "a.xlsx").write_bytes(whole)
    os.utime(folder / "a.xlsx", (IN_TIME.timestamp(),) * 2)

    assert steps.load_batch(warehouse_url, batch)["received"] == 0
    assert f"{UNIT}/a.xlsx cannot be opened, and is left for the next run: it was changed" in caplog.text
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri(), at=IN_TIME + timedelta(minutes=15))
    assert steps.load_batch(warehouse_url, batch) == {"received": 1, "accepted": 1, "rejected": 0}


def test_a_folder_with_thousands_of_files_delays_the_others_by_one_run(warehouse_url, tmp_path, caplog):
    for folder, count in ((UNIT, 1_200), ("694", 2)):
        (tmp_path / "inbox" / folder).mkdir(parents=True)
        for number in range(count):
            path = tmp_path / "inbox" / folder / f"{number:04}.xlsx"
            path.write_bytes(b"%d" % number)
            os.utime(path, (IN_TIME.timestamp() + number,) * 2)

    def run() -> list[list[tuple]]:
        batches = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())
        return [[(each["folder"], each["file_name"]) for each in batch] for batch in batches]

    first = [name for batch in run() for name in batch]
    assert len(first) == 502
    assert {("694", "0000.xlsx"), ("694", "0001.xlsx"), (UNIT, "0499.xlsx")} <= set(first)
    assert f"{UNIT}: 1200 files are new, 700 of them are left for the next runs" in caplog.text


def test_a_file_from_the_future_is_received_when_it_was_seen_with_a_finding(warehouse_url, tmp_path):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    (folder / "b.xlsx").write_bytes(b"no workbook")
    for name in ("a.xlsx", "b.xlsx"):
        os.utime(folder / name, (datetime(2099, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri(), at=IN_TIME)
    steps.load_batch(warehouse_url, batch)
    with connect(warehouse_url) as connection:
        assert connection.execute(
            "select file_name, verdict, received_at < %s, severity, message_vi from raw.received_files"
            " inner join quality.file_findings using (submission_id) where rule_code = 'F14' order by 1",
            [IN_TIME + timedelta(seconds=1)],
        ).fetchall() == [
            (name, verdict, True, "info", "Thời gian lưu của tệp (07:00 01/01/2099) không phải thời điểm nhận tệp; tệp"
             " được tính là nhận lúc 09:30 20/11/2023. Đề nghị kiểm tra đồng hồ máy tính; nếu đã gửi sớm hơn, đề nghị"
             " liên hệ Hội LHPN tỉnh.")
            for name, verdict in (("a.xlsx", "accepted"), ("b.xlsx", "rejected"))
        ]  # fmt: skip


def test_a_file_that_its_lock_rejected_by_a_wrong_clock_is_accepted_once_that_is_amended(warehouse_url, tmp_path):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())
    assert steps.load_batch(warehouse_url, batch)["rejected"] == 1
    with connect(warehouse_url) as connection:
        [(number,)] = connection.execute("select receipt_number from raw.received_files").fetchall()
        amend_receipt(connection, number, IN_TIME, "đồng hồ sai", "Bà A")
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())
    assert steps.load_batch(warehouse_url, batch)["accepted"] == 1
    assert receipts(warehouse_url) == [("a.xlsx", "accepted", IN_TIME)]


def test_a_time_that_was_not_believed_is_not_believed_after_the_inbox_was_moved(warehouse_url, tmp_path):
    folder, late = tmp_path / "inbox" / UNIT, datetime(2023, 12, 10, tzinfo=UTC)
    folder.mkdir(parents=True)
    steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri(), at=late)
    (folder / "a.xlsx").write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    os.utime(folder / "a.xlsx", (IN_TIME.timestamp(),) * 2)
    for name in ("inbox", "moved"):
        late += timedelta(minutes=15)
        [batch] = steps.list_new_files(warehouse_url, (tmp_path / name).as_uri(), at=late)
        steps.load_batch(warehouse_url, batch)
        shutil.copytree(tmp_path / "inbox", tmp_path / "moved", dirs_exist_ok=True)
    assert receipts(warehouse_url) == [("a.xlsx", "accepted", datetime(2023, 12, 10, tzinfo=UTC))]


def test_the_status_names_a_file_that_only_the_span_of_two_looks_puts_on_time(warehouse_url, tmp_path):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    deadline = datetime(2023, 11, 29, 17, tzinfo=UTC)
    steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri(), at=deadline - timedelta(minutes=5))
    (folder / "a.xlsx").write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    seen_at = deadline + timedelta(minutes=10)
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri(), at=seen_at)
    steps.load_batch(warehouse_url, batch)

    def shown(at: datetime) -> tuple:
        [row] = [each for each in submission_status.of_year(warehouse_url, YEAR, at) if each["unit"] == UNIT]
        return row["state"], row["receipts_in_doubt"], submission_status.as_table([row])[-1]

    state, [number], line = shown(seen_at)
    assert (state, line) == ("on_time", f"Cần xác minh lúc nhận, đang tính có lợi cho đơn vị: {number}")
    with connect(warehouse_url) as connection:
        amend_receipt(connection, number, deadline + timedelta(days=1), "gửi muộn", "Bà A")
    assert shown(deadline + timedelta(days=2))[:2] == ("late", [])


def test_a_file_over_the_bound_is_sent_back_unkept_and_the_others_of_its_batch_are_loaded(warehouse_url, tmp_path):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    with (folder / "a.xlsx").open("wb") as file:
        file.write(b"PK")
        file.truncate(3_000_000_000)  # more than PostgreSQL could hold, and than a machine may have memory for
    (folder / "b.xlsx").write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    for name in ("a.xlsx", "b.xlsx"):
        os.utime(folder / name, (IN_TIME.timestamp(),) * 2)
    [batch] = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())

    counts = steps.load_batch(warehouse_url, batch, (tmp_path / "outbox").as_uri())

    assert counts == {"received": 2, "accepted": 1, "rejected": 1}
    with connect(warehouse_url) as connection:
        assert connection.execute(
            "select file_name, verdict, content is null, message_vi from raw.received_files"
            " inner join raw.files using (sha256) left join quality.file_findings using (submission_id) order by 1"
        ).fetchall() == [
            (
                "a.xlsx",
                "rejected",
                True,
                "Tệp chưa được tiếp nhận vì không đọc được. Tệp vượt quá dung lượng cho phép (20 MB). Xóa ảnh, trang"
                " tính và định dạng thừa rồi gửi lại.",
            ),
            ("b.xlsx", "accepted", False, None),
        ]
    assert len(list((tmp_path / "outbox" / UNIT).glob("*.xlsx"))) == 2
    assert steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri()) == []


def test_large_files_come_in_batches_that_can_be_held(warehouse_url, tmp_path):
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    for number in range(30):
        with (folder / f"{number:02}.xlsx").open("wb") as file:
            file.truncate(18_000_000)
        os.utime(folder / f"{number:02}.xlsx", (IN_TIME.timestamp() + number,) * 2)
    batches = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())
    assert [[each["file_name"] for each in batch][:: len(batch) - 1] for batch in batches] == [
        ["00.xlsx", "26.xlsx"],
        ["27.xlsx", "29.xlsx"],
    ]
