"""What the charts of a paper show."""

from decimal import Decimal

import pytest

from reporting.papers.blocks import Picture
from reporting.papers.pictures import Bar, chart_of, pictures
from tests.reporting.hand_made_content import hand_made, with_rows

STRENGTHENED = {
    "indicator_name_vi": "Số HTX được củng cố", "unit": "cooperative", "unit_vi": "HTX", "value": Decimal(22),
    "target": Decimal(20), "achieved_pct": Decimal(110), "verdict": "exceeded", "verdict_vi": "Vượt",
}  # fmt: skip
TRAINED = {
    "indicator_name_vi": "Tỷ lệ nữ quản lý được đào tạo", "unit": "percent", "value": Decimal("95.934"),
    "value_numerator": Decimal(118), "value_denominator": Decimal(123), "target": Decimal(100),
    "achieved_pct": Decimal("95.934"), "verdict": "not_met", "verdict_vi": "Chưa đạt",
}  # fmt: skip


def targets(*rows: dict):
    return with_rows(hand_made("annual", 2025), "targets", rows)


def test_a_target_is_written_with_its_parts_and_its_bar_says_what_was_reached():
    counted, of_people = chart_of("achievement", targets(STRENGTHENED, TRAINED)).groups
    assert counted.label == "Số HTX được củng cố: 22 HTX, mục tiêu 20 HTX"
    assert counted.bars == (Bar(110, "110% – Vượt", "full"),)
    assert of_people.label == "Tỷ lệ nữ quản lý được đào tạo: 118/123 (95,9%), mục tiêu 100%"
    assert (of_people.bars[0].text, of_people.bars[0].fill) == ("95,9% – Chưa đạt", "lined")


def test_the_picture_of_page_one_has_short_names_and_says_what_the_fills_mean():
    row = {**TRAINED, "indicator_code": "T05"}
    chart = chart_of("first_page", targets(row))
    assert [(group.label, group.bars[0].text, group.bars[0].fill) for group in chart.groups] == [
        ("Nữ quản lý được đào tạo", "95,9%", "lined")
    ]
    assert chart.caption_vi == "Mức đạt mục tiêu (vạch đứng: mục tiêu; sọc: chưa đạt)"
    verdicts = ("exceeded", "not_met", "undecided", "in_progress")
    every = chart_of("first_page", targets(*({**row, "verdict": each} for each in reversed(verdicts))))
    assert [group.bars[0].fill for group in every.groups] == ["empty", "dotted", "lined", "full"]
    assert every.caption_vi == (
        "Mức đạt mục tiêu (vạch đứng: mục tiêu; đậm: đạt; sọc: chưa đạt; chấm: chưa kết luận; trắng: đang thực hiện)"
    )


def test_a_picture_says_in_a_sentence_what_it_shows():
    assert pictures("achievement", targets(STRENGTHENED, TRAINED)) == (
        Picture(
            "achievement",
            "Mức đạt so với mục tiêu, năm 2025",
            "Mức đạt so với mục tiêu, năm 2025: 1/2 chỉ tiêu đạt hoặc vượt mục tiêu.",
        ),
    )


def test_targets_of_later_years_are_shown_where_none_is_of_the_year():
    later = {**TRAINED, "target_year": 2030}
    assert len(chart_of("achievement", targets(STRENGTHENED, later)).groups) == 1
    assert len(chart_of("achievement", targets(later)).groups) == 1


def test_a_bar_twice_as_long_as_its_target_is_cut_and_says_its_figure():
    founded = {**STRENGTHENED, "value": Decimal(9), "target": Decimal(3), "achieved_pct": Decimal(300)}
    assert chart_of("achievement", targets(founded)).groups[0].bars == (Bar(150, "300% – Vượt", "full"),)


def test_there_is_no_picture_of_nothing():
    assert pictures("achievement", targets({**STRENGTHENED, "achieved_pct": None})) == ()
    assert pictures("money_sources", hand_made("annual", 2025, rows_of_each=0)) == ()


def test_the_money_of_a_source_is_what_was_planned_allocated_and_disbursed():
    names = {"planned": "Kinh phí dự toán", "allocated": "Kinh phí được giao", "disbursed": "Kinh phí đã giải ngân"}
    of_source = {"indicator_code": "C23", "breakdown_code_name_vi": "Ngân sách địa phương", "unit": "million VND"}
    rows = [
        {**of_source, "measure_code": code, "name_vi": names[code], "value": Decimal(value)}
        for code, value in (("disbursed", "3400"), ("planned", "4000"), ("allocated", "3589.9"))
    ]
    chart = chart_of("money_sources", with_rows(hand_made("annual", 2025), "breakdowns", rows))
    assert [(bar.text, bar.fill) for bar in chart.groups[0].bars] == [
        ("4.000,0", "empty"), ("3.589,9", "lined"), ("3.400,0", "full"),
    ]  # fmt: skip
    assert chart.legend == {"empty": names["planned"], "lined": names["allocated"], "full": names["disbursed"]}


def test_units_are_counted_by_kind_and_by_when_they_reported():
    commune = {"unit_kind_vi": "Xã, phường", "status": "accepted", "on_time": True, "on_time_vi": "Đúng hạn"}
    late = {**commune, "on_time": False, "on_due_day": False, "on_time_vi": "Quá hạn"}
    missing = {**late, "status": "missing", "on_time_vi": "Chưa có báo cáo"}
    voluntary = {**missing, "expected": False}
    content = with_rows(hand_made("annual", 2025), "discipline", [commune, commune, late, missing, voluntary])
    chart = chart_of("units", content)
    assert [group.label for group in chart.groups] == ["Xã, phường: 3/4 đơn vị đã gửi"]
    assert [(bar.text, bar.fill) for bar in chart.groups[0].bars] == [("2", "full"), ("1", "lined"), ("1", "empty")]
    assert chart.alt_vi == "Đơn vị gửi báo cáo, năm 2025: 3/4 đơn vị phải báo cáo đã gửi."


def test_another_name_is_an_error():
    with pytest.raises(KeyError, match="pie"):
        pictures("pie", hand_made("annual", 2025))
