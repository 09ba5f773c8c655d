"""What Airflow keeps of old runs, deleted."""

import os
from datetime import UTC, datetime

import psycopg

from dags.parts.old_runs import delete_logs

CLEAN = """
from datetime import UTC, datetime
from dags.parts.old_runs import clean

clean({url!r}, datetime(2026, 1, 1, tzinfo=UTC))
"""
CLOSED = {
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "airflow-db-not-allowed:///",
    "AIRFLOW__CORE__SQL_ALCHEMY_CONN": "airflow-db-not-allowed:///",
}
"""as Airflow's supervisor sets them for a task"""


def test_rows_of_airflow_that_are_old_are_deleted_from_within_a_task(airflow, airflow_url):
    url = airflow_url()
    with psycopg.connect(url) as connection:
        for day in ("2025-12-31", "2026-01-02"):
            connection.execute("insert into log (event, dttm) values ('looked', %s)", [day])
    done = airflow("-c", CLEAN.format(url=url.replace("postgresql://", "postgresql+psycopg2://")), **CLOSED)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(url) as connection:
        assert connection.execute("select dttm::date::text from log where event = 'looked'").fetchall() == [
            ("2026-01-02",)
        ]


def test_a_database_that_cannot_be_cleaned_fails_the_task(airflow):
    done = airflow("-c", CLEAN.format(url="postgresql+psycopg2://nobody@127.0.0.1:1/none"), **CLOSED)
    assert done.returncode == 1
    assert "RuntimeError: airflow db clean failed:" in done.stderr


def test_logs_of_old_runs_are_deleted_with_their_folders(tmp_path):
    old, new = tmp_path / "dag_id=a" / "run_id=1" / "task_id=t", tmp_path / "dag_id=a" / "run_id=2" / "task_id=t"
    for folder, day in ((old, datetime(2025, 12, 31, tzinfo=UTC)), (new, datetime(2026, 1, 2, tzinfo=UTC))):
        folder.mkdir(parents=True)
        (folder / "attempt=1.log").write_text("done")
        os.utime(folder / "attempt=1.log", (day.timestamp(),) * 2)
    assert delete_logs(str(tmp_path), datetime(2026, 1, 1, tzinfo=UTC)) == 1
    assert sorted(path.name for path in (tmp_path / "dag_id=a").iterdir()) == ["run_id=2"]
    assert (new / "attempt=1.log").exists()
