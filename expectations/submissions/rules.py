"""The checks of the rules on one file: what is expected of a frame, and the field that a finding points to.

Codes, severities and sentences are in seeds/rules.csv, the expectations in seeds/rule_comparisons.csv; those that take
types and code lists from the form (V02, V04) are here.

Placeholders of the sentences in seeds/rules.csv:
  every rule        {sheet} {cell} {row} {value}, and {header}: the Vietnamese header of the flagged field; of
                    09_UU_TIEN only headers and row numbers are shown, the rest becomes …; {rows}: the rows of a finding
                    on several, whose {cell} and {header} are then all of them; {clause_vi} {clause_en}: the words of
                    ingestion/feedback/sentences.csv that depend on the violation
  comparisons       {other_header} {other_value}: what it is compared with, {expected} {expected_en}: the bounds
  shown             those that the column `shown` of seeds/rule_comparisons.csv names
  V08               {what_vi} {what_en}: hidden or broken content, and where
  rules of the parser and of receipt (F01 F02 F08 F11 F12 F14 F15 F16 V03 V07): see ingestion/feedback/findings.py
  rules computed in each build (depends_on history, registry or other units; F06 alone is checked here):
                    {header} {cell} {value} {expected} {other_unit} {year}: the cell, what it is compared with
                    (last year, the registry), the other unit, the report year
"""

from dataclasses import dataclass, field

from great_expectations.expectations import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToMatchStrftimeFormat,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations.comparisons import columns_read, read_expectation
from expectations.submissions.rule_frames import CELLS, DATE_FORMAT, PATTERNS
from warehouse.reference.csv_rows import Row
from warehouse.reference.reference_data import Reference


@dataclass(frozen=True)
class RuleCheck:
    """A rule's expectation on the rows of one frame, and what its findings show."""

    rule_code: str
    frame: str
    expectation: Expectation
    columns: set[str]
    """the columns of the frame that the expectation reads"""
    flagged: tuple[str, ...] = ()
    """fields: the finding points to the first that is filled in, else the first; () where the row names its field"""
    other: str | None = None
    """the column that the flagged one is compared with"""
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """further placeholders of the sentence, each with its column, or the columns of its two bounds"""
    bounds: tuple[str, ...] = ()
    """the expected bounds, where they are the same for every row"""


def rule_checks(reference: Reference) -> list[RuleCheck]:
    """All checks of a batch: of its cells, its covers, each of its sheets."""
    listed = [f"{name}:{code}" for name, codes in reference.code_lists.items() for code in codes]
    is_date = Column("type") == "date"
    dates = ExpectColumnValuesToMatchStrftimeFormat(column="text", strftime_format=DATE_FORMAT, row_condition=is_date)
    return [
        *(RuleCheck("V02", CELLS, _matches(pattern, type_), {"text", "type"}) for type_, pattern in PATTERNS.items()),
        RuleCheck("V02", CELLS, dates, {"text", "type"}),
        RuleCheck("V04", CELLS, ExpectColumnValuesToBeInSet(column="listed_code", value_set=listed), {"listed_code"}),
        *(_check(row, reference) for row in reference.rule_comparisons),
    ]


def _matches(pattern: str, type_: str) -> Expectation:
    return ExpectColumnValuesToMatchRegex(column="text", regex=pattern, row_condition=Column("type") == type_)


def _check(row: Row, reference: Reference) -> RuleCheck:
    is_ordered = row["comparator"] in ("<=", ">=", ">") and row["compared_with"] in columns_read(row)
    shown = (each.partition("=") for each in row["shown"].split())
    return RuleCheck(
        rule_code=row["rule_code"],
        frame=row["frame"],
        expectation=read_expectation(row, reference.code_lists),
        columns=columns_read(row),
        flagged=tuple(row["fields"].split()),
        other=row["other"] or (row["compared_with"] if is_ordered else None),
        shown={name: tuple(columns.split(",")) for name, _, columns in shown},
        bounds=tuple(row["compared_with"].split()) if row["comparator"] == "between" else (),
    )
