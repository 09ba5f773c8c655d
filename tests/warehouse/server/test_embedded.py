"""The embedded server, on servers of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from warehouse.connection import WarehouseUnreachable, connect
from warehouse.server import embedded

PROJECT = Path(embedded.__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
START = (
    "import sys; from pathlib import Path; from warehouse.server import embedded;"
    " print(embedded.start(Path(sys.argv[1]), False))"
)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home that only its owner can enter, as a project in a home directory is; for tests that do harm."""
    folder = tmp_path_factory.mktemp("server") / "home"
    yield folder
    remove(folder)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a server that was started by a program which has ended, with nothing on PATH."""
    folder = tmp_path_factory.mktemp("standing") / "home"
    started_in_a_program(folder, PATH="/nowhere")
    yield folder
    remove(folder)


def remove(home: Path) -> None:
    embedded.stop(home, at_once=True)
    for elsewhere in folders_elsewhere(home):
        shutil.rmtree(elsewhere)


def folders_elsewhere(home: Path) -> list[Path]:
    return [
        marker.parent
        for parent in embedded.FOLDERS_FOR_DATA_OF_ROOT
        for marker in Path(parent).glob("htx-warehouse-*/belongs-to")
        if marker.read_text().splitlines()[0] == str(home)
    ]


def start(home: Path) -> str:
    """Start the server without waiting for the disk: these tests pull no plug."""
    return embedded.start(home, durable=False)


def started_in_a_program(home: Path, **environment: str) -> str:
    """Start the server in a program that ends at once, as a command would."""
    whole = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.check_output([sys.executable, "-c", START, home], env=whole, text=True, timeout=60).strip()


def first_process(home: Path) -> psutil.Process:
    [process] = [process for process in processes(home) if "-D" in embedded._command(process)]
    return process


def processes(home: Path) -> list[psutil.Process]:
    return embedded._processes(embedded._remembered(home / "postgres"))


def answer(url: str) -> str:
    with connect(url) as connection:
        return connection.execute("select lower('ĐỒNG PHÚ')").fetchone()[0]


def test_a_started_server_outlives_the_program_that_started_it(standing):
    assert embedded.is_running(standing)
    assert answer(embedded.url(standing)) == "đồng phú"


def test_starting_twice_gives_the_same_server(standing):
    before = first_process(standing)
    assert start(standing) == embedded.url(standing)
    assert first_process(standing) == before


def test_the_server_never_runs_as_root(standing):
    assert {process.uids().real for process in processes(standing)}.isdisjoint({0})


def test_the_password_is_for_its_owner_alone(standing):
    assert (standing / "postgres" / "server.json").stat().st_mode & 0o777 == 0o600


def test_a_wrong_password_is_refused(standing):
    parts = psycopg.conninfo.conninfo_to_dict(embedded.url(standing))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**parts, "password": "guessed"})


def test_what_was_written_is_there_after_a_stop_and_a_start(home):
    with connect(start(home)) as connection:
        connection.execute("create table kept as select 33 as cooperatives")
    embedded.stop(home)
    assert not embedded.is_running(home)
    with connect(start(home)) as connection:
        assert connection.execute("select cooperatives from kept").fetchone() == (33,)


def test_after_kill_9_of_the_first_process_the_server_starts_again(home):
    with connect(start(home)) as connection:
        connection.execute("create table kept as select 33 as cooperatives")
    first_process(home).kill()
    with connect(start(home)) as connection:
        assert connection.execute("select cooperatives from kept").fetchone() == (33,)


def test_after_kill_9_of_every_process_the_server_starts_again(home):
    url = start(home)
    for process in processes(home):
        process.kill()
    assert start(home) == url
    assert answer(url) == "đồng phú"


def test_a_busy_orphan_of_a_killed_server_does_not_keep_it_down(home):
    busy = connect(start(home))
    with ThreadPoolExecutor(1) as pool:
        count = pool.submit(busy.execute, "select count(*) from generate_series(1, 100000000000)")
        time.sleep(0.3)
        first_process(home).kill()
        assert answer(start(home)) == "đồng phú"
        assert isinstance(count.exception(10), psycopg.OperationalError)
    busy.close()


def test_a_pid_file_that_names_another_program_is_no_obstacle(home):
    start(home)
    owner = first_process(home)
    as_owner = {"user": owner.uids().real} if AS_ROOT else {}
    embedded.stop(home)
    with subprocess.Popen(["sleep", "60"], **as_owner) as other:
        pid_file = home_data(home) / "postmaster.pid"
        pid_file.write_text(f"{other.pid}\n{home_data(home)}\n1\n5432\n\n127.0.0.1\n")
        assert answer(start(home)) == "đồng phú"
        other.kill()


def home_data(home: Path) -> Path:
    return embedded._remembered(home / "postgres").data()


def test_when_its_port_is_taken_the_server_finds_another(home):
    start(home)
    embedded.stop(home)
    port = embedded._remembered(home / "postgres").port
    with socket.create_server(("127.0.0.1", port)):
        url = start(home)
        assert f":{port}/" not in url
        assert answer(url) == "đồng phú"


def test_an_interrupted_first_start_leaves_nothing_half_made(home):
    home.mkdir()
    starting = subprocess.Popen(
        [sys.executable, "-c", START, home],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not drafts(home) and time.monotonic() < deadline:
        time.sleep(0.005)
    starting.kill()
    starting.wait()
    assert answer(start(home)) == "đồng phú"
    assert drafts(home) == []


def drafts(home: Path) -> list[Path]:
    places = [home / "postgres", *folders_elsewhere(home)]
    return [draft for place in places for draft in place.glob("making-*")]


def test_four_programs_that_start_it_at_once_get_one_server(home):
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(lambda _: started_in_a_program(home), range(4)))
    assert len(set(urls)) == 1
    assert answer(urls[0]) == "đồng phú"


def test_a_copied_home_gets_a_server_of_its_own(home):
    with connect(start(home)) as connection:
        connection.execute("create table kept as select 33 as cooperatives")
    embedded.stop(home)
    copy = home.with_name("copy")
    shutil.copytree(home, copy, symlinks=True)
    try:
        assert start(home) != start(copy)
        assert answer(embedded.url(copy)) == "đồng phú"
        assert embedded.is_running(home)
    finally:
        remove(copy)


def test_root_keeps_data_in_home_where_the_servers_user_can_reach_it():
    home = Path(tempfile.mkdtemp(prefix="htx-open-"))
    home.chmod(0o755)
    try:
        start(home)
        assert (home / "postgres" / "data").exists()
        assert folders_elsewhere(home) == []
    finally:
        remove(home)
        shutil.rmtree(home)


def test_starting_opens_no_directory_to_others(home):
    parents = [*home.parents]
    before = [parent.stat().st_mode for parent in parents]
    start(home)
    assert [parent.stat().st_mode for parent in parents] == before


def test_a_removed_home_is_a_new_beginning(home):
    with connect(start(home)) as connection:
        connection.execute("create table kept as select 33 as cooperatives")
    shutil.rmtree(home)
    with connect(start(home)) as connection:
        assert connection.execute("select to_regclass('kept')").fetchone() == (None,)
    assert len(folders_elsewhere(home)) <= 1


def test_a_server_that_was_never_started_is_unreachable(home):
    with pytest.raises(WarehouseUnreachable, match="htx db start"):
        embedded.url(home)
    assert not embedded.is_running(home)
