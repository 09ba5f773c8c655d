"""What history, the registry and other units say about files, in the answer to their first receipt."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import psycopg

from ingestion.feedback.findings import Finding
from ingestion.feedback.reviewed_file import History, ReviewedFile
from warehouse.restate import history_findings

COLUMNS = ", ".join(each.name for each in fields(Finding))


def ask(
    connection: psycopg.Connection,
    reviewed: Sequence[ReviewedFile],
    load: Callable[[psycopg.Connection], None] | None = None,
) -> list[ReviewedFile]:
    """Add what the models behind findings ask about accepted files, and leave out what their unit has answered.

    `load` writes files that are not loaded, for this question alone. One query for all; of committed data."""
    ids = [each.file.submission_id for each in reviewed if each.verdict == "accepted"]
    if not ids:
        return list(reviewed)
    found = history_findings.ask(connection, ids, COLUMNS, load)
    if found is None:
        return left_to_the_next_build(reviewed)
    asked, closed, words = defaultdict(list), set(), defaultdict(list)
    for is_of_history, is_answered, columns in found:
        finding = Finding(**columns)
        if is_answered and finding.severity == "query":
            closed.add(finding.finding_id)
            words[finding.submission_id].append(f"{finding.finding_id} closed")
        elif is_of_history:
            asked[finding.submission_id].append(finding)
            words[finding.submission_id].append(finding.finding_id + finding.message_vi)
    return [
        replace(
            each,
            findings=[
                *(finding for finding in each.findings if finding.finding_id not in closed),
                *asked[each.file.submission_id],
            ],
            history=History(True, _state(words[each.file.submission_id])),
        )
        if each.verdict == "accepted"
        else each
        for each in reviewed
    ]


def left_to_the_next_build(reviewed: Sequence[ReviewedFile]) -> list[ReviewedFile]:
    """The files as they were reviewed, with the remark that the next build asks."""
    return [replace(each, history=History(False)) if each.verdict == "accepted" else each for each in reviewed]


def _state(words: list[str]) -> str:
    """As open_queries.changed_copies works it out."""
    return hashlib.md5("\n".join(sorted(words)).encode(), usedforsecurity=False).hexdigest() if words else ""
