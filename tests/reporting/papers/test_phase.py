"""The review of a phase: what its outline says, on hand-made content."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reporting.papers.blocks import Grid, Heading, OwnWords, Paragraph, plain, without_words
from reporting.papers.parts import figures_of
from reporting.papers.phase import phase_outline
from tests.reporting.hand_made_content import about, hand_made, recipients, with_facts, with_rows

FACTS = {"years": [2023, 2024, 2025], "received_units": 88, "expected_units": 90}
REVIEWED = date(2026, 3, 27)
EMPTIED = ("missing", "narratives", "proposals", "untrained_managers", "shortfalls", "totals", "duties", "outlook",
           "target_proposals", "duty_proposals")  # fmt: skip
TARGET = {
    "indicator_code": "T01", "indicator_name_vi": "Số HTX được củng cố", "unit": "cooperative", "unit_vi": "HTX",
    "value": Decimal(22), "value_numerator": Decimal(22), "value_denominator": None, "target": Decimal(20),
    "target_year": 2025, "verdict": "exceeded", "verdict_vi": "Vượt", "reported_as": "target", "bound_kind": "exact",
    "missing_units": None, "key": "T01-2025",
}  # fmt: skip
MANAGERS = {
    **TARGET, "indicator_code": "T05", "indicator_name_vi": "Tỷ lệ nữ quản lý HTX được đào tạo", "unit": "percent",
    "unit_vi": "%", "value": Decimal("93.3333"), "value_numerator": Decimal(56), "value_denominator": Decimal(60),
    "target": Decimal(100), "verdict": "not_met", "key": "T05-2025",
}  # fmt: skip
OFFICERS = {
    **MANAGERS, "indicator_code": "T09", "indicator_name_vi": "Tỷ lệ cán bộ được tập huấn", "value": Decimal("95.93"),
    "value_numerator": Decimal(118), "value_denominator": Decimal(123), "key": "T09-2025",
}  # fmt: skip
GROUPS = {
    **TARGET, "indicator_code": "T02", "indicator_name_vi": "Số Tổ hợp tác được củng cố", "unit": "group",
    "unit_vi": "Tổ hợp tác", "value": Decimal(49), "target": Decimal(50), "verdict": "undecided",
    "bound_kind": "certain", "value_low": Decimal(49), "value_high": Decimal(54), "missing_units": "Xã Thọ Sơn",
}  # fmt: skip
OUTLOOK = {
    "indicator_code": "T01", "indicator_name_vi": "Số HTX được củng cố", "unit": "cooperative", "unit_vi": "HTX",
    "value": Decimal(22), "next_target": Decimal(40), "next_target_year": 2030, "remaining": Decimal(18),
    "years_left": 5, "pace_needed": Decimal("3.6"), "pace_so_far": Decimal("7.333"), "expected_value": Decimal(40),
    "expected_is_capped": True, "is_undecided": False, "pace_withheld": None, "pace_withheld_vi": None,
    "limit_vi": "Tối đa có 40 HTX",
    "outlook": "on_pace", "key": "T01-2025",
}  # fmt: skip
UNPACED = {
    **OUTLOOK, "indicator_code": "T10", "indicator_name_vi": "Tỷ lệ cán bộ được nâng cao kỹ năng", "unit": "percent",
    "unit_vi": "%", "value": Decimal("80.98"), "value_numerator": Decimal(264), "value_denominator": Decimal(326),
    "comparator_vi": "Ít nhất", "next_target": Decimal(90), "remaining": Decimal("9.02"),
    "pace_needed": Decimal("1.804"), "pace_so_far": None, "expected_value": None, "expected_is_capped": None,
    "limit_vi": None,
}  # fmt: skip
PROPOSAL = {
    "indicator_code": "T01", "indicator_name_vi": "Số HTX được củng cố",
    "unit": "cooperative", "unit_vi": "HTX", "proposal": "keep",
    "proposal_vi": "Giữ nguyên mục tiêu 40 HTX.", "because_vi": "Năm 2025 thực hiện 22 HTX.",
    "effect_vi": "Mỗi năm cần tăng 3,6 HTX.", "next_target": Decimal(40), "proposed_target": Decimal(40),
}  # fmt: skip
DUTY = {
    "duty_name_vi": "Xây dựng mô hình điểm", "rule_code": "duty_silent", "proposal": "ask", "proposal_vi": "Đề nghị A.",
    "because_vi": "Vì B.", "effect_vi": "Nên C.", "assigned_units": 41, "reported_units": 2,
}  # fmt: skip
MONEY = {
    "topic": "money", "topic_vi": "Kinh phí", "indicator_code": "C23", "measure_code": "allocated",
    "breakdown": "total",
    "part_vi": None, "name_vi": "Kinh phí được giao", "unit": "million VND", "unit_vi": "triệu đồng", "total_is": "sum",
    "value": Decimal("41430.7"), "incomplete_years": None, "key": "C23.allocated-2023..2025",
}  # fmt: skip
SPENT = {**MONEY, "measure_code": "disbursed", "name_vi": "Kinh phí đã giải ngân", "value": Decimal("34420.4")}


def content(**tables):
    """A review with nothing but `tables`."""
    made = with_facts(hand_made("phase_review", 1), **FACTS)
    for name in EMPTIED:
        made = with_rows(made, name, tables.pop(name, []))
    return with_rows(made, "path", tables.pop("path", [TARGET]))


def outline(made=None, recipient="PEOPLES_COMMITTEE", **said):
    made = made or content()
    return phase_outline(made, recipients("phase_review", REVIEWED)[recipient], about(**said))


def texts(made=None, **said):
    blocks = outline(made, **said).blocks
    return [plain(block.text) for block in blocks if isinstance(block, Paragraph | Heading)]


def table(made, caption):
    """The cells of a table of the text or an annex, row by row."""
    [found] = [each for each in outline(made).every_block() if isinstance(each, Grid) and caption in each.caption_vi]
    return [[plain(row.get(column.code, ())) for column in found.columns] for row in found.rows]


def test_targets_that_were_reached_stand_in_one_sentence_with_result_and_target():
    jobs = {**TARGET, "indicator_code": "T07", "value": Decimal(3), "target": Decimal(3)}
    assert (
        "Có 02 chỉ tiêu đạt và vượt mục tiêu của giai đoạn: HTX được củng cố: 22 HTX, mục tiêu 20 HTX;"
        " HTX thành lập mới: 03 HTX, mục tiêu 03 HTX."
    ) in texts(content(path=[TARGET, jobs]))


def test_a_missed_target_names_the_cooperatives_whose_managers_are_untrained():
    rows = [
        {"cooperative_name": "HTX Phú Cường", "commune_name_vi": "Phường Phước Bình", "untrained": 2},
        {"cooperative_name": "HTX Đất Đỏ", "commune_name_vi": "Phường Bình Long", "untrained": 1},
    ]
    assert (
        "Tỷ lệ nữ quản lý HTX được đào tạo: 56/60 người (93,3%), chưa đạt mục tiêu 100%. Còn 03 nữ quản lý chưa được"
        " đào tạo, bồi dưỡng tại 02 HTX: HTX Phú Cường (Phường Phước Bình) 02 người, HTX Đất Đỏ (Phường Bình Long)"
        " 01 người."
    ) in texts(content(path=[MANAGERS], untrained_managers=rows))


def test_a_missed_target_of_officers_names_their_units():
    rows = [
        {"indicator_code": "T09", "unit_name_vi": "Hội LHPN tỉnh", "short": Decimal(2)},
        {"indicator_code": "T09", "unit_name_vi": "Xã Tân Khai", "short": Decimal(3)},
        {"indicator_code": "T05", "unit_name_vi": "Xã Nha Bích", "short": Decimal(9)},
    ]
    assert (
        "Tỷ lệ cán bộ được tập huấn: 118/123 người (95,9%), chưa đạt mục tiêu 100%. Còn 05 người tại 02 đơn vị:"
        " Hội LHPN tỉnh 02 người, Xã Tân Khai 03 người."
    ) in texts(content(path=[OFFICERS], shortfalls=rows))


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({}, "kết quả có thể từ 49 đến 54 khi có số liệu của Xã Thọ Sơn."),
        ({"bound_kind": "assumed"}, "kết quả có thể từ 49 đến 54 (ước lượng) khi có số liệu của Xã Thọ Sơn."),
        (
            {"bound_kind": "open", "value_high": None},
            "mức có thể đạt chưa xác định được do chưa có số liệu của Xã Thọ Sơn.",
        ),
    ],
)
def test_an_undecided_target_says_its_bounds_or_that_they_are_unknown(bounds, said):
    assert (
        "Số Tổ hợp tác được củng cố: 49 Tổ hợp tác, mục tiêu 50 Tổ hợp tác; chưa đủ số liệu để kết luận, " + said
    ) in texts(content(path=[{**GROUPS, **bounds}]))


def test_the_first_page_counts_verdicts_and_leaves_out_duties_that_keep_books():
    books = {**TARGET, "reported_as": "bookkeeping"}
    later = {**TARGET, "target_year": 2030, "verdict": "in_progress"}
    assert (
        "Kết thúc giai đoạn, trong 03 chỉ tiêu Kế hoạch đặt mục tiêu cho giai đoạn có 01 chỉ"
        " tiêu đạt và vượt,"
        " 01 chỉ tiêu chưa đạt, 01 chỉ tiêu chưa đủ số liệu để kết luận; 01 chỉ tiêu khác có thời hạn sau giai đoạn"
        " hoặc chỉ theo dõi. Chưa đạt: Nữ quản lý được đào tạo."
    ) in texts(content(path=[TARGET, MANAGERS, GROUPS, later, books]))


def test_money_has_a_rate_where_all_who_owe_it_gave_it_in_all_years():
    assert (
        "Tổng kinh phí được giao trong giai đoạn là 41.430,7 triệu đồng; đã giải ngân 34.420,4 triệu đồng, bằng 83,1%"
        " kinh phí được giao."
    ) in texts(content(totals=[MONEY, SPENT]))
    assert (
        "Tổng kinh phí được giao trong giai đoạn là 41.430,7 triệu đồng; đã giải ngân 34.420,4 triệu đồng (theo các"
        " đơn vị đã báo cáo)."
    ) in texts(content(totals=[MONEY, {**SPENT, "incomplete_years": "2024: 1/2"}]))


def test_the_first_page_has_what_the_phase_brought_without_what_nobody_gave():
    groups = {**MONEY, "indicator_code": "T02", "measure_code": "value", "unit": "group", "value": Decimal(49)}
    cooperatives = {**groups, "indicator_code": "T01", "unit": "cooperative", "value": Decimal(7)}
    debts = {**MONEY, "indicator_code": "C06", "measure_code": "settled", "value": Decimal("2976.1")}
    assert (
        "Cả giai đoạn có 07 HTX và 49 Tổ hợp tác được củng cố; 2.976,1 triệu đồng nợ tồn đọng được xử lý."
    ) in texts(content(totals=[cooperatives, groups, debts]))
    assert not any(text.startswith("Cả giai đoạn có") for text in texts(content(totals=[groups])))


def test_duties_that_no_unit_did_are_named():
    done = {"duty_name_vi": "Website HTX", "assigned_units": 2, "reported_units": 2, "done_units": 2,
            "in_progress_units": 0, "is_done_in_phase": True}  # fmt: skip
    undone = {**done, "duty_name_vi": "Chuyển đổi số HTX", "reported_units": 0, "done_units": 0}
    undone["is_done_in_phase"] = False
    assert any(
        "01 nhiệm vụ chưa có đơn vị được giao nào báo cáo đã thực hiện trong cả giai đoạn (Chuyển đổi số HTX). Có 01"
        in text
        for text in texts(content(duties=[done, undone]))
    )


def test_a_duty_that_units_did_in_the_first_year_alone_is_not_called_undone():
    first = {"duty_name_vi": "Khuyến công", "assigned_units": 1, "reported_units": 1, "done_units": 0,
             "in_progress_units": 0, "is_done_in_phase": True}  # fmt: skip
    under_way = {**first, "duty_name_vi": "Phối hợp kiểm tra, giám sát", "in_progress_units": 1}
    [said] = [text for text in texts(content(duties=[first, under_way])) if text.startswith("Kế hoạch giao")]
    assert "Trong năm 2025 (nhiệm vụ không phải thực hiện hằng năm: tính từ đầu giai đoạn), 0 nhiệm vụ" in said
    assert (
        "; 01 nhiệm vụ đang được thực hiện, chưa có đơn vị được giao nào báo cáo hoàn thành (Phối hợp kiểm tra, giám"
        " sát); 01 nhiệm vụ mà các đơn vị được giao chỉ báo cáo đã thực hiện trong những năm trước của giai đoạn"
        " (Khuyến công)."
    ) in said
    assert "trong cả giai đoạn" not in said


def test_a_source_of_money_without_a_figure_of_a_year_is_named_beside_the_total_and_below_the_table():
    part = {**MONEY, "breakdown": "funding_source", "part_vi": "Nguồn hợp pháp khác", "value": Decimal("9363.9"),
            "value_2023": Decimal("5095.1"), "value_2024": Decimal("4268.8"), "value_2025": None}  # fmt: skip
    local = {**part, "part_vi": "Ngân sách địa phương", "value_2025": Decimal(7)}
    none = {**part, "part_vi": "Khuyến công", "value_2023": None, "value_2024": None}
    made, named = content(totals=[MONEY, SPENT, part, local, none]), "Chưa có số liệu của: Nguồn hợp pháp khác"
    assert any(text.endswith(f"kinh phí được giao. {named} (năm 2025).") for text in texts(made))
    [totals] = [each for each in outline(made).every_block() if isinstance(each, Grid) and "cả giai" in each.caption_vi]
    assert totals.note_vi.endswith(f"{named} (năm 2025).")


def test_a_target_without_a_verdict_has_no_forecast():
    undecided = {**OUTLOOK, "expected_value": None, "expected_is_capped": False, "is_undecided": True}
    made = content(outlook=[undecided])
    assert table(made, "Mục tiêu của giai đoạn sau")[0][-1] == "–"
    assert "Không dự báo đối với HTX được củng cố do chưa đủ số liệu để kết luận." in texts(made)


def test_a_replacing_review_says_what_it_proposes_otherwise_with_the_old_words_and_the_new():
    moved, same, new = (
        {**PROPOSAL, "indicator_code": code, "proposal_vi": f"Đề xuất {code}."} for code in ("T08", "T01", "T02")
    )
    jobs = {**TARGET, "indicator_code": "T08", "indicator_name_vi": "Số HTX được củng cố"}
    subject = "T08 Số HTX được củng cố, năm 2025, Toàn địa bàn Kế hoạch"
    kept = {"indicator_name_vi": "Số HTX được củng cố", "proposal_vi": "Đề xuất cũ."}
    duty = {"duty_code": "IV.5.a", "duty_name_vi": "Nghiên cứu chính sách", "proposal_vi": "Bỏ nhiệm vụ."}
    found = texts(
        content(path=[jobs], target_proposals=[moved, same, new], duty_proposals=[]),
        replaces={"PEOPLES_COMMITTEE": ("01/BC-HLHPN", REVIEWED)},
        changes=(f"{subject}, đánh giá: Đạt → Chưa đạt.", f"{subject}: 92 → 86 người."),
        proposed={
            "target_proposals": [
                {**kept, "indicator_code": "T08"},
                {**kept, "indicator_code": "T01", "proposal_vi": "Đề xuất T01."},
            ],
            "duty_proposals": [duty],
        },
    )
    start = found.index("Việc làm mới: kết quả từ 92 thành 86 người.")
    assert found[start + 1 : start + 5] == [
        "Việc làm mới: đánh giá từ “Đạt” thành “Chưa đạt”.",
        "Việc làm mới: báo cáo được thay thế đề xuất “Đề xuất cũ”, nay đề xuất “Đề xuất T08”.",
        "Tổ hợp tác được củng cố: nay đề xuất “Đề xuất T02” (báo cáo được thay thế không có).",
        "Nghiên cứu chính sách: không còn đề xuất “Bỏ nhiệm vụ”.",
    ]


def test_what_is_added_up_over_years_keeps_its_key_and_parts_stand_below_their_figure():
    part = {**MONEY, "breakdown": "funding_source", "part_vi": "Ngân sách địa phương", "value": Decimal("11225.9")}
    made = content(totals=[MONEY, part])
    assert "C23.allocated-2023..2025" in {each.key for each in figures_of(outline(made))}
    rows = table(made, "Kết quả của cả giai đoạn")
    assert [(row[0], row[-2]) for row in rows] == [
        ("Kinh phí", ""), ("Kinh phí được giao", "41.430,7"), ("– Ngân sách địa phương", "11.225,9"),
    ]  # fmt: skip


def test_the_next_targets_have_their_paces_and_a_forecast_ends_at_what_the_plan_allows():
    rows = table(content(outlook=[OUTLOOK]), "Mục tiêu của giai đoạn sau")
    assert rows == [["Số HTX được củng cố", "HTX", "22", "40", "18", "3,6", "7,3", "40 (mức tối đa)"]]
    assert "Tối đa có 40 HTX." in texts(content(outlook=[OUTLOOK]))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("too_few", "tổng số quá nhỏ"),
        ("population_changed", "tổng số thay đổi nhiều giữa các năm"),
        (
            "units_changed",
            "đơn vị báo cáo đã thay đổi do sắp xếp đơn vị hành chính, tỷ lệ của hai thời kỳ không so sánh được",
        ),
        ("one_report", "mới có số liệu của một năm"),
    ],
)
def test_a_pace_that_is_withheld_is_a_dash_with_its_reason(reason, said):
    made = content(outlook=[{**UNPACED, "pace_withheld": reason, "pace_withheld_vi": said}])
    assert table(made, "Mục tiêu của giai đoạn sau") == [
        ["Tỷ lệ cán bộ được nâng cao kỹ năng", "%", "264/326 (81,0%)", "ít nhất 90%", "9 điểm", "1,8 điểm", "–", "–"]
    ]
    assert (
        "Không tính mức tăng bình quân và không dự báo đối với Cán bộ Hội nâng cao kỹ năng (" + said + ")."
    ) in texts(made)


def test_each_target_has_one_proposal_and_the_draft_of_amended_targets_follows_them():
    lowered = {**PROPOSAL, "proposal": "lower", "next_target": Decimal(800), "proposed_target": Decimal(570)}
    new = {**PROPOSAL, "proposal": "set", "next_target": None, "proposed_target": Decimal(210)}
    waiting = {**PROPOSAL, "proposal": "complete_data", "proposed_target": None}
    tracked = {**PROPOSAL, "proposal": "track", "next_target": None, "proposed_target": None}
    raised = {**PROPOSAL, "proposal": "raise", "proposed_target": Decimal(60)}
    made = content(target_proposals=[PROPOSAL, lowered, new, waiting, tracked, raised])
    assert [row[2:] for row in table(made, "mục tiêu đề nghị")] == [
        ["40", "40", "Giữ nguyên"], ["800", "570", "Giảm"], ["–", "210", "Đặt mới"], ["40", "–", "Chưa đề nghị"],
        ["40", "60", "Nâng"],
    ]  # fmt: skip
    assert table(made, "Đề xuất về mục tiêu")[0] == [
        "Số HTX được củng cố", "Giữ nguyên mục tiêu 40 HTX.", "Năm 2025 thực hiện 22 HTX.", "Mỗi năm cần tăng 3,6 HTX.",
    ]  # fmt: skip
    assert (
        "Mục tiêu của giai đoạn sau: giữ nguyên mục tiêu của 01 chỉ tiêu; điều chỉnh mục tiêu của 02 chỉ tiêu"
        " (HTX được củng cố: từ 800 thành 570 HTX; HTX được củng cố: từ 40 thành 60 HTX); đặt mục tiêu cho 01 chỉ tiêu"
        " (HTX được củng cố: 210 HTX); chưa đề xuất đối với 01 chỉ tiêu do chưa đủ số liệu."
    ) in texts(made)


def test_a_number_of_ours_stands_with_the_units_that_its_figures_lack():
    lowered = {**PROPOSAL, "indicator_code": "T02", "next_target": Decimal(800), "proposed_target": Decimal(570)}
    kept = {**PROPOSAL, "indicator_code": "T02"}
    rows = table(content(path=[GROUPS], target_proposals=[lowered, kept]), "Đề xuất về mục tiêu")
    assert [row[2] for row in rows] == [
        "Năm 2025 thực hiện 22 HTX. Chưa có số liệu của Xã Thọ Sơn.", "Năm 2025 thực hiện 22 HTX.",
    ]  # fmt: skip


def test_nothing_is_proposed_without_proposals():
    assert "Chưa có cơ sở đề xuất điều chỉnh mục tiêu." in texts()


def test_duties_with_the_same_proposal_stand_together_by_section_and_a_single_one_by_itself():
    other = {**DUTY, "duty_name_vi": "Chuyển đổi số HTX", "assigned_units": 33}
    rows = [{**each, "duty_code": each["duty_name_vi"]} for each in (DUTY, other)]
    sections = [{"duty_code": row["duty_code"], "section_title_vi": "Củng cố HTX", "done_units": 1} for row in rows]
    found = texts(content(duty_proposals=rows, duties=sections))
    assert any("đối với 02 nhiệm vụ" in text and "không còn 70 lượt giao nhiệm vụ" in text for text in found)
    assert "Củng cố HTX: Xây dựng mô hình điểm (2/41); Chuyển đổi số HTX (2/33)." in found
    assert "Đề nghị A. Căn cứ: Vì B. Tác động: Nên C." in texts(content(duty_proposals=[DUTY]))


def test_own_words_come_from_the_unions_report_on_the_phase_and_from_nothing_else():
    union = {"section": "results", "is_union": True, "text": "Cả giai đoạn đã làm tốt.", "addressee": None}
    unit = {**union, "section": "causes", "is_union": False}
    made = content(narratives=[union, unit])
    own = {block.section: block.paragraphs for block in outline(made).blocks if isinstance(block, OwnWords)}
    assert own["results"] == ("Cả giai đoạn đã làm tốt.",)
    assert [block.section for block in without_words(outline(made))] == [
        "leadership", "shortcomings", "causes", "lessons", "proposals",
    ]  # fmt: skip


def test_what_units_say_is_grouped_and_shortened():
    rows = [
        {"section_title_vi": "Nguyên nhân", "is_union": False, "addressee": None, "unit_uid": str(number),
         "unit_name_vi": f"Xã {number}", "text": "Thiếu vốn " * 30}
        for number in range(6)
    ]  # fmt: skip
    found = texts(content(narratives=rows))
    assert "06 đơn vị đã gửi báo cáo giai đoạn; ý kiến đầy đủ nêu tại tệp số liệu kèm theo." in found
    said = [text for text in found if text.startswith("Xã ")]
    assert len(said) == 4
    assert all(len(text) <= 190 and text.endswith("…") for text in said)
    assert "Và 02 ý kiến khác, nêu tại tệp số liệu kèm theo." in found


def test_the_subject_is_the_title_of_the_document_so_that_the_last_phase_has_its_closing_report():
    closing = replace(content(), title_vi="Báo cáo tổng kết thực hiện Kế hoạch", period_vi="giai đoạn 2")
    assert outline(closing).subject_vi == "Tổng kết thực hiện Kế hoạch, giai đoạn 2"
    assert not any("sơ kết" in text.lower() for text in texts(closing))


def test_units_without_figures_are_named_with_their_year():
    rows = [
        {"report_year": 2024, "unit_name_vi": "Huyện Bù Gia Mập", "expected": True, "what": "missing"},
        {"report_year": 2025, "unit_name_vi": "Xã Thọ Sơn", "expected": True, "what": "missing"},
        {"report_year": 2025, "unit_name_vi": "Hội Nữ doanh nhân", "expected": False, "what": "missing"},
        {"report_year": 2025, "unit_name_vi": "Sở Công Thương", "expected": True, "what": "whole_province"},
    ]
    missing = (
        "đã gửi 88/90 báo cáo năm. Còn thiếu: Huyện Bù Gia Mập (năm 2024); Xã Thọ Sơn (năm 2025)."
        " Không tính số liệu Sở Công Thương (năm 2025): địa bàn rộng hơn."
    )
    assert any(text.endswith(missing) for text in texts(content(missing=rows)))
