"""Pulls a full snapshot of the registry of cooperatives, and keeps what changed.

The snapshot describes today; {"speaks_of": "YYYY-MM-DD"} names another day. If it has changes, build_warehouse
follows.

When it fails: the registry or the warehouse could not be reached, or the registry has far fewer or more rows.
In the first case clear the task when they can be reached again. In the second ask the registry's office; if it is
right, allow this one pull on the command line (htx pull-registry --help), with a reason. Until then the last snapshot
counts.
"""

from airflow.sdk import Asset, Param, dag, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import clock, described, step


@dag(
    schedule=clock("ingest_registry", default="0 1 * * *"),
    params={"speaks_of": Param(None, type=["null", "string"], format="date")},
    **described("ingest_registry", __doc__, "ingestion", hours=2),
)
def ingest_registry():
    @step
    def pull() -> dict:
        from htx import steps

        speaks_of = get_current_context()["params"]["speaks_of"]
        return steps.pull_registry(connections.warehouse_url(), connections.registry_url(), speaks_of)

    @step(outlets=[Asset("registry")])
    def announce(pulled: dict) -> dict:
        from htx import steps

        # a run that was interrupted after its pull leaves data to build, though this pull found nothing new
        if not pulled["is_new"] and steps.is_up_to_date(connections.warehouse_url()):
            raise AirflowSkipException("The registry is unchanged")
        return pulled

    announce(pull())


ingest_registry()
