"""The command line as people and programs use it: what it prints, and its exit codes."""

import csv
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from tests.life import cooperative, workbook
from warehouse.build import build_clock, input_fingerprints
from warehouse.build.builds import building, clear_next, mark_validated
from warehouse.connection import connect
from warehouse.promote.promote import promote
from warehouse.reference.reference_data import SEEDS, read_reference


@pytest.fixture
def htx(warehouse_url, tmp_path):
    """Runs `htx ARGUMENTS...` on the test's own warehouse."""
    variables = {"WAREHOUSE_URL": warehouse_url, "HTX_HOME": str(tmp_path / "home")}
    return lambda *arguments: CliRunner(env=variables).invoke(main, [str(each) for each in arguments])


def first_file(example: Path, verdict: str) -> Path:
    with (example / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        return next(
            example / row["path"]
            for row in csv.DictReader(file)
            if row["kind"] == "file" and row["expected_verdict"] == verdict
        )


def test_a_good_file_is_checked_and_nothing_of_it_is_kept(htx, example, warehouse_url):
    checked = htx("check", "--json", first_file(example, "accepted"))
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["verdict"] == "accepted"
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from raw.received_files").fetchone() == (0,)


def test_a_bad_file_exits_with_1_and_names_the_cell_in_vietnamese(htx, example):
    checked = htx("check", first_file(example, "rejected"))
    assert checked.exit_code == 1
    assert checked.stdout.startswith("Biên nhận 2024-697-")
    assert ": chưa tiếp nhận tệp " in checked.stdout
    assert "Phải sửa, 01_HTX J" in checked.stdout
    assert "đề nghị" in checked.stdout


@pytest.mark.parametrize("received_at", ["2023-11-28T16:30:00+07:00", "2023-11-28T09:30:00Z", "2023-11-28T16:30"])
def test_a_file_loaded_by_hand_is_received_when_the_person_says(htx, example, warehouse_url, received_at):
    loaded = htx("load", "--received-at", received_at, first_file(example, "accepted"))
    assert loaded.exit_code == 0, loaded.output
    with connect(warehouse_url) as connection:
        assert connection.execute(
            "select folder, verdict, to_char(received_at, 'YYYY-MM-DD HH24:MI') from raw.received_files"
        ).fetchall() == [("union", "accepted", "2023-11-28 09:30")]


def test_files_loaded_with_one_instant_keep_the_order_given(htx, tmp_path, warehouse_url):
    reference = read_reference(SEEDS)
    for name, members in (("b.xlsx", 30), ("a.xlsx", 31)):
        (tmp_path / name).write_bytes(workbook(reference, {"01_HTX": [cooperative(members=members)]}))
    loaded = htx("load", "--received-at", "2023-11-28T16:30:00+07:00", tmp_path / "b.xlsx", tmp_path / "a.xlsx")
    assert loaded.exit_code == 0, loaded.output
    with connect(warehouse_url) as connection:
        assert connection.execute(
            "select file_name, status, to_char(received_at, 'HH24:MI:SS.US') from raw.submissions order by received_at"
        ).fetchall() == [
            ("b.xlsx", "superseded", "09:30:00.000000"),
            ("a.xlsx", "accepted", "09:30:00.000001"),
        ]


def test_status_tells_the_due_day_from_missing_from_not_yet_due(htx, example):
    with (example / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        sent = [row for row in csv.DictReader(file) if row["report_year"] == "2023" and row["folder"] == "688"]
    htx("load", "--received-at", "2023-11-30T00:00:00+07:00", example / sent[0]["path"])
    in_time, after = "2023-11-29T23:59:59+07:00", "2023-12-01T00:00:00+07:00"
    assert [states_of(htx, as_of, "688", "689") for as_of in (in_time, after)] == [
        ("due", "due"),
        ("on_due_day", "missing"),
    ]


def states_of(htx, as_of: str, *units: str) -> tuple[str, ...]:
    rows = json.loads(htx("status", "--year", 2023, "--as-of", as_of, "--json").stdout)
    states = {row["unit"]: row["state"] for row in rows}
    return tuple(states[unit] for unit in units)


def test_the_form_of_a_unit_is_written_as_a_workbook(htx, tmp_path):
    written = htx("form", "--unit", "25195", "--year", 2025, "-o", tmp_path / "form.xlsx")
    assert written.exit_code == 0, written.output
    book = openpyxl.load_workbook(BytesIO((tmp_path / "form.xlsx").read_bytes()))
    assert book.sheetnames[:3] == ["00_BIA", "01_HTX", "02_THT"]
    assert book["90_DANH_MUC"].sheet_state == "hidden"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["form", "--unit", "688", "--year", "2025"], "has no unit 688 for 2025"),
        (["status", "--year", "1999"], "has no units for 1999"),
        (["load", "--received-at", "yesterday", "README.md"], "is not an instant"),
        (["check", "no-such-file.xlsx"], "does not exist"),
        (["status", "--year", "x"], "not a valid integer"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_wrong(htx, arguments, said, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    answer = htx(*arguments)
    assert answer.exit_code == 2
    assert said in answer.stderr


def test_a_warehouse_out_of_reach_exits_with_3(tmp_path):
    variables = {"WAREHOUSE_URL": "postgresql://nobody:secret@127.0.0.1:1/none", "HTX_HOME": str(tmp_path)}
    answer = CliRunner(env=variables).invoke(main, ["status", "--year", "2024"])
    assert answer.exit_code == 3
    assert "cannot be reached" in answer.stderr
    assert "secret" not in answer.stderr


def test_a_home_that_cannot_be_written_exits_with_1_and_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    home = tmp_path / "file" / "home"
    answer = CliRunner(env={"WAREHOUSE_URL": "", "HTX_HOME": str(home)}).invoke(main, ["db", "start"])
    assert (answer.exit_code, answer.stderr) == (1, f"htx: {home}/postgres cannot be used: Not a directory\n")


def test_a_registry_that_is_not_there_exits_with_1(htx, tmp_path):
    answer = htx("pull-registry", "--url", f"sqlite:///{tmp_path / 'none.sqlite'}", "--as-of", "2025-11-30")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("htx: ")


def test_a_typing_error_in_the_reference_data_exits_with_1_and_says_where(htx, tmp_path, monkeypatch):
    seeds = shutil.copytree(SEEDS, tmp_path / "seeds")
    cycles = (seeds / "report_cycles.csv").read_text(encoding="utf-8")
    (seeds / "report_cycles.csv").write_text(cycles.replace("2025-11-30", "11/30/2025", 1), encoding="utf-8")
    monkeypatch.setenv("HTX_PLAN", str(seeds))
    answer = htx("form", "--unit", "25195", "--year", 2025, "-o", tmp_path / "form.xlsx")
    assert answer.exit_code == 1
    assert answer.stderr == (
        "htx: report_cycles.csv, row 4: units_due_before must be a date written YYYY-MM-DD, or DD/MM/YYYY in the whole"
        " file, but is «11/30/2025».\n"
    )


def test_a_build_before_the_first_accepted_file_or_the_first_pull_does_nothing_and_says_so(htx, example):
    first = "no file has been accepted yet: the first build follows the first accepted file\n"
    assert htx("load", first_file(example, "rejected")).exit_code == 1
    assert (htx("build").exit_code, htx("build").stdout) == (0, first)
    assert htx("load", first_file(example, "accepted")).exit_code == 0
    pull = "the registry has not been pulled yet: the first build follows the first pull (htx pull-registry)\n"
    assert (htx("build").exit_code, htx("build").stdout) == (0, pull)


def test_a_build_of_nothing_is_stopped_by_the_gate_with_a_sentence(htx):
    answer = htx("build", "--again")
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output


def test_a_checked_file_comes_back_with_its_cells_marked(htx, example, tmp_path):
    checked = htx("check", "--marked-copy", tmp_path / "marked", first_file(example, "rejected"))
    assert checked.exit_code == 1
    (copy,) = (tmp_path / "marked" / "697").glob("*.xlsx")
    workbook = openpyxl.load_workbook(copy)
    assert workbook.sheetnames[:2] == ["00_KET_QUA", "00_BIA"]
    assert any(cell.comment for row in workbook["01_HTX"].iter_rows() for cell in row)


def test_what_is_loaded_is_answered_in_the_outbox(htx, example, tmp_path):
    file = first_file(example, "rejected")
    for _ in range(2):  # the same file again takes the same place
        loaded = htx("load", "--json", file)
    receipt = json.loads(loaded.stdout)["receipt_number"]
    answers = sorted((tmp_path / "home" / "outbox" / "697").iterdir())
    assert [each.name for each in answers] == [f"{receipt}.txt", f"{receipt}.xlsx"]
    assert answers[0].read_text() == (
        f"Biên nhận {receipt}: chưa tiếp nhận tệp {file.name}, có 1 lỗi phải sửa và 0 nội dung cần giải trình.\n"
    )


def test_an_outbox_that_cannot_be_written_leaves_the_file_loaded(htx, example, tmp_path, warehouse_url):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "outbox").write_text("no folder")
    assert htx("load", first_file(example, "rejected")).exit_code == 1
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from raw.received_files").fetchone() == (1,)


def test_what_could_not_be_answered_is_answered_by_the_next_load(htx, example, tmp_path, warehouse_url):
    outbox = tmp_path / "home" / "outbox"
    outbox.parent.mkdir()
    outbox.write_text("no folder")
    rejected, accepted = first_file(example, "rejected"), first_file(example, "accepted")
    assert htx("load", rejected).exit_code == 1
    outbox.unlink()
    assert htx("load", accepted).exit_code == 0
    (answer,) = (outbox / "697").glob("*.xlsx")
    book = openpyxl.load_workbook(answer)
    assert ": chưa tiếp nhận tệp " in book["00_KET_QUA"]["A2"].value
    assert len([*outbox.glob("*/*.xlsx")]) == len([*outbox.glob("*/*.txt")]) == 2
    with connect(warehouse_url) as connection:
        assert connection.execute("select count(*) from quality.owed_answers").fetchone() == (0,)


def test_a_rollback_stands_until_something_changes_or_somebody_says_again(htx, warehouse_url):
    with connect(warehouse_url) as connection:
        build_clock.set_clock(connection, datetime.now(UTC))
        for build_id, state in (("b1", "another state"), ("b2", input_fingerprints.read_fingerprint(connection))):
            with building(connection, build_id, state):
                clear_next(connection)
                connection.execute("create schema next_reports")
                connection.execute(f"create table next_reports.t as select '{build_id}' as b")
            mark_validated(connection, build_id)
            promote(connection, build_id, state)
    back = htx("rollback", "--because", "sai danh sách", "--by", "Lan")
    assert (back.exit_code, back.stdout) == (0, "back to b1: 2 rows of 1 tables changed\n")
    assert steps.is_up_to_date(warehouse_url)  # there is nothing for the DAGs to announce
    held = htx("build")
    assert held.exit_code == 0
    assert "promoted already, as b2, and rolled back on " in held.stdout
    assert "by Lan (sai danh sách). It is promoted again when" in held.stdout
    assert "htx build --again" in held.stdout
    again = htx("rollback")
    assert (again.exit_code, again.stderr.partition(":")[0]) == (1, "htx")
    assert "it was rolled back already" in again.stderr
    assert "No file has ever been received" in htx("build", "--again").stderr  # it is on its way
    with connect(warehouse_url) as connection:
        assert connection.execute("select b from reports.t").fetchall() == [("b1",)]
        connection.execute("insert into raw.publications values ('p', 'annual', 1, 1, 'x', now())")
    assert not steps.is_up_to_date(warehouse_url)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            "alter database {database} set default_transaction_read_only = on",
            "cannot .* in a read-only transaction",
        ),
        (
            "create trigger full_disk before insert on raw.received_files execute function public.full_disk()",
            "could not extend file: No space left on device",
        ),
    ],
)
def test_a_warehouse_that_cannot_write_ends_a_command_with_a_sentence(htx, example, warehouse_url, fault, said):
    with connect(warehouse_url) as connection:
        connection.execute(
            "create function public.full_disk() returns trigger language plpgsql as"
            " $$ begin raise disk_full using message = 'could not extend file: No space left on device'; end $$"
        )
        connection.execute(fault.format(database=warehouse_url.rpartition("/")[2]))
    ended = htx("load", first_file(example, "accepted"))
    assert ended.exit_code == 3
    assert re.fullmatch(rf"htx: The warehouse did not finish this \({said}.*\): correct that, .*\n", ended.stderr)
    assert htx("status", "--year", 2023).exit_code == 0


def test_the_schema_is_migrated_once(htx, connection):
    connection.execute("delete from quality.schema_versions")
    connection.commit()
    assert [htx("db", "migrate").stdout for _ in range(2)] == ["migrated\n", "up to date\n"]


def test_a_migration_needs_no_plan_once_earlier_files_were_searched(htx, connection, tmp_path, monkeypatch):
    assert htx("db", "migrate").exit_code == 0
    connection.execute("delete from quality.schema_versions")
    connection.commit()
    monkeypatch.setenv("HTX_PLAN", str(tmp_path / "not mounted"))
    assert htx("db", "migrate").stdout == "migrated\n"


def test_explaining_before_anything_was_published_exits_with_1_and_says_what_to_do(htx):
    answer = htx("explain", "T01", "--year", 2025)
    assert answer.exit_code == 1
    assert answer.stderr == "htx: The warehouse has no marts yet: run htx build.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("remind", "--as-of", "2099-01-01T00:00"),
        ("build", "--as-of", "2099-01-01T00:00"),
        ("report", "annual", "--year", 2023, "--as-of", "2099-01-01T00:00"),
        ("publications", "add", "--kind", "annual", "--year", 2023, "--recipient", "X", "--at", "2099-01-01T00:00"),
        ("load", "--received-at", "2099-01-01T00:00", __file__),
        ("receipts", "amend", "x", "--received-at", "2099-01-01T00:00", "--reason", "x", "--by", "x"),
    ],
)
def test_no_command_that_writes_takes_an_instant_in_the_future(htx, arguments):
    answer = htx(*arguments)
    assert (answer.exit_code, "2099-01-01T00:00 is in the future." in answer.stderr) == (2, True)


def test_a_command_that_only_looks_takes_an_instant_in_the_future(htx):
    ahead = "--as-of", "2099-01-01T00:00"
    assert htx("status", "--year", 2023, *ahead).exit_code == 0
    assert htx("notices", *ahead).exit_code == 0
    assert htx("health", *ahead).stdout.startswith("received")
    sent = htx("notices", "--send", *ahead)
    assert (sent.exit_code, "leave --send out to look ahead" in sent.stderr) == (2, True)


def test_the_version_is_that_of_the_package(htx):
    assert htx("--version").stdout == f"htx {importlib.metadata.version('htx-warehouse')}\n"


def test_a_time_of_receipt_is_amended_and_a_file_that_nobody_received_is_wrong_use(htx, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    os.utime(path, (datetime(2099, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    loaded = json.loads(htx("load", "--json", path).stdout)
    assert [each["rule_code"] for each in loaded["findings"]] == ["F06", "F14"]
    said = "--received-at", "2023-11-20T08:00", "--reason", "đồng hồ sai", "--by", "Bà A"
    amended = htx("receipts", "amend", loaded["receipt_number"], *said)
    assert (amended.exit_code, amended.stdout.endswith(" → 08:00 20/11/2023\n")) == (0, True)
    unknown = htx("receipts", "amend", "2023-692-NONE", *said)
    assert (unknown.exit_code, "No file has the id 2023-692-NONE" in unknown.stderr) == (2, True)


def test_a_home_is_closed_to_other_users_with_all_that_was_open_in_it(warehouse_url, tmp_path):
    home = tmp_path / "home"
    (home / "inbox" / "692").mkdir(parents=True)
    (home / "inbox" / "692" / "a.xlsx").write_bytes(workbook(read_reference(SEEDS), {"01_HTX": [cooperative()]}))
    (tmp_path / "other").write_text("of others")
    (home / "link").symlink_to(tmp_path / "other")
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)
    program = [Path(sys.executable).with_name("htx"), "load", home / "inbox" / "692" / "a.xlsx"]
    variables = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    own = {**variables, "WAREHOUSE_URL": warehouse_url, "HTX_HOME": str(home)}
    subprocess.run(program, env=own, umask=0o022, check=False)  # late: rejected, and answered in the outbox
    kept = [path for path in (home, *home.rglob("*")) if not path.is_symlink()]
    assert any("outbox" in path.parts for path in kept)
    assert [path for path in kept if path.stat().st_mode & 0o077] == []
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o755


def test_a_new_home_is_closed_also_where_others_read_the_answers(warehouse_url, tmp_path):
    program = [Path(sys.executable).with_name("htx"), "status", "--year", "2024"]
    own = {**os.environ, "WAREHOUSE_URL": warehouse_url, "HTX_HOME": f"{tmp_path}/home", "OUTBOX_URL": "memory://out"}
    subprocess.run(program, env=own, umask=0o022, check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
