"""How many of the persons planted into clean workbooks are found, and that nothing else is taken for one.

A soak plants them all into a file of each of five provinces, and prints how many were found; the usual run plants into
one file, and few of those in cells, which tests/ingestion/form/test_personal_data.py has all.
"""

import pytest

from htx import steps
from htx.example.folder import clean_workbook, make_example
from htx.example.seeds import read_seeds
from ingestion.workbook.received_file import ReceivedFile
from tests.dirt.persons import HARMLESS, IN_CELLS, PLANTED, SECRETS, saved
from tests.ingestion.filled_in import RECEIVED_AT
from warehouse.reference.reference_data import SEEDS, read_reference

pytestmark = pytest.mark.soak("dirt", also_in_test=True)
USUAL = PLANTED.keys() - IN_CELLS.keys() | {"number with a format", "name and telephone", "weak headings"}


@pytest.fixture(scope="module")
def reviewed(is_soak, pytestconfig):
    """(Seed, name of what was planted, or of what is harmless) -> the reviewed file of a district."""
    reference, contents, files = read_reference(SEEDS), {}, []
    for seed in range(1, 6 if is_soak else 2):
        reports = make_example(read_seeds(), seed).reports
        with_groups = [each for each in reports if each.sheets.get("02_THT") and each.accepted]
        report = min(with_groups, key=lambda each: sum(map(len, each.sheets.values())))
        clean = clean_workbook(reference, report)
        made = {name: plant(clean) for name, plant in PLANTED.items() if is_soak or name in USUAL}
        made |= {name: saved(clean, edit) for name, edit in HARMLESS.items()}
        contents |= {(seed, name): content for name, content in made.items()}
        files += [ReceivedFile(report.folder, "bc.xlsx", RECEIVED_AT, content) for content in made.values()]
    found = dict(zip(contents, steps.review(files, reference), strict=True))
    if is_soak:
        planted = [_has_persons(each) for (_, name), each in found.items() if name in PLANTED]
        plugins = pytestconfig.pluginmanager
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            words = f"\n{len(planted)} persons planted, {sum(planted)} found"
            plugins.getplugin("terminalreporter").write_line(words)
    return found


def test_every_planted_person_is_found_and_the_bytes_are_not_kept(reviewed):
    assert [place for place, each in reviewed.items() if place[1] in PLANTED and not _has_persons(each)] == []


def test_nothing_else_is_taken_for_a_person(reviewed):
    assert [place for place, each in reviewed.items() if place[1] in HARMLESS and _has_persons(each)] == []


def test_no_answer_repeats_what_was_found(reviewed):
    answers = " ".join(str(each.findings) for (_, name), each in reviewed.items() if name in PLANTED)
    assert [secret for secret in SECRETS if secret in answers] == []


def _has_persons(reviewed) -> bool:
    rejection = reviewed.rejection
    return rejection is not None and rejection.rule_code == "F11" and not rejection.keep_content
