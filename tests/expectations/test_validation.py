"""Great Expectations: the checks passed to it, and its results."""

import pandas as pd
import pytest
from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToNotBeNull,
)

from expectations.validation import ROW, ExpectationNotEvaluated, failing_rows

FRAME = pd.DataFrame({ROW: [0, 1, 2, 3], "women": [1.0, 5.0, None, 9.0], "members": [2.0, 4.0, 3.0, 1.0]})
SIX_OR_FEWER = ExpectColumnValuesToBeBetween(column="women", max_value=6)
WOMEN_ARE_MEMBERS = ExpectColumnPairValuesAToBeGreaterThanB(
    column_A="members", column_B="women", or_equal=True, ignore_row_if="either_value_is_missing"
)
THERE = ExpectColumnValuesToNotBeNull(column="women")


def test_every_expectation_gets_its_own_failing_rows_in_the_order_of_the_expectations():
    assert failing_rows(FRAME, [THERE, WOMEN_ARE_MEMBERS, SIX_OR_FEWER, THERE]) == [[2], [1, 3], [3], [2]]


def test_a_frame_without_rows_fails_nothing():
    assert failing_rows(FRAME.iloc[:0], [THERE, WOMEN_ARE_MEMBERS]) == [[], []]


def test_all_failing_rows_are_named_however_many():
    many = pd.DataFrame({ROW: range(5000), "women": [None] * 5000})
    assert failing_rows(many, [THERE]) == [list(range(5000))]


def test_an_expectation_that_cannot_be_asked_is_never_taken_for_one_that_holds():
    with pytest.raises(ExpectationNotEvaluated, match="no_such_column"):
        failing_rows(FRAME, [THERE, ExpectColumnValuesToNotBeNull(column="no_such_column")])


def test_nothing_is_drawn_or_logged_during_validation(capfd, caplog):
    failing_rows(FRAME, [THERE, SIX_OR_FEWER])
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
