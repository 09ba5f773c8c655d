"""What the templates of Word and HTML see: every cell as the text that stands in it, and what the document is.

In a template a table of the content goes by its name: `targets.rows`, and of each row its columns by their codes:
`row.value`. Columns that are not shown keep their codes and truth values, to be asked (`{% if row.is_union %}`);
all others are texts. `targets.several` are the columns that a table has once for each year or indicator; of these
a row has `<code>_key` too, and `key_rest`, what all keys of the row have in common after the indicator's code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined

from reporting.content import formats
from reporting.content.content import Column, Content, Table
from reporting.content.recipients import Recipient
from reporting.documents.about import About
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.time_zone import VIET_NAM

# what XML cannot hold; an office's program may have left it in a cell
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class ShownTable:
    """A table with its cells as texts."""

    name: str
    title_vi: str
    note_vi: str
    columns: list[Column]
    several: list[Column]
    rows: list[dict]


@dataclass(frozen=True)
class Group:
    """Rows that follow each other under one title."""

    title: str
    rows: list[dict]


def template_words(content: Content, recipient: Recipient, about: About) -> dict:
    """The names that a template may use."""
    published = about.published_at.astimezone(VIET_NAM)
    return {
        "kind": content.kind,
        "period": content.period,
        "period_vi": content.period_vi,
        "title_vi": content.title_vi,
        "facts": content.facts,
        "recipient": recipient,
        "letterhead": recipient.letterhead,
        "about": {
            "version": about.version,
            "year": published.year,
            "published_at": formats.instant(about.published_at),
            "published_on": formats.day(published.date()),
            "forced_because": about.forced_because,
            "missing_units": about.missing_units,
            "changes": about.changes,
        },
        **{name: shown(table, content.percent_decimals) for name, table in content.tables.items()},
    }


def shown(table: Table, percent_decimals: int) -> ShownTable:
    """The table with its cells as texts."""
    several = [column for column in table.columns if table.rows and f"{column.code}_key" in table.rows[0]]
    rows = [_row(table, row, several, percent_decimals) for row in table.rows]
    return ShownTable(table.name, table.title_vi, table.note_vi, table.columns_shown(), several, rows)


def environment(**options) -> Environment:
    """Jinja with the words of the house: a name that there is not is an error, and no cell is taken for markup."""
    made = Environment(autoescape=True, undefined=StrictUndefined, **options)
    made.filters.update(
        number=number_vi,
        percent=formats.percent,
        day=formats.day,
        day_in_words=formats.day_in_words,
        instant=formats.instant,
        grouped=grouped,
        where=where,
        besides=besides,
    )
    return made


def grouped(rows: Iterable[dict], code: str) -> list[Group]:
    """Rows by a column, in the order in which its values come first."""
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(row[code] or "", []).append(row)
    return [Group(title, members) for title, members in groups.items()]


def where(rows: Iterable[dict], code: str, *values: object) -> list[dict]:
    """The rows that have one of the values in a column."""
    return [row for row in rows if row[code] in values]


def besides(rows: Iterable[dict], code: str, *values: object) -> list[dict]:
    """The rows that have none of the values in a column."""
    return [row for row in rows if row[code] not in values]


def _row(table: Table, row: dict, several: list[Column], percent_decimals: int) -> dict:
    texts = {
        column.code: row[column.code] if column.shown == "code" else _text(formats.cell(column, row, percent_decimals))
        for column in table.columns
    }
    keys = {f"{column.code}_key": row.get(f"{column.code}_key") for column in several}
    rests = {key.removeprefix(column.code) for column in several if (key := row.get(f"{column.code}_key"))}
    return {**texts, **keys, "key_rest": rests.pop() if len(rests) == 1 else ""}


def _text(text: str) -> str:
    return NOT_IN_XML.sub("", text)
