"""The inbox: what lies there, and reading it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem

from ingestion.intake.inbox import InboxFile, list_inbox, read_file, time_of


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
    found = list_inbox(str(tmp_path))
    assert found.files == [
        InboxFile("691", "a.xlsx", f"file://{tmp_path}/691/năm 2023/a.xlsx", NINE, 5, NINE),
        InboxFile("union", "c.xlsx", f"file://{tmp_path}/union/c.xlsx", NINE, 9, NINE),
        InboxFile("692", "b.xlsx", f"file://{tmp_path}/692/b.xlsx", TEN, 5, TEN),
        InboxFile("union", "lạc.xlsx", f"file://{tmp_path}/lạc.xlsx", TEN, 4, TEN),
    ]
    assert [found.folder_of(each).removeprefix(f"file://{tmp_path}") for each in found.files] == [
        "/691", "/union", "/692", "",
    ]  # fmt: skip
    assert sorted(found.folders) == [f"file://{tmp_path}{folder}" for folder in ("", "/691", "/692", "/union")]


def test_a_time_beyond_all_calendars_is_the_last_one(tmp_path, monkeypatch):
    put(tmp_path / "692" / "a.xlsx", b"a", NINE)
    os.utime(tmp_path / "692" / "a.xlsx", (2**33, 2**33))  # the furthest that this file system keeps, or nearer
    (file,) = list_inbox(str(tmp_path)).files
    assert file.modified_at.year >= 2200
    assert time_of(253402300799 + 86400 * 366) == datetime(9999, 12, 30, tzinfo=UTC)


def test_a_time_before_all_calendars_is_the_first_one():
    assert time_of(-(10**12)) == datetime(1, 1, 2, tzinfo=UTC)


def test_a_folder_that_cannot_be_read_holds_up_no_other_and_was_not_looked_at(tmp_path, caplog):
    """Root reads any folder: here a storage says that it cannot."""
    put(tmp_path / "691" / "a.xlsx", b"a", NINE)
    put(tmp_path / "692" / "deep" / "b.xlsx", b"b", NINE)
    put(tmp_path / "692" / "c.xlsx", b"c", NINE)
    found = list_inbox(f"withholding://{tmp_path}")
    assert [file.file_name for file in found.files] == ["a.xlsx", "c.xlsx"]
    assert [folder.rpartition("/")[2] for folder in found.folders] == [tmp_path.name, "691"]
    assert caplog.messages[0].startswith("the folder 692 of the inbox cannot be read to its end: ")


class Withholding(LocalFileSystem):
    """Folders called `deep` cannot be listed."""

    protocol = "withholding"

    def ls(self, path, detail=False, **options):
        if path.endswith("/deep"):
            raise PermissionError(path)
        return super().ls(path, detail, **options)


fsspec.register_implementation("withholding", Withholding, clobber=True)


def test_a_file_that_grows_or_is_replaced_after_it_was_listed_is_left_for_the_next_look(tmp_path):
    put(tmp_path / "692" / "a.xlsx", b"half", NINE)
    put(tmp_path / "692" / "b.xlsx", b"first", NINE)
    growing, replaced = list_inbox(str(tmp_path)).files
    put(tmp_path / "692" / "a.xlsx", b"half and half", NINE)
    put(tmp_path / "new", b"other", TEN)
    os.replace(tmp_path / "new", tmp_path / "692" / "b.xlsx")
    for file in (growing, replaced):
        with pytest.raises(OSError, match="it was changed since it was listed"):
            read_file(file)
    assert [read_file(file).content for file in list_inbox(str(tmp_path)).files] == [b"half and half", b"other"]


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_file_that_becomes_a_pipe_or_a_link_after_it_was_listed_is_not_opened(tmp_path, kind):
    path, secret = tmp_path / "inbox" / "692" / "a.xlsx", tmp_path / "secret"
    put(path, b"listed", NINE)
    put(secret, b"others", NINE)
    (file,) = list_inbox(str(tmp_path / "inbox")).files
    path.unlink()
    os.mkfifo(path) if kind == "pipe" else path.symlink_to(secret)
    os.utime(path, (NINE.timestamp(),) * 2, follow_symlinks=False)
    with pytest.raises(OSError, match="it was changed since it was listed"):
        read_file(file)


@pytest.mark.parametrize(
    "name", ["~$bc.xlsx", ".DS_Store", "bc.xlsx.tmp", "bc.xlsx.part", "Thumbs.db", ".sync/bc.xlsx"]
)
def test_what_programs_leave_beside_a_file_is_no_file(tmp_path, name):
    put(tmp_path / "692" / name, b"x", NINE)
    assert list_inbox(str(tmp_path)).files == []


def test_links_and_devices_are_no_files_of_the_unit_and_are_said(tmp_path, caplog):
    put(tmp_path / "inbox" / "692" / "bc.xlsx", b"content", NINE)
    put(tmp_path / "elsewhere" / "bc.xlsx", b"another's", NINE)
    (tmp_path / "inbox" / "692" / "link.xlsx").symlink_to(tmp_path / "elsewhere" / "bc.xlsx")
    (tmp_path / "inbox" / "692" / "gone.xlsx").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "inbox" / "692" / "pipe.xlsx")
    assert [file.file_name for file in list_inbox(f"file://{tmp_path}/inbox").files] == ["bc.xlsx"]
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
    found = list_inbox(f"file://{tmp_path}").files
    assert sorted(read_file(file).content.decode() for file in found) == sorted(names)
    assert {file.file_name for file in found} == {"CCCD … ….xlsx"}
    assert len({file.url for file in found}) == 4
    assert [secret for secret in ("070", "Dụ", "Mẫu") if secret in f"{found}"] == []
    os.remove(tmp_path / "692" / names[0])
    with pytest.raises(FileNotFoundError) as gone:
        [read_file(file) for file in found]
    assert "070" not in str(gone.value)


def test_files_of_one_name_in_folders_called_after_persons_are_distinguished(tmp_path):
    for name in ("Trần Thị Ví Dụ", "Lê Thị Mẫu"):
        put(tmp_path / "union" / f"bà {name}" / "bc.xlsx", name.encode(), NINE)
    found = list_inbox(f"file://{tmp_path}").files
    assert len({file.url for file in found}) == 2
    assert sorted(read_file(file).content.decode() for file in found) == ["Lê Thị Mẫu", "Trần Thị Ví Dụ"]


def test_thousands_of_files_called_after_persons_are_searched_for_once(tmp_path, monkeypatch):
    for number in range(2_000):
        put(tmp_path / "692" / f"CCCD 07019000{number:04}.xlsx", b"%d" % number, NINE + timedelta(seconds=number))
    found = list_inbox(f"file://{tmp_path}").files
    searches = []
    find = LocalFileSystem.find
    monkeypatch.setattr(LocalFileSystem, "find", lambda *where, **how: searches.append(where) or find(*where, **how))
    searched = {}
    for file in found[:500]:
        read_file(file, searched)
    assert len(searches) == 1


def test_an_inbox_that_is_not_there_yet_is_empty(tmp_path):
    found = list_inbox(str(tmp_path / "none"))
    assert (found.files, found.folders) == ([], [])


def test_a_file_is_read_with_the_time_of_its_storage(tmp_path):
    put(tmp_path / "692" / "bc.xlsx", b"content", TEN)
    (listed,) = list_inbox(f"file://{tmp_path}").files
    file = read_file(listed)
    assert (file.folder, file.file_name, file.received_at, file.content) == ("692", "bc.xlsx", TEN, b"content")


def test_the_inbox_may_be_in_any_storage_of_fsspec():
    storage = fsspec.filesystem("memory")
    storage.pipe("/inbox-of-a-test/692/bc.xlsx", b"content")
    (listed,) = list_inbox("memory://inbox-of-a-test").files
    assert (listed.folder, listed.file_name, listed.byte_count) == ("692", "bc.xlsx", 7)
    assert listed.modified_at.tzinfo is UTC
    assert read_file(listed).content == b"content"


def test_a_name_that_means_something_in_a_url_is_a_name(tmp_path):
    put(tmp_path / "692" / "BC::final #1?.xlsx", b"content", TEN)
    (listed,) = list_inbox(str(tmp_path)).files
    assert read_file(listed).content == b"content"


def test_a_name_whose_bytes_are_no_text_can_be_kept_and_opened(tmp_path):
    put(tmp_path / "692" / os.fsdecode(b"b\xe1o c\xe1o.xlsx"), b"content", TEN)
    (listed,) = list_inbox(str(tmp_path)).files
    assert listed.file_name == "b�o c�o.xlsx"
    assert listed.url.isascii()
    assert read_file(listed).content == b"content"


def test_a_deleted_file_raises_an_os_error(tmp_path):
    put(tmp_path / "692" / "a.xlsx", b"a", TEN)
    (listed,) = list_inbox(str(tmp_path)).files
    (tmp_path / "692" / "a.xlsx").unlink()
    with pytest.raises(FileNotFoundError):
        read_file(listed)
