"""The bounds that somebody chose, with the reason: thresholds.csv."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.reference.csv_rows import Row, read_rows

THRESHOLDS = Path(__file__).with_name("thresholds.csv")


@dataclass(frozen=True)
class Threshold:
    """The bounds of one check, both included; None for an open end."""

    name: str
    minimum: float | None
    maximum: float | None
    notes: str
    """where the bounds come from"""


@cache
def read_thresholds(path: Path = THRESHOLDS) -> dict[str, Threshold]:
    """Thresholds by name. Raises InvalidReferenceData, also for one without notes."""
    return {row["name"]: _threshold(row) for row in read_rows(path)}


def _threshold(row: Row) -> Threshold:
    if not row["notes"]:
        raise row.invalid("notes", "filled in: the source of the bounds")
    return Threshold(row["name"], row.decimal_or_none("minimum"), row.decimal_or_none("maximum"), row["notes"])
