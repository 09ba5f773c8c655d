"""Answers to senders by mail: to the unit's listed mailbox, however its file came, once for each file and verdict; and
once to a mail of a unit's that brought no file, of which the outbox has nothing else.

Loading records a letter as owed (quality.owed_letters); it is sent when the annotated copy is in the outbox. Where no
mail server is set, the outbox is the answer. A letter that cannot be delivered is tried a few times, and then it is on
the list of those whom somebody must call.
"""

import logging
import smtplib
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.rows import dict_row

from htx.mail import once
from htx.mail.mailing import AddressInvalid, MailRefused, Message
from ingestion.feedback import open_queries, outbox
from ingestion.feedback.findings import Finding, worst_first
from ingestion.intake.mail_senders import unit_mailboxes
from reporting.documents.letters import write_letter
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference, plan_folder, read_reference
from warehouse.reference.time_zone import VIET_NAM

MOST_ATTEMPTS = 48
"""one an hour: a mail server may be down over a weekend, and an address may be wrong for good"""
MOST_MINUTES = 10
"""of one run; the next one goes on"""
FINDINGS_IN_A_LETTER = 10
PERMANENT, TOO_LARGE = 500, 552
"""codes of SMTP: from which on a refusal stays, and that of a message above the limit"""
COPY_TYPE = "application/octet-stream"

# of a file whose verdict changed since only the last one is owed
OWED = """
    select letters.submission_id, letters.verdict, letters.owed_since, files.receipt_number, files.folder,
           files.reporting_unit_code as named
    from quality.owed_letters as letters
    inner join raw.received_files as files using (submission_id, verdict)
    where not exists (select from quality.owed_answers as copies where copies.submission_id = letters.submission_id)
    order by letters.owed_since, letters.submission_id
"""
# of a unit's verified mailbox, the first of a day: a program that answers ours is answered no more. The old mails of a
# mailbox that is read for the first time are left alone
DAY = f"(received_at at time zone '{VIET_NAM.key}')::date"
WITHOUT_FILE = f"""
    select distinct on (unit_code, {DAY}) mail_id, unit_code, received_at from raw.mails
    where state = 'without_file' and unit_code is not null and read_at < received_at + interval '7 days'
    order by unit_code, {DAY}, received_at, mail_id
"""
NO_FILE = "without_file"
SETTLE = "delete from quality.owed_letters where submission_id = %s"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A letter that is owed to the sender of a file, or of a mail without one."""

    subject_id: str
    """of a file its submission_id; of a mail unit and time of receipt, which a mailbox keeps when it is moved"""
    verdict: str
    """on the file; without_file of a mail"""
    receipt_number: str
    """of the file; of a mail its mail_id"""
    owed_since: datetime
    unit_code: str
    """the folder of the outbox where its answer lies"""
    unit_name: str
    mailbox: str | None
    findings: list[Finding]
    """errors, then queries, then remarks"""
    mailed: str = "due"
    """due, or that of once.states_of"""
    retried_from: datetime | None = None
    """when it may be tried again, where it failed; None after the last attempt"""
    error: str | None = None
    """what the mail server said, where it failed"""

    @property
    def message_id(self) -> str:
        return f"answer-{self.subject_id}-{self.verdict}"

    @property
    def is_of_mail(self) -> bool:
        return self.verdict == NO_FILE

    @property
    def about_vi(self) -> str:
        return phrase(f"answer_about.{'mail' if self.is_of_mail else 'file'}", id=self.receipt_number)

    @property
    def state(self) -> str:
        """due, no_mailbox, failed, uncertain or delivered."""
        if self.mailed == "due" and not self.mailbox:
            return "no_mailbox"
        return self.mailed

    def is_to_send(self, at: datetime) -> bool:
        is_retried = self.mailed == once.FAILED and self.retried_from is not None and self.retried_from <= at
        return bool(self.mailbox) and (self.mailed == "due" or is_retried)

    def message(self, at: datetime, outbox_url: str) -> Message:
        if self.is_of_mail:
            subject, text = write_letter(
                "answer_to_mail", unit_name=self.unit_name, received=instant_vi(self.owed_since)
            )
            return self._message(at, subject, text, [])
        receipt, copies = outbox.answer_to(outbox_url, self.unit_code, self.receipt_number)
        subject, text = write_letter(
            "answer_to_sender",
            is_rejected=self.verdict == "rejected",
            unit_name=self.unit_name,
            receipt=receipt,
            receipt_number=self.receipt_number,
            findings=self.findings[:FINDINGS_IN_A_LETTER],
            more=len(self.findings) - FINDINGS_IN_A_LETTER,
            has_copy=bool(copies),
        )
        return self._message(at, subject, text, copies)

    def _message(self, at: datetime, subject: str, text: str, copies: list[tuple[str, bytes]]) -> Message:
        attached = tuple((name, content, COPY_TYPE) for name, content in copies)
        to = (self.mailbox or "",)
        return Message(to, subject, text, self.message_id, self.unit_code, at, attached, "auto-replied")


def answer_senders(
    warehouse_url: str, at: datetime, outbox_url: str, smtp_url: str | None, per_minute: int
) -> dict[str, int]:
    """Mail the answers that are owed, so many in a minute, for ten minutes at most: {sent, failed, left}.

    An address or a message that the mail server does not take delays no other. Raises MailRefused where it takes none,
    and stops."""
    counts = Counter(sent=0, failed=0, left=0)
    with open_warehouse(warehouse_url) as connection:
        if not smtp_url:
            connection.execute("delete from quality.owed_letters")
        owed = owed_letters(connection, read_reference(plan_folder()))
        for each in owed:
            if each.state == once.DELIVERED:  # its bytes came again, or a run ended before this
                connection.execute(SETTLE, [each.subject_id])
        connection.commit()
        due = [each for each in owed if each.is_to_send(at)]
        taken = due[: per_minute * MOST_MINUTES]
        counts["left"] = len(due) - len(taken)
        for place, each in enumerate(taken):
            if place and smtp_url:
                time.sleep(60 / per_minute)
            try:
                if once.send_once(connection, each.message(at, outbox_url), smtp_url, outbox_url):
                    connection.execute(SETTLE, [each.subject_id])
                    connection.commit()
                    counts["sent"] += 1
            except (MailRefused, OSError) as error:
                log.warning("the answer %s to %s was not delivered: %s", each.receipt_number, each.unit_code, error)
                counts["failed"] += 1
                if not isinstance(error, AddressInvalid) and not _is_refused_alone(error.__cause__):
                    raise MailRefused(f"Answers were not delivered, and will be tried again: {error}") from error
    return dict(counts)


def _is_refused_alone(error: BaseException | None) -> bool:
    """Whether a mail server refused one address or one message: the content, or the size that was announced."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code == TOO_LARGE
    is_content = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= PERMANENT
    return is_content or isinstance(error, smtplib.SMTPRecipientsRefused)


def undelivered(connection: psycopg.Connection, reference: Reference) -> list[Letter]:
    """The letters that somebody must bring in another way: without mailbox, failed or interrupted."""
    return [each for each in owed_letters(connection, reference) if each.state not in ("due", once.DELIVERED)]


def note_told(connection: psycopg.Connection, reference: Reference, receipt_number: str, by: str) -> int:
    """Record that a person told a unit what its letters about a file say; how many there were. Commits nothing."""
    told = [each for each in owed_letters(connection, reference) if each.receipt_number == receipt_number]
    for each in told:
        once.note_told(connection, each.message_id, by)
        connection.execute(SETTLE, [each.subject_id])
    return len(told)


def owed_letters(connection: psycopg.Connection, reference: Reference) -> list[Letter]:
    """The letters that are owed: those on files, then those on mails; the oldest first."""
    cursor = connection.cursor(row_factory=dict_row)
    files, mails = cursor.execute(OWED).fetchall(), cursor.execute(WITHOUT_FILE).fetchall()
    if not files and not mails:
        return []
    findings = open_queries.open_findings(connection, [row["submission_id"] for row in files])
    states, mailboxes = once.states_of(connection, "answer-"), unit_mailboxes()
    units = {unit.code: unit for unit in reference.roster.values()}  # the last year's

    def letter(id: str, verdict: str, number: str, since: datetime, code: str) -> Letter:
        unit = units.get(code)
        name, mailbox = (reference.unit_name(unit), mailboxes.get(unit.uid)) if unit else (code, None)
        made = Letter(id, verdict, number, since, code, name, mailbox, worst_first(findings.get(id, [])))
        state = states.get(made.message_id)
        if state is None:
            return made
        is_last = state["attempt"] >= MOST_ATTEMPTS
        retried_from = None if is_last else state["first_at"] + timedelta(hours=state["attempt"])
        return replace(made, mailed=state["state"], retried_from=retried_from, error=state["error"])

    found = [
        letter(row["submission_id"], row["verdict"], row["receipt_number"], row["owed_since"],
               outbox.folder_of(row["folder"], row["named"], reference))
        for row in files
    ]  # fmt: skip
    for row in mails:
        id = f"{row['unit_code']}-{row['received_at'].astimezone(UTC):%Y%m%dT%H%M%S}"
        found.append(letter(id, NO_FILE, row["mail_id"], row["received_at"], row["unit_code"]))
    return found
