"""The whole cycle, killed in the middle (kill -9) and run again: the marts are those of a run that nobody interrupted.

Killed when the database shows that it is loading, building and publishing, and at random instants of cycles that begin
from nothing, half of them with all children, half without (dbt then goes on alone).
"""

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from warehouse.connection import connect

pytestmark = pytest.mark.soak("kills")
PROJECT = Path(__file__).parents[1]
CYCLE = """
import sys
from pathlib import Path
from htx import steps
from warehouse.migrations import open_warehouse
url, folder = sys.argv[1], Path(sys.argv[2])
with open_warehouse(url) as connection:
    pulled = {str(day) for (day,) in connection.execute("select speaks_of from raw.registry_snapshots")}
for registry in sorted((folder / "registry").iterdir()):
    if registry.stem not in pulled:
        steps.pull_registry(url, f"sqlite:///{registry}", registry.stem)
for batch in steps.list_new_files(url, f"file://{folder / 'inbox'}"):
    steps.load_batch(url, batch)
steps.build_warehouse(url, folder / "dbt")
"""

# What the database shows while the cycle is in the middle of something.
LOADING = """
    select count(*) from pg_locks
    where relation = 'raw.sheet_rows'::regclass and mode = 'RowExclusiveLock' and granted
"""
BUILDING = "select count(*) from pg_class where relname = 'int_indicator_values_computed'"
PUBLISHING = """
    select count(*) from pg_locks
    where relation = 'undo.promotion'::regclass and mode = 'ShareUpdateExclusiveLock' and granted
"""

# The registry is pulled now, by the machine's clock: later in the run that was killed.
SAID = "(to_jsonb(t) - array['known_from', 'known_to', 'learned_at', 'pulled_at'])::text"


@pytest.fixture(scope="module")
def first_year(example, tmp_path_factory) -> Path:
    """A folder with what arrives in the first year: inbox/, registry/."""
    folder = tmp_path_factory.mktemp("first_year")
    with (example / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        deliveries = list(csv.DictReader(file))
    for delivery in deliveries:
        if delivery["stage"] == deliveries[0]["stage"]:
            target = folder / delivery["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(example / delivery["path"], target)
    return folder


@pytest.fixture(scope="module")
def uninterrupted(first_year, new_database) -> tuple[dict, float]:
    """What is public after a cycle that ran to its end, and the seconds that it took."""
    url = new_database()
    began = time.monotonic()
    run_to_the_end(url, first_year)
    return public_tables(url), time.monotonic() - began


def start(url: str, first_year: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", CYCLE, url, str(first_year)],
        cwd=PROJECT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run_to_the_end(url: str, first_year: Path) -> None:
    cycle = start(url, first_year)
    _, said = cycle.communicate()
    assert cycle.returncode == 0, said


def kill(cycle: subprocess.Popen, with_children: bool) -> None:
    if with_children:
        os.killpg(cycle.pid, signal.SIGKILL)
    else:
        cycle.kill()
    cycle.wait()
    cycle.stderr.close()


def wait_for(url: str, cycle: subprocess.Popen, sign: str) -> None:
    with connect(url, autocommit=True) as connection:
        while not connection.execute(sign).fetchone()[0]:
            assert cycle.poll() is None, cycle.stderr.read()
            time.sleep(0.002)


def public_tables(url: str) -> dict[str, list[str]]:
    """{table: its rows as text, in order}, of all that readers see, but the instants at which we learned of it."""
    with connect(url) as connection:
        names = connection.execute(
            "select format('%I.%I', schema_name, table_name) from quality.promoted_tables order by 1"
        ).fetchall()
        return {
            name: [row for (row,) in connection.execute(f"select {SAID} from {name} as t order by 1")]
            for (name,) in [*names, ("quality.history_findings",)]
        }


def differences(found: dict, expected: dict) -> dict[str, list[str]]:
    """{table: rows of one side alone}"""
    apart = {name: set(found.get(name, [])) ^ set(expected.get(name, [])) for name in found.keys() | expected.keys()}
    return {name: sorted(rows)[:6] for name, rows in apart.items() if rows}


def test_killed_while_loading_building_and_publishing_the_next_run_gives_the_same_marts(
    first_year, uninterrupted, new_database
):
    expected, _ = uninterrupted
    url = new_database()
    for sign, with_children in ((LOADING, True), (BUILDING, False), (PUBLISHING, True)):
        cycle = start(url, first_year)
        wait_for(url, cycle, sign)
        kill(cycle, with_children)
        with connect(url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("select from marts.fct_indicator_values")
    run_to_the_end(url, first_year)
    found = public_tables(url)
    assert differences(found, expected) == {}
    assert {name: len(rows) for name, rows in found.items()} == {name: len(rows) for name, rows in expected.items()}


@pytest.mark.parametrize("number", range(10))
def test_killed_at_a_random_instant_the_next_run_gives_the_same_marts(
    first_year, uninterrupted, new_database, chance, number
):
    expected, seconds = uninterrupted
    url = new_database()
    cycle = start(url, first_year)
    instant = random.Random(f"{chance} {number}").uniform(0, seconds)
    time.sleep(instant)
    kill(cycle, with_children=bool(number % 2))
    with connect(url) as connection:
        step = connection.execute("select step from quality.next_build").fetchone()
    print(f"killed after {instant:.1f} of {seconds:.1f} s, {step}")  # noqa: T201
    run_to_the_end(url, first_year)
    assert differences(public_tables(url), expected) == {}
