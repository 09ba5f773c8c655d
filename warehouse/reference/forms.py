"""The versions of the form: form_versions.csv, form_sheets.csv, form_fields.csv."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from warehouse.reference.csv_rows import read_rows

COVER = "00_BIA"


@dataclass(frozen=True)
class Field:
    """A column of a sheet of the form, or a line of its cover."""

    sheet_code: str
    field_code: str
    header_vi: str
    type: Literal["text", "code", "integer", "date", "boolean", "money", "number"]
    unit: str | None
    required: bool
    code_list: str | None
    measure: Literal["key", "stock", "flow"] | None
    """key, stock (as of data_to), flow (in the window), or nothing"""
    minimum: float | None
    position: int


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
class Form:
    """A version of the form: its sheets by code, in order, the cover (00_BIA) among them."""

    version: str
    sheets: dict[str, Sheet]
    first_report_year: int

    @property
    def cover(self) -> Sheet:
        return self.sheets[COVER]


def read_forms(folder: Path) -> dict[str, Form]:
    """The forms by version."""
    fields: dict[tuple[str, str], list[Field]] = defaultdict(list)
    for row in sorted(read_rows(folder / "form_fields.csv"), key=lambda row: row.integer("field_order")):
        fields[row["form_version"], row["sheet_code"]].append(row.as_instance(Field, position="field_order"))
    sheets: dict[str, dict[str, Sheet]] = defaultdict(dict)
    for row in sorted(read_rows(folder / "form_sheets.csv"), key=lambda row: row.integer("sheet_order")):
        version, code = row["form_version"], row["sheet_code"]
        sheets[version][code] = Sheet(
            sheet_code=code,
            title_vi=row["sheet_title_vi"],
            applies_to=frozenset(row["applies_to"].split()),
            fields=tuple(fields[version, code]),
            position=row.integer("sheet_order"),
        )
    return {
        row["form_version"]: Form(row["form_version"], sheets[row["form_version"]], row.integer("first_report_year"))
        for row in read_rows(folder / "form_versions.csv")
    }
