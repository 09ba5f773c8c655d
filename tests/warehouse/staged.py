"""The example province received in stages, and what was known at each of them."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from htx import steps
from htx.example import write_example
from ingestion.workbook.received_file import ReceivedFile
from warehouse.build.dbt import run_dbt
from warehouse.connection import connect

CORRECTED_AT = datetime(2023, 12, 3, 6, 14, 47, tzinfo=UTC)  # Đồng Phú replaces its report of 24 November
STAGES = (datetime(2023, 12, 1, tzinfo=UTC), CORRECTED_AT)
IN_ORDER = "order by 1, 2, 3, 4, 5, 6, 7"
VALUES = ["build", "--select", "+fct_indicator_values", "--exclude-resource-type", "test", "unit_test"]


@dataclass(frozen=True)
class Province:
    """The example in a warehouse of its own."""

    url: str
    folder: Path
    output: Path
    """dbt's own files of the build that is public"""
    known: dict[datetime, list[tuple]]
    """what dbt made of the files and snapshots up to an instant, when no others had come"""
    seen_at: dict[datetime, datetime]
    """when the warehouse had seen those, and no others"""


def play_in_stages(url: str, folder: Path, output: Path) -> Province:
    """Receive the example up to each stage and look at its figures; then all of it, and publish."""
    write_example(folder)
    with (folder / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        waiting = list(csv.DictReader(file))
    known, seen_at = {}, {}
    for stage in STAGES:
        waiting = _receive(url, folder, waiting, stage)
        run_dbt(url, VALUES, output)
        with connect(url) as connection:
            known[stage] = rows(connection, f"select * from next_marts.fct_indicator_values {IN_ORDER}")
            seen_at[stage] = rows(connection, "select clock_timestamp()")[0][0]
    _receive(url, folder, waiting, datetime.max.replace(tzinfo=UTC))
    steps.build_warehouse(url, output)
    return Province(url, folder, output, known, seen_at)


def _receive(url: str, folder: Path, waiting: list[dict], until: datetime) -> list[dict]:
    """Load what came by an instant; what is still to come."""
    came = [each for each in waiting if datetime.fromisoformat(each["received_at"]) <= until]
    for each in came:
        if each["kind"] == "registry":
            steps.pull_registry(url, f"sqlite:///{folder / each['path']}", Path(each["path"]).stem)
    steps.load_files(url, [_received_file(folder, each) for each in came if each["kind"] == "file"])
    return [each for each in waiting if each not in came]


def _received_file(folder: Path, delivery: dict) -> ReceivedFile:
    received_at = datetime.fromisoformat(delivery["received_at"]).astimezone(UTC)
    content = (folder / delivery["path"]).read_bytes()
    return ReceivedFile(delivery["folder"], delivery["file_name"], received_at, content)


def rows(connection: psycopg.Connection, query: str, *given) -> list[tuple]:
    return connection.execute(query, given or None).fetchall()
