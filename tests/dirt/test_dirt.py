"""The dirty example province as a folder: its files, the truth beside them, the command line."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from htx.cli import main
from htx.example import write_example
from htx.example.dirt import CLASSES, soil
from htx.example.folder import clean_workbook, make_reports
from htx.example.organisations.province import make_province
from htx.example.registry import make_snapshots
from htx.example.seeds import SEEDS_FOLDER, read_seeds
from warehouse.reference.catalogue import read_reference


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def values(path: Path) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "clean"
    write_example(folder, seed=1)
    return folder


@pytest.fixture(scope="module")
def dirty(tmp_path_factory) -> Path:
    """With two classes of dirt that stay in their cells, and one that spoils files, in a tenth of the files."""
    folder = tmp_path_factory.mktemp("example") / "dirty"
    asked = [part for name in ("number_text", "full_width", "truncated") for part in ("--dirt", name)]
    said = CliRunner().invoke(main, ["example", str(folder), *asked, "--dirt-rate", "0.1"])
    assert (said.exit_code, said.output) == (0, f"{folder}\n")
    return folder


def test_dirt_csv_says_where_each_piece_lies_and_what_must_come_of_it(dirty):
    lines = read_csv(dirty / "answer_key" / "dirt.csv")
    assert set(Counter(line["dirt_class"] for line in lines)) == {"number_text", "full_width", "truncated"}
    outcomes = {(line["dirt_class"], line["outcome"], line["expected_findings"], line["verdict"]) for line in lines}
    assert outcomes == {
        ("number_text", "read", "", "accepted"),
        ("full_width", "found", "V07 query", "accepted"),
        ("truncated", "rejected", "F01 error", "rejected"),
    }  # fmt: skip


def test_only_the_cells_of_dirt_csv_differ_from_the_clean_province(clean, dirty):
    lines = read_csv(dirty / "answer_key" / "dirt.csv")
    soiled = {line["path"] for line in lines}
    assert len(soiled) == 10
    before, after = digests(clean), digests(dirty)
    changed = {path for path in before if path.startswith("inbox/") and before[path] != after[path]}
    assert changed == soiled
    assert sorted(path for path in before if path.startswith("registry") and before[path] != after[path]) == []
    for path in sorted({line["path"] for line in lines if line["dirt_class"] != "truncated"}):
        old, new = values(clean / path), values(dirty / path)
        cells = {(line["sheet_code"], line["cell"]) for line in lines if line["path"] == path}
        assert {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)} == cells


def test_what_is_rejected_for_its_dirt_counts_for_nothing(dirty):
    rejected = {line["path"] for line in read_csv(dirty / "answer_key" / "dirt.csv") if line["verdict"] == "rejected"}
    statuses = {line["path"]: line["status"] for line in read_csv(dirty / "answer_key" / "submissions.csv")}
    assert {statuses[path] for path in rejected} == {"rejected"}
    expected = {line["path"]: line["expected_verdict"] for line in read_csv(dirty / "deliveries.csv")}
    assert {expected[path] for path in rejected} == {"rejected"}


def test_the_same_seed_and_dirt_give_the_same_bytes():
    reference, seeds = read_reference(SEEDS_FOLDER), read_seeds()
    province = make_province(seeds, 2)
    reports, _ = make_reports(seeds, 2, province, make_snapshots(seeds, province))
    once, again = (
        soil(seeds, 2, reports, lambda report: clean_workbook(reference, report), list(CLASSES), 0.08) for _ in range(2)
    )
    assert once == again


def test_the_help_lists_every_class_of_dirt():
    shown = CliRunner().invoke(main, ["example", "--help"])
    assert shown.exit_code == 0
    assert [name for name in CLASSES if name not in shown.output] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--dirt", "mud"], "There is no dirt called mud"),
        (["--dirt-rate", "0.3"], "--dirt-rate needs --dirt"),
        (["--dirt", "all", "--dirt-rate", "30"], "0<=x<=1"),
    ],
)
def test_dirt_that_there_is_not_is_wrong_use(tmp_path, arguments, words):
    said = CliRunner().invoke(main, ["example", str(tmp_path / "province"), *arguments])
    assert said.exit_code == 2
    assert words in said.output
    assert list(tmp_path.iterdir()) == []
