"""The places beside the warehouse that something may be wrong with, and matters of operations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from htx import environment
from htx.mail.notices import Waiting
from warehouse.reference.csv_rows import InvalidReferenceData, read_rows
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder

MATTER = "operation"


@dataclass(frozen=True)
class Places:
    """URLs; None, or empty, where there is none. `airflow_url` is the web page."""

    backup_url: str | None = None
    airflow_database_url: str | None = field(default=None, repr=False)
    airflow_url: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mailbox_url: str | None = field(default=None, repr=False)
    reports_page_url: str | None = None

    def operation(
        self, step: str, cause: str, since: datetime, lines: Sequence[str], heading: str | None = None,
        link: str | None = None, **named: str,
    ) -> Waiting:  # fmt: skip
        """A matter of operations: its title is the phrase of the step, `heading` that of the runbook's page."""
        title = phrase(f"operation.{step}", **named)
        words = {"title": title, "lines": lines, "runbook": environment.runbook_page(heading or step), "link": link}
        return Waiting(MATTER, step, cause, since, words)


def of_environment(**other: str | None) -> Places:
    """The places that the settings name, but for those that are given."""
    named = {
        "backup_url": environment.backup_url(),
        "airflow_database_url": environment.airflow_database_url(),
        "smtp_url": environment.smtp_url(),
        "mailbox_url": environment.mailbox_url(),
        "reports_page_url": environment.reports_page_url(),
    }
    return Places(**{**named, **other})


def hours_of(step: str) -> int:
    """The hours of a step in operation_limits.csv. Raises InvalidReferenceData."""
    rows = {row["step"]: row for row in read_rows(plan_folder() / "operation_limits.csv")}
    if step not in rows:
        raise InvalidReferenceData(f"operation_limits.csv has no row {step}: add it, with its hours.")
    return rows[step].integer("hours")
