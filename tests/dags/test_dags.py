"""The DAG files: that they read like a table of contents, and that a bad file is news, not an outage."""

import ast
import json
import sys
from pathlib import Path

import pytest

from htx.editions.paper_form import NOTHING_GIVEN
from warehouse.connection import connect

FILES = sorted((Path(__file__).resolve().parents[2] / "dags").glob("*.py"))
NAMES = [file.stem for file in FILES]
PARTS = [
    FILES[0].parent / "parts" / name
    for name in ("arguments.py", "connections.py", "conventions.py", "old_runs.py", "publications.py", "requests.py")
]
OPERATORS = {f"airflow.providers.standard.operators.{name}" for name in ("empty", "hitl", "trigger_dagrun")}
OURS = {
    "dags.parts",
    "dags.parts.arguments",
    "dags.parts.connections",
    "dags.parts.conventions",
    "dags.parts.paper",
    "dags.parts.publications",
    "dags.parts.requests",
    "htx",
    "warehouse.reference.phrases",
    "warehouse.reference.time_zone",
}
MAY_BE_IMPORTED = {
    "airflow.sdk",
    "airflow.sdk.configuration",
    "airflow.sdk.exceptions",
    "collections.abc",
    *OURS,
} | sys.stdlib_module_names
RUNBOOK = FILES[0].parents[1] / "docs" / "runbook.md"
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


@pytest.mark.parametrize("name", NAMES)
def test_a_dag_links_to_its_section_of_the_runbook(dags, name):
    assert dags["dags"][name]["doc"].endswith(f"\nRunbook: `docs/runbook.md#{name}`\n")
    assert f"\n## {name}\n" in RUNBOOK.read_text(encoding="utf-8")


def test_where_the_runbook_has_a_place_its_page_is_a_link(airflow):
    printed = "from dags.parts.conventions import described; print(described('notify_union', 'x', 't', 1)['doc_md'])"
    done = airflow("-c", printed, RUNBOOK_URL="https://git.example/htx/docs/")
    page = "https://git.example/htx/docs/runbook.md#notify_union"
    assert done.stdout.strip().splitlines()[-1] == f"Runbook: [{page}]({page})"


def test_dags_and_tasks_have_names_in_vietnamese_and_an_owner(dags):
    build = dags["dags"]["build_warehouse"]
    assert (build["name"], build["description"]) == (
        "Tổng hợp số liệu",
        "Kiểm tra, tính và cập nhật số liệu khi có dữ liệu mới",
    )
    assert {task_id: name for task_id, (name, *_) in build["tasks"].items()} == {
        "wait_for_ingests": "Chờ tiếp nhận xong",
        "validate_batch": "Kiểm tra dữ liệu nhận được",
        "build_marts": "Tính số liệu",
        "validate_marts": "Kiểm tra số liệu đã tính",
        "promote_marts": "Cập nhật số liệu",
    }
    for dag_id, dag in dags["dags"].items():
        assert dag["name"] != dag_id
        assert dag["owners"] == ["htx"]
        assert {task_id for task_id, (name, *_) in dag["tasks"].items() if name == task_id} == set()


def test_each_run_has_an_end_but_for_those_that_wait_for_a_person(dags):
    assert {dag_id: dag["hours"] for dag_id, dag in dags["dags"].items()} == {
        "back_up_warehouse": 4,
        "build_warehouse": 6,
        "clean_airflow": 3,
        "export_open_data": 2,
        "ingest_registry": 2,
        "ingest_submissions": 3,
        "notify_union": 1,
        "publish_annual_report": None,
        "publish_phase_review": None,
        "rehearse_restore": 6,
        "remind_reporting_units": 2,
        "verify_publications": 6,
    }
    for dag_id, dag in dags["dags"].items():
        for task_id, (_, hours, policy) in dag["tasks"].items():
            assert hours == (None if task_id == "decide" else dag["hours"] or 1), (dag_id, task_id)
            assert policy == "TransientErrors"


DECISIONS = """
import json
from expectations.errors import GateFailed
from htx.mail.mailing import MailRefused
from htx.mail.reminders import RemindersFailed
from ingestion.intake.mailbox import MailboxUnreadable
from ingestion.intake.registry_snapshots import RegistryImplausible, RegistryUnreadable
from psycopg import OperationalError
from warehouse.build.dbt import DbtFailed
from warehouse.connection import WarehouseUnreachable
from dags.parts.conventions import TransientErrors

errors = (
    ConnectionResetError(), FileNotFoundError(), MailRefused(), RemindersFailed(), MailboxUnreadable(),
    RegistryUnreadable(), OperationalError(), WarehouseUnreachable(),
    GateFailed([]), RegistryImplausible(), DbtFailed(), KeyError(),
)
decided = {type(each).__name__: TransientErrors().evaluate(each, 1, 2).action.value for each in errors}
print(json.dumps(decided))
"""


def test_what_could_not_be_reached_is_tried_again_and_never_a_gate_or_a_bug(airflow):
    done = airflow("-c", DECISIONS)
    assert done.returncode == 0, done.stderr
    again = (
        "ConnectionResetError", "FileNotFoundError", "MailRefused", "RemindersFailed", "RegistryUnreadable",
        "OperationalError", "WarehouseUnreachable",
    )  # fmt: skip
    never = ("MailboxUnreadable", "GateFailed", "RegistryImplausible", "DbtFailed", "KeyError")
    assert json.loads(done.stdout.splitlines()[-1]) == dict.fromkeys(again, "retry") | dict.fromkeys(never, "fail")


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
def test_a_report_is_published_then_a_person_decides_then_that_is_recorded_and_copies_are_mailed(dags, name):
    assert dags["dags"][name]["follows"] == {
        "choose": [],
        "hand_on": ["choose"],
        "publish": ["choose"],
        "decide": ["publish"],
        "record": ["choose", "decide", "publish"],
        "ask_on": ["record"],
        "send": ["choose", "publish", "record"],
        "answer": ["publish", "send"],
    }


def test_files_of_the_office_are_kept_before_anybody_is_notified(dags):
    assert dags["dags"]["notify_union"]["follows"] == {"keep_files": [], "notify": ["keep_files"]}


def fields_of_the_form(airflow) -> dict:
    """{field: its JSON schema} of the form of the yearly report."""
    fields = "{name: param.schema for name, param in paper.fields('annual').items()}"
    done = airflow("-c", f"import json; from dags.parts import paper; print(json.dumps({fields}))")
    return json.loads(done.stdout.splitlines()[-1])


def test_the_fields_of_the_form_are_those_that_are_recorded(airflow):
    found = fields_of_the_form(airflow)
    numbers = ["number_CENTRAL_UNION", "number_PEOPLES_COMMITTEE"]
    assert sorted(found) == sorted([*NOTHING_GIVEN, *numbers])
    assert found[numbers[0]]["title"] == "Số của báo cáo gửi Trung ương Hội Liên hiệp Phụ nữ Việt Nam"


def test_the_form_offers_the_recipients_of_the_report_by_name(airflow):
    names = fields_of_the_form(airflow)["recipient"]["values_display"]
    assert list(names) == ["", "CENTRAL_UNION", "PEOPLES_COMMITTEE"]
    assert names["CENTRAL_UNION"] == "Trung ương Hội Liên hiệp Phụ nữ Việt Nam"
    assert names["PEOPLES_COMMITTEE"].startswith("Ủy ban nhân dân t")
    assert "{" not in "".join(names.values())


def test_mails_are_read_files_found_then_loaded_in_batches_then_announced_and_answered(dags):
    assert dags["dags"]["ingest_submissions"]["follows"] == {
        "read_mailbox": [],
        "mailbox_was_read": ["read_mailbox"],
        "find_files": ["read_mailbox"],
        "load_batch": ["find_files"],
        "announce": ["load_batch"],
        "answer_senders": ["load_batch"],
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
        "promote_marts": {"validate_batch", "validate_marts"},
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
        "notify_union": "AssetOrTimeSchedule",
        "back_up_warehouse": "CronTriggerTimetable",
        "rehearse_restore": "CronTriggerTimetable",
        "clean_airflow": "CronTriggerTimetable",
        "export_open_data": "CronTriggerTimetable",
    }


# Behaviour


TEST = """
import json, os, sys
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from sqlalchemy import func, select, text
from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session

bag, outcomes = DagBag(sys.argv[1]), []
for dag_id in sys.argv[2:]:
    if dag_id == "build_warehouse":  # while the registry, which cannot be reached, waits for its next attempt
        with create_session() as session:
            session.execute(text("update dag_run set state = 'running' where dag_id = 'ingest_registry'"))
            session.execute(text("update task_instance set state = 'up_for_retry' where task_id = 'pull'"))
        os.environ["MAILBOX_URL"] = "imap://nobody@127.0.0.1:1"
        Path(os.environ["INBOX_URL"][7:], "688", "again.xlsx").write_bytes(b"nor is this")
    run = bag.dags[dag_id].test()
    with create_session() as session:
        announced = session.scalar(
            select(func.count()).select_from(AssetEvent).where(AssetEvent.source_run_id == run.run_id)
        )
    tasks = {task.task_id: str(task.state) for task in run.get_task_instances()}
    outcomes.append((str(run.state), tasks, announced))
print(json.dumps(outcomes))
"""


@pytest.fixture(scope="module")
def desk(airflow, new_database, tmp_path_factory) -> tuple[str, list]:
    """The URL of a warehouse into whose inbox came a bad file, and the outcome of each DAG that ran then: its state,
    {task: state}, and the number of announcements. One program runs them, since it starts slowly. Airflow's connection
    alone knows where the warehouse is."""
    inbox, url = tmp_path_factory.mktemp("inbox"), new_database()
    (inbox / "688").mkdir()
    (inbox / "688" / "bao cao.xlsx").write_bytes(b"this is no workbook")
    environment = {
        "AIRFLOW_CONN_HTX_WAREHOUSE": url,
        "WAREHOUSE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "INBOX_URL": f"file://{inbox}",
        "REGISTRY_URL": f"sqlite:///{inbox}/there/is/none.sqlite",
        "BACKUP_URL": f"file://{tmp_path_factory.mktemp('backups')}",
    }
    dag_ids = (
        "ingest_submissions", "ingest_submissions", "ingest_registry", "verify_publications", "rehearse_restore",
        "back_up_warehouse", "build_warehouse", "ingest_submissions",
    )  # fmt: skip
    done = airflow("-c", TEST, str(FILES[0].parent), *dag_ids, **environment)
    assert done.returncode == 0, done.stderr
    return url, json.loads(done.stdout.splitlines()[-1])


WITHOUT_MAILBOX = dict.fromkeys(("read_mailbox", "mailbox_was_read", "find_files", "answer_senders"), "success")


def test_a_bad_file_leaves_the_run_green_and_its_sender_with_a_finding(desk):
    url, (first, *_) = desk
    assert first == ["success", {**WITHOUT_MAILBOX, "load_batch": "success", "announce": "success"}, 1]
    with connect(url) as connection:
        found = connection.execute(
            "select folder, file_name, verdict, severity"
            " from raw.received_files inner join quality.file_findings using (submission_id) order by first_seen_at"
        ).fetchall()
    assert found[0] == ("688", "bao cao.xlsx", "rejected", "error")


def test_an_inbox_with_nothing_new_announces_nothing(desk):
    tasks = {**WITHOUT_MAILBOX, "load_batch": "skipped", "announce": "skipped"}
    assert desk[1][1] == ["success", tasks, 0]


def test_a_registry_that_cannot_be_reached_turns_the_run_red(desk):
    assert desk[1][2] == ["failed", {"pull": "failed", "announce": "upstream_failed"}, 0]


def test_a_night_of_verifying_ends_green(desk):
    assert desk[1][3] == ["success", {"verify": "success"}, 0]


def test_a_rehearsal_before_the_first_backup_is_skipped_and_the_backup_is_made(desk):
    assert desk[1][4:6] == [
        ["success", {"rehearse": "skipped"}, 0],
        ["success", {"back_up": "success"}, 0],
    ]


def test_a_build_before_the_first_accepted_file_is_skipped_and_no_registry_that_fails_is_waited_for(desk):
    skipped = dict.fromkeys(("validate_batch", "build_marts", "validate_marts", "promote_marts"), "skipped")
    assert desk[1][6] == ["success", {"wait_for_ingests": "success", **skipped}, 0]


def test_a_mailbox_that_cannot_be_read_turns_the_run_red_and_holds_up_no_file(desk):
    state, tasks, announced = desk[1][7]
    mailbox_tasks = {"read_mailbox": "failed", "mailbox_was_read": "upstream_failed"}
    others = dict.fromkeys(("find_files", "load_batch", "announce", "answer_senders"), "success")
    assert (state, tasks, announced) == ("failed", mailbox_tasks | others, 1)
    with connect(desk[0]) as connection:
        assert connection.execute("select count(*) from raw.received_files").fetchone() == (2,)


PAGE = """
from airflow.models import Connection
from airflow.utils.session import create_session
from dags.plugins.overview import _app

with create_session() as session:
    session.add(Connection(conn_id="htx_warehouse", uri="URL"))
[page] = [each for each in _app().routes if each.path == "/overview"]
print(page.endpoint())
"""


def test_the_year_at_a_glance_reads_the_warehouse_of_airflows_connection(airflow, warehouse_url, connection):
    connection.execute("insert into quality.builds (build_id, finished_at, outcome) values ('b1', now(), 'promoted')")
    connection.commit()
    environment = {
        "_AIRFLOW_PROCESS_CONTEXT": "server",  # as the api-server has it, which reads connections in Airflow's database
        "WAREHOUSE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = airflow("-c", PAGE.replace("URL", warehouse_url.replace("postgresql://", "postgres://")), **environment)
    assert done.returncode == 0, done.stderr
    assert "b1" in done.stdout
