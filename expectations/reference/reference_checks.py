"""Lint for the plan: is what the reference data says of targets, indicators, years and units sound in itself?

The CSV files alone are asked, no database. What is wrong refuses the next build, what is odd is told. Levels,
thresholds and sentences are in plan_checks.csv; so are those of the checks that need the registry, which stand in
reports.rpt_plan_lint.
"""

from dataclasses import dataclass
from pathlib import Path

from expectations.errors import GateFailed
from expectations.reference.cycle_checks import CALENDAR_CHECKS
from expectations.reference.reference_tables import Noticed, PlanTables
from expectations.reference.target_checks import TARGET_CHECKS
from warehouse.reference.csv_rows import Row

LEVELS = ("error", "warning")


@dataclass(frozen=True)
class PlanFinding:
    """What is wrong or odd in a cell of the reference data."""

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


def lint_plan(seeds: Path) -> list[PlanFinding]:
    """The findings on the reference data of a folder, errors first. Raises InvalidReferenceData where it cannot be
    read at all."""
    tables = PlanTables(seeds)
    checks = {row["check_code"]: row for row in tables["plan_checks"]}
    noticed = [each for ask in (*TARGET_CHECKS, *CALENDAR_CHECKS) for each in ask(tables)]
    findings = [_finding(checks[each.check_code], each) for each in noticed]
    return sorted(findings, key=lambda each: LEVELS.index(each.level))


def require_sound_plan(seeds: Path) -> None:
    """Raises GateFailed with a sentence for each error: nothing is built on reference data that is wrong."""
    errors = [each for each in lint_plan(seeds) if each.level == "error"]
    if errors:
        raise GateFailed([f"{each.place}: {each.message_en}" for each in errors])


def _finding(check: Row, noticed: Noticed) -> PlanFinding:
    said = {"subject": noticed.subject, "value": noticed.value, "expected": noticed.expected}
    is_row = isinstance(noticed.place, Row)
    return PlanFinding(
        check_code=noticed.check_code,
        level=check.one_of("level", *LEVELS),
        file_name=noticed.place.file_name if is_row else noticed.place,
        row_number=noticed.place.number if is_row else None,
        column=noticed.column,
        message_vi=check["message_vi"].format(**said),
        message_en=check["message_en"].format(**said),
    )
