"""The diff of a CSV file of reference data between two versions, in words."""

import psycopg

from warehouse.restate.build_inputs import ReferenceFile, rows_of

ROWS_LISTED = 20


def describe(connection: psycopg.Connection, old: ReferenceFile, new: ReferenceFile) -> str:
    """The changed rows: `decisions.csv: decision_code=A2: value any_manager → leads; ...`."""
    columns = [name for name, _ in new.columns]
    words = changes_in_words(rows_of(connection, old), rows_of(connection, new), columns)
    return f"{new.name}: {words or 'other columns'}"


def changes_in_words(old: list[dict], new: list[dict], columns: list[str]) -> str:
    """The changed rows, the first of them where they are many; empty where none changed."""
    sentences = changes(old, new, columns)
    more = f"; and {len(sentences) - ROWS_LISTED} more rows" if len(sentences) > ROWS_LISTED else ""
    return "; ".join(sentences[:ROWS_LISTED]) + more


def changes(old: list[dict], new: list[dict], columns: list[str]) -> list[str]:
    """One sentence per row that was changed, added or removed: new rows in their order, then removed ones."""
    key = _key(old, new, columns)
    old_rows = {_values(row, key): row for row in old}
    new_rows = {_values(row, key): row for row in new}
    sentences = []
    for values, row in new_rows.items():
        was = old_rows.get(values)
        if was is None:
            sentences.append(f"{_named(key, values)}: added")
            continue
        cells = [
            f"{column} {_shown(was.get(column))} → {_shown(row.get(column))}"
            for column in columns
            if was.get(column) != row.get(column)
        ]
        if cells:
            sentences.append(f"{_named(key, values)}: {', '.join(cells)}")
    return [*sentences, *(f"{_named(key, values)}: removed" for values in old_rows if values not in new_rows)]


def _key(old: list[dict], new: list[dict], columns: list[str]) -> list[str]:
    """The fewest leading columns that identify every row of both versions: files begin with their keys."""
    for count in range(1, len(columns)):
        key = columns[:count]
        if all(len({_values(row, key) for row in rows}) == len(rows) for rows in (old, new)):
            return key
    return columns


def _values(row: dict, key: list[str]) -> tuple:
    return tuple(row.get(column) for column in key)


def _named(key: list[str], values: tuple) -> str:
    return ", ".join(f"{column}={_shown(value)}" for column, value in zip(key, values, strict=True))


def _shown(value: object) -> str:
    return "(blank)" if value is None else str(value)
