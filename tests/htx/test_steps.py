"""The steps that the command line and the DAGs share."""

import logging
import os
from datetime import UTC, datetime

from htx import steps
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
