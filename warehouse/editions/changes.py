"""What a version of a report has otherwise than the version before it, and why.

The way from the one to the other is that of reproducibility.py: new files, then each changed CSV, then the
models. Where it has one step only, that is the cause of all; where it has several, the figures are worked out after
each. A figure that new files moved is then followed to their cells, through its evidence.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import psycopg

from warehouse.editions.cell_changes import CellChange, cells_changed
from warehouse.editions.records import (
    KEPT,
    VALUE_FIGURES,
    VALUE_KEY,
    VERDICT_KEY,
    Figures,
    Publication,
    World,
    figures_in,
)
from warehouse.editions.reproducibility import Step, described, steps_between
from warehouse.editions.versioning import Scope

# What publications and their sending move: T17, T18. A version that had only this otherwise would be the report of its
# own sending, and that again of its own.
FED_BY_PUBLICATIONS = ("T17", "T18")
OF_THE_PROVINCE = ("publication", "sending")  # kinds of inputs
PROVINCE = "province"
TOLD_OF_VERDICTS = ("verdict", "comparator", "target", "target_year")  # its values stand with the figure

EVIDENCE = """
    select indicator_code, measure_code, report_year, unit_uid, basis, submission_id, sheet_code, row_number, field_code
    from marts.fct_indicator_evidence
    where submission_id = any(%(files)s) and report_year = any(%(years)s)
"""


@dataclass(frozen=True)
class Change:
    """An indicator or unit that came or went, a column of a figure, or a table of the documents."""

    change: str
    """added, removed, changed"""
    key: Mapping[str, object]
    column: str | None
    old_value: str | None
    new_value: str | None
    reason: str
    """new_files, new_registry, changed_reference, changed_code, publications, unknown"""
    cause: str | None = None
    files: tuple[str, ...] = ()
    """submission_ids of the new files in question"""
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A column of a figure that is not what it was."""

    key: tuple
    column: str
    place: int
    was: object
    becomes: object


@dataclass(frozen=True)
class Edition:
    """A version of a report, kept or about to be."""

    publication: Publication
    world: World
    figures: Figures
    scope: Scope
    tables_sha256: Mapping[str, str]


def apart_from_publications(figures: Figures) -> Figures:
    """The figures by which a version is known as the same again."""
    return {key: values for key, values in figures.items() if key[1] not in FED_BY_PUBLICATIONS}


def changes_between(connection: psycopg.Connection, old: Edition, new: Edition) -> list[Change]:
    """All changes, what the province signs for first: scope, verdicts, its figures, those of units, parts, maps."""
    moved = sorted(_moved(old, new), key=_importance)
    causes = Causes(connection, old, new, sorted({_named(each.key)["report_year"] for each in moved}))
    return [
        *_changes_of_scope(old.scope, new.scope),
        *map(causes.of, moved),
        *_changes_of_tables(old.tables_sha256, new.tables_sha256),
    ]


# What changed


def _changes_of_scope(old: Scope, new: Scope) -> Iterator[Change]:
    for change, before, after in (("removed", new, old), ("added", old, new)):
        for indicator, measure in sorted(after.measures - before.measures):
            yield Change(change, {"indicator_code": indicator, "measure_code": measure}, None, None, None, "unknown")
        for year, unit_uid in sorted(after.units - before.units):
            yield Change(change, {"report_year": year, "unit_uid": unit_uid}, None, None, None, "unknown")


def _changes_of_tables(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in new:
        if name in old and old[name] != new[name]:
            yield Change("changed", {}, name, None, None, "unknown")


def _moved(old: Edition, new: Edition) -> Iterator[Moved]:
    for key in old.figures.keys() | new.figures.keys():
        columns = KEPT[key[0]][2]
        nothing = (None,) * len(columns)
        was, becomes = old.figures.get(key, nothing), new.figures.get(key, nothing)
        if was == becomes or ((was is nothing or becomes is nothing) and not _is_part_of_both(key, old, new)):
            continue
        differ = [name for name, before, after in zip(columns, was, becomes, strict=True) if before != after]
        for name in _told(key[0], differ, was, becomes):
            place = columns.index(name)
            yield Moved(key, name, place, was[place], becomes[place])


def _is_part_of_both(key: tuple, old: Edition, new: Edition) -> bool:
    """Whether a figure that is in one edition only is a new part of what both have: all else is told by the scope."""
    named = _named(key)
    measure, unit = (named["indicator_code"], named.get("measure_code")), (named["report_year"], named.get("unit_uid"))
    in_both = all(measure in each.scope.measures for each in (old, new))
    return in_both and all(unit[1] == PROVINCE or unit in each.scope.units for each in (old, new))


def _told(figure: str, differ: list[str], was: tuple, becomes: tuple) -> list[str]:
    """Of the columns that differ, those that say something for themselves."""
    if figure == "verdict":
        return [name for name in differ if name in TOLD_OF_VERDICTS]
    told = [name for name in ("value", "value_status") if name in differ][:1]
    value = VALUE_FIGURES.index("value")
    for name in ("value_low", "value_high"):
        place = VALUE_FIGURES.index(name)
        # a bound that is the value itself has nothing to say
        if name in differ and any(row[place] != row[value] for row in (was, becomes)):
            told.append(name)
    if "value" not in differ:
        told += [name for name in ("numerator", "denominator") if name in differ]
    return told


def _importance(moved: Moved) -> tuple:
    figure, named = moved.key[0], _named(moved.key)
    is_part = named.get("breakdown", "total") != "total"
    is_map = named.get("basis", "as_reported") != "as_reported"
    is_unit = named.get("unit_uid", PROVINCE) != PROVINCE
    return is_map, is_part, is_unit, *map(str, moved.key[1:]), figure, moved.place


def _named(key: tuple) -> dict[str, object]:
    return dict(zip(VALUE_KEY if key[0] == "value" else VERDICT_KEY, key[1:], strict=True))


# Why it changed


class Causes:
    """What may have moved figures: the steps from one edition to the next, and the cells that came with new files."""

    def __init__(self, connection: psycopg.Connection, old: Edition, new: Edition, years: Sequence[int]):
        # publications move what is FED_BY_PUBLICATIONS, whatever else happened: they are no step of their own
        inputs = {key: known for key, known in old.world.inputs.items() if key[0] not in OF_THE_PROVINCE}
        inputs |= {key: known for key, known in new.world.inputs.items() if key[0] in OF_THE_PROVINCE}
        self._steps = list(steps_between(connection, replace(old.world, inputs=inputs), new.world))
        self._stages = _stages(connection, old, new, self._steps) if len(self._steps) > 1 else None
        files = [id for step in self._steps for kind, id in step.inputs if kind == "file"]
        self._described = {id: described(connection, ("file", id)) for id in files}
        before = [id for kind, id in old.world.inputs if kind == "file"]
        self._cells: dict[str, list[CellChange]] = defaultdict(list)
        for each in cells_changed(connection, files, before):
            self._cells[each.submission_id].append(each)
        self._evidence: dict[tuple, set[tuple]] = defaultdict(set)
        for row in connection.execute(EVIDENCE, {"files": files, "years": list(years)}) if files else ():
            self._evidence[row[:5]].add(row[5:])
        measures = new.world.reference['"reference"."measures"'].sql
        self._main_sheets = {
            (indicator, measure): sheet
            for indicator, measure, sheet in connection.execute(
                f"select indicator_code, measure_code, main_sheet from ({measures}) as measures"
            )
        }
        self._found: dict[tuple, tuple[CellChange, ...]] = {}

    def of(self, moved: Moved) -> Change:
        """The change with its cause."""
        steps = self._steps_of(moved)
        files: tuple[str, ...] = ()
        cells: tuple[CellChange, ...] = ()
        for step in steps:
            came = tuple(id for kind, id in step.inputs if kind == "file")
            files, cells = (*files, *came), (*cells, *self._cells_of(moved.key, came))
        if len(files) > 1:  # of many that came at once, those that say something of this figure
            files = tuple(dict.fromkeys(each.submission_id for each in cells)) or files
        causes = [self._described[id] for id in files]
        causes += [step.cause for step in steps if not any(kind == "file" for kind, _ in step.inputs)]
        reason = _reason(steps[0]) if steps else "unknown"
        if moved.key[1] in FED_BY_PUBLICATIONS:
            reason, causes, files, cells = "publications", [], (), ()
        return Change(
            "changed", _named(moved.key), moved.column, _text(moved.was), _text(moved.becomes), reason,
            "; ".join(causes) or None, files, cells,
        )  # fmt: skip

    def _steps_of(self, moved: Moved) -> list[Step]:
        if self._stages is None:
            return self._steps
        figures = [stage[moved.key][moved.place] if moved.key in stage else None for stage in self._stages]
        found = [step for step, was, becomes in zip(self._steps, figures, figures[1:], strict=False) if was != becomes]
        return found or self._steps[-1:]

    def _cells_of(self, key: tuple, files: tuple[str, ...]) -> tuple[CellChange, ...]:
        """The changed cells that the figure is made of; else those of its rows; else those of its sheet and unit."""
        named = _named(key)
        unit_uid = str(named.get("unit_uid", PROVINCE))
        measure = str(named["indicator_code"]), str(named.get("measure_code", "value"))
        place = *measure, named["report_year"], unit_uid, named.get("basis", "as_reported")
        if (place, files) not in self._found:
            self._found[place, files] = self._cells_at(place, files)
        return self._found[place, files]

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


def _stages(connection: psycopg.Connection, old: Edition, new: Edition, steps: Sequence[Step]) -> list[Figures]:
    """The figures before the first step, and after each."""
    stages = [old.figures]
    for step in steps[:-1]:
        try:
            with connection.transaction():
                stages.append(figures_in(connection, old.publication, step.world))
        # the code of then cannot work with the reference data of today: the step of the code then has both
        except psycopg.errors.SyntaxErrorOrAccessRuleViolation:
            stages.append(stages[-1])
    return [*stages, new.figures]


def _reason(step: Step) -> str:
    kinds = {kind for kind, _ in step.inputs}
    if not kinds:
        return step.reason
    return "new_files" if "file" in kinds else "new_registry"


def _one_of_each_whole_row(cells: Sequence[CellChange]) -> tuple[CellChange, ...]:
    """Of a row that is new or was left out its first cell, of others all."""
    told, rows = [], set()
    for each in cells:
        is_whole = each.old_value is None or each.new_value is None
        row = each.submission_id, each.sheet_code, each.row_key, is_whole
        if not is_whole or row not in rows:
            told.append(each)
        rows.add(row)
    return tuple(told)


def _text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return None if value is None else str(value)
