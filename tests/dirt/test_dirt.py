"""Dirt lies where it is said to lie, and nowhere else."""

import io

import openpyxl
import pytest

from htx.example.folder import clean_workbook, make_example
from htx.example.seeds import SEEDS_FOLDER, read_seeds
from tests.dirt.dealing import CLASSES, add_dirt
from warehouse.reference.reference_data import read_reference

SEEDS, REFERENCE = read_seeds(), read_reference(SEEDS_FOLDER)


def clean(report) -> bytes:
    return clean_workbook(REFERENCE, report)


def values(content: bytes) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.fixture(scope="module")
def reports():
    return {report.path: report for report in make_example(SEEDS, 1).reports}


@pytest.fixture(scope="module")
def dirtied(reports):
    """With two classes of dirt that stay in their cells, and one that spoils files, in a tenth of the files."""
    return add_dirt(SEEDS, 1, list(reports.values()), clean, ["number_text", "full_width", "truncated"], 0.1)


def test_each_case_of_dirt_has_its_outcome_and_the_rules_that_must_name_it(dirtied):
    assert {(dirt.dirt_class, dirt.outcome, dirt.rules) for dirt in dirtied.truth} == {
        ("number_text", "read", ()),
        ("full_width", "found", ("V07",)),
        ("truncated", "rejected", ("F01",)),
    }
    assert dirtied.rejected == {dirt.path for dirt in dirtied.truth if dirt.dirt_class == "truncated"}


def test_only_the_dirty_cells_differ_from_the_clean_workbook(reports, dirtied):
    assert len(dirtied.contents) == 10
    assert dirtied.contents.keys() == {dirt.path for dirt in dirtied.truth}
    for path in sorted(dirtied.contents.keys() - dirtied.rejected):
        old, new = values(clean(reports[path])), values(dirtied.contents[path])
        cells = {(dirt.sheet_code, dirt.cell) for dirt in dirtied.truth if dirt.path == path}
        assert {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)} == cells


def test_the_same_seed_and_dirt_give_the_same_bytes():
    example = make_example(SEEDS, 2)
    once, again = (add_dirt(SEEDS, 2, example.reports, clean, list(CLASSES), 0.08) for _ in range(2))
    assert once == again
