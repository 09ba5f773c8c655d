"""Data sets that the tests of a run share: each is made once, by the worker that needs it first.

The data sets of the example's databases are a chain of templates, to which no test connects; each worker reads a copy:

    empty -> received_1 -> received_2 -> received_3 -> published_1 -> reissued
      |         |             |
    built    figures_1     figures_2        built when nothing later was received
"""

import csv
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import psutil
import psycopg
import pytest
from filelock import FileLock
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from htx import steps
from htx.example import write_example
from htx.example.deliveries import read_deliveries
from ingestion.workbook.received_file import ReceivedFile
from tests.life import received, workbook
from warehouse.build.dbt import run_dbt
from warehouse.connection import connect
from warehouse.example_mark import mark_as_example
from warehouse.migrations import migrate
from warehouse.reference.reference_data import SEEDS, read_reference
from warehouse.server import embedded

SCRATCH = "htx-tests-"
BUILT = "built"
BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
STAGES = (
    datetime(2023, 12, 1, tzinfo=UTC),
    datetime(2023, 12, 3, 6, 14, 47, tzinfo=UTC),  # Đồng Phú replaces its report of 24 November
)
CORRECTED_AT = STAGES[-1]
REPORTED_AT = datetime(2025, 12, 26, 1, 0, tzinfo=UTC)  # the hour at which the report of 2025 is due
REPORTED_AGAIN_AT = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
IN_ORDER = "order by 1, 2, 3, 4, 5, 6, 7"
VALUES = ["build", "--select", "+fct_indicator_values", "--exclude-resource-type", "test", "unit_test"]
first_seed = pytest.mark.parametrize("played", [1], indirect=True)
"""for tests of `played` whose literals are those of the example's first seed"""


@dataclass(frozen=True)
class Run:
    """One run of the tests, as one of its workers sees it: a folder and a scratch server that all of them share."""

    folder: Path
    worker: str = "main"
    elsewhere: str | None = None
    """the URL of another server with nothing in it (--server), instead of one of our own"""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    databases: list[str] = field(default_factory=list)
    """names of those that the next drop_databases drops"""

    @classmethod
    def begin(cls, elsewhere: str | None) -> "Run":
        for leftover in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):  # of a run that was killed
            if not psutil.pid_exists(int(leftover.name.split("-")[2])):
                cls(leftover).end()
        return cls(Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-")), elsewhere=elsewhere)

    def end(self) -> None:
        embedded.remove(self.folder / "home")
        shutil.rmtree(self.folder, ignore_errors=True)

    @cached_property
    def server(self) -> Path:
        """The home of the server, which runs from now on."""
        embedded.start(self.folder / "home", durable=False)
        return self.folder / "home"

    def url(self, database: str) -> str:
        """The URL of a database, which need not exist."""
        if self.elsewhere:
            return make_url(self.elsewhere).set(database=database).render_as_string(hide_password=False)
        return embedded.url(self.server, database)

    def once(self, name: str, make: Callable[[Path], object]) -> Path:
        """The folder of this name, filled by `make` where no worker did so before."""
        made = self.folder / name
        with FileLock(self.folder / f"{name}.lock"):
            if not made.exists():
                draft = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))
                make(draft)
                draft.rename(made)
        return made

    def template(self, name: str, make: Callable[[str, Path], object], of: str = "template1") -> Path:
        """Make the template database of this name once, from another one by `make(url, folder)`; gives the folder."""

        def made(folder: Path) -> None:
            self._administer("drop database if exists {} with (force)", f"{name}_draft")
            self._administer("create database {} template {}", f"{name}_draft", of)
            make(self.url(f"{name}_draft"), folder)
            self._administer("alter database {} rename to {}", f"{name}_draft", name)

        return self.once(name, made)

    def empty(self) -> str:
        """The template of a warehouse that has received nothing."""

        def make(url: str, _: Path) -> None:
            with connect(url) as connection:
                migrate(connection)

        self.template("empty", make)
        return "empty"

    def dbt_parse(self) -> Path:
        """The folder with dbt's manifest of the project, which needs no database: that of the empty warehouse that dbt
        built, if it did."""
        if (self.folder / BUILT).exists():
            return self.folder / BUILT
        nowhere = "postgresql://nobody:nothing@localhost:1/none"
        return self.once("dbt_parse", lambda folder: run_dbt(nowhere, ["parse"], folder))

    def built(self) -> "Built":
        """A warehouse that has received nothing, built by dbt with all its tests."""

        def make(url: str, folder: Path) -> None:
            counts = run_dbt(url, ["build"], folder)
            (folder / "counts.json").write_text(json.dumps(counts))

        return Built(self.template(BUILT, make, self.empty()))

    def database(self, of: str, *, for_session: bool = False) -> str:
        """The URL of a new database, a copy of a template or of the database at a URL, to which nobody is connected.

        It lives until its module's tests have run, or as long as the run."""
        name = f"{self.worker}_{next(self.numbers)}"
        self._administer("create database {} template {}", name, of.rpartition("/")[2])
        if not for_session:
            self.databases.append(name)
        return self.url(name)

    def drop_databases(self) -> None:
        """Drop what this worker's modules used: all databases of a run together take more than ten gigabytes."""
        while self.databases:
            self._administer("drop database if exists {} with (force)", self.databases.pop())

    def _administer(self, statement: str, *names: str) -> None:
        url = self.url("postgres")
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))


@dataclass(frozen=True)
class Built:
    """The template of a built warehouse, and how dbt compiled its models: a test that runs the SQL of some models on a
    copy spares itself the start of dbt."""

    folder: Path
    """dbt's own files"""

    @property
    def template(self) -> str:
        return self.folder.name

    @cached_property
    def models(self) -> dict[str, dict]:
        """Name -> node of dbt's manifest."""
        nodes = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
        return {node["name"]: node for node in nodes if node["resource_type"] == "model"}

    def relation(self, name: str) -> str:
        return f"{self.models[name]['schema']}.{self.models[name]['alias']}"

    def sql(self, name: str) -> str:
        """As dbt compiled it, for any database."""
        compiled = self.folder / "compiled" / "htx" / self.models[name]["original_file_path"]
        return compiled.read_text(encoding="utf-8").replace(f'"{self.template}_draft".', "")

    def refill(self, url: str, *names: str) -> None:
        """Fill the tables of these models, and of all models that they depend on, as a build of dbt would."""
        ordered: dict[str, None] = {}

        def add(name: str) -> None:
            if name in self.models and name not in ordered:
                for parent in self.models[name]["depends_on"]["nodes"]:
                    add(parent.split(".")[2])
                ordered[name] = None

        for name in names:
            add(name)
        with connect(url) as connection:
            for name in ordered:
                if self.models[name]["config"]["materialized"] == "table":
                    connection.execute(f"truncate {self.relation(name)}")
                    connection.execute(f"insert into {self.relation(name)} {self.sql(name)}")


# The example -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Province:
    """The example of the first seed in a warehouse of its own, received in stages, built and published."""

    run: Run
    url: str
    folder: Path
    output: Path
    """dbt's own files of the build that is public"""

    def copy(self) -> str:
        """The URL of another warehouse with the same in it."""
        return self.run.database(self.output.name)

    def known(self, stage: datetime, columns: str = "*") -> list[tuple]:
        """What dbt makes of the files and snapshots up to a stage, when no others have come."""
        number = STAGES.index(stage) + 1
        name, of = f"figures_{number}", _received(self.run, number)
        self.run.template(name, lambda url, folder: run_dbt(url, VALUES, folder), of)
        with connect(self.run.database(name)) as connection:
            return rows(connection, f"select {columns} from next_marts.fct_indicator_values {IN_ORDER}")

    def seen_at(self, stage: datetime) -> datetime:
        """When the warehouse had seen those, and no others."""
        number = STAGES.index(stage) + 1
        return datetime.fromisoformat((self.run.folder / f"received_{number}" / "seen_at").read_text())


def province(run: Run) -> Province:
    published = _published(run, 1)
    return Province(run, run.database(published.name, for_session=True), example(run, 1), published)


def example(run: Run, seed: int) -> Path:
    """The example's folder, which nobody changes."""
    return run.once(f"example_of_seed_{seed}", lambda folder: write_example(folder / "province", seed)) / "province"


def played(run: Run, seed: int) -> tuple[Path, str]:
    """The example's folder, and the URL of a warehouse that has received, built and published all of it."""
    return example(run, seed), run.database(_published(run, seed).name, for_session=True)


def _published(run: Run, seed: int) -> Path:
    of = _received(run, len(STAGES) + 1) if seed == 1 else _received_at_once(run, seed)
    return run.template(f"published_{seed}", lambda url, folder: steps.build_warehouse(url, folder), of)


def reissued(run: Run) -> str:
    """The URL of the example after a draft of its report of 2025, a correction of one commune (a course, and two counts
    of priority groups), and a second draft; built."""

    from htx.editions import workflow  # imported here: few tests need all that makes papers

    def make(url: str, folder: Path) -> None:
        reports = (folder / "reports").as_uri()
        workflow.publish_report(url, "annual", 2025, REPORTED_AT, reports)
        steps.load_files(url, [_correction()])
        steps.build_warehouse(url, folder)
        workflow.publish_report(url, "annual", 2025, REPORTED_AGAIN_AT, reports)
        steps.build_warehouse(url, folder)

    run.template("reissued", make, _published(run, 1).name)
    return run.database("reissued", for_session=True)


def _correction() -> ReceivedFile:
    reference, unit = read_reference(SEEDS), "25326"  # Phường Bình Long
    course = {
        "course_code": "25326-2025-01", "course_name": "Phổ biến Luật Hợp tác xã năm 2025", "course_kind": "law",
        "held_on": date(2025, 10, 29), "organiser": "WU-C", "attendances": 70, "people": 56, "women": 41,
        "union_officers": 3, "women_managers": 4, "members_and_workers": 32, "union_members": 12, "cost": 40.5,
    }  # fmt: skip
    groups = [
        {"priority_group": "domestic_violence_victim", "women_supported": 4, "women_employed": 1},
        {"priority_group": "unsafe_migrant", "women_supported": 3, "women_employed": 0},
    ]
    cover = {"data_from": date(2024, 12, 1), "data_to": date(2025, 11, 30), "signed_on": date(2026, 1, 6)}
    content = workbook(
        reference,
        {"04_DAO_TAO": [course], "09_UU_TIEN": groups},
        {**cover, "submission_kind": "partial_correction"},
        unit,
        2025,
    )
    return received(content, REPORTED_AGAIN_AT, unit, "đính chính.xlsx")


def everything_received(run: Run) -> str:
    """The template that has received all of the first seed's example."""
    return _received(run, len(STAGES) + 1)


def _received(run: Run, number: int) -> str:
    """The template that has received the first seed's example up to a stage; the last one has received all of it."""
    ends = (BEGINNING, *STAGES, END)

    def make(url: str, folder: Path) -> None:
        _receive(url, example(run, 1), after=ends[number - 1], until=ends[number])
        with connect(url) as connection:
            (folder / "seen_at").write_text(rows(connection, "select clock_timestamp()")[0][0].isoformat())

    of = _received(run, number - 1) if number > 1 else run.empty()
    run.template(f"received_{number}", make, of)
    return f"received_{number}"


def _received_at_once(run: Run, seed: int) -> str:
    name = f"received_of_seed_{seed}"
    run.template(name, lambda url, _: _receive(url, example(run, seed)), run.empty())
    return name


def _receive(url: str, folder: Path, after: datetime = BEGINNING, until: datetime = END) -> None:
    """Load what came after an instant and until another, into a warehouse that is the example's."""
    with connect(url) as connection:
        if rows(connection, "select not exists (select from raw.received_files)") == [(True,)]:
            mark_as_example(connection)
    came = [each for each in read_deliveries(folder) if after < each.received_at <= until]
    for each in came:
        if each.kind == "registry":
            steps.pull_registry(url, f"sqlite:///{each.path}", each.path.stem)
    steps.load_files(url, [each.received() for each in came if each.kind == "file"])


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(connection: psycopg.Connection, query: str, *given: object) -> list[tuple]:
    return connection.execute(query, given or None).fetchall()
