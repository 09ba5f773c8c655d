"""A scratch PostgreSQL server for the whole run of the tests, and fresh databases on it."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.example_province import played  # noqa: F401  a fixture
from warehouse.connection import connect
from warehouse.migrations import migrate
from warehouse.reference.catalogue import Reference, read_reference
from warehouse.server import embedded as embedded_server

SCRATCH = "htx-tests-"
SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--damaged-workbooks", type=int, default=100, help="how many damaged workbooks to read")
    parser.addoption("--kills", type=int, default=0, help="kill the whole cycle at so many random instants, too")
    parser.addoption("--damaged-workbooks-seed", type=int, default=1, help="another seed, other damage")
    parser.addoption("--write-questions", action="store_true", help="write the answers of QUESTIONS.md anew")
    parser.addoption("--scores", action="store_true", help="soil the whole example province, and print the scores")


WAREHOUSES = ("province", "played")  # fixtures of a session that take a minute: who uses one shares a process


@pytest.hookimpl(tryfirst=True)  # before xdist looks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests belong together when they run side by side: those of a module, and those of one warehouse."""
    for item in items:
        module = item.nodeid.partition("::")[0]
        group = next((each for each in WAREHOUSES if each in item.fixturenames), module)
        seed = item.callspec.params.get(group, "") if hasattr(item, "callspec") else ""
        item.add_marker(pytest.mark.xdist_group(f"{group}{seed}"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument: those of a workbook hold the instant at which it was written."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """The home of a running scratch server; removed at the end."""
    for leftover in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):  # of a run that was killed
        if not psutil.pid_exists(int(leftover.name.split("-")[2])):
            _remove(leftover)
    home = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-"))
    home.chmod(0o755)  # as root the server runs as another user, who must reach it
    embedded_server.start(home, durable=False)
    yield home
    _remove(home)


def _remove(home: Path) -> None:
    embedded_server.stop(home, at_once=True)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(server: Path) -> Iterator[Callable[[], str]]:
    """A function that makes a database with the warehouse's tables, and gives its URL."""
    template = embedded_server.url(server, "template_of_tests")
    numbers = itertools.count(1)
    with connect(embedded_server.url(server, "postgres"), autocommit=True) as connection:
        connection.execute("create database template_of_tests")
        with connect(template) as in_template:
            migrate(in_template)

        def new() -> str:
            name = f"test_{next(numbers)}"
            connection.execute(SQL("create database {} template template_of_tests").format(Identifier(name)))
            return embedded_server.url(server, name)

        yield new


@pytest.fixture
def warehouse_url(new_database: Callable[[], str]) -> str:
    """The URL of a database of the test's own, with the warehouse's tables and nothing in them."""
    return new_database()


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[psycopg.Connection]:
    """A connection to the test's own database, which is that of warehouse_url."""
    with connect(warehouse_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def reference() -> Reference:
    return read_reference(SEEDS)


@pytest.fixture
def seeds(tmp_path) -> Path:
    """A copy of the reference data that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
