"""Gates: may a batch be built, and may a build be promoted?

The checks are here; levels, bounds, sentences and reasons are in gates.csv. A critical check that fails stops the build
with GateFailed; a warning is only logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
import psycopg
from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column, RowConditionType

from expectations.errors import GateFailed
from expectations.gates.gate_frames import batch_frames, mart_frames
from expectations.validation import ROW, failing_rows
from warehouse.reference.csv_rows import Row, read_rows
from warehouse.reference.reference_data import SEEDS, read_reference

GATES = Path(__file__).with_name("gates.csv")
ROWS_NAMED = 5

VALUE_KEY = ["indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis"]
VALUE_NAMED_BY = ("indicator_code", "report_year", "unit_uid", "value", "numerator", "denominator", "value_status")


@dataclass(frozen=True)
class Gate:
    """A row of gates.csv: the level of a check, its bounds, and the sentence when it fails."""

    code: str
    stage: str
    """batch or marts"""
    level: str
    """critical or warning"""
    minimum: float | None
    maximum: float | None
    sentence: str
    notes: str
    """where the bound comes from"""


@dataclass(frozen=True)
class Check:
    """What a gate expects of one frame; the columns in `named_by` say which row fails."""

    code: str
    frame: str
    expectation: Expectation
    named_by: tuple[str, ...] = ()


@dataclass
class GateResult:
    """The sentences of the failed checks, critical ones and warnings."""

    critical: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def validate_batch(connection: psycopg.Connection, seeds: Path = SEEDS) -> GateResult:
    """Check that what was received is complete and plausible. Raises GateFailed for a critical check.

    `seeds`: the folder of the reference data, which dbt may not have loaded yet.
    """
    reference = read_reference(seeds)
    gates = read_gates()
    kept = gates["registry_shrunk"].minimum or 0.0
    length = gates["list_length"]
    frames = batch_frames(connection, reference, kept, (length.minimum or 0.0, length.maximum or float("inf")))
    long_enough = Column("before") >= (gates["short_list"].minimum or 0.0)
    return _evaluated(
        frames,
        [
            Check("nothing_received", "counts", _within(gates["nothing_received"], "received_files")),
            Check("cover_missing", "accepted files", _filled("reporting_unit_code"), ("submission_id",)),
            Check("cover_missing", "accepted files", _filled("report_year"), ("submission_id",)),
            Check("rows_without_file", "files of rows", _filled("accepted_id"), ("submission_id",)),
            Check("sheet_missing", "sheets", _filled("found"), ("submission_id", "sheet_code")),
            Check("year_without_roster", "accepted files", _filled("roster_year"), ("report_year",)),
            Check("registry_missing", "counts", _within(gates["registry_missing"], "registry_snapshots")),
            Check(
                "registry_shrunk",
                "registry",
                _a_at_least_b("row_count", "least", Column("allowed_because").is_null()),
                ("table_name", "row_count", "before"),
            ),
            Check(
                "many_rejected",
                "last year",
                _within(gates["many_rejected"], "rejected_share"),
                ("report_year", "rejected_files", "received_files"),
            ),
            Check(
                "units_missing",
                "last year",
                _within(gates["units_missing"], "reported_share"),
                ("report_year", "reported_units", "mandatory_units"),
            ),
            *(
                Check("list_length", "lists", expectation, ("sheet_code", "unit_kind", "median_rows", "before"))
                for expectation in (
                    _a_at_least_b("median_rows", "least", long_enough),
                    _a_at_least_b("most", "median_rows", long_enough),
                )
            ),
        ],
        gates,
    )


def validate_marts(
    connection: psycopg.Connection,
    schema_marts: str = "next_marts",
    schema_reports: str = "next_reports",
    public_marts: str = "marts",
    seeds: Path = SEEDS,
) -> GateResult:
    """Check that a build may be promoted. Raises GateFailed for a critical check."""
    reference = read_reference(seeds)
    gates = read_gates()
    frames = mart_frames(connection, reference, schema_marts, schema_reports, public_marts)
    nothing_reported = Column("value_status").is_in(["not_reported", "not_applicable", "suppressed"])
    percentages = Column("is_percent") == "yes"
    return _evaluated(
        frames,
        [
            Check("no_values", "counts", _within(gates["no_values"], "indicator_values")),
            Check(
                "value_repeated", "all values", ExpectCompoundColumnsToBeUnique(column_list=VALUE_KEY), tuple(VALUE_KEY)
            ),
            Check("province_missing", "indicator years", _filled("value_status"), ("indicator_code", "report_year")),
            Check("province_missing", "indicator years", _filled("verdict"), ("indicator_code", "report_year")),
            Check(
                "percentage_out_of_bounds",
                "values",
                _within(gates["percentage_out_of_bounds"], "value", percentages),
                VALUE_NAMED_BY,
            ),
            Check(
                "part_exceeds_whole", "values", _a_at_least_b("denominator", "numerator", percentages), VALUE_NAMED_BY
            ),
            *(
                Check("negative_count", "values", _within(gates["negative_count"], column), VALUE_NAMED_BY)
                for column in ("value", "numerator", "denominator")
            ),
            Check(
                "unknown_status",
                "all values",
                _in("value_status", list(reference.code_lists["value_statuses"])),
                VALUE_NAMED_BY,
            ),
            Check(
                "unknown_verdict",
                "indicator years",
                _in("verdict", list(reference.code_lists["verdicts"])),
                ("indicator_code", "report_year", "verdict"),
            ),
            Check("value_and_status_disagree", "values", _blank("value", nothing_reported), VALUE_NAMED_BY),
            Check("value_and_status_disagree", "values", _blank("value", Column("denominator") == 0), VALUE_NAMED_BY),
            Check(
                "value_and_status_disagree",
                "values",
                _filled(
                    "value", Column("value_status").is_in(["reported", "estimated"]) & (Column("denominator") != 0)
                ),
                VALUE_NAMED_BY,
            ),
            Check(
                "value_and_status_disagree",
                "values",
                # nil is 0 for a count and, with nothing to count among, no value for a percentage
                _filled("value", (Column("value_status") == "nil") & (Column("is_percent") == "no")),
                VALUE_NAMED_BY,
            ),
            Check("bounds_exclude_value", "values", _a_at_least_b("value", "value_low"), VALUE_NAMED_BY),
            Check("bounds_exclude_value", "values", _a_at_least_b("value_high", "value"), VALUE_NAMED_BY),
            Check("published_year_gone", "published years", _filled("next_year"), ("report_year",)),
            Check(
                "more_than_there_are",
                "strengthened",
                _a_at_least_b("cooperatives", "value"),
                ("report_year", "value", "cooperatives"),
            ),
        ],
        gates,
    )


@cache
def read_gates(path: Path = GATES) -> dict[str, Gate]:
    """The gates by code. Raises InvalidReferenceData, also for one without a reason."""
    return {row["code"]: _gate(row) for row in read_rows(path)}


def _gate(row: Row) -> Gate:
    if not row["notes"]:
        raise row.invalid("notes", "filled in: the source of the bound")
    minimum, maximum = row.decimal_or_none("minimum"), row.decimal_or_none("maximum")
    return Gate(row["code"], row["stage"], row["level"], minimum, maximum, row["sentence"], row["notes"])


def _evaluated(frames: dict[str, pd.DataFrame], checks: Sequence[Check], gates: dict[str, Gate]) -> GateResult:
    """Evaluate all checks, each frame once. Raises GateFailed with the critical ones, in the order of the checks."""
    failing: dict[str, dict[str, None]] = {}
    failed: dict[int, list[int]] = {}
    for name, frame in frames.items():
        numbers = [number for number, check in enumerate(checks) if check.frame == name]
        found = failing_rows(frame.assign(**{ROW: range(len(frame))}), [checks[n].expectation for n in numbers])
        failed |= dict(zip(numbers, found, strict=True))
    for number, check in enumerate(checks):
        if failed[number]:
            rows = frames[check.frame].iloc[failed[number]]
            failing.setdefault(check.code, {}).update(dict.fromkeys(_named(rows, check.named_by)))
    result = GateResult()
    for code, names in failing.items():
        sentence = gates[code].sentence.format(rows=_listed(list(names)))
        (result.critical if gates[code].level == "critical" else result.warnings).append(sentence)
    if result.critical:
        raise GateFailed(result.critical)
    return result


def _named(rows: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    return [
        ", ".join(f"{name} {_shown(row[name])}" for name in columns if pd.notna(row[name]))
        for _, row in rows.iterrows()
    ]


def _listed(names: list[str]) -> str:
    more = len(names) - ROWS_NAMED
    return "; ".join(names[:ROWS_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _within(gate: Gate, column: str, when: RowConditionType = None) -> Expectation:
    """The column lies within the gate's bounds; missing values pass."""
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=gate.minimum, max_value=gate.maximum, row_condition=when, notes=gate.notes
    )


def _filled(column: str, when: RowConditionType = None) -> Expectation:
    return ExpectColumnValuesToNotBeNull(column=column, row_condition=when)


def _blank(column: str, when: RowConditionType) -> Expectation:
    return ExpectColumnValuesToBeNull(column=column, row_condition=when)


def _in(column: str, values: list[str]) -> Expectation:
    return ExpectColumnValuesToBeInSet(column=column, value_set=values)


def _a_at_least_b(column_a: str, column_b: str, when: RowConditionType = None) -> Expectation:
    """Rows where either is missing pass."""
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column_a,
        column_B=column_b,
        or_equal=True,
        row_condition=when,
        ignore_row_if="either_value_is_missing",
    )
