"""What reports.rpt_publication_readiness says of the province's reports, and which of them were published."""

from datetime import datetime

import psycopg
from psycopg.rows import dict_row

from warehouse.editions.records import PublicationRefused


def readiness_of(connection: psycopg.Connection, kind: str, period: int) -> dict:
    """The row of a report, with its columns. PublicationRefused where nothing was built, or there is no such report."""
    found = [row for row in all_readiness(connection) if (row["kind"], row["period"]) == (kind, period)]
    if not found:
        named = "report year" if kind == "annual" else "phase"
        raise PublicationRefused(f"There is no {named} {period} in the plan.")
    return found[0]


def all_readiness(connection: psycopg.Connection) -> list[dict]:
    """The rows of all reports, in the order in which they are due."""
    if connection.execute("select to_regclass('reports.rpt_publication_readiness')").fetchone()[0] is None:
        raise PublicationRefused("Nothing was built and published yet: run htx build.")
    cursor = connection.cursor(row_factory=dict_row)
    return cursor.execute(
        "select * from reports.rpt_publication_readiness order by due_at nulls last, kind, period"
    ).fetchall()


def is_ready(row: dict, at: datetime) -> bool:
    """Whether a report may go at an instant: all mandatory units in and clean, or the instant reached at which it goes
    with what is there, if anything is. What has not ended yet is not ready."""
    goes_with_what_is_there = row["received_units"] > 0 and row["goes_at"] is not None and at >= row["goes_at"]
    return has_opened(row, at) and (row["is_complete"] or goes_with_what_is_there)


def has_opened(row: dict, at: datetime) -> bool:
    """Whether what a report is about has ended."""
    return row["opens_at"] is None or at >= row["opens_at"]


def is_due(row: dict, at: datetime) -> bool:
    """Whether a report goes by itself at an instant."""
    return is_ready(row, at) and (row["closes_at"] is None or at < row["closes_at"])


def published_periods(connection: psycopg.Connection) -> set[tuple[str, int]]:
    """(kind, period) of all that was published here, or recorded as sent. One that somebody forced before it was ready
    still goes by itself when it is, if anything came since."""
    rows = connection.execute("""
        select distinct kind, coalesce(report_year, phase)
        from raw.publications
        where
            forced_because is null
            or recorded_at >= all (
                select first_seen_at from raw.received_files
                union all
                select pulled_at from raw.registry_snapshots
            )
    """)
    return set(rows.fetchall())
