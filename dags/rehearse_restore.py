"""Restores the last backup into a new server every month, computes all publications again, and says how long it took.

The server is a folder of this machine, and is removed afterwards; the warehouse is not touched. The result of the task
gives the seconds of restoring and of proving: a restore will take about as long. Without a backup the task is skipped.

When it fails: the backup is damaged, rows are missing, or a publication does not give its figures; the log says which.
An engineer makes a backup (`htx backup`), rehearses again (`htx restore --rehearse`), and looks for the cause: until
then only the older backups count. Or the disk of this machine is full.
"""

from airflow.sdk import dag
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import clock, described, step
from htx import environment


@dag(
    schedule=clock("rehearse_restore", default="0 4 1 * *"),
    **described("rehearse_restore", __doc__, "operations", hours=6),
)
def rehearse_restore():
    @step
    def rehearse() -> dict:
        from htx.backups import restore, storage

        if not storage.backups(environment.backup_url()):
            raise AirflowSkipException("There is no backup yet: back_up_warehouse makes one every night")
        found = restore.rehearse(environment.backup_url(), environment.home() / "rehearsal")
        restore.record_rehearsal(connections.warehouse_url(), found)
        return found

    rehearse()


rehearse_restore()
