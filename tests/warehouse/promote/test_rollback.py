"""Going back one version, and what it takes to go forward again."""

import psycopg
import pytest

from tests.warehouse.built import build, rows, two_tables
from warehouse.build.builds import (
    BuildRolledBack,
    building,
    clear_next,
    mark_validated,
    promoted_build,
    promoted_state,
    rollback_of,
)
from warehouse.connection import connect
from warehouse.promote.promote import promote
from warehouse.promote.rollback import RollbackRefused, roll_back
from warehouse.promote.row_diff import TableChange


def released(
    connection: psycopg.Connection, build_id: str, *statements: str, state: str | None = None
) -> list[TableChange]:
    build(connection, build_id, *statements, state=state)
    return promote(connection, build_id, state)


def test_the_version_before_comes_back_to_the_row(connection):
    first = "create table next_marts.t (n, word) as values (1, 'a'), (1, 'a'), (2, null), (3, 'ổi')"
    second = "create table next_marts.t (n, word) as values (1, 'a'), (2, null), (2, null), (4, 'x')"
    released(connection, "b1", first, "create table next_bi.t (day, share) as values (date '2025-01-31', 1.50)")
    released(connection, "b2", second, "create table next_bi.t (day, share) as values (date '2025-02-01', 1.25)")
    assert roll_back(connection, "an engineer", "wrong roster") == [
        TableChange("bi.t", deleted=1, inserted=1),
        TableChange("marts.t", deleted=4, inserted=4),
    ]
    assert rows(connection, "select n, word from marts.t order by 1, 2") == [(1, "a"), (1, "a"), (2, None), (3, "ổi")]
    assert rows(connection, "select day::text, share::text from bi.t") == [("2025-01-31", "1.50")]
    assert promoted_build(connection) == "b1"
    assert rows(
        connection,
        "select build_id, outcome, rolled_back_by, rolled_back_because, rolled_back_at > finished_at"
        " from quality.builds order by 1",
    ) == [("b1", "promoted", None, None, None), ("b2", "rolled_back", "an engineer", "wrong roster", True)]


def test_findings_of_history_go_back_too(connection):
    history = (
        "create table next_quality.history_findings as select {id} as finding_id, 's1' as submission_id,"
        " 'H01' as rule_code, 'query' as severity, '01_HTX' as sheet_code, 5 as row_number, 'members' as field_code,"
        " 'F5' as cell, '12' as value, 'Kiểm tra lại' as message_vi, 'Check' as message_en"
    )
    released(connection, "b1", history.format(id="'F-1'"))
    released(connection, "b2", history.format(id="'F-2'"))
    roll_back(connection, "an engineer")
    assert rows(connection, "select finding_id from quality.history_findings") == [("F-1",)]


def test_what_is_kept_is_what_changed_and_not_the_tables(connection):
    keyed = "create table next_marts.t (n int primary key)"
    released(connection, "b1", keyed, "insert into next_marts.t select n from generate_series(1, 1000) as n")
    released(connection, "b2", keyed, "insert into next_marts.t select n from generate_series(3, 1001) as n")
    kept = "select table_name, deleted_row, inserted_key is not null from undo.rows order by 2"
    assert rows(connection, kept) == [("t", "(1)", False), ("t", "(2)", False), ("t", None, True)]
    released(connection, "b3", keyed, "insert into next_marts.t select n from generate_series(3, 1002) as n")
    assert rows(connection, kept) == [("t", None, True)]


def test_a_second_rollback_is_refused_with_a_sentence(connection):
    released(connection, "b1", *two_tables(1))
    released(connection, "b2", *two_tables(2))
    released(connection, "b3", *two_tables(3))
    roll_back(connection, "an engineer")
    with pytest.raises(RollbackRefused, match="b3, cannot be rolled back: it was rolled back already"):
        roll_back(connection, "an engineer")
    assert rows(connection, "select distinct version from marts.fct_values") == [(2,)]


def test_there_is_nothing_before_the_first_promotion_nor_before_any(connection):
    with pytest.raises(RollbackRefused, match="Nothing was promoted"):
        roll_back(connection, "an engineer")
    released(connection, "b1", *two_tables(1))
    with pytest.raises(RollbackRefused, match="b1, cannot be rolled back: it is the first promotion"):
        roll_back(connection, "an engineer")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("create table next_marts.t (n int, note text)", "marts.t has other columns or keys"),
        ("create table next_marts.t (n int primary key)", "marts.t has other columns or keys"),
        ("create table next_marts.t (n bigint)", "marts.t has other columns or keys"),
        ("create table next_marts.u (n int)", "marts.u is new, marts.t is gone"),
    ],
)
def test_a_version_of_another_shape_cannot_be_rolled_back(connection, statement, sentence):
    released(connection, "b1", "create table next_marts.t (n int)")
    released(connection, "b2", statement)
    with pytest.raises(RollbackRefused, match=rf"it changed the shape of tables \({sentence}\)"):
        roll_back(connection, "an engineer")


def test_rows_that_somebody_changed_by_hand_are_not_rolled_over(connection):
    released(connection, "b1", *two_tables(1))
    released(connection, "b2", *two_tables(2))
    connection.execute("update marts.fct_values set version = 9 where n = 5")
    connection.commit()
    with pytest.raises(RollbackRefused, match=r"marts.fct_values was changed by hand since build b2 promoted it"):
        roll_back(connection, "an engineer")
    by_version = rows(connection, "select version, count(*) from marts.fct_values group by 1 order by 1")
    assert by_version == [(2, 299), (9, 1)]


def test_what_was_rolled_back_is_not_promoted_again_by_itself(connection):
    released(connection, "b1", *two_tables(1), state="one")
    released(connection, "b2", *two_tables(2), state="two")
    with building(connection, "b3", "two"):  # began before the rollback, of the same state
        clear_next(connection)
        for statement in ("create schema next_marts", "create schema next_reports", *two_tables(2)[:1]):
            connection.execute(statement)
    mark_validated(connection, "b3")
    roll_back(connection, "an engineer", "wrong roster")
    assert promoted_state(connection) == "one"
    assert "as b2, and rolled back on " in rollback_of(connection, "two")
    assert "by an engineer (wrong roster)" in rollback_of(connection, "two")
    assert rollback_of(connection, "one") is None
    with pytest.raises(BuildRolledBack, match="as b2, and rolled back on"):
        promote(connection, "b3", "two")
    assert rows(connection, "select distinct version from marts.fct_values") == [(1,)]


def test_a_build_that_was_rolled_back_stays_so_when_its_task_is_cleared(connection):
    released(connection, "b1", *two_tables(1))
    released(connection, "b2", *two_tables(2))
    roll_back(connection, "an engineer")
    with pytest.raises(BuildRolledBack):
        promote(connection, "b2")


def test_a_later_build_of_the_same_state_is_promoted_on_request(connection):
    released(connection, "b1", *two_tables(1), state="one")
    released(connection, "b2", *two_tables(2), state="two")
    roll_back(connection, "an engineer")
    released(connection, "b3", *two_tables(2), state="two")
    assert promoted_state(connection) == "two"
    assert rollback_of(connection, "two") is None
    roll_back(connection, "an engineer")
    assert promoted_build(connection) == "b1"


def test_going_back_waits_for_no_build(connection, warehouse_url):
    released(connection, "b1", *two_tables(1))
    released(connection, "b2", *two_tables(2))
    with connect(warehouse_url) as other, building(other, "b3"):
        roll_back(connection, "an engineer")
    assert rows(connection, "select distinct version from reports.rpt_targets") == [(1,)]
