"""What published figures would be today, and why: each publication is worked out again from history.

What a publication did not know yet when it was made never counts against it: only what had been received by its
instant does, seen by us in time or late.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg

from warehouse.editions import reference_changes
from warehouse.editions.records import (
    KEPT,
    VALUE_KEY,
    VERDICTS,
    Figures,
    Publication,
    World,
    figures_in,
    figures_kept,
    figures_sha256,
    publications,
    world_kept,
    world_today,
)
from warehouse.restate.build_inputs import Versions, published_versions
from warehouse.restate.compiled_sql import Recipe, sources_and_models_behind

ABOUT = ("old_value", "new_value", "reason", "cause", "step")
LATE_INPUTS_APART = 5  # of more, which one moved which figure is not asked


@dataclass(frozen=True)
class Difference:
    """A column of a figure of which one step towards today makes another: see quality.publication_differences."""

    publication_id: str
    figure: str
    key: Mapping[str, object]
    column: str
    old_value: str | None
    new_value: str | None
    reason: str
    cause: str
    step: int


@dataclass(frozen=True)
class Step:
    """The world after one more of its parts is that of today."""

    reason: str
    cause: str
    world: World
    inputs: tuple[tuple[str, str], ...] = ()
    """(kind, id) of what came with it"""


def verify_publications(connection: psycopg.Connection, publication_id: str | None = None) -> list[Difference]:
    """Work each publication out again, and put what would differ today into quality.publication_differences.

    Commits after each; LookupError when there is none of that id. From step to step of a figure its old value becomes
    the new one: with what was received in time and seen late, then with the reference data of today, then with the
    code of today."""
    found: list[Difference] = []
    versions = published_versions(connection)
    asked = publications(connection, publication_id)
    if publication_id and not asked:
        raise LookupError(f"There is no publication {publication_id}.")
    for publication in asked:
        # those without figures are of before they were kept
        if publication.figures_sha256 is None or versions is None:
            continue
        with connection.transaction():
            differences = list(_differences(connection, publication, versions))
            _note(connection, publication, differences)
        connection.commit()
        found += differences
    return found


def summary(differences: Iterable[Difference]) -> list[str]:
    """A line for each publication and cause, with the number of figures that it moved."""
    figures: dict[tuple[str, str, str], set] = {}
    for each in differences:
        moved = figures.setdefault((each.publication_id, each.reason, each.cause), set())
        moved.add((each.figure, *each.key.values()))
    return [
        f"{publication_id}: {len(moved)} figures would differ: {reason}: {cause}"
        for (publication_id, reason, cause), moved in figures.items()
    ]


def _differences(connection: psycopg.Connection, publication: Publication, versions: Versions) -> Iterator[Difference]:
    if figures_sha256(connection, publication.publication_id) != publication.figures_sha256:
        yield Difference(
            publication.publication_id, "all", {}, "figures_sha256", publication.figures_sha256,
            figures_sha256(connection, publication.publication_id), "unexplained",
            "somebody changed the figures that were kept", 0,
        )  # fmt: skip
    before, today = world_kept(connection, publication), world_today(connection, publication, versions)
    published = figures_kept(connection, publication)
    steps = [
        Step("unexplained", "the kept files, reference data and models do not give the figures", before),
        *steps_between(connection, before, today),
    ]
    stages = [published]
    for number, step in enumerate(steps):
        is_last = number == len(steps) - 1
        stages.append(_figures_or_none(connection, publication, step.world, is_last) or stages[-1])
    moved = {key for key in published.keys() | stages[-1].keys() if published.get(key) != stages[-1].get(key)}
    for number, step in enumerate(steps):
        for key in sorted(moved, key=str):
            yield from _moves(publication, key, stages[number].get(key), stages[number + 1].get(key), step, number)


def _figures_or_none(
    connection: psycopg.Connection, publication: Publication, world: World, must_work: bool
) -> Figures | None:
    """None where the code of then cannot work with the reference data of today: the step of the code then has both."""
    try:
        return figures_in(connection, publication, world)
    except psycopg.errors.SyntaxErrorOrAccessRuleViolation:
        if must_work:
            raise
        return None


def steps_between(connection: psycopg.Connection, before: World, today: World) -> Iterator[Step]:
    """The way from the world of a publication to that of today; parts that are the same are no step."""
    world = before
    late = sorted(
        {key for key in before.inputs.keys() | today.inputs.keys() if before.inputs.get(key) != today.inputs.get(key)}
    )
    for keys in [[key] for key in late] if len(late) <= LATE_INPUTS_APART else [late]:
        inputs = {key: known for key, known in world.inputs.items() if key not in keys}
        inputs |= {key: today.inputs[key] for key in keys if key in today.inputs}
        world = replace(world, inputs=inputs)
        yield Step("late_data", "; ".join(described(connection, key) for key in keys), world, tuple(keys))
    behind = sources_and_models_behind(before.recipe, VERDICTS) | sources_and_models_behind(today.recipe, VERDICTS)
    for name in sorted(behind & before.reference.keys() & today.reference.keys()):
        old, new = before.reference[name], today.reference[name]
        if old.content_sha256 != new.content_sha256:
            world = replace(world, reference={**world.reference, name: new})
            yield Step("changed_reference", reference_changes.describe(connection, old, new), world)
    if before.recipe != today.recipe:
        cause = ", ".join(_models_changed(before.recipe, today.recipe))
        yield Step("changed_code", f"models: {cause}", replace(today, inputs=world.inputs))


def _models_changed(before: Recipe, today: Recipe) -> list[str]:
    behind = sources_and_models_behind(before, VERDICTS) | sources_and_models_behind(today, VERDICTS)
    return [
        name.split(".")[1].strip('"') for name in sorted(behind) if before.models.get(name) != today.models.get(name)
    ]


def described(connection: psycopg.Connection, key: tuple[str, str]) -> str:
    """An input that came late, in words."""
    kind, id = key
    if kind == "file":
        row = connection.execute(
            "select receipt_number, folder, file_name, received_at, first_seen_at from raw.received_files"
            " where submission_id = %s",
            [id],
        ).fetchone()
        return f"{row[0]}: {row[1]}/{row[2]}, received {_minute(row[3])}, first seen {_minute(row[4])}" if row else id
    if kind == "snapshot":
        row = connection.execute(
            "select speaks_of, pulled_at from raw.registry_snapshots where snapshot_id = %s", [id]
        ).fetchone()
        return f"registry of {row[0]}, pulled {_minute(row[1])}" if row else id
    return f"publication {id}" if kind == "publication" else f"sending of {' to '.join(id.split(' ', 1))}"


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _moves(
    publication: Publication, key: tuple, old: tuple | None, new: tuple | None, step: Step, number: int
) -> Iterator[Difference]:
    if old == new:
        return
    figure, *key_values = key
    _, key_columns, columns = KEPT[figure]
    nothing = (None,) * len(columns)
    for column, was, becomes in zip(columns, old or nothing, new or nothing, strict=True):
        if was != becomes:
            named = dict(zip(key_columns, key_values, strict=True))
            yield Difference(
                publication.publication_id, figure, named, column, _text(was), _text(becomes), step.reason, step.cause,
                number,
            )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _note(connection: psycopg.Connection, publication: Publication, differences: list[Difference]) -> None:
    connection.execute(
        "delete from quality.publication_differences where publication_id = %s", [publication.publication_id]
    )
    columns = ", ".join(("publication_id", "figure", *VALUE_KEY, "column_name", *ABOUT))
    with connection.cursor().copy(f"copy quality.publication_differences ({columns}) from stdin") as copy:
        for each in differences:
            copy.write_row((
                each.publication_id, each.figure, *(each.key.get(name) for name in VALUE_KEY), each.column,
                *(getattr(each, name) for name in ABOUT),
            ))  # fmt: skip
