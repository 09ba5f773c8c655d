"""Bounds that somebody chose, with the reason: thresholds.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
    """Thresholds by name. Raises ValueError for one without notes."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if not row["notes"].strip():
            raise ValueError(f"{path.name}: {row['name']} does not say where its bounds come from")
    return {
        row["name"]: Threshold(row["name"], _number(row["minimum"]), _number(row["maximum"]), row["notes"])
        for row in rows
    }


def _number(text: str) -> float | None:
    return float(text) if text else None
