"""The tasks of the DAGs that publish reports, after `choose`: publish -> decide -> record -> send -> answer.

Where something is left to do after a form, another run goes on with it."""

from datetime import UTC, datetime

from airflow.sdk import Asset, XComArg, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import step
from dags.parts.requests import run_again
from htx import environment


@step(outlets=[Asset("editions")])
def publish(request: dict) -> dict:
    """Drafts are announced: the asset triggers notify_union."""
    from htx.editions import requests

    context = get_current_context()
    ti, requested_by = context["ti"], context["dag_run"].triggering_user_name
    other_runs = ti.get_dr_count(ti.dag_id, states=["queued", "running"]) - 1
    where = environment.reports_url(), other_runs, requested_by, environment.reports_page_url()
    return requests.publish(connections.warehouse_url(), request, *where)


def record(request: XComArg, outcome: XComArg, decision: XComArg) -> XComArg:
    """Record what was decided, and ask on where something is left to do."""

    @step
    def record(request: dict, outcome: dict, decision: dict) -> list[dict]:
        """The conf of the run that asks on; what was recorded is XCom `recorded`."""
        from htx.editions import requests

        where = environment.reports_url(), datetime.now(UTC)
        recorded = requests.record(connections.warehouse_url(), request, outcome, decision, *where)
        get_current_context()["ti"].xcom_push("recorded", recorded)
        return recorded["again"]

    confs = record(request, outcome, decision)
    run_again("ask_on", confs)
    return confs["recorded"]


@step(outlets=[Asset("sendings")])
def send(request: dict, outcome: dict, recorded: dict) -> dict:
    """Days of issue are figures of their own (T17, T18): the asset triggers a build."""
    from htx.editions import requests

    if recorded["action"] != "issue" and not recorded["send_copy"]:
        raise AirflowSkipException("Nothing was issued, and no copy is to be mailed")
    where = environment.outbox_url(), connections.smtp_url()
    return requests.send(connections.warehouse_url(), request, outcome, recorded, datetime.now(UTC), *where)


@step(trigger_rule="none_failed")
def answer(outcome: dict, sent: dict) -> dict:
    from htx.editions import requests

    # pulled, not passed: where nothing was left to decide there is none
    recorded = get_current_context()["ti"].xcom_pull(task_ids="record", key="recorded")
    return requests.answer(outcome, recorded, sent)
