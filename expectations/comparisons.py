"""Expectations as rows of CSV files: what is expected of a column, on the rows that meet conditions.

`comparator` and `compared_with`:
  filled, blank   a value is there, or none
  >= <= > =       another column; a row where either is missing passes
  >= <=           or a number
  between         two numbers, both allowed
  in              values, or code_lists[list]
  matches         a regular expression
  unique          `column_name` are the columns that identify a row
`conditions`, all of which hold: a column that is filled in, or column=value, column=value|value, column!=value,
column>value, column>=value.
"""

import re
from collections.abc import Mapping
from functools import reduce
from operator import and_, eq, ge, gt, ne
from typing import Any

from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from warehouse.reference.csv_rows import Row

COMPARED = ("<=", ">=", ">", "=", "in", "matches")
"""comparators that need something to compare with"""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
CONDITION = re.compile(r"(?P<column>\w+)((?P<operator>!=|=|>=|>)(?P<value>.+))?")
OPERATORS = {"=": eq, "!=": ne, ">": gt, ">=": ge}
CODE_LIST = re.compile(r"code_lists\[(?P<code_list>\w+)\]")


def read_expectation(
    row: Row, code_lists: Mapping[str, Mapping[str, str]], bounds: tuple[float | None, float | None] = (None, None)
) -> Expectation:
    """The expectation of a row; `bounds` are those of a `between` without numbers. Raises InvalidReferenceData."""
    column, comparator, other = row["column_name"], row["comparator"], row["compared_with"]
    if comparator in COMPARED and not other:
        raise row.invalid("compared_with", f"filled in for {comparator}")
    conditions = _conditions(row)
    given: dict[str, Any] = {"row_condition": reduce(and_, conditions) if conditions else None}
    pair = {**given, "ignore_row_if": "either_value_is_missing"}
    match comparator:
        case "filled":
            return ExpectColumnValuesToNotBeNull(column=column, **given)
        case "blank":
            return ExpectColumnValuesToBeNull(column=column, **given)
        case "<=" | ">=" if NUMBER.fullmatch(other):
            bound: dict[str, Any] = {"max_value" if comparator == "<=" else "min_value": float(other)}
            return ExpectColumnValuesToBeBetween(column=column, **bound, **given)
        case "<=":
            return ExpectColumnPairValuesAToBeGreaterThanB(column_A=other, column_B=column, or_equal=True, **pair)
        case ">=" | ">":
            pair["or_equal"] = comparator == ">="
            return ExpectColumnPairValuesAToBeGreaterThanB(column_A=column, column_B=other, **pair)
        case "=":
            return ExpectColumnPairValuesToBeEqual(column_A=column, column_B=other, **pair)
        case "between":
            least, most = _two_numbers(row) if other else bounds
            return ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most, **given)
        case "in":
            listed = CODE_LIST.fullmatch(other)
            if listed and listed["code_list"] not in code_lists:
                raise row.invalid("compared_with", "a list of code_lists.csv")
            values = list(code_lists[listed["code_list"]]) if listed else other.split()
            return ExpectColumnValuesToBeInSet(column=column, value_set=values, **given)
        case "matches":
            return ExpectColumnValuesToMatchRegex(column=column, regex=other, **given)
        case "unique":
            return ExpectCompoundColumnsToBeUnique(
                column_list=column.split(), ignore_row_if="any_value_is_missing", **given
            )
    raise row.invalid("comparator", "one of expectations/comparisons.py")


def columns_read(row: Row) -> set[str]:
    """The columns that the expectation of a row needs."""
    is_pair = row["comparator"] in ("<=", ">=", ">", "=") and not NUMBER.fullmatch(row["compared_with"])
    compared = {row["compared_with"]} if is_pair else set()
    return {*row["column_name"].split(), *compared, *(found["column"] for found in _parts(row))}


def _two_numbers(row: Row) -> tuple[float, float]:
    numbers = row["compared_with"].split()
    if len(numbers) != 2 or not all(map(NUMBER.fullmatch, numbers)):
        raise row.invalid("compared_with", "two numbers")
    return float(numbers[0]), float(numbers[1])


def _conditions(row: Row) -> list:
    return [_condition(Column(found["column"]), found["operator"], found["value"]) for found in _parts(row)]


def _condition(column: Column, operator: str | None, text: str):
    if operator is None:
        return column.is_not_null()
    if "|" in text:
        return column.is_in(text.split("|"))
    return OPERATORS[operator](column, float(text) if NUMBER.fullmatch(text) else text)


def _parts(row: Row) -> list[re.Match[str]]:
    found = [CONDITION.fullmatch(each) for each in row["conditions"].split()]
    if None in found:
        raise row.invalid("conditions", "a column, or column=value, also with !=, > or >=")
    return [each for each in found if each]
