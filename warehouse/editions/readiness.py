"""Readiness of the province's reports, by reports.rpt_publication_readiness, and what forbids to publish one now."""

from datetime import datetime

import psycopg
from psycopg.rows import dict_row

from warehouse.build import builds, input_fingerprints
from warehouse.build.builds import require_no_other_builders
from warehouse.editions.editions import CYCLES
from warehouse.editions.records import PublicationRefused
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.restate.as_of import DAY_IN_VIET_NAM
from warehouse.restate.build_inputs import published_versions, reference_of

NOTHING_BUILT = "No build has been promoted yet: run htx build."


def readiness_of(connection: psycopg.Connection, kind: str, period: int) -> dict:
    """The row of a report. PublicationRefused where nothing was built, or the plan has no such year or phase."""
    found = [row for row in all_readiness(connection) if (row["kind"], row["period"]) == (kind, period)]
    if not found:
        named, key = ("report year", "no_year") if kind == "annual" else ("phase", "no_phase")
        raise PublicationRefused(f"There is no {named} {period} in the plan.", phrase(key, period=period))
    return found[0]


def all_readiness(connection: psycopg.Connection) -> list[dict]:
    """The rows of all reports, in the order in which they are due. PublicationRefused where nothing was built.

    Raises BuildForbidden."""
    require_no_other_builders(connection)
    [(table,)] = connection.execute("select to_regclass('reports.rpt_publication_readiness')").fetchall()
    if table is None:
        raise PublicationRefused(NOTHING_BUILT, phrase("nothing_built"))
    cursor = connection.cursor(row_factory=dict_row)
    return cursor.execute(
        "select * from reports.rpt_publication_readiness order by due_at nulls last, kind, period"
    ).fetchall()


def is_ready(row: dict, at: datetime) -> bool:
    """Whether a report may be published at an instant: its period has ended, and all mandatory units have reported
    without open queries, or the instant has come at which it is published with the reports received by then."""
    goes_incomplete = row["received_units"] > 0 and row["goes_at"] is not None and at >= row["goes_at"]
    return has_opened(row, at) and (row["is_complete"] or goes_incomplete)


def has_opened(row: dict, at: datetime) -> bool:
    """Whether the period of a report has ended."""
    return row["opens_at"] is None or at >= row["opens_at"]


def is_due(row: dict, at: datetime) -> bool:
    """Whether a report is published without a request at an instant."""
    return is_ready(row, at) and (row["closes_at"] is None or at < row["closes_at"])


def published_periods(connection: psycopg.Connection) -> set[tuple[str, int]]:
    """(kind, period) of the reports that were published or recorded. One that was forced before it was ready counts
    only while no file and no snapshot of the registry came later."""
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


def require_built(connection: psycopg.Connection) -> datetime:
    """When the build of the public tables began; PublicationRefused where files, models or reference data changed
    since. Reports published since do not count as a change."""
    build_id = builds.promoted_build(connection)
    if build_id is None:
        raise PublicationRefused(NOTHING_BUILT, phrase("nothing_built"))
    [(began,)] = connection.execute("select started_at from quality.builds where build_id = %s", [build_id]).fetchall()
    state = input_fingerprints.read_fingerprint(connection, published_until=began)
    if builds.promoted_state(connection) != state:
        stale = "The public tables are stale: new files, models or reference data are not built yet: run htx build."
        if rolled_back := builds.rollback_of(connection, state):
            raise PublicationRefused(rolled_back, phrase("rolled_back"))
        raise PublicationRefused(stale, phrase("stale"))
    return began


def require_issued_is_built(connection: psycopg.Connection, phase: int, built_at: datetime) -> None:
    """PublicationRefused where a yearly report of a phase was recorded as issued after the build at `built_at` began:
    the review of the phase states which of them were issued in time."""
    versions = published_versions(connection)
    cycles = reference_of(connection, versions.reference_sha256)[CYCLES].sql if versions else None
    if cycles is None:
        return
    [(is_unknown,)] = connection.execute(
        f"""
        select exists (
            select from raw.publication_issues as issues
            inner join raw.publications using (publication_id)
            inner join ({cycles}) as cycles on publications.report_year = cycles.report_year
            where cycles.phase = %s and issues.recorded_at > %s
        )
        """,
        [phase, built_at],
    ).fetchall()
    if is_unknown:
        raise PublicationRefused(
            "A yearly report of this phase was recorded as issued after the last build began: run htx build.",
            phrase("issued_since_build"),
        )


def require_nothing_issued_later(connection: psycopg.Connection, at: datetime, built_at: datetime) -> None:
    """PublicationRefused where the build that began at `built_at` counts a report that was issued at or after an
    instant: a version of that instant could not be reproduced."""
    [(known_at,)] = connection.execute(
        "select max(known_at) from raw.publication_issues where known_at >= %s and recorded_at <= %s",
        [at, built_at],
    ).fetchall()
    if known_at:
        raise PublicationRefused(
            f"Cannot publish as of {at:%Y-%m-%d %H:%M} UTC: the public figures count a report that was issued"
            f" {known_at:%Y-%m-%d %H:%M} UTC: choose a later instant.",
            phrase("issued_later", known_at=instant_vi(known_at)),
        )


def require_nothing_later(connection: psycopg.Connection, at: datetime) -> None:
    """PublicationRefused where an accepted file was received, or a loaded snapshot of the registry is of a day, after
    an instant. Rejected files say nothing about what was known when."""
    [(receipt_number, received, speaks_of, is_later)] = connection.execute(
        f"""
        select files.receipt_number, files.received_at, snapshots.speaks_of,
            files.received_at > %(at)s or snapshots.speaks_of > {DAY_IN_VIET_NAM.format("%(at)s::timestamptz")}
        from (select max(speaks_of) as speaks_of from raw.registry_snapshots) as snapshots
        left join (
            select receipt_number, received_at from raw.received_files where verdict = 'accepted'
            order by received_at desc limit 1
        ) as files on true
        """,
        {"at": at},
    ).fetchall()
    if is_later:
        raise PublicationRefused(
            f"Cannot publish as of {at:%Y-%m-%d %H:%M} UTC: later data is loaded already: the last file"
            f" ({receipt_number}) was received {received:%Y-%m-%d %H:%M} UTC, and the registry was pulled as of"
            f" {speaks_of}. Use htx publications add for past dates, and htx receipts amend where a time is wrong.",
            phrase("received_later"),
        )
