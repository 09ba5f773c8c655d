"""Requests for a report: the one that a run is about, and a run for each other one.

If several publications are requested at once, the run takes the first and triggers a run of its own for each other
one, with its own form."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, XComArg, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import name_of_task, step

REQUESTS = Asset("report_requests")


def choose(kind: str) -> XComArg:
    """The request of this run; the tasks after it are skipped where there is nothing to publish."""

    @step
    def choose() -> list[dict]:
        """The conf of each further run; the request of this run is XCom `request`."""
        from htx.editions import requests

        context = get_current_context()
        events = [event.extra for event in context["triggering_asset_events"].get(REQUESTS, [])]
        now, is_ours = datetime.now(UTC), context["dag_run"].run_type == "operator_triggered"
        chosen = requests.choose(connections.warehouse_url(), kind, context["params"], events, now, is_ours)
        if not chosen:
            raise AirflowSkipException("There is nothing to publish")
        context["ti"].xcom_push("request", chosen[0])
        return [{name: each[name] for name in each if name != "at"} for each in chosen[1:]]

    others = choose()
    run_again("hand_on", others)
    return others["request"]


def run_again(task_id: str, confs: XComArg) -> None:
    """A run of the same DAG for each conf."""
    TriggerDagRunOperator.partial(
        task_id=task_id, task_display_name=name_of_task(task_id), trigger_dag_id="{{ dag.dag_id }}"
    ).expand(conf=confs)
