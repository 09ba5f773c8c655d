"""The draft of a budget estimate."""

from datetime import date
from decimal import Decimal

import pytest

from reporting.content.budget import Budget, sections_of_activities
from reporting.papers.blocks import Figure, OwnWords, Paragraph, plain, without_words
from reporting.papers.budget import budget_outline
from tests.reporting.hand_made_content import SEEDS, recipients
from warehouse.reference.csv_rows import read_rows

TOTAL = {"breakdown": "total", "breakdown_code": "total", "breakdown_code_name_vi": None}
LOCAL = {
    "breakdown": "funding_source", "breakdown_code": "local", "breakdown_code_name_vi": "Ngân sách địa phương",
}  # fmt: skip
FINANCE = recipients("budget_estimate", date(2025, 12, 26))["FINANCE"]


def money(measure, value, of=None, year=2025, reported=1):
    return {
        "indicator_code": "C23", "measure_code": measure, "report_year": year, **(of or TOTAL),
        "value": value and Decimal(value), "units_reported": reported, "units_expected": 1,
    }  # fmt: skip


def drafted(money_rows=(), costs=(), duties=(), sent=()):
    return budget_outline(Budget(2026, list(money_rows), list(costs), list(duties), list(sent)), FINANCE)


def items(outline):
    return [plain(block.text) for block in outline.blocks if isinstance(block, Paragraph) and block.style == "item"]


def texts(outline):
    return [plain(block.text) for block in outline.blocks if isinstance(block, Paragraph)]


def cells(outline):
    [grid] = outline.annexes[0].blocks
    return [[plain(row.get(column.code, ())) for column in grid.columns] for row in grid.rows]


def test_the_money_of_a_year_is_said_with_its_rate():
    rows = [money("allocated", "10970.2"), money("disbursed", "5490.1")]
    assert items(drafted(rows)) == [
        "Năm 2024: chưa đủ số liệu về kinh phí được giao và đã giải ngân.",
        "Năm 2025: được giao 10.970,2 triệu đồng, đã giải ngân 5.490,1 triệu đồng (bằng 50% kinh phí được giao; số liệu"
        " trước quyết toán).",
    ]


def test_a_source_without_an_amount_in_one_of_the_years_is_named_beside_its_totals():
    other = {**LOCAL, "breakdown_code": "other", "breakdown_code_name_vi": "Nguồn hợp pháp khác"}
    both = [money("allocated", "60", LOCAL, year) for year in (2024, 2025)]
    totals = [money(measure, amount, year=year) for year, amount in ((2024, "100"), (2025, "60"))
              for measure in ("allocated", "disbursed")]  # fmt: skip
    made = drafted([*both, money("allocated", "40", other, 2024), money("allocated", None, other), *totals])
    assert items(made) == [
        "Năm 2024: được giao 100,0 triệu đồng, đã giải ngân 100,0 triệu đồng (bằng 100% kinh phí được giao; số liệu"
        " trước quyết toán).",
        "Năm 2025: được giao 60,0 triệu đồng, đã giải ngân 60,0 triệu đồng (bằng 100% kinh phí được giao; số liệu trước"
        " quyết toán), chưa có số liệu của nguồn: Nguồn hợp pháp khác.",
    ]
    assert [row[0] for row in cells(made)][3] == "Cộng (số năm 2025 chưa gồm Nguồn hợp pháp khác)"


def test_there_is_no_rate_where_a_department_did_not_report():
    rows = [money("allocated", "100"), money("disbursed", "50", reported=0)]
    assert items(drafted(rows))[1] == "Năm 2025: được giao 100,0 triệu đồng, đã giải ngân 50,0 triệu đồng."


def cost(year, amount, activity="governance", name="Quản trị, điều hành", activity_list="course_kinds", with_cost=2):
    return {
        "report_year": year, "activity_list": activity_list, "activity": activity, "activity_name_vi": name,
        "activities": 2, "with_cost": with_cost, "cost_million_vnd": amount and Decimal(amount),
    }  # fmt: skip


DUTIES = [
    {"section": "IV.1", "section_title_vi": "Tuyên truyền", "duties": 3},
    {"section": "IV.4", "section_title_vi": "Nguồn nhân lực", "duties": 12},
]


def test_the_estimate_carries_forward_the_last_known_amount_of_each_source_and_says_from_which_year():
    other = {**LOCAL, "breakdown_code": "other", "breakdown_code_name_vi": "Nguồn hợp pháp khác"}
    unknown = {**LOCAL, "breakdown_code": "x", "breakdown_code_name_vi": "Nguồn chưa rõ"}
    rows = [
        money("allocated", "90", LOCAL, 2024), money("allocated", "100", LOCAL), money("disbursed", None, LOCAL),
        money("allocated", "40", other, 2024), money("planned", "55", other), money("disbursed", "7", unknown),
        money("allocated", "100"),
    ]  # fmt: skip
    assert cells(drafted(rows))[:5] == [
        ["A. THEO NGUỒN KINH PHÍ", "", "", "", "", "", "", ""],
        ["Ngân sách địa phương", "……", "90,0", "……", "……", "100,0", "……", "100,0"],
        ["Nguồn hợp pháp khác (theo năm 2024)", "……", "40,0", "……", "55,0", "……", "……", "40,0"],
        ["Nguồn chưa rõ", "……", "……", "……", "……", "……", "7,0", "……"],
        ["Cộng", "……", "……", "……", "……", "100,0", "……", "140,0"],
    ]
    assert (
        "Tổng số đề nghị: 140,0 triệu đồng, chưa có số liệu của nguồn: Nguồn chưa rõ; giữ mức của năm gần nhất có số"
        " liệu (năm 2025: Ngân sách địa phương; năm 2024: Nguồn hợp pháp khác). Chi tiết theo nguồn kinh phí tại phần A"
        " của Phụ lục. Phần B nêu chi phí của những hoạt động mà các đơn vị có báo cáo chi phí, để tham khảo khi"
        " phân bổ; không phải tổng số đề nghị."
    ) in texts(drafted(rows))


def test_the_estimate_after_a_year_without_figures_keeps_every_source_and_names_the_years_they_are_from():
    other = {**LOCAL, "breakdown_code": "other", "breakdown_code_name_vi": "Nguồn hợp pháp khác"}
    rows = [
        money("allocated", "90", LOCAL, 2024),
        money("allocated", "40", other, 2023),
        money("allocated", "130", year=2023),
    ]
    made = drafted(rows, [cost(2023, "7")], DUTIES)
    assert [[row[0], row[-1]] for row in cells(made)[1:4]] == [
        ["Ngân sách địa phương (theo năm 2024)", "90,0"],
        ["Nguồn hợp pháp khác (theo năm 2023)", "40,0"],
        ["Cộng", "130,0"],
    ]
    [said] = [text for text in texts(made) if text.startswith("Tổng số đề nghị")]
    assert said.startswith(
        "Tổng số đề nghị: 130,0 triệu đồng; giữ mức của năm gần nhất có số liệu (năm 2024: Ngân sách địa phương; năm"
        " 2023: Nguồn hợp pháp khác)."
    )
    [without] = [text for text in texts(made) if text.startswith("Chưa có chi phí")]
    assert without.startswith("Chưa có chi phí các năm trước làm căn cứ cho: mục IV.1 (03 nhiệm vụ); kinh phí")


def test_the_estimate_by_content_sums_the_last_costs_of_the_activities_of_each_section():
    costs = [
        cost(2024, "20"), cost(2025, "12.5", with_cost=1),
        cost(2024, "30", "study_tour", "Tham quan, học tập"), cost(2025, None, "study_tour", "Tham quan, học tập"),
        cost(2025, "4", "other", "Khác"),
    ]  # fmt: skip
    made = drafted(costs=costs, duties=DUTIES)
    assert cells(made)[2:] == [
        ["B. THEO NỘI DUNG CỦA KẾ HOẠCH", "", "", "", "", "", "", ""],
        ["IV.1. Tuyên truyền (03 nhiệm vụ)", "", "", "", "", "", "", "……"],
        ["IV.4. Nguồn nhân lực (12 nhiệm vụ)", "", "", "50,0", "", "", "12,5", "42,5"],
        ["- Quản trị, điều hành (1/2)", "", "", "20,0", "", "", "12,5", "12,5"],
        ["- Tham quan, học tập (theo năm 2024)", "", "", "30,0", "", "", "", "30,0"],
        ["Nội dung khác", "", "", "", "", "", "4,0", "4,0"],
        ["- Khác", "", "", "", "", "", "4,0", "4,0"],
        ["Cộng", "", "", "50,0", "", "", "16,5", ""],
    ]
    assert (
        "Chưa có chi phí các năm trước làm căn cứ cho: mục IV.1 (03 nhiệm vụ); kinh phí do đơn vị chủ trì đề xuất."
        in texts(made)
    )


def test_every_activity_that_a_form_offers_carries_out_a_section_of_the_plan():
    rows = read_rows(SEEDS / "code_lists.csv")
    kinds = {(row["code_list"], row["code"]) for row in rows if row["code_list"] in ("support_kinds", "course_kinds")}
    assert kinds - {("support_kinds", "other"), ("course_kinds", "other")} == set(sections_of_activities())
    assert set(sections_of_activities().values()) <= {
        row["code"] for row in rows if row["code_list"] == "plan_sections"
    }


def test_an_amount_keeps_the_key_of_its_figure():
    [grid] = drafted([money("allocated", "100", LOCAL)]).annexes[0].blocks
    assert grid.rows[1]["allocated_2025"] == (Figure("100,0", "C23.allocated-2025[funding_source=local]"),)


def test_an_estimate_that_was_sent_is_named_with_its_day_and_addressee():
    sent = {
        "estimate_year": 2025, "estimate_amount_million_vnd": Decimal(4000), "estimate_sent_on": date(2024, 7, 5),
        "addressee_vi": None,
    }  # fmt: skip
    assert items(drafted(sent=[sent]))[-1] == "Dự toán năm 2025 đã gửi …… ngày 05/07/2024: 4.000,0 triệu đồng."


def test_the_reasons_are_the_unions_to_write():
    assert without_words(drafted()) == [OwnWords("budget_reasons", "Thuyết minh dự toán")]


@pytest.mark.parametrize(
    ("on", "addressees"),
    [
        (date(2025, 2, 28), ("Sở Kế hoạch và Đầu tư tỉnh", "Sở Tài chính tỉnh")),
        (date(2025, 3, 1), ("Sở Tài chính tỉnh",)),
        (date(2026, 7, 1), ("Sở Tài chính thành phố",)),
    ],
)
def test_the_addressees_are_the_departments_of_the_day(on, addressees):
    [recipient] = recipients("budget_estimate", on).values()
    assert recipient.addressee_vi == addressees
