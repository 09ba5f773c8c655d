"""Airflow for the tests of the DAGs: in programs of its own, with a database on the scratch server, no services."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.datasets import Run

PROJECT = Path(__file__).resolve().parents[2]

READ = """
import json, sys
from airflow.dag_processing.dagbag import DagBag

bag = DagBag(sys.argv[1])
dags = {
    dag_id: {
        "file": dag.fileloc,
        "doc": dag.doc_md,
        "schedule": dag.timetable.__class__.__name__,
        "max_active_runs": dag.max_active_runs,
        "name": dag.dag_display_name,
        "description": dag.description,
        "hours": dag.dagrun_timeout and dag.dagrun_timeout.total_seconds() / 3600,
        "owners": sorted({task.owner for task in dag.tasks}),
        "tasks": {
            task_id: [
                task.task_display_name,
                task.execution_timeout and task.execution_timeout.total_seconds() / 3600,
                type(task.retry_policy).__name__,
            ]
            for task_id, task in dag.task_dict.items()
        },
        "follows": {task_id: sorted(task.upstream_task_ids) for task_id, task in dag.task_dict.items()},
    }
    for dag_id, dag in bag.dags.items()
}
print(json.dumps({"errors": bag.import_errors, "dags": dags}))
"""


@pytest.fixture(scope="session")
def airflow_url(run: Run) -> Callable[..., str]:
    """A function that gives the URL of a database of Airflow's, migrated."""

    def migrate(url: str, home: Path) -> None:
        done = run_python(["-m", "airflow", "db", "migrate"], settings(url, home))
        assert done.returncode == 0, done.stderr

    run.template("airflow", migrate)
    return lambda **options: run.database("airflow", **options)


@pytest.fixture(scope="session")
def airflow(airflow_url: Callable[..., str], tmp_path_factory) -> Callable[..., subprocess.CompletedProcess]:
    """A function that runs Python with Airflow in an environment of ours: airflow(*arguments, **environment)."""
    own = settings(airflow_url(for_session=True), tmp_path_factory.mktemp("airflow"))
    return lambda *arguments, **environment: run_python(arguments, own | environment)


def settings(url: str, home: Path) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url.replace("postgresql://", "postgresql+psycopg2://"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONPATH": str(PROJECT),
    }


def run_python(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
    whole = os.environ | environment
    return subprocess.run([sys.executable, *arguments], env=whole, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="session")
def dags(airflow: Callable[..., subprocess.CompletedProcess]) -> dict:
    """What Airflow reads in the DAG files: {"errors": ..., "dags": {dag id: ...}}."""
    done = airflow("-c", READ, str(PROJECT / "dags"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
