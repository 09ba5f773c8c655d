"""Drafts: rows that break a rule, before they are put together to findings: one for each cause, and none for what only
follows from another error."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from expectations.submissions.frames import TEXT, TOTALS, Place
from expectations.submissions.rules import RuleCheck
from warehouse.reference.forms import COVER
from warehouse.reference.reference_data import Reference

CELLS_NAMED = 20
"""of one finding; of more, the first are named"""

Cell = tuple[str, int | None, str | None]
"""sheet, row (None on the cover, and for any row) and field (None for any field)"""


COMPUTED_FROM: dict[str, tuple[Cell, ...]] = {
    "reported_registration_number": (("01_HTX", None, "registration_number"),),
    "computed_shown": (("01_HTX", None, None), ("05_CAN_BO_HOI", None, None)),
}
"""columns of a frame that are computed from other sheets"""


@dataclass(frozen=True)
class Draft:
    """One place that breaks a rule."""

    place: Place
    rule_code: str
    sheet_code: str | None
    field_code: str | None
    cell: str | None
    value: str | None
    details: dict[str, object]
    cause: tuple
    """drafts with the same cause are one finding"""
    inputs: frozenset[Cell] = frozenset()
    """the cells that the rule compares with the flagged one"""
    is_of_value: bool = False
    """whether the rule looks at the value of this cell alone"""

    @property
    def flagged(self) -> Cell:
        return (self.sheet_code or "", self.place.row_number, self.field_code)

    @property
    def order(self) -> tuple:
        """Of the form: sheet, row, field."""
        sheet = self.place.submission.form.sheets.get(self.sheet_code or "")
        field = sheet.by_code.get(self.field_code or "") if sheet else None
        return (
            sheet.position if sheet else 0,
            self.place.row_number or 0,
            field.position if field else 0,
            self.rule_code,
            self.cell or "",
        )


def inputs_of(check: RuleCheck, place: Place, flagged: str) -> frozenset[Cell]:
    """The cells that a rule reads in a row beside the flagged one."""
    found: set[Cell] = set()
    parts = {total.name: total.parts for total in TOTALS if total.sheet_code == place.sheet_code}
    for column in check.columns:
        found |= set(COMPUTED_FROM.get(column, ()))
        for name in parts.get(column, (column.removesuffix(TEXT),)):
            if name in place.sheet.by_code and name != flagged:
                found.add((place.sheet_code, place.row_number, name))
            elif name in place.submission.form.cover.by_code:
                found.add((COVER, None, name))
    return frozenset(found)


def by_cause(drafts: Iterable[Draft], reference: Reference) -> list[Draft]:
    """One draft for each cause, with all its cells, in the order of the form."""
    groups: dict[tuple, list[Draft]] = defaultdict(list)
    for draft in _standing(sorted(drafts, key=lambda draft: draft.order), reference):
        groups[draft.cause].append(draft)
    return [_joined(group) for group in groups.values()]


def _standing(drafts: list[Draft], reference: Reference) -> list[Draft]:
    """The drafts without those that compare a cell with one that is itself at fault. Of two on each other's cells
    the first stands, so that a file with errors keeps at least one."""
    at_fault: dict[Cell, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        if reference.rules[draft.rule_code].severity == "error":
            sheet, row, field = draft.flagged
            for cell in {(sheet, row, field), (sheet, None, field), (sheet, None, None)}:
                at_fault[cell].append(number)
    stands: dict[int, bool] = {}

    def is_standing(number: int) -> bool:
        if number not in stands:
            stands[number] = True
            draft = drafts[number]
            suspects = {other for cell in draft.inputs for other in at_fault.get(cell, ()) if other != number}
            if not draft.is_of_value:
                suspects |= {other for other in at_fault.get(draft.flagged, ()) if drafts[other].is_of_value}
            stands[number] = not any(map(is_standing, sorted(suspects)))
        return stands[number]

    return [draft for number, draft in enumerate(drafts) if is_standing(number)]


def _joined(drafts: list[Draft]) -> Draft:
    """The first draft, with the cells, rows and headers of all."""
    first = drafts[0]
    details = {name: value for draft in reversed(drafts) for name, value in draft.details.items() if value}
    for name, between in (("header", "», «"), ("other_sheet", ", ")):
        if len(names := _distinct(draft.details.get(name) for draft in drafts)) > 1:
            details[name] = between.join(names)
    rows = _distinct(draft.place.row_number for draft in drafts)
    cells = _distinct(draft.cell for draft in drafts)
    return replace(first, cell=_named(cells) or None, details=details | {"rows": _named(rows)})


def _distinct(values: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values if value is not None))


def _named(values: list[str]) -> str:
    return ", ".join([*values[:CELLS_NAMED], *(["…"] if len(values) > CELLS_NAMED else [])])
