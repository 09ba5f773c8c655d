"""Amended times of receipt: a correction with its reason, the old time beside it (raw.receipt_amendments).

For files whose time was wrong: of a clock that was set wrong, or known better by the Union's desk. The figures follow
at the next build."""

from dataclasses import astuple, dataclass
from datetime import datetime

import psycopg


class AmendmentRefused(Exception):
    """A time of receipt cannot be amended; the message says why."""


@dataclass(frozen=True)
class Amendment:
    """A row of raw.receipt_amendments; instants in UTC."""

    submission_id: str
    old_received_at: datetime
    received_at: datetime
    reason: str
    amended_by: str


def amend_receipt(
    connection: psycopg.Connection, id: str, received_at: datetime, reason: str, amended_by: str
) -> Amendment:
    """Correct the time of receipt of a file, by its submission_id or receipt number.

    A rejected file that is still in the inbox is read again by the next load: its year may not have been locked then.
    Raises AmendmentRefused for an unknown or ambiguous id, and without a reason or a name."""
    if not reason.strip() or not amended_by.strip():
        raise AmendmentRefused("An amendment needs a reason and the name of the person who makes it.")
    with connection.transaction():
        found = connection.execute(
            "select submission_id, received_at from raw.received_files"
            " where %(id)s in (submission_id, receipt_number) for update",
            {"id": id},
        ).fetchall()
        if len(found) != 1:
            how_many = "No file has" if not found else f"{len(found)} files have"
            raise AmendmentRefused(f"{how_many} the id {id}: give a receipt number or a submission_id.")
        [(submission_id, old)] = found
        amended = Amendment(submission_id, old, received_at, reason.strip(), amended_by.strip())
        connection.execute(
            "update raw.received_files set received_at = %s,"
            " reference_sha256 = case when verdict = 'accepted' then reference_sha256 end where submission_id = %s",
            [received_at, submission_id],
        )
        connection.execute(
            "insert into raw.receipt_amendments (submission_id, old_received_at, received_at, reason, amended_by)"
            " values (%s, %s, %s, %s, %s)",
            astuple(amended),
        )
    return amended
