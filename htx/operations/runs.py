"""Runs of Airflow that failed, or in which nothing has ended for too long.

Read from Airflow's own database (AIRFLOW_DATABASE_URL), since its REST API would need a login, and a callback is lost
with the process that it runs in. A run that a later one has made good is no matter any more.
"""

from datetime import datetime, timedelta
from urllib.parse import quote

import psycopg
from psycopg.rows import dict_row

from htx.mail.notices import Waiting
from htx.operations.overdue import gates_refused
from htx.operations.places import Places, hours_of
from warehouse.connection import connect
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

GATES = frozenset({"validate_batch", "validate_marts"})
"""tasks that fail where a gate refused: that is a matter of its own"""

# since the last run of a DAG that succeeded; of a DAG whose file is gone nothing
FAILED = """
    with ended as (
        select runs.*, dag.dag_display_name as name,
            max(runs.end_date) filter (where runs.state = 'success') over (partition by runs.dag_id) as succeeded_at
        from public.dag_run as runs
        inner join public.dag using (dag_id)
        where runs.state in ('success', 'failed') and not dag.is_stale and runs.end_date <= %(at)s
    ),
    failed as (
        select dag_id, min(name) as name, min(end_date) as since, count(*) as runs,
            (array_agg(run_id order by end_date desc))[1] as run_id
        from ended
        where state = 'failed' and (succeeded_at is null or end_date > succeeded_at)
        group by dag_id
    )
    select failed.*, array(
        select distinct tasks.task_id::text from public.task_instance as tasks
        where tasks.dag_id = failed.dag_id and tasks.run_id = failed.run_id and tasks.state = 'failed' order by 1
    ) as tasks
    from failed order by dag_id
"""
# a run whose form waits for a person takes as long as that person
LATE = """
    select runs.dag_id, dag.dag_display_name as name, runs.run_id, runs.start_date,
        greatest(runs.start_date, max(tasks.end_date)) as moved_at
    from public.dag_run as runs
    inner join public.dag using (dag_id)
    left join public.task_instance as tasks on tasks.dag_id = runs.dag_id and tasks.run_id = runs.run_id
    where runs.state = 'running' and not dag.is_stale
    group by runs.dag_id, dag.dag_display_name, runs.run_id, runs.start_date
    having coalesce(bool_and(tasks.state is distinct from 'awaiting_input'), true)
        and greatest(runs.start_date, max(tasks.end_date)) <= %(before)s
    order by runs.dag_id, runs.start_date
"""


def runs_waiting(connection: psycopg.Connection, reference: Reference, places: Places, at: datetime) -> list[Waiting]:
    """One matter of each DAG whose last runs failed, and of each run in which nothing ends.

    Raises WarehouseUnreachable where Airflow's database does not answer."""
    if not places.airflow_database_url:
        return []
    hour = timedelta(hours=hours_of("run_late"))
    with connect(places.airflow_database_url) as airflow:
        rows = airflow.cursor(row_factory=dict_row)
        failed = rows.execute(FAILED, {"at": at}).fetchall()
        late = rows.execute(LATE, {"before": at - hour}).fetchall()
    of_gates = GATES if gates_refused(connection, reference, places, at) else frozenset()
    found = [_failed(places, each) for each in failed if not each["tasks"] or not of_gates.issuperset(each["tasks"])]
    return found + [_late(places, each, each["moved_at"] + hour) for each in late]


def _failed(places: Places, run: dict) -> Waiting:
    lines = [phrase("operation.failed_runs", count=run["runs"])]
    if run["tasks"]:
        lines.append(phrase("operation.failed_tasks", tasks=", ".join(run["tasks"])))
    return places.operation(
        "run_failed", run["dag_id"], run["since"], lines, run["dag_id"], _link(places, run), name=run["name"]
    )


def _late(places: Places, run: dict, since: datetime) -> Waiting:
    lines = [phrase("operation.late_run", started=instant_vi(run["start_date"]), moved=instant_vi(run["moved_at"]))]
    return places.operation("run_late", run["dag_id"], since, lines, "run_late", _link(places, run), name=run["name"])


def _link(places: Places, run: dict) -> str | None:
    page = places.airflow_url and places.airflow_url.rstrip("/")
    return page and f"{page}/dags/{run['dag_id']}/runs/{quote(run['run_id'])}"
