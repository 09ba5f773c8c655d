"""What is overdue, was refused or waits on the Union's desk, from the records of the warehouse and its backups."""

from collections import defaultdict
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import dict_row

from htx.backups import storage
from htx.mail import sender_answers
from htx.mail.notices import Waiting
from htx.operations.places import Places, hours_of
from ingestion.intake import mailbox
from warehouse.connection import scalar
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

LAST_PULL = "select max(pulled_at) from raw.registry_snapshots"
LAST_REHEARSAL = "select max(rehearsed_at) from quality.rehearsals"
FIRST_FILE = "select min(first_seen_at) from raw.received_files"
# of each stage the refusals since it last let something through
REFUSALS = """
    with evaluations as (
        select stage, checked_at, bool_or(level = 'critical' and outcome = 'failed') as is_refused
        from quality.gate_results group by stage, checked_at
    ),
    standing as (
        select stage, min(checked_at) as since, max(checked_at) as last_at from evaluations as each
        where is_refused and not exists (
            select from evaluations as later
            where later.stage = each.stage and later.checked_at > each.checked_at and not later.is_refused
        )
        group by stage
    )
    select standing.stage, since, array_agg(coalesce(sentence_vi, sentence) order by gate) as sentences
    from standing inner join quality.gate_results as gates
        on gates.stage = standing.stage and gates.checked_at = standing.last_at
        and level = 'critical' and outcome = 'failed'
    group by standing.stage, since order by standing.stage
"""
OWED_SINCE = "select submission_id, owed_since from quality.owed_letters"


def registry_overdue(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> list[Waiting]:
    """Overdue once it was pulled, and then no more: before that the run that fails is the matter."""
    return _overdue(places, "registry_overdue", scalar(connection, LAST_PULL), None, at)


def backup_overdue(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """Overdue from the first file on. Raises what the storage raises."""
    if not places.backup_url:
        return []
    made = [each.made_at for each in storage.backups(places.backup_url)]
    return _overdue(places, "backup_overdue", max(made, default=None), scalar(connection, FIRST_FILE), at)


def rehearsal_overdue(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> list[Waiting]:
    """Overdue from the first file on."""
    last, first_file = scalar(connection, LAST_REHEARSAL), scalar(connection, FIRST_FILE)
    return _overdue(places, "rehearsal_overdue", last, first_file, at)


def gates_refused(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """One matter of each gate that let nothing through since."""
    return [
        places.operation("gate_refused", row["stage"], row["since"], row["sentences"])
        for row in connection.cursor(row_factory=dict_row).execute(REFUSALS)
    ]


def mails_waiting(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """One matter of each mail whose files wait for a person."""
    return [
        places.operation(
            "mail_waiting",
            each["mail_id"],
            each["received_at"],
            [f"{each['mail_id']}: {each['sender']}", phrase(f"mail_doubt.{each['doubt']}")],
        )
        for each in mailbox.waiting(connection)
    ]


def answers_undelivered(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> list[Waiting]:
    """One matter of each unit that somebody must call."""
    since: dict[str, datetime] = dict(connection.execute(OWED_SINCE).fetchall())
    of_units = defaultdict(list)
    for each in sender_answers.undelivered(connection, reference):
        of_units[each.unit_code].append(each)
    return [
        places.operation(
            "answer_undelivered",
            code,
            min(since[each.submission_id] for each in letters),
            [f"{each.receipt_number}: {phrase(f'answer_state.{each.state}')}" for each in letters],
            name=letters[0].unit_name,
        )
        for code, letters in of_units.items()
    ]


def _overdue(
    places: Places, step: str, last: datetime | None, otherwise: datetime | None, at: datetime
) -> list[Waiting]:
    """A matter where more than the hours of the step have passed since it was last done, or else since an instant."""
    counted_from = last or otherwise
    since = counted_from and counted_from + timedelta(hours=hours_of(step))
    if since is None or since > at:
        return []
    return [places.operation(step, step, since, [phrase("operation.last_done", at=instant_vi(last))])]
