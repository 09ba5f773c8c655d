"""Works out again, every night, what was published, and says which figure would differ today and why.

The run ends green whatever it finds: a difference is news, not an outage. It stands in the log and, figure by figure,
in quality.publication_differences: files that were received in time and seen late, a decision or another row of
reference data that was changed, other models. What was published itself never changes.

When it fails: the warehouse could not be reached, or the program is wrong. An engineer reads the log, mends the cause
and clears the task. `unexplained` in the log means that somebody changed what was kept: ask who may write to `raw`.
"""

from airflow.sdk import CronTriggerTimetable, dag, task

from htx import environment
from warehouse.reference.time_zone import VIET_NAM

cron = environment.schedule_of("verify_publications", default="0 3 * * *")


@dag(
    schedule=cron and CronTriggerTimetable(cron, timezone=VIET_NAM.key),
    max_active_runs=1,
    doc_md=__doc__,
    tags=["warehouse"],
)
def verify_publications():
    @task
    def verify() -> int:
        """How many columns of published figures would differ today."""
        from htx import steps

        return len(steps.verify_publications(environment.warehouse_url()))

    verify()


verify_publications()
