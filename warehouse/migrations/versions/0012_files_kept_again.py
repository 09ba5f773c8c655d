"""A file of the office is kept each time it is attached after another one."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    "alter table raw.publication_files drop constraint publication_files_pkey",
    "alter table raw.publication_files add primary key (publication_id, recipient, kind, sha256, recorded_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
