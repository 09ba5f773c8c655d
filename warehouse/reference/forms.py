"""The versions of the form: form_versions.csv, and the other form_*.csv.

A version is written as its differences from the version before it, in the order of their names."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from warehouse.reference.csv_rows import Row, read_rows

COVER = "00_BIA"
DROPPED = "dropped"
"""type of a field that a version no longer has"""


@dataclass(frozen=True)
class Field:
    """A column of a sheet of the form, or a line of its cover."""

    sheet_code: str
    field_code: str
    header_vi: str
    type: Literal["text", "code", "integer", "date", "boolean", "money", "number", "mark"]
    unit: str | None
    required: bool
    code_list: str | None
    measure: Literal["key", "stock", "flow"] | None
    """key, stock (as of data_to), flow (in the window), or nothing"""
    minimum: float | None
    position: int
    applies_to: str | None = None
    """the only kinds of unit or codes of units that fill it in; None for all who fill in the sheet"""


@dataclass(frozen=True)
class Sheet:
    """A sheet of one version of the form, its fields in order."""

    sheet_code: str
    title_vi: str
    applies_to: frozenset[str]
    """kinds of unit (district, commune, agency) or codes of units"""
    fields: tuple[Field, ...]
    position: int

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The codes of the fields that identify a row."""
        return tuple(each.field_code for each in self.fields if each.measure == "key")

    @cached_property
    def day_field(self) -> str | None:
        """The field with the day of a row, in the window of the report; None where rows stand at its last day."""
        days = (each.field_code for each in self.fields if each.type == "date" and each.measure)
        return next(days, None)

    @cached_property
    def by_code(self) -> dict[str, Field]:
        return {each.field_code: each for each in self.fields}

    def identity(self, read: Mapping[str, str]) -> tuple[str, ...]:
        """The key of a row from its canonical texts; () when it is incomplete.

        An optional key field is a code that we issue: where it is given, it identifies the row alone."""
        issued = tuple(read[code] for code in self.key if read.get(code) and not self.by_code[code].required)
        required = [read.get(code) for code in self.key if self.by_code[code].required]
        return issued or (tuple(text for text in required if text) if all(required) else ())

    def row_key(self, read: Mapping[str, str]) -> str | None:
        """The key of a row as one text, as raw.sheet_rows keeps it; None when it is incomplete."""
        return "|".join(self.identity(read)) or None


@dataclass(frozen=True)
class ListedRows:
    """The rows of a sheet that the form lists for some units."""

    applies_to: frozenset[str]
    """kinds of unit or codes of units"""
    codes: tuple[str, ...]
    """of the sheet's key; `all` of its list, or the duties that are `assigned` to the unit"""


@dataclass(frozen=True)
class Form:
    """A version of the form: its sheets by code, in order, the cover (00_BIA) among them."""

    version: str
    sheets: dict[str, Sheet]
    is_guided: bool
    """whether its workbook explains itself: guide sheet, definitions, listed rows, locked headers"""
    definitions: dict[tuple[str, str], str]
    """(sheet, field) -> what an officer writes there"""
    texts: dict[str, tuple[str, ...]]
    """place -> its lines"""
    listed: dict[str, tuple[ListedRows, ...]]
    """sheet -> the rows that the workbook lists, by unit"""

    @property
    def cover(self) -> Sheet:
        return self.sheets[COVER]

    def texts_for(self, place: str, code: str, kind: str) -> tuple[str, ...]:
        """The lines of a place for a unit: its own, else those of its kind."""
        return self.texts.get(f"{place}_{code}") or self.texts.get(f"{place}_{kind}", ())


def read_forms(folder: Path) -> dict[str, Form]:
    """The forms by version, oldest first."""
    versions = sorted(read_rows(folder / "form_versions.csv"), key=lambda row: row["form_version"])
    names = ("fields", "sheets", "definitions", "texts", "rows")
    tables = {name: read_rows(folder / f"form_{name}.csv", may_be_empty=True) for name in names}
    return {row["form_version"]: _form(row, tables) for row in versions}


def _form(of: Row, tables: Mapping[str, list[Row]]) -> Form:
    version = of["form_version"]
    fields: dict[str, list[Field]] = defaultdict(list)
    for row in _in_order(_in_force(version, tables["fields"], "sheet_code", "field_code"), "field_order"):
        if row["type"] != DROPPED:
            fields[row["sheet_code"]].append(row.as_instance(Field, position="field_order"))
    sheets = {
        row["sheet_code"]: Sheet(
            sheet_code=row["sheet_code"],
            title_vi=row["sheet_title_vi"],
            applies_to=frozenset(row["applies_to"].split()),
            fields=tuple(fields[row["sheet_code"]]),
            position=row.integer("sheet_order"),
        )
        for row in _in_order(_in_force(version, tables["sheets"], "sheet_code"), "sheet_order")
    }
    definitions = _in_force(version, tables["definitions"], "sheet_code", "field_code")
    texts: dict[str, tuple[str, ...]] = {}
    for row in _in_order(_in_force(version, tables["texts"], "place", "line"), "line"):
        texts[row["place"]] = (*texts.get(row["place"], ()), row["text_vi"])
    listed: dict[str, tuple[ListedRows, ...]] = {}
    for row in _in_force(version, tables["rows"], "sheet_code", "applies_to"):
        rows = ListedRows(frozenset(row["applies_to"].split()), tuple(row["codes"].split()))
        listed[row["sheet_code"]] = (*listed.get(row["sheet_code"], ()), rows)
    return Form(
        version=version,
        sheets=sheets,
        is_guided=of.is_yes("is_guided"),
        definitions={(row["sheet_code"], row["field_code"]): row["definition_vi"] for row in definitions},
        texts=texts,
        listed=listed,
    )


def _in_force(version: str, rows: list[Row], *key: str) -> list[Row]:
    """The rows of a version: of each key the newest row up to that version."""
    earlier = sorted((row for row in rows if row["form_version"] <= version), key=lambda row: row["form_version"])
    return list({tuple(row[column] for column in key): row for row in earlier}.values())


def _in_order(rows: list[Row], column: str) -> list[Row]:
    return sorted(rows, key=lambda row: row.integer(column))
