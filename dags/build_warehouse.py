"""Builds the marts and reports of all years, and promotes them in one transaction, after running ingests have ended.

Its tasks are skipped where nothing changed since the last promotion or rollback, and before the first accepted file and
the first pull of the registry. Triggered with {"again": true} it builds all the same.

When it fails: the public tables stay as they were. validate_batch and validate_marts log the expectations that failed:
the owner of the data corrects the file or row. Where edited reference data would move verdicts of a year whose report
was issued, validate_batch names them (`htx build --accept REASON`). build_marts logs the model or dbt test that failed:
an engineer corrects it. promote_marts is cleared when the warehouse can be reached; an overtaken run needs nothing.
"""

import time

from airflow.sdk import Asset, dag, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import described, step
from htx import environment

NEW_DATA = Asset("submissions") | Asset("registry") | Asset("sendings")
INGESTS = ("ingest_submissions", "ingest_registry")


@dag(schedule=NEW_DATA, params={"again": False}, **described("build_warehouse", __doc__, "warehouse", hours=6))
def build_warehouse():
    @step
    def wait_for_ingests() -> None:
        """Wait, so that data that arrives together is built once; not for an ingest that failed and is tried again."""
        ti = get_current_context()["ti"]
        for _ in range(600):  # seconds
            active = [each for each in INGESTS if ti.get_dr_count(each, states=["queued", "running"])]
            if all(ti.get_ti_count(each, states=["up_for_retry"]) for each in active):
                return
            time.sleep(1)

    @step
    def validate_batch() -> dict:
        from htx import steps

        build = steps.validate_batch(connections.warehouse_url(), get_current_context()["params"]["again"])
        if not build["changed"]:
            raise AirflowSkipException(build["unchanged"])
        return build

    @step
    def build_marts(build: dict) -> None:
        from htx import steps

        steps.build_marts(connections.warehouse_url(), build, environment.dbt_output())

    @step
    def validate_marts(build: dict) -> None:
        from htx import steps

        steps.validate_marts(connections.warehouse_url(), build)

    @step(outlets=[Asset("marts")])
    def promote_marts(build: dict) -> None:
        from htx import steps

        steps.promote_marts(connections.warehouse_url(), build)
        steps.answer_queries(connections.warehouse_url(), environment.outbox_url())

    build = validate_batch()
    wait_for_ingests() >> build
    build_marts(build) >> validate_marts(build) >> promote_marts(build)


build_warehouse()
