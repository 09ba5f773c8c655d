"""Builds of some years were given up: drop what they kept, with the staging views that read it."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("drop table quality.next_slices, quality.next_year_states, quality.published_year_states cascade")
    op.execute(
        "drop function if exists"
        " quality.published_identities, quality.published_verdicts, quality.published_indicator_totals cascade"
    )
