"""The note to the leader, and the answers to the questions that follow."""

from datetime import UTC, datetime
from decimal import Decimal

from reporting.papers.blocks import Grid, Heading, Paragraph, plain
from reporting.papers.note import note_outline
from tests.reporting.hand_made_content import about, hand_made, recipients, with_facts, with_own_words
from tests.reporting.papers.test_annual import content, figure
from tests.reporting.papers.test_targets import COUNT, PERCENT


def note(made=None, of_example=True, **said):
    union = recipients("note")["UNION"]
    return note_outline(made or content(), list(recipients(of_example=of_example).values()), union, about(**said))


def texts(blocks):
    return [plain(block.text) for block in blocks if isinstance(block, Paragraph | Heading)]


def answer(number, made):
    """The paragraphs below a question."""
    [annex] = note(made).annexes
    lines = texts(annex.blocks)
    start = next(place for place, line in enumerate(lines) if line.startswith(f"{number}. "))
    end = next((place for place, line in enumerate(lines) if line.startswith(f"{number + 1}. ")), len(lines))
    return lines[start + 1 : end]


def test_the_note_says_what_the_report_says_and_what_is_left_before_it_is_signed():
    made = with_facts(content(), open_queries=10, units_with_open_queries=3)
    assert texts(note(made, changes=("T01 Số HTX được củng cố, năm 2025, Bù Đăng: 1 → 2 HTX.",)).blocks) == [
        "Bộ phận tổng hợp đã dự thảo Báo cáo kết quả thực hiện Kế hoạch năm 2025 gửi Trung ương Hội Liên hiệp Phụ nữ"
        " Việt Nam, Ủy ban nhân dân tỉnh; kính trình đồng chí xem xét, ký ban hành.",
        "1. Nội dung chính",
        "Đến thời điểm chốt số liệu, trong 02 chỉ tiêu của Kế hoạch có: 01 chỉ tiêu đạt và vượt mục tiêu; 01 chỉ tiêu"
        " chưa đạt.",
        "Kết quả và đánh giá của các chỉ tiêu không thay đổi; các thay đổi khác nêu tại phụ lục Excel.",
        "2. Việc cần làm trước khi ký",
        "Cần bổ sung, ghi vào tệp Word trước khi ký: Công tác lãnh đạo, chỉ đạo; Kết quả nổi bật; Tồn tại, hạn chế;"
        " Nguyên nhân; Bài học kinh nghiệm; Phương hướng, nhiệm vụ năm tiếp theo; Kiến nghị đối với Trung ương Hội"
        " Liên hiệp Phụ nữ Việt Nam; Kiến nghị đối với Ủy ban nhân dân tỉnh.",
        "Còn 10 nội dung cần giải trình ở 03 đơn vị.",
    ]
    made = with_own_words(hand_made("annual", 2025))
    assert texts(note(made, of_example=False).blocks)[-2:] == [
        "Cần bổ sung, ghi vào tệp Word trước khi ký: Số, ngày của Kế hoạch.",
        "Còn 07 nội dung cần giải trình ở 07 đơn vị.",
    ]


def test_a_deadline_is_named_as_long_as_it_is_to_come():
    def due(day):
        made = with_facts(content(), due_at=datetime(2025, 12, day, 17, tzinfo=UTC))
        return [text for text in texts(note(made).blocks) if text.startswith("Thời hạn")]

    assert due(30) == ["Thời hạn gửi báo cáo: chậm nhất ngày 30/12/2025."]
    assert due(25) == []


def test_the_first_answer_names_what_is_not_met_with_the_unions_own_reason():
    causes = [{"section": "causes", "is_union": True, "addressee": None, "text": "Thiếu vốn."}]
    unmet, why = answer(1, content(targets=[COUNT, PERCENT], narratives=causes))
    assert unmet.startswith("Tỷ lệ cán bộ được tập huấn: 118/123 người (95,9%), chưa đạt mục tiêu năm 2025 (100%)")
    assert why == "Nguyên nhân theo đánh giá của Hội: Thiếu vốn."
    assert answer(1, content(targets=[COUNT], narratives=causes)) == ["Không có chỉ tiêu đến hạn nào chưa đạt."]


def test_the_second_answer_names_who_has_not_reported():
    made = content(missing=[{"unit_name_vi": "Xã Thọ Sơn", "what": "missing", "expected": True}])
    assert answer(2, made) == [
        "48/48 đơn vị có trách nhiệm báo cáo đã gửi báo cáo, trong đó 40 đơn vị đúng hạn.",
        "Chưa gửi báo cáo (01 đơn vị): Xã Thọ Sơn.",
    ]


def test_the_third_answer_compares_what_can_be_compared_and_names_the_rest():
    population = {**PERCENT, "previous_value_denominator": Decimal(300)}
    assert answer(3, content(targets=[{**COUNT, "compared_vi": "5/7"}, population])) == [
        "HTX được củng cố: tăng 03 HTX (trên 5/7 vùng so sánh được).",
        "Không so sánh vì phạm vi số liệu hoặc tổng số của hai năm khác nhau: Cán bộ phụ trách được tập huấn.",
    ]
    assert answer(3, content(targets=[COUNT, PERCENT])) == [
        "HTX được củng cố: tăng 03 HTX.",
        "Cán bộ phụ trách được tập huấn: năm trước 114/121 người (94,2%); tăng 1,7 điểm phần trăm.",
    ]
    assert answer(3, content(targets=[{**COUNT, "previous_value": None}])) == [
        "Chưa có số liệu năm trước để so sánh."
    ]  # fmt: skip


def test_the_fourth_answer_gives_the_money_by_source():
    money = [figure("C23", value, measure, "million VND")
             for measure, value in (("planned", 12), ("allocated", 11), ("disbursed", 9))]  # fmt: skip
    source = {**money[1], "breakdown": "funding_source", "breakdown_code": "x", "breakdown_code_name_vi": "Quỹ"}
    made = content(figures=money, breakdowns=[source])
    assert answer(4, made) == [
        "Kinh phí dự toán 12,0 triệu đồng, được giao 11,0 triệu đồng, đã giải ngân 9,0 triệu đồng (theo báo cáo của cơ"
        " quan tài chính, chưa quyết toán)."
    ]
    assert any(isinstance(block, Grid) for block in note(made).annexes[0].blocks)
    assert answer(4, content()) == ["Chưa có số liệu về kinh phí."]


def test_the_fifth_answer_says_what_each_is_to_do():
    unit = {"is_union": False, "addressee": "DOF", "addressee_vi": "Sở Tài chính"}
    own = {**unit, "is_union": True, "text": "Bố trí kinh phí."}
    made = content(proposals=[{**unit, "text": "Mở lớp."}, own])
    assert answer(5, made) == ["Sở Tài chính: Bố trí kinh phí; ngoài ra có 01 kiến nghị khác."]
    general = {"is_union": True, "addressee": None, "addressee_vi": None, "text": "Ban hành cơ chế."}
    assert answer(5, content(proposals=[{**unit, "text": "Mở lớp."}, general])) == [
        "Trung ương Hội Liên hiệp Phụ nữ Việt Nam, Ủy ban nhân dân tỉnh: Ban hành cơ chế.",
        "Sở Tài chính: Mở lớp.",
    ]
    of_us = {"is_union": False, "addressee": "WU-P", "addressee_vi": "Hội Liên hiệp Phụ nữ tỉnh"}
    asked = [{**of_us, "text": "Mở thêm lớp."}, own, {**of_us, "text": "Gửi biểu mẫu sớm."}]
    assert answer(5, content(proposals=asked)) == [
        "Sở Tài chính: Bố trí kinh phí.",
        "Các đơn vị kiến nghị với Hội: Mở thêm lớp; ngoài ra có 01 kiến nghị khác.",
    ]
    assert answer(5, content()) == ["Chưa có kiến nghị."]
