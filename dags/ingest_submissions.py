"""Loads the files that units have put into the inbox: each is read, validated and kept.

A file with errors is rejected, with findings that name its cells. Its sender is notified; the run stays green. If
files were loaded, build_warehouse follows.

When it fails: the warehouse or the inbox could not be reached, or there is a bug; never because of a file. An engineer
reads the log of the failed task, fixes the cause and clears the task. Loading is idempotent: a batch is one
transaction, and the time of receipt is that of arrival in the inbox.
"""

from airflow.sdk import Asset, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from htx import environment
from warehouse.reference.time_zone import VIET_NAM

cron = environment.schedule_of("ingest_submissions", default="*/15 * * * *")


@dag(
    schedule=cron and CronTriggerTimetable(cron, timezone=VIET_NAM.key),
    max_active_runs=1,
    doc_md=__doc__,
    tags=["ingestion"],
)
def ingest_submissions():
    @task
    def find_files() -> list[list[dict]]:
        from htx import steps

        return steps.list_new_files(environment.warehouse_url(), environment.inbox_url())

    @task
    def load_batch(batch: list[dict]) -> dict:
        from htx import steps

        return steps.load_batch(environment.warehouse_url(), batch, environment.outbox_url())

    @task(outlets=[Asset("submissions")])
    def announce(counts: list[dict]) -> dict:
        from htx import steps

        total = {key: sum(count[key] for count in counts) for key in ("received", "accepted", "rejected")}
        # a run that was interrupted after loading leaves data to build, though this one found nothing new
        if not total["received"] and steps.is_up_to_date(environment.warehouse_url()):
            raise AirflowSkipException("No new files in the inbox")
        return total

    announce(load_batch.expand(batch=find_files()))


ingest_submissions()
