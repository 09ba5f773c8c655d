"""Results of gates, and rehearsals of a restore."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    """
    create table quality.gate_results (
        checked_at timestamptz not null,
        stage text not null check (stage in ('batch', 'marts')),
        gate text not null,
        build_id text,
        level text not null check (level in ('critical', 'warning')),
        outcome text not null check (outcome in ('passed', 'failed')),
        sentence text,
        primary key (checked_at, stage, gate)
    )
    """,
    """
    create table quality.rehearsals (
        rehearsed_at timestamptz primary key default clock_timestamp(),
        backup text not null,
        raw_rows bigint not null,
        publications integer not null,
        seconds_to_restore numeric not null,
        seconds_to_prove numeric not null
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
