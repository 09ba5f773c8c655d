"""Deliveries of publications, raw.publication_sendings: to whom, when, by whose decision."""

from datetime import datetime

import psycopg
from psycopg.rows import dict_row


def record_sending(
    connection: psycopg.Connection,
    publication_id: str,
    recipient: str,
    sent_at: datetime,
    decided_by: str | None,
    channel: str | None = None,
    note: str | None = None,
    *,
    is_copy: bool = False,
) -> bool:
    """Record that a publication was sent to a recipient; whether that is new. The first record stays.

    `is_copy`: what was mailed is a copy, and does not count as the issue of the paper."""
    written = connection.execute(
        "insert into raw.publication_sendings (publication_id, recipient, sent_at, decided_by, channel, note,"
        " is_copy) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        [publication_id, recipient, sent_at, decided_by, channel, note, is_copy],
    )
    return written.rowcount == 1


def sendings_of(connection: psycopg.Connection, publication_id: str) -> dict[str, dict]:
    """{recipient: columns of raw.publication_sendings} of a publication."""
    cursor = connection.cursor(row_factory=dict_row)
    rows = cursor.execute("select * from raw.publication_sendings where publication_id = %s", [publication_id])
    return {row["recipient"]: row for row in rows}
