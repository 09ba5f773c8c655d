"""Runs that failed or take too long, and the mail server of tasks, in Airflow's own tables."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from click.testing import CliRunner

from htx.cli import main
from htx.operations.places import Places
from htx.operations.runs import runs_waiting
from warehouse.connection import WarehouseUnreachable

NIGHT = datetime(2026, 12, 1, 18, tzinfo=UTC)
PAGE = "https://airflow.example/"
BUNDLE = "insert into dag_bundle (name, active) values ('dags-folder', true) on conflict do nothing"
DAG = """
    insert into dag (
        dag_id, dag_display_name, is_paused, is_stale, exceeds_max_non_backfill, bundle_name, timetable_type,
        timetable_partitioned, timetable_periodic, partition_mapper_info, max_active_tasks,
        max_consecutive_failed_dag_runs, has_task_concurrency_limits, fail_fast
    ) values (%s, %s, false, %s, false, 'dags-folder', 'cron', false, false, '{}', 16, 0, false, false)
"""
RUN = """
    insert into dag_run (dag_id, run_id, state, start_date, end_date, run_type, run_after, clear_number, span_status)
    values (%s, %s, %s, %s, %s, 'scheduled', now(), 0, 'not_started')
"""
TASK = """
    insert into task_instance (
        id, dag_id, run_id, task_id, state, end_date, map_index, try_number, max_tries, pool, pool_slots, span_status
    ) values (gen_random_uuid(), %s, %s, %s, %s, %s, -1, 1, 0, 'default_pool', 1, 'not_started')
"""


class Airflow:
    """Airflow's database, with the runs that a test puts there."""

    def __init__(self, url: str):
        self.places = Places(airflow_database_url=url, airflow_url=PAGE)
        self.database = psycopg.connect(url, autocommit=True)
        self.database.execute(
            "insert into dag_bundle (name, active) values ('dags-folder', true) on conflict do nothing"
        )
        self.known: set[str] = set()

    def run(self, dag_id: str, hour: float, state: str, is_stale: bool = False, **tasks: str | None) -> None:
        """A run that began that many hours after the night, took a minute where it ended, with {task: state}."""
        if dag_id not in self.known:
            self.database.execute(DAG, [dag_id, f"“{dag_id}”", is_stale])
            self.known.add(dag_id)
        began = NIGHT + timedelta(hours=hour)
        ended = None if state == "running" else began + timedelta(minutes=1)
        self.database.execute(RUN, [dag_id, f"scheduled__{hour}", state, began, ended])
        for name, task_state in tasks.items():
            done = began + timedelta(minutes=1) if task_state in ("success", "failed") else None
            self.database.execute(TASK, [dag_id, f"scheduled__{hour}", name, task_state, done])


@pytest.fixture
def airflow_tables(airflow_url):
    airflow = Airflow(airflow_url())
    yield airflow
    airflow.database.close()


@pytest.fixture
def found(connection, reference, airflow_tables):
    """A function that gives what waits at so many hours after the night: step, cause and since when, in hours."""

    def waiting(hour: float) -> list[tuple[str, str, float]]:
        at = NIGHT + timedelta(hours=hour)
        return [
            (each.step, each.cause, round((each.since - NIGHT) / timedelta(hours=1), 2))
            for each in runs_waiting(connection, reference, airflow_tables.places, at)
        ]

    return waiting


def test_a_dag_whose_last_runs_failed_is_one_matter_since_the_first_of_them(
    airflow_tables, found, connection, reference
):
    airflow_tables.run("ingest_registry", 0, "success", pull="success")
    airflow_tables.run("ingest_registry", 24, "failed", pull="failed", announce="upstream_failed")
    airflow_tables.run("ingest_registry", 48, "failed", pull="failed", announce="upstream_failed")
    assert (found(20), found(30), found(50)) == (
        [],
        [("run_failed", "ingest_registry", 24.02)],
        [("run_failed", "ingest_registry", 24.02)],
    )
    at = NIGHT + timedelta(hours=50)
    [waiting] = runs_waiting(connection, reference, airflow_tables.places, at)
    assert waiting.words == {
        "title": "Tác vụ ““ingest_registry”” bị lỗi",
        "lines": ["Số lần chạy bị lỗi liên tiếp: 2", "Bước bị lỗi: pull"],
        "runbook": "docs/runbook.md#ingest_registry",
        "link": "https://airflow.example/dags/ingest_registry/runs/scheduled__48",
    }
    airflow_tables.run("ingest_registry", 49, "success", pull="success")
    assert found(50) == []


def test_a_dag_whose_file_is_gone_is_no_matter(airflow_tables, found):
    airflow_tables.run("of_an_earlier_version", 0, "failed", is_stale=True, pull="failed")
    assert found(1) == []


def test_a_run_in_which_nothing_ends_for_an_hour_is_a_matter_but_for_one_that_waits_for_a_person(airflow_tables, found):
    airflow_tables.run("build_warehouse", 0, "running", validate_batch="success", build_marts="running")
    airflow_tables.run("publish_annual_report", 0, "running", publish="success", decide="awaiting_input")
    airflow_tables.run("back_up_warehouse", 0.5, "running")
    assert found(1) == []
    assert found(1.02) == [("run_late", "build_warehouse", 1.02)]
    assert found(1.5) == [("run_late", "back_up_warehouse", 1.5), ("run_late", "build_warehouse", 1.02)]


def test_a_gate_that_refused_is_not_a_run_that_failed_too(airflow_tables, found, connection):
    airflow_tables.run("build_warehouse", 0, "failed", validate_batch="success", validate_marts="failed")
    assert found(1) == [("run_failed", "build_warehouse", 0.02)]
    connection.execute(
        "insert into quality.gate_results (checked_at, stage, gate, level, outcome, sentence)"
        " values (now(), 'marts', 'no_values', 'critical', 'failed', 'none')"
    )
    assert found(1) == []


def test_where_airflows_database_is_not_named_no_run_is_looked_at(connection, reference):
    assert runs_waiting(connection, reference, Places(), NIGHT) == []


def test_an_airflow_that_does_not_answer_is_an_error(connection, reference):
    places = Places(airflow_database_url="postgresql+psycopg2://nobody@127.0.0.1:1/none")
    with pytest.raises(WarehouseUnreachable):
        runs_waiting(connection, reference, places, NIGHT)


@pytest.mark.parametrize("command", ["notices --send", "remind", "mail answer", "publications send P-0123456789AB"])
def test_a_command_mails_nothing_where_only_airflow_knows_the_mail_server(airflow_tables, command, tmp_path):
    airflow_tables.database.execute(
        "insert into connection (conn_id, conn_type, host, is_encrypted, is_extra_encrypted)"
        " values ('smtp_default', 'smtp', 'mail.hoi.example', false, false)"
    )
    known = {
        "AIRFLOW_DATABASE_URL": airflow_tables.places.airflow_database_url,
        "WAREHOUSE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "OUTBOX_URL": tmp_path.as_uri(),
    }
    refused = CliRunner().invoke(main, command.split(), env=known)
    assert (refused.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert refused.stderr.startswith("htx: The mail server is Airflow's connection smtp_default")
