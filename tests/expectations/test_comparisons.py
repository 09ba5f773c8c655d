"""Expectations that are rows of a CSV file: what they find, and how a row that cannot be read is reported."""

import pandas as pd
import pytest

from expectations.comparisons import columns_read, read_expectation
from expectations.validation import failing_rows
from warehouse.reference.csv_rows import InvalidReferenceData, Row

FRAME = pd.DataFrame({
    "_row": [0, 1, 2, 3],
    "kind": ["yearly", "yearly", "adhoc", None],
    "members": [5.0, 3.0, 0.0, None],
    "women": [6.0, 3.0, 7.0, 1.0],
    "code": ["a1", "b", None, "a1"],
})  # fmt: skip


def row(column: str, comparator: str, compared_with: str = "", conditions: str = "") -> Row:
    cells = {
        "column_name": column,
        "comparator": comparator,
        "compared_with": compared_with,
        "conditions": conditions,
    }
    return Row("rows.csv", 2, cells)


@pytest.mark.parametrize(("expected", "failing"), [
    (row("women", "<=", "members"), [0, 2]),
    (row("members", ">=", "women", "kind=yearly"), [0]),
    (row("members", ">", "women"), [0, 1, 2]),
    (row("members", "=", "women"), [0, 2]),
    (row("women", "<=", "6"), [2]),
    (row("women", ">=", "3", "members>0"), []),
    (row("women", "between", "2 6"), [2, 3]),
    (row("women", "between"), [2, 3]),
    (row("members", "filled"), [3]),
    (row("members", "filled", "", "kind"), []),
    (row("code", "blank", "", "kind!=yearly"), [3]),
    (row("code", "in", "a1 c"), [1]),
    (row("code", "in", "code_lists[letters]"), [0, 3]),
    (row("code", "matches", "^[a-z]$"), [0, 3]),
    (row("code", "matches", "^[a-z]$", "kind=yearly|adhoc members>=5"), [0]),
    (row("code women", "unique"), []),
    (row("code", "filled", "", "members=0"), [2]),
])  # fmt: skip
def test_a_row_finds_what_its_comparator_says_where_all_its_conditions_hold(expected, failing):
    expectation = read_expectation(expected, {"letters": {"b": "B"}}, bounds=(2.0, 6.0))
    assert failing_rows(FRAME[["_row", *sorted(columns_read(expected))]], [expectation]) == [failing]


@pytest.mark.parametrize(("wrong", "sentence"), [
    (row("women", "<", "6"),
     "rows.csv, row 2: comparator must be one of expectations/comparisons.py, but is «<»."),
    (row("women", "<=", ""),
     "rows.csv, row 2: compared_with must be filled in for <=, but is empty."),
    (row("women", "between", "10,20"),
     "rows.csv, row 2: compared_with must be two numbers, but is «10,20»."),
    (row("code", "in", "code_lists[letter]"),
     "rows.csv, row 2: compared_with must be a list of code_lists.csv, but is «code_lists[letter]»."),
    (row("women", "<=", "6", "kind="),
     "rows.csv, row 2: conditions must be a column, or column=value, also with !=, > or >=, but is «kind=»."),
])  # fmt: skip
def test_a_row_that_cannot_be_read_is_reported_with_its_place(wrong, sentence):
    with pytest.raises(InvalidReferenceData) as refused:
        read_expectation(wrong, {})
    assert str(refused.value) == sentence
