"""The code that a build was made by: where only reference data changed, what it moves can be told before a build."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("alter table quality.builds add column code_sha256 text")
