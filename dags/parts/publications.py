"""The tasks of publish_annual_report and publish_phase_review: choose -> publish -> approve -> send -> answer.

If several publications are requested at once, the run takes the first and triggers a run of its own for each other
one, with its own approval."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, XComArg, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts.mail import mail_server
from dags.parts.requests import REQUESTS
from htx import environment


def choose(kind: str) -> XComArg:
    """The request of this run; the tasks after it are skipped where there is nothing to publish."""

    @task
    def choose() -> list[dict]:
        """The conf of each further run; the request of this run is XCom `request`."""
        from htx.editions import requests

        context = get_current_context()
        events = [event.extra for event in context["triggering_asset_events"].get(REQUESTS, [])]
        now = datetime.now(UTC)
        chosen = requests.choose(environment.warehouse_url(), kind, context["params"], events, now)
        if not chosen:
            raise AirflowSkipException("There is nothing to publish")
        context["ti"].xcom_push("request", chosen[0])
        return [{name: each[name] for name in each if name != "at"} for each in chosen[1:]]

    others = choose()
    TriggerDagRunOperator.partial(task_id="hand_on", trigger_dag_id="{{ dag.dag_id }}").expand(conf=others)
    return others["request"]


@task
def publish(request: dict) -> dict:
    from htx.editions import requests

    context = get_current_context()
    ti, requested_by = context["ti"], context["dag_run"].triggering_user_name
    other_runs = ti.get_dr_count(ti.dag_id, states=["queued", "running"]) - 1
    return requests.publish(environment.warehouse_url(), request, environment.reports_url(), other_runs, requested_by)


@task(outlets=[Asset("sendings")])
def send(request: dict, outcome: dict, decision: dict) -> dict:
    """Deliveries are figures of their own (T17, T18): the asset triggers a build."""
    from htx.editions import requests

    where = environment.outbox_url(), mail_server(get_current_context())
    return requests.send(environment.warehouse_url(), request, outcome, decision, datetime.now(UTC), *where)


@task(trigger_rule="none_failed")
def answer(outcome: dict, sent: dict) -> dict:
    from htx.editions import requests

    # pulled, not passed: a refusal skips the tasks directly after it
    ti = get_current_context()["ti"]
    decision = ti.xcom_pull(task_ids="approve", key="decision")
    return requests.answer(environment.warehouse_url(), outcome, decision, sent)
