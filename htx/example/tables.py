"""The CSV files of the example's folder."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_csv(path: Path, header: Sequence[str], lines: Iterable[Iterable[object]]) -> None:
    """Lines as they are given; a missing value is blank, a whole number has no decimal point."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_shown(value) for value in line] for line in lines)


def _shown(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else value
