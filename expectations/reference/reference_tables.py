"""The CSV files of the reference data as the checks read them: row by row, each with its place."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from warehouse.reference.csv_rows import Row, read_rows
from warehouse.reference.reference_data import Reference, read_reference

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ROOMS = ("htx", "expectations", "ingestion")


@dataclass(frozen=True)
class Violation:
    """What a check found: the row and column to correct, and the words of its sentence."""

    check_code: str
    place: Row | str
    """the row, or the name of the file where a row is missing"""
    column: str
    subject: str = ""
    value: str = ""
    expected: str = ""


class ReferenceTables:
    """The reference data of a folder. Raises InvalidReferenceData for a file that cannot be read at all."""

    def __init__(self, seeds: Path):
        self.seeds = Path(seeds)
        self.reference: Reference = read_reference(seeds)
        self._rows: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        """The rows of a file, by its name without .csv."""
        if name not in self._rows:
            self.read(name, may_be_empty=True)
        return self._rows[name]

    def read(self, name: str, may_be_empty: bool) -> None:
        self._rows[name] = read_rows(self.seeds / f"{name}.csv", may_be_empty)

    def column(self, name: str, column: str) -> set[str]:
        """All texts of a column."""
        return {row[column] for row in self[name]}

    def columns(self, name: str, *columns: str) -> set[tuple[str, ...]]:
        """All combinations of texts in several columns."""
        return {tuple(row[column] for column in columns) for row in self[name]}

    def threshold(self, check_code: str) -> float:
        """The bound of a check, from plan_checks.csv."""
        return next(row.decimal("threshold") for row in self["plan_checks"] if row["check_code"] == check_code)

    @cached_property
    def models(self) -> str:
        """The SQL of the project, for checking that a decision is read by the figures."""
        return "\n".join(_texts(PROJECT / "dbt_project" / "models", "*.sql"))

    @cached_property
    def code(self) -> str:
        """The Python of the rooms, for checking that a decision is read by what only shows figures."""
        return "\n".join(text for room in ROOMS for text in _texts(PROJECT / room, "*.py"))


def _texts(folder: Path, pattern: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob(pattern)) if HERE not in path.parents]
