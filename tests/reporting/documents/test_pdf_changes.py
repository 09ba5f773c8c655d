"""Figures that a signed paper has otherwise, which came back as PDF, and the head of its first page."""

import pytest

from reporting.documents.document_set import write_documents
from reporting.documents.hand_changes import HandChange, NotAWordFile, numbers_of
from reporting.documents.pdf_changes import PAPER_NUMBER, NotComparable, PaperHead, figures_changed_in_pdf, head_of
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words
from tests.reporting.pdf_files import pdf_of


@pytest.fixture(scope="module")
def generated() -> bytes:
    return write_documents(hand_made("annual", 2025), [recipients()["CENTRAL_UNION"]], about())[0].content


def test_page_numbers_and_other_words_are_no_changes(generated):
    assert figures_changed_in_pdf(generated, pdf_of(generated)) == []
    words = ("Kính gửi", "Trân trọng kính gửi")
    assert figures_changed_in_pdf(generated, pdf_of(generated, words)) == []


def test_a_letter_that_the_pdf_sets_against_a_number_changes_no_figure(generated):
    assert figures_changed_in_pdf(generated, pdf_of(generated, ("\n1.234\n", "\nợ1.234\n"))) == []


def test_a_number_is_read_whatever_stands_before_it():
    from tests.reporting.documents.test_hand_changes import document

    found = [text for text, _ in numbers_of(document("tại mục IV.4 và II.2.1; M3, −5, 2023-2025, 81,0% của 1.234"))]
    assert found == ["4", "2.1", "3", "−5", "2023", "2025", "81,0%", "1.234"]


def test_changed_left_out_and_added_figures_are_named_with_key_and_place(generated):
    pdf = pdf_of(generated, ("Số:", "Số: 245"), ("01/QĐ-TTg", "02/QĐ-TTg"), ("\n1.234\n", "\n1.300\n"))
    assert figures_changed_in_pdf(generated, pdf) == [
        HandChange(None, "01", "02", "Thực hiện Quyết định số 01/QĐ-TTg ngày 03/01/2023 của Thủ tướng Chính…"),
        HandChange("T01-2024", "1.234", "1.300", "lời indicator_name_vi (người) / Năm 2024"),
        HandChange(None, "", "245", "Số: 245 /BC-BTV"),
    ]
    [gone] = figures_changed_in_pdf(generated, pdf_of(generated, ("\n1.234\n", "\nmột nghìn\n")))
    assert (gone.key, gone.old, gone.new) == ("T01-2024", "1.234", "")


@pytest.mark.parametrize("pdf", [b"%PDF a scan", b"", b"PK\x03\x04"])
def test_what_cannot_be_read_is_not_compared(generated, pdf):
    with pytest.raises(NotComparable):
        figures_changed_in_pdf(generated, pdf)


def test_a_scan_with_the_text_of_a_stamp_is_not_compared(generated):
    from tests.reporting.documents.test_hand_changes import document

    stamp = pdf_of(document("Ký bởi: Hội Liên hiệp Phụ nữ. Thời gian ký: 29.12.2025 10:03:11 +07:00"))
    with pytest.raises(NotComparable, match="no text"):
        figures_changed_in_pdf(generated, stamp)
    with pytest.raises(NotAWordFile):
        figures_changed_in_pdf(b"torn", pdf_of(generated))


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
    match = PAPER_NUMBER.search(line)
    assert match is not None
    assert match.groups() == found


def test_a_paper_that_is_cited_is_not_the_number():
    assert PAPER_NUMBER.search("Báo cáo này thay thế Báo cáo số 245/BC-BTV ngày 30/12/2025.") is None
