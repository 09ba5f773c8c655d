"""Messages that are mailed once: an attempt is recorded before it is made (quality.mailings).

What was interrupted while it was sent may have arrived. It is not sent again until a person releases it.
"""

import psycopg
from psycopg.rows import dict_row

from htx.mail.mailing import MailRefused, Message, deliver

DELIVERED, FAILED, UNCERTAIN = "delivered", "failed", "uncertain"

# a new attempt where each one before has failed; of two at the same time the key lets one through
CLAIM = """
    insert into quality.mailings (message_id, attempt, event)
    select %(id)s, coalesce(max(attempt), 0) + 1, 'claimed'
    from quality.mailings where message_id = %(id)s
    having count(*) filter (where event = 'failed') = coalesce(max(attempt), 0)
    on conflict do nothing
    returning attempt
"""
RECORD = """
    insert into quality.mailings (message_id, attempt, event, delivered_to, error) values (%s, %s, %s, %s, %s)
"""
STATES = """
    select message_id, min(recorded_at) as first_at, max(attempt) as attempt,
        case
            when bool_or(event = 'delivered') then 'delivered'
            when count(*) filter (where event = 'failed') = max(attempt) then 'failed'
            else 'uncertain'
        end as state,
        (array_agg(error order by attempt desc) filter (where error is not null))[1] as error
    from quality.mailings where starts_with(message_id, %s) group by message_id order by message_id
"""


def send_once(connection: psycopg.Connection, message: Message, smtp_url: str | None, outbox_url: str) -> str | None:
    """Deliver a message unless it was before; where it went, None where another attempt was made.

    The attempt is committed before it is made, its delivery by the caller. What cannot be delivered is recorded as
    failed, and may be tried again. Raises MailRefused, and OSError of the outbox."""
    [attempt] = connection.execute(CLAIM, {"id": message.message_id}).fetchone() or [None]
    connection.commit()
    if attempt is None:
        return None
    try:
        [place] = deliver([message], smtp_url, outbox_url)
    except (MailRefused, OSError) as error:
        connection.execute(RECORD, [message.message_id, attempt, FAILED, None, str(error)])
        connection.commit()
        raise
    connection.execute(RECORD, [message.message_id, attempt, DELIVERED, place, None])
    return place


def states_of(connection: psycopg.Connection, prefix: str) -> dict[str, dict]:
    """{message_id: first_at, attempt, state, error} of the messages whose id begins so; `state` is delivered, failed or
    uncertain: interrupted, or being sent just now; `error` is the last."""
    rows = connection.cursor(row_factory=dict_row).execute(STATES, [prefix])
    return {row["message_id"]: row for row in rows}


def note_told(connection: psycopg.Connection, message_id: str, by: str) -> None:
    """Record that a person told the addressee what a message says: it is not sent any more. Commits nothing."""
    attempt = states_of(connection, message_id).get(message_id, {"attempt": 1})["attempt"]
    connection.execute(RECORD, [message_id, attempt, DELIVERED, f"told by {by}", None])


def release(connection: psycopg.Connection, message_id: str, by: str) -> None:
    """Let an interrupted message be sent again. Commits nothing."""
    state = states_of(connection, message_id).get(message_id)
    if state and state["state"] == UNCERTAIN:
        connection.execute(RECORD, [message_id, state["attempt"], FAILED, None, by])
