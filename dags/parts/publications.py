"""The tasks of publish_annual_report and publish_phase_review: choose -> publish -> approve -> send -> answer.

If several publications are requested at once, the run takes the first
and triggers a run of its own for each other one, with its own approval."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import (
    Asset,
    AssetOrTimeSchedule,
    Context,
    CronTriggerTimetable,
    Param,
    XComArg,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts.mail import mail_server
from htx import environment
from warehouse.reference.time_zone import VIET_NAM

REQUESTS = Asset("report_requests")


def when_due(dag_id: str) -> AssetOrTimeSchedule | Asset:
    """Each morning, after each build, and on request; the schedule `never` leaves requests alone."""
    cron = environment.schedule_of(dag_id, default="0 8 * * *")
    if cron is None:
        return REQUESTS
    clock = CronTriggerTimetable(cron, timezone=VIET_NAM.key)
    return AssetOrTimeSchedule(timetable=clock, assets=Asset("marts") | REQUESTS)


def params(kind: str, period: str) -> dict[str, Param]:
    """The conf of a run: report year or phase, the clock (of the example alone), a reason to publish a report that is
    not ready."""
    return {
        "kind": Param(kind, enum=[kind]),
        period: Param(None, type=["null", "integer"], minimum=0, maximum=9999),
        "as_of": Param(None, type=["null", "string"], maxLength=50),
        "force_because": Param(None, type=["null", "string"], maxLength=1000),
    }


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


class Approval(ApprovalOperator):
    """Airflow's approval, with the decision as XCom `decision`: its own result is lost after a refusal."""

    def execute_complete(self, context: Context, event: dict) -> dict:
        context["ti"].xcom_push("decision", event)
        return super().execute_complete(context, event)


def approve(outcome: XComArg) -> XComArg:
    """Wait until a person of the Union approves or refuses; skipped if no approval is needed."""

    def skip_unless_needed(context: Context) -> None:
        if not context["ti"].xcom_pull(task_ids="publish")["awaits_approval"]:
            raise AirflowSkipException("No approval is needed")

    approval = Approval(
        task_id="approve",
        subject="{{ ti.xcom_pull('publish')['question']['subject'] }}",
        body="{{ ti.xcom_pull('publish')['question']['body'] }}",
        params={"note": Param("", type="string", title="Ý kiến")},
        pre_execute=skip_unless_needed,
    )
    outcome >> approval
    return approval.output["decision"]


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
