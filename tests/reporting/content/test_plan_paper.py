"""How papers cite the plan, and whether one still has dots in place of its number and day."""

from datetime import date

import pytest

from reporting.content.plan_paper import Citation, cited, is_left_open
from warehouse.reference.csv_rows import InvalidReferenceData

DAY = date(2025, 12, 26)
HEADER = "valid_from,is_example,cited_vi,number_vi,issued_on,source\n"
PLAN = "Kế hoạch số {number} ngày {day} của Ủy ban nhân dân tỉnh"


@pytest.fixture
def seeds(tmp_path):
    """A function that writes rows of plan_papers.csv, and gives the folder."""

    def written(*rows):
        (tmp_path / "plan_papers.csv").write_text(HEADER + "".join(f"{row},x\n" for row in rows), encoding="utf-8")
        return tmp_path

    return written


@pytest.mark.parametrize(
    ("number_and_day", "text", "is_open"),
    [
        ("88/KH-UBND,2023-04-10", "Kế hoạch số 88/KH-UBND ngày 10/04/2023 của Ủy ban nhân dân tỉnh", False),
        ("88/KH-UBND,", "Kế hoạch số 88/KH-UBND ngày …… tháng …… năm 2023 của Ủy ban nhân dân tỉnh", True),
        (",2023-04-10", "Kế hoạch số ……/KH-UBND ngày 10/04/2023 của Ủy ban nhân dân tỉnh", True),
        (",", "Kế hoạch số ……/KH-UBND ngày …… tháng …… năm 2023 của Ủy ban nhân dân tỉnh", True),
    ],
)
def test_what_the_office_has_not_said_is_dots(seeds, number_and_day, text, is_open):
    folder = seeds(f"2023-01-03,no,{PLAN},{number_and_day}")
    assert cited(folder, DAY) == Citation(text, is_open)
    assert is_left_open(["Kính gửi: Ủy ban nhân dân", f"Thực hiện {text} triển khai Quyết định"], folder) is is_open


def test_the_last_row_that_is_valid_counts_and_the_example_has_its_own(seeds):
    folder = seeds(
        f"2026-01-01,no,{PLAN},9/KH-UBND,2026-02-01",
        f"2023-01-03,no,{PLAN},88/KH-UBND,2023-04-10",
        f"2023-01-03,yes,{PLAN},1/KH-UBND (ví dụ),2023-04-10",
    )
    assert cited(folder, DAY).text_vi.startswith("Kế hoạch số 88/KH-UBND ngày 10/04/2023")
    assert cited(folder, date(2026, 12, 26)).text_vi.startswith("Kế hoạch số 9/KH-UBND ngày 01/02/2026")
    assert cited(folder, DAY, of_example=True).text_vi.startswith("Kế hoạch số 1/KH-UBND (ví dụ) ngày 10/04/2023")
    with pytest.raises(InvalidReferenceData, match="is_example yes that is valid on 2022-12-31"):
        cited(folder, date(2022, 12, 31), of_example=True)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("Kế hoạch số 88/KH-UBND ngày 10.4.2023 của Ủy ban", False),
        ("Kế hoạch số 88/KH-UBND ngày 10 tháng 4 năm 2023 của Ủy ban", False),
        ("Kế hoạch số 88/KH-UBND ngày .... tháng .... năm 2023 của Ủy ban", True),
        ("Kế hoạch số: ……/KH-UBND ngày 10/04/2023 của Ủy ban", True),
        ("Kế hoạch số /KH-UBND ngày    tháng    năm 2023 của Ủy ban", True),
        ("Kế hoạch số ___/KH-UBND ngày 10/04/2023 của Ủy ban", True),
        ("Kế hoạch số: 88/KH-UBND, ngày 10/4/2023 của Ủy ban", False),
        ("Kế hoạch hỗ trợ hợp tác xã số ……/KH-UBND ngày 10/04/2023 của Ủy ban", True),
        ("Kế hoạch hỗ trợ hợp tác xã số 88 /KH-UBND ngày 10/04/2023 của Ủy ban", False),
        ("Báo cáo số ……/BC-BTV ngày …… tháng …… năm 2025 của Ban Thường vụ", False),  # the paper's own
    ],
)
def test_a_hand_may_write_number_and_day_in_any_form(seeds, text, is_open):
    assert is_left_open([text], seeds(f"2023-01-03,no,{PLAN},,")) is is_open


def test_a_citation_without_the_place_of_its_day_is_named(seeds):
    with pytest.raises(InvalidReferenceData, match=r"plan_papers.csv, row 2: cited_vi"):
        cited(seeds("2023-01-03,no,Kế hoạch số {number},,"), DAY)
