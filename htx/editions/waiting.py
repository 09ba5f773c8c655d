"""Papers that wait for a person: to be prepared, signed or issued."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import psycopg

from htx.editions import documents, wording
from htx.editions.copies import MIME
from htx.editions.own_words import words_missing
from htx.editions.recipient_papers import recipients_of
from htx.mail.notices import Attachments, Waiting
from warehouse.editions import deliveries, editions, papers, records
from warehouse.editions.papers import EDITED, RETURNED, SIGNED, PaperFile, PaperState
from warehouse.editions.records import Publication

PREPARE, SIGN, ISSUE = "prepare", "sign", "issue"
STEP_AFTER = {papers.DRAFTED: PREPARE, RETURNED: PREPARE, SIGNED: ISSUE}


def papers_waiting(connection: psycopg.Connection, *_: object) -> list[Waiting]:
    """One matter of each edition and step. Drafts that a later edition has replaced, and what was published before
    version 0.5.0, wait for nobody."""
    found = []
    for publication in records.publications(connection):
        id = publication.publication_id
        sendings = deliveries.sendings_of(connection, id).values()
        if publication.missing_sections is None or any(not each["is_copy"] for each in sendings):
            continue
        newest = editions.versions_of(connection, publication.kind, publication.period)[-1]
        states, files = papers.states_of(connection, id), papers.files_of(connection, id)
        steps: dict[str, dict[str, datetime]] = defaultdict(dict)
        for recipient in recipients_of(connection, publication):
            own = [each for each in states if each.recipient == recipient]
            edited = [each for each in files if each.recipient == recipient and each.kind == EDITED]
            step, since = _step(publication, own, edited)
            if step and (step == ISSUE or newest.publication_id == id):
                steps[step][recipient] = since
        found += [_waiting(connection, publication, step, since, states) for step, since in steps.items()]
    return found


def _step(
    publication: Publication, states: Sequence[PaperState], edited: Sequence[PaperFile]
) -> tuple[str | None, datetime]:
    """The step for which the paper of one recipient waits, and since when. A draft that came back edited is to be
    signed, since its first edited file: a later one is no other matter."""
    since = states[-1].recorded_at if states else publication.recorded_at
    step = STEP_AFTER.get(papers.state_of(states))
    came_back = [each.recorded_at for each in edited if each.recorded_at > since]
    return (SIGN, came_back[0]) if step == PREPARE and came_back else (step, since)


def _waiting(
    connection: psycopg.Connection, publication: Publication, step: str, since: dict[str, datetime],
    states: Sequence[PaperState],
) -> Waiting:  # fmt: skip
    id = publication.publication_id
    of_each = {code: [each for each in states if each.recipient == code] for code in since}
    signatures = [papers.standing_signature(own) for own in of_each.values()]

    def drafts() -> Attachments:
        """The Word file of each recipient; its name says whose it is."""
        kept = [each for each in records.documents_of(connection, id) if each.recipient in since]
        return tuple(
            (f"{each.recipient}-{each.file_name}", each.content, MIME[each.format])
            for each in kept
            if each.format == "docx"
        )

    names, missing = documents.recipient_names(publication), words_missing(connection, id, since)
    words = {
        "name": wording.named(publication.kind, publication.period),
        "publication": publication,
        "recipients": [name for code, name in names.items() if code in since],
        "words_missing": {names.get(code, code): titles for code, titles in missing.items()},
        "folder": documents.folder_of(publication),
        "numbers": sorted({each.paper_number for each in signatures if each and each.paper_number}),
        "returned": [each.reason for own in of_each.values() for each in own if each.state == RETURNED][-1:],
    }
    return Waiting("paper", step, id, max(since.values()), words, drafts if step == PREPARE else tuple)
