"""What all DAGs have in common: names in Vietnamese, the page of the runbook, an owner, bounds on time, and which
errors are tried again. How often, and after how long, are Airflow's settings core.default_task_retries and
core.default_task_retry_delay.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, RetryDecision, RetryPolicy, task

from htx import environment
from warehouse.reference.phrases import phrase
from warehouse.reference.time_zone import VIET_NAM

OWNER = "htx"
TRANSIENT = frozenset(
    {
        "builtins.OSError",  # of the network, of a storage
        "htx.mail.mailing.MailRefused",
        "htx.mail.reminders.RemindersFailed",
        "ingestion.intake.registry_snapshots.RegistryUnreadable",
        "psycopg.OperationalError",
        "warehouse.connection.WarehouseUnreachable",
    }
)
"""errors that may be gone in a few minutes; by name, since DAG files import none of the work. Not a mailbox that cannot
be read: the files of the inbox would wait for each attempt, and the next run tries again (decision 0114)"""


class TransientErrors(RetryPolicy):
    """A task is tried again where what it needs could not be reached; never where a gate refused, data are wrong, or
    there is a bug."""

    def evaluate(self, exception, try_number, max_tries, context=None) -> RetryDecision:
        names = {f"{each.__module__}.{each.__qualname__}" for each in type(exception).__mro__}
        return RetryDecision.retry() if names & TRANSIENT else RetryDecision.fail(f"{type(exception).__name__} stays")


def clock(dag_id: str, default: str) -> CronTriggerTimetable | None:
    """When a DAG runs, in the time of Viet Nam; None if it only runs on request."""
    cron = environment.schedule_of(dag_id, default)
    return cron and CronTriggerTimetable(cron, timezone=VIET_NAM.key)


def described(dag_id: str, doc: str, tag: str, hours: int | None, **more: Any) -> dict[str, Any]:
    """The arguments of a DAG. `hours`: after so many a run fails, and each task after as long; None where a person is
    waited for, and a task has an hour."""
    page = environment.runbook_page(dag_id)
    link = f"[{page}]({page})" if "://" in page else f"`{page}`"
    defaults = {
        "owner": OWNER,
        "execution_timeout": timedelta(hours=hours or 1),
        "retry_policy": TransientErrors(),
    }
    return {
        "dag_display_name": phrase(f"dag.{dag_id}"),
        "description": phrase(f"dag_does.{dag_id}"),
        "doc_md": f"{doc}\nRunbook: {link}\n",
        "dagrun_timeout": hours and timedelta(hours=hours),
        "default_args": {**defaults, **more.pop("default_args", {})},
        "max_active_runs": 1,
        "tags": [tag],
        **more,
    }


def step(function: Callable | None = None, **options: Any) -> Any:
    """Airflow's @task, with the name of the task in Vietnamese."""

    def decorated(function: Callable) -> Any:
        return task(task_display_name=name_of_task(function.__name__), **options)(function)

    return decorated(function) if function else decorated


def name_of_task(task_id: str) -> str:
    """What the web page calls a task."""
    return phrase(f"task.{task_id}")
