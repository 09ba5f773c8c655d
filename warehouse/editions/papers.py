"""What became of an edition as a paper, for each recipient: raw.publication_states, and the files of the office beside
the generated documents, raw.publication_files. Both are added to and never changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier, Placeholder

DRAFTED, RETURNED, REFUSED, SIGNED, ISSUED = "drafted", "returned", "refused", "signed", "issued"
EDITED, EVIDENCE = "edited", "evidence"


@dataclass(frozen=True)
class PaperState:
    """A row of raw.publication_states. `happened_on` is the day of the office, `recorded_at` the machine's instant."""

    publication_id: str
    recipient: str
    position: int
    state: str
    happened_on: date
    paper_number: str | None
    signer: str | None
    channel: str | None
    reason: str | None
    file_sha256: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class PaperFile:
    """A file of the office. `kind`: edited, signed or evidence."""

    recipient: str
    kind: str
    sha256: str
    file_name: str
    content: bytes
    recorded_by: str
    recorded_at: datetime


def states_of(connection: psycopg.Connection, publication_id: str) -> list[PaperState]:
    """What was recorded of a publication, by recipient, in order."""
    names = SQL(", ").join(map(Identifier, PaperState.__dataclass_fields__))
    query = SQL("select {} from raw.publication_states where publication_id = %s order by recipient, position")
    return (
        connection.cursor(row_factory=class_row(PaperState)).execute(query.format(names), [publication_id]).fetchall()
    )


def state_of(states: Sequence[PaperState]) -> str:
    """The state of the paper of one recipient: what was issued stays so when a record is corrected."""
    if any(each.state == ISSUED for each in states):
        return ISSUED
    return states[-1].state if states else DRAFTED


def last(states: Sequence[PaperState], state: str) -> PaperState | None:
    """The record of a state that counts: the last."""
    return next((each for each in reversed(states) if each.state == state), None)


def standing_signature(states: Sequence[PaperState]) -> PaperState | None:
    """The signature of one recipient's paper that counts: none before a signature, and none after a return."""
    return last(states, SIGNED) if state_of(states) in (SIGNED, ISSUED) else None


def signed_with(connection: psycopg.Connection, number: str, year: int) -> list[tuple[str, str]]:
    """(publication_id, recipient) of the papers whose signature that counts has a number, with its symbol, on a day of
    a year; 01 and 1 are one number."""
    query = """
        select distinct publication_id, recipient from raw.publication_states
        where ltrim(lower(paper_number), '0') = ltrim(lower(%s), '0') and extract(year from happened_on) = %s
        order by publication_id, recipient
    """
    found = []
    for id, recipient in connection.execute(query, [number, year]).fetchall():
        signed = standing_signature([each for each in states_of(connection, id) if each.recipient == recipient])
        if signed and _same_number(signed.paper_number, number) and signed.happened_on.year == year:
            found.append((id, recipient))
    return found


def _same_number(one: str | None, other: str) -> bool:
    return (one or "").lower().lstrip("0") == other.lower().lstrip("0")


def signing_began(states: Sequence[PaperState]) -> int:
    """Index of the first signature since the last return or refusal: later ones only correct its record."""
    ended = [place for place, each in enumerate(states) if each.state in (RETURNED, REFUSED)]
    begin = ended[-1] + 1 if ended else 0
    return next(place for place, each in enumerate(states) if place >= begin and each.state == SIGNED)


def record_state(
    connection: psycopg.Connection, publication_id: str, recipient: str, position: int, columns: Mapping[str, Any]
) -> None:
    """Add a row to raw.publication_states. Commits nothing."""
    row = {"publication_id": publication_id, "recipient": recipient, "position": position, **columns}
    connection.execute(
        SQL("insert into raw.publication_states ({}) values ({})").format(
            SQL(", ").join(map(Identifier, row)), SQL(", ").join(map(Placeholder, row))
        ),
        row,
    )


def files_of(connection: psycopg.Connection, publication_id: str) -> list[PaperFile]:
    """The files of a publication, in the order in which they were kept."""
    names = SQL(", ").join(map(Identifier, PaperFile.__dataclass_fields__))
    query = SQL("select {} from raw.publication_files where publication_id = %s order by recorded_at, recipient, kind")
    return connection.cursor(row_factory=class_row(PaperFile)).execute(query.format(names), [publication_id]).fetchall()


def last_file(files: Sequence[PaperFile], kind: str) -> PaperFile | None:
    """Of the files of one recipient the last of a kind; of edited ones a signed Word file counts, too."""
    for each in reversed(files):
        if each.kind == kind or (kind == EDITED and each.kind == SIGNED and each.file_name.lower().endswith(".docx")):
            return each
    return None


def keep_file(
    connection: psycopg.Connection, publication_id: str, recipient: str, kind: str, file: tuple[str, bytes], by: str
) -> str:
    """Keep a file (name, content) of the office; its hash. What was the last of its kind (see last_file) is not kept
    again, and what comes back after another one is. Commits nothing."""
    name, content = file
    sha256 = hashlib.sha256(content).hexdigest()
    last = last_file([each for each in files_of(connection, publication_id) if each.recipient == recipient], kind)
    if last is None or last.sha256 != sha256:
        connection.execute(
            "insert into raw.publication_files"
            " (publication_id, recipient, kind, sha256, file_name, content, recorded_by)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            [publication_id, recipient, kind, sha256, name, content, by],
        )
    return sha256
