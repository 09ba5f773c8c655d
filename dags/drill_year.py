"""Rehearses a whole year of the example in a scratch database, day by day, and reports each step that fails.

Started by hand, before the season: the code, the reference data and the server are those of production, the reports and
the registry are invented. {"report_year": ...} rehearses another year of the example. The journal is the result of the
task `rehearse`; the warehouse itself is not touched.

When it fails: the last task lists what failed and on which day, the log of `rehearse` has the journal. An engineer
fixes the cause and starts the DAG again; a scratch database that was left behind is dropped by the next run.
"""

from airflow.sdk import Param, dag, task

from htx import environment


@dag(
    schedule=None,
    params={"report_year": Param(None, type=["null", "integer"])},
    max_active_runs=1,
    doc_md=__doc__,
    tags=["publications"],
)
def drill_year():
    @task
    def rehearse(params: dict) -> dict:
        from htx.local import rehearsal

        return rehearsal.rehearse(environment.warehouse_url(), environment.home(), params["report_year"])

    @task
    def fail_on_errors(year: dict) -> None:
        """Fail if a step of the year failed."""
        if failures := [f"{each['on']} {each['what']}: {each['message']}" for each in year["failures"]]:
            raise RuntimeError(f"{len(failures)} failures in the year {year['year']}:\n" + "\n".join(failures))

    fail_on_errors(rehearse())


drill_year()
