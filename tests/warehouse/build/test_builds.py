"""Builds: what happens when two of them run at once."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from psycopg.sql import SQL, Identifier

from htx import steps
from tests.life import received, workbook
from tests.warehouse.built import build, rows, two_tables
from warehouse.build.builds import BUILD_SESSIONS, BuildOvertaken, BuildRolledBack, building, clear_next
from warehouse.connection import connect
from warehouse.promote.promote import promote
from warehouse.promote.rollback import RollbackRefused
from warehouse.reference.reference_data import SEEDS, read_reference

# says the process id of dbt, once it runs
START_DBT = """
import os, subprocess, sys
from pathlib import Path
from warehouse.build import dbt
class Told(subprocess.Popen):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print(self.pid, flush=True)
subprocess.Popen = Told
dbt.run_dbt(sys.argv[1], ["build"], Path(sys.argv[2]))
"""
ANSWERS = BuildOvertaken | BuildRolledBack | RollbackRefused | None


def runs(process: int) -> bool:
    try:
        return not Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].startswith(" Z")
    except FileNotFoundError:
        return False


def test_a_gate_that_another_build_overtook_says_so(connection, warehouse_url):
    with building(connection, "b1"):
        pass
    with building(connection, "b2"):
        clear_next(connection)
    with pytest.raises(BuildOvertaken, match="Build b1 was overtaken by another: what was built last is b2, built"):
        steps.validate_marts(warehouse_url, {"build_id": "b1"})


def test_a_gate_waits_for_a_running_build(connection, warehouse_url):
    build(connection, "b1", *two_tables(1))
    with ThreadPoolExecutor(1) as pool:
        with building(connection, "b2"):
            clear_next(connection)
            gate = pool.submit(steps.validate_marts, warehouse_url, {"build_id": "b1"})
            with pytest.raises(TimeoutError):
                gate.result(timeout=1)
        assert isinstance(gate.exception(30), BuildOvertaken)


def test_sessions_that_a_killed_build_left_have_ended_when_the_next_build_begins(connection, warehouse_url):
    with ExitStack() as left_behind:
        for number in range(12):
            session = left_behind.enter_context(closing(connect(warehouse_url)))
            session.execute(SQL("set application_name = {}").format(BUILD_SESSIONS))
            session.execute(SQL("create table public.{} as select 1 as one").format(Identifier(f"left_{number}")))
        with building(connection, "b1"):
            assert rows(
                connection,
                "select count(*) from pg_stat_activity"
                " where application_name = 'htx dbt build' and datname = current_database()",
            ) == [(0,)]
    assert rows(connection, "select tablename from pg_tables where schemaname = 'public'") == []


def test_dbt_ends_with_the_process_that_started_it(warehouse_url, tmp_path):
    starter = subprocess.Popen(
        [sys.executable, "-c", START_DBT, warehouse_url, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with starter:
        dbt = int(starter.stdout.readline())
        time.sleep(1)  # a run of dbt takes several
        assert runs(dbt)
        starter.kill()
    until = time.monotonic() + 30
    while runs(dbt):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert not (tmp_path / "run_results.json").exists()


def test_a_gate_that_runs_again_leaves_the_record_of_a_promoted_build(connection, warehouse_url):
    build(connection, "b1", *two_tables(1))
    steps.promote_marts(warehouse_url, {"build_id": "b1", "state_sha256": "one"})
    with pytest.raises(BuildOvertaken):
        steps.validate_marts(warehouse_url, {"build_id": "b1"})
    assert rows(connection, "select build_id, outcome from quality.builds") == [("b1", "promoted")]


def test_builds_promotions_rollbacks_and_loads_at_once_are_each_done_or_answered(connection, warehouse_url):
    build(connection, "b0", *two_tables(0))
    promote(connection, "b0", "0")
    content = workbook(read_reference(SEEDS), {})

    def build_and_promote(number: int) -> None:
        with connect(warehouse_url) as other:
            build(other, f"b{number}", *two_tables(number), state=str(number))
            steps.promote_marts(warehouse_url, {"build_id": f"b{number}", "state_sha256": str(number)})

    work = [partial(build_and_promote, number) for number in range(1, 5)]
    work += [partial(steps.roll_back, warehouse_url, "Lan")] * 2
    work += [partial(steps.load_files, warehouse_url, [received(content, name=f"{n}.xlsx")]) for n in range(2)]
    with ThreadPoolExecutor(len(work)) as pool:
        ended = [each.exception() for each in [pool.submit(each) for each in work]]
    assert [
        each for each in ended if not isinstance(each, BuildOvertaken | BuildRolledBack | RollbackRefused | None)
    ] == []
    assert rows(connection, "select count(*) from raw.received_files") == [(1,)]
    [(values, targets)] = rows(
        connection,
        "select (select array_agg(distinct version) from marts.fct_values),"
        " (select array_agg(distinct version) from reports.rpt_targets)",
    )
    assert values == targets
    assert len(values) == 1
