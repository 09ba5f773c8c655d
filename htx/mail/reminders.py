"""Reminders: each unit hears what it still owes, at the dates of reminder_schedule.csv; the Union hears of all.

What a unit owes is worked out as of an instant (outstanding.py). A unit that owes nothing hears nothing. Of the dates
that have passed only the last counts: after an outage one letter goes, not three. Each is decided once
(quality.reminders), also when nothing was owed then.
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
from htx.mail.outstanding import UnitOwing, honours_due, units_owing
from ingestion.intake.late_permits import lock_begins_at
from reporting.documents.letters import write_letter
from warehouse.migrations import open_warehouse
from warehouse.reference.catalogue import Reference, read_reference
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.deadlines import due_at
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
    """Some letters could not be delivered; the next run tries them again. The message names the addressees."""


@dataclass(frozen=True)
class Reminder:
    """A row of reminder_schedule.csv."""

    reminder_code: str
    days_from_due: int
    name_vi: str
    asks_for_duties: bool
    """whether a unit also hears of the duties that its report leaves out: most leave some out"""

    def day(self, due: datetime) -> date:
        """The day in Viet Nam on which it goes, for a report that is due before an instant."""
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
        """The same letter has the same id: a mail server that gets it again knows it."""
        return f"reminder-{self.report_year}-{self.reminder_code}-{self.addressee}"

    def message(self, round: "Round", subject: str, text: str, *attachments: tuple[str, bytes, str]) -> Message:
        to = (self.mailbox,) if self.mailbox else ()
        return Message(to, subject, text, self.message_id, self.addressee, round.at, attachments)


@dataclass(frozen=True)
class Round:
    """One round of reminding: its instant, what it reads, and where its letters go."""

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
        rows = read_rows(steps.SEEDS / "unit_mailboxes.csv")
        return {row["unit_uid"]: row["mailbox"] for row in rows if row["mailbox"]}

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
    rows = read_rows(steps.SEEDS / "reminder_schedule.csv")
    reminders = [
        Reminder(row["reminder_code"], row.integer("days_from_due"), row["name_vi"], row.is_yes("asks_for_duties"))
        for row in rows
    ]
    return sorted(reminders, key=lambda each: each.days_from_due)


def remind_units(warehouse_url: str, at: datetime, outbox_url: str, smtp_url: str | None = None) -> dict[str, int]:
    """Send what is due at an instant, for every year that is open then. How many letters went (sent), and how many
    units were done and heard nothing (nothing_owed).

    Letters go by SMTP where `smtp_url` is given, else they lie as .eml files in the outbox. The same letter never goes
    twice, whatever is run again. Raises RemindersFailed when one could not be delivered; the others went."""
    counts: Counter[str] = Counter()
    failed: list[str] = []
    with open_warehouse(warehouse_url) as connection:
        round = Round(connection, read_reference(steps.SEEDS), warehouse_url, at, outbox_url, smtp_url)
        for year in round.open_years():
            reminders = {unit.code: round.reminder_of(unit) for unit in round.reference.roster_of(year)}
            if not any(reminders.values()):
                continue
            decided = set(connection.execute(DECIDED, [year]).fetchall())
            asked_for_duties = {code for code, reminder in reminders.items() if reminder and reminder.asks_for_duties}
            units = units_owing(connection, warehouse_url, round.reference, year, at, asked_for_duties)
            for each in units:
                reminder = reminders[each.unit.code]
                if reminder and (reminder.reminder_code, each.unit.code) not in decided:
                    _count(counts, failed, _remind_unit, round, each, reminder)
            reminder = round.reminder_of(_any_unit(year))
            if reminder and (reminder.reminder_code, UNION) not in decided:
                _count(counts, failed, _tell_union, round, year, units, reminder)
    if failed:
        raise RemindersFailed(f"{len(failed)} letters were not delivered, and are tried again: {'; '.join(failed)}")
    return {state: counts[state] for state in ("sent", "nothing_owed")}


def _remind_unit(round: Round, owing: UnitOwing, reminder: Reminder) -> str:
    """Sends a unit its letter, unless it owes nothing; what came of it."""
    unit = owing.unit
    letter = Letter(unit.year, reminder.reminder_code, unit.code, round.mailboxes.get(unit.uid))
    if not owing.owed:
        return _claim(round, letter, "nothing_owed", 0)
    due = due_at(round.connection, round.reference, unit)
    wants_form = any(each.wants_form for each in owing.owed)

    def written() -> Message:
        subject, text = write_letter(
            "reminder_to_unit",
            reminder=reminder,
            year=unit.year,
            unit_name=owing.name,
            owed=owing.owed,
            has_report=owing.has_report,
            last_day=_last_day(due),
            is_past_due=round.at >= due,
            last_open_day=_last_day(lock_begins_at(round.reference.cycles[unit.year])),
            moment=_moment(round.at),
            has_form=wants_form,
            has_findings=any(each.findings for each in owing.owed),
        )
        if not wants_form:
            return letter.message(round, subject, text)
        form = steps.prefilled_form(round.warehouse_url, unit.code, unit.year)
        return letter.message(round, subject, text, (f"bieu_mau_{unit.code}_{unit.year}.xlsx", form, FORM_TYPE))

    return _send_once(round, letter, len(owing.owed), written)


def _tell_union(round: Round, year: int, units: list[UnitOwing], reminder: Reminder) -> str:
    """Sends the Union its overview; what came of it."""
    owing = [each for each in units if each.owed]
    expected = [each for each in units if each.unit.mandatory or each.owed]
    union = round.reference.roster.get((year, UNION_UNIT))
    letter = Letter(year, reminder.reminder_code, UNION, round.mailboxes.get(union.uid if union else UNION_UNIT))

    def written() -> Message:
        subject, text = write_letter(
            "reminder_to_union",
            reminder=reminder,
            year=year,
            units=expected,
            owing=owing,
            without_mailbox={each.unit.code for each in owing if each.unit.uid not in round.mailboxes},
            last_day=_last_day(due_at(round.connection, round.reference, _any_unit(year))),
            moment=_moment(round.at),
            honours=honours_due(round.connection, year),
            uncertain=_uncertain(round, year, units),
        )
        return letter.message(round, subject, text)

    return _send_once(round, letter, len(owing), written)


def _any_unit(year: int) -> RosterUnit:
    """A unit that has no date of its own."""
    return RosterUnit(year, UNION, UNION, "agency", mandatory=True)


def _uncertain(round: Round, year: int, units: list[UnitOwing]) -> list[str]:
    """Names of units whose letter was cut short while it was sent."""
    names = {each.unit.code: each.name for each in units}
    claimed = round.connection.execute(CLAIMED, [year]).fetchall()
    return [names[addressee] for (addressee,) in claimed if addressee in names]


# Sending once


def _count(counts: Counter, failed: list[str], remind: Callable[..., str], round: Round, *about) -> None:
    try:
        counts[remind(round, *about)] += 1
    except (MailRefused, OSError) as error:  # the mail server's, or the outbox'
        log.error("%s", error)
        failed.append(str(error))


def _send_once(round: Round, letter: Letter, owed: int, written: Callable[[], Message]) -> str:
    """Claims a letter, writes it and delivers it. One that failed is released, to be tried again; of one that was cut
    short nobody knows whether it went, and it stays claimed."""
    if _claim(round, letter, "claimed", owed) != "claimed":
        return "sent_before"
    try:
        # a unit that has no mailbox finds its letter in the outbox
        smtp_url = round.smtp_url if letter.mailbox else None
        [delivered_to] = deliver([written()], smtp_url, round.outbox_url)
    except Exception:
        round.connection.execute(RELEASE, letter.key)
        round.connection.commit()
        raise
    round.connection.execute(SENT, [delivered_to, *letter.key])
    round.connection.commit()
    return "sent"


def _claim(round: Round, letter: Letter, state: str, owed: int) -> str:
    """Writes the row of a letter, before it is sent; sent_before when another run was first."""
    row = [*letter.key, state, owed, letter.message_id, letter.mailbox, round.at]
    claimed = round.connection.execute(CLAIM, row).fetchone()
    round.connection.commit()
    return state if claimed else "sent_before"


# Words


def _last_day(instant: datetime) -> str:
    """The last day before an instant, as an office writes it."""
    return f"{(instant - timedelta(microseconds=1)).astimezone(VIET_NAM):%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIET_NAM):%H giờ %M ngày %d/%m/%Y}"
