"""Recipients, named as on the day of a report."""

import shutil
from datetime import date

import pytest

from reporting.content.recipients import LetterheadMissing, read_recipients
from tests.reporting.hand_made_content import SEEDS, recipients


@pytest.mark.parametrize(
    ("on", "name", "symbol_of"),
    [
        (date(2024, 12, 26), "Ủy ban nhân dân tỉnh", "Hội Liên hiệp Phụ nữ tỉnh Bình Phước"),
        (date(2025, 12, 26), "Ủy ban nhân dân tỉnh", "Hội Liên hiệp Phụ nữ tỉnh Đồng Nai"),
        (date(2026, 12, 26), "Ủy ban nhân dân thành phố", "Hội Liên hiệp Phụ nữ thành phố Đồng Nai"),
    ],
)
def test_the_recipient_is_named_as_on_the_day_of_the_report(on, name, symbol_of):
    committee = recipients(on=on)["PEOPLES_COMMITTEE"]
    assert (committee.name_vi, committee.addressee_vi) == (name, (name,))
    assert committee.opening_vi.endswith(f"kính báo cáo {name}")
    assert committee.letterhead.issuing_agency_vi == symbol_of


@pytest.mark.parametrize(
    ("of_example", "number_and_day"),
    [(True, "01/KH-UBND (ví dụ) ngày 10/04/2023"), (False, "……/KH-UBND ngày …… tháng …… năm 2023")],
)
def test_the_opening_names_the_plan_with_its_number_and_day_or_with_dots(of_example, number_and_day):
    committee = recipients(of_example=of_example)["PEOPLES_COMMITTEE"]
    plan = f"Kế hoạch số {number_and_day} của Ủy ban nhân dân tỉnh Bình Phước"
    assert committee.opening_vi.startswith(f"Thực hiện {plan} triển khai Quyết định số 01/QĐ-TTg ngày 03/01/2023")
    assert committee.is_plan_open is not of_example
    assert not recipients("note", of_example=of_example)["UNION"].is_plan_open  # its opening does not name the plan


def test_an_unknown_column_in_braces_is_named(tmp_path):
    for name in ("letterheads.csv", "recipients.csv", "plan_papers.csv"):
        shutil.copy(SEEDS / name, tmp_path)
    path = tmp_path / "recipients.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("{plan_vi}", "{decree_vi}"), encoding="utf-8")
    with pytest.raises(LetterheadMissing, match="decree_vi"):
        read_recipients(tmp_path, "annual", date(2025, 12, 26))
