"""The plan's reference data, read from the CSV files that dbt loads as seeds.

The form, code lists, units, roster, yearly cycles and rules are data: what changes from year to year changes there
and nowhere in the code.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from warehouse.reference.csv_rows import Row, read_rows
from warehouse.reference.cycles import (
    Cycle,
    Phase,
    RosterUnit,
    WorkingDays,
    read_cycles,
    read_phases,
    read_roster,
    read_working_days,
)
from warehouse.reference.forms import Field, Form, Sheet, read_forms
from warehouse.reference.units import AdministrativeUnits, read_units

DECISION_FORMATS = {
    "honours_first_window": (r"[0-9]{4}-[0-9]{4}", "two years written YYYY-YYYY"),
    "percent_decimals_shown": (r"[0-9]", "a whole number from 0 to 9"),
}
"""parameter -> pattern of its value and the pattern in words, where a decision has no list of options"""


ALWAYS = (date.min, date.max)
"""the days of a code without dates"""
SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
"""the plan that a release brings, and the example's"""


def plan_folder() -> Path:
    """The folder of the plan: HTX_PLAN, made absolute; by default SEEDS. Its CSV files are the reference data, its
    templates/ the letters and documents that differ from those of the release."""
    return Path(os.environ.get("HTX_PLAN") or SEEDS).expanduser().resolve()


@dataclass(frozen=True)
class Rule:
    """A rule on submissions, with the sentences of its findings."""

    code: str
    severity: Literal["error", "query", "info"]
    sheet_code: str | None
    fields: str
    depends_on: str
    """file, history, registry or other units"""
    message_vi: str
    message_en: str


class UnknownUnit(Exception):
    """A unit is not on the roster of a year; the message says so."""


@dataclass(frozen=True)
class Indicator:
    """An indicator of the plan."""

    code: str
    name_vi: str
    unit: str
    reported_as: str
    """target, bookkeeping, internal or companion"""


@dataclass(frozen=True)
class DutyFigures:
    """What the figures of a duty count: None where it has none, and the most that its events can be."""

    events_are_vi: str | None
    people_are_vi: str | None
    events_at_most: Literal["cooperatives"] | None


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data, keyed for look-up."""

    forms: dict[str, Form]
    code_lists: dict[str, dict[str, str]]
    """list -> code -> Vietnamese label, in order; also `indicators`"""
    code_flags: dict[str, dict[str, frozenset[str]]]
    code_days: dict[str, dict[str, tuple[date, date]]]
    """list -> code -> first and last day on which it is in use"""
    roster: dict[tuple[int, str], RosterUnit]
    cycles: dict[int, Cycle]
    phases: dict[int, Phase]
    working_days: WorkingDays
    units: AdministrativeUnits
    rules: dict[str, Rule]
    rule_comparisons: list[Row]
    """what the rules on one file expect, as expectations/comparisons.py reads it"""
    indicators: dict[str, Indicator]
    decisions: dict[str, dict[int, str]]
    """parameter -> report year from which a value holds -> value"""
    duties: dict[str, tuple[str, ...]]
    """body of the plan (duty_assignments.csv) -> its duties"""
    duty_figures: dict[str, DutyFigures]
    sha256: str
    """over the bytes of all CSV files, in the order of their names"""

    @property
    def programme(self) -> tuple[date, date]:
        """The first and the last day of the programme, over all its phases."""
        return min(each.begins_on for each in self.phases.values()), max(each.ends_on for each in self.phases.values())

    def form_for(self, year: int) -> Form:
        """The form that the cycle of a report year names. LookupError when there is none."""
        if year not in self.cycles:
            raise LookupError(f"no version of the form is published for {year}")
        return self.forms[self.cycles[year].form_version]

    def decided(self, parameter: str, year: int) -> str:
        """The option of a decision for a report year; of an earlier one, the first. KeyError: no such parameter."""
        values = self.decisions[parameter]
        return values[max((begins for begins in values if begins <= year), default=min(values))]

    def unit(self, code: str, year: int) -> RosterUnit:
        """A unit of the roster of a year. Raises UnknownUnit."""
        if (year, code) not in self.roster:
            raise UnknownUnit(f"The roster (reporting_roster.csv) has no unit {code} for {year}.")
        return self.roster[year, code]

    def sheet_applies(self, sheet: Sheet, unit: RosterUnit) -> bool:
        """Whether the unit fills in this sheet."""
        return unit.kind in sheet.applies_to or unit.code in sheet.applies_to

    def field_applies(self, field: Field, unit: RosterUnit) -> bool:
        """Whether the unit fills in this field of a sheet that it fills in."""
        return field.applies_to is None or bool({unit.kind, unit.code} & set(field.applies_to.split()))

    def listed_codes(self, form: Form, sheet_code: str, unit: RosterUnit) -> tuple[str, ...]:
        """The codes of the sheet's key that the form lists for the unit, one a row."""
        for listed in form.listed.get(sheet_code, ()):
            if unit.kind in listed.applies_to or unit.code in listed.applies_to:
                key = form.sheets[sheet_code].by_code[form.sheets[sheet_code].key[0]]
                codes = self.codes(key.code_list or "", day=self.cycles[unit.year].data_window_to)
                # The plan gives the duties of a level to its People's Committees.
                assigned = self.duties.get({"district": "PC-D", "commune": "PC-C"}.get(unit.kind, unit.code), ())
                wanted = {"all": tuple(codes), "assigned": assigned}.get(listed.codes[0], listed.codes)
                return tuple(code for code in codes if code in wanted)
        return ()

    def counted(self, row: Mapping[str, object], field_code: str) -> str | None:
        """What a figure in the row of a duty counts: "" where the duty has no such figure; None in all other fields."""
        figures = self.duty_figures.get(str(row.get("duty_code")))
        words = {"events": figures.events_are_vi, "people": figures.people_are_vi} if figures else {}
        return (words[field_code] or "") if field_code in words else None

    def roster_of(self, year: int) -> list[RosterUnit]:
        """The units expected to report for the year, in the order of the roster."""
        return [unit for unit in self.roster.values() if unit.year == year]

    def codes(self, code_list: str, year: int | None = None, day: date | None = None) -> dict[str, str]:
        """Code -> Vietnamese label of a list as it stands for a report year and a day.

        `reporting_units` are those of the roster of `year`; `communes` are those of the programme's ground that
        are valid on `day`; of the others, those in use on `day`, or all without one. KeyError for an unknown list.
        """
        if code_list == "reporting_units":
            return {unit.code: self.unit_name(unit) for unit in self.roster.values() if unit.year == year}
        if code_list == "communes":
            return {unit.code: unit.name_full for unit in self.units.communes_at(day)} if day else {}
        codes = self.code_lists[code_list]
        return {code: label for code, label in codes.items() if not day or self.is_in_use(code_list, code, day)}

    def is_in_use(self, code_list: str, code: str, day: date) -> bool:
        """Whether a code of a list is in use on a day; a code that the list does not have, always."""
        first, last = self.code_days.get(code_list, {}).get(code, ALWAYS)
        return first <= day <= last

    def report_kinds(self, *, yearly: bool) -> frozenset[str]:
        """The kinds of reports that are of a year (flag `yearly` of code_lists.csv), or those that come at any time."""
        flags = self.code_flags["report_kinds"]
        return frozenset(kind for kind in flags if ("yearly" in flags[kind]) == yearly)

    def unit_name(self, unit: RosterUnit) -> str:
        """The official Vietnamese name of a reporting unit."""
        if unit.uid in self.units:
            return self.units[unit.uid].name_full
        return self.code_lists["agencies"].get(unit.code, unit.code)

    def unit_names(self, unit: RosterUnit) -> list[str]:
        """Every name by which the reporting unit, in its version, is known: the official one first."""
        return self.units.names_of(unit.uid) if unit.uid in self.units else [self.unit_name(unit)]


def read_reference(folder: Path) -> Reference:
    """The reference data of a folder of CSV files (dbt's seeds), parsed again only where one has changed; never to be
    written to. Raises InvalidReferenceData."""
    return _parsed(Path(folder), _sha256(Path(folder)))


@lru_cache(maxsize=4)
def _parsed(folder: Path, sha256: str) -> Reference:
    indicators = [row.as_instance(Indicator, code="indicator_code") for row in read_rows(folder / "indicators.csv")]
    rules = [row.as_instance(Rule, code="rule_code") for row in read_rows(folder / "rules.csv")]
    code_lists: dict[str, dict[str, str]] = defaultdict(dict)
    code_flags: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    code_days: dict[str, dict[str, tuple[date, date]]] = defaultdict(dict)
    for row in sorted(read_rows(folder / "code_lists.csv"), key=_sort_order):
        code_lists[row["code_list"]][row["code"]] = row["label_vi"]
        code_flags[row["code_list"]][row["code"]] = frozenset(row["flags"].split())
    for row in read_rows(folder / "code_days.csv", may_be_empty=True):
        code_days[row["code_list"]][row["code"]] = (
            row.day("valid_from") if row["valid_from"] else ALWAYS[0],
            row.day("valid_to") if row["valid_to"] else ALWAYS[1],
        )
    duties: dict[str, tuple[str, ...]] = {}
    for row in read_rows(folder / "duty_assignments.csv"):
        duties[row["body"]] = (*duties.get(row["body"], ()), row["duty_code"])
    decisions: dict[str, dict[int, str]] = defaultdict(dict)
    for row in read_rows(folder / "decisions.csv"):
        if row["parameter"]:
            decisions[row["parameter"]][row.integer("valid_from_year")] = _decided(row)
    code_lists["indicators"] = {each.code: each.name_vi for each in indicators}
    return Reference(
        forms=read_forms(folder),
        code_lists=dict(code_lists),
        code_flags=dict(code_flags),
        code_days=dict(code_days),
        roster=read_roster(folder),
        cycles=read_cycles(folder),
        phases=read_phases(folder),
        working_days=read_working_days(folder),
        units=read_units(folder),
        rules={each.code: each for each in rules},
        rule_comparisons=read_rows(folder / "rule_comparisons.csv"),
        indicators={each.code: each for each in indicators},
        decisions=dict(decisions),
        duties=duties,
        duty_figures={row["duty_code"]: row.as_instance(DutyFigures) for row in read_rows(folder / "duty_figures.csv")},
        sha256=sha256,
    )


def publication_words(kind: str, period: int) -> dict[str, object]:
    """What a name of a report of the province is completed with: {period}, the report year or the phase; of a phase
    {years}, the first and the last, and {review}, what the plan calls its review."""
    if kind != "phase_review":
        return {"period": period}
    phase = read_phases(plan_folder())[period]
    years = f"{phase.begins_on.year} - {phase.ends_on.year}"
    return {"period": period, "years": years, "review": phase.review_kind_vi}


def _sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode() + b"\n" + path.read_bytes() + b"\n")
    return digest.hexdigest()


def _sort_order(row: Row) -> int:
    return row.integer("sort_order") if row["sort_order"] else 0


def _decided(row: Row) -> str:
    """The value of a decision: one of its options where they are listed, else in its own format if it has one."""
    if " | " in row["options"]:
        return row.one_of("value", *row["options"].split(" | "))
    if row["parameter"] in DECISION_FORMATS:
        return row.matching("value", *DECISION_FORMATS[row["parameter"]])
    return row["value"]
