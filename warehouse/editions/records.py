"""The records of publications: figures, what they were made of, documents. They are added to and never changed.

The tables are raw.publications and raw.publication_*; their triggers refuse every update and delete.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier, Placeholder
from psycopg.types.json import Jsonb

from warehouse.build.builds import promoted_state
from warehouse.connection import copy_rows
from warehouse.reference.phrases import phrase

VALUE_KEY = ("indicator_code", "measure_code", "breakdown", "breakdown_code", "report_year", "unit_uid", "basis")
VALUE_FIGURES = ("numerator", "denominator", "value", "value_low", "value_high", "value_status")
VERDICT_KEY = ("indicator_code", "report_year")
VERDICT_FIGURES = (
    "value", "value_low", "value_high", "comparator", "target", "target_year", "achieved_pct", "verdict",
)  # fmt: skip
FIGURE_TABLES = {
    "value": ("publication_figures", VALUE_KEY, VALUE_FIGURES),
    "verdict": ("publication_verdicts", VERDICT_KEY, VERDICT_FIGURES),
}
INPUT_COLUMNS = ("kind", "input_id", "received_at", "file_name", "verdict")
INPUTS = f"select {', '.join(INPUT_COLUMNS)} from raw.publication_inputs where publication_id = %s"

Figures = dict[tuple, tuple]  # (figure, *key): columns, as FIGURE_TABLES lists them; figure is value or verdict
Inputs = dict[tuple[str, str], tuple]  # (kind, id): received_at, file_name, verdict; of files, snapshots ...


class PublicationRefused(Exception):
    """A report cannot be published, or does not exist; the message says why, `reason_vi` to the office."""

    def __init__(self, message: str, reason_vi: str = phrase("see_log")):
        super().__init__(message)
        self.reason_vi = reason_vi


@dataclass(frozen=True)
class Publication:
    """A row of raw.publications: a report published here, or one sent by other means and recorded here."""

    publication_id: str
    kind: str
    """annual or phase_review"""
    report_year: int | None
    phase: int | None
    recipient: str | None
    published_at: datetime
    recorded_at: datetime
    figures_sha256: str | None
    models_sha256: str | None
    reference_sha256: str | None
    version: str | None = None
    """major.minor.patch of a report published here; None of one that was only recorded"""
    supersedes: str | None = None
    forced_because: str | None = None
    missing_units: Sequence[str] | None = None
    tables_sha256: Mapping[str, str] | None = None
    missing_sections: Sequence[str] | None = None
    """titles of the sections that lack the Union's own words; None of what was published before 0.5.0"""
    replaces: str | None = None
    """the edition of this report that was issued last"""

    @property
    def period(self) -> int:
        """The report year of an annual report, the phase of a review."""
        period = self.report_year if self.kind == "annual" else self.phase
        assert period is not None
        return period


@dataclass(frozen=True)
class KeptDocument:
    """A document as it was published."""

    recipient: str
    format: str
    file_name: str
    sha256: str
    content: bytes


def publication_id(*identity: object) -> str:
    """The id of a publication, from what makes it unique: kind, period, and version or recipient and instant."""
    return "P-" + hashlib.sha256("|".join(map(str, identity)).encode()).hexdigest()[:12].upper()


def publications(connection: psycopg.Connection, publication_id: str | None = None) -> list[Publication]:
    """All publications, or the one with that id, ordered by publication instant, which is never after it was recorded:
    a clock that was set into the future stops no later version."""
    cursor = connection.cursor(row_factory=dict_row)
    names = {name: name for name in Publication.__dataclass_fields__}
    names["published_at"] = "least(published_at, recorded_at) as published_at"
    columns = ", ".join(names.values())
    found = cursor.execute(
        f"select {columns} from raw.publications where %(id)s::text is null or publication_id = %(id)s"
        " order by published_at, publication_id",
        {"id": publication_id},
    )
    return [Publication(**row) for row in found]


def keep(
    connection: psycopg.Connection,
    publication: Publication,
    inputs: Inputs,
    figures: Figures,
    documents: Sequence[KeptDocument] = (),
    readiness: Mapping | None = None,
) -> Publication:
    """Write a publication with its figures, inputs and documents; as it was written. Commits nothing.

    recorded_at and figures_sha256 are set here, whatever the argument says."""
    id, cursor = publication.publication_id, connection.cursor()
    rows = [(id, *key, *columns) for key, columns in inputs.items()]
    copy_rows(connection, "raw.publication_inputs", ("publication_id", *INPUT_COLUMNS), rows)
    for figure, (table, key_columns, names) in FIGURE_TABLES.items():
        rows = [(id, *key[1:], *columns) for key, columns in figures.items() if key[0] == figure]
        copy_rows(connection, f"raw.{table}", ("publication_id", *key_columns, *names), rows)
    cursor.executemany(
        "insert into raw.publication_documents (publication_id, recipient, format, file_name, sha256, content)"
        " values (%s, %s, %s, %s, %s, %s)",
        [(id, each.recipient, each.format, each.file_name, each.sha256, each.content) for each in documents],
    )
    tables = publication.tables_sha256
    row = {name: getattr(publication, name) for name in Publication.__dataclass_fields__ if name != "recorded_at"} | {
        "figures_sha256": figures_sha256(connection, id),
        "state_sha256": promoted_state(connection),
        "readiness": None if readiness is None else Jsonb(dict(readiness)),
        "tables_sha256": None if tables is None else Jsonb(dict(tables)),
    }
    connection.execute(
        SQL("insert into raw.publications ({}, recorded_at) values ({}, clock_timestamp())").format(
            SQL(", ").join(map(Identifier, row)), SQL(", ").join(map(Placeholder, row))
        ),
        row,
    )
    [kept] = publications(connection, id)
    return kept


def figures_sha256(connection: psycopg.Connection, publication_id: str) -> str:
    """The hash of the figures in the records of a publication: of their rows as text, sorted."""
    parts = [
        SQL("select row({})::text as line from {} where publication_id = {}").format(
            SQL(", ").join(map(Identifier, (*key, *columns))), Identifier("raw", table), publication_id
        )
        for table, key, columns in FIGURE_TABLES.values()
    ]
    lines = SQL(" union all ").join(parts)
    [(text,)] = connection.execute(
        SQL("select coalesce(string_agg(line, e'\\n' order by line collate \"C\"), '') from ({}) as kept").format(lines)
    ).fetchall()
    return hashlib.sha256(text.encode()).hexdigest()


def figures_of(connection: psycopg.Connection, publication_id: str) -> Figures:
    """The figures as they were published."""
    figures: Figures = {}
    for figure, (table, key, columns) in FIGURE_TABLES.items():
        query = SQL("select {} from {} where publication_id = %s").format(
            SQL(", ").join(map(Identifier, (*key, *columns))), Identifier("raw", table)
        )
        for row in connection.execute(query, [publication_id]):
            figures[figure, *row[: len(key)]] = row[len(key) :]
    return figures


def inputs_of(connection: psycopg.Connection, publication_id: str) -> Inputs:
    """The files, registry snapshots, earlier publications and sendings that the figures were made of."""
    return {(kind, id): tuple(columns) for kind, id, *columns in connection.execute(INPUTS, [publication_id])}


def last_reported(connection: psycopg.Connection, report_year: int) -> dict[str, Decimal]:
    """{indicator: value} of the targets as the yearly report gave them: the edition signed last, or the last one."""
    rows = connection.execute(
        "select indicator_code, value from raw.publication_verdicts"
        " where report_year = %(year)s and value is not null and publication_id = ("
        " select publications.publication_id from raw.publications as publications"
        " left join raw.publication_states as states using (publication_id)"
        " where publications.kind = 'annual' and publications.report_year = %(year)s"
        " order by coalesce(states.state in ('signed', 'issued'), false) desc, publications.published_at desc limit 1)",
        {"year": report_year},
    )
    return dict(rows.fetchall())


def documents_of(connection: psycopg.Connection, publication_id: str) -> list[KeptDocument]:
    """The documents of a publication, by recipient and format."""
    rows = connection.execute(
        "select recipient, format, file_name, sha256, content from raw.publication_documents"
        " where publication_id = %s order by recipient, format",
        [publication_id],
    )
    return [KeptDocument(*row) for row in rows]


def changes_of(connection: psycopg.Connection, publication_id: str) -> list[dict]:
    """The changes of a version against the version before it: rows of raw.publication_changes, in order."""
    cursor = connection.cursor(row_factory=dict_row)
    return cursor.execute(
        "select * from raw.publication_changes where publication_id = %s order by position", [publication_id]
    ).fetchall()
