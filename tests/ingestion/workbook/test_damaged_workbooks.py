"""A corpus of damaged workbooks: each is accepted, or rejected with a sentence, and affects no other file.

A hundred of them in the usual run, two thousand others each day in a soak.
"""

import io
import json
import resource
from pathlib import Path

import openpyxl
import pytest

from ingestion.feedback.annotated_workbook import annotate_all
from ingestion.feedback.findings import finding_from
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import Submission
from ingestion.sandbox.parallel_parse import parse_all
from ingestion.template.form_workbook import write_workbook
from ingestion.workbook.reader import read_workbook
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile
from tests.ingestion.filled_in import COOPERATIVE, COVER, GROUP, RECEIVED_AT
from tests.ingestion.workbook.damage import damaged

WORKBOOKS = Path(__file__).parent / "workbooks"
"""the same small report as LibreOffice saved it, in three formats"""
CASES = Path(__file__).parents[1] / "cases" / "workbooks"
"""a report as other programs wrote it"""
SLICE = 50


@pytest.fixture(scope="module")
def clean(reference) -> bytes:
    rows = {"01_HTX": [COOPERATIVE], "02_THT": [GROUP]}
    return write_workbook(reference.form_for(2023), reference, COVER, rows, reference.roster[2023, "692"])


@pytest.fixture(scope="module")
def corpus(clean, is_soak, chance) -> list[tuple[str, bytes]]:
    saved_again = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(clean)).save(saved_again)
    real = [clean, saved_again.getvalue(), *(path.read_bytes() for path in sorted(WORKBOOKS.iterdir()))]
    others = [path.read_bytes() for path in sorted(CASES.iterdir())] if is_soak else []
    return list(damaged(real + others, 2000 if is_soak else 100, seed=chance))


@pytest.mark.parametrize("path", sorted(WORKBOOKS.iterdir()), ids=lambda path: path.suffix)
def test_what_libreoffice_saves_reads_as_what_it_opened(path, clean, reference):
    opened, saved = parse_all([file_of(clean), file_of(path.read_bytes())], reference)
    assert saved.cover == opened.cover
    assert {code: [row.read for row in sheet.rows] for code, sheet in saved.sheets.items()} == {
        code: [row.read for row in sheet.rows] for code, sheet in opened.sheets.items()
    }


@pytest.mark.soak("fuzz", also_in_test=True)
def test_every_damaged_workbook_is_answered_and_affects_no_other(corpus, clean, reference):
    """Read and marked, in slices, with a clean file at the end of each."""
    for start in range(0, len(corpus), SLICE):
        names, contents = zip(*corpus[start : start + SLICE], strict=True)
        files = [file_of(content) for content in (*contents, clean)]
        *read, neighbour = parse_all(files, reference)
        assert isinstance(neighbour, Submission)
        assert neighbour.warnings == []
        reviewed = []
        for name, file, each in zip(names, files, read, strict=False):
            if isinstance(each, RejectedFile):
                said = [finding_from(reference, file.submission_id, each)]
                assert said[0].message_vi.rstrip().endswith((".", ")")), name
                assert each.details.get("reason") != "unreadable", name  # which is what a crash of the reader gives
                reviewed.append(ReviewedFile(file, None, each, said, "rejected"))
            else:
                # PostgreSQL holds every character but one.
                assert "\\u0000" not in json.dumps([each.cover, *map(vars, each.warnings)]), name
                said = [finding_from(reference, file.submission_id, one) for one in each.warnings]
                reviewed.append(ReviewedFile(file, each, None, said, "accepted"))
        copies = annotate_all(reviewed, reference)
        for name, one, copy in zip(names, reviewed, copies, strict=True):
            if copy is None:
                assert one.rejection is not None, name
                assert one.rejection.rule_code == "F11", name
            else:
                assert read_workbook(copy.content)[0].name == "00_KET_QUA", name
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1024 * 1024  # kB


def file_of(content: bytes) -> ReceivedFile:
    return ReceivedFile("692", "bc.xlsx", RECEIVED_AT, content)
