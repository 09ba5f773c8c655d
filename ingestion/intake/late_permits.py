"""Late permits: permission for a unit to submit to a locked year, until when, why and granted by whom.

From `locked_from` on, yearly reports are rejected (rule F06). A permit admits the files of one unit for one year that
are received from the second of granted_at until before valid_until or its revocation. The time of receipt decides, not
the time of loading: so an outage costs no unit its permit, loading everything again gives the same verdicts, and a
revocation does not undo an acceptance. A file received before the permit counts as received when it is sent again (the
same bytes are enough). A file that is still in the inbox is loaded again without being sent, and counts as received
when the permit was granted (ingestion/intake/looks.py). A permit can also be granted as of an earlier instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

import psycopg
from psycopg.rows import class_row

from ingestion.form.submission import Submission
from warehouse.reference.cycles import Cycle
from warehouse.reference.reference_data import Reference
from warehouse.reference.time_zone import VIET_NAM

LIFTS_LOCK = "lifts_lock"
"""the flag in code_lists.csv of the agencies that can lift it"""
COLUMNS = (
    "exception_id, reporting_unit_code, report_year, reason, granted_by, granted_at, valid_until, revoked_at,"
    " revoked_by"
)


class PermitRefused(Exception):
    """A permit cannot be granted or revoked; the message says why."""


@dataclass(frozen=True)
class LatePermit:
    """Permission for a unit to submit to a locked year; instants in UTC."""

    exception_id: str
    reporting_unit_code: str
    report_year: int
    reason: str
    granted_by: str
    granted_at: datetime
    valid_until: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def is_open_at(self, instant: datetime) -> bool:
        """Whether a file received at that instant is admitted; the permit begins with its second, since a file may have
        been stored a moment before somebody granted it and loaded the file."""
        end = min(self.valid_until, self.revoked_at or self.valid_until)
        return self.granted_at.replace(microsecond=0) <= instant < end

    def covers(self, submission: Submission) -> bool:
        """Whether the submission is of this unit and year, and was received while the permit was open."""
        return (
            submission.unit_code == self.reporting_unit_code
            and submission.report_year == self.report_year
            and self.is_open_at(submission.file.received_at)
        )


def lock_begins_at(cycle: Cycle) -> datetime:
    """The instant from which files for the year are rejected: midnight of `locked_from` in Viet Nam."""
    return datetime.combine(cycle.locked_from, time(), VIET_NAM).astimezone(UTC)


def is_locked(submission: Submission, reference: Reference) -> bool:
    """Whether the file needs a permit."""
    cycle = reference.cycles.get(submission.report_year or 0)
    if cycle is None or submission.cover.get("report_kind") not in reference.report_kinds(yearly=True):
        return False
    return submission.file.received_at >= lock_begins_at(cycle)


def permit_for(submission: Submission, reference: Reference, permits: Iterable[LatePermit]) -> LatePermit | None:
    """The permit that admits the file to a locked year; of several the one granted first."""
    if not is_locked(submission, reference):
        return None
    covering = [each for each in permits if each.covers(submission)]
    return min(covering, key=lambda each: (each.granted_at, each.exception_id), default=None)


def permit_after(submission: Submission, permits: Iterable[LatePermit]) -> LatePermit | None:
    """The first permit of the unit and year that began only after the file was received."""
    later = [
        each
        for each in permits
        if (each.reporting_unit_code, each.report_year) == (submission.unit_code, submission.report_year)
        and each.revoked_at is None
        and each.granted_at > submission.file.received_at
    ]
    return min(later, key=lambda each: each.granted_at, default=None)


def lock_lifters(reference: Reference) -> list[str]:
    """The names of the agencies that can lift the lock."""
    flags = reference.code_flags["agencies"]
    return [name for code, name in reference.code_lists["agencies"].items() if LIFTS_LOCK in flags[code]]


def read_permits(
    connection: psycopg.Connection, year: int | None = None, unit_code: str | None = None
) -> list[LatePermit]:
    """All permits, or those of a year or unit, in the order in which they were granted."""
    cursor = connection.cursor(row_factory=class_row(LatePermit))
    cursor.execute(
        f"select {COLUMNS} from raw.lock_exceptions"
        " where (%(year)s::int is null or report_year = %(year)s)"
        " and (%(unit)s::text is null or reporting_unit_code = %(unit)s)"
        " order by granted_at, exception_id",
        {"year": year, "unit": unit_code},
    )
    return cursor.fetchall()


def permit_uses(connection: psycopg.Connection, exception_ids: list[str]) -> dict[str, list[str]]:
    """exception_id -> the receipt numbers of the files that it admitted, in the order of receipt."""
    found: dict[str, list[str]] = {each: [] for each in exception_ids}
    for exception_id, receipt_number in connection.execute(
        "select uses.exception_id, files.receipt_number from raw.lock_exception_uses as uses"
        " inner join raw.received_files as files using (submission_id)"
        " where uses.exception_id = any(%s) order by files.received_at, files.file_name, files.submission_id",
        [exception_ids],
    ):
        found[exception_id].append(receipt_number)
    return found


def grant_permit(
    connection: psycopg.Connection,
    unit_code: str,
    year: int,
    reason: str,
    granted_by: str,
    granted_at: datetime,
    valid_until: datetime,
) -> LatePermit:
    """Record a permit, numbered within its unit and year (year-692-1).

    Raises PermitRefused without a reason or a name, or if it ends before it begins."""
    if not reason.strip() or not granted_by.strip():
        raise PermitRefused("A permit needs a reason and the name of the person who grants it.")
    if valid_until <= granted_at:
        raise PermitRefused("A permit must end after it is granted.")
    with connection.transaction():
        connection.execute("lock table raw.lock_exceptions in share row exclusive mode")
        number = len(read_permits(connection, year, unit_code)) + 1
        granted = LatePermit(
            f"{year}-{unit_code}-{number}", unit_code, year, reason.strip(), granted_by.strip(), granted_at, valid_until
        )
        connection.execute(
            f"insert into raw.lock_exceptions ({COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, null, null)",
            [*list(vars(granted).values())[:7]],
        )
    return granted


def revoke_permit(
    connection: psycopg.Connection, exception_id: str, revoked_by: str, revoked_at: datetime
) -> LatePermit:
    """End a permit early; files that it admitted stay accepted. PermitRefused if it is unknown or revoked already."""
    with connection.transaction():
        revoked = connection.execute(
            "update raw.lock_exceptions set revoked_at = %s, revoked_by = %s"
            " where exception_id = %s and revoked_at is null returning report_year, reporting_unit_code",
            [revoked_at, revoked_by, exception_id],
        ).fetchone()
    if revoked is None:
        raise PermitRefused(f"The permit {exception_id} does not exist or is revoked already.")
    return next(each for each in read_permits(connection, *revoked) if each.exception_id == exception_id)
