"""Builds are promoted, and reports are published: rename what said published of builds."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "alter table quality.builds drop constraint builds_outcome_check",
    "update quality.builds set outcome = 'promoted' where outcome = 'published'",
    "alter table quality.builds add check (outcome in ('promoted', 'refused', 'failed', 'overtaken', 'rolled_back'))",
    "drop index quality.builds_published",
    "create index builds_promoted on quality.builds (finished_at) where outcome = 'promoted'",
    "alter table quality.next_build drop constraint next_build_step_check",
    "update quality.next_build set step = 'promoted' where step = 'published'",
    "alter table quality.next_build add check (step in ('started', 'built', 'validated', 'promoted'))",
    "alter table quality.published_tables rename to promoted_tables",
    "alter index quality.published_tables_pkey rename to promoted_tables_pkey",
    "alter table undo.publication rename to promotion",
    "alter index undo.publication_pkey rename to promotion_pkey",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
