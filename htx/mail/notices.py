"""Notices to the Union's own people: what waits for whom, again after some working days, then to who is next.

Which role is notified of which step, and when, are rows of escalations.csv. Each notice is sent once, by mail or to the
outbox (quality.mailings). What waits is given by functions of other modules: see htx/matters.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

import psycopg

from htx.mail import once
from htx.mail.mailing import MailRefused, Message
from reporting.documents.letters import write_letter
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.dates_vi import day_vi, instant_vi
from warehouse.reference.deadlines import working_days_after
from warehouse.reference.reference_data import Reference, plan_folder
from warehouse.reference.time_zone import VIET_NAM

Attachments = tuple[tuple[str, bytes, str], ...]


@dataclass(frozen=True)
class Waiting:
    """A matter that waits for a person: `step` of `matter` for `cause`, since an instant."""

    matter: str
    step: str
    cause: str
    """letters, digits, - and _: P-0123456789AB"""
    since: datetime
    words: Mapping[str, object] = field(default_factory=dict)
    """for the template notice_<matter>.txt"""
    attachments: Callable[[], Attachments] = tuple
    """of the first notice of a step"""


@dataclass(frozen=True)
class Role:
    """A row of union_mailboxes.csv."""

    role: str
    name_vi: str
    mailbox: str


@dataclass(frozen=True)
class Notice:
    """What one role is to hear of what waits. `state`: due, or that of the message (see once.states_of)."""

    waiting: Waiting
    role: Role
    after_working_days: int
    due_on: date
    others: tuple[Role, ...]
    """who heard of it before"""
    next_role: Role | None = None
    """who hears of it next when nobody acts"""
    next_on: date | None = None
    state: str = "due"

    @cached_property
    def message_id(self) -> str:
        waiting = self.waiting
        since = f"{waiting.since.astimezone(VIET_NAM):%Y%m%d%H%M%S%f}"
        return (
            f"notice-{waiting.matter}-{waiting.cause}-{waiting.step}-{since}-{self.after_working_days}-{self.role.role}"
        )

    def message(self, at: datetime, airflow_url: str | None) -> Message:
        subject, text = write_letter(
            f"notice_{self.waiting.matter}",
            step=self.waiting.step,
            role=self.role,
            others=[each.name_vi for each in self.others],
            next_role=self.next_role,
            next_on=day_vi(self.next_on),
            is_repeated=self.after_working_days > 0,
            since=instant_vi(self.waiting.since),
            form_url=f"{airflow_url.rstrip('/')}/required_actions" if airflow_url else None,
            **self.waiting.words,
        )
        to = (self.role.mailbox,) if self.role.mailbox else ()
        attached = self.waiting.attachments() if not self.after_working_days else ()
        return Message(to, subject, text, self.message_id, self.role.role, at, attached)


def notices(
    connection: psycopg.Connection, reference: Reference, waiting: Iterable[Waiting], at: datetime
) -> list[Notice]:
    """The notices whose day has come, sent before or not: of each matter the last one of each role."""
    roles = {
        row["role"]: Role(row["role"], row["name_vi"], row["mailbox"])
        for row in read_rows(plan_folder() / "union_mailboxes.csv")
    }
    rows = read_rows(plan_folder() / "escalations.csv", may_be_empty=True)
    today = at.astimezone(VIET_NAM).date()
    found: list[Notice] = []
    for each in waiting:
        steps = [row for row in rows if (row["matter"], row["step"]) == (each.matter, each.step)]
        last: dict[str, Notice] = {}
        for row in sorted(steps, key=lambda row: row.integer("after_working_days")):
            role, days = roles[row["role"]], row.integer("after_working_days")
            due_on = working_days_after(connection, reference, each.since.astimezone(VIET_NAM).date(), days)
            if due_on <= today:
                others = tuple(other.role for other in last.values() if other.role != role)
                last[role.role] = Notice(each, role, days, due_on, others)
            elif role.role not in last:
                last = {name: replace(notice, next_role=role, next_on=due_on) for name, notice in last.items()}
                break
        found += last.values()
    states = once.states_of(connection, "notice-")
    return [replace(each, state=states.get(each.message_id, {}).get("state", "due")) for each in found]


def send(
    connection: psycopg.Connection, due: Iterable[Notice], at: datetime, outbox_url: str, smtp_url: str | None,
    airflow_url: str | None = None,
) -> int:  # fmt: skip
    """Send notices that are due, or that failed before; how many were sent now. Commits each.

    Raises MailRefused where some could not be delivered; the others were."""
    sent, failed = 0, []
    for each in due:
        if each.state not in ("due", once.FAILED):
            continue
        try:
            to_mail = smtp_url if each.role.mailbox else None  # a role without a mailbox finds it in the outbox
            sent += once.send_once(connection, each.message(at, airflow_url), to_mail, outbox_url) is not None
            connection.commit()
        except (MailRefused, OSError) as error:
            failed.append(str(error))
    if failed:
        raise MailRefused(f"{len(failed)} notices were not delivered and will be retried: {'; '.join(failed)}")
    return sent
