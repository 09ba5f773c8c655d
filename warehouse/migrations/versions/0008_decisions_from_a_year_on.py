"""Changes on the year before under the decisions of the later year, and moved verdicts that somebody accepted."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """
    create table quality.restated_changes (
        indicator_code text not null,
        measure_code text not null,
        report_year integer not null,
        value_before numeric,
        change numeric,
        primary key (indicator_code, measure_code, report_year)
    )
    """,
    """
    create table raw.accepted_verdicts (
        indicator_code text not null,
        report_year integer not null,
        old_verdict text not null,
        new_verdict text not null,
        reason text not null check (reason <> ''),
        accepted_by text not null,
        accepted_at timestamptz not null default clock_timestamp()
    )
    """,
    "create trigger refuse_change before update or delete or truncate on raw.accepted_verdicts"
    " for each statement execute function raw.refuse_change()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
