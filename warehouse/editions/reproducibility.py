"""Reproducibility of publications: restates each from history, and explains every figure that would differ today.

Only what had been received by the instant of a publication counts, whether this system saw it in time or late.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import psycopg

from warehouse.connection import copy_rows
from warehouse.editions.editions import edition_as_of, edition_kept
from warehouse.editions.figure_changes import Change, Step, figure_changes, figures_by_step, steps_between
from warehouse.editions.records import VALUE_KEY, Publication, PublicationRefused, figures_sha256, publications
from warehouse.restate.build_inputs import Versions, published_versions

COLUMNS = (
    "publication_id", "figure", *VALUE_KEY, "column_name", "old_value", "new_value", "reason", "cause", "step",
)  # fmt: skip


def verify_publications(connection: psycopg.Connection, publication_id: str | None = None) -> list[dict]:
    """Restate all publications, or one, and write what would differ today to quality.publication_differences.

    Gives those rows, their key columns as a dict: publication_id, figure, key, column, old_value, new_value, reason,
    cause, step. The steps of a figure lead from what was published to what it would be today: data received in time
    but seen late, then changed reference data, then changed models.
    Commits after each publication; PublicationRefused where none has that id."""
    found: list[dict] = []
    built_by = published_versions(connection)
    wanted = publications(connection, publication_id)
    if publication_id and not wanted:
        raise PublicationRefused(f"There is no publication {publication_id}.")
    for publication in wanted:
        # publications recorded by early versions of this system have no figures
        if publication.figures_sha256 is None or built_by is None:
            continue
        with connection.transaction():
            differences = [
                {
                    "publication_id": publication.publication_id, "figure": each.figure, "key": each.key,
                    "column": each.column, "old_value": each.old_value, "new_value": each.new_value,
                    "reason": each.reason, "cause": each.cause, "step": step,
                }
                for step, each in _differences(connection, publication, built_by)
            ]  # fmt: skip
            _write(connection, publication.publication_id, differences)
        connection.commit()
        found += differences
    return found


def summary(differences: Iterable[dict]) -> list[str]:
    """One line per publication and cause, with the number of figures that differ."""
    figures: dict[tuple[str, str, str], set] = {}
    for each in differences:
        cause = each["publication_id"], each["reason"], each["cause"]
        figures.setdefault(cause, set()).add((each["figure"], *each["key"].values()))
    return [
        f"{publication_id}: {len(changed)} figures would differ: {reason}: {cause}"
        for (publication_id, reason, cause), changed in figures.items()
    ]


def _differences(
    connection: psycopg.Connection, publication: Publication, built_by: Versions
) -> Iterator[tuple[int, Change]]:
    """(number of the step, change)"""
    sha256 = figures_sha256(connection, publication.publication_id)
    if sha256 != publication.figures_sha256:
        cause = "the stored figures were changed by hand"
        yield 0, Change("all", {}, "figures_sha256", publication.figures_sha256, sha256, "unexplained", cause)
    kept, today = edition_kept(connection, publication), edition_as_of(connection, publication, built_by)
    steps = [
        Step("unexplained", "the stored files, reference data and models give other figures", kept),
        *steps_between(connection, kept, today),
    ]
    stages = figures_by_step(connection, steps, kept.figures)
    differing = {each.figure_key for each in figure_changes(stages[0], stages[-1])}
    for number, step in enumerate(steps):
        for each in figure_changes(stages[number], stages[number + 1]):
            if each.figure_key in differing:
                yield number, replace(each, reason=step.reason, cause=step.cause)


def _write(connection: psycopg.Connection, publication_id: str, differences: list[dict]) -> None:
    connection.execute("delete from quality.publication_differences where publication_id = %s", [publication_id])
    rows = [{**each, **each["key"], "column_name": each["column"]} for each in differences]
    copy_rows(connection, "quality.publication_differences", COLUMNS, [[*map(row.get, COLUMNS)] for row in rows])
