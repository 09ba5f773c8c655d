"""What a document is called."""

import pytest

from reporting.content.tables import declared


@pytest.mark.parametrize(
    ("kind", "period", "title"),
    [
        ("annual", 2025, "Báo cáo kết quả thực hiện Kế hoạch hỗ trợ hợp tác xã … năm 2025"),
        (
            "phase_review",
            1,
            "Báo cáo sơ kết thực hiện Kế hoạch hỗ trợ hợp tác xã … giai đoạn 2023 - 2025 (giai đoạn 1)",
        ),
        (
            "phase_review",
            2,
            "Báo cáo tổng kết thực hiện Kế hoạch hỗ trợ hợp tác xã … giai đoạn 2026 - 2030 (giai đoạn 2)",
        ),
    ],
)
def test_the_report_on_the_last_phase_is_called_its_closing_report(kind, period, title):
    content = declared(kind, period)
    begins, ends = title.split(" … ")
    assert content.title_vi.startswith(begins)
    assert content.period_vi == ends
