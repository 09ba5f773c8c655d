"""Which rows of a file of reference data changed between two versions, in words."""

import psycopg

from warehouse.restate.build_inputs import ReferenceFile, rows_of

ROWS_TOLD = 20


def describe(connection: psycopg.Connection, old: ReferenceFile, new: ReferenceFile) -> str:
    """The changed rows: `decisions.csv: decision_code=A2: value any_manager → leads; ...`."""
    said = changes(rows_of(connection, old), rows_of(connection, new), [name for name, _ in new.columns])
    more = f"; and {len(said) - ROWS_TOLD} more rows" if len(said) > ROWS_TOLD else ""
    return f"{new.name}: " + ("; ".join(said[:ROWS_TOLD]) or "other columns") + more


def changes(old: list[dict], new: list[dict], columns: list[str]) -> list[str]:
    """One sentence per row that was changed, added or taken out, in the order of the new rows, then the old."""
    key = _key(old, new, columns)
    before = {_values(row, key): row for row in old}
    after = {_values(row, key): row for row in new}
    said = []
    for values, row in after.items():
        was = before.get(values)
        if was is None:
            said.append(f"{_named(key, values)}: added")
            continue
        cells = [
            f"{column} {_shown(was.get(column))} → {_shown(row.get(column))}"
            for column in columns
            if was.get(column) != row.get(column)
        ]
        if cells:
            said.append(f"{_named(key, values)}: {', '.join(cells)}")
    return [*said, *(f"{_named(key, values)}: taken out" for values in before if values not in after)]


def _key(old: list[dict], new: list[dict], columns: list[str]) -> list[str]:
    """The first columns that tell every row from the others, before and after: files begin with their keys."""
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
