"""The clock of a build: dates of the province's reports that have passed."""

from datetime import UTC, datetime, timedelta

from warehouse.build.build_clock import set_clock
from warehouse.build.input_fingerprints import read_fingerprint

REPORT_OF_2024_DUE = datetime(2024, 12, 30, 17, tzinfo=UTC)
REPORT_OF_2025_DUE = datetime(2025, 12, 30, 17, tzinfo=UTC)
REVIEW_DUE = datetime(2026, 3, 30, 17, tzinfo=UTC)


def test_a_build_is_made_from_the_last_date_that_has_passed_and_from_no_other_day(connection):
    def passed(as_of: datetime) -> datetime:
        set_clock(connection, as_of)
        [(until,)] = connection.execute("select passed_until from quality.build_clock").fetchall()
        return until

    assert passed(REPORT_OF_2025_DUE - timedelta(seconds=1)) == REPORT_OF_2024_DUE
    before = read_fingerprint(connection)
    assert passed(REPORT_OF_2024_DUE + timedelta(days=200)) == REPORT_OF_2024_DUE
    assert read_fingerprint(connection) == before
    assert passed(REPORT_OF_2025_DUE) == REPORT_OF_2025_DUE
    assert read_fingerprint(connection) != before
    assert passed(REVIEW_DUE + timedelta(days=1)) == REVIEW_DUE


def test_before_the_plans_first_date_none_has_passed(connection):
    set_clock(connection, datetime(2023, 1, 1, tzinfo=UTC))
    assert connection.execute("select passed_until = '-infinity' from quality.build_clock").fetchall() == [(True,)]
