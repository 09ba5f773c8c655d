"""The paper on reports asked for beside the yearly one."""

from datetime import UTC, date, datetime

from reporting.papers.adhoc import adhoc_outline
from reporting.papers.blocks import Grid, Paragraph, plain
from tests.reporting.hand_made_content import recipients

UNION = recipients("adhoc")["UNION_STANDING"]
ASKED = {
    "request_number": "45/HLHPN", "requested_on": date(2025, 5, 12), "requested_by_vi": "Ban Thường vụ",
    "subject_vi": "Tình hình HTX", "due_on": date(2025, 5, 30),
}  # fmt: skip
CAME = {"received_at": datetime(2025, 5, 30, 16, 59, tzinfo=UTC), "document_number": "9/BC-HLHPN", "on_time": True}
MISSING = {"received_at": None, "document_number": None, "on_time": None}
ENDED = date(2025, 6, 30)
ROWS = [
    {**ASKED, "unit_uid": "692@2010", "unit_name_vi": "Huyện Lộc Ninh", "unit_valid_to": ENDED, **CAME},
    {**ASKED, "unit_uid": "693@2010", "unit_name_vi": "Huyện Bù Đốp", "unit_valid_to": ENDED, **MISSING},
    {**ASKED, "unit_uid": "694@2010", "unit_name_vi": "Huyện Hớn Quản", "unit_valid_to": ENDED, **MISSING},
]


def paragraphs(outline):
    return [plain(block.text) for block in outline.blocks if isinstance(block, Paragraph)]


def test_what_is_overdue_is_named_with_the_units_that_owe_it():
    assert paragraphs(adhoc_outline(ROWS, UNION, date(2025, 5, 31))) == [
        "Tình hình thực hiện các yêu cầu báo cáo đột xuất đến ngày 31/05/2025: 01 yêu cầu; chưa có yêu cầu nào"
        " nhận đủ báo cáo; 01 yêu cầu quá hạn còn thiếu báo cáo.",
        "45/HLHPN ngày 12/05/2025, hạn 30/05/2025: còn thiếu báo cáo của 02 đơn vị: Huyện Bù Đốp; Huyện Hớn Quản.",
    ]


def test_units_that_were_abolished_are_named_apart_and_nothing_is_overdue_of_them():
    standing = {**ROWS[1], "unit_uid": "PCA", "unit_name_vi": "Liên minh Hợp tác xã tỉnh", "unit_valid_to": None}
    city = recipients("adhoc", date(2026, 11, 30))["UNION_STANDING"]
    assert paragraphs(adhoc_outline([*ROWS, standing], city, date(2026, 11, 30)))[1:] == [
        "45/HLHPN ngày 12/05/2025, hạn 30/05/2025: còn thiếu báo cáo của 01 đơn vị: Liên minh Hợp tác xã thành phố.",
        "45/HLHPN ngày 12/05/2025: 02 đơn vị chưa báo cáo không còn hoạt động (kết thúc hoặc sáp nhập) nên không tính"
        " quá hạn: Huyện Bù Đốp; Huyện Hớn Quản.",
    ]
    assert paragraphs(adhoc_outline(ROWS, city, date(2026, 11, 30)))[1] == "Không có báo cáo quá hạn."


def test_nothing_is_overdue_on_the_last_day():
    outline = adhoc_outline(ROWS, UNION, date(2025, 5, 30))
    assert paragraphs(outline)[1:] == ["Không có báo cáo quá hạn."]


def test_each_request_says_how_many_of_the_units_asked_answered_it():
    outline = adhoc_outline(ROWS, UNION, date(2025, 5, 31))
    [grid] = [block for block in outline.blocks if isinstance(block, Grid)]
    assert [plain(text) for text in grid.rows[0].values()] == [
        "45/HLHPN ngày 12/05/2025", "Ban Thường vụ", "Tình hình HTX", "30/05/2025", "1/3",
    ]  # fmt: skip


def test_what_came_is_an_annex():
    [annex] = adhoc_outline(ROWS, UNION, date(2025, 5, 31)).annexes
    assert [plain(text) for text in annex.blocks[0].rows[0].values()] == [
        "45/HLHPN", "Huyện Lộc Ninh", "30/05/2025", "9/BC-HLHPN", "Đúng hạn",
    ]  # fmt: skip


def test_what_all_answered_is_counted_and_nothing_is_overdue():
    came = [{**row, **CAME} for row in ROWS]
    assert paragraphs(adhoc_outline(came, UNION, date(2025, 5, 31)))[0] == (
        "Tình hình thực hiện các yêu cầu báo cáo đột xuất đến ngày 31/05/2025: 01 yêu cầu; 01 yêu cầu đã nhận đủ báo"
        " cáo; không có yêu cầu nào quá hạn còn thiếu báo cáo."
    )


def test_the_staff_reports_to_the_standing_committee_which_does_not_sign_to_itself():
    head = UNION.letterhead
    assert UNION.addressee_vi == ("Ban Thường vụ Hội Liên hiệp Phụ nữ tỉnh",)
    assert (head.issuing_agency_vi, head.signer_authority_vi, head.signer_title_vi) == (
        "Bộ phận tổng hợp", "Bộ phận tổng hợp", "Người báo cáo",
    )  # fmt: skip
    assert adhoc_outline(ROWS, UNION, date(2025, 5, 31)).closing_vi == (
        "Trên đây là tình hình thực hiện các yêu cầu báo cáo đột xuất, kính báo cáo Ban Thường vụ Hội LHPN tỉnh./."
    )


def test_without_a_request_the_paper_is_one_sentence():
    outline = adhoc_outline([], UNION, date(2025, 5, 31))
    assert paragraphs(outline) == [
        "Tình hình thực hiện các yêu cầu báo cáo đột xuất đến ngày 31/05/2025: chưa có yêu cầu báo cáo đột xuất nào."
    ]
    assert (len(outline.blocks), outline.annexes) == (1, ())
