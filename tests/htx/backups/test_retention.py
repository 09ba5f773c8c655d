"""Which backups are kept, with literal days."""

from datetime import UTC, datetime, timedelta

import pytest

from htx.backups.retention import Retention

NIGHT = timedelta(days=1)
FIRST = datetime(2026, 1, 1, 19, tzinfo=UTC)  # 2 January, 2 o'clock in Viet Nam


def days(instants: set[datetime]) -> list[str]:
    return [f"{each:%Y-%m-%d}" for each in sorted(instants)]


def test_the_newest_of_each_of_the_last_days_weeks_and_months_is_kept():
    nights = [FIRST + NIGHT * number for number in range(120)]  # to 30 April, 19 o'clock UTC
    assert days(Retention(3, 2, 4).kept(nights)) == [
        "2026-02-27",  # of February in Viet Nam, where the next one is of March
        "2026-03-30",
        "2026-04-25",  # the Sunday of the week before
        "2026-04-28",
        "2026-04-29",  # of April in Viet Nam
        "2026-04-30",  # of May
    ]


def test_days_without_a_backup_do_not_count():
    assert days(Retention(2, 0, 0).kept([FIRST, FIRST + NIGHT * 40, FIRST + NIGHT * 90])) == [
        "2026-02-10",
        "2026-04-01",
    ]


def test_of_one_day_the_newest_is_kept():
    morning, evening = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert Retention(5, 5, 5).kept([morning, evening]) == {evening}


def test_the_newest_of_all_is_kept_whatever_the_setting():
    assert days(Retention(0, 0, 0).kept([FIRST, FIRST + NIGHT])) == ["2026-01-02"]
    assert Retention(0, 0, 0).kept([]) == set()


def test_the_setting_is_three_numbers():
    assert Retention.of("daily=14 weekly=8 monthly=24") == Retention(14, 8, 24)
    with pytest.raises(ValueError, match="BACKUP_KEEP must be written daily=14 weekly=8 monthly=24, and not 'forever'"):
        Retention.of("forever")
