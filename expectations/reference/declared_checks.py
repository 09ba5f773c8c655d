"""Structural checks of the reference data: types, keys and references, as _seeds.yml declares them for each file."""

import re
from collections.abc import Iterator

import yaml  # type: ignore[import-untyped]  # its stubs are another package

from expectations.reference.reference_tables import PROJECT, ReferenceTables, Violation
from warehouse.reference.csv_rows import Row

DECLARATIONS = PROJECT / "dbt_project" / "models" / "_seeds.yml"
TYPED = {"integer": Row.integer, "numeric": Row.decimal, "date": Row.day}
CODE_LIST = re.compile(r"code_lists\[(?P<code_list>\w+)\]")


def check_declared(tables: ReferenceTables) -> Iterator[Violation]:
    """Repeated keys and unknown references of all files. Raises InvalidReferenceData for a cell of a wrong type."""
    for seed in yaml.load(DECLARATIONS.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"]:
        name, declared = seed["name"], seed["config"]["meta"]
        tables.read(name, declared.get("may_be_empty", False))
        _require_cells(tables[name], seed["config"]["column_types"], declared)
        yield from _repeated(tables[name], declared["key"])
        for columns, targets in declared.get("references", {}).items():
            for target in [targets] if isinstance(targets, str) else targets:
                yield from _unknown(tables, name, declared["key"], columns.split(), target)


def _require_cells(rows: list[Row], types: dict[str, str], declared: dict) -> None:
    typed = {column: TYPED[type_] for column, type_ in types.items() if type_ in TYPED}
    for row in rows:
        for column in declared.get("filled", ()):
            if not row[column]:
                raise row.invalid(column, "filled in")
        for column, values in declared.get("allowed", {}).items():
            row.one_of(column, *values, "")
        for column, read in typed.items():
            if row[column]:
                read(row, column)


def _repeated(rows: list[Row], key: list[str]) -> Iterator[Violation]:
    seen = set()
    for row in rows:
        cells = tuple(row[column] for column in key)
        if cells in seen:
            yield Violation("repeated_row", row, key[-1], _subject(row, key))
        seen.add(cells)


def _unknown(
    tables: ReferenceTables, name: str, key: list[str], columns: list[str], target: str
) -> Iterator[Violation]:
    """Rows whose cells are not in the target: a file with the same columns, file.columns, or code_lists[list]."""
    if listed := CODE_LIST.fullmatch(target):
        code_list = listed["code_list"]
        known: set[tuple[str, ...]] = {(code,) for code in tables.reference.code_lists[code_list]}
        expected = f"code_lists.csv, {code_list}"
    else:
        file, _, others = target.partition(".")
        known, expected = tables.columns(file, *(others.split() or columns)), f"{file}.csv"
    for row in tables[name]:
        cells = tuple(row[column] for column in columns)
        if all(cells) and cells not in known:
            yield Violation("code_unknown", row, columns[-1], _subject(row, key), ".".join(cells), expected)


def _subject(row: Row, key: list[str]) -> str:
    return " ".join(row[column] for column in key if row[column])
