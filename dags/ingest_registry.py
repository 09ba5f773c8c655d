"""Pulls a full snapshot of the registry of cooperatives, and keeps what changed.

The snapshot describes today; {"speaks_of": "YYYY-MM-DD"} names another day. If it has changes, build_warehouse
follows.

When it fails: the registry or the warehouse could not be reached, or the registry has far fewer or more rows.
In the first case clear the task when they can be reached again. In the second ask the registry's office; if it is
right, allow this one pull on the command line (htx pull-registry --help), with a reason. Until then the last snapshot
counts.
"""

from airflow.sdk import Asset, CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from htx import environment
from warehouse.reference.time_zone import VIET_NAM

cron = environment.schedule_of("ingest_registry", default="0 1 * * *")


@dag(
    schedule=cron and CronTriggerTimetable(cron, timezone=VIET_NAM.key),
    params={"speaks_of": Param(None, type=["null", "string"], format="date")},
    max_active_runs=1,
    doc_md=__doc__,
    tags=["ingestion"],
)
def ingest_registry():
    @task
    def pull() -> dict:
        from htx import steps

        speaks_of = get_current_context()["params"]["speaks_of"]
        return steps.pull_registry(connections.warehouse_url(), connections.registry_url(), speaks_of)

    @task(outlets=[Asset("registry")])
    def announce(pulled: dict) -> dict:
        from htx import steps

        # a run that was interrupted after its pull leaves data to build, though this pull found nothing new
        if not pulled["is_new"] and steps.is_up_to_date(connections.warehouse_url()):
            raise AirflowSkipException("The registry is unchanged")
        return pulled

    announce(pull())


ingest_registry()
