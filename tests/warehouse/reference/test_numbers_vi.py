"""Numbers as an office writes them, in Python and in SQL."""

from datetime import UTC, datetime
from decimal import Decimal

import jinja2
import pytest

from warehouse.build.dbt import PROJECT
from warehouse.connection import connect
from warehouse.reference.dates_vi import moment_vi
from warehouse.reference.numbers_vi import counted_vi, number_vi


@pytest.mark.parametrize(("value", "decimals", "fixed", "written"), [
    (1234567, 0, True, "1.234.567"),
    (Decimal("1234.5"), 1, True, "1.234,5"),
    (Decimal("1234"), 1, True, "1.234,0"),
    (Decimal("1234"), 1, False, "1.234"),
    (Decimal("2.25"), 1, True, "2,3"),
    (Decimal("-2.25"), 1, True, "−2,3"),
    (Decimal("-0.04"), 1, True, "0,0"),
    (100, 0, False, "100"),
    (Decimal("0.12345"), None, True, "0,12345"),
    (66.7, None, True, "66,7"),
    (1200.0, None, True, "1.200"),
    (None, 1, True, "–"),
])  # fmt: skip
def test_a_number_has_a_dot_between_thousands_and_a_comma_before_decimals(value, decimals, fixed, written):
    assert number_vi(value, decimals, fixed=fixed) == written


def test_a_difference_has_its_sign_and_a_quoted_cell_no_dots():
    assert [number_vi(value, signed=True) for value in (5, 0, -5)] == ["+5", "0", "−5"]
    assert number_vi(1234.5, None, thousands=False) == "1234,5"


def test_sentences_made_by_dbt_write_numbers_in_the_same_way(warehouse_url):
    values = [Decimal(text) for text in ("0", "7", "0.5", "2.25", "1234567.04", "-2.25", "-1234")]
    macros = (PROJECT / "macros" / "sentences.sql").read_text(encoding="utf-8")
    sql = jinja2.Template(macros, undefined=jinja2.Undefined).module.number_vi("value")
    with connect(warehouse_url) as connection:
        query = f"select {sql} from unnest(%s) with ordinality as given (value, place) order by place"
        found = [text for (text,) in connection.execute(query, [values])]
    assert found == [number_vi(value, 1, fixed=False) for value in values]
    assert found == ["0", "7", "0,5", "2,3", "1.234.567", "−2,3", "−1.234"]


def test_counts_in_sentences_have_two_digits_below_ten():
    assert [counted_vi(value) for value in (0, 1, 9, 10, 1234)] == ["0", "01", "09", "10", "1.234"]


def test_letters_write_an_instant_in_the_time_of_viet_nam():
    assert moment_vi(datetime(2022, 2, 5, 1, tzinfo=UTC)) == "08 giờ 00 ngày 05/02/2022"
