"""Looks at the inbox: which files are new, and when they count as received.

The time in storage is what the sender's machine says, and anybody can set it. A file arrived between the last look at
its folder that did not show it and the first that did, so that its time is clamped into that span: a time in the future
is the instant at which it was seen, and the old time of a copy proves nothing. Before the first look at a folder any
past time holds. Where only the span could tell whether the file was on time, its sender gets the earlier end (F15).

Clocks may differ by ten minutes before a finding says so (F14). A look that is later than now was dated by a wrong
clock, and proves nothing. A file that came by mail counts as received when our mail server received it. In a warehouse
that is marked as the example's, files carry their times of receipt.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg

from ingestion.intake.inbox import Inbox, InboxFile
from ingestion.intake.late_permits import lock_begins_at
from warehouse.example_mark import is_example
from warehouse.reference.deadlines import all_due_at
from warehouse.reference.reference_data import Reference

TOLERANCE = timedelta(minutes=10)
NOT_BELIEVED, DECIDED_BY_SPAN = "F14", "F15"
MOMENT = timedelta(microseconds=1)
"""difference between files that would count as received at the same instant, to keep their order"""
LISTED = """
    unnest(%(url)s::text[], %(modified_at)s::timestamptz[], %(byte_count)s::bigint[]) with ordinality
        as listed (url, modified_at, byte_count, place)
"""


def new_files(connection: psycopg.Connection, inbox: Inbox, reference: Reference, at: datetime) -> list[InboxFile]:
    """Keep a look at the inbox that began at an instant; the files that were not loaded yet in their present state, in
    the order of receipt.

    A file that was rejected under other reference data is new again: the fault may have been in the reference data. So
    is a file that only the lock of its year rejected, once a late permit admits it: with its own time of receipt if the
    permit holds from before it, else with the instant at which the permit was granted."""
    _keep_look(connection, inbox, at)
    files = _with_receipts(connection, inbox.files, reference, at)
    seen = connection.execute(
        f"""
        select listed.place
        from {LISTED}
        inner join raw.inbox_sightings using (url, modified_at, byte_count)
        inner join raw.received_files using (submission_id)
        where received_files.verdict = 'accepted' or received_files.reference_sha256 = %(reference_sha256)s
        """,
        {**_columns(files), "reference_sha256": reference.sha256},
    )
    known = {place - 1 for (place,) in seen}
    admitted = _admitted(connection, [files[place] for place in sorted(known)])
    found = [file for place, file in enumerate(files) if place not in known] + admitted
    return sorted(found, key=lambda file: (file.received_at, file.file_name, file.url))


def clamped(
    stored_at: datetime, not_before: datetime | None, seen_at: datetime, deadlines: Iterable[datetime]
) -> tuple[datetime, str | None]:
    """When a file counts as received, and the rule of a finding on that.

    `not_before`: the last look that did not show the file; `seen_at`: the first that did."""
    received_at = min(max(stored_at, not_before or stored_at), seen_at)
    if abs(received_at - stored_at) < TOLERANCE:
        return received_at, None
    if not_before and any(not_before < each <= seen_at for each in deadlines):
        return not_before, DECIDED_BY_SPAN
    return received_at, NOT_BELIEVED


def _keep_look(connection: psycopg.Connection, inbox: Inbox, at: datetime) -> None:
    connection.execute(
        f"""
        insert into raw.inbox_sightings (url, modified_at, byte_count, not_before, seen_at)
        select listed.url, listed.modified_at, listed.byte_count, looks.looked_at, %(at)s
        from {LISTED}
        inner join unnest(%(folder)s::text[]) with ordinality as folders (url, place) using (place)
        left join raw.inbox_looks as looks on folders.url = looks.url and looks.looked_at <= %(at)s
        on conflict do nothing
        """,
        {**_columns(inbox.files), "folder": [inbox.folder_of(each) for each in inbox.files], "at": at},
    )
    connection.execute(
        "insert into raw.inbox_looks (url, looked_at) select unnest(%s::text[]), %s"
        " on conflict (url) do update set looked_at = excluded.looked_at",
        [inbox.folders, at],
    )


def _with_receipts(
    connection: psycopg.Connection, files: list[InboxFile], reference: Reference, at: datetime
) -> list[InboxFile]:
    """The files with the times at which they count as received."""
    if is_example(connection):
        return files
    deadlines = all_due_at(connection, reference) | {lock_begins_at(each) for each in reference.cycles.values()}
    spans = connection.execute(
        f"""
        select
            listed.place,
            case when sightings.not_before <= %(at)s then sightings.not_before end,
            least(sightings.seen_at, %(at)s),
            coalesce(
                (
                    select amended.received_at from raw.receipt_amendments as amended
                    where amended.submission_id = sightings.submission_id
                    order by amended.amended_at desc limit 1
                ),
                mailed.received_at
            )
        from {LISTED}
        inner join raw.inbox_sightings as sightings using (url, modified_at, byte_count)
        left join raw.mail_files as mailed using (url, byte_count)
        order by sightings.seen_at nulls first, listed.place
        """,
        {**_columns(files), "at": at},
    )
    found: list[InboxFile] = []
    clamped_to: Counter[datetime] = Counter()
    for place, not_before, seen_at, known_at in spans:
        file = files[place - 1]
        received_at, doubt = clamped(file.modified_at, not_before, seen_at, deadlines)
        if received_at != file.modified_at:  # files at the same end of a span keep their order
            clamped_to[received_at] += 1
            received_at += (clamped_to[received_at] - 1) * MOMENT
        found.append(replace(file, received_at=known_at or received_at, doubt=None if known_at else doubt))
    return found


def _admitted(connection: psycopg.Connection, files: list[InboxFile]) -> list[InboxFile]:
    """The files that only a lock rejected and a late permit now admits, with the time of receipt that counts."""
    found = connection.execute(
        f"""
        with locked_out as (
            select listed.place, receipts.received_at, kept.reporting_unit_code, kept.report_year
            from {LISTED}
            inner join unnest(%(received_at)s::timestamptz[]) with ordinality as receipts (received_at, place)
                using (place)
            inner join raw.inbox_sightings using (url, modified_at, byte_count)
            inner join raw.received_files as kept using (submission_id)
            where kept.verdict = 'rejected' and 'F06' = all (
                select rule_code from quality.file_findings as errors
                where errors.submission_id = kept.submission_id and errors.severity = 'error'
            )
        )

        select
            place,
            min(greatest(exceptions.granted_at, locked_out.received_at))
        from locked_out
        inner join raw.lock_exceptions as exceptions using (reporting_unit_code, report_year)
        where exceptions.revoked_at is null and locked_out.received_at < exceptions.valid_until
        group by place
        order by place
        """,
        {**_columns(files), "received_at": [each.received_at for each in files]},
    )
    admitted: list[InboxFile] = []
    for place, instant in found:
        file = files[place - 1]
        if instant > file.received_at:  # files that one permit admits keep their order
            instant += len(admitted) * MOMENT
        admitted.append(replace(file, received_at=instant))
    return admitted


def _columns(files: list[InboxFile]) -> dict[str, list]:
    """The columns of raw.inbox_sightings by which a file in one state is known."""
    return {name: [getattr(file, name) for file in files] for name in ("url", "modified_at", "byte_count")}
