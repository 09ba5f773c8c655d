"""The form by which a person of the Union records what became of a paper: signed, issued, returned, refused."""

from datetime import datetime

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param, XComArg
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts.conventions import name_of_task
from reporting.content.recipients import read_recipients
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder
from warehouse.reference.time_zone import VIET_NAM

OPTIONS = [phrase(f"decision.{each}") for each in ("sign", "issue", "return", "refuse")]
CHANNELS = {"": phrase("form.no_channel")} | {
    each: phrase(f"channel.{each}") for each in ("exchange", "post", "by_hand")
}


def fields(kind: str) -> dict[str, Param]:
    """The fields of the form of a kind of report, in Vietnamese; see htx.editions.paper_form."""
    today = datetime.now(VIET_NAM).date()
    names = {each.recipient: each.name_vi for each in read_recipients(plan_folder(), kind, today)}
    return {
        "recipient": _choice("recipient", {"": phrase("form.all_recipients")} | names),
        **{f"number_{code}": _text(phrase("form.number", name=name)) for code, name in names.items()},
        "signed_on": _day("signed_on"),
        "signer": _text(phrase("form.signer")),
        "issued_on": _day("issued_on"),
        "channel": _choice("channel", CHANNELS),
        "because": _text(phrase("form.because")),
        "send_copy": Param(False, type="boolean", title=phrase("form.send_copy")),
    }


class PaperForm(HITLOperator):
    """Airflow's form, whose fields begin with what is known. What cannot be recorded fails no run: `record` says why,
    and the form is shown again."""

    def execute(self, context: Context) -> None:
        form = context["ti"].xcom_pull(task_ids="publish")
        if not form["awaits_approval"]:
            raise AirflowSkipException("Nothing is left to do with this paper")
        for name, value in form["question"]["given"].items():
            self.params[name] = value
        super().execute(context)

    def validate_params_input(self, params_input) -> None:
        pass


def decide(outcome: XComArg, kind: str) -> XComArg:
    """Wait for a person's decision on a report of a kind; skipped where nothing is left to do."""
    form = PaperForm(
        task_id="decide",
        task_display_name=name_of_task("decide"),
        execution_timeout=None,  # of a form it would be the time that a person has
        subject="{{ ti.xcom_pull('publish')['question']['subject'] }}",
        body="{{ ti.xcom_pull('publish')['question']['body'] }}",
        options=OPTIONS,
        params=fields(kind),
    )
    outcome >> form
    return form.output


def _text(title: str) -> Param:
    return Param("", type="string", maxLength=1000, title=title)


def _day(name: str) -> Param:
    return Param(None, type=["null", "string"], format="date", title=phrase(f"form.{name}"))


def _choice(name: str, labels: dict[str, str]) -> Param:
    return Param("", type="string", enum=list(labels), values_display=labels, title=phrase(f"form.{name}"))
