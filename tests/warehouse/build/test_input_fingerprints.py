"""What makes a build necessary, and what does not."""

import psycopg
import pytest

from warehouse.build.input_fingerprints import read_fingerprint


def pull(connection: psycopg.Connection, day: str, content: str) -> str:
    """Record a snapshot of the registry; the fingerprint then."""
    connection.execute(
        "insert into raw.registry_snapshots (snapshot_id, speaks_of, content_id, row_counts, pulled_at)"
        " values (%s, %s, %s, '{}', clock_timestamp())",
        [f"{day} {content}", day, content],
    )
    return read_fingerprint(connection)


def test_an_unchanged_registry_pulled_on_another_day_makes_no_build_necessary(connection):
    first = pull(connection, "2025-11-30", "content one")
    assert pull(connection, "2025-12-01", "content one") == first
    assert pull(connection, "2026-02-01", "content one") == first


@pytest.mark.parametrize("column", ["held_from", "held_to"])
def test_a_term_of_office_that_began_or_ended_between_two_pulls_makes_a_build_necessary(connection, column):
    connection.execute(
        f"insert into raw.registry_managers (row_id, registration_number, {column}) values ('m', '1', '2025-12-14')"
    )
    first = pull(connection, "2025-11-30", "content one")
    assert pull(connection, "2025-12-13", "content one") == first
    second = pull(connection, "2025-12-24", "content one")
    assert second != first
    assert pull(connection, "2025-12-25", "content one") == second


def test_a_pull_of_the_day_of_the_baseline_makes_a_build_necessary(connection):
    first = pull(connection, "2023-03-01", "content one")
    assert pull(connection, "2023-03-24", "content one") != first


def test_a_change_of_the_functions_that_models_call_makes_a_build_necessary(connection):
    first = read_fingerprint(connection)
    connection.execute("update quality.schema_versions set schema_sha256 = 'another'")
    assert read_fingerprint(connection) != first


def test_a_registry_that_changed_or_changed_back_makes_a_build_necessary(connection):
    first = pull(connection, "2025-11-30", "content one")
    second = pull(connection, "2025-12-01", "content two")
    third = pull(connection, "2025-12-02", "content one")
    assert len({first, second, third}) == 3


def test_of_two_pulls_that_speak_of_one_day_the_later_one_counts(connection):
    first = pull(connection, "2025-11-30", "content one")
    assert pull(connection, "2025-11-30", "content two") != first


def test_a_snapshot_of_a_day_before_all_others_makes_a_build_necessary(connection):
    first = pull(connection, "2025-11-30", "content one")
    assert pull(connection, "2025-11-01", "content one") != first


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_each_file_received_makes_a_build_necessary(connection, verdict):
    before = read_fingerprint(connection)
    connection.execute("insert into raw.files values ('ab', '', 0)")
    connection.execute(
        "insert into raw.received_files"
        " (submission_id, sha256, folder, file_name, received_at, receipt_number, verdict)"
        " values ('s1', 'ab', '688', 'a.xlsx', now(), 'x', %s)",
        [verdict],
    )
    assert read_fingerprint(connection) != before
