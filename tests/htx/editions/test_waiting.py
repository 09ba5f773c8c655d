"""What waits for a person, and since when."""

from datetime import UTC, date, datetime

import docx
import pytest

from htx.editions import office_files, papers
from htx.editions.waiting import papers_waiting
from tests.htx.conftest import BOTH, ID, NUMBERS

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)


@pytest.fixture
def attach(url, tmp_path):
    def attach(words: str) -> None:
        made = docx.Document()
        made.add_paragraph(words)
        made.save(tmp_path / "sua.docx")
        office_files.attach(url, ID, "Lan", BOTH[:1], ("sua.docx", (tmp_path / "sua.docx").read_bytes()))

    return attach


def test_a_paper_waits_to_be_signed_since_its_first_edited_file(attach, connection):
    attach("lần 1")
    [first] = [each for each in papers_waiting(connection) if each.step == "sign"]
    connection.rollback()
    attach("lần 2")
    assert [each.since for each in papers_waiting(connection) if each.step == "sign"] == [first.since]


def test_a_returned_paper_waits_to_be_signed_since_what_was_edited_after_the_return(url, attach, connection):
    attach("lần 1")
    papers.return_draft(url, ID, "viết lại mục II", "Lan", NOW, BOTH[:1])
    assert [each.step for each in papers_waiting(connection)] == ["prepare"]
    connection.rollback()
    attach("lần 2")
    [waiting] = [each for each in papers_waiting(connection) if each.step == "sign"]
    stamps = connection.execute("select recorded_at from raw.publication_files order by 1").fetchall()
    assert (waiting.since,) == stamps[1]


def test_the_number_of_a_withdrawn_signature_is_not_named(url, connection):
    papers.sign(url, ID, NUMBERS, date(2025, 12, 29), "Nguyễn Thị Ví Dụ", "Lan", NOW)
    assert [each.words["numbers"] for each in papers_waiting(connection)] == [["245/BC-BTV", "87/BC-HLHPN"]]
    connection.rollback()
    papers.return_draft(url, ID, "sai thể thức", "Lan", NOW)
    assert [each.words["numbers"] for each in papers_waiting(connection)] == [[]]
