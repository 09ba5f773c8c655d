"""Reminders by mail, on the dates of reminder_schedule.csv: to each unit what is outstanding, to the Union an overview.

A unit with nothing outstanding gets no letter. Of several dates that have passed only the last counts: after an outage
one letter is sent, not three. Each reminder is decided once (quality.reminders), also where nothing was outstanding.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import psycopg

from htx import steps
from htx.mail.mailing import MailRefused, Message, deliver
from htx.mail.outstanding import UnitOutstanding, honours_due, outstanding_by_unit
from htx.mail.sender_answers import undelivered
from ingestion.intake.late_permits import lock_begins_at
from ingestion.intake.mail_senders import unit_mailboxes
from ingestion.intake.mailbox import waiting
from reporting.documents.letters import write_letter
from warehouse.build.builds import require_no_other_builders
from warehouse.migrations import open_warehouse
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.dates_vi import last_day_vi, moment_vi
from warehouse.reference.deadlines import due_at
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference, plan_folder, read_reference
from warehouse.reference.time_zone import VIET_NAM

UNION = "union"
UNION_UNIT = "WU-P"
FORM_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DECIDED = "select reminder_code, addressee from quality.reminders where report_year = %s"
CLAIMED = "select addressee from quality.reminders where report_year = %s and state = 'claimed' order by addressee"
CLAIM = """
    insert into quality.reminders (report_year, reminder_code, addressee, state, owed, message_id, mailbox, decided_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
    on conflict do nothing returning true
"""
LETTER = "report_year = %s and reminder_code = %s and addressee = %s"
SENT = f"update quality.reminders set state = 'sent', delivered_to = %s where {LETTER}"
RELEASE = f"delete from quality.reminders where {LETTER} and state = 'claimed'"

log = logging.getLogger(__name__)


class RemindersFailed(Exception):
    """Some letters could not be delivered; the next run retries them. The message has the errors."""


@dataclass(frozen=True)
class Reminder:
    """A row of reminder_schedule.csv."""

    reminder_code: str
    days_from_due: int
    name_vi: str
    asks_for_duties: bool
    """whether the letter lists the duties missing from the unit's report: most reports lack some"""

    def day(self, due: datetime) -> date:
        """The day in Viet Nam on which it is sent, for a report that is due before an instant."""
        return due.astimezone(VIET_NAM).date() + timedelta(days=self.days_from_due)


@dataclass(frozen=True)
class Letter:
    """A letter of one reminder to one addressee."""

    report_year: int
    reminder_code: str
    addressee: str
    mailbox: str | None

    @property
    def key(self) -> tuple[int, str, str]:
        return self.report_year, self.reminder_code, self.addressee

    @property
    def message_id(self) -> str:
        """Of the letter, not of the attempt: a mail server recognises a repeated letter."""
        return f"reminder-{self.report_year}-{self.reminder_code}-{self.addressee}"

    def message(self, run: "ReminderRun", subject: str, text: str, *attachments: tuple[str, bytes, str]) -> Message:
        to = (self.mailbox,) if self.mailbox else ()
        return Message(to, subject, text, self.message_id, self.addressee, run.at, attachments)


@dataclass(frozen=True)
class ReminderRun:
    """One run: its instant, what it reads, and where its letters go."""

    connection: psycopg.Connection
    reference: Reference
    warehouse_url: str
    at: datetime
    outbox_url: str
    smtp_url: str | None

    @cached_property
    def schedule(self) -> list[Reminder]:
        return read_schedule()

    @cached_property
    def mailboxes(self) -> dict[str, str]:
        """unit_uid -> mailbox, of units that have one."""
        return unit_mailboxes()

    def open_years(self) -> list[int]:
        """Report years that are not locked yet."""
        cycles = self.reference.cycles.items()
        return sorted(year for year, cycle in cycles if self.at < lock_begins_at(cycle))

    def reminder_of(self, unit: RosterUnit) -> Reminder | None:
        """The last reminder whose day has come for a unit; None before the first."""
        due = due_at(self.connection, self.reference, unit)
        today = self.at.astimezone(VIET_NAM).date()
        past = [each for each in self.schedule if each.day(due) <= today]
        return past[-1] if past else None


def read_schedule() -> list[Reminder]:
    """The rows of reminder_schedule.csv, in the order of their days."""
    rows = read_rows(plan_folder() / "reminder_schedule.csv", may_be_empty=True)
    reminders = [
        Reminder(row["reminder_code"], row.integer("days_from_due"), row["name_vi"], row.is_yes("asks_for_duties"))
        for row in rows
    ]
    return sorted(reminders, key=lambda each: each.days_from_due)


def remind_units(warehouse_url: str, at: datetime, outbox_url: str, smtp_url: str | None = None) -> dict[str, int]:
    """Send the reminders due at an instant, for every year that is not locked. Gives the number of letters (sent) and
    of units with nothing outstanding (nothing_owed).

    Letters go by SMTP where `smtp_url` is given, else to the outbox as .eml files. Idempotent: the same letter is
    never sent twice. Raises RemindersFailed where some could not be delivered; the others were. Raises
    BuildForbidden."""
    counts: Counter[str] = Counter()
    failed: list[str] = []
    with open_warehouse(warehouse_url) as connection:
        require_no_other_builders(connection)
        run = ReminderRun(connection, read_reference(plan_folder()), warehouse_url, at, outbox_url, smtp_url)
        for year in run.open_years():
            reminders = {unit.code: run.reminder_of(unit) for unit in run.reference.roster_of(year)}
            if not any(reminders.values()):
                continue
            decided = set(connection.execute(DECIDED, [year]).fetchall())
            with_duties = {code for code, reminder in reminders.items() if reminder and reminder.asks_for_duties}
            units = outstanding_by_unit(connection, warehouse_url, run.reference, year, at, with_duties)
            for each in units:
                reminder = reminders[each.unit.code]
                if reminder and (reminder.reminder_code, each.unit.code) not in decided:
                    _attempt(counts, failed, _remind_unit, run, each, reminder)
            reminder = run.reminder_of(_any_unit(year))
            if reminder and (reminder.reminder_code, UNION) not in decided:
                _attempt(counts, failed, _send_overview, run, year, units, reminder)
    if failed:
        raise RemindersFailed(f"{len(failed)} letters were not delivered and will be retried: {'; '.join(failed)}")
    return {state: counts[state] for state in ("sent", "nothing_owed")}


def _remind_unit(run: ReminderRun, outstanding: UnitOutstanding, reminder: Reminder) -> str:
    """Send a unit its letter, unless nothing is outstanding; the outcome."""
    unit = outstanding.unit
    letter = Letter(unit.year, reminder.reminder_code, unit.code, run.mailboxes.get(unit.uid))
    if not outstanding.items:
        return _claim(run, letter, "nothing_owed", 0)
    due = due_at(run.connection, run.reference, unit)
    wants_form = any(each.wants_form for each in outstanding.items)

    def written() -> Message:
        subject, text = write_letter(
            "reminder_to_unit",
            reminder=reminder,
            year=unit.year,
            unit_name=outstanding.name,
            items=outstanding.items,
            has_report=outstanding.has_report,
            last_day=last_day_vi(due),
            is_past_due=run.at >= due,
            last_open_day=last_day_vi(lock_begins_at(run.reference.cycles[unit.year])),
            moment=moment_vi(run.at),
            has_form=wants_form,
            has_findings=any(each.findings for each in outstanding.items),
        )
        if not wants_form:
            return letter.message(run, subject, text)
        form = steps.prefilled_form(run.warehouse_url, unit.code, unit.year)
        return letter.message(run, subject, text, (f"bieu_mau_{unit.code}_{unit.year}.xlsx", form, FORM_TYPE))

    return _send_once(run, letter, len(outstanding.items), written)


def _send_overview(run: ReminderRun, year: int, units: list[UnitOutstanding], reminder: Reminder) -> str:
    """Send the Union its overview; the outcome."""
    incomplete = [each for each in units if each.items]
    expected = [each for each in units if each.unit.mandatory or each.items]
    union = run.reference.roster.get((year, UNION_UNIT))
    letter = Letter(year, reminder.reminder_code, UNION, run.mailboxes.get(union.uid if union else UNION_UNIT))

    def written() -> Message:
        subject, text = write_letter(
            "reminder_to_union",
            reminder=reminder,
            year=year,
            units=expected,
            incomplete=incomplete,
            without_mailbox={each.unit.code for each in incomplete if each.unit.uid not in run.mailboxes},
            last_day=last_day_vi(due_at(run.connection, run.reference, _any_unit(year))),
            moment=moment_vi(run.at),
            honours=honours_due(run.connection, year),
            uncertain=_uncertain(run, year, units),
            undelivered=undelivered(run.connection, run.reference),
            mails=[each | {"doubt": phrase(f"mail_doubt.{each['doubt']}")} for each in waiting(run.connection)],
        )
        return letter.message(run, subject, text)

    return _send_once(run, letter, len(incomplete), written)


def _any_unit(year: int) -> RosterUnit:
    """A unit without a deadline of its own."""
    return RosterUnit(year, UNION, UNION, "agency", mandatory=True)


def _uncertain(run: ReminderRun, year: int, units: list[UnitOutstanding]) -> list[str]:
    """Names of units whose letter was interrupted while it was sent."""
    names = {each.unit.code: each.name for each in units}
    claimed = run.connection.execute(CLAIMED, [year]).fetchall()
    return [names[addressee] for (addressee,) in claimed if addressee in names]


# Sending once


def _attempt(counts: Counter, failed: list[str], send: Callable[..., str], run: ReminderRun, *about: object) -> None:
    try:
        counts[send(run, *about)] += 1
    except (MailRefused, OSError) as error:  # of the mail server, or of the outbox
        log.error("%s", error)
        failed.append(str(error))


def _send_once(run: ReminderRun, letter: Letter, items: int, written: Callable[[], Message]) -> str:
    """Claim a letter, write and deliver it. A failed letter is released and retried; one interrupted by a crash may or
    may not have been sent, and stays claimed."""
    if _claim(run, letter, "claimed", items) != "claimed":
        return "sent_before"
    try:
        # units without a mailbox find the letter in the outbox
        smtp_url = run.smtp_url if letter.mailbox else None
        [delivered_to] = deliver([written()], smtp_url, run.outbox_url)
    except Exception:
        run.connection.execute(RELEASE, letter.key)
        run.connection.commit()
        raise
    run.connection.execute(SENT, [delivered_to, *letter.key])
    run.connection.commit()
    return "sent"


def _claim(run: ReminderRun, letter: Letter, state: str, items: int) -> str:
    """Record a letter before it is sent; sent_before where another run was first."""
    row = [*letter.key, state, items, letter.message_id, letter.mailbox, run.at]
    claimed = run.connection.execute(CLAIM, row).fetchone()
    run.connection.commit()
    return state if claimed else "sent_before"
