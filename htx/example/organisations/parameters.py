"""The figures that the example province follows: parameters.csv, each with its confidence and source.

measured: published statistics of the province; derived: arithmetic on measured ones; assumed: a guess that only
has to look right. Sources: plan II.2 note 1 and report 177/BC-BTV (baseline, which any seed reproduces to the unit);
the provincial Cooperative Alliance and the provincial People's Committee at the end of 2023.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from htx.example.tables import read_csv


def _read(path: Path) -> SimpleNamespace:
    """Parameter -> its number, or {year or code: number} where there are several."""
    found: dict[str, Any] = {}
    for row in read_csv(path):
        value = float(row["value"]) if "." in row["value"] else int(row["value"])
        if key := int(row["year"]) if row["year"] else row["code"]:
            found.setdefault(row["parameter"], {})[key] = value
        else:
            found[row["parameter"]] = value
    return SimpleNamespace(**found)


given = _read(Path(__file__).with_suffix(".csv"))
