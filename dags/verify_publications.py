"""Recomputes all publications every night, and reports which figure would differ today and why.

The run ends green whatever it finds: a difference is news, not an outage. Differences are in the log and, figure by
figure, in quality.publication_differences: files that were received in time and loaded late, a decision or another row
of reference data that changed, other models. The publications themselves never change.

When it fails: the warehouse could not be reached, or there is a bug. An engineer reads the log, fixes the cause and
clears the task. `unexplained` in the log means that somebody changed stored records: check who may write to `raw`.
"""

from airflow.sdk import dag

from dags.parts import connections
from dags.parts.conventions import clock, described, step


@dag(
    schedule=clock("verify_publications", default="0 3 * * *"),
    **described("verify_publications", __doc__, "warehouse", hours=6),
)
def verify_publications():
    @step
    def verify() -> int:
        """How many columns of published figures would differ today."""
        from htx.editions import workflow

        return len(workflow.verify_publications(connections.warehouse_url()))

    verify()


verify_publications()
