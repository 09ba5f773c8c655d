"""What a document says, before it is Word, Excel or HTML: tables of figures and words, read from `reports`.

Which tables and columns there are, in which order and with which headings, is data: documents.csv, tables.csv,
columns.csv. How the rows come about is in annual.py and phase.py.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

ANNUAL = "annual"
PHASE_REVIEW = "phase_review"
HERE = Path(__file__).parent


class DeclarationBroken(Exception):
    """The rows of a table are not what columns.csv declares; the message names the table and the columns."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `kind`: text, integer, decimal, percent, money (million VND), date, instant (UTC), year, boolean, verdict (a code
    of the code list verdicts), key (what `htx explain` opens), and three whose format hangs on the row's `unit`:
    figure (with the value status of the row where it is missing), change (signed) and pace (per year).
    `shown`: documents (Word, HTML and Excel), annex (Excel alone), code (nowhere: for programs).
    `width`: of the column in Excel, in characters."""

    code: str
    heading_vi: str
    kind: str
    shown: str = "documents"
    width: float = 12

    @property
    def code_shown(self) -> str:
        """The code of an indicator, or the year, of a column that was in braces."""
        return self.code.rpartition("_")[2]


@dataclass(frozen=True)
class Table:
    """A table of a document. Every row has a value or None for every column, by the column's code.

    A column whose code is a name in braces in columns.csv (one for each indicator, or for each year) comes as so many
    columns, each with `<code>_key`, `<code>_status` and `<code>_unit` in the rows."""

    name: str
    sheet_vi: str
    """name of its sheet in Excel, at most 31 characters"""
    title_vi: str
    note_vi: str
    columns: tuple[Column, ...]
    rows: tuple[dict, ...] = ()

    def columns_shown(self, *where: str) -> list[Column]:
        """Those for documents, or for `where` ("documents", "annex")."""
        return [column for column in self.columns if column.shown in (where or ("documents",))]


@dataclass(frozen=True)
class Content:
    """All that a document says in tables.

    `period`: report year or number of the phase. `facts`: single values that sentences name, by code (see annual.py
    and phase.py): whole numbers, Decimals, dates, texts."""

    kind: str
    period: int
    title_vi: str
    period_vi: str
    tables: dict[str, Table]
    facts: dict = field(default_factory=dict)
    percent_decimals: int = 1
    """decision A17"""


def declared(kind: str, period: int) -> Content:
    """The tables of a kind of document in their order, without rows."""
    [document] = [row for row in _rows("documents.csv") if row["document"] == kind]
    tables = [
        Table(
            row["table_name"],
            row["sheet_vi"],
            row["title_vi"],
            row["note_vi"],
            tuple(
                Column(each["column_code"], each["heading_vi"], each["kind"], each["shown"], float(each["width"] or 0))
                for each in _rows("columns.csv")
                if kind in each["document"].split() and each["table_name"] == row["table_name"]
            ),
        )
        for row in _rows("tables.csv")
        if row["document"] == kind
    ]
    period_vi = document["period_vi"].format(period=period)
    return Content(kind, period, document["title_vi"], period_vi, {table.name: table for table in tables})


def expanded(table: Table, name: str, meanings: Sequence[Mapping]) -> Table:
    """The table with its column in braces, `{name}`, once for each of `meanings`; these fill code and heading."""
    columns: list[Column] = []
    for column in table.columns:
        if "{" + name + "}" in column.code:
            columns += [
                replace(column, code=column.code.format(**each), heading_vi=column.heading_vi.format(**each))
                for each in meanings
            ]
        else:
            columns.append(column)
    return replace(table, columns=tuple(columns))


def filled(table: Table, rows: Iterable[Mapping]) -> Table:
    """The table with rows. Raises DeclarationBroken where a row lacks a declared column."""
    taken = tuple(dict(row) for row in rows)
    for row in taken:
        missing = [column.code for column in table.columns if column.code not in row]
        if missing:
            raise DeclarationBroken(f"{table.name}: the rows have no {', '.join(missing)}, which columns.csv declares.")
    return replace(table, rows=taken)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
