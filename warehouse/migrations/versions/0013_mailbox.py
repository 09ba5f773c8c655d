"""Mails that were read, the files that came with them, and answers that are still to be mailed."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    """
    create table raw.mails (
        mail_id text primary key,
        mailbox text not null,
        uid_validity bigint not null,
        uid bigint not null,
        received_at timestamptz not null,
        sender text not null,
        state text not null check (state in ('taken', 'waiting', 'automatic', 'without_file', 'dismissed')),
        doubt text check (doubt in ('not_listed', 'several_units', 'not_verified', 'unreadable')),
        unit_code text,
        decided_by text,
        decided_at timestamptz,
        read_at timestamptz not null default clock_timestamp(),
        unique (mailbox, uid_validity, uid)
    )
    """,
    """
    create table raw.mail_files (
        url text not null,
        byte_count bigint not null,
        mail_id text not null references raw.mails,
        received_at timestamptz not null,
        primary key (url, byte_count)
    )
    """,
    """
    create table quality.owed_letters (
        submission_id text not null references raw.received_files on delete cascade,
        verdict text not null,
        owed_since timestamptz not null default clock_timestamp(),
        primary key (submission_id, verdict)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
