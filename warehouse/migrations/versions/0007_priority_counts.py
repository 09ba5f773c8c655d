"""The province's counts of priority groups, as editions of the yearly report gave them."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    create table raw.publication_priority_counts (
        publication_id text not null references raw.publications deferrable initially deferred,
        indicator_code text not null,
        measure_code text not null,
        report_year integer not null,
        breakdown_code text not null,
        value integer check (value % 5 = 0),
        value_status text not null check (value_status in ('reported', 'under_five', 'suppressed')),
        is_earlier boolean not null,
        check ((value is null) = (value_status <> 'reported')),
        primary key (publication_id, indicator_code, measure_code, report_year, breakdown_code)
    )
    """,
    "create trigger refuse_change before update or delete or truncate on raw.publication_priority_counts"
    " for each statement execute function raw.refuse_change()",
    # their view reads what is no longer needed
    "drop view if exists staging.stg_publications__figures cascade",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
