"""The tables of a document, independent of its format.

Tables and columns, their order and headings are data: documents.csv, tables.csv, columns.csv. The rows are read in
annual.py and phase.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from warehouse.reference.csv_rows import Row, read_rows
from warehouse.reference.reference_data import publication_words

ANNUAL = "annual"
PHASE_REVIEW = "phase_review"
HERE = Path(__file__).parent


class DeclarationBroken(Exception):
    """The rows of a table lack columns that columns.csv declares; the message names both."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `kind`: text, integer, decimal, percent, money (million VND), date, instant (UTC), year, boolean, verdict (a code
    of the code list verdicts), key (the argument of `htx explain`), and those whose format depends on the row's
    `unit`: figure (the row's value status where it is missing), goal (100%, not 100,0%), change (signed), pace.
    `shown`: documents (Word, HTML and Excel), annex (Excel alone), code (hidden, for templates).
    `width`: of the column in Excel, in characters."""

    code: str
    heading_vi: str
    kind: str
    shown: str = "documents"
    width: float = 12

    @property
    def code_shown(self) -> str:
        """Of a repeated column: the code of its indicator, or its year."""
        return self.code.rpartition("_")[2]


@dataclass(frozen=True)
class Table:
    """A table of a document. Every row has a value or None for every column, by the column's code.

    A column whose code in columns.csv is a name in braces is repeated, for each indicator or each year; the rows then
    also have `<code>_key`, `<code>_status` and `<code>_unit` for each."""

    name: str
    sheet_vi: str
    """name of its sheet in Excel, at most 31 characters"""
    title_vi: str
    note_vi: str
    columns: tuple[Column, ...]
    rows: tuple[dict, ...] = ()

    def columns_shown(self, *where: str) -> list[Column]:
        """The columns for documents, or for `where` ("documents", "annex")."""
        return [column for column in self.columns if column.shown in (where or ("documents",))]


@dataclass(frozen=True)
class Content:
    """The tables of a document.

    `period`: report year or number of the phase. `facts`: single values for sentences, by code (see annual.py and
    phase.py): whole numbers, Decimals, dates, texts."""

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
    words = publication_words(kind, period)
    title_vi, period_vi = document["title_vi"].format(**words), document["period_vi"].format(**words)
    return Content(kind, period, title_vi, period_vi, {table.name: table for table in tables})


def expanded(table: Table, name: str, meanings: Sequence[Mapping]) -> Table:
    """The table with its column `{name}` repeated for each of `meanings`, which fill in code and heading."""
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
    """The table with rows. Raises DeclarationBroken."""
    taken = tuple(dict(row) for row in rows)
    for row in taken:
        missing = [column.code for column in table.columns if column.code not in row]
        if missing:
            raise DeclarationBroken(f"{table.name}: the rows have no {', '.join(missing)}, which columns.csv declares.")
    return replace(table, rows=taken)


@cache
def _rows(name: str) -> list[Row]:
    return read_rows(HERE / name)
