"""A folder of open data: its readers never see half an export."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from htx.open_data.files import write_csv
from htx.open_data.storage import READ_FOR, ExportRefused, OpenDataFolder
from htx.open_data.tables import Column, Table, Words

A, B, C = "data-aaaaaaaaaaaa", "data-bbbbbbbbbbbb", "data-cccccccccccc"


def put(folder: Path, data: str, *, publish: bool = True) -> OpenDataFolder:
    opened, file = OpenDataFolder.at(str(folder)), folder.parent / "table.csv"
    file.write_text(data)
    opened.put(file, f"{data}/table.csv")
    if publish:
        opened.publish({"name": "n", "resources": [{"path": f"{data}/table.csv"}]})
    return opened


def age(folder: Path) -> None:
    """Let everything in a folder be older than its readers."""
    for path in folder.rglob("*"):
        then = path.stat().st_mtime - (READ_FOR + timedelta(minutes=1)).total_seconds()
        os.utime(path, (then, then))


def test_an_export_that_was_killed_before_its_end_leaves_the_one_before(tmp_path):
    folder = tmp_path / "open"
    put(folder, A)
    opened = put(folder, B, publish=False)
    assert opened.package() == {"name": "n", "resources": [{"path": f"{A}/table.csv"}]}
    assert (folder / A / "table.csv").read_text() == A


def test_who_read_the_package_before_the_last_export_finds_its_files_for_half_a_day(tmp_path):
    folder = tmp_path / "open"
    put(folder, A)
    put(folder, B)
    put(folder, B)
    assert sorted(path.name for path in folder.iterdir()) == [A, B, "datapackage.json"]
    age(folder)
    put(folder, C, publish=False)  # somebody else's, which is being written
    put(folder, B)
    assert sorted(path.name for path in folder.iterdir()) == [B, C, "datapackage.json"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "datapackage.json").write_text("[]")
    with pytest.raises(ExportRefused, match="is no data package: use another folder"):
        OpenDataFolder.at(str(tmp_path)).package()


def test_no_text_becomes_a_formula_in_a_spreadsheet(tmp_path):
    table = Table("bi", "t", Words("", ""), (Column("name", "text", Words("", "")),), ("name",))
    cells = ["=1+1", "@SUM(A1)", "-5", "-12,4", "=", ">=", "-", "- Hỗ trợ", "Lộc Ninh", None]
    write_csv(tmp_path / "t.csv", table, [(each,) for each in cells])
    written = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written == ["name", "'=1+1", "'@SUM(A1)", "-5", '"-12,4"', "=", ">=", "-", "'- Hỗ trợ", "Lộc Ninh", '""']
