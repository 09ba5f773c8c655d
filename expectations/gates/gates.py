"""Gates: may a batch be built, and may a build be promoted?

Levels, bounds, sentences and reasons are in gates.csv, what is expected in gate_checks.csv: of which frame, and the
columns that say which row fails. A critical check that fails stops the build with GateFailed; a warning is only logged.
What became of each gate is kept in quality.gate_results; the caller commits, also where the build is refused.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
import psycopg

from expectations.comparisons import read_expectation
from expectations.errors import GateFailed
from expectations.gates.gate_frames import batch_frames, mart_frames
from expectations.validation import ROW, failing_rows
from warehouse.reference.csv_rows import Row, read_rows
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference, plan_folder, read_reference

Names = tuple[str, str]
"""a row by its values, in English and in Vietnamese"""
HERE = Path(__file__).parent
ROWS_NAMED = 5
KEEP = """
    insert into quality.gate_results (checked_at, stage, gate, build_id, level, outcome, sentence, sentence_vi)
    values (%(checked_at)s, %(stage)s, %(gate)s, %(build_id)s, %(level)s, %(outcome)s, %(sentence)s, %(sentence_vi)s)
"""
FORGET = "delete from quality.gate_results where checked_at < now() - interval '400 days'"


@dataclass
class GateResult:
    """The sentences of the failed checks, critical ones and warnings."""

    critical: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def validate_batch(connection: psycopg.Connection, seeds: Path | None = None) -> GateResult:
    """Check that what was received is complete and plausible. Raises GateFailed for a critical check.

    `seeds`: the folder of the reference data, which dbt may not have loaded yet; by default that of the plan.
    """
    reference = read_reference(seeds or plan_folder())
    return _evaluated(connection, "batch", batch_frames(connection, reference), reference)


def validate_marts(
    connection: psycopg.Connection,
    schema_marts: str = "next_marts",
    schema_reports: str = "next_reports",
    public_marts: str = "marts",
    seeds: Path | None = None,
) -> GateResult:
    """Check that a build may be promoted. Raises GateFailed for a critical check."""
    reference = read_reference(seeds or plan_folder())
    frames = mart_frames(connection, reference, schema_marts, schema_reports, public_marts)
    return _evaluated(connection, "marts", frames, reference)


@cache
def read_gates() -> dict[str, Row]:
    """The rows of gates.csv by code."""
    return {row["code"]: row for row in read_rows(HERE / "gates.csv")}


def _evaluated(
    connection: psycopg.Connection, stage: str, frames: dict[str, pd.DataFrame], reference: Reference
) -> GateResult:
    """Evaluate the checks of a stage, each frame once. Raises GateFailed with the critical ones, in their order."""
    gates = read_gates()
    checks = [row for row in read_rows(HERE / "gate_checks.csv") if gates[row["gate"]]["stage"] == stage]
    failed: dict[int, list[Names]] = {}
    for name, frame in frames.items():
        of_frame = [check for check in checks if check["frame"] == name]
        expected = [read_expectation(each, reference.code_lists, _bounds(gates[each["gate"]])) for each in of_frame]
        found = failing_rows(frame.assign(**{ROW: range(len(frame))}), expected)
        for check, rows in zip(of_frame, found, strict=True):
            failed[check.number] = _named(frame.iloc[rows], check["named_by"].split())
    named: dict[str, dict[Names, None]] = {}
    for check in checks:
        if failed[check.number]:
            named.setdefault(check["gate"], {}).update(dict.fromkeys(failed[check.number]))
    result = GateResult()
    sentences = {code: _sentences(gates[code], list(names)) for code, names in named.items()}
    for code, (sentence, _) in sentences.items():
        (result.critical if _level(gates[code]) == "critical" else result.warnings).append(sentence)
    _keep(connection, stage, {check["gate"]: sentences.get(check["gate"]) for check in checks})
    if result.critical:
        raise GateFailed(result.critical)
    return result


def _keep(connection: psycopg.Connection, stage: str, sentences: dict[str, tuple[str, str] | None]) -> None:
    """Record what became of each gate of a stage: its English and Vietnamese sentence, None where it passed."""
    now, built = connection.execute(
        "select clock_timestamp(), (select build_id from quality.next_build)"
    ).fetchone() or (None, None)
    about = {"checked_at": now, "stage": stage, "build_id": built if stage == "marts" else None}
    gates = read_gates()
    rows = [
        {
            **about,
            "gate": code,
            "level": _level(gates[code]),
            "outcome": "failed" if both else "passed",
            "sentence": both and both[0],
            "sentence_vi": both and both[1],
        }
        for code, both in sentences.items()
    ]
    connection.execute(FORGET)
    connection.cursor().executemany(KEEP, rows)


def _level(gate: Row) -> str:
    return gate.one_of("level", "critical", "warning")


def _bounds(gate: Row) -> tuple[float | None, float | None]:
    return gate.decimal_or_none("minimum"), gate.decimal_or_none("maximum")


def _named(rows: pd.DataFrame, columns: list[str]) -> list[Names]:
    """Each row by the names and values of columns."""
    return [
        (
            ", ".join(f"{name} {_shown(row[name])}" for name in there),
            ", ".join(f"{phrase(f'gate_column.{name}')} {_shown(row[name])}" for name in there),
        )
        for _, row in rows.iterrows()
        for there in [[name for name in columns if pd.notna(row[name])]]
    ]


def _sentences(gate: Row, names: list[Names]) -> tuple[str, str]:
    """The English and the Vietnamese sentence of a gate that these rows fail."""
    more = len(names) - ROWS_NAMED
    rows, rows_vi = ("; ".join(each) for each in zip(*names[:ROWS_NAMED], strict=True))
    if more > 0:
        rows, rows_vi = f"{rows}; and {more} more", f"{rows_vi}; {phrase('gate_more', count=more)}"
    return gate["sentence"].format(rows=rows), gate["sentence_vi"].format(rows=rows_vi)


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
