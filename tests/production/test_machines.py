"""Several machines: inbox, answers, reports and backups on S3 (moto's server), and nothing that a task needs of another
task on its own disk."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from urllib.request import Request, urlopen

import fsspec
import pytest
from click.testing import CliRunner
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from htx import steps
from htx.cli import main
from htx.editions import office_files, papers, workflow
from htx.example.deliveries import read_deliveries
from reporting.documents.document_set import write_documents
from tests.htx.conftest import BOTH, ID, keep_edition
from tests.life import workbook
from tests.reporting.hand_made_content import about, hand_made, recipients, with_own_words
from tests.test_kills import public_tables
from warehouse.connection import connect

BUCKET = "htx"
SENT_AT = datetime(2023, 11, 20, 3, 0, tzinfo=UTC)
STEP = """
import json, sys
from htx import environment, steps
name, arguments = sys.argv[1], json.loads(sys.argv[2])
if name == "build_marts":
    arguments.append(environment.dbt_output())
print(json.dumps(getattr(steps, name)(*arguments)))
"""


@pytest.fixture
def s3(monkeypatch) -> Iterator[fsspec.AbstractFileSystem]:
    """An S3 with one bucket, which this process and its children reach by s3://htx/..."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("FSSPEC_S3_ENDPOINT_URL", endpoint)
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": endpoint})
    storage = fsspec.filesystem("s3")
    storage.mkdir(BUCKET)
    yield storage
    urlopen(Request(f"{endpoint}/moto-api/reset", method="POST"))
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    server.stop()


def put(storage: fsspec.AbstractFileSystem, key: str, content: bytes, at: datetime) -> None:
    """An object that came at an instant."""
    storage.pipe_file(f"{BUCKET}/{key}", content)
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys[key].last_modified = at.replace(tzinfo=None)


def test_a_file_on_s3_is_received_when_the_storage_got_it_and_answered_there(s3, warehouse_url, reference):
    put(s3, "inbox/688/bao cao.xlsx", workbook(reference, {}), SENT_AT)
    [batch] = steps.list_new_files(warehouse_url, f"s3://{BUCKET}/inbox")
    assert steps.load_batch(warehouse_url, batch, f"s3://{BUCKET}/outbox")["received"] == 1
    assert steps.list_new_files(warehouse_url, f"s3://{BUCKET}/inbox") == []
    with connect(warehouse_url) as connection:
        assert connection.execute("select folder, file_name, received_at from raw.received_files").fetchall() == [
            ("688", "bao cao.xlsx", SENT_AT)
        ]
    assert len(s3.find(f"{BUCKET}/outbox/688")) >= 1


def test_a_backup_on_s3_is_read_back_and_preflight_writes_there(s3, warehouse_url, tmp_path):
    places = {name: f"s3://{BUCKET}/{name}" for name in ("INBOX_URL", "OUTBOX_URL", "REPORTS_URL", "BACKUP_URL")}
    s3.pipe_file(f"{BUCKET}/INBOX_URL/688/.keep", b"")
    runner = CliRunner(env={"WAREHOUSE_URL": warehouse_url, "HTX_HOME": str(tmp_path), **places})
    checked = runner.invoke(main, ["preflight"])
    assert (checked.exit_code, checked.stdout) == (0, "")
    assert runner.invoke(main, ["backup"]).exit_code == 0
    checked = runner.invoke(main, ["backup", "--check", places["BACKUP_URL"]])
    assert checked.stdout.split()[1:] == ["ok"]


def test_a_report_on_s3_is_written_once_and_what_the_office_puts_beside_it_is_kept_and_signed(
    s3, warehouse_url, connection
):
    made = with_own_words(hand_made("annual", 2025))
    word = write_documents(made, [recipients()[BOTH[0]]], about())[0].content
    keep_edition(connection, dict.fromkeys(BOTH, word))
    reports, folder = f"s3://{BUCKET}/reports", f"reports/annual-2025/1.0.0/{BOTH[0]}"
    addresses = workflow.published_before(warehouse_url, ID, reports)["documents"]
    assert addresses == [f"{reports}/annual-2025/1.0.0/{each}/bao-cao-nam-2025.docx" for each in BOTH]
    assert s3.cat_file(addresses[0]) == word
    assert office_files.attach(warehouse_url, ID, "Lan", reports_url=reports)["kept"] == []
    for minute, name in enumerate(["bao-cao-nam-2025.docx", "signed/b.pdf", "signed/a.pdf", "evidence/c.pdf"]):
        content = word + b" " if name.endswith("docx") else f"%PDF {name}".encode()
        put(office := s3_of_another_program(), f"{folder}/{name}", content, SENT_AT + timedelta(minutes=minute))
    assert workflow.published_before(warehouse_url, ID, reports)["documents"] == addresses
    assert office.cat_file(addresses[0]) == word + b" "
    kept = office_files.attach(warehouse_url, ID, "Lan", reports_url=reports)["kept"]
    assert [(each["kind"], each["file_name"]) for each in kept] == [
        ("edited", "bao-cao-nam-2025.docx"), ("signed", "b.pdf"), ("signed", "a.pdf"), ("evidence", "c.pdf"),
    ]  # fmt: skip
    papers.sign(warehouse_url, ID, {BOTH[0]: "245/BC-BTV"}, date(2025, 12, 29), "Hoa", "Lan", datetime.now(UTC))
    paper, _ = workflow.described(warehouse_url, ID)["papers"]
    assert (paper["state"], paper["number"]) == ("signed", "245/BC-BTV")
    saved = office_files.save(warehouse_url, ID, f"s3://{BUCKET}/saved")
    assert len(saved) == 6
    assert s3.cat_file(f"{BUCKET}/saved/{saved[-1]}") == b"%PDF evidence/c.pdf"


def s3_of_another_program() -> fsspec.AbstractFileSystem:
    """Such that what it writes is not in the listings that this program remembers."""
    return fsspec.filesystem("s3", skip_instance_cache=True)


def test_a_bucket_that_is_missing_is_named_by_preflight(s3, warehouse_url, tmp_path):
    runner = CliRunner(
        env={"WAREHOUSE_URL": warehouse_url, "HTX_HOME": str(tmp_path), "INBOX_URL": f"s3://{BUCKET}-2/inbox"}
    )
    checked = runner.invoke(main, ["preflight"])
    assert checked.exit_code == 1
    assert checked.stdout.startswith(f"{BUCKET}-2/inbox (INBOX_URL) cannot be read by user {os.geteuid()}:")


@pytest.mark.soak("machines")
def test_two_machines_with_homes_of_their_own_make_the_marts_of_one(s3, example, new_database, tmp_path):
    alone, together = new_database(), new_database()
    inbox = tmp_path / "inbox"
    deliveries = read_deliveries(example)
    for each in deliveries:
        if each.kind == "file":
            target = inbox / each.folder / each.file_name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(each.path.read_bytes())
            os.utime(target, (each.received_at.timestamp(),) * 2)
            put(s3, f"inbox/{each.folder}/{each.file_name}", each.path.read_bytes(), each.received_at)
    registries = [
        (f"sqlite:///{each.path}", each.speaks_of.isoformat()) for each in deliveries if each.kind == "registry"
    ]
    play(alone, [tmp_path / "home"], inbox.as_uri(), (tmp_path / "outbox").as_uri(), registries)
    play(together, [tmp_path / "a", tmp_path / "b"], f"s3://{BUCKET}/inbox", f"s3://{BUCKET}/outbox", registries)
    assert public_tables(together) == public_tables(alone)
    answers = {path.relative_to(tmp_path / "outbox").as_posix() for path in (tmp_path / "outbox").rglob("*.*")}
    assert {path.removeprefix(f"{BUCKET}/outbox/") for path in s3.find(f"{BUCKET}/outbox")} == answers


def play(url: str, homes: list[Path], inbox: str, outbox: str, registries: list[tuple[str, str]]) -> None:
    """Each step of a whole cycle in a process of the next machine, with a home of its own."""
    turns = cycle(homes)

    def step(name: str, *arguments: object):
        home = next(turns)
        home.mkdir(exist_ok=True)
        command = [sys.executable, "-c", STEP, name, json.dumps([url, *arguments])]
        environment = {**os.environ, "HTX_HOME": str(home)}
        done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    for registry in registries:
        step("pull_registry", *registry)
    for batch in step("list_new_files", inbox):
        step("load_batch", batch, outbox)
    build = step("validate_batch")
    assert build["changed"]
    for name in ("build_marts", "validate_marts", "promote_marts"):
        step(name, build)
    step("answer_queries", outbox)
