"""Tables as readers see them: columns, types, keys and comments of the database; the rows of those of `bi` as text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier

Row = Sequence[str | None]

# Tables as they are promoted have the types, keys and comments of dbt's contracts.
CATALOG = """
    select
        nspname, relname, obj_description(pg_class.oid, 'pg_class'), attname, format_type(atttypid, atttypmod),
        col_description(pg_class.oid, attnum), array_position(conkey, attnum)
    from pg_class
    inner join pg_namespace on relnamespace = pg_namespace.oid
    inner join pg_attribute on pg_class.oid = attrelid and attnum > 0 and not attisdropped
    left join pg_constraint on pg_class.oid = conrelid and contype = 'p'
    where nspname = any(%s) and relkind = any(%s)
    order by nspname, relname collate "C", attnum
"""
AS_TEXT = {
    "text": "{}",
    "numeric": "trim_scale({})::text",
    "date": "to_char({}, 'YYYY-MM-DD')",
    "timestamp with time zone": """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
"""how a value is written; of other types as PostgreSQL does"""
REFERENCES = {
    ("indicator_code", "measure_code"): "definitions",
    ("unit_uid",): "units",
    ("basis",): "maps",
}
"""columns of any table -> the table whose key they are"""
RENAMED = {"commune_uid": ("units", "unit_uid"), "district_uid": ("units", "unit_uid")}
"""the same for a column of a table's own key, where it has another name there"""


@dataclass(frozen=True)
class Words:
    """A comment of the database, "English / Vietnamese"."""

    en: str
    vi: str

    @classmethod
    def of(cls, comment: str | None) -> "Words":
        english, _, vietnamese = (comment or "").partition(" / ")
        return cls(english, vietnamese)

    @property
    def title(self) -> "Words":
        """The first sentences, without the full stop."""
        return Words(*(text.partition(". ")[0].rstrip(".") for text in (self.en, self.vi)))


@dataclass(frozen=True)
class Column:
    """A column. `type` is PostgreSQL's name of its type."""

    name: str
    type: str
    words: Words

    @property
    def as_text(self) -> Composable:
        return SQL(AS_TEXT.get(self.type, "{}::text")).format(Identifier(self.name))


@dataclass(frozen=True)
class Table:
    """A table, its primary key in order."""

    schema: str
    name: str
    words: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def query(self, rows: Composable, as_line: str = "{}") -> Composed:
        """The rows of a relation or subquery as text, in the order of the key; `as_line` wraps the list of columns."""
        types = {each.name: each.type for each in self.columns}
        order = [
            SQL('{} collate "C"' if types[name] == "text" else "{}").format(SQL("rows.") + Identifier(name))
            for name in self.key
        ]
        columns = SQL(as_line).format(SQL(", ").join(each.as_text for each in self.columns))
        return SQL("select {} from {} as rows order by {}").format(columns, rows, SQL(", ").join(order))

    def references(self, others: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        """(columns, table, columns there) of the tables among `others` that this one refers to."""
        names = {each.name for each in self.columns}
        found = [(columns, table, columns) for columns, table in REFERENCES.items() if names.issuperset(columns)]
        found += [((name,), table, (key,)) for name, (table, key) in RENAMED.items() if name in self.key]
        there = {*others} - {self.name}
        yield from (each for each in found if each[1] in there)


def tables_of(connection: psycopg.Connection, schemas: Sequence[str], kinds: str = "r") -> list[Table]:
    """The tables of schemas, by name, whatever the login may read; with kinds "rv" the views too."""
    tables: dict[tuple, Table] = {}
    keys: dict[tuple, dict[int, str]] = {}
    found = connection.execute(CATALOG, [list(schemas), list(kinds)])
    for schema, name, comment, column, type_, column_comment, position in found:
        table = tables.setdefault((schema, name), Table(schema, name, Words.of(comment), (), ()))
        added = Column(column, type_, Words.of(column_comment))
        tables[schema, name] = replace(table, columns=(*table.columns, added))
        if position:
            keys.setdefault((schema, name), {})[position] = column
    return [
        replace(table, key=tuple(name for _, name in sorted(keys.get(place, {}).items())))
        for place, table in tables.items()
    ]


def tables_of_bi(connection: psycopg.Connection) -> list[Table]:
    """The tables of `bi`; bi.freshness, its one view, is of the instant of a query."""
    return tables_of(connection, ["bi"])


def rows_of_bi(connection: psycopg.Connection, table: Table) -> Iterator[Row]:
    """The rows of a table, as text."""
    with connection.cursor(name="rows_of_bi") as cursor:
        cursor.itersize = 10_000
        yield from cursor.execute(table.query(Identifier(table.schema, table.name)))
