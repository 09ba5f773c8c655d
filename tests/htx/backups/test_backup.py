"""A warehouse that is lost, and comes back from its last backup."""

import json
import re
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from htx import steps
from htx.backups import storage
from htx.backups.backup import back_up
from htx.backups.restore import copied
from htx.cli import main
from htx.editions import workflow
from tests.datasets import Province, rows
from tests.life import LOCKED, cooperative, received, workbook
from warehouse import roles
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.server import client_programs, embedded

FIGURES = "select * from raw.publication_figures order by 1, 2, 3, 4, 5, 6, 7"
VALUES = "select * from marts.fct_indicator_values order by 1, 2, 3, 4, 5, 6, 7"
FILES = "select file_name, verdict from raw.received_files order by 1"
OTHERS = "select datname from pg_database where datname like current_database() || '\\_%%'"


def htx(url: str, home: Path, *arguments: str) -> Result:
    """Runs `htx ARGUMENTS...` on a warehouse; without a URL on the server of the home."""
    return CliRunner(env={"WAREHOUSE_URL": url, "HTX_HOME": str(home)}).invoke(main, arguments)


def read(url: str, query: str) -> list[tuple]:
    with connect(url) as connection:
        return rows(connection, query)


# A machine that is lost


@pytest.fixture(scope="module")
def machine(province: Province, tmp_path_factory):
    """The home of a machine whose warehouse has a published report, and the folder of its backups."""
    home, folder = tmp_path_factory.mktemp("machine"), tmp_path_factory.mktemp("backups")
    url = province.copy()
    outcome = workflow.publish_report(url, "annual", 2023, datetime.now(UTC), f"file://{home}/reports", "thử")
    assert outcome["published"], outcome
    back_up(url, str(folder))
    restored = htx("", home, "restore", str(folder))
    assert restored.exit_code == 0, restored.output
    yield home, folder
    embedded.remove(home)


@pytest.fixture
def new_machine(tmp_path):
    yield tmp_path / "new machine"
    embedded.remove(tmp_path / "new machine")


@pytest.mark.soak("machines")
def test_a_lost_machine_comes_back_from_its_last_backup_and_goes_on(machine, new_machine, reference, tmp_path):
    home, folder = machine
    url = embedded.url(home)
    figures, values = read(url, FIGURES), read(url, VALUES)
    backed_up = htx("", home, "backup", str(folder))
    assert backed_up.exit_code == 0, backed_up.output

    embedded.remove(home)  # the files of its server are gone
    with pytest.raises(WarehouseUnreachable):
        read(url, VALUES)

    restored = htx("", new_machine, "restore", str(folder))
    assert restored.exit_code == 0, restored.output
    first, second = restored.stdout.splitlines()
    assert re.fullmatch(r"warehouse-\d{8}T\d{6}Z: \d{5} rows of raw in [\d.]+ s", first)
    assert re.fullmatch(r"publications that give their figures again: 1, in [\d.]+ s", second)
    url = embedded.url(new_machine)
    assert read(url, FIGURES) == figures != []
    assert read(url, VALUES) == values != []
    assert workflow.verify_publications(url) == []

    # the next run goes on
    content = workbook(reference, {"01_HTX": [cooperative(members=77)]}, {"submission_kind": "full_replacement"})
    steps.load_files(url, [received(content, LOCKED - timedelta(days=30))])
    assert steps.build_warehouse(url, tmp_path / "dbt")["changed"]
    assert read(url, VALUES) != values


# A small warehouse


@pytest.fixture
def small(warehouse_url, reference) -> str:
    """The URL of a warehouse that has received one file."""
    receive(warehouse_url, reference, "a.xlsx", 30)
    return warehouse_url


def receive(url: str, reference, name: str, members: int) -> None:
    content = workbook(reference, {"01_HTX": [cooperative(members=members)]})
    steps.load_files(url, [received(content, 0, "union", name)])


@pytest.fixture
def empty(small) -> Callable[[], str]:
    """A function that gives the URL of an empty database of the scratch server."""

    def create() -> str:
        with connect(small, autocommit=True) as connection:
            connection.execute(f"create database {connection.info.dbname}_empty template template0")
        return f"{small}_empty"

    return create


def test_what_was_received_comes_back_byte_for_byte(small, empty, tmp_path):
    made = back_up(small, str(tmp_path / "backups"))
    assert {name: count for name, count in made["raw_rows"].items() if count} == {
        "raw.files": 1, "raw.received_files": 1, "raw.receipts": 1, "raw.sheets": 13, "raw.sheet_01_htx": 1,
    }  # fmt: skip
    assert made["publications"] == {}
    url = empty()
    restored = htx(url, tmp_path, "restore", "--json", str(tmp_path / "backups"))
    assert restored.exit_code == 0, restored.output
    found = json.loads(restored.stdout)
    assert (found["rows"], found["publications"], found["before"]) == (sum(made["raw_rows"].values()), 0, None)
    content = "select sha256, content from raw.files"
    assert read(url, content) == read(small, content) != []


def test_a_database_that_is_not_empty_is_refused(small, tmp_path):
    back_up(small, str(tmp_path / "backups"))
    restored = htx(small, tmp_path, "restore", str(tmp_path / "backups"))
    assert restored.exit_code == 2
    assert "is not empty: name an empty one, or restore with --replace" in restored.stderr


def test_what_was_restored_takes_the_place_of_the_database_which_is_kept(small, reference, tmp_path):
    back_up(small, str(tmp_path / "backups"))
    receive(small, reference, "b.xlsx", 31)
    with connect(small) as owner:
        owner.execute(f"revoke connect on database {owner.info.dbname} from public")
    with closing(connect(small)) as reader:
        reader.execute("select 1")  # and stays in its transaction, until it is ended
        restored = htx(small, tmp_path, "restore", "--json", "--replace", str(tmp_path / "backups"))
    assert restored.exit_code == 0, restored.output
    before = json.loads(restored.stdout)["before"]
    assert read(small, FILES) == [("a.xlsx", "accepted")]
    assert read(small, "select has_database_privilege('public', current_database(), 'connect')") == [(False,)]
    assert read(f"{small.rpartition('/')[0]}/{before}", FILES) == [("a.xlsx", "accepted"), ("b.xlsx", "accepted")]


def test_a_damaged_backup_is_named_and_replaces_nothing(small, tmp_path):
    place = Path(back_up(small, str(tmp_path / "backups"))["place"].removeprefix("file://"))
    content = bytearray((place / "warehouse.dump").read_bytes())
    content[len(content) // 2] ^= 1
    (place / "warehouse.dump").write_bytes(content)
    checked = htx(small, tmp_path, "backup", "--check", str(tmp_path / "backups"))
    assert checked.exit_code == 1
    assert checked.stdout.startswith(f"{place.name}  {place}/warehouse.dump is damaged or missing: ")
    restored = htx(small, tmp_path, "restore", "--replace", str(place))
    assert restored.exit_code == 1
    assert "warehouse.dump is damaged or missing" in restored.stderr
    assert read(small, FILES) == [("a.xlsx", "accepted")]
    assert read(small, OTHERS) == []


def test_a_restore_that_fails_leaves_the_database_empty_for_the_next(small, empty, tmp_path):
    backup = storage.find(back_up(small, str(tmp_path / "backups"))["place"])
    right, url = backup.manifest, empty()
    backup.complete({**right, "raw_rows": {**right["raw_rows"], "raw.files": 2}})
    restored = htx(url, tmp_path, "restore", str(tmp_path / "backups"))
    assert (restored.exit_code, "gives other rows than it was written with" in restored.stderr) == (1, True)
    backup.complete(right)
    restored = htx(url, tmp_path, "restore", str(tmp_path / "backups"))
    assert restored.exit_code == 0, restored.output


def test_a_backup_of_a_newer_version_is_refused(small, empty, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("htx.backups.backup.PROJECT", "99.0")
        back_up(small, str(tmp_path / "backups"))
    restored = htx(empty(), tmp_path, "restore", str(tmp_path / "backups"))
    assert restored.exit_code == 2
    assert "is of version 99.0, this is" in restored.stderr


def test_a_rehearsal_leaves_nothing_behind(small, tmp_path):
    back_up(small, str(tmp_path / "backups"))
    rehearsed = htx(small, tmp_path, "restore", "--rehearse", str(tmp_path / "backups"))
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "publications that give their figures again: 0, in" in rehearsed.stdout
    assert not (tmp_path / "rehearsal").exists()


def test_a_copy_of_the_warehouse_is_no_file_that_a_killed_process_would_leave(small, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with copied(small, tmp_path / "copy") as url, connect(small) as original, connect(url) as copy:
        assert [path.name for path in tmp_path.iterdir() if path.is_file() and path.stat().st_size] == []
        counted = "select count(*) from raw.received_files"
        assert rows(copy, counted) == rows(original, counted) != [(0,)]


def test_groups_get_their_rights_again_and_logins_are_listed(small, empty, tmp_path):
    with connect(small) as connection:
        roles.apply_rights(connection)
        roles.give_login(connection, "reader_of_backups", "analyst", "secret")
    back_up(small, str(tmp_path / "backups"))
    url = empty()
    restored = htx(url, tmp_path, "restore", str(tmp_path / "backups"))
    assert restored.exit_code == 0, restored.output
    assert "where it is missing: htx roles --login reader_of_backups --group analyst\n" in restored.stdout
    assert read(url, "select has_function_privilege('htx_analyst', 'quality.restate(text)', 'execute')") == [(False,)]
    owner = "select pg_get_userbyid(proowner) from pg_proc where proname = 'restate'"
    assert read(url, owner) == [("htx_reader",)]


def test_a_database_that_is_no_warehouse_is_not_backed_up(empty, tmp_path):
    made = htx(empty(), tmp_path, "backup", str(tmp_path / "backups"))
    assert made.exit_code == 3
    assert "is no warehouse: nothing to back up." in made.stderr


def test_a_server_that_is_newer_than_every_pg_dump_is_named():
    with pytest.raises(
        WarehouseUnreachable, match=r"pg_dump of PostgreSQL 99 or newer is needed, and this machine has 1\d: install"
    ):
        client_programs.client_program("pg_dump", 99)


def test_the_lowest_version_that_fits_is_taken():
    assert client_programs.major_version(client_programs.client_program("pg_dump", 18)) == 18


def test_an_error_of_pg_dump_is_a_sentence_and_leaves_no_backup(small, tmp_path, monkeypatch):
    monkeypatch.setenv("PGSSLMODE", "require")  # which ours does not know; the connection of Python does
    made = htx(f"{small}?sslmode=disable", tmp_path, "backup", str(tmp_path / "backups"))
    assert made.exit_code == 0, made.output
    made = htx(small, tmp_path, "backup", str(tmp_path / "backups"))
    assert made.exit_code == 3
    assert len([*(tmp_path / "backups").iterdir()]) == 1
