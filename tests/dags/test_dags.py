"""The DAG files: that they read like a table of contents, and that a bad file is news, not an outage."""

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from warehouse.connection import connect
from warehouse.server import embedded as embedded_server

FILES = sorted((Path(__file__).resolve().parents[2] / "dags").glob("*.py"))
NAMES = [file.stem for file in FILES]
PARTS = [FILES[0].parent / "parts" / name for name in ("mail.py", "publications.py")]
OPERATORS = {f"airflow.providers.standard.operators.{name}" for name in ("hitl", "trigger_dagrun")}
OURS = {"dags.parts.mail", "dags.parts.publications", "htx", "warehouse.reference.time_zone"}
MAY_BE_IMPORTED = {"airflow.sdk", "airflow.sdk.exceptions", *OURS} | sys.stdlib_module_names
PUBLISHING = ("publish_annual_report", "publish_phase_review")


def test_every_dag_file_is_read_without_an_error(dags):
    assert dags["errors"] == {}


def test_a_dag_bears_the_name_of_its_file(dags):
    assert {dag_id: Path(dag["file"]).stem for dag_id, dag in dags["dags"].items()} == {name: name for name in NAMES}


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_dag_file_has_at_most_70_lines(file):
    length = len(file.read_text(encoding="utf-8").splitlines())
    assert length <= 70, "a DAG says when and in which order: move the work into htx/steps.py"


@pytest.mark.parametrize("name", NAMES)
def test_a_dag_says_what_to_do_when_it_fails(dags, name):
    assert "When it fails:" in dags["dags"][name]["doc"], "say it in the docstring, and pass doc_md=__doc__"


@pytest.mark.parametrize("file", [*FILES, *PARTS], ids=[*NAMES, *(file.name for file in PARTS)])
def test_a_dag_file_imports_the_work_only_inside_its_tasks(file):
    statements = ast.parse(file.read_text(encoding="utf-8")).body
    imported = {name.name for each in statements if isinstance(each, ast.Import) for name in each.names}
    imported |= {each.module for each in statements if isinstance(each, ast.ImportFrom)}
    remedy = "import it in the task that needs it: this file is read every 30 seconds"
    assert imported <= MAY_BE_IMPORTED | OPERATORS, remedy
    from_htx = {
        name.name
        for each in statements
        if isinstance(each, ast.ImportFrom) and each.module == "htx"
        for name in each.names
    }
    assert from_htx <= {"environment"}


@pytest.mark.parametrize("name", NAMES)
def test_a_dag_runs_once_at_a_time_where_nobody_is_waited_for(dags, name):
    assert dags["dags"][name]["max_active_runs"] == (16 if name in PUBLISHING else 1)


@pytest.mark.parametrize("name", PUBLISHING)
def test_a_report_is_published_then_approved_by_a_person_then_sent(dags, name):
    """Whether a person refused is read by `answer` itself: Airflow skips whatever follows a refusal directly."""
    assert dags["dags"][name]["follows"] == {
        "choose": [],
        "hand_on": ["choose"],
        "publish": ["choose"],
        "approve": ["publish"],
        "send": ["approve", "choose", "publish"],
        "answer": ["publish", "send"],
    }


def test_files_are_found_then_loaded_in_batches_then_announced(dags):
    assert dags["dags"]["ingest_submissions"]["follows"] == {
        "find_files": [],
        "load_batch": ["find_files"],
        "announce": ["load_batch"],
    }


def test_the_registry_is_pulled_then_announced(dags):
    assert dags["dags"]["ingest_registry"]["follows"] == {"pull": [], "announce": ["pull"]}


def test_nothing_is_published_that_did_not_pass_both_gates(dags):
    follows = {task: set(before) for task, before in dags["dags"]["build_warehouse"]["follows"].items()}
    assert follows == {
        "wait_for_ingests": set(),
        "validate_batch": {"wait_for_ingests"},
        "build_marts": {"validate_batch"},
        "validate_marts": {"validate_batch", "build_marts"},
        "publish_marts": {"validate_batch", "validate_marts"},
    }


def test_ingests_checks_and_reminders_follow_the_clock_builds_new_data_and_publications_both(dags):
    assert {dag_id: dag["schedule"] for dag_id, dag in dags["dags"].items()} == {
        "ingest_submissions": "CronTriggerTimetable",
        "ingest_registry": "CronTriggerTimetable",
        "build_warehouse": "AssetTriggeredTimetable",
        "verify_publications": "CronTriggerTimetable",
        "publish_annual_report": "AssetOrTimeSchedule",
        "publish_phase_review": "AssetOrTimeSchedule",
        "remind_reporting_units": "CronTriggerTimetable",
        "drill_year": "NullTimetable",
    }


# Behaviour


@dataclass
class Desk:
    """A warehouse, an inbox, and Airflow to run the DAGs on them."""

    run: Callable[[str], int]
    airflow_url: str
    warehouse_url: str
    inbox: Path

    def outcome(self, dag_id: str) -> tuple[int, dict[str, str], int]:
        """Run a DAG: exit code, {task: state}, number of announcements."""
        code = self.run(dag_id)
        with connect(self.airflow_url) as connection:
            [run_id] = connection.execute(
                "select run_id from dag_run where dag_id = %s order by id desc limit 1", [dag_id]
            ).fetchone()
            states = connection.execute("select task_id, state from task_instance where run_id = %s", [run_id])
            told = connection.execute("select count(*) from asset_event where source_run_id = %s", [run_id])
            return code, dict(states.fetchall()), told.fetchone()[0]


@pytest.fixture(scope="module")
def desk(airflow, new_database, server, tmp_path_factory) -> Desk:
    inbox = tmp_path_factory.mktemp("inbox")
    url = new_database()
    environment = {
        "WAREHOUSE_URL": url,
        "INBOX_URL": f"file://{inbox}",
        "REGISTRY_URL": f"sqlite:///{inbox}/there/is/none.sqlite",
    }

    def run(dag_id: str) -> int:
        return airflow("-m", "airflow", "dags", "test", dag_id, **environment).returncode

    return Desk(run, embedded_server.url(server, "airflow"), url, inbox)


def test_a_bad_file_leaves_the_run_green_and_its_sender_with_a_finding(desk):
    (desk.inbox / "688").mkdir()
    (desk.inbox / "688" / "bao cao.xlsx").write_bytes(b"this is no workbook")
    assert desk.outcome("ingest_submissions") == (
        0,
        {"find_files": "success", "load_batch": "success", "announce": "success"},
        1,
    )
    with connect(desk.warehouse_url) as connection:
        received = connection.execute("select folder, file_name, verdict from raw.received_files").fetchall()
        found = connection.execute("select severity from quality.file_findings").fetchall()
    assert received == [("688", "bao cao.xlsx", "rejected")]
    assert found == [("error",)]


def test_an_inbox_with_nothing_new_announces_nothing(desk):
    assert desk.outcome("ingest_submissions") == (
        0,
        {"find_files": "success", "load_batch": "skipped", "announce": "skipped"},
        0,
    )


def test_a_registry_that_cannot_be_reached_turns_the_run_red(desk):
    assert desk.outcome("ingest_registry") == (1, {"pull": "failed", "announce": "upstream_failed"}, 0)


def test_a_night_of_verifying_ends_green(desk):
    assert desk.outcome("verify_publications") == (0, {"verify": "success"}, 0)
