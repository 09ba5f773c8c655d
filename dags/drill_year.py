"""Plays a whole year on example data in a scratch database, deadline and all, and says what would have failed.

Started by hand, before the season: the code, the reference data and the server are those of production, the reports and
the registry are the invented province's. {"report_year": ...} plays another of its years. The journal, day by day, is
the result of the task `play`; the warehouse itself is not touched.

When it fails: the log of `play` has the journal, and the last task lists what failed, with its day. An engineer mends
it and starts the drill again; a scratch database that was left behind is dropped by the next drill.
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
    def play(params: dict) -> dict:
        from htx.local import rehearsal

        return rehearsal.play_in_scratch(environment.warehouse_url(), environment.home(), params["report_year"])

    @task
    def judge(played: dict) -> None:
        """Red when something failed."""
        if failures := [f"{each['on']} {each['what']}: {each['said']}" for each in played["failures"]]:
            raise RuntimeError(f"{len(failures)} failures in the year {played['year']}:\n" + "\n".join(failures))

    judge(play())


drill_year()
