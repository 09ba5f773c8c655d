"""Playing the example province."""

from datetime import UTC, datetime

import pytest

from htx import steps
from htx.local import demo
from htx.local.errors import RunFailed
from ingestion.workbook.received_file import ReceivedFile
from tests.datasets import first_seed
from warehouse.connection import connect


def test_the_invented_province_is_kept_out_of_a_warehouse_with_real_files(warehouse_url, example):
    stages = demo._stages(example)
    demo._require_no_real_data(warehouse_url, stages)  # nothing received yet

    theirs = ReceivedFile("688", "bc.xlsx", datetime(2024, 11, 2, tzinfo=UTC), b"PK of theirs")
    steps.load_files(warehouse_url, [theirs])
    with pytest.raises(RunFailed, match="holds 1 files, none of them of the example province"):
        demo._require_no_real_data(warehouse_url, stages)

    first = next(each for each in stages[2023] if each.kind == "file")
    steps.load_files(
        warehouse_url, [ReceivedFile(first.folder, first.file_name, first.received_at, first.path.read_bytes())]
    )
    demo._require_no_real_data(warehouse_url, stages)


@first_seed
def test_a_run_has_nothing_left_to_do_only_when_all_is_loaded_and_sent(played, new_database, warehouse_url, tmp_path):
    example, public = played
    (tmp_path / "example").symlink_to(example)
    assert demo._documents_if_done(tmp_path, warehouse_url) == []  # nothing is loaded
    url = new_database(public)
    assert demo._documents_if_done(tmp_path, url) == []  # nothing is sent
    with connect(url) as connection:
        [sendings] = connection.execute("select count(*) from raw.publication_sendings").fetchone()
    assert sendings == 0
