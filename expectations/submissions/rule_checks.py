"""A check of a rule, and the few kinds of expectation that the rules are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnPairValuesToBeInSet,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import RowConditionType

IGNORE_MISSING: Literal["either_value_is_missing"] = "either_value_is_missing"


@dataclass(frozen=True)
class RuleCheck:
    """A rule's expectation on the rows of one frame, and what its findings show."""

    rule_code: str
    frame: str
    expectation: Expectation
    flagged: tuple[str, ...]
    """fields: the finding points to the first that is filled in, else the first; () where the row names its field"""
    other: str | None = None
    """the column that the flagged one is compared with"""
    expected: tuple[str, ...] = ()
    """columns with the expected value, or its two bounds"""
    total: str | None = None
    """the column of the sum that is compared in place of the flagged field"""
    details: tuple[tuple[str, str], ...] = ()
    """further placeholders of the sentence, each with its column"""
    bounds: str | None = None
    """the expected bounds, where they are the same for every row"""

    @property
    def columns(self) -> set[str]:
        """The columns of the frame that the expectation reads."""
        read = self.expectation.dict()
        names = {read.get(name) for name in ("column", "column_A", "column_B")} | set(read.get("column_list") or ())
        return {name for name in names if name} | _columns_of(read.get("row_condition"))


def a_at_least_b(column_a: str, column_b: str, when: RowConditionType = None) -> Expectation:
    """Ignores rows where either is missing."""
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column_a,
        column_B=column_b,
        or_equal=True,
        row_condition=when,
        ignore_row_if=IGNORE_MISSING,
    )


def at_most(code: str, frame: str, field: str, other: str, expected: tuple[str, ...] = ()) -> RuleCheck:
    """field <= other"""
    return RuleCheck(code, frame, a_at_least_b(other, field), (field,), other=other, expected=expected)


def at_least(
    code: str, frame: str, field: str, other: str, when: RowConditionType = None, expected: tuple[str, ...] = ()
) -> RuleCheck:
    """field >= other"""
    return RuleCheck(code, frame, a_at_least_b(field, other, when), (field,), other=other, expected=expected)


def needs(code: str, frame: str, field: str, when: RowConditionType, because: str) -> RuleCheck:
    """field is filled in, with anything, on rows where the condition holds on `because`"""
    return RuleCheck(code, frame, required(f"{field}_text", when), (field,), other=because)


def inside_the_unit(sheet: str) -> RuleCheck:
    """H11: the commune at data_to is, or lies in, the reporting unit; agencies have no ground."""
    return RuleCheck("H11", sheet, equal("commune_reports_to", "unit_uid"), ("commune_code",))


def required(column: str, when: RowConditionType) -> Expectation:
    """The column is filled in where the condition holds."""
    return ExpectColumnValuesToNotBeNull(column=column, row_condition=when)


def matches(column: str, pattern: str, when: RowConditionType = None) -> Expectation:
    """The text, where there is one and the condition holds, has the pattern."""
    return ExpectColumnValuesToMatchRegex(column=column, regex=pattern, row_condition=when)


def equal(column_a: str, column_b: str, when: RowConditionType = None) -> Expectation:
    """Ignores rows where either is missing."""
    return ExpectColumnPairValuesToBeEqual(
        column_A=column_a, column_B=column_b, row_condition=when, ignore_row_if=IGNORE_MISSING
    )


def pair_in(column_a: str, column_b: str, pairs: Iterable[tuple]) -> Expectation:
    """Ignores rows where either is missing. No condition: Great Expectations gives two expectations of this kind
    that differ only in their conditions the same result."""
    return ExpectColumnPairValuesToBeInSet(
        column_A=column_a, column_B=column_b, value_pairs_set=list(pairs), ignore_row_if=IGNORE_MISSING
    )


def between(
    column: str, minimum: float | None, maximum: float | None, when: RowConditionType, notes: str | None = None
) -> Expectation:
    """Bounds included; ignores rows where the value is missing."""
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=minimum, max_value=maximum, row_condition=when, notes=notes
    )


def _columns_of(condition) -> set[str]:
    if not condition:
        return set()
    read = condition if isinstance(condition, dict) else condition.dict()
    if "conditions" in read:
        return set().union(*(_columns_of(each) for each in read["conditions"]))
    column = read["column"]
    return {column["name"] if isinstance(column, dict) else column.name}
