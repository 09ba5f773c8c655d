"""What a publication consists of."""

import io
from datetime import date

import docx
import openpyxl
import pytest

from reporting.content.recipients import LetterheadMissing, read_recipients
from reporting.documents.document_set import write_documents
from tests.reporting.hand_made_content import SEEDS, about, hand_made, recipients


@pytest.mark.parametrize(
    ("kind", "period", "name"), [("annual", 2025, "bao-cao-nam-2025"), ("phase_review", 1, "so-ket-giai-doan-1")]
)
def test_every_recipient_gets_word_excel_and_html(kind, period, name):
    documents = write_documents(hand_made(kind, period), recipients(kind).values(), about())
    assert [(each.recipient, each.format, each.file_name) for each in documents] == [
        (recipient, format, f"{name}.{format}")
        for recipient in ("CENTRAL_UNION", "PEOPLES_COMMITTEE")
        for format in ("docx", "xlsx", "html")
    ]
    beginnings = {each.format: each.content[:9] for each in documents}
    assert {format: start[:2] for format, start in beginnings.items()} == {"docx": b"PK", "xlsx": b"PK", "html": b"<!"}


def test_the_union_gets_a_note_on_a_yearly_report_and_no_other_document():
    union = recipients("note")["UNION"]
    annual, review = (
        write_documents(hand_made(kind, period), recipients(kind).values(), about(), union)
        for kind, period in (("annual", 2025), ("phase_review", 1))
    )
    assert [(each.recipient, each.format, each.file_name) for each in annual[6:]] == [
        ("UNION", "docx", "to-trinh-bao-cao-nam-2025.docx")
    ]
    text = "\n".join(each.text for each in docx.Document(io.BytesIO(annual[6].content)).paragraphs)
    assert "TỜ TRÌNH" in text
    assert "Kính gửi: Đồng chí Chủ tịch Hội Liên hiệp Phụ nữ tỉnh." in text
    assert len(review) == 6


def test_the_letterhead_is_that_of_the_day():
    before, after = (recipients(on=day)["CENTRAL_UNION"].letterhead for day in (date(2025, 6, 30), date(2025, 7, 1)))
    assert (before.place_vi, after.place_vi) == ("Bình Phước", "Đồng Nai")
    assert before.issuing_agency_vi == "Ban Thường vụ Hội LHPN tỉnh Bình Phước"


GROUND = "Số liệu tính trên địa bàn tỉnh Bình Phước cũ, nay là 40 xã, phường của tỉnh Đồng Nai."


def test_the_ground_is_named_as_it_was_called_on_the_day():
    days = (date(2024, 12, 26), date(2025, 12, 26), date(2026, 12, 26))
    assert [recipients(on=day)["PEOPLES_COMMITTEE"].letterhead.ground_vi for day in days] == [
        "Số liệu tính trên địa bàn tỉnh Bình Phước, gồm 11 huyện, thị xã, thành phố.",
        GROUND,
        "Số liệu tính trên địa bàn tỉnh Bình Phước cũ, nay là 40 xã, phường của thành phố Đồng Nai.",
    ]


@pytest.mark.parametrize(("kind", "period"), [("annual", 2025), ("phase_review", 1)])
def test_each_document_names_the_ground_and_word_and_page_the_last_day_of_the_figures(kind, period):
    word, annex, page, *_ = write_documents(hand_made(kind, period), recipients(kind).values(), about())
    text = "\n".join(each.text for each in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert f"{GROUND} Số liệu thực hiện đến ngày 31/12/2025." in text
    assert "của Ủy ban nhân dân tỉnh Bình Phước triển khai" in text
    assert "htx explain" not in text
    assert f"{GROUND} Số liệu thực hiện đến ngày 31/12/2025." in page.content.decode()
    contents = openpyxl.load_workbook(io.BytesIO(annex.content)).worksheets[0]
    assert contents["A2"].value == GROUND


def test_a_day_without_a_letterhead_is_reported():
    with pytest.raises(LetterheadMissing, match=r"CENTRAL_UNION that is valid on 2023-01-02"):
        read_recipients(SEEDS, "annual", date(2023, 1, 2))
