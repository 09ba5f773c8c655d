"""Reads the files that units have put into the inbox, checks them and keeps them.

Every file is kept; one with errors is rejected, with findings that name the cells, and that is news for its
sender, not for us: the run stays green. When something was loaded, build_warehouse follows.

When it fails: the warehouse or the inbox could not be reached, or the program is wrong; never because of a file.
An engineer reads the log of the failed task, mends the cause and clears the task. Nothing is lost or loaded
twice: a batch is one transaction, and a file counts as received when it arrived in the inbox.
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
        # a run that was cut short after loading leaves something to build, though this one found nothing new
        if not total["received"] and steps.is_up_to_date(environment.warehouse_url()):
            raise AirflowSkipException("Nothing new in the inbox")
        return total

    announce(load_batch.expand(batch=find_files()))


ingest_submissions()
