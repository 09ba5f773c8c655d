"""The diff of figures between two editions, and the steps that lead from one edition to the other.

Each step replaces one part of what the figures are made of (an input, a CSV file of reference data, the models) by
that of the other edition. Figures restated after each step tell which step changed which figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg

from warehouse.editions import reference_changes
from warehouse.editions.cell_changes import CellChange
from warehouse.editions.editions import Edition, behind_figures, restated
from warehouse.editions.records import FIGURE_TABLES, Figures
from warehouse.restate.compiled_sql import Recipe

INPUTS_APART = 5  # of more, they are one step: each step costs a restatement


@dataclass(frozen=True)
class Change:
    """A column of a figure that differs between two editions; or an indicator or unit added or removed, or a table of
    the documents with other content."""

    figure: str | None
    """value or verdict; None of an indicator, unit or table, `all` of the records of a publication as a whole"""
    key: Mapping[str, Any]
    """the figure's key columns"""
    column: str | None
    """of the figure; the name of a table of the documents"""
    old_value: str | None = None
    new_value: str | None = None
    reason: str = "unknown"
    """a code of raw.publication_changes.reason or quality.publication_differences.reason"""
    cause: str | None = None
    change: str = "changed"
    """added, removed or changed"""
    files: tuple[str, ...] = ()
    """submission_ids of the new files in question"""
    cells: tuple[CellChange, ...] = ()

    @property
    def figure_key(self) -> tuple:
        """The key in Figures."""
        return self.figure, *self.key.values()


@dataclass(frozen=True)
class Step:
    """An edition after one more of its parts was replaced."""

    reason: str
    cause: str
    edition: Edition
    inputs: tuple[tuple[str, str], ...] = ()
    """(kind, id) of the inputs that this step replaced"""


def figure_changes(old: Figures, new: Figures) -> Iterator[Change]:
    """Every column that differs; of a figure in one of the two only, each column that is not null there."""
    for key in sorted(old.keys() | new.keys(), key=str):
        was, becomes = old.get(key), new.get(key)
        if was == becomes:
            continue
        _, names, columns = FIGURE_TABLES[key[0]]
        named, blank = dict(zip(names, key[1:], strict=True)), (None,) * len(columns)
        for column, before, after in zip(columns, was or blank, becomes or blank, strict=True):
            if before != after:
                yield Change(key[0], named, column, _text(before), _text(after))


def steps_between(connection: psycopg.Connection, old: Edition, new: Edition) -> Iterator[Step]:
    """The steps from one edition to another: inputs, then reference data file by file, then models. Parts that are the
    same are no step."""
    edition = old
    keys = old.inputs.keys() | new.inputs.keys()
    changed = sorted(key for key in keys if old.inputs.get(key) != new.inputs.get(key))
    for group in [[key] for key in changed] if len(changed) <= INPUTS_APART else [changed]:
        inputs = {key: columns for key, columns in edition.inputs.items() if key not in group}
        inputs |= {key: new.inputs[key] for key in group if key in new.inputs}
        edition = replace(edition, inputs=inputs)
        cause = "; ".join(description_of_input(connection, *key) for key in group)
        yield Step("late_data", cause, edition, tuple(group))
    behind = behind_figures(old.recipe) | behind_figures(new.recipe)
    for name in sorted(behind & old.reference.keys() & new.reference.keys()):
        before, after = old.reference[name], new.reference[name]
        if before.content_sha256 != after.content_sha256:
            edition = replace(edition, reference={**edition.reference, name: after})
            yield Step("changed_reference", reference_changes.describe(connection, before, after), edition)
    if old.recipe != new.recipe:
        models = ", ".join(_models_changed(old.recipe, new.recipe, behind))
        yield Step("changed_code", f"models: {models}", replace(new, inputs=edition.inputs))


def figures_by_step(
    connection: psycopg.Connection, steps: Sequence[Step], before: Figures, after: Figures | None = None
) -> list[Figures]:
    """The figures before the first step, and after each; `after` are those after the last step, where known."""
    stages = [before]
    for step in steps[:-1] if after is not None else steps:
        try:
            stages.append(restated(connection, step.edition) or stages[-1])
        except psycopg.ProgrammingError:
            # old models cannot read the new reference data, or tables that a migration dropped: the last step, the
            # models, then shows all of their changes
            if step is steps[-1]:
                raise
            stages.append(stages[-1])
    return stages if after is None else [*stages, after]


def description_of_input(connection: psycopg.Connection, kind: str, id: str) -> str:
    """An input in words: receipt, place and instants of a file, days of a snapshot of the registry."""
    if kind == "file":
        row = connection.execute(
            "select receipt_number, folder, file_name, received_at, first_seen_at, coalesce("
            " (select ', amended: ' || reason from raw.receipt_amendments as amended"
            " where amended.submission_id = files.submission_id order by amended_at desc limit 1), '')"
            " from raw.received_files as files where submission_id = %s",
            [id],
        ).fetchone()
        if row is None:
            return id
        return f"{row[0]}: {row[1]}/{row[2]}, received {_minute(row[3])}, first seen {_minute(row[4])}{row[5]}"
    if kind == "snapshot":
        row = connection.execute(
            "select speaks_of, pulled_at from raw.registry_snapshots where snapshot_id = %s", [id]
        ).fetchone()
        return f"registry of {row[0]}, pulled {_minute(row[1])}" if row else id
    return f"publication {id}" if kind == "publication" else f"sending of {' to '.join(id.split(' ', 1))}"


def _models_changed(old: Recipe, new: Recipe, behind: set[str]) -> list[str]:
    changed = (name for name in sorted(behind) if old.models.get(name) != new.models.get(name))
    return [name.split(".")[1].strip('"') for name in changed]


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return None if value is None else str(value)
