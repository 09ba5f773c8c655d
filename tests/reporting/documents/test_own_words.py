"""The sections for which a Word file lacks the Union's own words."""

import io

import docx
import pytest

from reporting.documents.document_set import OUTLINES, write_documents
from reporting.documents.hand_changes import NotAWordFile
from reporting.documents.own_words import sections_without_words
from reporting.papers.blocks import without_words
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words


def with_plan(word: bytes, number: str, day: str) -> bytes:
    """The Word file after a hand wrote number and day of the plan over the dots."""
    made = docx.Document(io.BytesIO(word))
    [opening] = [each for each in made.paragraphs if "……/KH-UBND" in each.text]
    text = opening.text.replace("……/KH-UBND", number).replace("…… tháng …… năm 2023", day)
    opening.runs[0].text = text
    for run in opening.runs[1:]:
        run.text = ""
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


@pytest.mark.parametrize(("kind", "period"), [("annual", 2025), ("phase_review", 1)])
def test_a_word_file_lacks_the_words_that_its_outline_lacks(kind, period):
    made = hand_made(kind, period)
    [recipient] = [each for code, each in recipients(kind).items() if code == "PEOPLES_COMMITTEE"]
    missing = [each.title_vi for each in without_words(OUTLINES[kind](made, recipient, about()))]
    assert len(missing) > 4
    assert sections_without_words(write_documents(made, [recipient], about())[0].content) == missing
    written = write_documents(with_own_words(made), [recipient], about())
    assert sections_without_words(written[0].content) == []


def test_a_word_file_whose_plan_is_dots_lacks_number_and_day_until_a_hand_writes_them():
    made = with_own_words(hand_made("annual", 2025))
    for recipient in recipients(of_example=False).values():
        [word, *_] = [each.content for each in write_documents(made, [recipient], about())]
        assert sections_without_words(word) == ["Số, ngày của Kế hoạch"]
        assert sections_without_words(with_plan(word, "88/KH-UBND", "…… tháng 4 năm 2023")) == ["Số, ngày của Kế hoạch"]
        assert sections_without_words(with_plan(word, "88/KH-UBND", "10 tháng 4 năm 2023")) == []


def test_a_file_that_is_no_word_file_is_not_read():
    with pytest.raises(NotAWordFile):
        sections_without_words(b"%PDF")
