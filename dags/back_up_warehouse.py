"""Writes a backup of the whole warehouse into the folder BACKUP_URL every night, and deletes those that are not kept.

A backup is one dump of one instant, with a manifest and sums, and is read back after it was written. BACKUP_KEEP says
for how many days, weeks and months the newest one is kept. The result of the task says how large it is, how long it
took, and by how many bytes a year the schema raw grows. It waits for a running build.

When it fails: the warehouse or the folder could not be reached or written, or pg_dump is older than the server. An
engineer reads the log, fixes the cause and clears the task. Older backups are deleted only after a new one was read
back.
"""

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.parts import connections
from htx import environment
from warehouse.reference.time_zone import VIET_NAM

cron = environment.schedule_of("back_up_warehouse", default="0 2 * * *")


@dag(
    schedule=cron and CronTriggerTimetable(cron, timezone=VIET_NAM.key),
    max_active_runs=1,
    description="A backup of the whole warehouse, every night",
    doc_md=__doc__,
    tags=["operations"],
)
def back_up_warehouse():
    @task
    def back_up() -> dict:
        from htx.backups import backup
        from htx.backups.retention import Retention

        retention = Retention.of(environment.backup_keep())
        return backup.back_up(connections.warehouse_url(), environment.backup_url(), retention)

    back_up()


back_up_warehouse()
