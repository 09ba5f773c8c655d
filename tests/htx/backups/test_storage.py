"""Folders of backups: damage is named, and only what is whole counts as a backup."""

import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pytest

from htx.backups import storage
from htx.backups.backup import check, growth
from htx.backups.retention import Retention

DAY = datetime(2026, 3, 2, 19, tzinfo=UTC)


def written(url: str, at: datetime, content: bytes = b"a dump") -> storage.Backup:
    backup = storage.new(url, at)
    backup.complete({"made_at": at.isoformat(), **backup.write_dump(BytesIO(content))})
    return backup


@pytest.fixture(params=["file", "memory"])
def url(request, tmp_path) -> str:
    return f"file://{tmp_path}/backups" if request.param == "file" else f"memory://{tmp_path}/backups"


def test_what_was_written_is_found_and_whole(url):
    written(url, DAY)
    assert storage.find(url).name == "warehouse-20260302T190000Z"
    assert storage.find(url).manifest["dump_bytes"] == 6
    assert check(url) == [("warehouse-20260302T190000Z", None)]


@pytest.mark.parametrize("name", ["warehouse.dump", "manifest.json"])
def test_a_backup_with_one_other_byte_is_named(url, name):
    written(url, DAY)
    backup = written(url, DAY.replace(day=3))
    content = bytearray(backup.storage.cat_file(backup.path(name)))
    content[3] ^= 1
    backup.storage.pipe_file(backup.path(name), bytes(content))
    (first, whole), (second, damaged) = check(url)
    assert (first, whole, second) == ("warehouse-20260302T190000Z", None, "warehouse-20260303T190000Z")
    assert damaged.endswith(
        f"/{second}/{name} is damaged or missing: its sha256 is not in SHA256SUMS. Use another backup."
    )


def test_a_backup_without_its_dump_is_named(url):
    backup = written(url, DAY)
    backup.storage.rm(backup.path("warehouse.dump"))
    [(_, wrong)] = check(url)
    assert "warehouse.dump is damaged or missing" in wrong


def test_sha256sum_reads_the_sums(tmp_path):
    written(str(tmp_path), DAY)
    folder = tmp_path / "warehouse-20260302T190000Z"
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert done.stdout == "warehouse.dump: OK\nmanifest.json: OK\n"


def test_an_interrupted_backup_is_none(url):
    storage.new(url, DAY).write_dump(BytesIO(b"half"))
    assert storage.backups(url) == []
    with pytest.raises(storage.BackupDamaged, match="There is no backup in"):
        storage.find(url)


def test_what_is_not_kept_is_deleted_and_what_an_interrupted_one_left(url):
    for day in (1, 2, 3, 4):
        written(url, DAY.replace(day=day))
    for day, hour in ((2, 3), (4, 18)):
        storage.new(url, DAY.replace(day=day, hour=hour)).write_dump(BytesIO(b"half"))
    assert storage.prune(url, Retention(2, 0, 0)) == [
        "warehouse-20260301T190000Z",
        "warehouse-20260302T030000Z",  # an interrupted one; that of the last day may still be written
        "warehouse-20260302T190000Z",
    ]
    assert [each.name for each in storage.backups(url)] == ["warehouse-20260303T190000Z", "warehouse-20260304T190000Z"]


def test_other_folders_are_left_alone(url):
    backup = written(url, DAY)
    other = backup.folder.rpartition("/")[0] + "/letters"
    backup.storage.makedirs(other)
    backup.storage.pipe_file(f"{other}/a.txt", b"a")
    assert storage.prune(url, Retention(0, 0, 0)) == []
    assert backup.storage.exists(f"{other}/a.txt")


def test_growth_is_by_the_year_and_unknown_for_less_than_four_weeks():
    first = {"made_at": "2026-01-01T19:00:00+00:00", "raw_bytes": 10_000_000}
    in_march = {"made_at": "2026-03-15T19:00:00+00:00", "raw_bytes": 11_000_000}
    in_a_week = {"made_at": "2026-01-08T19:00:00+00:00", "raw_bytes": 11_000_000}
    assert growth([first, in_march]) == 5_000_000
    assert growth([first, in_a_week]) is None
    assert growth([first]) is None
