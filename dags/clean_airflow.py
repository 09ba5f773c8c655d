"""Deletes what Airflow keeps of old runs every week: rows of its own database, and the logs of tasks.

RUNS_KEEP_DAYS says for how many days they are kept. Nothing of the warehouse is touched: what was received, published
and recorded of papers is in its own database. A form that waits for longer than that goes with its run; the paper is
recorded by `htx publications sign` then, or in the form of a new run.

When it fails: Airflow's database could not be reached; the log has the words of `airflow db clean`. An engineer fixes
the cause and clears the task. Where AIRFLOW_DATABASE_URL is not set the task is skipped: run that command by hand.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts.conventions import clock, described, step
from htx import environment


@dag(
    schedule=clock("clean_airflow", default="0 5 * * 0"),
    **described("clean_airflow", __doc__, "operations", hours=3),
)
def clean_airflow():
    @step
    def clean_database() -> None:
        from dags.parts.old_runs import clean

        url = environment.airflow_database_url()
        if url is None:
            raise AirflowSkipException("AIRFLOW_DATABASE_URL is not set: run `airflow db clean` by hand")
        clean(url, _before())

    @step
    def delete_logs() -> int:
        """How many files were deleted."""
        from dags.parts.old_runs import delete_logs

        return delete_logs(conf.get("logging", "base_log_folder"), _before())

    clean_database()
    delete_logs()


def _before() -> datetime:
    return datetime.now(UTC) - timedelta(days=environment.runs_keep_days())


clean_airflow()
