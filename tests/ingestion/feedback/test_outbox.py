"""The outbox: the answer to each file by unit and receipt number."""

import pytest

from ingestion.feedback.annotated_workbook import AnnotatedWorkbook
from ingestion.feedback.outbox import path_of, put
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import read_submission
from ingestion.workbook.rejected_file import RejectedFile


@pytest.fixture
def reviewed(reference, received, filled_form):
    def read(folder="692"):
        file = received(filled_form(), folder=folder)
        return ReviewedFile(file, read_submission(file, reference), None, [], "accepted")

    return read


def rejected(file, **cover) -> ReviewedFile:
    return ReviewedFile(file, None, RejectedFile("F02", cover=cover), [], "rejected")


def test_an_answer_lies_in_the_folder_of_its_unit_under_the_number_of_its_receipt(reviewed, reference, tmp_path):
    file = reviewed()
    path = put(f"file://{tmp_path}/outbox", file, AnnotatedWorkbook(b"copy", "xlsx"), reference)
    assert path == f"692/{file.receipt_number}.xlsx"
    assert (tmp_path / "outbox" / path).read_bytes() == b"copy"


def test_the_same_file_answered_again_takes_the_same_place(reviewed, reference, tmp_path):
    for content in (b"first", b"second"):
        path = put(f"file://{tmp_path}", reviewed(), AnnotatedWorkbook(content, "xlsx"), reference)
    assert [each.name for each in (tmp_path / "692").iterdir()] == [path.removeprefix("692/")]
    assert (tmp_path / path).read_bytes() == b"second"


def test_any_storage_will_do(reviewed, reference):
    import fsspec

    path = put("memory://outbox", reviewed(), AnnotatedWorkbook(b"copy", "xlsm"), reference)
    assert fsspec.open(f"memory://outbox/{path}").open().read() == b"copy"


def test_what_came_from_the_desk_goes_to_the_unit_that_its_cover_names(reviewed, reference):
    assert path_of(reviewed("union"), "xlsx", reference).startswith("692/2023-692-")


def test_a_file_that_names_no_unit_is_answered_to_the_desk(reference, received):
    file = received(b"x", folder="union")
    assert path_of(rejected(file), "xlsx", reference) == f"union/KXD-{file.submission_id[:6].upper()}.xlsx"


def test_a_cover_cannot_lead_out_of_the_outbox(reference, received):
    file = received(b"x", folder="union")
    path = path_of(rejected(file, reporting_unit_code="../../etc", report_year="2023"), "xlsx", reference)
    assert path == f"union/2023-_etc-{file.submission_id[:6].upper()}.xlsx"
    assert path_of(rejected(received(b"x", folder="../up")), "xlsx", reference).startswith("_up/KXD-")
