"""Writes a backup of the whole warehouse into the folder BACKUP_URL every night, and deletes those that are not kept.

A backup is one dump of one instant, with a manifest and sums, and is read back after it was written. BACKUP_KEEP says
for how many days, weeks and months the newest one is kept. The result of the task says how large it is, how long it
took, and by how many bytes a year the schema raw grows. It waits for a running build.

When it fails: the warehouse or the folder could not be reached or written, or pg_dump is older than the server. An
engineer reads the log, fixes the cause and clears the task. Older backups are deleted only after a new one was read
back.
"""

from airflow.sdk import dag

from dags.parts import connections
from dags.parts.conventions import clock, described, step
from htx import environment


@dag(
    schedule=clock("back_up_warehouse", default="0 2 * * *"),
    **described("back_up_warehouse", __doc__, "operations", hours=4),
)
def back_up_warehouse():
    @step
    def back_up() -> dict:
        from htx.backups import backup
        from htx.backups.retention import Retention

        retention = Retention.of(environment.backup_keep())
        return backup.back_up(connections.warehouse_url(), environment.backup_url(), retention)

    back_up()


back_up_warehouse()
