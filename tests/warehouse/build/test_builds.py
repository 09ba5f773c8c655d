"""Builds: what happens when two of them run at once."""

from concurrent.futures import ThreadPoolExecutor, TimeoutError
from functools import partial

import pytest

from htx import steps
from tests.life import received, workbook
from tests.warehouse.built import build, rows, two_tables
from warehouse.build.builds import BuildOvertaken, BuildRolledBack, building, clear_next
from warehouse.connection import connect
from warehouse.promote.promote import promote
from warehouse.promote.rollback import RollbackRefused
from warehouse.reference.reference_data import SEEDS, read_reference

ANSWERS = BuildOvertaken | BuildRolledBack | RollbackRefused | None


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
