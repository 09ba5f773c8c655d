"""Connections, and the tables of ours."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy

from warehouse.connection import WarehouseUnreachable, connect, create_schema, engine, plain_url

NOWHERE = "postgresql://somebody:secret@127.0.0.1:1/warehouse"


def test_a_server_that_is_not_there_is_named_without_the_password():
    with pytest.raises(WarehouseUnreachable, match=r"127\.0\.0\.1:1/warehouse cannot be reached") as raised:
        connect(NOWHERE)
    assert "secret" not in str(raised.value)


def test_a_url_of_another_kind_is_refused():
    with pytest.raises(WarehouseUnreachable, match="must begin with postgresql://"):
        connect("mysql://127.0.0.1/warehouse")


def test_the_driver_in_a_url_of_sqlalchemy_does_not_matter():
    assert plain_url("postgresql+psycopg2://a@b/c") == plain_url("postgres://a@b/c") == "postgresql://a@b/c"


def test_sessions_speak_of_instants_in_utc(warehouse_url):
    with connect(warehouse_url) as connection:
        assert connection.execute("show timezone").fetchone() == ("UTC",)
    with engine(warehouse_url).connect() as connection:
        assert connection.execute(sqlalchemy.text("show timezone")).scalar() == "UTC"


def test_making_the_tables_twice_keeps_what_is_in_them(connection):
    connection.execute("insert into raw.files values ('ab12', 'bytes', 5)")
    connection.commit()
    connection.execute("delete from quality.schema_versions")  # as after an edit of schema/*.sql
    create_schema(connection)
    assert connection.execute("select sha256, byte_count from raw.files").fetchall() == [("ab12", 5)]


def test_two_programs_may_make_the_tables_at_once(warehouse_url):
    def drop_nothing_and_create() -> None:
        with connect(warehouse_url) as connection:
            connection.execute("delete from quality.schema_versions")
            connection.commit()
            create_schema(connection)

    with connect(warehouse_url) as connection:
        connection.execute("drop schema raw cascade")
        connection.execute("drop schema quality cascade")
        connection.commit()
        create_schema(connection)
    with ThreadPoolExecutor(4) as pool:
        assert [each.result() for each in [pool.submit(drop_nothing_and_create) for _ in range(4)]] == [None] * 4


def test_a_database_that_cannot_lower_vietnamese_is_refused_with_the_remedy(server, connection):
    from warehouse.server import embedded as embedded_server

    with connect(embedded_server.url(server, "postgres"), autocommit=True) as administrator:
        administrator.execute(
            "create database ascii template template0 encoding 'UTF8' locale 'C' locale_provider libc"
        )
    with connect(embedded_server.url(server, "ascii")) as connection:
        with pytest.raises(WarehouseUnreachable, match=r"builtin_locale 'C\.UTF-8'"):
            create_schema(connection)


def test_every_table_of_ours_says_what_a_row_is(connection):
    silent = connection.execute(
        "select relname from pg_class where relnamespace = any('{raw, quality}'::regnamespace[])"
        " and relkind = any('{r,p,v}') and not relispartition and obj_description(oid) is null"
    ).fetchall()
    assert silent == []


SUBMISSION = (
    "insert into raw.received_files (submission_id, sha256, folder, file_name, received_at, receipt_number, verdict,"
    " reporting_unit_code, report_year, report_kind, submission_kind) values (%s, %s, '688', %s, %s, 'x', %s, '688',"
    " 1999, %s, %s)"
)


def receive(connection, submission_id, received_at, kind, verdict="accepted", report_kind="annual"):
    connection.execute("insert into raw.files values (%s, '', 0)", [submission_id])
    name = f"{submission_id}.xlsx"
    values = [submission_id, submission_id, name, received_at, verdict, report_kind, kind]
    connection.execute(SUBMISSION, values)


def statuses(connection):
    return dict(connection.execute("select submission_id, status from raw.submissions").fetchall())


def test_a_full_replacement_supersedes_all_that_came_before_it(connection):
    receive(connection, "first", "1999-11-01", "first")
    receive(connection, "correction", "1999-11-02", "partial_correction")
    receive(connection, "replacement", "1999-11-03", "full_replacement")
    receive(connection, "later correction", "1999-11-04", "partial_correction")
    assert statuses(connection) == {
        "first": "superseded",
        "correction": "superseded",
        "replacement": "accepted",
        "later correction": "accepted",
    }


def test_a_rejected_replacement_changes_nothing(connection):
    receive(connection, "first", "1999-11-01", "first")
    receive(connection, "replacement", "1999-11-03", "full_replacement", verdict="rejected")
    assert statuses(connection) == {"first": "accepted", "replacement": "rejected"}


def test_final_figures_supersede_the_estimate_whenever_they_came(connection):
    receive(connection, "final", "1999-11-01", "first", report_kind="annual_final")
    receive(connection, "estimate", "1999-11-03", "first")
    assert statuses(connection) == {"final": "accepted", "estimate": "superseded"}


def test_an_adhoc_report_stands_beside_the_yearly_one(connection):
    receive(connection, "yearly", "1999-11-01", "first")
    receive(connection, "beside", "1999-11-03", "first", report_kind="adhoc")
    assert statuses(connection) == {"yearly": "accepted", "beside": "accepted"}


FINDING = (
    "insert into quality.file_findings values (%s, %s, 'V01', 'query', '01_HTX', 5, 'members', 'F5', '12', 'x', 'x')"
)


def test_an_answer_closes_the_query_that_it_names(connection):
    receive(connection, "first", "1999-11-01", "first")
    connection.execute(FINDING, ["F-AAAA", "first"])
    assert statuses(connection)["first"] == "accepted_with_queries"
    receive(connection, "explanation", "1999-11-02", "partial_correction")
    connection.execute(
        "insert into raw.sheet_rows values ('explanation', '11_GIAI_TRINH', 3, '{}',"
        """ '{"finding_id": "f-aaaa", "answer": "Đúng là 12 người"}')"""
    )
    assert connection.execute("select finding_id, answer from quality.findings").fetchall() == [
        ("F-AAAA", "Đúng là 12 người")
    ]
    assert statuses(connection) == {"first": "accepted", "explanation": "accepted"}
