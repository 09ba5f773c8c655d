"""How many of the persons planted into clean workbooks are found, and that nothing else is taken for one."""

import pytest

from htx import steps
from htx.example.folder import clean_workbook, make_example
from htx.example.seeds import read_seeds
from ingestion.workbook.received_file import ReceivedFile
from tests.dirt.persons import HARMLESS, PLANTED, SECRETS, saved
from tests.ingestion.filled_in import RECEIVED_AT
from warehouse.reference.reference_data import SEEDS, read_reference


@pytest.fixture(scope="module")
def reviewed():
    """Name of what was planted, or of what is harmless -> the reviewed file of a district."""
    reference = read_reference(SEEDS)
    report = next(each for each in make_example(read_seeds(), 1).reports if each.sheets.get("02_THT") and each.accepted)
    clean = clean_workbook(reference, report)
    contents = {name: plant(clean) for name, plant in PLANTED.items()}
    contents |= {name: saved(clean, edit) for name, edit in HARMLESS.items()}
    files = [ReceivedFile(report.folder, "bc.xlsx", RECEIVED_AT, content) for content in contents.values()]
    return dict(zip(contents, steps.review(files, reference), strict=True))


def test_every_planted_person_is_found_and_the_bytes_are_not_kept(reviewed):
    found = {name for name in PLANTED if _has_persons(reviewed[name])}
    assert sorted(PLANTED.keys() - found) == []


def test_nothing_else_is_taken_for_a_person(reviewed):
    assert [name for name in HARMLESS if _has_persons(reviewed[name])] == []


def test_no_answer_repeats_what_was_found(reviewed):
    answers = " ".join(str(each.findings) for name, each in reviewed.items() if name in PLANTED)
    assert [secret for secret in SECRETS if secret in answers] == []


def _has_persons(reviewed) -> bool:
    rejection = reviewed.rejection
    return rejection is not None and rejection.rule_code == "F11" and not rejection.keep_content
