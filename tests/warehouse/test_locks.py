"""Locks between our steps: whom a wait names, when it gives up, and that readers cannot take them."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor, TimeoutError

import pytest

from htx import steps
from tests.datasets import rows
from tests.life import received, workbook
from tests.warehouse.built import build, two_tables
from warehouse import locks
from warehouse.build.builds import building
from warehouse.connection import connect
from warehouse.promote.promote import promote
from warehouse.reference.reference_data import SEEDS, read_reference

ALL = (locks.BUILD, locks.PROMOTE, locks.LOAD, locks.REGISTRY, locks.PUBLISH)


@pytest.fixture
def quickly(monkeypatch):
    monkeypatch.setattr(locks, "SECONDS_BETWEEN_LOOKS", 0.2)
    monkeypatch.setattr(locks, "SECONDS_TO_WAIT", 0.5)


@pytest.mark.parametrize("table", ALL)
def test_a_wait_names_the_session_that_it_waits_for_and_gives_up(connection, warehouse_url, quickly, caplog, table):
    with connect(warehouse_url) as holder:
        locks.lock(holder, table)
        named = f"process {holder.info.backend_pid} of the database, login htx, since 20"
        with caplog.at_level(logging.WARNING), pytest.raises(locks.WarehouseBusy) as busy:
            locks.lock(connection, table)
        assert re.fullmatch(
            rf"Gave up after \d+ seconds of waiting for {named}.* \(lock on {table}\)\.", str(busy.value)
        )
        assert len([each for each in caplog.messages if each.startswith("Waiting for process")]) == 1
        holder.rollback()
        locks.lock(connection, table)


def test_a_build_holds_its_lock_over_commits_and_until_its_process_ends(connection, warehouse_url, quickly):
    with connect(warehouse_url) as other:
        with building(connection, "b1"):
            connection.commit()
            with pytest.raises(locks.WarehouseBusy):
                locks.lock(other, locks.BUILD)
            [(pid, *_)] = rows(other, "select * from quality.lock_holders('quality.next_build')")
            other.execute("select pg_terminate_backend(%s, 5000)", [pid])  # as after kill -9
            locks.lock(other, locks.BUILD)


def test_a_lock_that_becomes_free_is_taken(connection, warehouse_url):
    with ThreadPoolExecutor(1) as pool, connect(warehouse_url) as other:
        locks.lock(connection, locks.LOAD)
        waiting = pool.submit(locks.lock, other, locks.LOAD)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        connection.rollback()
        waiting.result(timeout=10)


def test_advisory_locks_keep_nothing_out(connection, warehouse_url):
    with connect(warehouse_url) as intruder:
        intruder.execute("select pg_advisory_lock(7401000 + number) from generate_series(0, 99) as number")
        build(connection, "b1", *two_tables(1))
        promote(connection, "b1")
        [loaded] = steps.load_files(warehouse_url, [received(workbook(read_reference(SEEDS), {}))])
        assert loaded.verdict in ("accepted", "rejected")


def test_reading_and_writing_rows_waits_for_no_lock(connection, warehouse_url):
    with connect(warehouse_url) as holder:
        for table in ALL:
            locks.lock(holder, table)
        connection.execute("set lock_timeout = '1s'")
        for table in ALL:
            connection.execute(f"select from {table} for update")
        connection.execute("delete from quality.next_build")
