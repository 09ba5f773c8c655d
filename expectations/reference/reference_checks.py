"""Whether the plan's reference data is sound in itself: targets, indicators, years and units, from the CSV files alone.

Errors refuse the next build, warnings are only reported. Levels, thresholds and sentences are in plan_checks.csv,
also those of the checks that need the registry (reports.rpt_plan_lint).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from expectations.errors import GateFailed
from expectations.reference.cycle_checks import CYCLE_CHECKS, check_next_year
from expectations.reference.declared_checks import check_declared
from expectations.reference.map_checks import MAP_CHECKS
from expectations.reference.reference_tables import ReferenceTables, Violation
from expectations.reference.target_checks import TARGET_CHECKS
from warehouse.editions.moved_verdicts import VerdictMoves
from warehouse.reference.csv_rows import Row

LEVELS = ("error", "warning")


@dataclass(frozen=True)
class PlanFinding:
    """An error or a warning on a cell of the reference data."""

    check_code: str
    level: str
    """error or warning"""
    file_name: str
    row_number: int | None
    """as an editor counts; None where a row is missing"""
    column: str
    message_vi: str
    message_en: str

    @property
    def place(self) -> str:
        row = f", row {self.row_number}" if self.row_number else ""
        return f"{self.file_name}{row}, {self.column}"


def lint_plan(seeds: Path, on: date | None = None) -> list[PlanFinding]:
    """The findings on the reference data of a folder, errors first. Raises InvalidReferenceData.

    `on`: the day by which the roster of the next year may be overdue; without it that is not checked."""
    tables = ReferenceTables(seeds)
    checks = {row["check_code"]: row for row in tables["plan_checks"]}
    violations = [
        each for check in (check_declared, *TARGET_CHECKS, *CYCLE_CHECKS, *MAP_CHECKS) for each in check(tables)
    ]
    violations += check_next_year(tables, on) if on else []
    findings = [_finding(checks[each.check_code], each) for each in violations]
    return sorted(findings, key=lambda each: LEVELS.index(each.level))


def moved_findings(seeds: Path, moved: VerdictMoves) -> list[PlanFinding]:
    """The findings on verdicts of issued years that the files move: errors; warnings where somebody accepted them."""
    tables = ReferenceTables(seeds)
    [check] = [row for row in tables["plan_checks"] if row["check_code"] == "verdict_moves"]
    labels = tables.reference.code_lists["verdicts"]
    files, changes = ", ".join(moved.files), "; ".join(moved.files.values())

    def found() -> Iterator[PlanFinding]:
        for each in moved.verdicts:
            subject = f"{each.indicator_code} ({each.report_year})"
            finding = _finding(check, Violation("verdict_moves", files, changes, subject, each.old, each.new))
            in_words = {"value": labels.get(each.old, "—"), "expected": labels.get(each.new, "—")}
            yield replace(
                finding,
                level="warning" if each.is_accepted else finding.level,
                message_vi=check["message_vi"].format(subject=subject, **in_words),
            )

    return list(found())


def require_sound_plan(seeds: Path) -> None:
    """Raise GateFailed with a sentence for each error: nothing is built on wrong reference data."""
    errors = [each for each in lint_plan(seeds) if each.level == "error"]
    if errors:
        raise GateFailed([f"{each.place}: {each.message_en}" for each in errors])


def _finding(check: Row, violation: Violation) -> PlanFinding:
    words = {"subject": violation.subject, "value": violation.value, "expected": violation.expected}
    place = violation.place
    return PlanFinding(
        check_code=violation.check_code,
        level=check.one_of("level", *LEVELS),
        file_name=place.file_name if isinstance(place, Row) else place,
        row_number=place.number if isinstance(place, Row) else None,
        column=violation.column,
        message_vi=check["message_vi"].format(**words),
        message_en=check["message_en"].format(**words),
    )
