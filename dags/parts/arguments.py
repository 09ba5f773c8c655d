"""The arguments of the DAGs that publish reports: when they run, and what a request may say."""

from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, Param

from dags.parts.conventions import clock, described
from dags.parts.requests import REQUESTS


def publishing(dag_id: str, doc: str, kind: str, period: str) -> dict[str, Any]:
    """The arguments of a DAG that publishes reports of a kind."""
    return described(
        dag_id,
        doc,
        "publications",
        hours=None,
        default_args={"priority_weight": 0},  # of tasks that wait for a slot, those of loading and building go first
        max_active_runs=16,  # a form may wait for weeks
        schedule=_when_due(dag_id),
        params=_params(kind, period),
    )


def _when_due(dag_id: str) -> AssetOrTimeSchedule | Asset:
    """Each morning, after each build, and on request; the schedule `never` leaves requests alone."""
    at = clock(dag_id, default="0 8 * * *")
    return REQUESTS if at is None else AssetOrTimeSchedule(timetable=at, assets=Asset("marts") | REQUESTS)


def _params(kind: str, period: str) -> dict[str, Param]:
    """The conf of a run: report year or phase, the clock (of the example alone), a reason to publish a report that is
    not ready; and what a run of ours goes on with (of others it is not read)."""
    return {
        "kind": Param(kind, enum=[kind]),
        period: Param(None, type=["null", "integer"], minimum=0, maximum=9999),
        "as_of": Param(None, type=["null", "string"], maxLength=50),
        "force_because": Param(None, type=["null", "string"], maxLength=1000),
        "follows": Param(None, type=["null", "object"]),
    }
