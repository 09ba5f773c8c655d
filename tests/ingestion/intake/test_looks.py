"""Which files of the inbox are new, and when they count as received: files with times that their senders set."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.intake.inbox import InboxFile, list_inbox
from ingestion.intake.looks import new_files
from warehouse.example_mark import mark_as_example

# The reports of 2023 are due before 30 November in Viet Nam: 29 November 17:00 UTC. The year is locked from 1 March.
NINE, TEN = datetime(2023, 11, 20, 9, tzinfo=UTC), datetime(2023, 11, 20, 10, 30, tzinfo=UTC)
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
DEADLINE = datetime(2023, 11, 29, 17, tzinfo=UTC)
OLD, FUTURE = datetime(2023, 10, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def put(tmp_path) -> Callable[..., Path]:
    """Puts a file into the inbox, with a time that is set."""

    def put(name: str, at: datetime, content: bytes = b"x") -> Path:
        path = tmp_path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    return put


@pytest.fixture
def look(tmp_path, connection, reference) -> Callable[..., list[InboxFile]]:
    """Looks at the inbox at an instant: what is new."""

    def look(at: datetime, reference=reference) -> list[InboxFile]:
        return new_files(connection, list_inbox(str(tmp_path / "inbox")), reference, at)

    return look


def receipts(files: list[InboxFile]) -> list[tuple]:
    return [(file.file_name, file.received_at, file.doubt) for file in files]


def load(connection, file: InboxFile, verdict: str, reference_sha256: str) -> None:
    """As the writer does: the file was loaded, and this became of it."""
    connection.execute("insert into raw.files values (%s, null, 1)", [file.url])
    connection.execute(
        "insert into raw.received_files (submission_id, sha256, folder, file_name, received_at, receipt_number,"
        " verdict, reference_sha256) values (%s, %s, %s, %s, %s, 'x', %s, %s)",
        [file.url, file.url, file.folder, file.file_name, file.received_at, verdict, reference_sha256],
    )
    connection.execute("update raw.inbox_sightings set submission_id = url where url = %s", [file.url])


def test_a_file_is_new_until_it_was_loaded_as_it_lies_there_now(put, look, connection):
    put("692/a.xlsx", NINE)
    put("692/b.xlsx", TEN)
    first, second = look(TEN)
    assert (first.file_name, second.file_name) == ("a.xlsx", "b.xlsx")
    assert look(TEN) == [first, second]
    load(connection, first, "accepted", "r0")
    assert look(TEN) == [second]
    put("692/a.xlsx", TEN + MINUTE)
    assert [file.file_name for file in look(TEN + QUARTER)] == ["b.xlsx", "a.xlsx"]


def test_a_rejected_file_is_new_again_when_the_reference_data_changed(put, look, connection, reference):
    put("692/a.xlsx", NINE)
    (file,) = look(TEN)
    load(connection, file, "rejected", reference.sha256)
    assert look(TEN) == []
    assert look(TEN, replace(reference, sha256="other")) == [file]


def test_nothing_in_the_inbox_is_nothing_new(look):
    assert look(TEN) == []


def test_before_the_first_look_at_a_folder_any_past_time_holds_and_no_future_one(put, look):
    put("692/old.xlsx", OLD)
    put("692/ahead.xlsx", FUTURE)
    put("692/beyond.xlsx", datetime(2446, 5, 10, tzinfo=UTC))
    assert receipts(look(TEN)) == [
        ("old.xlsx", OLD, None),
        ("ahead.xlsx", TEN, "F14"),
        ("beyond.xlsx", TEN + timedelta(microseconds=1), "F14"),
    ]


def test_a_difference_of_clocks_under_ten_minutes_is_silent(put, look):
    put("692/a.xlsx", TEN + 9 * MINUTE)
    look(TEN)
    put("692/b.xlsx", TEN - 9 * MINUTE)
    assert receipts(look(TEN + QUARTER)) == [
        ("a.xlsx", TEN, None),
        ("b.xlsx", TEN + timedelta(microseconds=1), None),
    ]


def test_the_old_time_of_a_late_copy_is_no_proof(put, look):
    put("692/a.xlsx", NINE)
    look(DEADLINE + QUARTER)
    put("692/second.xlsx", NINE + MINUTE)
    put("692/first.xlsx", NINE)
    new = [each for each in look(DEADLINE + 2 * QUARTER) if each.file_name != "a.xlsx"]
    assert receipts(new) == [  # in the order of their own times
        ("first.xlsx", DEADLINE + QUARTER, "F14"),
        ("second.xlsx", DEADLINE + QUARTER + timedelta(microseconds=1), "F14"),
    ]


def test_a_file_that_took_the_place_of_another_is_one_that_no_look_showed(put, look):
    put("692/a.xlsx", NINE)
    look(DEADLINE + QUARTER)
    put("692/a.xlsx", NINE - MINUTE, b"late, and dated back")
    assert receipts(look(DEADLINE + 2 * QUARTER)) == [("a.xlsx", DEADLINE + QUARTER, "F14")]


def test_within_the_span_the_time_of_storage_decides_so_that_an_outage_makes_no_file_late(put, look):
    put("692/a.xlsx", NINE)
    look(NINE)
    put("692/b.xlsx", DEADLINE - MINUTE)
    put("692/c.xlsx", DEADLINE)
    new = look(DEADLINE + timedelta(days=3))
    assert receipts(new)[1:] == [("b.xlsx", DEADLINE - MINUTE, None), ("c.xlsx", DEADLINE, None)]


@pytest.mark.parametrize("set_to", [OLD, FUTURE])
@pytest.mark.parametrize("due", [DEADLINE, datetime(2024, 2, 29, 17, tzinfo=UTC)], ids=["deadline", "lock"])
def test_where_the_span_alone_decides_whether_it_is_on_time_the_unit_gets_the_earlier_end(put, look, set_to, due):
    put("692/a.xlsx", NINE)
    look(due - MINUTE)
    put("692/b.xlsx", set_to)
    assert receipts(look(due + 14 * MINUTE))[1:] == [("b.xlsx", due - MINUTE, "F15")]


def test_a_file_keeps_its_span_until_it_is_loaded(put, look):
    put("692/a.xlsx", NINE)
    look(TEN)
    put("692/b.xlsx", FUTURE)
    seen = look(TEN + QUARTER)
    assert receipts(look(TEN + timedelta(days=30))) == receipts(seen)


def test_a_folder_is_looked_at_for_itself_and_only_when_it_is_there(put, look):
    put("692/a.xlsx", NINE)
    look(TEN)
    put("691/b.xlsx", OLD)
    assert ("b.xlsx", OLD, None) in receipts(look(TEN + QUARTER))


def test_a_clock_that_went_back_makes_no_file_later_than_now(put, look):
    put("692/a.xlsx", NINE)
    look(FUTURE)
    put("692/b.xlsx", TEN)
    assert ("b.xlsx", TEN, None) in receipts(look(TEN + MINUTE))
    put("692/c.xlsx", OLD)
    assert ("c.xlsx", TEN + MINUTE, "F14") in receipts(look(TEN + QUARTER))


def test_a_clock_that_went_back_before_a_file_was_loaded_makes_it_no_later_than_now(put, look):
    put("692/a.xlsx", NINE)
    look(FUTURE - QUARTER)
    put("692/b.xlsx", OLD)
    put("692/c.xlsx", FUTURE - MINUTE)
    look(FUTURE)
    assert receipts(look(TEN))[1:] == [("a.xlsx", NINE, None), ("c.xlsx", TEN, "F14")]
    assert ("b.xlsx", OLD, None) in receipts(look(TEN))


def test_in_a_warehouse_of_the_example_files_carry_their_times_of_receipt(put, look, connection):
    mark_as_example(connection)
    put("692/a.xlsx", NINE)
    look(TEN)
    put("692/b.xlsx", OLD)
    assert receipts(look(TEN + QUARTER)) == [("b.xlsx", OLD, None), ("a.xlsx", NINE, None)]
