"""The example's deliveries.csv: files for the inbox and states of the registry, in the order of their arrival."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from ingestion.workbook.received_file import ReceivedFile
from warehouse.reference.csv_rows import read_rows


@dataclass(frozen=True)
class Delivery:
    """A file for the inbox, or the registry on a day."""

    kind: str
    """file or registry"""
    path: Path
    folder: str
    file_name: str
    received_at: datetime
    """in UTC"""
    report_year: int
    expected_verdict: str

    @property
    def speaks_of(self) -> date:
        """The day that a registry database describes: its name."""
        return date.fromisoformat(self.path.stem)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def received(self) -> ReceivedFile:
        """The file as the inbox gives it."""
        return ReceivedFile(self.folder, self.file_name, self.received_at, self.path.read_bytes())


def read_deliveries(example: Path) -> list[Delivery]:
    deliveries = []
    for row in read_rows(example / "deliveries.csv"):
        received_at, year = datetime.fromisoformat(row["received_at"]).astimezone(UTC), row.integer("stage")
        file = (row["kind"], example / row["path"], row["folder"], row["file_name"])
        deliveries.append(Delivery(*file, received_at, year, row["expected_verdict"]))
    return deliveries
