"""Promotions and builds on a server that fails: a full disk, kill -9 of its processes, a restart.

A limit on the size of its files stands for a full disk: PostgreSQL can extend a table no further.
"""

import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.warehouse.built import build, rows
from warehouse.build.builds import building
from warehouse.connection import connect
from warehouse.migrations import migrate
from warehouse.promote.promote import promote
from warehouse.promote.rollback import roll_back
from warehouse.server import embedded

MEGABYTES_OF_A_FILE = 16  # as a segment of the log of writes has


def tables(version: int, rows: int = 50) -> list[str]:
    return [
        f"create table next_{table} as select {version} as version, n, repeat('x', 150) as words"
        f" from generate_series(1, {rows}) as n"
        for table in ("marts.fct_values", "bi.targets")
    ]


TOO_MANY = 150_000  # rows: 27 MB


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"htx-tests-{os.getpid()}-"))
    try:
        yield folder
    finally:
        embedded.remove(folder)


@pytest.fixture
def url(home) -> str:
    """The URL of a warehouse of a server of its own, with a version that is public, and a second one that is built."""
    url = embedded.start(home, durable=False)
    with connect(url) as connection:
        migrate(connection)
        connection.commit()
        build(connection, "b1", *tables(1))
        promote(connection, "b1")
        build(connection, "b2", *tables(2))
    return url


def public(url: str) -> set[tuple]:
    with connect(url) as connection:
        tables = ("marts.fct_values", "bi.targets")
        return {(table, *row) for table in tables for row in rows(connection, f"select distinct version from {table}")}


OLD, NEW = ({("marts.fct_values", version), ("bi.targets", version)} for version in (1, 2))


@contextmanager
def full_disk(home: Path) -> Iterator[str]:
    """The URL of the server, started again with a limit on its files."""
    embedded.stop(home)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTES_OF_A_FILE * 2**20, hard))
    try:
        url = embedded.start(home, durable=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    yield url
    embedded.stop(home)
    embedded.start(home, durable=False)


def test_a_disk_that_fills_inside_a_build_leaves_what_is_public_and_the_next_build_runs(home, url):
    with full_disk(home) as full, connect(full) as connection:
        with pytest.raises(psycopg.Error, match="could not extend file"):
            build(connection, "b3", *tables(3, TOO_MANY))
        assert rows(connection, "select outcome from quality.builds where build_id = 'b3'") == [("failed",)]
        assert public(full) == OLD
    url = embedded.url(home)
    with connect(url) as connection:
        build(connection, "b4", *tables(2))
        promote(connection, "b4")
    assert public(url) == NEW


def test_a_disk_that_fills_inside_a_promotion_leaves_what_is_public_and_it_can_be_repeated(home, url):
    with connect(url) as connection:
        build(connection, "b3", *tables(2, TOO_MANY))
    with full_disk(home) as full, connect(full) as connection:
        with pytest.raises(psycopg.Error, match="could not extend file"):
            promote(connection, "b3")
        assert public(full) == OLD
    url = embedded.url(home)
    with connect(url) as connection:
        promote(connection, "b3")
        assert public(url) == NEW
        roll_back(connection, "htx")
    assert public(url) == OLD


def kill_backend(pid: int, url: str) -> None:
    os.kill(pid, signal.SIGKILL)


def kill_postmaster(pid: int, url: str) -> None:
    with connect(url) as connection:
        [(data,)] = rows(connection, "show data_directory")
    os.kill(int((Path(data) / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_backend, kill_postmaster])
def test_killed_inside_the_transaction_of_a_promotion_what_is_public_stays_whole(
    home, url, kill: Callable[[int, str], None]
):
    with ThreadPoolExecutor(1) as pool, connect(url) as reader, connect(url) as promoting:
        pid = promoting.info.backend_pid
        reader.execute("lock table bi.targets in share mode")  # marts are written before, inside the same transaction
        promotion = pool.submit(promote, promoting, "b2")
        with connect(url, autocommit=True) as watching:
            while not rows(watching, f"select from pg_locks where pid = {pid} and not granted"):
                assert not promotion.done()
                time.sleep(0.02)
        kill(pid, url)
        assert isinstance(promotion.exception(timeout=30), psycopg.OperationalError)
        reader.close()
    url = embedded.start(home, durable=False)
    assert public(url) == OLD
    with connect(url) as connection:
        promote(connection, "b2")
    assert public(url) == NEW


def test_a_server_that_restarts_inside_a_build_fails_it_and_the_next_one_runs(home, url):
    def build_over_a_restart() -> None:
        with connect(url) as connection, building(connection, "b3"):
            embedded.stop(home)
            embedded.start(home, durable=False)
            connection.execute("create table next_marts.more (n int)")

    with pytest.raises(psycopg.OperationalError):
        build_over_a_restart()
    url = embedded.url(home)
    assert public(url) == OLD
    with connect(url) as connection:
        build(connection, "b4", *tables(2))
        promote(connection, "b4")
        assert rows(connection, "select outcome from quality.builds where build_id = 'b3'") == [(None,)]
    assert public(url) == NEW
