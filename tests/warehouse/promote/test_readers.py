"""What readers see while builds come and go, break at every step, are cut off and are killed.

The faults are real ones: statements that fail, sessions that the server ends, processes that are killed.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.warehouse.built import build, rows
from warehouse.build.builds import BuildOvertaken
from warehouse.connection import connect
from warehouse.promote.promote import promote
from warehouse.promote.rollback import RollbackRefused, roll_back

TABLES = ("marts.fct_values", "reports.rpt_targets", "bi.targets")
SIZES = (300, 18, 40)


def version(number: int, also: str = "") -> list[str]:
    """Tables of three schemas: each row carries the version, but one of each, which never changes."""
    return [
        f"create table next_{table} as select case n when 1 then 0 else {number} end as version, n{also}"
        f" from generate_series(1, {size}) as n"
        for table, size in zip(TABLES, SIZES, strict=True)
    ]


COUNTS = " union all ".join(
    f"select '{table}' as name, max(version) as newest, count(distinct version) filter (where n > 1) as versions,"
    f" count(*) as size from {table}"
    for table in TABLES
)
JOINED = (
    "select count(*), count(distinct concat(a.version, '|', b.version, '|', c.version)) from marts.fct_values as a"
    " inner join reports.rpt_targets as b using (n) inner join bi.targets as c using (n) where n > 1"
)


@dataclass
class Seen:
    """What the readers met: the versions, in the order in which they were first seen, and all that was wrong."""

    versions: list[int] = field(default_factory=list)
    troubles: list[object] = field(default_factory=list)
    looks: int = 0

    def note(self, counts: list[tuple], joined: tuple) -> int:
        newest = {row[1] for row in counts}
        if len(newest) != 1 or [row[2] for row in counts] != [1] * 3 or [row[3] for row in counts] != list(SIZES):
            self.troubles.append(counts)
        if joined != (SIZES[1] - 1, 1):
            self.troubles.append(joined)
        self.looks += 1
        [version, *_] = newest
        if version not in self.versions:
            self.versions.append(version)
        return version


@contextmanager
def readers(url: str) -> Iterator[Seen]:
    """Two readers at work: one by single statements, one in REPEATABLE READ transactions of several."""
    seen, is_over = Seen(), threading.Event()

    def look(read: psycopg.Connection) -> int:
        return seen.note(read.execute(COUNTS).fetchall(), read.execute(JOINED).fetchone())

    def by_statement() -> None:
        with connect(url, autocommit=True) as read:
            while not is_over.is_set():
                seen.note(read.execute(COUNTS).fetchall(), read.execute(JOINED).fetchone())

    def by_transaction() -> None:
        with connect(url) as read:
            read.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            while not is_over.is_set():
                looks = [look(read) for _ in range(3)]
                if len(set(looks)) != 1:
                    seen.troubles.append(("one transaction saw", looks))
                read.rollback()

    def kept(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except Exception as error:
                seen.troubles.append(error)

        return run

    threads = [threading.Thread(target=kept(work)) for work in (by_statement, by_transaction)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


# A step of a promotion at which it can break: the table, and what is done to it. The last is the commit itself.
STEPS = [
    *((table, event) for table in TABLES for event in ("delete", "insert")),
    ("undo.rows", "truncate"),
    ("undo.rows", "insert"),
    ("undo.promotion", "insert"),
    ("quality.next_build", "update"),
    ("quality.builds", "update"),
    ("bi.targets", "commit"),
]
FAULTS = {
    "breaks": "raise exception 'broken on purpose'",
    "is cut off": "perform pg_terminate_backend(pg_backend_pid())",
}


@contextmanager
def fault(url: str, step: tuple[str, str], what: str) -> Iterator[None]:
    """For the time of the block, the step ends in the fault."""
    table, event = step
    moment = f"before {event} on {table} for each statement"
    if event == "commit":
        moment = f"after insert on {table} deferrable initially deferred for each row"
    kind = "constraint trigger" if event == "commit" else "trigger"
    with connect(url, autocommit=True) as connection:
        connection.execute(
            f"create or replace function public.fail() returns trigger language plpgsql"
            f" as $$ begin {what}; return null; end $$"
        )
        connection.execute(f"create {kind} fails {moment} execute function public.fail()")
    yield
    with connect(url, autocommit=True) as connection:
        connection.execute(f"drop trigger fails on {table}")


def attempt(url: str, build_id: str, *statements: str) -> str:
    """Build and promote in a session of its own: 'promoted', or how it broke."""
    try:
        with connect(url) as connection:
            build(connection, build_id, *statements)
            promote(connection, build_id)
    except psycopg.OperationalError:
        return "is cut off"
    except psycopg.errors.RaiseException:
        return "breaks"
    return "promoted"


def test_readers_of_fifty_promotions_with_a_fault_at_every_step_in_turn_see_whole_versions_alone(warehouse_url):
    assert attempt(warehouse_url, "b0", *version(100)) == "promoted"
    assert attempt(warehouse_url, "b1", *version(101)) == "promoted"
    plan = [(step, name) for step in STEPS for name in FAULTS]
    outcomes, public = [], 101
    with readers(warehouse_url) as seen:
        for number in range(102, 152):
            if number % 2 and plan:
                step, name = plan.pop(0)
                with fault(warehouse_url, step, FAULTS[name]):
                    outcome = attempt(warehouse_url, f"b{number}", *version(number))
                outcomes.append((step, name, outcome))
            else:
                outcome = attempt(warehouse_url, f"b{number}", *version(number))
                assert outcome == "promoted"
                public = number
            with connect(warehouse_url) as connection:
                assert rows(connection, "select max(version) from reports.rpt_targets") == [(public,)]
        while plan:  # the faults that are left, after the fifty
            step, name = plan.pop(0)
            with fault(warehouse_url, step, FAULTS[name]):
                outcomes.append((step, name, attempt(warehouse_url, "rest", *version(999))))
    assert seen.troubles == []
    assert [each for each in outcomes if each[1] != each[2]] == []
    assert seen.versions == sorted(seen.versions)
    assert 999 not in seen.versions
    assert seen.looks > 50


def test_readers_of_columns_that_change_wait_at_most_and_never_meet_an_error(warehouse_url):
    attempt(warehouse_url, "b0", *version(100))
    with readers(warehouse_url) as seen:
        for number in range(101, 106):
            also = f", {number} as size" if number % 2 else ", 'x'::text as size"
            assert attempt(warehouse_url, f"b{number}", *version(number, also)) == "promoted"
    assert seen.troubles == []
    assert seen.versions == sorted(seen.versions)


def test_readers_of_rollbacks_see_the_one_version_or_the_other(warehouse_url):
    attempt(warehouse_url, "b0", *version(100))
    with readers(warehouse_url) as seen, connect(warehouse_url) as connection:
        for number in range(101, 106):
            assert attempt(warehouse_url, f"b{number}", *version(number)) == "promoted"
            with fault(warehouse_url, ("bi.targets", "insert"), FAULTS["breaks"]):
                with pytest.raises(psycopg.errors.RaiseException):
                    roll_back(connection, "an engineer")
            assert rows(connection, "select max(version) from marts.fct_values") == [(number,)]
            connection.commit()
            roll_back(connection, "an engineer")
            assert rows(connection, "select max(version) from marts.fct_values") == [(100,)]
            connection.commit()
            with pytest.raises(RollbackRefused):
                roll_back(connection, "an engineer")
    assert seen.troubles == []


# A process that makes, for each line, a child that promotes: quicker to start than an interpreter each.
PROMOTERS = """
import os, sys
from warehouse.connection import connect
from warehouse.promote.promote import promote
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        with connect(sys.argv[1]) as connection:
            print(os.getpid(), flush=True)
            promote(connection, line.strip())
        os._exit(0)
    sys.stdin.readline()  # killed; its process id stays taken until waitpid
    os.waitpid(child, 0)
"""


def test_a_promoter_killed_at_any_instant_leaves_the_old_or_the_new_version_whole(warehouse_url):
    attempt(warehouse_url, "b0", *version(100))
    chance = random.Random(7)
    with connect(warehouse_url) as connection:
        build(connection, "b1", *version(101))
        began = time.monotonic()
        promote(connection, "b1")
        longest = 2 * (time.monotonic() - began)
    instants = [0, *(chance.uniform(0, longest) for _ in range(18)), 20 * longest]
    public, fates = 101, set()
    promoters = subprocess.Popen(
        [sys.executable, "-c", PROMOTERS, warehouse_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with readers(warehouse_url) as seen, promoters:
        for number, instant in enumerate(instants, start=102):
            with connect(warehouse_url) as connection:
                build(connection, f"b{number}", *version(number))
            promoters.stdin.write(f"b{number}\n")
            promoters.stdin.flush()
            child = int(promoters.stdout.readline())
            time.sleep(instant)
            os.kill(child, signal.SIGKILL)
            promoters.stdin.write("killed\n")
            promoters.stdin.flush()
            with connect(warehouse_url) as connection:
                connection.execute("lock table undo.promotion")  # until the server has seen that nobody is there
                [(found,)] = rows(connection, "select max(version) from bi.targets")
            assert found in (public, number)
            fates.add(found == number)
            public = found
    assert seen.troubles == []
    assert fates == {True, False}
    assert attempt(warehouse_url, "b999", *version(999)) == "promoted"
    with connect(warehouse_url) as connection:
        assert rows(connection, "select distinct newest from (" + COUNTS + ") as counts") == [(999,)]
        with pytest.raises(BuildOvertaken):
            promote(connection, "b121")
