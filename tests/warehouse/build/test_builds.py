"""Builds: what happens when two of them run at once."""

from concurrent.futures import ThreadPoolExecutor, TimeoutError

import pytest

from htx import steps
from tests.warehouse.built import build, rows, two_tables
from warehouse.build.builds import BuildOvertaken, building, clear_next


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


def test_a_gate_that_runs_again_leaves_the_record_of_a_promoted_build(connection, warehouse_url):
    build(connection, "b1", *two_tables(1))
    steps.promote_marts(warehouse_url, {"build_id": "b1", "state_sha256": "one"})
    with pytest.raises(BuildOvertaken):
        steps.validate_marts(warehouse_url, {"build_id": "b1"})
    assert rows(connection, "select build_id, outcome from quality.builds") == [("b1", "promoted")]
