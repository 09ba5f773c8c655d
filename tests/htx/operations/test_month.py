"""A month without anybody, by a played clock: an approval that stalls, then a registry, an inbox, backups that end."""

import email
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import policy
from pathlib import Path

import psycopg
import pytest

from htx import matters, steps
from htx.backups import storage
from htx.backups.backup import back_up
from htx.backups.retention import Retention
from htx.operations.places import Places
from ingestion.intake.registry_snapshots import TABLES, RegistryUnreadable
from tests.life import received
from warehouse.connection import connect
from warehouse.reference.time_zone import VIET_NAM

FIRST = date(2026, 3, 2)  # a Monday
DAYS = [FIRST + timedelta(days=number) for number in range(30)]
LAST_PULL, LAST_BACKUP = date(2026, 3, 10), date(2026, 3, 12)
LAST_LOOK = date(2026, 3, 11), 8
KEPT = Retention(daily=3, weekly=2, monthly=1)
OTHER_TABLES = """
    select schemaname || '.' || relname from pg_stat_user_tables where schemaname <> 'raw' order by 1
"""


def at(day: date, hour: int) -> datetime:
    """An hour of a day in Viet Nam."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=VIET_NAM).astimezone(UTC)


@pytest.fixture
def registry(tmp_path) -> Path:
    """A registry of one cooperative."""
    path = tmp_path / "registry.sqlite"
    with sqlite3.connect(path) as database:
        for table, columns in TABLES.items():
            database.execute(f"create table {table} ({', '.join(columns)})")
        database.execute("insert into cooperatives (registration_number, kind) values ('1', 'cooperative')")
    return path


@pytest.fixture
def started(url, connection) -> str:
    """The URL of a warehouse that received a file the day before, and drafted a report on the first morning."""
    steps.load_files(url, [received(b"no workbook")])
    connection.execute("set session_replication_role = replica")
    connection.execute("update raw.received_files set first_seen_at = %s", [at(FIRST, 0)])
    connection.execute("update raw.publications set recorded_at = %s", [at(FIRST, 7)])
    connection.commit()
    return url


def pull(url: str, registry: Path, day: date) -> None:
    """What ingest_registry does at night; the database has another clock."""
    steps.pull_registry(url, f"sqlite:///{registry}", day)
    with connect(url) as connection:
        connection.execute("update raw.registry_snapshots set pulled_at = %s where speaks_of = %s", [at(day, 1), day])


def rows_by_table(url: str) -> dict[str, int]:
    with connect(url) as connection:
        names = [name for (name,) in connection.execute(OTHER_TABLES)]
        return {name: _count(connection, name) for name in names}


def _count(connection: psycopg.Connection, name: str) -> int:
    [(count,)] = connection.execute(f"select count(*) from {name}".encode()).fetchall()
    return count


def notices_in(outbox: Path) -> Iterator[tuple[str, str, str]]:
    """Day, role and subject of each notice."""
    for path in outbox.rglob("notice-*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        day = mail["Date"].datetime.astimezone(VIET_NAM)
        yield f"{day:%m-%d %H:00}", path.parts[-3], mail["Subject"]


@pytest.mark.soak("month")
def test_each_thing_that_waits_is_notified_of_once_a_step_and_nothing_but_raw_grows(started, registry, tmp_path):
    outbox, backups = tmp_path / "outbox", tmp_path / "backups"
    inbox, places = tmp_path / "inbox", Places(backup_url=backups.as_uri())
    inbox.mkdir()
    counted = []
    for day in DAYS:
        if day <= LAST_PULL:
            pull(started, registry, day)
        else:
            registry.unlink(missing_ok=True)
            with pytest.raises(RegistryUnreadable):
                pull(started, registry, day)
        if day <= LAST_BACKUP:
            back_up(started, places.backup_url, KEPT, at(day, 2))
        for hour in (8, 12, 17):
            if (day, hour) <= LAST_LOOK:
                steps.list_new_files(started, inbox.as_uri(), at=at(day, hour))
            matters.notify(started, at(day, hour), outbox.as_uri(), places)
        counted.append(rows_by_table(started))
    paper, registry_late = "Báo cáo năm 2025: đề nghị biên tập dự thảo", "Sổ đăng ký hợp tác xã chưa được lấy đúng hạn"
    backup_late, again = "Chưa có bản sao lưu mới đúng hạn", " (nhắc lại)"
    inbox_late = "Thư mục nhận báo cáo của các đơn vị chưa được đọc đúng hạn"
    assert sorted(notices_in(outbox)) == [
        ("03-02 08:00", "specialist", paper),
        ("03-04 08:00", "specialist", paper + again),
        ("03-05 08:00", "office_head", paper + again),
        ("03-11 17:00", "engineer", inbox_late),
        ("03-12 08:00", "engineer", registry_late),
        ("03-12 08:00", "engineer", inbox_late + again),
        ("03-13 08:00", "engineer", backup_late),
        ("03-13 08:00", "office_head", inbox_late + again),
        ("03-16 08:00", "engineer", backup_late + again),
        ("03-16 08:00", "engineer", registry_late + again),
        ("03-17 08:00", "office_head", backup_late + again),
        ("03-17 08:00", "office_head", registry_late + again),
    ]
    assert [each.name for each in storage.backups(places.backup_url)] == [
        "warehouse-20260307T190000Z",  # the last of its week
        "warehouse-20260309T190000Z",
        "warehouse-20260310T190000Z",
        "warehouse-20260311T190000Z",
    ]
    grown = {name: count - counted[1][name] for name, count in counted[-1].items() if count != counted[1][name]}
    assert grown == {"quality.mailings": 22}  # two rows for each notice
