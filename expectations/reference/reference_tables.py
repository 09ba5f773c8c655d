"""The CSV files of the reference data as the lint asks them: row by row, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from warehouse.reference.catalogue import Reference, read_reference
from warehouse.reference.csv_rows import Row, read_rows

PROJECT = Path(__file__).resolve().parents[2]
CODE = ("htx", "expectations", "ingestion")


@dataclass(frozen=True)
class Noticed:
    """Something that a check noticed: the row and column to mend, and what its sentence needs."""

    check_code: str
    place: Row | str
    """the row, or the name of the file where a row is missing"""
    column: str
    subject: str = ""
    value: str = ""
    expected: str = ""


class PlanTables:
    """The reference data of a folder. Raises InvalidReferenceData where a file cannot be read at all."""

    def __init__(self, seeds: Path):
        self.seeds = Path(seeds)
        self.reference: Reference = read_reference(seeds)
        self._rows: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        """The rows of a file, by its name without .csv."""
        if name not in self._rows:
            self._rows[name] = read_rows(self.seeds / f"{name}.csv")
        return self._rows[name]

    def column(self, name: str, column: str) -> set[str]:
        """All texts of a column."""
        return {row[column] for row in self[name]}

    def threshold(self, check_code: str) -> float:
        """The bound of a check, from plan_checks.csv."""
        return next(row.decimal("threshold") for row in self["plan_checks"] if row["check_code"] == check_code)

    @cached_property
    def models(self) -> str:
        """The SQL of the project: where a switch is read by the figures."""
        folder = self.seeds.parent if (self.seeds.parent / "models").is_dir() else PROJECT / "dbt_project"
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "models").rglob("*.sql")))

    @cached_property
    def code(self) -> str:
        """The Python of the rooms: where a parameter is read by what only shows figures."""
        paths = (path for room in CODE for path in sorted((PROJECT / room).glob("*.py")))
        return "\n".join(path.read_text(encoding="utf-8") for path in paths if path != Path(__file__))

    def repeated(self, name: str, *columns: str) -> Iterator[Noticed]:
        """Rows that say again what another row says already."""
        seen = set()
        for row in self[name]:
            key = tuple(row[column] for column in columns)
            if key in seen:
                yield Noticed("repeated_row", row, columns[-1], " ".join(filter(None, key)))
            seen.add(key)
