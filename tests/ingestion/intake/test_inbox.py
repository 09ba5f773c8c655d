"""The inbox: what lies there, since when, and what of it is new."""

import os
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest

from ingestion.intake.inbox import InboxFile, list_inbox, new_files, read_file


def put(path: Path, content: bytes, at: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))


NINE, TEN = datetime(2023, 11, 20, 9, tzinfo=UTC), datetime(2023, 11, 20, 10, 30, tzinfo=UTC)


def test_files_are_listed_in_the_order_of_receipt_with_the_folder_of_their_unit(tmp_path):
    put(tmp_path / "692" / "b.xlsx", b"later", TEN)
    put(tmp_path / "union" / "c.xlsx", b"same time", NINE)
    put(tmp_path / "691" / "năm 2023" / "a.xlsx", b"first", NINE)
    put(tmp_path / "lạc.xlsx", b"root", TEN)
    assert list_inbox(str(tmp_path)) == [
        InboxFile("691", "a.xlsx", f"file://{tmp_path}/691/năm 2023/a.xlsx", NINE, 5),
        InboxFile("union", "c.xlsx", f"file://{tmp_path}/union/c.xlsx", NINE, 9),
        InboxFile("692", "b.xlsx", f"file://{tmp_path}/692/b.xlsx", TEN, 5),
        InboxFile("union", "lạc.xlsx", f"file://{tmp_path}/lạc.xlsx", TEN, 4),
    ]


@pytest.mark.parametrize(
    "name", ["~$bc.xlsx", ".DS_Store", "bc.xlsx.tmp", "bc.xlsx.part", "Thumbs.db", ".sync/bc.xlsx"]
)
def test_what_programs_leave_beside_a_file_is_no_file(tmp_path, name):
    put(tmp_path / "692" / name, b"x", NINE)
    assert list_inbox(str(tmp_path)) == []


def test_links_and_devices_are_no_files_of_the_unit_and_are_said(tmp_path, caplog):
    put(tmp_path / "inbox" / "692" / "bc.xlsx", b"content", NINE)
    put(tmp_path / "elsewhere" / "bc.xlsx", b"another's", NINE)
    (tmp_path / "inbox" / "692" / "link.xlsx").symlink_to(tmp_path / "elsewhere" / "bc.xlsx")
    (tmp_path / "inbox" / "692" / "gone.xlsx").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "inbox" / "692" / "pipe.xlsx")
    assert [file.file_name for file in list_inbox(f"file://{tmp_path}/inbox")] == ["bc.xlsx"]
    assert sorted(caplog.messages) == [
        "692/gone.xlsx is a link or a device, and is skipped",
        "692/link.xlsx is a link or a device, and is skipped",
        "692/pipe.xlsx is a link or a device, and is skipped",
    ]


def test_a_file_called_after_a_person_is_read_and_its_name_is_nowhere_kept(tmp_path):
    names = [
        f"{folder}CCCD 070{number}01001234 Trần Thị Ví Dụ.xlsx" for folder in ("", "bà Lê Thị Mẫu/") for number in "13"
    ]
    for name in names:
        put(tmp_path / "692" / name, name.encode(), NINE)
    found = list_inbox(f"file://{tmp_path}")
    assert sorted(read_file(file).content.decode() for file in found) == sorted(names)
    assert {file.file_name for file in found} == {"CCCD … ….xlsx"}
    assert len({file.url for file in found}) == 4
    assert [secret for secret in ("070", "Dụ", "Mẫu") if secret in f"{found}"] == []
    os.remove(tmp_path / "692" / names[0])
    with pytest.raises(FileNotFoundError) as gone:
        [read_file(file) for file in found]
    assert "070" not in str(gone.value)


def test_an_inbox_that_is_not_there_yet_is_empty(tmp_path):
    assert list_inbox(str(tmp_path / "none")) == []


def test_a_file_is_read_with_the_time_of_its_storage(tmp_path):
    put(tmp_path / "692" / "bc.xlsx", b"content", TEN)
    (listed,) = list_inbox(f"file://{tmp_path}")
    file = read_file(listed)
    assert (file.folder, file.file_name, file.received_at, file.content) == ("692", "bc.xlsx", TEN, b"content")


def test_the_inbox_may_be_in_any_storage_of_fsspec():
    storage = fsspec.filesystem("memory")
    storage.pipe("/inbox-of-a-test/692/bc.xlsx", b"content")
    (listed,) = list_inbox("memory://inbox-of-a-test")
    assert (listed.folder, listed.file_name, listed.byte_count) == ("692", "bc.xlsx", 7)
    assert listed.modified_at.tzinfo is UTC
    assert read_file(listed).content == b"content"


def sight(connection, file: InboxFile, verdict: str, reference_sha256: str) -> None:
    """As the writer does: the file was loaded, and this became of it."""
    connection.execute("insert into raw.files values (%s, null, 1)", [file.url])
    connection.execute(
        "insert into raw.received_files (submission_id, sha256, folder, file_name, received_at, receipt_number,"
        " verdict, reference_sha256) values (%s, %s, %s, %s, %s, 'x', %s, %s)",
        [file.url, file.url, file.folder, file.file_name, file.modified_at, verdict, reference_sha256],
    )
    connection.execute(
        "insert into raw.inbox_sightings values (%s, %s, %s, %s)",
        [file.url, file.modified_at, file.byte_count, file.url],
    )


def test_a_file_is_new_until_it_was_loaded_as_it_lies_there_now(tmp_path, connection):
    put(tmp_path / "692" / "a.xlsx", b"a", NINE)
    put(tmp_path / "692" / "b.xlsx", b"b", TEN)
    first, second = list_inbox(str(tmp_path))
    assert new_files(connection, [first, second], "r1") == [first, second]
    sight(connection, first, "accepted", "r0")
    assert new_files(connection, [first, second], "r1") == [second]
    put(tmp_path / "692" / "a.xlsx", b"a", TEN)
    assert [file.file_name for file in new_files(connection, list_inbox(str(tmp_path)), "r1")] == ["a.xlsx", "b.xlsx"]


def test_a_rejected_file_is_new_again_when_the_reference_data_changed(tmp_path, connection):
    put(tmp_path / "692" / "a.xlsx", b"a", NINE)
    (file,) = list_inbox(str(tmp_path))
    sight(connection, file, "rejected", "r1")
    assert new_files(connection, [file], "r1") == []
    assert new_files(connection, [file], "r2") == [file]


def test_nothing_in_the_inbox_is_nothing_new(connection):
    assert new_files(connection, [], "r1") == []


def test_a_name_that_means_something_in_a_url_is_a_name(tmp_path):
    put(tmp_path / "692" / "BC::final #1?.xlsx", b"content", TEN)
    (listed,) = list_inbox(str(tmp_path))
    assert read_file(listed).content == b"content"


def test_a_name_whose_bytes_are_no_text_can_be_kept_and_opened(tmp_path):
    put(tmp_path / "692" / os.fsdecode(b"b\xe1o c\xe1o.xlsx"), b"content", TEN)
    (listed,) = list_inbox(str(tmp_path))
    assert listed.file_name == "b�o c�o.xlsx"
    assert listed.url.isascii()
    assert read_file(listed).content == b"content"


def test_a_deleted_file_raises_an_os_error(tmp_path):
    put(tmp_path / "692" / "a.xlsx", b"a", TEN)
    (listed,) = list_inbox(str(tmp_path))
    (tmp_path / "692" / "a.xlsx").unlink()
    with pytest.raises(FileNotFoundError):
        read_file(listed)
