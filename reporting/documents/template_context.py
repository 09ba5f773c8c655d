"""The context of the templates of Word and HTML: the tables with their cells as text, facts, recipient, publication.

In a template a table is used by its name: `targets.rows`, and of each row its columns by their codes: `row.value`.
Hidden columns keep their codes and truth values for conditions (`{% if row.is_union %}`); all others are texts.
`targets.several` are the columns repeated for each year or indicator; for these a row also has `<code>_key`, and
`key_rest`, which all keys of the row have in common after the indicator's code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined

from reporting.content import formats
from reporting.content.recipients import Recipient
from reporting.content.tables import Column, Content, Table
from reporting.documents.about import About
from warehouse.reference.dates_vi import day_in_words_vi, day_vi, instant_vi
from warehouse.reference.numbers_vi import counted_vi, number_vi
from warehouse.reference.time_zone import VIET_NAM

# not allowed in XML; office programs leave such characters in cells
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
    """Rows under one title."""

    title: str
    rows: list[dict]


def template_context(content: Content, recipient: Recipient, about: About) -> dict:
    """The names available in a template."""
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
            "published_at": instant_vi(about.published_at),
            "published_on": day_vi(published.date()),
            "forced_because": about.forced_because,
            "missing_units": about.missing_units,
            "changes": about.changes,
            "replaces": about.replaces.get(recipient.recipient),
        },
        **{name: shown(table, content.percent_decimals) for name, table in content.tables.items()},
    }


def shown(table: Table, percent_decimals: int) -> ShownTable:
    """The table with its cells as texts."""
    several = [column for column in table.columns if table.rows and f"{column.code}_key" in table.rows[0]]
    rows = [_row(table, row, several, percent_decimals) for row in table.rows]
    return ShownTable(table.name, table.title_vi, table.note_vi, table.columns_shown(), several, rows)


def environment(**options) -> Environment:
    """Jinja with our filters; unknown names are errors, and cells are escaped."""
    made = Environment(autoescape=True, undefined=StrictUndefined, **options)
    made.filters.update(
        number=number_vi,
        counted=counted_vi,
        percent=formats.percent,
        day=day_vi,
        day_in_words=day_in_words_vi,
        instant=instant_vi,
        grouped=grouped,
        where=where,
        besides=besides,
    )
    return made


def grouped(rows: Iterable[dict], code: str) -> list[Group]:
    """Rows by the values of a column, in their first order."""
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(row[code] or "", []).append(row)
    return [Group(title, members) for title, members in groups.items()]


def where(rows: Iterable[dict], code: str, *values: object) -> list[dict]:
    """The rows whose column has one of the values."""
    return [row for row in rows if row[code] in values]


def besides(rows: Iterable[dict], code: str, *values: object) -> list[dict]:
    """The rows whose column has none of the values."""
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
