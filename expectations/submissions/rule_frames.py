"""The frames of a batch of submissions, one per sheet, that the rules check.

Typed values are beside the canonical text (`members`, `members_text`). A value of the wrong type or not in its code
list has no typed value: rules V02 and V04 report it, and rules that compare it ignore it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date
from decimal import Decimal

from stdnum.vn import mst

from expectations.submissions.declared_percentages import Share, shares_of, shown
from expectations.submissions.frames import TOTALS, Frame, Place
from ingestion.form.submission import Submission
from ingestion.intake.late_permits import lock_begins_at, lock_lifters
from warehouse.reference.cycles import Cycle, RosterUnit
from warehouse.reference.forms import COVER, Field
from warehouse.reference.names import name_key
from warehouse.reference.reference_data import Reference

CELLS, KEYS, NIL_SHEETS = "cells", "keys", "nil_sheets"
NONE_SUCH = ""
"""compared with a value that has no valid counterpart: equal to no value, and not missing"""
NIL = "nil_"
EXPLANATIONS = "11_GIAI_TRINH"

# The canonical text of each type. Nine digits fit the warehouse's integers; a longer count is a telephone number or a
# typing error.
PATTERNS = {
    "integer": r"^-?[0-9]{1,9}$",
    "number": r"^-?[0-9]{1,12}(?:\.[0-9]+)?$",
    "money": r"^-?[0-9]{1,12}(?:\.[0-9]+)?$",
    "boolean": r"^[CK]$",
    "mark": r"^[CK]$",
}
# A number issued since 2019 is the tax code: ten digits, and three more for a branch.
TAX_CODE = re.compile(r"^[0-9]{10}(?:-[0-9]{3})?$")
DATE_FORMAT = "%Y-%m-%d"
NUMERIC = ("integer", "number", "money")
_SOUND = {type_: re.compile(pattern) for type_, pattern in PATTERNS.items()}
_CANONICAL_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


def frames_of(
    submissions: list[Submission], reference: Reference, excepted: frozenset[str] = frozenset()
) -> dict[str, Frame]:
    """The frames of a batch by sheet code, with `cells`, `keys` and `nil_sheets`.

    `excepted`: ids of the submissions that a permit lets into a locked year.
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
        self.cell_rows: dict[tuple, dict[tuple[str | None, bool], int]] = defaultdict(dict)

    def add(self, submission: Submission) -> None:
        reference = self.reference
        unit = reference.roster.get((submission.report_year or 0, submission.unit_code or ""))
        cover_place = Place(submission, COVER, read=submission.cover)
        cover = self._typed(cover_place, None)
        context = _context(unit, cover) | {"is_guided": "yes" if submission.form.is_guided else "no"}
        self._add_cells([(cover_place, cover)])
        self.frames[COVER].add(cover_place, {**cover, **context, **self._cover_columns(submission, unit)})
        self._add_nil_sheets(submission, unit, context, cover_place)

        rows = {sheet_code: list(self._rows(submission, sheet_code)) for sheet_code in submission.sheets}
        lists = {code: [values for _, values in found] for code, found in rows.items()}
        shares = shares_of(lists, reference, submission.report_year or 0)
        reported = [place.read.get("registration_number") for place, _ in rows.get("01_HTX", ())]
        for sheet_code, found in rows.items():
            self._add_cells(found)
            for place, values in found:
                self._add_key(place)
                derived = self._derived(place, unit, values, shares, reported)
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
        return float(text) if each.type in NUMERIC else text

    # The frames of cells and keys, for the rules that hold on every sheet --------------------------------------

    def _add_cells(self, rows: list[tuple[Place, dict[str, object]]]) -> None:
        """Add the cells of rows of one sheet of one file; equal content of a field is checked once for the batch."""
        if not rows:
            return
        cells, first = self.frames[CELLS], rows[0][0]
        columns = []
        for each in first.sheet.fields:
            day = first.submission.data_to if each.code_list == "communes" else None
            known = self.cell_rows[first.submission.form.version, first.sheet_code, each.field_code, day]
            columns.append((each, each.field_code, day, known))
        for place, values in rows:
            read = place.read
            for each, code, day, known in columns:
                text = read.get(code)
                if text is None and (not each.required or _is_left_open(place, each)):
                    continue
                is_in_use = self._is_in_use(each, text, place)
                row = known.get((text, is_in_use))
                if row is not None:
                    cells.repeated.setdefault(row, []).append(place)
                    continue
                known[text, is_in_use] = len(cells.places)
                cells.add(place, self._cell(each, text, values.get(code), day, is_in_use))

    def _is_in_use(self, each: Field, text: str | None, place: Place) -> bool:
        """Whether a code is in use on the row's day, else at data_to; forms without a guide accept it at any time."""
        if text is None or not _is_listed(each) or not place.submission.form.is_guided:
            return True
        return place.day is None or self.reference.is_in_use(each.code_list or "", text, place.day)

    def _cell(
        self, each: Field, text: str | None, value: object, day: date | None, is_in_use: bool
    ) -> dict[str, object]:
        is_sound = each.type not in _SOUND or text is None or _SOUND[each.type].match(text)
        return {
            "field_code": each.field_code,
            "type": each.type,
            "code_list": each.code_list or "",
            "required": "yes" if each.required else "no",
            "text": text,
            "number": float(text) if text is not None and each.type in NUMERIC and is_sound else None,
            "minimum": each.minimum,
            "listed_code": f"{each.code_list}:{text if is_in_use else ''}"
            if _is_listed(each) and text and is_sound
            else None,
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

    # Computed columns of single sheets -------------------------------------------------------------

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
            "is_yearly": submission.cover.get("report_kind") in self.reference.report_kinds(yearly=True) or None,
            "locked_at": locked_at or None,
            "locked_from": cycle.locked_from if cycle else None,
            "lock_lifted_by": ", ".join(lock_lifters(self.reference)),
            "unit_official_name": self.reference.unit_name(unit) if unit else None,
        }

    def _window(self, submission: Submission, cycle: Cycle | None) -> tuple[date | None, date | None]:
        """The allowed days of the figures (F05): of a yearly report those of its cycle; of an ad hoc report or one on a
        phase those of the programme."""
        if cycle is None:
            return None, None
        if submission.cover.get("report_kind") in self.reference.report_kinds(yearly=False):
            return self.reference.programme
        return cycle.data_window_from, cycle.data_window_to

    def _derived(
        self,
        place: Place,
        unit: RosterUnit | None,
        values: dict[str, object],
        shares: dict[str, Share],
        reported: list[str | None],
    ) -> dict[str, object]:
        """The computed columns of a row; `reported`: the numbers of the cooperatives of the same file."""
        derived: dict[str, object] = {
            total.name: total.of(values) for total in TOTALS if total.sheet_code == place.sheet_code
        }
        if place.sheet_code == "01_HTX":
            derived |= _check_digit(values.get("registration_number"))
        if values.get("commune_code") and unit:
            derived["commune_reports_to"] = self._reports_to(str(values["commune_code"]), unit)
        if values.get("funding_source"):
            flags = self.reference.code_flags["funding_sources"].get(str(values["funding_source"]), frozenset())
            derived["funding_kind"] = "credit" if "credit" in flags else "grant"
        if place.sheet_code == "06_NO":
            number = place.read.get("registration_number")
            derived["reported_registration_number"] = number if number in reported else NONE_SUCH
        figures = self.reference.duty_figures.get(str(values.get("duty_code")))
        if figures and figures.events_at_most and unit and unit.kind != "agency":
            derived["events_at_most"] = float(len(reported))
        if place.sheet_code == "10_TONG_HOP":
            text = place.read.get("declared_value", "")
            share = shares.get(str(values.get("indicator_code")))
            derived |= self._declared_and_computed(values, text, share, place.submission.report_year or 0)
        return derived

    def _declared_and_computed(
        self, values: dict[str, object], text: str, share: Share | None, year: int
    ) -> dict[str, object]:
        """The declared value and the one that the same file's lists give, both as an office shows them."""
        decimals = int(self.reference.decided("percent_decimals_shown", year))
        if share is None or share.value is None or values.get("declared_value") is None:
            return {}
        return {
            "declared_shown": shown(Decimal(text), decimals),
            "computed_shown": shown(share.value, decimals),
            "computed_from": f"{share.numerator:.0f}/{share.denominator:.0f}",
        }

    def _reports_to(self, commune_uid: str, unit: RosterUnit) -> str | None:
        """The unit of the reporting unit's level that the commune is or lies in; None for agencies."""
        units = self.reference.units
        return next((uid for uid in units.with_parents(commune_uid) if units[uid].level == unit.kind), None)

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
                    "other_sheet": sheet.sheet_code,
                    "submission_kind": context["submission_kind"],
                },
            )


def _context(unit: RosterUnit | None, cover: dict[str, object]) -> dict[str, object]:
    """Columns that all rows of a file share: its unit on the roster of the year, and its days."""
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
    """Whether a line of the annotated copy was left without an answer: the cell may have been corrected instead, and
    the finding stays open if it was not."""
    return place.sheet_code == EXPLANATIONS and each.field_code == "answer"


def _is_listed(each: Field) -> bool:
    """Whether V04 looks the code up in a fixed list: F03 checks the roster, communes depend on the day, and C or K
    is a type (V02)."""
    return bool(each.code_list) and each.code_list not in ("reporting_units", "communes") and each.type != "boolean"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _CANONICAL_DATE.match(text) else None
    except ValueError:
        return None
