"""Numbers, days and what is missing, as an office writes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from reporting.content import formats
from reporting.content.tables import Column
from warehouse.reference.dates_vi import day_vi, instant_vi


@pytest.mark.parametrize(("value", "unit", "status", "written"), [
    (Decimal("72.72727"), "percent", "reported", "72,7%"),
    (Decimal("3276.4"), "million VND", "estimated", "3.276,4"),
    (Decimal("22"), "cooperative", "reported", "22"),
    (Decimal("0"), "person", "nil", "0"),
    (None, "person", "not_reported", "Chưa báo cáo"),
    (None, "person", "suppressed", "Không nêu"),
    (None, "person", "under_five", "Dưới 5"),
    (None, "person", "not_applicable", "–"),
    (None, "percent", "reported", "–"),
])  # fmt: skip
def test_a_figure_is_written_by_its_unit_and_a_missing_one_says_why(value, unit, status, written):
    assert formats.figure(value, unit, status) == written


def test_a_target_in_percent_has_the_decimals_that_it_was_given():
    goal = Column("target", "Mục tiêu", "goal")
    assert [formats.cell(goal, {"target": Decimal(each), "unit": "percent"}) for each in ("100", "82.5")] == [
        "100%",
        "82,5%",
    ]


def test_a_change_has_its_sign_and_one_of_percentages_is_in_points():
    written = [
        formats.cell(Column("change", "", "change"), {"change": Decimal(each), "unit": unit})
        for each, unit in [("7", "person"), ("-3.5", "million VND"), ("12.68", "percent"), ("0", "person")]
    ]
    assert written == ["+7", "−3,5", "+12,7", "0"]


def test_days_are_written_as_the_decree_asks_and_instants_are_those_of_viet_nam():
    midnight = datetime(2025, 11, 29, 17, tzinfo=UTC)
    assert day_vi(midnight) == "30/11/2025"
    assert instant_vi(midnight) == "00:00 30/11/2025"


def test_a_cell_of_a_column_takes_the_unit_and_status_that_the_row_has_for_it():
    row = {"T05": Decimal("93.33"), "T05_unit": "percent", "T01": None, "T01_status": "not_reported", "is_new": True}
    kinds = {"T05": "figure", "T01": "figure", "is_new": "boolean"}
    assert [formats.cell(Column(code, "", kind), row) for code, kind in kinds.items()] == [
        "93,3%",
        "Chưa báo cáo",
        "Có",
    ]


def test_a_percentage_has_beside_it_what_it_is_made_of():
    parts = {"value_numerator": Decimal(1264), "value_denominator": Decimal(2326)}
    row = {"value": Decimal("54.34"), "unit": "percent", **parts}
    column = Column("value", "", "figure")
    assert formats.cell(column, row) == "54,3% (1.264/2.326)"
    assert formats.cell(column, row | {"unit": "million VND"}) == "54,3"  # a mean over workers
    assert formats.cell(column, row | {"value": None, "value_status": "not_reported"}) == "Chưa báo cáo"
