"""The yearly report: what its outline says, on hand-made content."""

import re
from datetime import date
from decimal import Decimal

import pytest

from reporting.papers.annual import annual_outline
from reporting.papers.blocks import Grid, Heading, OwnWords, Paragraph, Picture, plain, without_words
from reporting.papers.sentences import SENTENCES, placeholders
from tests.datasets import read_csv
from tests.reporting.hand_made_content import about, hand_made, recipients, with_facts, with_rows
from tests.reporting.papers.test_targets import COUNT, PERCENT

ALL_IN = {
    "expected_units": 48, "received_units": 48, "missing_units": 0, "on_time_units": 40, "on_due_day_units": 0,
    "late_units": 8, "open_queries": 0, "units_with_open_queries": 0,
}  # fmt: skip
REPLACED = {"PEOPLES_COMMITTEE": ("12/BC-HLHPN", date(2025, 12, 29))}
CHANGES = (
    "T01 Số HTX được củng cố, năm 2025, Toàn địa bàn Kế hoạch: 21 → 22 HTX; do ô J3, trang 04_DAO_TAO, tệp"
    " “bao_cao.xlsx” (biên nhận 123): “2”, trước là “1”.",
    "T01 Số HTX được củng cố, năm 2025, Toàn địa bàn Kế hoạch, đánh giá: Chưa đạt → Đạt; do cách tính: 8f3a.",
    "T01 Số HTX được củng cố, năm 2025, Toàn địa bàn Kế hoạch, mức thấp nhất có thể: 21 → 22.",
    "T01 Số HTX được củng cố, năm 2024, Toàn địa bàn Kế hoạch: 18 → 19 HTX.",
    "T01 Số HTX được củng cố, năm 2025, Xã Thọ Sơn: 1 → 2 HTX.",
    "Và 12 thay đổi khác, trong danh sách của phiên bản (P-8D6B11232680).",
)
DUTY = {"section": "IV.1", "section_title_vi": "Tuyên truyền", "done_units": 1, "continuous_units": 0,
        "in_progress_units": 0}  # fmt: skip


def content(**tables):
    """A report of 2025 to which all units have contributed, with empty tables but for `tables`."""
    made = with_facts(hand_made("annual", 2025), **ALL_IN)
    emptied = ("missing", "narratives", "proposals", "beyond_limit", "duties_owed", "missing_figures", "discipline",
               "untrained_managers", "new_cooperatives", "spending_by_units", "documents")  # fmt: skip
    for name in emptied:
        made = with_rows(made, name, tables.pop(name, []))
    made = with_rows(made, "targets", tables.pop("targets", [COUNT, PERCENT]))
    made = with_rows(made, "figures", tables.pop("figures", []))
    made = with_rows(made, "duty_totals", tables.pop("duty_totals", [{**DUTY, "duty_name_vi": "Tuyên truyền"}]))
    for name, rows in tables.items():
        made = with_rows(made, name, rows)
    return made


def outline(made=None, recipient="PEOPLES_COMMITTEE", on=date(2025, 12, 26), **said):
    return annual_outline(made or content(), recipients(on=on)[recipient], about(**said))


def texts(made=None, **said):
    blocks = outline(made, **said).blocks
    return [plain(block.text) for block in blocks if isinstance(block, Paragraph | Heading)]


def figure(code, value, measure="value", unit="cooperative", **more):
    return {"indicator_code": code, "measure_code": measure, "unit": unit, "value": Decimal(value), "change": None,
            "compared_vi": None, "key": f"{code}.{measure}-2025", **more}  # fmt: skip


def test_page_one_is_five_sentences_and_a_picture():
    figures = [
        figure("T01", 22), figure("T02", 49), figure("T07", 3), figure("T03", 471), figure("T04", 283),
        *(figure(code, "95.9349", unit="percent", value_numerator=Decimal(118), value_denominator=Decimal(123))
          for code in ("T05", "T09", "T10")),
        figure("C23", "10970.2", "allocated", "million VND"), figure("C23", "9701.2", "disbursed", "million VND"),
        figure("C24", "45318.8", "outstanding_loans", "million VND"),
    ]  # fmt: skip
    blocks = outline(content(figures=figures)).blocks
    first = [plain(each.text) for each in blocks[3:9] if isinstance(each, Paragraph)]
    assert first == [
        "Đến thời điểm chốt số liệu, trong 02 chỉ tiêu của Kế hoạch có: 01 chỉ tiêu đạt và vượt mục tiêu; 01 chỉ tiêu"
        " chưa đạt.",
        "Lũy kế từ đầu Kế hoạch đã củng cố, nâng cao chất lượng 22 HTX và 49 Tổ hợp tác, hỗ trợ thành lập mới 03 HTX."
        " Hiện có 471 thành viên, lao động nữ trong HTX và 283 lao động nữ trong Tổ hợp tác có việc làm ổn định.",
        "Nữ quản lý HTX được đào tạo, bồi dưỡng: 118/123 người (95,9%); cán bộ Hội làm công tác hỗ trợ kinh tế tập thể,"
        " HTX được tập huấn: 118/123 người (95,9%); cán bộ Hội các cấp được nâng cao kỹ năng: 118/123 người (95,9%).",
        "Kinh phí được giao 10.970,2 triệu đồng, đã giải ngân 9.701,2 triệu đồng; dư nợ cho vay ưu đãi 45.318,8 triệu"
        " đồng.",
        "Chưa đạt: Cán bộ phụ trách được tập huấn (còn thiếu 05 người). ",
    ]
    assert isinstance(blocks[8], Picture)


def test_duties_that_keep_books_stand_apart_from_the_targets():
    books = {**PERCENT, "indicator_code": "T16", "reported_as": "bookkeeping", "verdict": "tracked",
             "verdict_vi": "Theo dõi", "target": None}  # fmt: skip
    made = content(targets=[COUNT, books, PERCENT])
    assert (
        "Đến thời điểm chốt số liệu, trong 02 chỉ tiêu của Kế hoạch có: 01 chỉ tiêu đạt và vượt mục tiêu; 01 chỉ tiêu"
        " chưa đạt."
    ) in texts(made)
    [table] = [block for block in outline(made).blocks if isinstance(block, Grid) and "Bảng 1" in block.caption_vi]
    assert [plain(row["number"]) for row in table.rows] == ["1", "", "2"]
    assert table.note_vi.endswith(" Dòng không đánh số: chế độ khen thưởng, báo cáo, không tính vào số chỉ tiêu.")


def test_the_list_of_new_cooperatives_says_which_the_report_does_not_count():
    rows = [
        {"cooperative_name": name, "women_lead_or_manage": led} for name, led in (("HTX A", True), ("HTX B", False))
    ]
    _, annex, *_ = outline(content(new_cooperatives=rows)).annexes
    [notes] = [
        block.note_vi for block in annex.blocks if isinstance(block, Grid) and block.caption_vi.startswith("2. ")
    ]
    assert notes == "Trong đó không do phụ nữ tham gia quản lý, điều hành: HTX B."


def test_a_sentence_without_one_of_its_figures_is_left_out():
    assert not any(text.startswith("Kinh phí được giao") for text in texts())


def test_units_without_a_report_are_named_on_page_one_at_the_targets_and_at_the_content_of_the_plan():
    row = {"unit_name_vi": "Xã Thọ Sơn", "what": "missing", "expected": True}
    found = [text for text in texts(content(missing=[row])) if "Xã Thọ Sơn" in text]
    assert found == [
        "Chưa đạt: Cán bộ phụ trách được tập huấn (còn thiếu 05 người). Còn 01 đơn vị chưa gửi số liệu: Xã Thọ Sơn;"
        " số liệu của báo cáo không gồm đơn vị nêu trên.",
        "Các chỉ tiêu chưa có số liệu của Xã Thọ Sơn; số liệu này không được thay bằng số của năm trước.",
        "So sánh với năm 2024 tính trên từng vùng; vùng là phạm vi nhỏ nhất có ranh giới như nhau trong cả hai năm (một"
        " huyện, xã, hoặc nhiều huyện cũ cùng các xã, phường mới hợp thành), mỗi cơ quan cũng tính là một vùng. Không"
        " so sánh vùng có đơn vị thiếu số liệu của một trong hai năm, trong đó có vùng của Xã Thọ Sơn. Tỷ lệ phần trăm"
        " được nêu cùng số đạt trên tổng số và chỉ so sánh khi phạm vi số liệu của hai năm như nhau.",
        "Số liệu của mục này chưa có của Xã Thọ Sơn. Số liệu gồm cả kết quả của đơn vị không có trách nhiệm báo cáo số"
        " liệu đó. Trong ngoặc là số đơn vị có số liệu trên số đơn vị có trách nhiệm báo cáo, chỉ nêu khi còn đơn vị"
        " khác chưa có số liệu; mức tăng, giảm so với năm trước chỉ nêu khi tất cả đơn vị có trách nhiệm báo cáo đều"
        " có số liệu của cả hai năm. Các đơn vị đã, đang thực hiện 1/1 nhiệm vụ của Kế hoạch.",
        "Chưa gửi báo cáo (01 đơn vị): Xã Thọ Sơn.",
    ]


def test_a_report_to_which_nothing_is_missing_says_so():
    assert "Các đơn vị đã gửi đủ báo cáo; không có chỉ tiêu đến hạn nào chưa đạt." in texts(content(targets=[COUNT]))


def test_the_ground_the_plan_and_the_cut_off_are_said():
    found = texts(content(targets=[{**COUNT, "value_status": "estimated"}]))
    assert found[0].startswith(
        "Thực hiện Kế hoạch số 01/KH-UBND (ví dụ) ngày 10/04/2023 của Ủy ban nhân dân tỉnh Bình Phước"
    )
    assert found[1] == (
        "Số liệu tính trên địa bàn tỉnh Bình Phước cũ, nay là 40 xã, phường của tỉnh Đồng Nai."
        " Số liệu ước thực hiện đến ngày 31/12/2025."
    )


def test_a_forced_report_says_why_and_a_replacing_one_which_paper_it_replaces():
    found = texts(forced_because="Ủy ban yêu cầu", replaces=REPLACED, changes=CHANGES)
    assert found[1].startswith("Báo cáo này thay thế Báo cáo số 12/BC-HLHPN ngày 29/12/2025. Số liệu tính trên địa bàn")
    lead = found.index("Những nội dung thay đổi so với báo cáo được thay thế:")
    assert found[lead + 1 : lead + 4] == [
        "HTX được củng cố: kết quả từ 21 thành 22 HTX.",
        "HTX được củng cố: đánh giá từ “Chưa đạt” thành “Đạt”.",
        "Các thay đổi khác nêu tại phụ lục Excel.",
    ]
    assert any(text.endswith("Báo cáo được lập trước khi đủ số liệu, lý do: Ủy ban yêu cầu.") for text in found)


@pytest.mark.parametrize(
    ("compared", "words"),
    [
        (None, "Toàn địa bàn có 41 HTX do phụ nữ tham gia quản lý, điều hành (tăng 04 so với năm 2024) với 3.354"),
        ("39/40", "Toàn địa bàn có 41 HTX do phụ nữ tham gia quản lý, điều hành với 3.354"),
    ],
)
def test_a_change_of_a_figure_is_said_only_where_all_gave_both(compared, words):
    figures = [
        figure("C01", 41, "cooperatives", change=Decimal(4), compared_vi=compared), figure("C01", 3354, "members"),
        figure("C03", 37, "cooperatives"), figure("C02", 72, "union_founded"),
    ]  # fmt: skip
    duties = [{**DUTY, "section": "IV.2", "section_title_vi": "Củng cố"}]
    assert any(text.startswith(words) for text in texts(content(figures=figures, duty_totals=duties)))


def test_a_figure_that_not_all_units_gave_says_how_many_did():
    figures = [
        figure("C24", 37, "borrowers", coverage_vi="1/2"),
        figure("C24", "45318.8", "outstanding_loans", "million VND", coverage_vi="2/2"),
        figure("C26", "57.5", "units", "percent", value_numerator=Decimal(23), value_denominator=Decimal(40),
               coverage_vi="39/40"),
        figure("C27", 12, "events", "event", coverage_vi="13/41"),
    ]  # fmt: skip
    found = texts(content(figures=figures))
    assert "Có 37 HTX, Tổ hợp tác được vay vốn ưu đãi (1/2 đơn vị có số liệu), dư nợ 45.318,8 triệu đồng." in found
    assert (
        "Có 23/40 đơn vị (57,5%) đã ban hành kế hoạch thực hiện (tổng số tính cả 01 đơn vị chưa có số liệu); đã tổ chức"
        " 12 cuộc kiểm tra, giám sát (13/41 đơn vị có số liệu)."
    ) in found


def test_a_figure_does_not_say_again_what_units_without_a_report_lack():
    figures = [
        *(figure(code, 5, coverage_vi=coverage) for code, coverage in (
            ("T01", "39/40"), ("T02", "33/40"), ("T07", "40/40"), ("T03", None), ("T04", "40/40"))),
        figure("C24", 37, "borrowers", coverage_vi="1/2"),
        figure("C24", 5, "outstanding_loans", "million VND", coverage_vi="2/2"),
    ]  # fmt: skip
    known = {("T01", "value"): 1, ("T02", "value"): 1}
    made = with_facts(content(figures=figures), missing_units=1, lacked_without_report=known)
    [first] = [text for text in texts(made) if text.startswith("Lũy kế từ đầu Kế hoạch")]
    assert "05 HTX và 05 Tổ hợp tác (33/40 đơn vị có số liệu), hỗ trợ" in first
    assert any("37 HTX, Tổ hợp tác được vay vốn ưu đãi (1/2 đơn vị có số liệu), dư nợ" in text for text in texts(made))


def test_the_table_of_targets_says_what_is_cumulative_and_who_is_missing_in_last_years_column():
    rows = [{**COUNT, "indicator_code": code} for code in ("T01", "T03", "T06")]
    made = with_facts(content(targets=[*rows, PERCENT]), missing_last_year="Huyện Bù Gia Mập; Huyện Lộc Ninh")
    [table] = [block for block in outline(made).blocks if isinstance(block, Grid) and "Bảng 1" in block.caption_vi]
    assert table.note_vi == (
        "Trong ngoặc là tỷ lệ phần trăm của số đạt trên tổng số; tỷ lệ được so với mục tiêu bằng số chưa làm tròn."
        " Dòng 1, 3: số lũy kế từ đầu Kế hoạch. Dòng 2: số hiện có tại thời điểm chốt số liệu của từng năm."
        " Cột năm 2024 chưa có số liệu của Huyện Bù Gia Mập, Huyện Lộc Ninh."
    )
    assert any("có vùng của Huyện Bù Gia Mập, Huyện Lộc Ninh. Tỷ lệ" in text for text in texts(made))
    none = with_facts(content(targets=[{**COUNT, "previous_value": None}]), missing_last_year="Huyện Bù Gia Mập")
    assert not any("Bù Gia Mập" in each.note_vi for each in outline(none).blocks if isinstance(each, Grid))


def test_new_cooperatives_say_how_many_the_union_supported():
    rows = [{"cooperative_name": name, "women_lead_or_manage": True, "union_supported_founding": supported}
            for name, supported in (("HTX A", True), ("HTX B", False))]  # fmt: skip
    duties = [{**DUTY, "section": "IV.3", "section_title_vi": "Phát triển mới"}]
    start = "Trong năm có 02 HTX do phụ nữ tham gia quản lý, điều hành được thành lập, "
    assert f"{start}trong đó 01 HTX do các cấp Hội hỗ trợ: HTX A, HTX B." in texts(
        content(new_cooperatives=rows, duty_totals=duties)
    )
    unsupported = [{**row, "union_supported_founding": False} for row in rows]
    assert f"{start}không có HTX do các cấp Hội hỗ trợ: HTX A, HTX B." in texts(
        content(new_cooperatives=unsupported, duty_totals=duties)
    )


def test_the_annex_of_units_leaves_out_a_sum_of_which_other_units_have_parts():
    [annex, *_] = outline().annexes
    [table] = annex.blocks
    codes = [column.code for column in table.columns]
    assert "T06" not in codes
    assert {"T01", "T05", "T07", "T08", "T09"} <= set(codes)
    assert table.note_vi.endswith(
        " Không nêu theo đơn vị: Lượt người được đào tạo (số lũy kế từ đầu Kế hoạch, gồm cả của các huyện cũ và các cơ"
        " quan không có trong bảng)."
    )


def test_each_figure_of_a_sentence_has_a_place_for_its_coverage():
    for code in [row["sentence"] for row in read_csv(SENTENCES) if row["sentence"].startswith("annual_")]:
        names = placeholders(code)
        figures = {name for name in names if re.fullmatch(r"[TC]\d\d(\.\w+)?", name)}
        assert {f"{name} coverage" for name in figures} <= names, code


def test_what_nobody_does_is_said_and_a_figure_of_nothing_is_nought():
    idle = {**DUTY, "done_units": 0, "duty_name_vi": "Khuyến công"}
    figures = [figure("C05", 0, "people", "attendance"), figure("C05", 0, "items", "item")]
    found = texts(content(duty_totals=[DUTY, idle], figures=figures))
    assert any(
        "đã, đang thực hiện 1/2 nhiệm vụ của Kế hoạch; chưa có đơn vị thực hiện: Khuyến công." in text for text in found
    )
    assert "Có 0 lượt người được tuyên truyền, vận động; 0 phóng sự, chuyên trang, chuyên mục." in found


def test_final_figures_of_last_year_that_differ_from_its_report_are_marked():
    made = with_facts(content(targets=[COUNT]), reported_before={"T01": Decimal(18)})
    assert "Số chính thức năm 2024 khác số đã báo cáo: HTX được củng cố: đã báo cáo 18, nay là 19." in texts(made)
    [table] = [block for block in outline(made).blocks if isinstance(block, Grid) and "Bảng 1" in block.caption_vi]
    assert plain(table.rows[0]["year_before"]) == "19 (*)"
    same = with_facts(content(targets=[COUNT]), reported_before={"T01": Decimal(19)})
    assert not any("khác số đã báo cáo" in text for text in texts(same))


def test_the_unions_words_are_its_own_and_no_sentence_of_ours_stands_in_for_them():
    missing = [each.section for each in without_words(outline())]
    assert missing == ["leadership", "results", "shortcomings", "causes", "lessons", "next_year", "proposals"]
    own = {"is_union": True, "addressee": None, "text": "Đã họp giao ban 4 lần."}
    made = content(narratives=[{**own, "section": "leadership"}, {**own, "section": "causes", "is_union": False}])
    words = {each.section: each.paragraphs for each in outline(made).blocks if isinstance(each, OwnWords)}
    assert words["leadership"] == ("Đã họp giao ban 4 lần.",)
    assert words["causes"] == ()
    assert len(without_words(outline(made))) == 6


def test_who_wrote_without_owing_a_report_is_counted_apart():
    units = [{"is_union": False, "section": "results", "unit_uid": each} for each in ("u1", "u2", "u3")]
    owing = [{"unit_uid": "u1", "expected": True, "received_at": None}, {"unit_uid": "u2", "expected": False}]
    made = content(narratives=units, discipline=owing)
    assert (
        "Ý kiến đánh giá của 03 đơn vị khác, trong đó 02 đơn vị không thuộc diện bắt buộc báo cáo, nêu tại phụ lục"
        " Excel."
    ) in texts(made)


def test_the_note_of_priority_groups_explains_what_the_table_shows():
    group = {"breakdown_code": "poor", "value": Decimal(15), "previous_value": None, "value_status": "reported",
             "previous_value_status": "not_applicable", "measure_code": "supported"}  # fmt: skip

    def note(**said):
        blocks = outline(content(priority_groups=[{**group, **said}])).blocks
        [found] = [block.note_vi for block in blocks if isinstance(block, Grid) and "ưu tiên" in block.caption_vi]
        return found

    base = (
        "Làm tròn đến bội số của 5; từ 1 đến 4 người ghi là dưới 5. Một người có thể thuộc nhiều nhóm nên không cộng"
        " các nhóm."
    )
    assert note() == base
    assert note(previous_value=Decimal(10)) == (
        f"{base} Số của hai năm là của các đơn vị đã báo cáo từng năm nên không so sánh."
    )
    assert note(previous_value_status="suppressed") == (f"{base} Không nêu: số có thể làm lộ số người của một đơn vị.")


def test_proposals_go_to_the_recipient_first_and_none_to_the_union_itself():
    unit = {"is_union": False, "unit_name_vi": "Sở Tài chính", "unit_uid": "DOF"}
    to_finance = {"addressee": "DOF", "addressee_vi": "Sở Tài chính"}
    proposals = [
        {**unit, "addressee": "WU-P", "addressee_vi": "Hội Liên hiệp Phụ nữ tỉnh", "text": "Mở lớp."},
        {**unit, "addressee": "DOF", "addressee_vi": "Sở Tài chính", "text": "Của chính Sở."},
        {**unit, **to_finance, "unit_name_vi": "Xã A", "unit_uid": "a", "text": "Bố trí kinh phí."},
        {**unit, **to_finance, "unit_name_vi": "Xã B", "unit_uid": "b", "text": "Bố trí kinh phí"},
        {"is_union": True, "addressee": "PC-P", "addressee_vi": "UBND tỉnh", "text": "Đề nghị ban hành cơ chế."},
        {"is_union": True, "addressee": None, "addressee_vi": None, "text": "Đề nghị bố trí kinh phí."},
    ]
    blocks = outline(content(proposals=proposals)).blocks
    start = next(n for n, each in enumerate(blocks) if isinstance(each, Heading) and each.text.startswith("VIII."))
    assert blocks[start + 1 : start + 6] == (
        Heading("1. Đối với Ủy ban nhân dân tỉnh", 2),
        OwnWords(
            "proposals",
            "Kiến nghị đối với Ủy ban nhân dân tỉnh",
            ("Đề nghị ban hành cơ chế.", "Đề nghị bố trí kinh phí."),
        ),
        Heading("2. Đối với Sở Tài chính", 2),
        Paragraph(("Bố trí kinh phí (Xã A, Xã B).",), "item"),
        Paragraph(("01 kiến nghị với Hội nêu tại phụ lục Excel.",)),
    )


def test_an_agency_is_called_what_it_is_on_the_day_of_the_paper():
    proposal = {"is_union": False, "unit_uid": "u1", "unit_name_vi": "Xã A", "text": "Mở lớp.", "addressee": "PCA",
                "addressee_vi": "Liên minh Hợp tác xã tỉnh"}  # fmt: skip
    made = content(proposals=[proposal])
    for on, name in ((date(2025, 12, 26), "tỉnh"), (date(2026, 12, 26), "thành phố")):
        headings = [each.text for each in outline(made, on=on).blocks if isinstance(each, Heading)]
        assert f"2. Đối với Liên minh Hợp tác xã {name}" in headings


def test_units_that_are_late_and_agencies_whose_figures_do_not_count_are_named():
    sent = {"expected": True, "on_time": False, "status": "accepted"}
    late = [{**sent, "unit_name_vi": f"Xã {n}", "on_due_day": False} for n in range(1, 8)]
    late.append({**sent, "unit_name_vi": "Xã Bù Gia Mập", "on_due_day": True})
    whole = {"unit_name_vi": "Sở Công Thương", "what": "whole_province", "expected": True}
    found = texts(content(discipline=late, missing=[whole]))
    assert "Gửi trong ngày hết hạn (01 đơn vị): Xã Bù Gia Mập." in found
    assert "Gửi sau thời hạn (07 đơn vị): Xã 1, Xã 2, Xã 3, Xã 4, Xã 5 và 02 đơn vị khác." in found
    assert any(text.startswith("Số liệu của Sở Công Thương không được tính vì") for text in found)


@pytest.mark.parametrize(
    ("on", "agency"),
    [
        (date(2024, 12, 26), "Hội Liên hiệp Phụ nữ tỉnh kính báo cáo Ủy ban nhân dân tỉnh"),
        (date(2026, 12, 26), "Hội Liên hiệp Phụ nữ thành phố kính báo cáo Ủy ban nhân dân thành phố"),
    ],
)
def test_the_province_is_called_what_it_is_on_the_day(on, agency):
    assert agency in texts(on=on)[0]


def test_the_text_has_three_tables_and_what_a_recipient_does_not_need_is_one_line():
    source = {**figure("C23", 5, "allocated", "million VND"), "breakdown": "funding_source"}
    owed = [{"unit_uid": str(number)} for number in range(962)]
    made = content(missing_figures=[{}] * 24, duties_owed=owed, breakdowns=[source])
    assert sum(isinstance(block, Grid) for block in outline(made).blocks) == 3
    assert [text for text in texts(made) if "962" in text] == [
        "962 đơn vị chưa báo cáo đủ các nhiệm vụ được giao; 24 loại số liệu còn đơn vị để trống (danh sách tại phụ lục"
        " Excel)."
    ]


def test_a_source_that_had_money_last_year_and_has_no_figure_now_is_named_beside_the_totals():
    money = [figure("C23", value, measure, "million VND")
             for measure, value in (("planned", 12), ("allocated", 11), ("disbursed", 9))]  # fmt: skip
    local = {**money[1], "breakdown": "funding_source", "breakdown_code": "local",
             "breakdown_code_name_vi": "Ngân sách", "previous_value": Decimal(8)}  # fmt: skip
    other = {**local, "breakdown_code": "other", "breakdown_code_name_vi": "Nguồn hợp pháp khác", "value": None}
    made = content(figures=money, breakdowns=[local, other])
    assert (
        "Kinh phí dự toán 12,0 triệu đồng, được giao 11,0 triệu đồng, đã giải ngân 9,0 triệu đồng (theo báo cáo của cơ"
        " quan tài chính, chưa quyết toán), chưa có số liệu của nguồn: Nguồn hợp pháp khác."
    ) in texts(made)
    [table] = [block for block in outline(made).blocks if isinstance(block, Grid) and "nguồn vốn" in block.caption_vi]
    assert [plain(row["source"]) for row in table.rows] == ["Ngân sách", "Tổng cộng (chưa có: Nguồn hợp pháp khác)"]
    assert not any("chưa có số liệu của nguồn" in text for text in texts(content(figures=money, breakdowns=[local])))


def test_a_percentage_of_a_unit_is_what_it_is_made_of():
    made = content()
    uid = made.tables["unit_targets"].rows[0]["unit_uid"]
    [annex, *_] = outline(with_facts(made, unit_parts={(uid, "T05"): (Decimal(1), Decimal(3))})).annexes
    [table] = annex.blocks
    assert table.caption_vi == "Tỷ lệ ghi bằng số đạt trên tổng số; các chỉ tiêu khác ghi bằng số đếm"
    assert plain(table.rows[0]["T05"]) == "1/3"


def test_a_report_without_any_row_is_still_a_report():
    empty = with_facts(hand_made("annual", 2025, rows_of_each=0), **ALL_IN)
    made = outline(empty)
    assert not any(isinstance(block, Grid) and not block.rows for block in made.every_block()[1:])
