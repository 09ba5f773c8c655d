"""Seeds as dbt reads them: dbt opens CSV files by itself, and knows commas, UTF-8 and YYYY-MM-DD only."""

import csv
import shutil
from pathlib import Path

from warehouse.reference.csv_rows import read_table


def readable_project(project: Path, output: Path) -> Path:
    """The folder of a dbt project; where dbt would misread one of its seeds, a copy in `output`, in which the seeds
    are in plain form. Raises InvalidReferenceData."""
    tables = {path: read_table(path) for path in sorted((project / "seeds").glob("*.csv"))}
    misread = {path.name: table for path, table in tables.items() if table != _as_dbt_reads(path)}
    if not misread:
        return project
    copy = output / "project"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("target", "logs"))
    for name, table in misread.items():
        with (copy / "seeds" / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
    return copy


def _as_dbt_reads(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return list(csv.reader(file))
