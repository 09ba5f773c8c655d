"""The example province, played through without Airflow: once for all tests that look at what came of it."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from htx import steps
from htx.example import write_example
from ingestion.workbook.received_file import ReceivedFile

SEEDS_OF_THE_EXAMPLE = (1, 2)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def received(folder: Path, delivery: dict[str, str]) -> ReceivedFile:
    """A file of deliveries.csv, as the inbox gives it."""
    return ReceivedFile(
        delivery["folder"],
        delivery["file_name"],
        datetime.fromisoformat(delivery["received_at"]).astimezone(UTC),
        (folder / delivery["path"]).read_bytes(),
    )


@pytest.fixture(scope="session", params=SEEDS_OF_THE_EXAMPLE)
def played(request, tmp_path_factory, new_database):
    """The example folder of a seed, and the warehouse that has received, built and published all of it.

    Tests may build beside what is public (next_*), and must leave what is public alone."""
    folder = tmp_path_factory.mktemp("example") / "province"
    write_example(folder, request.param)
    url = new_database()
    deliveries = read_csv(folder / "deliveries.csv")
    for delivery in deliveries:
        if delivery["kind"] == "registry":
            day = Path(delivery["path"]).stem
            steps.pull_registry(url, f"sqlite:///{folder / delivery['path']}", day)
    steps.load_files(url, [received(folder, delivery) for delivery in deliveries if delivery["kind"] == "file"])
    steps.build_warehouse(url, tmp_path_factory.mktemp("dbt"))
    return folder, url
