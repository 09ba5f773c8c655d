"""Tables as CSV and Parquet. The same rows give the same bytes.

CSV as RFC 4180 has it, with a byte order mark: Excel reads the Vietnamese. Decimal point, days as YYYY-MM-DD, instants
in UTC, nothing where there is no value. In Parquet numbers with decimals are doubles. A text that a spreadsheet would
take for a formula begins with an apostrophe in both.
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from htx.open_data.tables import Row, Table

PARQUET_TYPES = {
    "integer": "INTEGER", "bigint": "BIGINT", "numeric": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
    "timestamp with time zone": "TIMESTAMPTZ",
}  # fmt: skip
FORMULA = re.compile(r"[=+@\t\r-](?=.)(?![\d.,]+%?$)", re.DOTALL)
"""the beginning of a formula, and not a sign alone or a number; units and the registry write names"""
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,  # so that rows stay in their order, in the same groups
    "autoinstall_known_extensions": False,  # nothing is fetched
    "autoload_known_extensions": False,
}


def write_csv(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """Write a table; how many rows it has."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(each.name for each in table.columns)
        count = 0
        for row in rows:
            writer.writerow(f"'{cell}" if cell and FORMULA.match(cell) else cell for cell in row)
            count += 1
    return count


def write_parquet(path: Path, table: Table, written: Path) -> None:
    """Write the table that write_csv has written."""
    types = {each.name: PARQUET_TYPES.get(each.type, "VARCHAR") for each in table.columns}
    with duckdb.connect(config=CONFIG) as database:
        database.read_csv(
            str(written), header=True, columns=types, auto_detect=False, quotechar='"', escapechar='"', parallel=False,
        ).write_parquet(str(path), compression="zstd")  # fmt: skip
