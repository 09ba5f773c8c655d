"""What `htx explain` prints, apart from any warehouse."""

from decimal import Decimal

from htx.lineage_text import as_text


def test_a_report_that_was_sent_is_named_where_it_counts():
    sent = {
        "part": "numerator", "contribution": Decimal(1), "source": "calendar", "publication_id": "P-E3D1DB75A7FF",
        "organisation_id": None, "organisation_name": None, "reporting_unit_name": None, "file_name": None,
    }  # fmt: skip
    figure = {
        "measure_code": "value", "measure_name_vi": None, "unit": "0/1", "unit_name_vi": "Có/Không",
        "percent_decimals": 1, "numerator": Decimal(1), "denominator": None, "value": Decimal(1),
        "value_low": Decimal(1), "value_high": Decimal(1), "bound_kind": "exact", "bound_kind_vi": "Đủ số liệu",
        "units_expected": 0, "units_reported": 0, "value_status": "reported", "value_status_vi": "Có số liệu",
        "evidence": [sent],
    }  # fmt: skip
    explained = {
        "indicator_code": "T17", "indicator_name_vi": "Báo cáo tổng hợp cấp tỉnh gửi đúng hạn", "report_year": 2025,
        "unit_name": "Toàn địa bàn Kế hoạch", "basis_name": "theo đơn vị báo cáo", "breakdown": "total",
        "target": None, "decisions": [], "figures": [figure],
    }  # fmt: skip

    assert as_text(explained).splitlines() == [
        "T17 Báo cáo tổng hợp cấp tỉnh gửi đúng hạn",
        "Năm 2025, Toàn địa bàn Kế hoạch, theo đơn vị báo cáo",
        "",
        "Giá trị: 1 (Có/Không); có số liệu",
        "Tử số",
        "  1  báo cáo đã gửi P-E3D1DB75A7FF",
        "  1  cộng 1 dòng",
    ]
