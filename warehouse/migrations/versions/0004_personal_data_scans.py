"""What was kept before is looked at once for personal data (htx db migrate): where that is written down."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        "create table quality.personal_data_scans ("
        " scanned_at timestamptz primary key default now(), removed integer not null)"
    )
    op.execute("insert into quality.personal_data_scans (removed) select 0 where not exists (select from raw.files)")
