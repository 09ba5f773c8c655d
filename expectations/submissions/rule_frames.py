"""Frames over a batch of submissions, one per sheet, on which the rules are asked.

Typed values stand beside the canonical text (`members`, `members_text`). A value that is not sound as its type or
not in its list has no typed value: rules V02 and V04 accuse it, and no rule that compares it says so again.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
from stdnum.vn import mst

from expectations.submissions.declared_percentages import Share, shares_of, shown
from expectations.validation import ROW
from ingestion.form.submission import Submission
from ingestion.intake.late_permits import lock_begins_at, lock_lifters
from warehouse.reference.catalogue import Reference
from warehouse.reference.cycles import Cycle, RosterUnit
from warehouse.reference.forms import COVER, Field, Sheet
from warehouse.reference.names import name_key

CELLS, KEYS, NIL_SHEETS = "cells", "keys", "nil sheets"
BESIDE_THE_YEARLY = frozenset({"adhoc", "phase_review"})
NONE_SUCH = ""
"""what a value is held against where nothing is known that it could be: equal to no value, and not missing"""
NIL = "nil_"
TEXT = "_text"
EXPLANATIONS = "11_GIAI_TRINH"
# A commune may be given by its name alone.
GIVEN_INSTEAD = {"commune_code": "commune_name"}

# What a canonical text of each type looks like. Nine digits: no count of ours is larger, and the warehouse's
# integers hold them; a longer one is a telephone number or a slip of the hand.
PATTERNS = {
    "integer": r"^-?[0-9]{1,9}$",
    "number": r"^-?[0-9]{1,12}(?:\.[0-9]+)?$",
    "money": r"^-?[0-9]{1,12}(?:\.[0-9]+)?$",
    "boolean": r"^[CK]$",
}
# A number issued since 2019 is the tax code: ten digits, and three more for a branch.
TAX_CODE = re.compile(r"^[0-9]{10}(?:-[0-9]{3})?$")
DATE_FORMAT = "%Y-%m-%d"
_SOUND = {type_: re.compile(pattern) for type_, pattern in PATTERNS.items()}
_CANONICAL_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


@dataclass(frozen=True)
class Total:
    """A figure of a row worked out from several of its fields, with which a rule compares; missing when a part is."""

    sheet_code: str
    name: str
    parts: tuple[str, ...]
    combine: Callable[[list[float]], float] = sum
    blank_is_zero: bool = False

    def of(self, values: dict[str, object]) -> float | None:
        """From the typed values of a row."""
        parts = [values.get(part) for part in self.parts]
        numbers = [float(part) for part in parts if isinstance(part, float)]
        complete = numbers if self.blank_is_zero else numbers if len(numbers) == len(parts) else []
        return float(self.combine(complete)) if complete else None


TOTALS = (
    Total("01_HTX", "most_of_women", ("women_members", "women_workers"), max),
    Total("01_HTX", "women_members_and_workers", ("women_members", "women_workers")),
    Total("01_HTX", "other_workers", ("workers", "women_workers"), lambda parts: parts[0] - parts[1]),
    Total("02_THT", "women_members_and_workers", ("women_members", "women_workers")),
    Total(
        "04_DAO_TAO",
        "people_of_all_groups",
        ("women_managers", "members_and_workers", "union_members", "union_officers"),
        blank_is_zero=True,
    ),
)


@dataclass(frozen=True)
class Place:
    """Where a row of a frame comes from: a row of a sheet, or the cover (row_number None)."""

    submission: Submission
    sheet_code: str
    row_number: int | None = None
    sent: dict[str, str] = field(default_factory=dict, repr=False)
    read: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def sheet(self) -> Sheet:
        return self.submission.form.sheets[self.sheet_code]

    def cell(self, field_code: str) -> str | None:
        """The address of a field's cell, None where the file has no such column or line."""
        if self.sheet_code == COVER:
            return self.submission.cover_cells.get(field_code)
        letter = self._letter(field_code)
        return f"{letter}{self.row_number}" if letter else None

    def value(self, field_code: str) -> str | None:
        """What stands in the field's cell: as sent where that is kept, else as read."""
        if self.sheet_code == COVER:
            return self.read.get(field_code)
        return self.sent.get(self._letter(field_code) or "", self.read.get(field_code))

    def _letter(self, field_code: str) -> str | None:
        columns = self.submission.sheets[self.sheet_code].columns
        return columns.get(field_code) or columns.get(GIVEN_INSTEAD.get(field_code, ""))


@dataclass
class Frame:
    """Rows of one kind over the whole batch: what each has in which column, and its place."""

    places: list[Place] = field(default_factory=list)
    repeated: dict[int, list[Place]] = field(default_factory=dict)
    """row -> further places where the very same stands, of a frame that has each such row once"""
    rows: list[dict[str, object]] = field(default_factory=list)
    """column -> value; a column that a row does not name is missing there. `<field>_text` is what its place was read
    as, and stands in no row."""

    def add(self, place: Place, values: dict[str, object]) -> None:
        """Append a row."""
        self.rows.append(values)
        self.places.append(place)

    def places_of(self, row: int) -> list[Place]:
        """All places that a row speaks of."""
        return [self.places[row], *self.repeated.get(row, ())]

    def value(self, row: int, column: str):
        """The value of a column in a row, None where it is missing."""
        return self.rows[row].get(column)

    def _values(self, column: str) -> list:
        field_code, is_text, _ = column.partition(TEXT)
        if is_text:
            return [place.read.get(field_code) for place in self.places]
        return [row.get(column) for row in self.rows]

    def data(self, columns: set[str]) -> pd.DataFrame:
        """These columns, and `_row`, as pandas has them: numbers float64, days datetime64, the rest text."""
        series = {ROW: range(len(self.rows))}
        for name in sorted(columns):
            series[name] = _series(self._values(name))
        return pd.DataFrame(series)


def _series(values: list) -> pd.Series:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, (float, int, Decimal)):
        return pd.Series(values, dtype="float64")
    if isinstance(first, datetime):
        return pd.to_datetime(pd.Series(values), utc=True)
    if isinstance(first, date):
        return pd.to_datetime(pd.Series(values, dtype="object"))
    return pd.Series(values, dtype="object")


def frames_of(
    submissions: list[Submission], reference: Reference, excepted: frozenset[str] = frozenset()
) -> dict[str, Frame]:
    """The frames of a batch by sheet code, with `cells`, `keys` and `nil sheets`.

    `excepted`: ids of the submissions that an exception lets into a locked year.
    """
    batch = _Batch(reference, excepted)
    for submission in submissions:
        batch.add(submission)
    return batch.frames


class _Batch:
    """The frames while they are built."""

    def __init__(self, reference: Reference, excepted: frozenset[str]):
        self.reference = reference
        self.excepted = excepted
        self.frames: dict[str, Frame] = defaultdict(Frame)
        self.cell_rows: dict[tuple, dict[str | None, int]] = defaultdict(dict)
        self.reported: tuple[Submission, set[str | None]] | None = None

    def add(self, submission: Submission) -> None:
        reference = self.reference
        unit = reference.roster.get((submission.report_year or 0, submission.unit_code or ""))
        cover_place = Place(submission, COVER, read=submission.cover)
        cover = self._typed(cover_place, None)
        context = _context(unit, cover)
        self._add_cells([(cover_place, cover)])
        self.frames[COVER].add(cover_place, {**cover, **context, **self._cover_columns(submission, unit)})
        self._add_nil_sheets(submission, unit, context, cover_place)

        rows = {sheet_code: list(self._rows(submission, sheet_code)) for sheet_code in submission.sheets}
        shares = shares_of({code: [values for _, values in found] for code, found in rows.items()}, reference)
        for sheet_code, found in rows.items():
            self._add_cells(found)
            for place, values in found:
                self._add_key(place)
                derived = self._derived(place, unit, values, shares)
                self.frames[sheet_code].add(place, {**values, **context, **derived})

    def _rows(self, submission: Submission, sheet_code: str) -> Iterator[tuple[Place, dict[str, object]]]:
        if sheet_code == COVER or sheet_code not in submission.form.sheets:
            return
        for row in submission.sheets[sheet_code].rows:
            place = Place(submission, sheet_code, row.row_number, row.sent, row.read)
            yield place, self._typed(place, submission.data_to)

    # Values ------------------------------------------------------------------------------------------------

    def _typed(self, place: Place, day: date | None) -> dict[str, object]:
        """Field -> typed value, of what is filled in."""
        fields = place.sheet.by_code
        return {code: self._value(fields[code], text, day) for code, text in place.read.items() if code in fields}

    def _value(self, each: Field, text: str, day: date | None):
        if each.type == "date":
            return _day(text)
        if each.type in _SOUND and not _SOUND[each.type].match(text):
            return None
        if each.code_list == "communes":
            return self.reference.units.commune_at(text, day) if day else None
        if _is_listed(each) and text not in self.reference.code_lists.get(each.code_list or "", ()):
            return None
        return float(text) if each.type in ("integer", "number", "money") else text

    # The frames of cells and keys, for the rules that hold on every sheet --------------------------------------

    def _add_cells(self, rows: list[tuple[Place, dict[str, object]]]) -> None:
        """The cells of rows of one sheet of one file. Most of what units send, others send too: the same content of
        the same field is asked about once."""
        if not rows:
            return
        cells, first = self.frames[CELLS], rows[0][0]
        asked = []
        for each in first.sheet.fields:
            day = first.submission.data_to if each.code_list == "communes" else None
            known = self.cell_rows[first.submission.form.version, first.sheet_code, each.field_code, day]
            asked.append((each, each.field_code, day, known))
        for place, values in rows:
            read = place.read
            for each, code, day, known in asked:
                text = read.get(code)
                if text is None and (not each.required or _is_left_open(place, each)):
                    continue
                row = known.get(text)
                if row is not None:
                    cells.repeated.setdefault(row, []).append(place)
                    continue
                known[text] = len(cells.places)
                cells.add(place, self._cell(each, text, values.get(code), day))

    def _cell(self, each: Field, text: str | None, value: object, day: date | None) -> dict[str, object]:
        is_number = each.type in ("integer", "number", "money") and text is not None
        is_sound = each.type not in _SOUND or text is None or _SOUND[each.type].match(text)
        return {
            "field_code": each.field_code,
            "type": each.type,
            "code_list": each.code_list or "",
            "required": "yes" if each.required else "no",
            "text": text,
            "number": float(text) if is_number and is_sound else None,
            "minimum": each.minimum,
            "listed_code": f"{each.code_list}:{text}" if _is_listed(each) and text and is_sound else None,
            "data_to": day,
            "commune_uid": value if each.code_list == "communes" else None,
        }

    def _add_key(self, place: Place) -> None:
        if not place.sheet.key:
            return
        key = place.sheet.identity(place.read)
        self.frames[KEYS].add(
            place,
            {
                "submission_id": place.submission.submission_id,
                "sheet_code": place.sheet_code,
                "key": "\n".join(name_key(text) for text in key) if key else None,
            },
        )

    # What single sheets need beside their own values -------------------------------------------------------------

    def _cover_columns(self, submission: Submission, unit: RosterUnit | None) -> dict[str, object]:
        cycle = self.reference.cycles.get(submission.report_year or 0)
        name = submission.cover.get("reporting_unit_name")
        window = self._window(submission, cycle)
        locked_at = cycle and submission.submission_id not in self.excepted and lock_begins_at(cycle)
        return {
            "unit_name_key": name_key(name) if name else None,
            "unit_known_name_key": _known_key(name, self.reference.unit_names(unit)) if name and unit else None,
            "roster_code": (unit.code if unit else NONE_SUCH) if submission.report_year else None,
            "window_from": window[0],
            "window_to": window[1],
            "received_at": submission.file.received_at.astimezone(UTC),
            "locked_at": locked_at or None,
            "locked_from": cycle.locked_from if cycle else None,
            "lock_lifted_by": ", ".join(lock_lifters(self.reference)),
            "unit_official_name": self.reference.unit_name(unit) if unit else None,
        }

    def _window(self, submission: Submission, cycle: Cycle | None) -> tuple[date | None, date | None]:
        """The days that the figures may speak of (F05): a yearly report's within its cycle; one beside it, ad hoc or
        of a phase, spans what it is about, within the programme."""
        if cycle is None:
            return None, None
        if submission.cover.get("report_kind") in BESIDE_THE_YEARLY:
            return self.reference.programme
        return cycle.data_window_from, cycle.data_window_to

    def _derived(
        self, place: Place, unit: RosterUnit | None, values: dict[str, object], shares: dict[str, Share]
    ) -> dict[str, object]:
        derived: dict[str, object] = {}
        for total in TOTALS:
            if total.sheet_code == place.sheet_code:
                derived[total.name] = total.of(values)
        if place.sheet_code == "01_HTX":
            derived |= _check_digit(values.get("registration_number"))
        if values.get("commune_code") and unit:
            derived["commune_reports_to"] = self._reports_to(str(values["commune_code"]), unit)
        if values.get("funding_source"):
            flags = self.reference.code_flags["funding_sources"].get(str(values["funding_source"]), frozenset())
            derived["funding_kind"] = "credit" if "credit" in flags else "grant"
        if place.sheet_code == "06_NO":
            is_partial = place.submission.cover.get("submission_kind") == "partial_correction"
            number = place.read.get("registration_number")
            # A partial correction carries only the rows that it changes, so its own list says nothing.
            derived["reported_registration_number"] = (
                None if is_partial else number if number in self._reported_numbers(place.submission) else NONE_SUCH
            )
        if place.sheet_code == "10_TONG_HOP":
            text = place.read.get("declared_value", "")
            derived |= self._declared_and_computed(values, text, shares.get(str(values.get("indicator_code"))))
        return derived

    def _declared_and_computed(self, values: dict[str, object], text: str, share: Share | None) -> dict[str, object]:
        """The declared value and the one that the same file's lists give, both as an office shows them."""
        decimals = int(self.reference.decisions["percent_decimals_shown"])
        if share is None or share.value is None or values.get("declared_value") is None:
            return {}
        return {
            "declared_shown": shown(Decimal(text), decimals),
            "computed_shown": shown(share.value, decimals),
            "computed_from": f"{share.numerator:.0f}/{share.denominator:.0f}",
        }

    def _reported_numbers(self, submission: Submission) -> set[str | None]:
        """The cooperatives that the file reports."""
        if self.reported is None or self.reported[0] is not submission:
            rows = submission.sheets["01_HTX"].rows if "01_HTX" in submission.sheets else []
            self.reported = submission, {row.read.get("registration_number") for row in rows}
        return self.reported[1]

    def _reports_to(self, commune_uid: str, unit: RosterUnit) -> str | None:
        """The unit of the reporting unit's level that the commune is or lies in; None for agencies."""
        uid: str | None = commune_uid
        while uid in self.reference.units and self.reference.units[uid].level != unit.kind:
            uid = self.reference.units[uid].parent_uid
        return uid if uid in self.reference.units else None

    def _add_nil_sheets(self, submission, unit, context, cover_place: Place) -> None:
        for each in submission.form.cover.fields:
            sheet = submission.form.sheets.get(each.field_code.removeprefix(NIL))
            if not each.field_code.startswith(NIL) or sheet is None or unit is None:
                continue
            if not self.reference.sheet_applies(sheet, unit):
                continue
            found = submission.sheets.get(sheet.sheet_code)
            self.frames[NIL_SHEETS].add(
                cover_place,
                {
                    "field_code": each.field_code,
                    "nil": submission.cover.get(each.field_code),
                    "rows": float(len(found.rows) if found else 0),
                    "other_sheet": sheet.title_vi,
                    "submission_kind": context["submission_kind"],
                },
            )


def _context(unit: RosterUnit | None, cover: dict[str, object]) -> dict[str, object]:
    """What every row of a file shares: its unit as the roster of the year has it, and its days."""
    return {
        "unit_uid": unit.uid if unit else None,
        "reporter": (unit.code if unit.kind == "agency" else unit.kind) if unit else None,
        "data_from": cover.get("data_from"),
        "data_to": cover.get("data_to"),
        "submission_kind": cover.get("submission_kind"),
    }


def _known_key(name: str, known: list[str]) -> str:
    """The key of the name where it is a known one; else of the official name, which stands first."""
    keys = [name_key(each) for each in known]
    return name_key(name) if name_key(name) in keys else keys[0]


def _check_digit(registration_number: object) -> dict[str, object]:
    """The tenth digit of a number in the form of a tax code, and what it must be (TT 105/2020/TT-BTC, annex I)."""
    number = str(registration_number or "")
    if not TAX_CODE.match(number):
        return {}
    return {"check_digit": number[9], "right_check_digit": mst.calc_check_digit(number[:9])}


def _is_left_open(place: Place, each: Field) -> bool:
    """A line of a marked copy that names a finding and was left without an answer: what was asked may have been
    mended instead, and stays asked if it was not."""
    return place.sheet_code == EXPLANATIONS and each.field_code == "answer"


def _is_listed(each: Field) -> bool:
    """Whether V04 looks the code up in a fixed list: the roster is F03's, communes depend on the day, and C or K
    is a type (V02)."""
    return bool(each.code_list) and each.code_list not in ("reporting_units", "communes") and each.type != "boolean"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _CANONICAL_DATE.match(text) else None
    except ValueError:
        return None
