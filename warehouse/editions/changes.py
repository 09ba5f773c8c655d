"""The changes of a report's version against the version before it, each with its cause.

Figures that new files changed are traced to the cells of those files, through the figures' evidence.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

import psycopg

from warehouse.connection import copy_rows
from warehouse.editions.cell_changes import CellChange, cells_changed
from warehouse.editions.editions import FED_BY_PUBLICATIONS, Edition
from warehouse.editions.figure_changes import (
    Change,
    Step,
    description_of_input,
    figure_changes,
    figures_by_step,
    steps_between,
)
from warehouse.editions.priority_counts import priority_measures, without
from warehouse.editions.records import FIGURE_TABLES, VALUE_FIGURES, VALUE_KEY, Figures
from warehouse.editions.versioning import Scope

PROVINCE = "province"
COLUMNS_OF_VERDICTS = ("verdict", "comparator", "target", "target_year")  # the others repeat the value's
OF_THE_PROVINCE = ("publication", "sending", "issue")  # kinds of inputs

EVIDENCE = """
    select indicator_code, measure_code, report_year, unit_uid, basis, submission_id, sheet_code, row_number, field_code
    from marts.fct_indicator_evidence
    where submission_id = any(%(files)s) and report_year = any(%(years)s)
"""
KEPT = (
    "publication_id", "position", "change", *VALUE_KEY, "column_name", "old_value", "new_value", "reason", "cause",
    "submission_id", "sheet_code", "row_number", "field_code", "cell", "cell_old_value", "cell_new_value",
    "sentence_vi",
)  # fmt: skip


def changes_between(connection: psycopg.Connection, old: Edition, new: Edition) -> list[Change]:
    """All changes: scope; figures of the province, of units, of breakdowns, of maps; tables."""
    figures = sorted(_figure_changes(old, new), key=_importance)
    causes = _Causes(connection, old, new, sorted({each.key["report_year"] for each in figures}))
    return [*_scope_changes(old.scope, new.scope), *map(causes.explain, figures), *_tables(old, new)]


def keep_changes(connection: psycopg.Connection, publication_id: str, changes: Sequence[tuple[Change, str]]) -> None:
    """Write the changes of a version, each with its sentence, to raw.publication_changes. Commits nothing."""
    rows = []
    for position, (change, sentence) in enumerate(changes, start=1):
        cell = change.cells[0] if change.cells else None
        rows.append((
            publication_id, position, change.change, *map(change.key.get, VALUE_KEY), change.column,
            change.old_value, change.new_value, change.reason, change.cause,
            cell.submission_id if cell else next(iter(change.files), None),
            *(getattr(cell, name, None)
              for name in ("sheet_code", "row_number", "field_code", "cell", "old_value", "new_value")),
            sentence,
        ))  # fmt: skip
    copy_rows(connection, "raw.publication_changes", KEPT, rows)


# What changed


def _scope_changes(old: Scope, new: Scope) -> Iterator[Change]:
    for change, entries in (("removed", old - new), ("added", new - old)):
        for kind, *key in sorted(entries):
            names = ("indicator_code", "measure_code") if kind == "measure" else ("report_year", "unit_uid")
            yield Change(None, dict(zip(names, key, strict=True)), None, change=change)


def _tables(old: Edition, new: Edition) -> Iterator[Change]:
    before = old.publication.tables_sha256 or {}
    for name, sha256 in (new.publication.tables_sha256 or {}).items():
        if before.get(name, sha256) != sha256:
            yield Change(None, {}, name)


def _figure_changes(old: Edition, new: Edition) -> Iterator[Change]:
    """The changed columns that mean something by themselves, of figures that both editions cover and show."""
    hidden = priority_measures(old.figures, new.figures)
    shown = [without(each.figures, hidden) for each in (old, new)]
    for key, changes in groupby(figure_changes(*shown), attrgetter("figure_key")):
        by_column = {each.column: each for each in changes}
        is_in_both = key in old.figures and key in new.figures
        if is_in_both or _is_covered_by_both(next(iter(by_column.values())), old.scope & new.scope):
            rows = [each.figures[key] for each in (old, new) if key in each.figures]
            yield from (by_column[name] for name in _meaningful(key[0], list(by_column), rows))


def _is_covered_by_both(change: Change, scope: Scope) -> bool:
    """Whether a figure of one edition is a part that the other lacks, of a measure and a unit that both have. Other
    figures come and go with their measure or unit, a change of the scope."""
    measure = ("measure", change.key["indicator_code"], change.key.get("measure_code"))
    unit = change.key.get("unit_uid")
    return measure in scope and (unit == PROVINCE or ("unit", change.key["report_year"], unit) in scope)


def _meaningful(figure: str, changed: Sequence[str | None], rows: Sequence[tuple]) -> list[str]:
    """Of the columns that changed, in a figure's old and new row, those that the others do not imply."""
    if figure == "verdict":
        return [name for name in COLUMNS_OF_VERDICTS if name in changed]
    chosen = [name for name in ("value", "value_status") if name in changed][:1]
    value = VALUE_FIGURES.index("value")
    for name in ("value_low", "value_high"):
        place = VALUE_FIGURES.index(name)
        if name in changed and any(row[place] != row[value] for row in rows):  # a bound that is not the value itself
            chosen.append(name)
    if "value" not in changed:
        chosen += [name for name in ("numerator", "denominator") if name in changed]
    return chosen


def _importance(change: Change) -> tuple:
    key = change.key
    is_part = key.get("breakdown", "total") != "total"
    is_map = key.get("basis", "as_reported") != "as_reported"
    is_unit = key.get("unit_uid", PROVINCE) != PROVINCE
    return is_map, is_part, is_unit, *map(str, key.values()), change.figure, _place(change)


def _place(change: Change) -> int:
    """Of the column among the figure's columns."""
    return FIGURE_TABLES[str(change.figure)][2].index(str(change.column))


# Why it changed


class _Causes:
    """Gives each changed figure its cause: the steps that changed it, and the cells of the files that came in them."""

    def __init__(self, connection: psycopg.Connection, old: Edition, new: Edition, years: list[int]):
        # publications and their issue change FED_BY_PUBLICATIONS alone: they are no step of their own
        inputs = {key: columns for key, columns in old.inputs.items() if key[0] not in OF_THE_PROVINCE}
        inputs |= {key: columns for key, columns in new.inputs.items() if key[0] in OF_THE_PROVINCE}
        self._steps = list(steps_between(connection, replace(old, inputs=inputs), new))
        self._stages: list[Figures] = []
        if len(self._steps) > 1:
            self._stages = figures_by_step(connection, self._steps, old.figures, new.figures)
        files = [id for step in self._steps for id in _files_of(step)]
        self._descriptions = {id: description_of_input(connection, "file", id) for id in files}
        self._cells: dict[str, list[CellChange]] = defaultdict(list)
        for cell in cells_changed(connection, files, [id for kind, id in old.inputs if kind == "file"]):
            self._cells[cell.submission_id].append(cell)
        self._evidence: dict[tuple, set[tuple]] = defaultdict(set)
        for row in connection.execute(EVIDENCE, {"files": files, "years": years}) if files else ():
            self._evidence[row[:5]].add(row[5:])
        measures = new.reference['"reference"."measures"'].sql
        self._main_sheets = {
            (indicator, measure): sheet
            for indicator, measure, sheet in connection.execute(
                f"select indicator_code, measure_code, main_sheet from ({measures}) as measures"
            )
        }
        self._cells_found: dict[tuple, tuple[CellChange, ...]] = {}

    def explain(self, change: Change) -> Change:
        """The change with its reason, cause, files and cells."""
        if change.key["indicator_code"] in FED_BY_PUBLICATIONS:
            return replace(change, reason="publications")
        steps = self._steps_of(change)
        if not steps:
            return change
        files: tuple[str, ...] = ()
        cells: tuple[CellChange, ...] = ()
        for step in steps:
            came = _files_of(step)
            files, cells = (*files, *came), (*cells, *self._cells_of(change, came))
        if len(files) > 1:  # of many at once, those with cells of this figure
            files = tuple(dict.fromkeys(each.submission_id for each in cells)) or files
        causes = [self._descriptions[id] for id in files]
        causes += [step.cause for step in steps if not _files_of(step)]
        return replace(change, reason=_reason(steps[0]), cause="; ".join(causes) or None, files=files, cells=cells)

    def _steps_of(self, change: Change) -> list[Step]:
        if not self._stages:
            return self._steps
        key, place = change.figure_key, _place(change)
        values = [stage[key][place] if key in stage else None for stage in self._stages]
        found = [step for step, was, becomes in zip(self._steps, values, values[1:], strict=False) if was != becomes]
        return found or self._steps[-1:]

    def _cells_of(self, change: Change, files: tuple[str, ...]) -> tuple[CellChange, ...]:
        """The changed cells that the figure is made of; else those of its rows; else those of its sheet and unit."""
        key = change.key
        place = (
            str(key["indicator_code"]), str(key.get("measure_code", "value")), key["report_year"],
            str(key.get("unit_uid", PROVINCE)), key.get("basis", "as_reported"),
        )  # fmt: skip
        if (place, files) not in self._cells_found:
            self._cells_found[place, files] = self._cells_at(place, files)
        return self._cells_found[place, files]

    def _cells_at(self, place: tuple, files: tuple[str, ...]) -> tuple[CellChange, ...]:
        indicator, measure, _, unit_uid, _ = place
        cells = [cell for id in files for cell in self._cells.get(id, ())]
        evidence = self._evidence.get(place, set())
        if exact := [
            each for each in cells
            if (each.submission_id, each.sheet_code, each.row_number, each.field_code) in evidence
        ]:  # fmt: skip
            return tuple(exact)
        rows = {row[:3] for row in evidence}
        if of_rows := [each for each in cells if (each.submission_id, each.sheet_code, each.row_number) in rows]:
            return _one_of_each_whole_row(of_rows)
        sheet, code = self._main_sheets.get((indicator, measure)), unit_uid.partition("@")[0]
        of_sheet = [each for each in cells if each.sheet_code == sheet]
        of_unit = [each for each in of_sheet if each.reporting_unit_code == code]
        return _one_of_each_whole_row(of_unit or of_sheet)


def _files_of(step: Step) -> tuple[str, ...]:
    return tuple(id for kind, id in step.inputs if kind == "file")


def _reason(step: Step) -> str:
    if not step.inputs:
        return step.reason
    return "new_files" if _files_of(step) else "new_registry"


def _one_of_each_whole_row(cells: Sequence[CellChange]) -> tuple[CellChange, ...]:
    """Of a row that was added or left out its first cell, of others all."""
    chosen, rows = [], set()
    for each in cells:
        is_whole = each.old_value is None or each.new_value is None
        row = each.submission_id, each.sheet_code, each.row_key, is_whole
        if not is_whole or row not in rows:
            chosen.append(each)
        rows.add(row)
    return tuple(chosen)
