"""Sendings: to whom a publication went, when, and who decided it. What T17 and T18 count."""

from datetime import datetime

import psycopg


def record_sending(
    connection: psycopg.Connection,
    publication_id: str,
    recipient: str,
    sent_at: datetime,
    decided_by: str | None,
    channel: str | None = None,
    note: str | None = None,
) -> bool:
    """Write down that a publication was sent to a recipient; whether that is new. What was written first stands."""
    written = connection.execute(
        "insert into raw.publication_sendings (publication_id, recipient, sent_at, decided_by, channel, note)"
        " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        [publication_id, recipient, sent_at, decided_by, channel, note],
    )
    return written.rowcount == 1
