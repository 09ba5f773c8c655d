"""What became of an edition as a paper: returned, refused, signed, issued; the edited and the signed file."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    """
    create table raw.publication_states (
        publication_id text not null references raw.publications,
        recipient text not null,
        position integer not null check (position > 0),
        state text not null check (state in ('returned', 'refused', 'signed', 'issued')),
        happened_on date not null,
        paper_number text check (paper_number ~ '[0-9]'),
        signer text check (signer ~ '[^[:space:]]'),
        channel text check (channel in ('exchange', 'post', 'by_hand')),
        reason text check (reason ~ '[^[:space:]]'),
        file_sha256 text,
        recorded_by text not null check (recorded_by ~ '[^[:space:]]'),
        recorded_at timestamptz not null default clock_timestamp(),
        primary key (publication_id, recipient, position),
        check ((state = 'signed') = (paper_number is not null and signer is not null)),
        check ((state = 'issued') = (channel is not null)),
        check (state not in ('returned', 'refused') or reason is not null)
    )
    """,
    """
    create table raw.publication_files (
        publication_id text not null references raw.publications,
        recipient text not null,
        kind text not null check (kind in ('edited', 'signed', 'evidence')),
        sha256 text not null,
        file_name text not null,
        content bytea not null,
        recorded_by text not null,
        recorded_at timestamptz not null default clock_timestamp(),
        primary key (publication_id, recipient, kind, sha256)
    )
    """,
    # Word files and PDFs are compressed already
    "alter table raw.publication_files alter column content set storage external",
    # what was mailed before counts as issued, as it did
    "alter table raw.publication_sendings add column is_copy boolean not null default false",
    "alter table raw.publication_inputs drop constraint publication_inputs_kind_check",
    "alter table raw.publication_inputs add constraint publication_inputs_kind_check"
    " check (kind in ('file', 'snapshot', 'publication', 'sending', 'issue'))",
    *(
        f"create trigger refuse_change before update or delete or truncate on raw.{table}"
        " for each statement execute function raw.refuse_change()"
        for table in ("publication_states", "publication_files")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
