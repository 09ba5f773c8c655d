"""What an edition lacks to be signed, which paper it replaces, and each attempt to mail a message."""

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    # null: published before it was looked for
    "alter table raw.publications add column missing_sections text[]",
    "alter table raw.publications add column replaces text references raw.publications",
    """
    create table quality.mailings (
        message_id text not null,
        attempt integer not null check (attempt > 0),
        event text not null check (event in ('claimed', 'delivered', 'failed')),
        mailbox text,
        delivered_to text,
        error text,
        recorded_at timestamptz not null default clock_timestamp(),
        primary key (message_id, attempt, event)
    )
    """,
    "create trigger refuse_change before update or delete or truncate on quality.mailings"
    " for each statement execute function raw.refuse_change()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
