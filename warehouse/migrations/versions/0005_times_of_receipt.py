"""Looks at the inbox, amended times of receipt, and the mark of a warehouse that holds the example."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "create table raw.inbox_looks (url text primary key, looked_at timestamptz not null)",
    "alter table raw.inbox_sightings"
    " alter column submission_id drop not null,"
    " add column not_before timestamptz,"
    " add column seen_at timestamptz",
    """
    create table raw.receipt_amendments (
        submission_id text not null references raw.received_files,
        old_received_at timestamptz not null,
        received_at timestamptz not null,
        reason text not null check (reason ~ '\\S'),
        amended_by text not null check (amended_by ~ '\\S'),
        amended_at timestamptz not null default now()
    )
    """,
    "create index receipt_amendments_submission on raw.receipt_amendments (submission_id)",
    "create trigger refuse_change before update or delete or truncate on raw.receipt_amendments"
    " for each statement execute function raw.refuse_change()",
    "create table raw.example_mark ("
    "only_row boolean primary key default true check (only_row), marked_at timestamptz not null default now())",
    """
    create function raw.require_nothing_received() returns trigger language plpgsql as $$
    begin
        if exists (select from raw.received_files) or exists (select from raw.publications) then
            raise exception 'a warehouse that has received files does not become the example''s'
                using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    "create trigger require_nothing_received before insert on raw.example_mark"
    " for each row execute function raw.require_nothing_received()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
