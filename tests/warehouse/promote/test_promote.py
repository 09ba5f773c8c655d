"""Publishing: what readers see while builds come and go."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.warehouse.built import build, rows, two_tables
from warehouse.build.builds import BuildOvertaken, building, mark_validated, promoted_state
from warehouse.connection import connect
from warehouse.promote.promote import PromotionBlocked, promote
from warehouse.promote.row_diff import TableChange


def test_what_was_built_becomes_public(connection):
    build(connection, "b1", "create table next_marts.dim_units as select '688' as code, 'Đồng Phú' as name")
    assert promote(connection, "b1", "state one") == [TableChange("marts.dim_units", deleted=0, inserted=1)]
    assert rows(connection, "select code, name from marts.dim_units") == [("688", "Đồng Phú")]
    assert promoted_state(connection) == "state one"
    assert rows(connection, "select build_id, outcome from quality.builds") == [("b1", "promoted")]


def test_the_public_schemas_stand_when_nothing_was_built_for_them(connection):
    build(connection, "b1", "create table next_marts.t (n int)", "drop schema next_bi")
    promote(connection, "b1")
    assert rows(connection, "select to_regnamespace('bi') is not null, to_regnamespace('reports') is not null") == [
        (True, True)
    ]


def test_nothing_is_promoted_before_the_first_promotion(connection):
    assert promoted_state(connection) is None


KEYED = "create table next_marts.t (n int primary key, half numeric, word text)"


def test_rows_that_stay_are_not_written_again(connection):
    build(connection, "b1", KEYED, "insert into next_marts.t select n, n % 2, null from generate_series(1, 5) as n")
    promote(connection, "b1")
    before = dict(rows(connection, "select n, ctid::text || xmin::text from marts.t"))
    build(connection, "b2", KEYED, "insert into next_marts.t select n, n % 2, null from generate_series(2, 6) as n")
    assert promote(connection, "b2") == [TableChange("marts.t", deleted=1, inserted=1)]
    after = dict(rows(connection, "select n, ctid::text || xmin::text from marts.t"))
    assert sorted(after) == [2, 3, 4, 5, 6]
    assert {n: after[n] for n in (2, 3, 4, 5)} == {n: before[n] for n in (2, 3, 4, 5)}


def test_rows_that_changed_are_replaced_to_the_last_digit(connection):
    build(connection, "b1", KEYED, "insert into next_marts.t values (1, 1.5, 'a'), (2, 2, null), (3, 3, 'c')")
    promote(connection, "b1")
    build(connection, "b2", KEYED, "insert into next_marts.t values (1, 1.50, 'a'), (2, 2, null), (3, 3, null)")
    assert promote(connection, "b2") == [TableChange("marts.t", deleted=2, inserted=2)]
    assert rows(connection, "select n, half::text, word from marts.t order by n") == [
        (1, "1.50", "a"), (2, "2", None), (3, "3", None),
    ]  # fmt: skip


def test_a_table_without_a_key_is_replaced_as_a_whole(connection):
    build(connection, "b1", "create table next_marts.t (n, word) as values (1, 'a'), (1, 'a'), (1, 'a'), (null, null)")
    assert promote(connection, "b1") == [TableChange("marts.t", deleted=0, inserted=4)]
    build(connection, "b2", "create table next_marts.t (n, word) as values (1, 'a'), (null, null), (null, null)")
    assert promote(connection, "b2") == [TableChange("marts.t", deleted=4, inserted=3)]
    assert rows(connection, "select n, word from marts.t order by n") == [(1, "a"), (None, None), (None, None)]


def test_a_table_that_is_built_no_more_disappears_and_tables_of_others_stay(connection):
    build(connection, "b1", "create table next_marts.kept (n int)", "create table next_marts.dropped (n int)")
    promote(connection, "b1")
    connection.execute("create table marts.of_an_analyst (n int)")
    build(connection, "b2", "create table next_marts.kept (n int)")
    promote(connection, "b2")
    names = rows(connection, "select relname from pg_class where relnamespace = 'marts'::regnamespace order by 1")
    assert names == [("kept",), ("of_an_analyst",)]


def test_a_table_whose_columns_change_keeps_its_identity_and_its_readers(connection, warehouse_url):
    build(connection, "b1", "create table next_marts.t as select 1 as n, 'x' as gone, 2.5::float as size")
    promote(connection, "b1")
    identity = rows(connection, "select 'marts.t'::regclass::oid")
    connection.commit()
    build(connection, "b2", "create table next_marts.t as select 1 as n, 2.5::numeric as size, true as is_new")
    with reading(warehouse_url) as read:
        assert read("select 1") == [(1,)]  # the reader's version is that of this instant
        promote(connection, "b2")
        assert read("select count(*) from marts.t") == [(1,)]
    assert rows(connection, "select n, size, is_new from marts.t") == [(1, 2.5, True)]
    assert rows(connection, "select 'marts.t'::regclass::oid") == identity


def test_a_view_of_what_is_not_promoted_becomes_a_table(connection):
    build(
        connection,
        "b1",
        "create table next_quality.source as select 7 as n",
        "create view next_marts.evidence as select n from next_quality.source",
    )
    promote(connection, "b1", schemas={"next_marts": "marts"})
    connection.execute("drop schema next_quality cascade")
    assert rows(connection, "select n from marts.evidence") == [(7,)]


VIEWS = [
    "create view next_reports.rpt_t as select n, size from next_marts.t where size <> 'next_marts'",
    "create view next_bi.t as select n from next_reports.rpt_t",
    "comment on view next_bi.t is 'Numbers. One row per number.'",
    "comment on column next_bi.t.n is 'a number'",
]


def test_a_view_of_built_tables_becomes_the_same_view_of_the_public_ones(connection, warehouse_url):
    build(connection, "b1", "create table next_marts.t as select 1 as n, 'a' as size", *VIEWS)
    promote(connection, "b1")
    build(connection, "b2", "create table next_marts.t as select 2 as n, 'b' as size", *VIEWS)
    with reading(warehouse_url) as read:
        assert read("select n from bi.t") == [(1,)]
        assert promote(connection, "b2") == [TableChange("marts.t", deleted=1, inserted=1)]
        assert read("select n from bi.t") == [(1,)]
    connection.execute("drop schema next_marts cascade")
    assert rows(connection, "select n from bi.t") == [(2,)]
    assert rows(connection, "select schemaname from pg_views where viewname in ('t', 'rpt_t') order by 1") == [
        ("bi",),
        ("reports",),
    ]
    assert rows(connection, "select obj_description('bi.t'::regclass), col_description('bi.t'::regclass, 1)") == [
        ("Numbers. One row per number.", "a number")
    ]


def test_views_do_not_keep_a_table_from_changing_its_columns(connection):
    build(connection, "b1", "create table next_marts.t as select 1 as n, 'a' as size", *VIEWS)
    promote(connection, "b1")
    wider = [statement.replace("select n, size", "select n, size, 2 * n as twice") for statement in VIEWS]
    build(connection, "b2", "create table next_marts.t as select 2::bigint as n, 'b' as size", *wider)
    promote(connection, "b2")
    assert rows(connection, "select n, twice from reports.rpt_t") == [(2, 4)]
    assert rows(connection, "select n from bi.t") == [(2,)]
    build(connection, "b3", "create table next_marts.t as select 3::bigint as n, 'c' as size")
    promote(connection, "b3")
    assert rows(connection, "select to_regclass('bi.t'), to_regclass('reports.rpt_t')") == [(None, None)]


def test_rights_on_a_view_survive_a_change_of_its_columns(connection):
    build(connection, "b1", "create table next_marts.t as select 1 as n, 'a' as size", *VIEWS)
    promote(connection, "b1")
    connection.execute("grant select on reports.rpt_t to pg_monitor with grant option")
    connection.execute("grant select on bi.t to public")
    granted = "select relname, array_to_string(relacl, ' ') from pg_class where oid = any(%s::regclass[]) order by 1"
    views = [["reports.rpt_t", "bi.t"]]
    before = connection.execute(granted, views).fetchall()
    wider = [statement.replace("select n, size", "select n, size, 2 * n as twice") for statement in VIEWS]
    build(connection, "b2", "create table next_marts.t as select 2::bigint as n, 'b' as size", *wider)
    promote(connection, "b2")
    assert connection.execute(granted, views).fetchall() == before
    assert "pg_monitor=r*" in before[0][1]


def test_somebodys_own_view_on_a_report_is_named_when_it_is_in_the_way(connection):
    build(connection, "b1", "create table next_marts.t as select 1 as n, 'a' as size", *VIEWS)
    promote(connection, "b1")
    connection.execute("create view public.own as select size from reports.rpt_t")
    connection.commit()
    build(connection, "b2", "create table next_marts.t as select 2::bigint as n, 'b' as size", *VIEWS)
    with pytest.raises(
        PromotionBlocked, match=r"view public\.own depends on view reports\.rpt_t\. Drop it, build again"
    ):
        promote(connection, "b2")
    assert rows(connection, "select n from bi.t") == [(1,)]
    connection.execute("drop view public.own")
    promote(connection, "b2")
    assert rows(connection, "select n from bi.t") == [(2,)]


def test_a_table_becomes_a_view_and_a_table_again(connection):
    as_table = ["create table next_marts.t as select 1 as n", "create table next_bi.t as select 1 as n"]
    build(connection, "b1", *as_table)
    promote(connection, "b1")
    build(connection, "b2", as_table[0], "create view next_bi.t as select n from next_marts.t")
    promote(connection, "b2")
    assert rows(connection, "select relkind, (select n from bi.t) from pg_class where oid = 'bi.t'::regclass") == [
        ("v", 1)
    ]
    build(connection, "b3", *as_table)
    promote(connection, "b3")
    assert rows(connection, "select relkind, (select n from bi.t) from pg_class where oid = 'bi.t'::regclass") == [
        ("r", 1)
    ]


def test_comments_keys_and_required_columns_come_along(connection):
    with_promises = [
        "create table next_marts.t (code text primary key, size int not null, note text)",
        "create index on next_marts.t (size)",
        "comment on table next_marts.t is 'Units. One row per unit.'",
        "comment on column next_marts.t.size is 'members'",
    ]
    build(connection, "b1", *with_promises)
    promote(connection, "b1")
    build(connection, "b2", *with_promises)
    promote(connection, "b2")
    assert rows(connection, "select obj_description('marts.t'::regclass), col_description('marts.t'::regclass, 2)") == [
        ("Units. One row per unit.", "members")
    ]
    definitions = rows(
        connection, "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'marts.t'::regclass order by 1"
    )
    assert definitions == [
        ("CREATE INDEX t_size_idx ON marts.t USING btree (size)",),
        ("CREATE UNIQUE INDEX t_pkey ON marts.t USING btree (code)",),
    ]
    with pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute("insert into marts.t values ('688', null)")
    connection.rollback()
    build(connection, "b3", "create table next_marts.t (code text, size int, note text)")
    promote(connection, "b3")
    assert rows(connection, "select count(*) from pg_index where indrelid = 'marts.t'::regclass") == [(0,)]
    assert rows(connection, "select obj_description('marts.t'::regclass)") == [(None,)]
    connection.execute("insert into marts.t values ('688', null)")


def test_findings_of_history_are_promoted_under_the_view_that_shows_them(connection):
    connection.execute("insert into raw.files values ('ab', '', 0)")
    connection.execute(
        "insert into raw.received_files"
        " (submission_id, sha256, folder, file_name, received_at, receipt_number, verdict)"
        " values ('s1', 'ab', '688', 'a.xlsx', now(), 'x', 'accepted')"
    )
    connection.commit()
    history = (
        "create table next_quality.history_findings as select 'F-1' as finding_id, 's1' as submission_id,"
        " 'H01' as rule_code, 'query' as severity, '01_HTX' as sheet_code, 5 as row_number, 'members' as field_code,"
        " 'F5' as cell, '12' as value, 'Kiểm tra lại' as message_vi, 'Check' as message_en"
    )
    build(connection, "b1", history)
    promote(connection, "b1")
    assert rows(connection, "select finding_id, cell, message_vi from quality.findings") == [
        ("F-1", "F5", "Kiểm tra lại")
    ]
    build(connection, "b2", history + " limit 0")
    promote(connection, "b2")
    assert rows(connection, "select finding_id from quality.findings") == []


# Whose build it is


def test_a_build_that_was_not_validated_is_not_promoted(connection):
    with building(connection, "b1"):
        connection.execute("create schema next_marts")
    with pytest.raises(BuildOvertaken, match="b1, built"):
        promote(connection, "b1", schemas={"next_marts": "marts"})


def test_a_build_that_another_overtook_is_not_promoted(connection):
    build(connection, "b1", *two_tables(1))
    build(connection, "b2", *two_tables(2))
    with pytest.raises(BuildOvertaken, match="b2, validated"):
        promote(connection, "b1")
    promote(connection, "b2")
    assert rows(connection, "select distinct version from marts.fct_values") == [(2,)]


def test_a_build_cannot_be_validated_after_another_began(connection):
    with building(connection, "b1"):
        pass
    with building(connection, "b2"):
        pass
    with pytest.raises(BuildOvertaken):
        mark_validated(connection, "b1")
    assert rows(connection, "select build_id, outcome from quality.builds order by 1") == [
        ("b1", "overtaken"),
        ("b2", None),
    ]


def test_promoting_a_build_twice_does_it_once(connection):
    build(connection, "b1", *two_tables(1))
    promote(connection, "b1", "state one")
    assert promote(connection, "b1", "state one") == []


def test_a_build_that_breaks_is_recorded_and_frees_the_way_for_the_next(connection):
    with pytest.raises(psycopg.errors.UndefinedTable):
        with building(connection, "b1"):
            connection.execute("select * from nowhere")
    assert rows(connection, "select build_id, outcome from quality.builds") == [("b1", "failed")]
    build(connection, "b2", *two_tables(2))
    promote(connection, "b2")


def test_a_second_build_waits_until_the_first_has_ended(connection, warehouse_url):
    began = threading.Event()

    def build_second() -> None:
        with connect(warehouse_url) as other, building(other, "b2"):
            began.set()

    with building(connection, "b1"):
        second = threading.Thread(target=build_second)
        second.start()
        assert not began.wait(0.3)
    assert began.wait(10)
    second.join()


# What readers see


@contextmanager
def reading(url: str) -> Iterator[Callable[[str], list[tuple]]]:
    """A function that reads in one long REPEATABLE READ transaction."""
    with connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield lambda query: connection.execute(query).fetchall()


BOTH = "select 'values', version, count(*) from marts.fct_values group by 2 union all " + (
    "select 'targets', version, count(*) from reports.rpt_targets group by 2 order by 1"
)


def test_a_long_transaction_sees_one_version_while_others_are_promoted(connection, warehouse_url):
    build(connection, "b1", *two_tables(1))
    promote(connection, "b1")
    with reading(warehouse_url) as read:
        assert read("select version, count(*) from reports.rpt_targets group by 1") == [(1, 18)]
        for version in (2, 3):
            build(connection, f"b{version}", *two_tables(version))
            promote(connection, f"b{version}")
            assert read(BOTH) == [("targets", 1, 18), ("values", 1, 300)]
    assert rows(connection, BOTH) == [("targets", 3, 18), ("values", 3, 300)]


def test_a_promotion_that_breaks_in_the_middle_leaves_the_old_version(connection):
    build(connection, "b1", *two_tables(1))
    promote(connection, "b1", "state one")
    breaks = "create view next_reports.zz_breaks as select 1 / n as n from generate_series(0, 0) as n"
    build(connection, "b2", *two_tables(2), breaks)
    with pytest.raises(psycopg.errors.DivisionByZero):
        promote(connection, "b2")
    assert rows(connection, BOTH) == [("targets", 1, 18), ("values", 1, 300)]
    assert promoted_state(connection) == "state one"
