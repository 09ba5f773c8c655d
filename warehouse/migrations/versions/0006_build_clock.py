"""What a build knows of the plan's calendar: the last date that has passed."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(
        "create table quality.build_clock ("
        " only_row boolean primary key default true check (only_row),"
        " passed_until timestamptz not null default '-infinity')"
    )
    op.execute("insert into quality.build_clock default values")
