"""What a publication consists of."""

from datetime import date

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


def test_the_letterhead_is_that_of_the_day():
    before, after = (recipients(on=day)["CENTRAL_UNION"].letterhead for day in (date(2025, 6, 30), date(2025, 7, 1)))
    assert (before.place_vi, after.place_vi) == ("Bình Phước", "Đồng Nai")
    assert before.issuing_agency_vi == "Ban Thường vụ Hội LHPN tỉnh Bình Phước"


def test_a_day_without_a_letterhead_is_reported():
    with pytest.raises(LetterheadMissing, match=r"CENTRAL_UNION that is valid on 2023-01-02"):
        read_recipients(SEEDS, "annual", date(2023, 1, 2))
