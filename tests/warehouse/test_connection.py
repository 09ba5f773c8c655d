"""Connections, and the tables of ours."""

import pytest
import sqlalchemy

from warehouse.connection import WarehouseUnreachable, connect, engine, plain_url

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


def test_final_figures_that_only_correct_leave_the_estimate_in_force(connection):
    receive(connection, "estimate", "1999-11-01", "first")
    receive(connection, "final", "1999-11-03", "partial_correction", report_kind="annual_final")
    assert statuses(connection) == {"estimate": "accepted", "final": "accepted"}


def test_files_of_one_instant_are_ordered_by_their_names(connection):
    for name in ("b", "a"):
        receive(connection, name, "1999-11-01", "first")
    assert statuses(connection) == {"a": "superseded", "b": "accepted"}


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
