"""The paper of each recipient of an edition, with all that was recorded of it.

Errors: PublicationRefused, in Vietnamese."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import psycopg

from htx.editions import documents
from htx.editions.own_words import words_missing
from reporting.content.recipients import UNION
from warehouse.editions import editions, papers, records
from warehouse.editions.papers import ISSUED, REFUSED, PaperState
from warehouse.editions.records import Publication, PublicationRefused
from warehouse.reference.phrases import phrase


@dataclass(frozen=True)
class PaperOfRecipient:
    """The paper of one recipient, with what was recorded of it; `symbol` is that of its letterhead, None where the
    recipient has none on its day, and `document_type` its first line. `newer`: the last version of the report that is
    later and was not refused."""

    publication: Publication
    recipient: str
    name: str
    symbol: str | None
    document_type: str
    states: Sequence[PaperState]
    newer: str | None


def papers_of(
    connection: psycopg.Connection, publication: Publication, recipients: Collection[str] = ()
) -> list[PaperOfRecipient]:
    """Those of `recipients` (codes), or of all recipients of the publication."""
    every = papers.states_of(connection, publication.publication_id)
    versions = editions.versions_of(connection, publication.kind, publication.period)
    ids = [each.publication_id for each in versions]
    later = versions[ids.index(publication.publication_id) + 1 :] if publication.version else []
    states_later = {each.version: papers.states_of(connection, each.publication_id) for each in later}

    def newer(code: str) -> str | None:
        own = {version: [row for row in rows if row.recipient == code] for version, rows in states_later.items()}
        return next((version for version in reversed(own) if papers.state_of(own[version]) != REFUSED), None)

    known = {each.recipient: each for each in documents.recipients_of(publication)}
    return [
        PaperOfRecipient(
            publication,
            code,
            known[code].name_vi if code in known else code,
            known[code].letterhead.number_symbol_vi if code in known else None,
            known[code].letterhead.document_type_vi if code in known else "",
            [each for each in every if each.recipient == code],
            newer(code),
        )
        for code in recipients_of(connection, publication, recipients)
    ]


def described(connection: psycopg.Connection, publication: Publication) -> list[dict]:
    """The paper of each recipient: recipient, name (in Vietnamese), symbol, newer, state, number, signed_on, signer,
    issued_on, channel, words_missing (titles of sections), `states` (all that was recorded) and `files` (without
    content)."""
    files, found = papers.files_of(connection, publication.publication_id), []
    of_recipients = papers_of(connection, publication)
    missing = words_missing(connection, publication.publication_id, [each.recipient for each in of_recipients])
    for paper in of_recipients:
        signed, issued = papers.standing_signature(paper.states), papers.last(paper.states, ISSUED)
        found.append({
            "recipient": paper.recipient,
            "name": paper.name,
            "symbol": paper.symbol,
            "newer": paper.newer,
            "state": papers.state_of(paper.states),
            "number": signed and signed.paper_number,
            "signed_on": signed and signed.happened_on.isoformat(),
            "signer": signed and signed.signer,
            "issued_on": issued and issued.happened_on.isoformat(),
            "channel": issued and issued.channel,
            "words_missing": missing.get(paper.recipient, []),
            "states": [_plain(asdict(each)) for each in paper.states],
            "files": [
                _plain({name: value for name, value in asdict(each).items() if name != "content"})
                for each in files if each.recipient == paper.recipient
            ],
        })  # fmt: skip
    return found


def publication_of(connection: psycopg.Connection, publication_id: str) -> Publication:
    """PublicationRefused where there is none."""
    for found in records.publications(connection, publication_id):
        return found
    raise refused("paper.no_publication", publication_id=publication_id)


def recipients_of(
    connection: psycopg.Connection, publication: Publication, wanted: Collection[str] = ()
) -> Sequence[str]:
    """Codes of the recipients of a publication, or those `wanted`. PublicationRefused for one that it does not have."""
    kept = {each.recipient for each in records.documents_of(connection, publication.publication_id)}
    codes = sorted(kept - {UNION})
    codes = codes or ([publication.recipient] if publication.recipient else [])
    for each in wanted:
        if each not in codes:
            raise refused("paper.no_recipient", recipient=each, recipients=", ".join(codes))
    return [each for each in codes if each in wanted] if wanted else codes


def refused(key: str, **values: object) -> PublicationRefused:
    """The error with a phrase as its message."""
    text = phrase(key, **values)
    return PublicationRefused(text, text)


def _plain(row: Mapping[str, Any]) -> dict:
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in row.items()}
