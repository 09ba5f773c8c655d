"""What all tests stand on: the shared data sets of a run, databases of their own, and which tests a run selects."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests import datasets, durations
from tests.datasets import Built, Province, Run
from warehouse.connection import connect
from warehouse.reference.reference_data import Reference, read_reference

SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
RUN = pytest.StashKey[Run]()
SOAK = {
    "kills": "the whole cycle, killed (kill -9) in its middle and at ten random instants",
    "years": "a whole year day by day, and a warehouse of the first version that goes on",
    "month": "a month without anybody, played by the clock",
    "seeds": "the example of a second seed, and whole builds beside those of the others",
    "dirt": "five provinces with dirt in every file",
    "machines": "two machines and S3, a machine that is lost, and homes that are copied or moved",
    "requests": "reports asked for over the REST API of Airflow's services, until they are sent",
    "office": "forms filled in by LibreOffice, which must be installed",
    "dashboards": "every chart of the dashboards in Superset and Chromium, which must be installed",
    "fuzz": "two thousand damaged workbooks, and 500 examples for each property",
}
"""parts of `make soak`: what takes long, or depends on chance"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", choices=(*SOAK, "all"), help="run a part of the long tests instead of the usual ones")
    parser.addoption("--chance", type=int, help="what a soak draws at random from; the number of the day by default")
    parser.addoption("--server", help="the URL of another PostgreSQL, with nothing in it, to test on that")
    parser.addoption("--write-questions", action="store_true", help="regenerate the answers of docs/questions.md")
    parser.addoption("--write-durations", action="store_true", help="write the seconds of each module to durations.csv")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select the tests of the run, and begin with the modules that take longest."""
    part = config.getoption("--soak")
    selected = [item for item in items if _is_in(part, item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(selected)])
    fixtures = {durations.module_of(item.nodeid): item.fixturenames for item in items}
    waiting = {module for module, names in fixtures.items() if {"played", "province"} & set(names)}
    place = {module: number for number, module in enumerate(durations.longest_first(fixtures, waiting))}
    items[:] = sorted(selected, key=lambda item: place[durations.module_of(item.nodeid)])


def _is_in(part: str | None, item: pytest.Item) -> bool:
    marker = item.get_closest_marker("soak")
    if part is None:
        return marker is None or marker.kwargs.get("also_in_test", False)
    return marker is not None and part in (marker.args[0], "all")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument: those of a workbook hold the instant at which it was written."""
    return argname if isinstance(val, bytes) else None


# The run, shared by all workers ------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("LIBREOFFICE", "")  # seconds for each PDF: the tests that need it name the program
    if config.option.chance is None:  # once, for all workers: a soak may run past midnight
        config.option.chance = date.today().toordinal() if config.option.soak else 1
    worker = getattr(config, "workerinput", None)
    elsewhere = config.getoption("--server")
    config.stash[RUN] = Run(Path(worker["run"]), worker["workerid"], elsewhere) if worker else Run.begin(elsewhere)
    if config.getoption("--write-durations") and not worker:
        config.pluginmanager.register(durations.Recorder())
    settings.register_profile(
        "house",
        max_examples=500 if config.getoption("--soak") else 40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("house")


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_configure_node(node) -> None:
    node.workerinput["run"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[RUN].end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Drop a module's databases after its last fixture."""
    yield
    if nextitem is None or nextitem.path != item.path:
        item.config.stash[RUN].drop_databases()


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def is_soak(pytestconfig: pytest.Config) -> bool:
    """Whether there is time for the large amounts."""
    return pytestconfig.getoption("--soak") is not None


@pytest.fixture(scope="session")
def chance(pytestconfig: pytest.Config) -> int:
    """What random numbers start from: another number each day in a soak, the same in the usual run."""
    return pytestconfig.getoption("--chance")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--soak"):
        terminalreporter.write_line(f"to repeat this soak: --chance {config.getoption('--chance')}")


@pytest.fixture(scope="session")
def server(run: Run) -> Path:
    """The home of the running scratch server."""
    return run.server


@pytest.fixture(scope="session")
def new_database(run: Run) -> Callable[..., str]:
    """A function that gives the URL of a new database with the warehouse's tables, or of a copy of a template or of the
    database at a URL, to which nobody is connected."""
    empty = run.empty()
    return lambda of=empty: run.database(of)


@pytest.fixture(scope="session")
def built(run: Run) -> Built:
    """An empty warehouse built by dbt: `new_database(built.template)` gives a copy."""
    return run.built()


@pytest.fixture
def warehouse_url(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> str:
    """The URL of a database of the test's own, with the warehouse's tables and nothing in them; with the parameter
    "built", dbt has built it."""
    return new_database(request.getfixturevalue("built").template) if hasattr(request, "param") else new_database()


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[psycopg.Connection]:
    """A connection to the test's own database, which is that of warehouse_url."""
    with connect(warehouse_url) as opened:
        yield opened


# Reference data and the example --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def reference() -> Reference:
    return read_reference(SEEDS)


@pytest.fixture
def seeds(tmp_path) -> Path:
    """A copy of the reference data that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture(scope="session")
def example(run: Run) -> Path:
    """The folder of the example of the first seed, to be read only."""
    return datasets.example(run, 1)


@pytest.fixture(scope="session", params=[1, pytest.param(2, marks=pytest.mark.soak("seeds"))])
def played(request: pytest.FixtureRequest, run: Run) -> tuple[Path, str]:
    """The example folder of a seed, and the URL of a warehouse that has received, built and published all of it.

    Tests may build beside what is public (next_*), and must leave what is public alone."""
    return datasets.played(run, request.param)


@pytest.fixture(scope="session")
def province(run: Run) -> Province:
    return datasets.province(run)


@pytest.fixture(scope="session")
def reissued(run: Run) -> str:
    """The URL of the example with two editions of its report of 2025."""
    return datasets.reissued(run)
