"""The steps that the command line and the DAGs share."""

import logging
import os
from datetime import UTC, datetime, timedelta

import pytest
from life import UNIT, YEAR, cooperative, workbook

from htx import exceptions, steps
from ingestion.reference import read_reference
from warehouse.connection import connect


def test_a_file_that_cannot_be_opened_leaves_the_others_of_its_batch_alone(warehouse_url, tmp_path, caplog):
    folder = tmp_path / "inbox" / "688"
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(b"PK not a workbook")
    os.utime(folder / "a.xlsx", (datetime(2023, 11, 20, tzinfo=UTC).timestamp(),) * 2)
    (folder / "gone.xlsx").write_bytes(b"x")
    [batch] = steps.list_new_files(warehouse_url, str(tmp_path / "inbox"))
    (folder / "gone.xlsx").unlink()

    with caplog.at_level(logging.WARNING):
        counts = steps.load_batch(warehouse_url, batch)

    assert counts == {"received": 1, "accepted": 0, "rejected": 1}
    assert "688/gone.xlsx cannot be opened, and is left for the next run" in caplog.text
    with connect(warehouse_url) as connection:
        assert connection.execute("select file_name, verdict from raw.received_files").fetchall() == [
            ("a.xlsx", "rejected")
        ]


LOCKED = datetime(2024, 3, 5, 2, 30, tzinfo=UTC)


@pytest.fixture
def inbox(warehouse_url, tmp_path):
    """Two files of a district that lie in the inbox since its year is locked, and loading what is new there."""
    reference = read_reference(steps.SEEDS)
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    for name, members, minutes in (("z.xlsx", 30, 0), ("a.xlsx", 31, 5)):
        path = folder / name
        path.write_bytes(workbook(reference, {"01_HTX": [cooperative(members=members)]}))
        os.utime(path, ((LOCKED + timedelta(minutes=minutes)).timestamp(),) * 2)

    def load() -> list[dict]:
        batches = steps.list_new_files(warehouse_url, (tmp_path / "inbox").as_uri())
        return [steps.load_batch(warehouse_url, batch) for batch in batches]

    assert load() == [{"received": 2, "accepted": 0, "rejected": 2}]
    assert load() == []
    return load


def grant(url: str, granted_at: datetime, days: int = 7, unit: str = UNIT, year: int = YEAR) -> str:
    return exceptions.grant(url, unit, year, "lũ lụt", "Bà A", granted_at, granted_at + timedelta(days=days))[
        "exception_id"
    ]


def receipts(url: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(
            "select file_name, status, received_at from raw.submissions order by received_at"
        ).fetchall()


def test_what_a_lock_kept_out_is_read_again_by_itself_once_an_exception_is_granted(inbox, warehouse_url):
    granted_at = LOCKED + timedelta(days=2)
    grant(warehouse_url, granted_at)
    assert inbox() == [{"received": 2, "accepted": 2, "rejected": 0}]
    assert receipts(warehouse_url) == [
        ("z.xlsx", "superseded", granted_at),
        ("a.xlsx", "accepted", granted_at + timedelta(microseconds=1)),
    ]
    assert inbox() == []


def test_an_exception_as_of_an_earlier_instant_lets_a_file_in_as_it_came(inbox, warehouse_url):
    grant(warehouse_url, LOCKED + timedelta(minutes=1))
    assert inbox() == [{"received": 2, "accepted": 2, "rejected": 0}]
    assert [received_at for _, _, received_at in receipts(warehouse_url)] == [
        LOCKED + timedelta(minutes=1),
        LOCKED + timedelta(minutes=5),
    ]


def test_an_exception_of_others_or_one_that_was_revoked_or_had_ended_lets_nothing_in(inbox, warehouse_url):
    grant(warehouse_url, LOCKED, unit="694")
    grant(warehouse_url, LOCKED, year=YEAR + 1)
    grant(warehouse_url, LOCKED - timedelta(days=9), days=9)
    exceptions.revoke(warehouse_url, grant(warehouse_url, LOCKED), "Bà A", LOCKED + timedelta(hours=1))
    assert inbox() == []
