"""What an edited plan would move: a copy of the warehouse is built with it, and compared with what is public.

The copy is in a server of its own, which is removed afterwards. Nothing is written to the warehouse.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from expectations.errors import GateFailed
from expectations.reference.reference_checks import require_sound_plan
from htx import steps
from htx.backups.restore import copied
from warehouse.build import dbt
from warehouse.build.builds import promoted_build
from warehouse.connection import connect
from warehouse.editions import reference_changes
from warehouse.editions.figure_changes import figure_changes
from warehouse.editions.moved_verdicts import ISSUED
from warehouse.editions.records import FIGURE_TABLES, Figures
from warehouse.reference.reference_data import plan_folder
from warehouse.restate.build_inputs import reference_of, versions_of

MARTS = {"value": "fct_indicator_values", "verdict": "fct_indicator_verdicts"}
BESIDE = """
    select (code_sha256 is distinct from %s)::integer,
        (select count(*) from raw.received_files where first_seen_at > started_at),
        (select count(*) from raw.registry_snapshots where pulled_at > started_at)
    from quality.builds where build_id = %s
"""


@dataclass(frozen=True)
class Preview:
    """What the next build would change."""

    unchanged: str | None = None
    """why it would build nothing, as a sentence"""
    plan: Sequence[str] | None = None
    """how the files differ from those of the public build, in words by file; None where nothing is public"""
    beside: Mapping[str, int] = field(default_factory=dict)
    """what else came since that build, and counts too: models, files, pulls of the registry -> how many"""
    old: Figures = field(default_factory=dict)
    """the public figures and verdicts that are others then"""
    new: Figures = field(default_factory=dict)
    """what they are then"""
    issued: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """{year: its issued reports, kind and version}"""
    refused: Sequence[str] = ()
    """why the gate would not let the build be promoted"""

    def as_dict(self) -> dict:
        """For JSON: each column that moves, with its key."""
        moves = [
            {"figure": each.figure, **each.key, "column": each.column, "old": each.old_value, "new": each.new_value}
            for each in figure_changes(self.old, self.new)
        ]
        given = {name: each for name, each in vars(self).items() if name not in ("old", "new")}
        return {**given, "moves": moves}


def preview(warehouse_url: str, scratch: Path, output: Path) -> Preview:
    """Build a copy of a warehouse with the plan's folder as it is, and compare its figures with the public ones.

    `scratch`: the folder for the server of the copy; `output`: that for dbt's own files. Raises GateFailed where the
    plan is not sound, DbtFailed, InvalidReferenceData, WarehouseUnreachable."""
    require_sound_plan(plan_folder())  # before minutes are spent on a copy
    with copied(warehouse_url, scratch) as copy:
        build = steps.validate_batch(copy, accept_because="a preview")  # which the copy alone records
        if not build["changed"]:
            return Preview(build["unchanged"])
        steps.build_marts(copy, build, output)
        refused: Sequence[str] = ()
        try:
            steps.validate_marts(copy, build)
        except GateFailed as error:
            refused = error.sentences
        with connect(copy) as connection:
            public = promoted_build(connection)
            issued: dict[int, list[str]] = {}
            for year, kind, version in connection.execute(ISSUED):
                issued.setdefault(year, []).append(" ".join(filter(None, (kind, version))))
            return Preview(
                None,
                list(_edits(connection, public, build["build_id"])) if public else None,
                _beside(connection, public),
                _only_in(connection, "marts", "next_marts") if public else {},
                _only_in(connection, "next_marts", "marts" if public else None),
                issued,
                refused,
            )


def _edits(connection: psycopg.Connection, public: str, build_id: str) -> Iterator[str]:
    before, after = (versions_of(connection, each) for each in (public, build_id))
    if before and after:
        old, new = (reference_of(connection, each.reference_sha256) for each in (before, after))
        for name in sorted(old.keys() & new.keys()):
            if old[name].content_sha256 != new[name].content_sha256:
                yield reference_changes.describe(connection, old[name], new[name])


def _beside(connection: psycopg.Connection, public: str | None) -> dict[str, int]:
    row = connection.execute(BESIDE, [dbt.code_sha256(), public]).fetchone() or (0, 0, 0)
    return {name: count for name, count in zip(("models", "files", "pulls"), row, strict=True) if count}


def _only_in(connection: psycopg.Connection, schema: str, other: str | None) -> Figures:
    """The figures and verdicts of a schema that another one has not, or has with other columns."""
    found: Figures = {}
    for figure, (_, key, columns) in FIGURE_TABLES.items():
        listed = SQL(", ").join(map(Identifier, (*key, *columns)))
        rows = [
            SQL("select {} from {}").format(listed, Identifier(each, MARTS[figure])) for each in (schema, other) if each
        ]
        for row in connection.execute(SQL(" except ").join(rows)):
            found[figure, *row[: len(key)]] = row[len(key) :]
    return found
