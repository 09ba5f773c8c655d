"""What is overdue, was refused or waits on the Union's desk, from the records of the warehouse and its backups."""

from collections import defaultdict
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import dict_row

from htx import steps
from htx.backups import storage
from htx.mail import sender_answers
from htx.mail.notices import Waiting
from htx.operations.places import Places, hours_of
from ingestion.intake import mailbox
from warehouse.connection import scalar
from warehouse.example_mark import is_example
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

LAST_LOOK = "select max(looked_at) from raw.inbox_looks"
LAST_PULL = "select max(pulled_at) from raw.registry_snapshots"
LAST_REHEARSAL = "select max(rehearsed_at) from quality.rehearsals"
FIRST_FILE = "select min(first_seen_at) from raw.received_files"
# since when data wait for a build: the first file or changed registry after the last one began. Nothing can be built
# before the first accepted file and the first pull; figures that were rolled back wait for a person.
UNBUILT = """
    with last_build as (
        select max(started_at) as began_at, max(finished_at) as ended_at
        from quality.builds where outcome in ('promoted', 'rolled_back')
    ),
    arrivals as (
        select first_seen_at as arrived_at from raw.received_files
        union all
        select pulled_at from (
            select pulled_at, content_id is distinct from lag(content_id) over (order by pulled_at) as is_changed
            from raw.registry_snapshots
        ) as pulls
        where is_changed
    ),
    possible as (
        select (select min(first_seen_at) from raw.received_files where verdict = 'accepted') as file_at,
            (select min(pulled_at) from raw.registry_snapshots) as pull_at
    )
    select
        (select ended_at from last_build),
        (
            select greatest(min(arrived_at), file_at, pull_at) from arrivals
            where arrived_at > coalesce((select began_at from last_build), '-infinity')
            having min(arrived_at) is not null
        )
    from possible where file_at is not null and pull_at is not null
"""
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


def inbox_overdue(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """Overdue once it was looked at, whatever was found; that of the example is read on request alone."""
    if is_example(connection):
        return []
    last = scalar(connection, LAST_LOOK)
    return _overdue(places, "inbox_overdue", last, last, at)


def build_overdue(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """Overdue from the first arrival that no promoted build has; where a gate refused, that is the matter."""
    [(last, unbuilt_since)] = connection.execute(UNBUILT).fetchall() or [(None, None)]
    found = _overdue(places, "build_overdue", last, unbuilt_since, at)
    if found and (steps.nothing_to_build(connection) or gates_refused(connection, reference, places, at)):
        return []
    return found


def registry_overdue(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> list[Waiting]:
    """Overdue once it was pulled, and then no more: before that the run that fails is the matter."""
    last = scalar(connection, LAST_PULL)
    return _overdue(places, "registry_overdue", last, last, at)


def backup_overdue(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """Overdue from the first file on. Raises what the storage raises."""
    if not places.backup_url:
        return []
    last = max((each.made_at for each in storage.backups(places.backup_url)), default=None)
    return _overdue(places, "backup_overdue", last, last or scalar(connection, FIRST_FILE), at)


def rehearsal_overdue(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> list[Waiting]:
    """Overdue from the first file on."""
    last = scalar(connection, LAST_REHEARSAL)
    return _overdue(places, "rehearsal_overdue", last, last or scalar(connection, FIRST_FILE), at)


def gates_refused(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """One matter of each gate that let nothing through since, unless what it refused was taken back."""
    refused = connection.cursor(row_factory=dict_row).execute(REFUSALS).fetchall()
    if refused and steps.nothing_to_build(connection):
        return []
    return [places.operation("gate_refused", row["stage"], row["since"], row["sentences"]) for row in refused]


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
    of_units = defaultdict(list)
    for each in sender_answers.undelivered(connection, reference):
        of_units[each.unit_code].append(each)
    return [
        places.operation(
            "answer_undelivered",
            code,
            min(each.owed_since for each in letters),
            [f"{each.about_vi}: {phrase(f'answer_state.{each.state}')}" for each in letters],
            name=letters[0].unit_name,
        )
        for code, letters in of_units.items()
    ]


def _overdue(
    places: Places, step: str, last: datetime | None, counted_from: datetime | None, at: datetime
) -> list[Waiting]:
    """A matter where more than the hours of the step have passed since an instant; its line says when it was last
    done."""
    since = counted_from and counted_from + timedelta(hours=hours_of(step))
    if since is None or since > at:
        return []
    return [places.operation(step, step, since, [phrase("operation.last_done", at=instant_vi(last))])]
