"""One look at everything, for a person and for a monitor."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from htx.cli import main
from htx.operations import health
from htx.operations.places import Places
from tests.htx.conftest import ID, PUBLISHED_AT

PULLED_AT = datetime(2025, 12, 26, 18, tzinfo=UTC)


@pytest.fixture
def pulled(url, connection) -> str:
    """The URL of a warehouse with a report that was drafted and a registry that was pulled, in the past."""
    connection.execute(
        "insert into raw.registry_snapshots (snapshot_id, speaks_of, pulled_at, content_id, row_counts)"
        " values ('s1', '2025-12-26', %s, 'c1', '{}')",
        [PULLED_AT],
    )
    connection.execute("set session_replication_role = replica")
    connection.execute("update raw.publications set recorded_at = published_at")
    connection.commit()
    return url


def look(url: str, at: datetime, **places: str) -> dict:
    return health.look(url, at, Places(**places), {})


def test_the_next_morning_nothing_is_overdue(pulled):
    found = look(pulled, PULLED_AT + timedelta(hours=8))
    assert found == {
        "last": {
            "received": {"at": None, "what": None},
            "registry_pulled": {"at": PULLED_AT, "what": "2025-12-26"},
            "build_started": {"at": None, "what": None},
            "promoted": {"at": None, "what": None},
            "issued": {"at": None, "what": None},
            "rehearsed": {"at": None, "what": None},
            "backed_up": {"at": None, "what": None},
        },
        "waiting": {"prepare": 1},
        "overdue": [],
        "unknown": [],
        "disks": {},
    }


def test_a_registry_is_overdue_at_once_and_a_paper_when_somebody_is_notified_again(pulled):
    found = look(pulled, PULLED_AT + timedelta(days=3))
    assert found["waiting"] == {"prepare": 1, "registry_overdue": 1}
    assert found["overdue"] == [
        f"prepare {ID} since {PUBLISHED_AT:%Y-%m-%d %H:%M} UTC",
        "registry_overdue registry_overdue since 2025-12-28 18:00 UTC",
    ]


def test_what_cannot_be_looked_up_is_unknown(pulled):
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    [sentence] = look(pulled, PULLED_AT, airflow_database_url=nowhere)["unknown"]
    assert sentence.startswith("runs_waiting: The warehouse at 127.0.0.1:1/none cannot be reached")


def test_only_disks_of_this_machine_are_measured(url, tmp_path):
    found = health.look(url, PULLED_AT, Places(), {"OUTBOX_URL": tmp_path.as_uri(), "BACKUP_URL": "s3://bucket/b"})
    assert list(found["disks"]) == ["OUTBOX_URL"]
    assert 0 < found["disks"]["OUTBOX_URL"] < 1


def htx(url: str, home: Path, *arguments: str) -> Result:
    return CliRunner(env={"WAREHOUSE_URL": url, "HTX_HOME": str(home)}).invoke(main, ["health", *arguments])


def test_at_a_prompt_its_exit_code_says_whether_something_is_overdue(pulled, tmp_path):
    morning = htx(pulled, tmp_path, "--as-of", "2025-12-27T09:00")
    assert "registry_pulled   2025-12-26 18:00 UTC  2025-12-26" in morning.stdout.splitlines()
    assert "OVERDUE" not in "".join(line for line in morning.stdout.splitlines() if " disk" not in line)
    later = htx(pulled, tmp_path, "--json", "--as-of", "2025-12-30T09:00")
    assert later.exit_code == 1
    assert json.loads(later.stdout)["overdue"][-1] == "registry_overdue registry_overdue since 2025-12-28 18:00 UTC"


def test_a_warehouse_that_cannot_be_reached_is_exit_code_3(tmp_path):
    assert htx("postgresql://nobody@127.0.0.1:1/none", tmp_path).exit_code == 3
