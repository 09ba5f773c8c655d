"""The Vietnamese sentence of a gate that failed."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("alter table quality.gate_results add column sentence_vi text")
