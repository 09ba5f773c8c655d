"""The reference data of the warehouse, read from the CSV files that dbt loads as seeds.

The form, its code lists, the units and their versions, the roster, the yearly cycles and the rules are data:
whatever changes from year to year changes there and nowhere in the code.
"""

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType

from warehouse.reference.names import name_key

COVER = "00_BIA"

LEVELS = ("province", "district", "commune")
REPORTING_KINDS = ("district", "commune", "agency")
FIELD_TYPES = ("text", "code", "integer", "date", "boolean", "money", "number")
SEVERITIES = ("error", "query", "info")
DECISION_FORMS = {
    "honours_first_window": (r"[0-9]{4}-[0-9]{4}", "two years written YYYY-YYYY"),
    "percent_decimals_shown": (r"[0-9]", "a whole number from 0 to 9"),
}
"""parameter -> how its value is written, where a decision has no list of options"""


class ReferenceUnreadable(Exception):
    """A CSV file of the reference data is not as expected; the sentence says where, and what is allowed there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a CSV file. Its cells are read by column; ReferenceUnreadable for one that is not as asked."""

    file_name: str
    number: int
    """as an editor counts: the names of the columns are row 1"""
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The text of a cell, empty when there is none."""
        try:
            return self.cells[column]
        except KeyError:
            found = ", ".join(f"«{name}»" for name in self.cells)
            raise ReferenceUnreadable(
                f"{self.file_name}, row 1: there is no column {column}; found are {found}."
            ) from None

    def one_of(self, column: str, *allowed: str) -> str:
        if self[column] not in allowed:
            *most, last = (each or "empty" for each in allowed)
            raise self.refused(column, f"{', '.join(most)} or {last}")
        return self[column]

    def is_yes(self, column: str) -> bool:
        return self.one_of(column, "yes", "no") == "yes"

    def integer(self, column: str) -> int:
        return int(self.written(column, "-?[0-9]+", "a whole number"))

    def decimal(self, column: str) -> float:
        return float(self.written(column, r"-?[0-9]+(\.[0-9]+)?", "a number with a point before its decimals"))

    def day(self, column: str) -> date:
        allowed = "a date written YYYY-MM-DD"
        text = self.written(column, "[0-9]{4}-[0-9]{2}-[0-9]{2}", allowed)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.refused(column, allowed) from None

    def day_if_any(self, column: str) -> date | None:
        return self.day(column) if self[column] else None

    def written(self, column: str, pattern: str, allowed: str) -> str:
        """The text of a cell that is written like the pattern, which `allowed` says in words."""
        if not re.fullmatch(pattern, self[column]):
            raise self.refused(column, allowed)
        return self[column]

    def refused(self, column: str, allowed: str) -> ReferenceUnreadable:
        found = f"«{self[column]}»" if self[column] else "empty"
        return ReferenceUnreadable(f"{self.file_name}, row {self.number}: {column} must be {allowed}, but is {found}.")


@dataclass(frozen=True)
class Field:
    """A column of a sheet of the form, or a line of its cover."""

    sheet_code: str
    field_code: str
    header_vi: str
    type: str
    """text, code, integer, date, boolean, money or number"""
    unit: str | None
    required: bool
    code_list: str | None
    measure: str | None
    """key, stock (as of data_to), flow (in the window), or nothing"""
    minimum: float | None
    position: int
    requirement: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet of one version of the form, its fields in order."""

    sheet_code: str
    title_vi: str
    grain: str
    applies_to: frozenset[str]
    """kinds of unit (district, commune, agency) or codes of units"""
    fields: tuple[Field, ...]
    position: int

    @cached_property
    def issued(self) -> tuple[list[str], list[str]]:
        """The row of codes and the row of headers, as the form has them."""
        return [each.field_code for each in self.fields], [each.header_vi for each in self.fields]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The codes of the fields that identify a row."""
        return tuple(each.field_code for each in self.fields if each.measure == "key")

    @cached_property
    def by_code(self) -> Mapping[str, Field]:
        return MappingProxyType({each.field_code: each for each in self.fields})

    def identity(self, read: Mapping[str, str]) -> tuple[str, ...]:
        """What tells a row from the others of the sheet, from its canonical texts; () when that is not complete.

        A key field that need not be filled in is a code that we issue: given, it identifies the row alone."""
        issued = tuple(read[code] for code in self.key if read.get(code) and not self.by_code[code].required)
        asked = [read.get(code) for code in self.key if self.by_code[code].required]
        return issued or (tuple(text for text in asked if text) if all(asked) else ())

    def row_key(self, read: Mapping[str, str]) -> str | None:
        """The identity of a row as one text, as raw.sheet_rows keeps it; None when it is not complete."""
        return "|".join(self.identity(read)) or None

    def __getstate__(self) -> dict[str, object]:
        return _own_state(self)


@dataclass(frozen=True)
class Form:
    """A version of the form: its sheets by code, in order, the cover (00_BIA) among them."""

    version: str
    sheets: dict[str, Sheet]
    first_report_year: int

    @property
    def cover(self) -> Sheet:
        return self.sheets[COVER]


@dataclass(frozen=True)
class RosterUnit:
    """A unit that is expected to report for one year."""

    year: int
    code: str
    uid: str
    kind: str
    """district, commune or agency"""
    mandatory: bool
    due_before: date | None = None
    """its own deadline; None for the cycle's"""


@dataclass(frozen=True)
class Cycle:
    """The dates and parameters of one report year."""

    report_year: int
    phase: int
    units_due_before: date
    province_due_before: date
    deadline_is_inclusive: bool
    moves_to_next_working_day: bool
    final_due_before: date
    locked_from: date
    data_window_from: date
    data_window_to: date
    registry_cut_off: date
    stable_job_min_months: int
    small_cell_threshold: int


@dataclass(frozen=True)
class Phase:
    """A phase of the programme."""

    number: int
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class AdministrativeUnit:
    """A province, district or commune in one version: uid = code@version."""

    uid: str
    code: str
    level: str
    type: str
    name_full: str
    name_short: str
    name_ascii: str
    parent_uid: str | None
    province_code: str
    valid_from: date | None
    valid_to: date | None
    is_programme_ground: bool

    def is_valid_at(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Rule:
    """A rule on submissions, with the sentences that its findings say."""

    code: str
    severity: str
    """error, query or info"""
    sheet_code: str | None
    fields: str
    depends_on: str
    """file, history, registry or other units"""
    statement: str
    message_vi: str
    message_en: str


@dataclass(frozen=True)
class Alias:
    """Another way in which people write the name of a unit."""

    uid: str
    alias: str
    kind: str
    encoding: str
    risk: str | None


@dataclass(frozen=True)
class Indicator:
    """An indicator of the plan."""

    code: str
    name_vi: str
    name_en: str
    unit: str


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data, keyed for look-up."""

    forms: dict[str, Form]
    code_lists: dict[str, dict[str, str]]
    """list -> code -> Vietnamese label, in order; also `indicators`"""
    code_flags: dict[str, dict[str, frozenset[str]]]
    roster: dict[tuple[int, str], RosterUnit]
    cycles: dict[int, Cycle]
    phases: dict[int, Phase]
    units: dict[str, AdministrativeUnit]
    successors: dict[str, str]
    """uid -> uid of the unit that its territory belongs to after its last day"""
    aliases: tuple[Alias, ...]
    rules: dict[str, Rule]
    indicators: dict[str, Indicator]
    decisions: dict[str, str]
    """parameter -> value"""
    sha256: str
    """over the bytes of all CSV files, in the order of their names"""
    _communes_by_code: dict[str, list[AdministrativeUnit]] = field(default_factory=dict, repr=False)

    @property
    def programme(self) -> tuple[date, date]:
        """The first and the last day of the programme, over all its phases."""
        return min(each.begins_on for each in self.phases.values()), max(each.ends_on for each in self.phases.values())

    def form_for(self, year: int) -> Form:
        """The newest form whose first report year is not after `year`. LookupError when there is none."""
        begun = [form for form in self.forms.values() if form.first_report_year <= year]
        if not begun:
            raise LookupError(f"no version of the form is published for {year}")
        return max(begun, key=lambda form: form.first_report_year)

    def sheet_applies(self, sheet: Sheet, unit: RosterUnit) -> bool:
        """Whether the unit fills in this sheet."""
        return unit.kind in sheet.applies_to or unit.code in sheet.applies_to

    def roster_of(self, year: int) -> list[RosterUnit]:
        """The units expected to report for the year, in the order of the roster."""
        return [unit for unit in self.roster.values() if unit.year == year]

    # Codes -------------------------------------------------------------------------------------------------

    def codes(self, code_list: str, year: int | None = None, day: date | None = None) -> dict[str, str]:
        """Code -> Vietnamese label of a list as it stands for a report year and a day.

        `reporting_units` are those of the roster of `year`; `communes` are those of the programme's ground that
        are valid on `day`; the others are the same at all times. KeyError for a list that nobody defined.
        """
        if code_list == "reporting_units":
            return {unit.code: self.unit_name(unit) for unit in self.roster.values() if unit.year == year}
        if code_list == "communes":
            return {unit.code: unit.name_full for unit in self.communes_at(day)} if day else {}
        return self.code_lists[code_list]

    # Units -------------------------------------------------------------------------------------------------

    def communes_at(self, day: date, unit_uid: str | None = None) -> list[AdministrativeUnit]:
        """The communes of the programme's ground valid on the day, only those inside the unit if one is given."""
        return [
            unit
            for unit in self.units.values()
            if unit.level == "commune"
            and unit.is_programme_ground
            and unit.is_valid_at(day)
            and (unit_uid is None or self.inside(unit.uid, unit_uid))
        ]

    def commune_at(self, code: str, day: date) -> str | None:
        """The uid of the commune that bore the code on the day; codes were used again by the reform."""
        for unit in self._communes_by_code.get(code, ()):
            if unit.is_valid_at(day):
                return unit.uid
        return None

    def commune_by_name(self, name: str, unit_uid: str | None, day: date) -> str | None:
        """The uid of the one commune inside the unit, valid on the day, that is known by the name; else None.

        Aliases marked as suggestions only never match; those that need a district match inside their unit alone.
        """
        known = self._communes_by_name.get(name_key(name), ())
        found = [
            uid
            for uid in known
            if self.units[uid].is_valid_at(day) and (unit_uid is None or self.inside(uid, unit_uid))
        ]
        return found[0] if len(found) == 1 else None

    def communes_named(self, name: str) -> list[str]:
        """The uids of all communes, of any time, that are known by the name."""
        return list(self._communes_by_name.get(name_key(name), ()))

    def parent(self, uid: str) -> str | None:
        """The uid of the unit that the unit belongs to, None for a province."""
        return self.units[uid].parent_uid

    def inside(self, commune_uid: str, unit_uid: str) -> bool:
        """Whether the commune is, or lies in, the reporting unit. False for agencies, which have no ground."""
        uid: str | None = commune_uid
        while uid in self.units:
            if uid == unit_uid:
                return True
            uid = self.units[uid].parent_uid
        return False

    def successor_at(self, uid: str, day: date) -> str | None:
        """The uid of the unit that the unit's ground belongs to on a day not before its own; None if unknown.

        Exact for communes: none was divided. Districts were abolished and have no successor.
        """
        seen = set()
        while not self.units[uid].is_valid_at(day):
            seen.add(uid)
            uid = self.successors.get(uid, "")
            if uid not in self.units or uid in seen:
                return None
        return uid

    def last_successor(self, uid: str) -> str:
        """The uid of the unit that the unit's ground belongs to after all changes known; itself if there is none."""
        seen = {uid}
        while self.successors.get(uid, uid) not in seen:
            uid = self.successors[uid]
            seen.add(uid)
        return uid

    def unit_name(self, unit: RosterUnit) -> str:
        """The official Vietnamese name of a reporting unit."""
        if unit.uid in self.units:
            return self.units[unit.uid].name_full
        return self.code_lists["agencies"].get(unit.code, unit.code)

    def unit_names(self, unit: RosterUnit) -> list[str]:
        """Every name by which the reporting unit, in its version, is known: the official one first."""
        if unit.uid not in self.units:
            return [self.unit_name(unit)]
        return self.names_of(unit.uid)

    def names_of(self, uid: str) -> list[str]:
        """Every name by which the province, district or commune is known: the official one first."""
        known = self.units[uid]
        return [known.name_full, known.name_short, *self._aliases_by_uid.get(uid, ())]

    def __getstate__(self) -> dict[str, object]:
        return _own_state(self)

    @cached_property
    def _aliases_by_uid(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for alias in self.aliases:
            if _may_match(alias):
                found[alias.uid].append(alias.alias)
        return dict(found)

    @cached_property
    def _communes_by_name(self) -> dict[str, list[str]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for unit in self.units.values():
            if unit.level == "commune":
                for name in self.names_of(unit.uid):
                    found[name_key(name)][unit.uid] = None
        return {key: list(uids) for key, uids in found.items()}


def _own_state(described) -> dict[str, object]:
    """What another process is given: what was read, and nothing that was worked out from it since."""
    return {each.name: getattr(described, each.name) for each in fields(described)}


def read_reference(folder: Path) -> Reference:
    """The reference data of a folder of CSV files (dbt's seeds).

    Raises ReferenceUnreadable for a file that is missing or not as expected.
    """
    folder = Path(folder)
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode() + b"\n" + path.read_bytes() + b"\n")

    units = {row["uid"]: _administrative_unit(row) for row in read_rows(folder / "administrative_units.csv")}
    communes: dict[str, list[AdministrativeUnit]] = defaultdict(list)
    for unit in units.values():
        if unit.level == "commune":
            communes[unit.code].append(unit)
    indicators = {row["indicator_code"]: _indicator(row) for row in read_rows(folder / "indicators.csv")}
    code_lists: dict[str, dict[str, str]] = defaultdict(dict)
    code_flags: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in sorted(read_rows(folder / "code_lists.csv"), key=_sort_order):
        code_lists[row["code_list"]][row["code"]] = row["label_vi"]
        code_flags[row["code_list"]][row["code"]] = frozenset(row["flags"].split())
    code_lists["indicators"] = {each.code: each.name_vi for each in indicators.values()}

    return Reference(
        forms=_forms(folder),
        code_lists=dict(code_lists),
        code_flags=dict(code_flags),
        roster={(unit.year, unit.code): unit for unit in map(_roster_unit, read_rows(folder / "reporting_roster.csv"))},
        cycles={cycle.report_year: cycle for cycle in map(_cycle, read_rows(folder / "report_cycles.csv"))},
        phases={phase.number: phase for phase in map(_phase, read_rows(folder / "phases.csv"))},
        units=units,
        successors={
            row["predecessor_uid"]: row["successor_uid"]
            for row in read_rows(folder / "administrative_unit_changes.csv")
            if row.one_of("is_default_successor", "true", "false", "") == "true" and row["successor_uid"]
        },
        aliases=tuple(
            Alias(row["uid"], row["alias"], row["kind"], row["encoding"], row["risk"] or None)
            for row in read_rows(folder / "administrative_unit_aliases.csv")
        ),
        rules={rule.code: rule for rule in map(_rule, read_rows(folder / "rules.csv"))},
        indicators=indicators,
        decisions={row["parameter"]: _decided(row) for row in read_rows(folder / "decisions.csv") if row["parameter"]},
        sha256=digest.hexdigest(),
        _communes_by_code=dict(communes),
    )


def read_rows(path: Path) -> list[Row]:
    # strict, since a quotation mark without its partner would swallow the rows after it
    lines = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    rows, number = [], 1
    try:
        columns = next(lines, [])
        if len(columns) < 2:
            raise ReferenceUnreadable(
                f"{path.name}, row 1: the names of the columns must stand between commas,"
                f" but found is «{''.join(columns)}»."
            )
        number = lines.line_num + 1
        for cells in lines:
            if any(cells[len(columns) :]):
                raise ReferenceUnreadable(
                    f"{path.name}, row {number}: {len(columns)} cells are allowed, one a column,"
                    f" but found are {len(cells)}; a text that holds a comma must stand in quotation marks."
                )
            if cells:
                rows.append(Row(path.name, number, dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))))
            number = lines.line_num + 1
    except csv.Error:
        raise ReferenceUnreadable(
            f"{path.name}, row {number}: a quotation mark has no partner; inside a text it must be doubled."
        ) from None
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ReferenceUnreadable(f"{path.name}: there is no such file in {path.parent}.") from None
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise ReferenceUnreadable(f"{path.name}, row {number}: the file must be saved as CSV in UTF-8.") from None


def _sort_order(row: Row) -> int:
    return row.integer("sort_order") if row["sort_order"] else 0


def _decided(row: Row) -> str:
    """The value of a decision: one of its options where they are listed, else in its own form if it has one."""
    if " | " in row["options"]:
        return row.one_of("value", *row["options"].split(" | "))
    if row["parameter"] in DECISION_FORMS:
        return row.written("value", *DECISION_FORMS[row["parameter"]])
    return row["value"]


def _forms(folder: Path) -> dict[str, Form]:
    fields: dict[tuple[str, str], list[Field]] = defaultdict(list)
    for row in sorted(read_rows(folder / "form_fields.csv"), key=lambda row: row.integer("field_order")):
        fields[row["form_version"], row["sheet_code"]].append(_field(row))
    sheets: dict[str, dict[str, Sheet]] = defaultdict(dict)
    for row in sorted(read_rows(folder / "form_sheets.csv"), key=lambda row: row.integer("sheet_order")):
        version, code = row["form_version"], row["sheet_code"]
        sheets[version][code] = Sheet(
            sheet_code=code,
            title_vi=row["sheet_title_vi"],
            grain=row["grain"],
            applies_to=frozenset(row["applies_to"].split()),
            fields=tuple(fields[version, code]),
            position=row.integer("sheet_order"),
        )
    return {
        row["form_version"]: Form(row["form_version"], sheets[row["form_version"]], row.integer("first_report_year"))
        for row in read_rows(folder / "form_versions.csv")
    }


def _field(row: Row) -> Field:
    return Field(
        sheet_code=row["sheet_code"],
        field_code=row["field_code"],
        header_vi=row["header_vi"],
        type=row.one_of("type", *FIELD_TYPES),
        unit=row["unit"] or None,
        required=row.is_yes("required"),
        code_list=row["code_list"] or None,
        measure=row.one_of("measure", "key", "stock", "flow", "") or None,
        minimum=row.decimal("minimum") if row["minimum"] else None,
        position=row.integer("field_order"),
        requirement=row["requirement"],
    )


def _roster_unit(row: Row) -> RosterUnit:
    return RosterUnit(
        year=row.integer("report_year"),
        code=row["reporting_unit_code"],
        uid=row["unit_uid"],
        kind=row.one_of("unit_kind", *REPORTING_KINDS),
        mandatory=row.is_yes("mandatory"),
        due_before=row.day_if_any("due_before"),
    )


def _cycle(row: Row) -> Cycle:
    dates = [
        "units_due_before",
        "province_due_before",
        "final_due_before",
        "locked_from",
        "data_window_from",
        "data_window_to",
        "registry_cut_off",
    ]
    return Cycle(
        report_year=row.integer("report_year"),
        phase=row.integer("phase"),
        deadline_is_inclusive=row.is_yes("deadline_is_inclusive"),
        moves_to_next_working_day=row.is_yes("moves_to_next_working_day"),
        stable_job_min_months=row.integer("stable_job_min_months"),
        small_cell_threshold=row.integer("small_cell_threshold"),
        **{name: row.day(name) for name in dates},
    )


def _phase(row: Row) -> Phase:
    return Phase(row.integer("phase"), row.day("begins_on"), row.day("ends_on"))


def _administrative_unit(row: Row) -> AdministrativeUnit:
    return AdministrativeUnit(
        uid=row["uid"],
        code=row["code"],
        level=row.one_of("level", *LEVELS),
        type=row["type"],
        name_full=row["name_full"],
        name_short=row["name_short"],
        name_ascii=row["name_ascii"],
        parent_uid=row["parent_uid"] or None,
        province_code=row["province_code"],
        valid_from=row.day_if_any("valid_from"),
        valid_to=row.day_if_any("valid_to"),
        is_programme_ground=row.is_yes("is_programme_ground"),
    )


def _rule(row: Row) -> Rule:
    return Rule(
        code=row["rule_code"],
        severity=row.one_of("severity", *SEVERITIES),
        sheet_code=row["sheet_code"] or None,
        fields=row["fields"],
        depends_on=row["depends_on"],
        statement=row["statement"],
        message_vi=row["message_vi"],
        message_en=row["message_en"],
    )


def _indicator(row: Row) -> Indicator:
    return Indicator(row["indicator_code"], row["name_vi"], row["name_en"], row["unit"])


def _may_match(alias: Alias) -> bool:
    """Initialisms only suggest; names in a legacy encoding are decoded before anyone looks them up."""
    return alias.encoding.startswith("unicode") and "never" not in (alias.risk or "")
