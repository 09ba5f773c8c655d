"""The sections for which a Word file lacks the Union's own words."""

import pytest

from reporting.documents.document_set import OUTLINES, write_documents
from reporting.documents.hand_changes import NotAWordFile
from reporting.documents.own_words import sections_without_words
from reporting.papers.blocks import without_words
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words


@pytest.mark.parametrize(("kind", "period"), [("annual", 2025), ("phase_review", 1)])
def test_a_word_file_lacks_the_words_that_its_outline_lacks(kind, period):
    made = hand_made(kind, period)
    [recipient] = [each for code, each in recipients(kind).items() if code == "PEOPLES_COMMITTEE"]
    missing = [each.title_vi for each in without_words(OUTLINES[kind](made, recipient, about()))]
    assert len(missing) > 4
    assert sections_without_words(write_documents(made, [recipient], about())[0].content) == missing
    written = write_documents(with_own_words(made), [recipient], about())
    assert sections_without_words(written[0].content) == []


def test_a_file_that_is_no_word_file_is_not_read():
    with pytest.raises(NotAWordFile):
        sections_without_words(b"%PDF")
