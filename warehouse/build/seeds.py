"""Seeds as dbt reads them: dbt opens CSV files by itself, and knows commas, UTF-8 and YYYY-MM-DD only."""

import csv
import shutil
from pathlib import Path

from warehouse.reference.csv_rows import read_table


def project_with(plan: Path, project: Path, output: Path) -> Path:
    """The folder of a dbt project whose seeds are the CSV files of `plan`: the project itself where they lie in it and
    dbt reads each of them right, else a copy in `output` with the files in plain form. Raises InvalidReferenceData.

    A copy, since dbt writes beside what it reads: seeds outside the project would be emptied by it."""
    tables = {path: read_table(path) for path in sorted(plan.glob("*.csv"))}
    misread = {path: table for path, table in tables.items() if table != _as_dbt_reads(path)}
    if plan == project / "seeds" and not misread:
        return project
    copy = output / "project"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("target", "logs", "seeds"))
    (copy / "seeds").mkdir()
    for path in tables:
        shutil.copy(path, copy / "seeds")
    for path, table in misread.items():
        with (copy / "seeds" / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
    return copy


def _as_dbt_reads(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return list(csv.reader(file))
