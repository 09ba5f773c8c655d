"""CSV files: those that the example is made from, and those of its folder."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args

T = TypeVar("T")
PARSERS: dict[Any, Any] = {
    str: str,
    int: int,
    bool: lambda text: text in ("yes", "true"),
    date: date.fromisoformat,
    frozenset[str]: lambda text: frozenset(text.split()),
    dict[int, str]: lambda text: {int(year): word for year, word in map(str.split, text.split(";"))} if text else {},
    tuple[int, ...]: lambda text: tuple(map(int, text.split())),
}
"""type of a dataclass field -> what reads it from a cell"""


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def record(cls: type[T], row: Mapping[str, str], **columns: str) -> T:
    """A row as a dataclass; `columns`: field -> column, of those whose names differ. A blank is None if it may be."""
    kinds = {each.name: each.type for each in fields(cls)}  # type: ignore[arg-type]  # no type says "a dataclass"
    return cls(**{name: _cell(row[columns.get(name, name)], kind) for name, kind in kinds.items()})


def _cell(text: str, kind: Any) -> Any:
    if kind not in PARSERS:  # X | None
        return PARSERS[get_args(kind)[0]](text) if text else None
    return PARSERS[kind](text)


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
