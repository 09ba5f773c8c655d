"""Number, symbol and year on the first page of a file of the office."""

import pytest

from reporting.documents.document_set import write_documents
from reporting.documents.paper_head import NUMBER, PaperHead, head_of
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words
from tests.reporting.pdf_files import pdf_of


def test_a_word_file_and_its_pdf_have_one_head():
    review = with_own_words(hand_made("phase_review", 1))
    word = write_documents(review, [recipients("phase_review")["PEOPLES_COMMITTEE"]], about())[0].content
    signed = pdf_of(word, ("/BC-HLHPN", "012/BC-HLHPN"), most=40)
    assert head_of("x.docx", word, "BÁO CÁO") == PaperHead("", "BC-HLHPN", "2023")
    assert head_of("x.PDF", signed, "BÁO CÁO") == PaperHead("012", "BC-HLHPN", "2023")


@pytest.mark.parametrize(("name", "content"), [("x.pdf", b"%PDF a scan"), ("x.docx", b"torn"), ("x.jpg", b"image")])
def test_what_cannot_be_read_has_no_head(name, content):
    assert head_of(name, content, "BÁO CÁO") == PaperHead()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Số: 245/BC-BTV", ("245", "BC-BTV")),
        ("S :         /BC-HLHPNố Đ ng Nai", ("", "BC-HLHPN")),  # as a library reads the PDF of another
        ("Số: ……/BC-BTV", ("", "BC-BTV")),
        ("Số: 07 /BC-BTV", ("07", "BC-BTV")),
    ],
)
def test_the_number_of_a_letterhead_is_read_with_dots_blanks_and_misplaced_marks(line, found):
    match = NUMBER.search(line)
    assert match is not None
    assert match.groups() == found


def test_a_paper_that_is_cited_is_not_the_number():
    assert NUMBER.search("Báo cáo này thay thế Báo cáo số 245/BC-BTV ngày 30/12/2025.") is None
