"""Names of the province's reports in answers about them."""

import pytest

from htx.editions import wording


@pytest.mark.parametrize(
    ("kind", "period", "name"),
    [
        ("annual", 2030, "Báo cáo năm 2030"),
        ("phase_review", 1, "Báo cáo sơ kết giai đoạn 2023 - 2025 (giai đoạn 1)"),
        ("phase_review", 2, "Báo cáo tổng kết giai đoạn 2026 - 2030 (giai đoạn 2)"),
    ],
)
def test_a_report_is_named_as_the_plan_names_it(kind, period, name):
    assert wording.named(kind, period) == name
