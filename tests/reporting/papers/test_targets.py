"""The sentence of a target, case by case."""

from decimal import Decimal

import pytest

from reporting.papers.blocks import Figure, plain
from reporting.papers.sentences import SENTENCES
from reporting.papers.targets import shortfall, target_sentence
from tests.datasets import read_csv
from tests.reporting.hand_made_content import SEEDS, hand_made, with_facts, with_rows

COUNT = {
    "indicator_code": "T01", "indicator_name_vi": "Số HTX được củng cố", "unit": "cooperative", "unit_vi": "HTX",
    "key": "T01-2025", "value": Decimal(22), "target": Decimal(20), "target_year": 2025, "comparator": ">=",
    "comparator_vi": "Ít nhất", "achieved_pct": Decimal(110), "verdict": "exceeded", "bound_kind": "exact",
    "value_low": Decimal(22), "value_high": Decimal(22), "previous_value": Decimal(19), "change": Decimal(3),
    "compared_vi": None, "coverage_vi": "40/40",
}  # fmt: skip
PERCENT = {
    **COUNT, "indicator_code": "T09", "indicator_name_vi": "Tỷ lệ cán bộ được tập huấn", "unit": "percent",
    "key": "T09-2025", "value": Decimal("95.9349"), "value_numerator": Decimal(118), "value_denominator": Decimal(123),
    "target": Decimal(100), "comparator": "=", "achieved_pct": Decimal("95.9349"), "verdict": "not_met",
    "previous_value": Decimal("94.2149"), "previous_value_numerator": Decimal(114),
    "previous_value_denominator": Decimal(121), "change": Decimal("1.72"),
}  # fmt: skip


def content(*rows, **facts):
    made = hand_made("annual", 2025)
    made = with_rows(made, "targets", rows)
    return with_facts(
        with_rows(with_rows(made, "missing_figures", []), "untrained_managers", []), missing_units=0, **facts
    )


def said(row, **facts):
    made = content(row, **facts)
    return plain(target_sentence(made, made.tables["targets"].rows[0]))


def test_a_count_says_its_target_and_how_it_moved():
    assert said(COUNT) == (
        "Số HTX được củng cố: 22/20 HTX (lũy kế từ đầu Kế hoạch), bằng 110% mục tiêu năm 2025, vượt 02 HTX."
        " So với năm 2024: tăng 03 HTX."
    )


def test_only_what_counts_from_the_beginning_of_the_plan_is_called_cumulative():
    row = {"verdict": "in_progress", "value": Decimal(8), "achieved_pct": Decimal(40), "previous_value": None}
    cumulative = [
        code for code in (f"T{number:02}" for number in range(1, 17))
        if "lũy kế từ đầu Kế hoạch" in said({**COUNT, **row, "indicator_code": code})
    ]  # fmt: skip
    assert cumulative == ["T01", "T02", "T06", "T07", "T08"]


@pytest.mark.parametrize(
    ("verdict", "value", "achieved", "words"),
    [
        ("met", 20, 100, "20/20 HTX (lũy kế từ đầu Kế hoạch), đạt mục tiêu năm 2025."),
        (
            "not_met",
            15,
            75,
            "15/20 HTX (lũy kế từ đầu Kế hoạch), bằng 75% mục tiêu năm 2025, chưa đạt, còn thiếu 05 HTX.",
        ),
        ("in_progress", 8, 40, "8/20 HTX (lũy kế từ đầu Kế hoạch), bằng 40% mục tiêu năm 2025, đang thực hiện."),
        ("in_progress", 21, 105, "21/20 HTX (lũy kế từ đầu Kế hoạch), hiện vượt mức mục tiêu năm 2025 (105%)."),
        ("in_progress", 20, 100, "20/20 HTX (lũy kế từ đầu Kế hoạch), hiện bằng mức mục tiêu năm 2025."),
        ("in_progress", 0, 0, "0/20 HTX (lũy kế từ đầu Kế hoạch), bằng 0% mục tiêu năm 2025, đang thực hiện."),
    ],
)
def test_the_verdict_is_said_in_the_words_of_an_office(verdict, value, achieved, words):
    row = {"verdict": verdict, "value": Decimal(value), "achieved_pct": Decimal(achieved), "previous_value": None}
    assert said({**COUNT, **row}) == f"Số HTX được củng cố: {words}"


def test_an_undecided_target_says_between_what_the_result_lies():
    row = {**COUNT, "verdict": "undecided", "value": Decimal(18), "achieved_pct": Decimal(90), "previous_value": None,
           "value_low": Decimal(18), "value_high": Decimal(24), "coverage_vi": "39/40"}  # fmt: skip
    words = (
        "Số HTX được củng cố: 18/20 HTX (lũy kế từ đầu Kế hoạch), bằng 90% mục tiêu năm 2025, chưa đủ số liệu để kết"
        " luận."
    )
    assert said({**row, "bound_kind": "certain"}, short_by_unit={}) == (
        f"{words} Khi đủ số liệu, kết quả từ 18 đến 24. Có số liệu của 39/40 đơn vị."
    )
    assert "ước kết quả từ 18 đến 24" in said({**row, "bound_kind": "assumed"})
    assert said({**row, "bound_kind": "open", "value_high": None}) == f"{words} Có số liệu của 39/40 đơn vị."


def test_a_target_without_a_figure_says_so_and_one_without_a_target_is_tracked():
    assert said({**COUNT, "value": None}) == "Số HTX được củng cố: chưa có số liệu."
    tracked = {**COUNT, "target": None, "verdict": "tracked", "achieved_pct": None, "previous_value": None}
    assert (
        said(tracked) == "Số HTX được củng cố: 22 HTX (lũy kế từ đầu Kế hoạch); chỉ tiêu theo dõi, không đặt mục tiêu."
    )


def test_a_percentage_above_its_target_is_said_as_the_table_says_it_with_its_parts():
    certified = {
        **PERCENT, "verdict": "in_progress", "value": Decimal(40), "value_numerator": Decimal(6),
        "value_denominator": Decimal(15), "target": Decimal(30), "target_year": 2030, "previous_value": None,
    }  # fmt: skip
    assert said(certified) == (
        "Tỷ lệ cán bộ được tập huấn: 6/15 người (40,0%), hiện vượt mức mục tiêu năm 2030 (ít nhất 30%)."
    )
    assert ", hiện bằng mức mục tiêu năm 2030 (ít nhất 40%)." in said({**certified, "target": Decimal(40)})
    standings = [row for row in read_csv(SEEDS / "code_lists.csv") if row["code_list"] == "target_standings"]
    assert [row["label_vi"] for row in standings] == ["hiện vượt mức mục tiêu", "hiện bằng mức mục tiêu"]


def test_a_percentage_says_its_parts_and_who_is_left():
    short = {"T09": [("Hội LHPN", Decimal(2)), ("Xã A", Decimal(1)), ("Xã B", Decimal(1)), ("Xã C", Decimal(1))]}
    assert said(PERCENT, short_by_unit=short) == (
        "Tỷ lệ cán bộ được tập huấn: 118/123 người (95,9%), chưa đạt mục tiêu năm 2025 (100%), còn thiếu 05 người."
        " Năm 2024: 114/121 người (94,2%); tăng 1,7 điểm phần trăm."
        " Còn phải thực hiện: Hội LHPN: 02 người; Xã A: 01 người; Xã B: 01 người; Xã C: 01 người."
    )
    short["T09"] += [("Xã D", Decimal(1)), ("Xã E", Decimal(1))]
    assert said(PERCENT, short_by_unit=short).endswith(
        "Hội LHPN: 02 người; Xã A: 01 người; Xã B: 01 người và 03 đơn vị khác."
    )


def test_untrained_managers_are_named_by_cooperative():
    row = {**PERCENT, "indicator_code": "T05", "key": "T05-2025", "previous_value": None}
    named = [{"cooperative_name": "HTX Phước Bình 2", "commune_name_vi": "Phường Phước Bình", "untrained": 2}]
    made = with_rows(hand_made("annual", 2025), "untrained_managers", named)
    made = with_rows(made, "targets", [row])
    assert plain(target_sentence(made, made.tables["targets"].rows[0])).endswith(
        " Còn phải thực hiện: HTX Phước Bình 2 (Phường Phước Bình): 02 người."
    )


def test_nobody_is_named_where_the_target_is_not_due():
    row = {**PERCENT, "verdict": "in_progress", "target_year": 2030, "previous_value": None}
    assert said(row, short_by_unit={"T09": [("Xã A", Decimal(5))]}) == (
        "Tỷ lệ cán bộ được tập huấn: 118/123 người (95,9%), đang thực hiện (mục tiêu năm 2030: 100%)."
    )


def test_nobody_is_named_where_the_target_is_reached_and_only_undecided():
    row = {**PERCENT, "verdict": "undecided", "target": Decimal(80), "comparator": ">=", "previous_value": None}
    assert "Còn phải thực hiện" not in said(row, short_by_unit={"T09": [("Xã A", Decimal(5))]})


# A change is said over the same ground, or not at all


def test_a_change_over_some_areas_says_over_how_many():
    assert said({**COUNT, "compared_vi": "5/7"}).endswith(" So với năm 2024, trên 5/7 vùng so sánh được: tăng 03 HTX.")


def test_a_change_over_some_areas_gives_the_two_figures_behind_it():
    assert said({**COUNT, "compared_vi": "5/7"}, compared_values={"T01": (Decimal(9), Decimal(12))}).endswith(
        " So với năm 2024, trên 5/7 vùng so sánh được: năm trước 09, năm nay 12, tăng 03 HTX."
    )


def test_a_change_over_less_than_half_of_the_areas_is_withheld():
    assert "So với" not in said({**COUNT, "compared_vi": "3/7"})
    assert "So với" not in said({**COUNT, "change": None})


def test_a_change_under_another_decision_says_so():
    restated = "năm trước tính lại theo quy ước của năm nay"
    assert said({**COUNT, "compared_vi": f"7/7; {restated}"}).endswith(f"tăng 03 HTX. ({restated})")


def test_a_percentage_whose_denominator_changed_is_not_compared():
    officers = {"value_numerator": Decimal(264), "value_denominator": Decimal(326), "value": Decimal("80.98"),
                "previous_value_numerator": Decimal(263), "previous_value_denominator": Decimal(403),
                "previous_value": Decimal("65.26"), "change": Decimal("15.7")}  # fmt: skip
    text = said({**PERCENT, **officers})
    assert "Năm 2024: 263/403 người (65,3%), không so sánh vì tổng số người thay đổi nhiều." in text
    assert "15,7" not in text


def test_a_percentage_of_which_some_units_are_missing_is_not_compared():
    text = said({**PERCENT, "compared_vi": "39/40"})
    assert "Năm 2024: 114/121 người (94,2%)." in text
    assert "tăng" not in text


def test_a_figure_that_more_units_lack_than_the_report_says_so():
    assert said({**COUNT, "coverage_vi": "33/40"}).endswith(" Có số liệu của 33/40 đơn vị.")
    assert "Có số liệu" not in said({**COUNT, "coverage_vi": "40/40"})
    known = {("T01", "value"): 1}
    assert "Có số liệu" not in said({**COUNT, "coverage_vi": "39/40"}, lacked_without_report=known)
    assert said({**COUNT, "coverage_vi": "38/40"}, lacked_without_report=known).endswith(
        " Có số liệu của 38/40 đơn vị."
    )
    made = with_facts(hand_made("annual", 2025), missing_units=0)
    made = with_rows(made, "targets", [{**COUNT, "coverage_vi": "38/40"}])
    blank = {"indicator_code": "T01", "measure_code": "value", "unit_names": "Xã A; Xã B"}
    made = with_rows(made, "missing_figures", [blank, {**blank, "indicator_code": "T02", "unit_names": "Xã C"}])
    assert plain(target_sentence(made, made.tables["targets"].rows[0])).endswith(
        " Có số liệu của 38/40 đơn vị. Đã gửi báo cáo nhưng chưa có số liệu này: Xã A, Xã B."
    )


def test_the_change_of_a_percentage_is_that_of_the_printed_figures():
    on_time = {"indicator_code": "T16", "value": Decimal("66.6667"), "value_numerator": Decimal(28),
               "value_denominator": Decimal(42), "previous_value": Decimal("71.4286"),
               "previous_value_numerator": Decimal(30), "previous_value_denominator": Decimal(42),
               "change": Decimal("-4.7619"), "verdict": "tracked", "target": None}  # fmt: skip
    assert " 28/42 đơn vị (66,7%)" in said({**PERCENT, **on_time})
    assert " Năm 2024: 30/42 đơn vị (71,4%); giảm 4,7 điểm phần trăm." in said({**PERCENT, **on_time})


def test_every_number_of_the_result_keeps_its_key():
    made = content(PERCENT)
    text = target_sentence(made, made.tables["targets"].rows[0])
    assert [each for each in text if isinstance(each, Figure)] == [
        Figure("118", "T09-2025"), Figure("123", "T09-2025"), Figure("95,9%", "T09-2025"),
        Figure("114", "T09-2024"), Figure("121", "T09-2024"), Figure("94,2%", "T09-2024"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "comparator", "missing"), [(100, "=", 5), (96, ">=", 1), (50, ">", 0), (Decimal("95.9"), ">", 0)]
)
def test_what_is_missing_is_worked_out_from_the_parts(target, comparator, missing):
    assert shortfall({**PERCENT, "target": Decimal(target), "comparator": comparator}) == missing


def test_more_than_half_of_an_even_number_is_one_more_than_half():
    even = {**PERCENT, "value_numerator": Decimal(60), "value_denominator": Decimal(120), "target": Decimal(50)}
    assert [shortfall({**even, "comparator": each}) for each in (">=", ">")] == [0, 1]


def test_every_target_has_a_short_name_and_says_what_its_percentage_counts():
    known = {row["sentence"] for row in read_csv(SENTENCES)}
    targets = [row for row in read_csv(SEEDS / "indicators.csv") if row["indicator_kind"] == "target"]
    shown = [row for row in targets if row["reported_as"] != "internal"]
    assert [row["indicator_code"] for row in shown if f"short_{row['indicator_code']}" not in known] == []
    percents = [row["indicator_code"] for row in shown if row["unit"] == "percent"]
    assert [code for code in percents if f"counted_{code}" not in known] == []
    goals = {row["plan_section"].partition(";")[0] for row in shown}
    assert sorted(goal for goal in goals if f"annual_goal_{goal}" not in known) == []
