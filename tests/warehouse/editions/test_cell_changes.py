"""Cells that differ from those in force before, in files loaded one after the other."""

import pytest

from htx import steps
from tests.life import NUMBERS, UNIT, YEAR, cooperative, course, received, workbook
from warehouse.connection import connect
from warehouse.editions.cell_changes import cells_changed
from warehouse.reference.reference_data import SEEDS, read_reference

FIRST = {"01_HTX": [cooperative(NUMBERS[0]), cooperative(NUMBERS[1])], "04_DAO_TAO": [course("L-01", 20)]}


@pytest.fixture
def send(warehouse_url):
    """A function that loads a file, later than those before it, and gives its submission_id."""
    reference, hours = read_reference(SEEDS), iter(range(100))

    def sent(sheets: dict, submission_kind: str = "first") -> str:
        content = workbook(reference, sheets, {"submission_kind": submission_kind})
        hour = next(hours)
        [loaded] = steps.load_files(warehouse_url, [received(content, hour, name=f"bc {hour}.xlsx")])
        assert loaded.verdict == "accepted", [each.message_vi for each in loaded.findings]
        return loaded.file.submission_id

    return sent


@pytest.fixture
def changed(warehouse_url):
    """A function that gives what new files changed: (sheet, row, field, cell, old, new)."""

    def found(new: list[str], old: list[str]) -> list[tuple]:
        with connect(warehouse_url) as connection:
            changes = cells_changed(connection, new, old)
        assert {(each.reporting_unit_code, each.report_year) for each in changes} <= {(UNIT, YEAR)}
        return [
            (each.submission_id, each.sheet_code, each.row_number, each.field_code, each.cell, each.old_value,
             each.new_value)
            for each in changes
        ]  # fmt: skip

    return found


def test_a_corrected_cell_is_listed_with_the_earlier_value_of_its_key(send, changed):
    first = send(FIRST)
    # the second row of the first file, on the first line of the correction
    correction = send({"01_HTX": [cooperative(NUMBERS[1], members=35)]}, "partial_correction")
    assert changed([correction], [first]) == [(correction, "01_HTX", 3, "members", "I3", "30", "35")]


def test_of_a_row_corrected_twice_the_last_counts_against_what_counted_before_both(send, changed):
    first = send(FIRST)
    send_again = [
        send({"01_HTX": [cooperative(NUMBERS[0], members=members)]}, "partial_correction") for members in (31, 32)
    ]
    last = send_again[1]
    assert changed(send_again, [first]) == [(last, "01_HTX", 3, "members", "I3", "30", "32")]
    assert changed([last], [first, send_again[0]]) == [(last, "01_HTX", 3, "members", "I3", "31", "32")]


def test_a_whole_file_tells_its_new_rows_and_those_that_it_left_out(send, changed):
    first = send(FIRST)
    whole = send({"01_HTX": FIRST["01_HTX"], "04_DAO_TAO": [course("L-02", 25)]}, "full_replacement")
    found = changed([whole], [first])
    assert {(sheet, row) for _, sheet, row, *_ in found} == {("04_DAO_TAO", 3), ("04_DAO_TAO", None)}
    assert found[0] == (whole, "04_DAO_TAO", 3, "course_code", "A3", None, "L-02")
    assert (whole, "04_DAO_TAO", 3, "people", "G3", None, "25") in found
    assert (whole, "04_DAO_TAO", None, "people", None, "20", None) in found


def test_a_first_file_is_all_new_and_no_file_changes_nothing(send, changed):
    first = send({"04_DAO_TAO": [course("L-01", 20)]})
    found = changed([first], [])
    assert {old for *_, old, _ in found} == {None}
    assert changed([], [first]) == []
