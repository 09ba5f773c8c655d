"""Loading files: list what is new in the inbox, parse and check it, write it to the warehouse, answer the senders."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from types import MappingProxyType

from htx import history
from ingestion.feedback import answers, open_queries
from ingestion.feedback.duplicates import find_duplicates
from ingestion.feedback.findings import Finding, finding_from, make_finding
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import Submission
from ingestion.intake import inbox, looks, mailbox, raw_tables
from ingestion.intake.kept_files import remove_personal_data_once
from ingestion.intake.late_permits import LatePermit, permit_after, permit_for, read_permits
from ingestion.sandbox.parallel_parse import start_parsing
from ingestion.workbook.limits import LIMITS
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.reference_data import Reference, plan_folder, read_reference
from warehouse.reference.time_zone import VIET_NAM

NEVER = datetime.max.replace(tzinfo=UTC)
BYTES_IN_A_BATCH = 500_000_000  # the files of a batch are in memory at the same time
FILES_IN_A_BATCH = 500  # parsing and checking this many takes well under a minute and little memory
FILES_OF_A_FOLDER = 500  # in one run: a folder with thousands of files delays the others by so many only

TOO_EARLY = (
    "%s counts as received at %s, before the late permit %s, which begins at %s. If it came later, load it again with"
    " --received-at and the time at which it came; else have the permit granted --as-of an earlier time."
)

INSTANTS = ("modified_at", "received_at")

log = logging.getLogger(__name__)


def review(
    files: list[ReceivedFile],
    reference: Reference,
    permits: Sequence[LatePermit] = (),
    accepted_at: Mapping[str, datetime] = MappingProxyType({}),
) -> list[ReviewedFile]:
    """Parse and check files, in the order given: used by `htx check` and by loading.

    A file that is not a readable form, or breaks a rule of severity error, is rejected with its findings; the others
    are accepted, independently of each other.

    The lock of a year (F06) is the only rule that depends on more than the file: on late permits, and on when the
    file was accepted before (submission_id -> instant; the same bytes are not rejected when they arrive again).
    Loading reads both from the warehouse. `htx check` gives the result without a permit."""
    pending = start_parsing(files, reference)
    # Importing Great Expectations takes seconds: meanwhile the workers parse.
    from expectations.submissions.submission_checks import check_submissions

    parsed = pending()
    submissions = {each.submission_id: each for each in parsed if isinstance(each, Submission)}
    used = _permits_used(submissions.values(), reference, permits)
    known = {each.submission_id for each in files if each.received_at >= accepted_at.get(each.submission_id, NEVER)}
    findings = check_submissions(list(submissions.values()), reference, frozenset(known | used.keys()))
    reviewed = [
        _rejected(file, found, reference)
        if isinstance(found, RejectedFile)
        else _judged(file, found, findings.get(file.submission_id, []), used.get(file.submission_id))
        for file, found in zip(files, parsed, strict=True)
    ]
    for each in reviewed:
        each.findings.extend(_doubts(each.file, reference))
    return reviewed


def check_files(
    files: list[ReceivedFile], reference: Reference, find_warehouse: Callable[[], str] | None
) -> list[ReviewedFile]:
    """Review files, and ask history, the registry and other units about them, where the warehouse can be reached.

    `find_warehouse` gives its URL; None where there is none. Changes nothing there, not even its version."""
    reviewed = review(files, reference)
    if find_warehouse:
        try:
            with connect(find_warehouse()) as connection:
                return history.ask(
                    connection, reviewed, lambda session: raw_tables.write_reviewed(session, reviewed, reference)
                )
        except WarehouseUnreachable as error:
            log.warning("%s", error)
    return history.left_to_the_next_build(reviewed)


def list_new_files(
    warehouse_url: str, inbox_url: str, files_in_a_batch: int = FILES_IN_A_BATCH, at: datetime | None = None
) -> list[list[dict]]:
    """The files of the inbox that are not loaded yet, in batches: in the order of receipt, so many of each folder.

    Each file is an inbox.InboxFile as a dict, with its instants in ISO format. `at`: when the look at the inbox begins;
    now by default."""
    reference, at = read_reference(plan_folder()), at or datetime.now(UTC)
    with open_warehouse(warehouse_url) as connection:
        remove_personal_data_once(connection, reference)
        seen = inbox.list_inbox(inbox_url)
        found = looks.new_files(connection, seen, reference, at)
    taken, of_folder = [], Counter[str]()
    for each in found:
        of_folder[each.folder] += 1
        if of_folder[each.folder] <= FILES_OF_A_FOLDER:
            taken.append(asdict(each) | {name: getattr(each, name).isoformat() for name in INSTANTS})
    for folder, count in of_folder.items():
        if (left := count - FILES_OF_A_FOLDER) > 0:
            log.warning("%s: %s files are new, %s of them are left for the next runs", folder, count, left)
    return _batches(taken, files_in_a_batch)


def read_mailbox(warehouse_url: str, mailbox_url: str | None, inbox_url: str) -> dict[str, int]:
    """Put the files that units mailed since into the inbox; the number of mails in each state of raw.mails. Nothing
    without a mailbox.

    Idempotent: a mail is read once. Raises MailboxUnreadable."""
    if not mailbox_url:
        return {}
    with open_warehouse(warehouse_url) as connection:
        return mailbox.read_mailbox(connection, mailbox_url, inbox_url, read_reference(plan_folder()))


def load_batch(warehouse_url: str, batch: list[dict], outbox_url: str | None = None) -> dict[str, int]:
    """Parse, check, load and answer one batch of list_new_files. Numbers of files: received, accepted, rejected."""
    found = [
        inbox.InboxFile(**each | {name: datetime.fromisoformat(each[name]) for name in INSTANTS}) for each in batch
    ]
    searched: inbox.Searched = {}
    opened, files = [], []
    for each in found:
        try:
            files.append(inbox.read_file(each, searched))
            opened.append(each)
        except OSError as error:  # deleted or changed since it was listed, or not readable
            why = error.strerror or type(error).__name__  # without the file's name
            log.warning("%s/%s cannot be opened, and is left for the next run: %s", each.folder, each.file_name, why)
    reviewed = load_files(warehouse_url, files, opened, outbox_url)
    accepted = sum(each.verdict == "accepted" for each in reviewed)
    return {"received": len(reviewed), "accepted": accepted, "rejected": len(reviewed) - accepted}


def load_files(
    warehouse_url: str,
    files: list[ReceivedFile],
    sightings: Sequence[inbox.InboxFile] = (),
    outbox_url: str | None = None,
) -> list[ReviewedFile]:
    """Parse, check and load files, in one transaction; the result for each, in the order given.

    `sightings`: where each file was in the inbox, in the same order; empty for files loaded by hand.
    `outbox_url`: where annotated copies are put after loading; without it there are none."""
    reference = read_reference(plan_folder())
    ids = [each.submission_id for each in files]
    with open_warehouse(warehouse_url) as connection:
        remove_personal_data_once(connection, reference)
        permits, accepted_at = read_permits(connection), raw_tables.accepted_among(connection, ids)
    reviewed = review(files, reference, permits, accepted_at)
    with open_warehouse(warehouse_url) as connection:
        raw_tables.write_reviewed(connection, reviewed, reference, sightings)
        duplicates = find_duplicates(connection, ids)
        if outbox_url:
            open_queries.owe_answers(connection, ids)
        connection.commit()  # another session asks
        reviewed = history.ask(connection, reviewed)
    reviewed = [replace(each, duplicate=duplicates.get(each.file.submission_id)) for each in reviewed]
    for each in reviewed:
        if each.verdict == "rejected":
            log.warning("%s/%s: rejected, %s", each.file.folder, each.file.file_name, _first_error(each))
        if each.is_locked_out and each.submission and (permit := permit_after(each.submission, permits)):
            received, granted = each.file.received_at, permit.granted_at
            log.warning(TOO_EARLY, each.file.file_name, _local(received), permit.exception_id, _local(granted))
    if outbox_url:
        with open_warehouse(warehouse_url) as connection:
            answers.answer_loaded(connection, reviewed, reference, outbox_url)
    return reviewed


def answer_queries(warehouse_url: str, outbox_url: str) -> int:
    """Rewrite the annotated copies whose open queries the last build changed; how many were written."""
    with open_warehouse(warehouse_url) as connection:
        return answers.answer_queries(connection, read_reference(plan_folder()), outbox_url)


def _batches(files: list[dict], most: int) -> list[list[dict]]:
    """The files in their order, in batches within the limits of number and bytes."""
    batches: list[list[dict]] = []
    held = 0
    for each in files:
        size = min(each["byte_count"], LIMITS.bytes)
        if not batches or len(batches[-1]) == most or held + size > BYTES_IN_A_BATCH:
            batches.append([])
            held = 0
        batches[-1].append(each)
        held += size
    return batches


def _rejected(file: ReceivedFile, rejection: RejectedFile, reference: Reference) -> ReviewedFile:
    return ReviewedFile(file, None, rejection, [finding_from(reference, file.submission_id, rejection)], "rejected")


def _judged(
    file: ReceivedFile, submission: Submission, findings: list[Finding], exception_id: str | None
) -> ReviewedFile:
    has_errors = any(each.severity == "error" for each in findings)
    return ReviewedFile(file, submission, None, findings, "rejected" if has_errors else "accepted", exception_id)


def _doubts(file: ReceivedFile, reference: Reference) -> list[Finding]:
    """The finding on a time of receipt that is not the time in storage."""
    if not file.doubt or not file.stored_at:
        return []
    stored, received = instant_vi(file.stored_at), instant_vi(file.received_at)
    return [make_finding(reference, file.submission_id, file.doubt, value=stored, expected=received)]


def _permits_used(
    submissions: Iterable[Submission], reference: Reference, permits: Sequence[LatePermit]
) -> dict[str, str]:
    """submission_id -> id of the permit that admits it to a locked year."""
    found = {each.submission_id: permit_for(each, reference, permits) for each in submissions}
    return {submission_id: permit.exception_id for submission_id, permit in found.items() if permit}


def _local(instant: datetime) -> str:
    return instant.astimezone(VIET_NAM).isoformat(timespec="seconds")


def _first_error(reviewed: ReviewedFile) -> str:
    first = next(each for each in reviewed.findings if each.severity == "error")
    return " ".join(filter(None, [first.rule_code, first.sheet_code, first.cell]))
