"""The question whether an edition is sent, to a person of the Union."""

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context, Param, XComArg
from airflow.sdk.exceptions import AirflowSkipException

from warehouse.reference.phrases import phrase


class Approval(ApprovalOperator):
    """Airflow's approval with Vietnamese options, and the decision as XCom `decision`: its own result is lost after a
    refusal."""

    APPROVE, REJECT = phrase("approve"), phrase("reject")

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
        params={"note": Param("", type="string", title=phrase("comment"))},
        pre_execute=skip_unless_needed,
    )
    outcome >> approval
    return approval.output["decision"]
