"""Playing the example province."""

from datetime import UTC, datetime

import pytest

from htx import steps
from htx.editions import workflow
from htx.local import demo
from htx.local.errors import RunFailed
from ingestion.workbook.received_file import ReceivedFile
from tests.datasets import first_seed
from warehouse.connection import connect


def test_the_invented_province_is_kept_out_of_a_warehouse_with_real_files(warehouse_url):
    theirs = ReceivedFile("688", "bc.xlsx", datetime(2024, 11, 2, tzinfo=UTC), b"PK of theirs")
    steps.load_files(warehouse_url, [theirs])
    with pytest.raises(RunFailed, match="holds files and is not marked as that of the example province"):
        demo._require_example(warehouse_url)
    assert not workflow.is_example(warehouse_url)


def test_an_empty_warehouse_is_marked_once_and_stays_the_examples(warehouse_url):
    demo._require_example(warehouse_url)
    steps.load_files(warehouse_url, [ReceivedFile("688", "bc.xlsx", datetime(2024, 11, 2, tzinfo=UTC), b"PK of ours")])
    demo._require_example(warehouse_url)
    assert workflow.is_example(warehouse_url)


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
