"""Parsing the files of a batch in the sandbox."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.form.submission import Submission, read_submission
from ingestion.intake.inbox import list_inbox, plain_name, read_file
from ingestion.sandbox.parallel_parse import parse_all
from ingestion.workbook.limits import LIMITS
from ingestion.workbook.rejected_file import RejectedFile
from tests.ingestion.workbook import hostile


def test_reading_in_workers_gives_what_reading_here_gives(reference, received, filled_form):
    file = received(filled_form())
    (read,) = parse_all([file], reference)
    here = read_submission(file, reference)
    assert vars(read) == vars(here)
    assert read.file is file
    assert read.form is reference.forms["2023.1"]


def test_a_rejected_file_comes_with_all_that_its_answer_needs(reference, received, filled_form):
    file = received(filled_form(), folder="688")
    (read,) = parse_all([file], reference)
    with pytest.raises(RejectedFile) as here:
        read_submission(file, reference)
    assert vars(read) == vars(here.value)
    assert (read.rule_code, read.cover["reporting_unit_code"]) == ("F12", "692")


@pytest.fixture(scope="module")
def read_beside_neighbours(reference):
    """Every hostile file, read in one batch, each between two clean ones: {name: what came of it}, clean, seconds."""
    from ingestion.template.form_workbook import write_workbook
    from ingestion.workbook.received_file import ReceivedFile
    from tests.ingestion.filled_in import COOPERATIVE, COVER, GROUP, RECEIVED_AT

    rows = {"01_HTX": [COOPERATIVE], "02_THT": [GROUP]}
    form = write_workbook(reference.form_for(2023), reference, COVER, rows, reference.roster[2023, "692"])
    makers = [*hostile.REASONS, *hostile.HARMLESS]
    contents = [each for make in makers for each in (form, make())] + [form]
    files = [ReceivedFile("692", "bc.xlsx", RECEIVED_AT, content) for content in contents]
    began = time.monotonic()
    read = parse_all(files, reference)
    seconds = time.monotonic() - began
    return {make.__name__: each for make, each in zip(makers, read[1::2], strict=True)}, read[::2], seconds


@pytest.mark.parametrize(("make", "reason"), [(make.__name__, reason) for make, reason in hostile.REASONS.items()])
def test_a_hostile_file_is_rejected_by_name_with_a_sentence(read_beside_neighbours, make, reason):
    rejection = read_beside_neighbours[0][make]
    assert isinstance(rejection, RejectedFile)
    assert (rejection.rule_code, rejection.details["reason"]) == ("F01", reason)
    assert rejection.details["reason_vi"].endswith("rồi gửi lại.")


@pytest.mark.parametrize("make", [make.__name__ for make in hostile.HARMLESS])
def test_a_file_that_only_looks_hostile_is_parsed_like_any_other(read_beside_neighbours, make):
    rejection = read_beside_neighbours[0][make]
    assert (rejection.rule_code, rejection.details["reason"]) == ("F02", "cover")


def test_the_neighbours_of_hostile_files_are_read(read_beside_neighbours):
    _, neighbours, seconds = read_beside_neighbours
    assert {type(each) for each in neighbours} == {Submission}
    assert {each.cover["reporting_unit_code"] for each in neighbours} == {"692"}
    assert seconds < 60


def test_parts_of_a_workbook_are_never_unpacked(read_beside_neighbours):
    assert not Path("/tmp/htx-was-here").exists()


def test_a_form_with_too_many_rows_is_not_taken(reference, received, filled_form):
    few = replace(LIMITS, rows=1)
    (read,) = parse_all([received(filled_form())], reference, few)
    assert (read.details["reason"], read.details["limit"]) == ("too_many_rows", "1")


def test_cells_with_too_much_text_are_not_taken(reference, received, filled_form):
    (read,) = parse_all([received(filled_form())], reference, replace(LIMITS, characters=1_000))
    assert (read.details["reason"], read.details["limit"]) == ("too_much_text", "1.000")


def test_a_file_that_takes_too_long_is_rejected_and_the_next_one_read(reference, received, filled_form):
    cells = "".join(f'<c t="str"><v>{number}</v></c>' for number in range(900))
    rows = "".join(f"<row>{cells}</row>" for _ in range(2_100))
    slow = hostile.with_part(hostile.workbook(), hostile.SHEET_1, hostile.sheet(rows))
    read = parse_all([received(slow), received(filled_form())], reference, replace(LIMITS, seconds=1))
    assert (read[0].rule_code, read[0].details["reason"]) == ("F01", "too_costly")
    assert isinstance(read[1], Submission)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("BC (1) final.xlsx", "BC (1) final.xlsx"),
        ("Báo cáo\n2023 ERROR all is lost.xlsx", "Báo cáo 2023 ERROR all is lost.xlsx"),
        ("\x1b[2Jbc.xlsx", "�[2Jbc.xlsx"),
        ("\u202excod.xlsx", "�xcod.xlsx"),
    ],
)
def test_names_of_files_steer_neither_log_nor_terminal(name, shown):
    assert plain_name(name) == shown


def test_a_file_whose_name_is_no_text_is_received_like_any_other(tmp_path, connection, reference):
    from ingestion.intake.looks import new_files

    folder = tmp_path / "inbox" / "692"
    folder.mkdir(parents=True)
    Path(str(folder).encode().decode() + "/b\udce1o c\udce1o\nc\u1ee7a t\u00f4i.xlsx").write_bytes(b"x")
    inbox = list_inbox(f"file://{tmp_path / 'inbox'}")
    (found,) = inbox.files
    assert found.file_name == "b�o c�o của tôi.xlsx"
    assert read_file(found).content == b"x"
    assert new_files(connection, inbox, reference, datetime.now(UTC)) == [found]
