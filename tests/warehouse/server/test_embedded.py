"""The embedded server, on servers of its own."""

import contextlib
import json
import os
import shutil
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest

from warehouse.connection import WarehouseUnreachable, connect
from warehouse.server import embedded
from warehouse.server.server import _is_alive, is_up, processes_of

PROJECT = Path(embedded.__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
of_machines = pytest.mark.soak("machines")
"""for servers that are seldom made: of homes that were copied or moved, or are of version 0.1.0"""
START = (
    "import sys; from pathlib import Path; from warehouse.server import embedded;"
    " print(embedded.start(Path(sys.argv[1]), False))"
)


class HangsUp(socketserver.ThreadingTCPServer):
    """A program that ends each connection at once."""

    allow_reuse_address = True


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home that only its owner can enter, as a project in a home directory is; for tests that do harm."""
    folder = tmp_path_factory.mktemp("server") / "home"
    yield folder
    embedded.remove(folder)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a server that was started by a program which has ended, with nothing on PATH."""
    folder = tmp_path_factory.mktemp("standing") / "home"
    started_in_a_program(folder, PATH="/nowhere")
    yield folder
    embedded.remove(folder)


def start(home: Path) -> str:
    """Start the server without waiting for the disk: these tests pull no plug."""
    return embedded.start(home, durable=False)


def started_in_a_program(home: Path, **environment: str) -> str:
    """Start the server in a program that ends at once, as a command would."""
    whole = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.check_output([sys.executable, "-c", START, home], env=whole, text=True, timeout=60).strip()


def first_process(home: Path) -> psutil.Process:
    return processes(home)[0]


def processes(home: Path) -> list[psutil.Process]:
    return processes_of(embedded._read(home))


def data_of(home: Path) -> Path:
    return embedded._read(home).data


def is_running(home: Path) -> bool:
    server = embedded._read(home)
    return server is not None and is_up(server)


def keep(home: Path, number: int) -> None:
    """Start the server, and write a number into it."""
    with connect(start(home)) as connection:
        connection.execute("create table if not exists public.kept (number int)")
        connection.execute("insert into public.kept values (%s)", [number])


def kept(home: Path) -> list[int]:
    with connect(start(home)) as connection:
        return [number for (number,) in connection.execute("select number from public.kept order by number")]


def answer(url: str) -> str:
    with connect(url) as connection:
        return connection.execute("select lower('ĐỒNG PHÚ')").fetchone()[0]


def test_a_started_server_outlives_the_program_that_started_it(standing):
    assert is_running(standing)
    assert answer(embedded.url(standing)) == "đồng phú"


def test_starting_twice_gives_the_same_server(standing):
    before = first_process(standing)
    assert start(standing) == embedded.url(standing)
    assert first_process(standing) == before


def test_the_server_never_runs_as_root(standing):
    users = set()
    for process in processes(standing):
        with contextlib.suppress(psutil.NoSuchProcess):  # an idle helper process of the server may end meanwhile
            users.add(process.uids().real)
    assert len(users) == 1
    assert 0 not in users


def test_the_password_is_for_its_owner_alone(standing):
    assert (standing / "postgres" / "server.json").stat().st_mode & 0o777 == 0o600


def test_a_wrong_password_is_refused(standing):
    parts = psycopg.conninfo.conninfo_to_dict(embedded.url(standing))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**parts, "password": "guessed"})


def test_what_was_written_is_there_after_a_stop_and_a_start(home):
    keep(home, 33)
    embedded.stop(home)
    assert not is_running(home)
    assert kept(home) == [33]


def test_a_process_that_ended_and_is_a_zombie_keeps_no_stop_waiting():
    ended = subprocess.Popen(["true"])
    while psutil.Process(ended.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.005)
    assert not _is_alive(psutil.Process(ended.pid))
    ended.wait()
    assert _is_alive(psutil.Process())


def test_after_kill_9_of_the_first_process_the_server_starts_again(home):
    keep(home, 33)
    first_process(home).kill()
    assert kept(home) == [33]


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
        pid_file = data_of(home) / "postmaster.pid"
        pid_file.write_text(f"{other.pid}\n{data_of(home)}\n1\n5432\n\n127.0.0.1\n")
        assert answer(start(home)) == "đồng phú"
        other.kill()


def test_when_its_port_is_taken_the_server_finds_another(home):
    start(home)
    embedded.stop(home)
    port = embedded._read(home).port
    with HangsUp(("127.0.0.1", port), socketserver.BaseRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        url = start(home)
        other.shutdown()
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
    return [*embedded._data_folder(home).glob("making-*")]


def test_four_programs_that_start_it_at_once_get_one_server(home):
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(lambda _: started_in_a_program(home), range(4)))
    assert len(set(urls)) == 1
    assert answer(urls[0]) == "đồng phú"


@of_machines
def test_copies_of_a_moved_home_get_servers_and_data_of_their_own(home):
    keep(home, 33)
    embedded.stop(home)
    moved, *copies = [home.with_name(name) for name in ("moved", "copy-1", "copy-2")]
    home.rename(moved)
    for copy in copies:
        shutil.copytree(moved, copy, symlinks=True)
    homes = [moved, *copies]
    try:
        for number, each in enumerate(homes):
            keep(each, number)
        assert [kept(each) for each in homes] == [[0, 33], [1, 33], [2, 33]]
        assert len({start(each) for each in homes}) == 3
        embedded.stop(copies[0])
        assert [is_running(each) for each in homes] == [True, False, True]
    finally:
        for each in homes:
            embedded.remove(each)


def test_a_copy_of_a_home_whose_server_runs_gets_a_server_of_its_own(home):
    keep(home, 33)
    copy = home.with_name("copy")
    shutil.copytree(home, copy, symlinks=True)
    try:
        keep(copy, 1)
        assert (kept(copy), kept(home)) == ([1, 33], [33])
        embedded.stop(copy)
        assert is_running(home)
    finally:
        embedded.remove(copy)


@of_machines
def test_a_copied_home_with_its_data_inside_gets_a_port_and_a_password_of_its_own(home):
    keep(home, 33)
    embedded.stop(home)
    server = embedded._read(home)
    if not server.data.is_relative_to(home):  # as for a user who is not root
        server.data.rename(home / "postgres" / "data")
        for folder in (home / "postgres", *home.parents, home):
            folder.chmod(folder.stat().st_mode | 0o711)
        embedded._write(replace(server, data=home / "postgres" / "data"))
    copy = home.with_name("copy")
    subprocess.run(["cp", "-a", home, copy], check=True)
    try:
        keep(copy, 1)
        assert (kept(copy), kept(home)) == ([1, 33], [33])
        original, copied = embedded._read(home), embedded._read(copy)
        assert original.port != copied.port
        assert original.password != copied.password
        with pytest.raises(WarehouseUnreachable, match="password authentication failed"):
            connect(replace(copied, password=original.password).url())
    finally:
        embedded.remove(copy)


def test_a_home_that_is_moved_while_its_server_runs_keeps_its_data(home):
    keep(home, 33)
    moved = home.rename(home.with_name("moved"))
    try:
        assert kept(moved) == [33]
        embedded.stop(moved)
        assert not is_running(moved)
    finally:
        embedded.remove(moved)


@of_machines
def test_a_new_home_in_the_place_of_a_moved_one_leaves_its_data(home):
    keep(home, 33)
    embedded.stop(home)
    moved = home.rename(home.with_name("moved"))
    try:
        keep(home, 1)
        assert (kept(home), kept(moved)) == ([1], [33])
    finally:
        embedded.remove(moved)


@of_machines
def test_a_copy_of_a_home_that_was_removed_has_the_data_or_says_that_they_are_gone(home):
    keep(home, 33)
    embedded.stop(home)
    copy = home.with_name("copy")
    shutil.copytree(home, copy, symlinks=True)
    embedded.remove(home)
    try:
        if AS_ROOT:  # root's data lie outside the home, and were not copied
            with pytest.raises(WarehouseUnreachable, match=r"data of this home were in .*, which is gone"):
                start(copy)
        else:
            assert kept(copy) == [33]
    finally:
        embedded.remove(copy)


@of_machines
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_home_of_version_0_1_0_starts_with_its_data(home, tmp_path_factory, is_inside):
    keep(home, 33)
    embedded.stop(home)
    server = embedded._read(home)
    before = home / "postgres" if is_inside else tmp_path_factory.mktemp("elsewhere")
    for folder in (before, *before.parents):  # the server's user must reach it
        folder.chmod(folder.stat().st_mode | 0o711)
    if not (before / "data").exists():
        server.data.rename(before / "data")
    (home / "postgres" / "server.json").write_text(
        json.dumps({
            "home": str(home), "name": "htx-0a1b2c3d", "port": server.port, "password": server.password,
            "elsewhere": None if is_inside else str(before),
        })
    )  # fmt: skip
    assert kept(home) == [33]
    assert data_of(home) == before / "data"


def test_starting_opens_no_directory_to_others(home):
    parents = [*home.parents]
    before = [parent.stat().st_mode for parent in parents]
    start(home)
    assert [parent.stat().st_mode for parent in parents] == before


def test_a_removed_home_is_a_new_beginning(home):
    keep(home, 33)
    shutil.rmtree(home)
    with connect(start(home)) as connection:
        assert connection.execute("select to_regclass('public.kept')").fetchone() == (None,)


def test_a_server_that_was_never_started_is_unreachable(home):
    with pytest.raises(WarehouseUnreachable, match="htx db start"):
        embedded.url(home)
    assert not is_running(home)
