"""The paper of an edition, as an office makes it: edited in Word, returned or refused, signed with number and day,
issued. What was generated is never changed; all of this is kept beside it, for each recipient.

Functions take URLs and plain values and give plain values, with `answer_vi`. `at` is the clock of the machine. `by` is
who records. `recipients` are codes, all of the edition's where none is given. Errors: PublicationRefused, in
Vietnamese.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import psycopg

from htx.editions import hand_changes, wording
from htx.editions.hand_changes import File, drafts_of, require_same_paper
from htx.editions.own_words import words_missing
from htx.editions.recipient_papers import PaperOfRecipient, papers_of, publication_of, refused
from reporting.documents.hand_changes import NotAWordFile, figures_changed
from warehouse.editions import papers
from warehouse.editions.papers import EDITED, EVIDENCE, ISSUED, REFUSED, RETURNED, SIGNED, PaperState
from warehouse.locks import PUBLISH, lock
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import day_vi, instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.time_zone import VIET_NAM

CHANNELS = ("exchange", "post", "by_hand")
NUMBER = re.compile(r"(0*[1-9][0-9]*) ?((?:[/-] ?\S+)?)")  # 245, 245/BC-BTV, 245-BC/TU: digits and symbol
MOST_BYTES = 50_000_000  # of a file of the office
FORMS = {EDITED: ("docx",), SIGNED: ("docx", "pdf", "png", "jpg", "jpeg", "tif", "tiff")}  # a scan may be an image

log = logging.getLogger(__name__)


def sign(
    warehouse_url: str, publication_id: str, numbers: Mapping[str, str], signed_on: date, signer: str, by: str,
    at: datetime, file: File | None = None, correction: str | None = None,
) -> dict:  # fmt: skip
    """Record that a leader signed, with the number of each paper ({recipient: number}) and the day that the clerk gave,
    and keep the signed file. A number without the symbol of the letterhead is completed by it.

    The same again is no new record; another number, day or signer needs the reason of the correction, and so does a
    file that is another paper. The answer says which figures of the file are others than those of the edition."""
    signer = " ".join(signer.split())
    reason = (correction or "").strip() or None
    if not numbers:
        raise refused("paper.number_missing")
    if not signer:
        raise refused("paper.no_signer")
    if file:
        require_readable(SIGNED, file)
    with open_warehouse(warehouse_url) as connection:
        missing = words_missing(connection, publication_id, numbers, file)
        drafts, kept = drafts_of(connection, publication_id), papers.files_of(connection, publication_id)

    def columns(paper: PaperOfRecipient) -> dict:
        publication, states = paper.publication, paper.states
        if papers.state_of(states) == REFUSED:
            raise refused("paper.is_refused", name=paper.name, because=states[-1].reason)
        if paper.newer and papers.standing_signature(states) is None:
            raise refused("paper.is_older", name=paper.name, version=publication.version, newer=paper.newer)
        if paper.recipient in missing:
            raise refused("paper.words_missing", name=paper.name, sections="; ".join(missing[paper.recipient]))
        drafted_on = publication.published_at.astimezone(VIET_NAM).date()
        _require_between(signed_on, drafted_on, "paper.before_draft", paper.name, at)
        issued = papers.last(states, ISSUED)
        if issued and signed_on > issued.happened_on:
            days = {"day": day_vi(signed_on), "issued_on": day_vi(issued.happened_on)}
            raise refused("paper.signed_after_issue", name=paper.name, **days)
        number = _full_number(numbers[paper.recipient], paper)
        row = {"happened_on": signed_on, "paper_number": number, "signer": signer}
        is_other = require_same_paper(paper, number, drafts, kept, file, reason)
        return {**row, "reason": reason} if is_other else row

    answer = _record(warehouse_url, publication_id, SIGNED, list(numbers), by, columns, (SIGNED, file), correction)
    if file:
        compared = [each["answer_vi"] for each in hand_changes.compare(warehouse_url, publication_id, list(numbers))]
        answer["answer_vi"] = " ".join([answer["answer_vi"], *dict.fromkeys(compared)])
    return answer


def numbers_for(
    warehouse_url: str, publication_id: str, number: str, recipients: Collection[str] = ()
) -> dict[str, str]:
    """{recipient: number} of the papers that bear a number: those of `recipients`, else the one with its symbol.

    PublicationRefused where none or several have it: each paper has a number of its own."""
    if recipients:
        return dict.fromkeys(recipients, number)
    symbol = _digits_and_symbol(number)[1].casefold()
    with open_warehouse(warehouse_url) as connection:
        found = papers_of(connection, publication_of(connection, publication_id))
    bearing = [each for each in found if symbol in ("", (each.symbol or symbol).casefold())]
    if not bearing:
        raise refused("paper.other_symbol", number=number, papers=_symbols(found))
    if len(bearing) > 1:
        raise refused("paper.number_of_several", number=number, papers=_symbols(found))
    return {bearing[0].recipient: number}


def issue(
    warehouse_url: str, publication_id: str, issued_on: date, channel: str, by: str, at: datetime,
    recipients: Collection[str] = (), evidence: File | None = None, correction: str | None = None,
) -> dict:  # fmt: skip
    """Record that a signed paper was issued: the day that T17 and T18 count, the channel, and its evidence."""
    if channel not in CHANNELS:
        raise refused("paper.no_channel", channels="; ".join(phrase(f"channel.{each}") for each in CHANNELS))

    def columns(paper: PaperOfRecipient) -> dict:
        signed = papers.standing_signature(paper.states)
        if signed is None:
            state = phrase(f"paper_state.{papers.state_of(paper.states)}")
            raise refused("paper.not_signed", name=paper.name, state=state)
        _require_between(issued_on, signed.happened_on, "paper.before_signature", paper.name, at)
        return {"happened_on": issued_on, "channel": channel}

    return _record(warehouse_url, publication_id, ISSUED, recipients, by, columns, (EVIDENCE, evidence), correction)


def return_draft(
    warehouse_url: str, publication_id: str, because: str, by: str, at: datetime, recipients: Collection[str] = ()
) -> dict:
    """Record that an edition goes back for editing; what was refused may be edited and signed after all."""
    return _decide(warehouse_url, publication_id, RETURNED, because, by, at, recipients)


def refuse(
    warehouse_url: str, publication_id: str, because: str, by: str, at: datetime, recipients: Collection[str] = ()
) -> dict:
    """Record that an edition is not to be signed."""
    return _decide(warehouse_url, publication_id, REFUSED, because, by, at, recipients)


def require_readable(kind: str, file: File) -> None:
    """PublicationRefused where a file of the office is empty or too large, or in a form that its kind cannot have."""
    name, content = file
    if not 0 < len(content) <= MOST_BYTES:
        raise refused("paper.file_size", name=name, most=MOST_BYTES // 1_000_000)
    form = name.rpartition(".")[2].lower()
    if form not in FORMS.get(kind, (form,)):
        raise refused(f"paper.{kind}_form", name=name)
    if kind in FORMS and form == "docx":
        try:
            figures_changed(content, content)
        except NotAWordFile:
            raise refused("paper.word_unreadable", name=name) from None


def _decide(
    warehouse_url: str, publication_id: str, state: str, because: str, by: str, at: datetime,
    recipients: Collection[str],
) -> dict:  # fmt: skip
    because = because.strip()
    if not because:
        raise refused("paper.no_reason")

    def columns(paper: PaperOfRecipient) -> dict:
        if issued := papers.last(paper.states, ISSUED):
            decision, day = phrase(f"paper_state.{state}"), day_vi(issued.happened_on)
            raise refused("paper.is_issued", name=paper.name, issued_on=day, decision=decision)
        return {"happened_on": at.astimezone(VIET_NAM).date(), "reason": because}

    return _record(warehouse_url, publication_id, state, recipients, by, columns)


def _record(
    warehouse_url: str,
    publication_id: str,
    state: str,
    recipients: Collection[str],
    by: str,
    columns: Callable[[PaperOfRecipient], dict],
    kept: tuple[str, File | None] = ("", None),
    correction: str | None = None,
) -> dict:
    """Record a state for each recipient, all or none of them; `columns` judges what was recorded before of each paper.
    What stands already is not recorded twice."""
    kind, file = kept
    correction = (correction or "").strip() or None
    if file:
        require_readable(kind, file)
    new = []
    with open_warehouse(warehouse_url) as connection, connection.transaction():
        lock(connection, PUBLISH)
        publication = publication_of(connection, publication_id)
        affected = papers_of(connection, publication, recipients)
        for paper in affected:
            row = columns(paper)
            if file:
                row["file_sha256"] = papers.keep_file(connection, publication_id, paper.recipient, kind, file, by)
            before = _standing(paper.states, state)
            if before and all(getattr(before, name) == value for name, value in row.items()):
                continue
            if state == SIGNED:
                _require_free(connection, paper, row["paper_number"], row["happened_on"].year)
            if before and state in (SIGNED, ISSUED) and _differs(before, row):
                if not correction:
                    raise refused(f"paper.is_{state}_otherwise", recipient=paper.name, before=_in_words(before))
                row["reason"] = correction
            position = len(paper.states) + 1
            papers.record_state(
                connection, publication_id, paper.recipient, position, {"state": state, **row, "recorded_by": by}
            )
            new.append(paper.recipient)
        said = defaultdict(list)  # by what is recorded now, and whether it was before: the names
        for paper in papers_of(connection, publication, recipients):
            stands = papers.last(paper.states, state)
            said[(paper.recipient in new, _in_words(stands) if stands else "")].append(paper.name)
    answer = " ".join(
        phrase(
            "paper.recorded" if is_new else "paper.recorded_before",
            name=wording.named(publication.kind, publication.period),
            version=publication.version or instant_vi(publication.published_at),
            recipients=", ".join(names),
            what=what,
        )
        for (is_new, what), names in said.items()
    )
    log.info("%s", answer)
    return {"publication_id": publication_id, "state": state, "recorded": new, "answer_vi": answer}


def _require_free(connection: psycopg.Connection, paper: PaperOfRecipient, number: str, year: int) -> None:
    """PublicationRefused where the standing signature of another paper has the number in that calendar year."""
    for id, recipient in papers.signed_with(connection, number, year):
        if (id, recipient) != (paper.publication.publication_id, paper.recipient):
            [other] = papers_of(connection, publication_of(connection, id), [recipient])
            report, version = wording.named(other.publication.kind, other.publication.period), other.publication.version
            raise refused("paper.number_taken", number=number, report=report, version=version, name=other.name)


def _full_number(number: str, paper: PaperOfRecipient) -> str:
    """A number with the symbol as the letterhead writes it. PublicationRefused where it has another one."""
    digits, symbol = _digits_and_symbol(number)
    if paper.symbol is None:
        return digits + symbol
    if symbol.casefold() not in ("", paper.symbol.casefold()):
        raise refused("paper.other_symbol", number=number, papers=_symbols([paper]))
    return digits + paper.symbol


def _digits_and_symbol(number: str) -> tuple[str, str]:
    match = NUMBER.fullmatch(" ".join(number.split()))
    if match is None:
        raise refused("paper.no_number", number=number)
    return match[1], match[2].replace(" ", "")


def _symbols(found: Sequence[PaperOfRecipient]) -> str:
    return "; ".join(phrase("paper.symbol", name=each.name, symbol=each.symbol) for each in found)


def _standing(states: Sequence[PaperState], state: str) -> PaperState | None:
    """The record of a state that still stands: a signature does not outlast a return, nor a return a signature."""
    if papers.state_of(states) == ISSUED and state == SIGNED:
        return papers.last(states, SIGNED)
    return papers.last(states, state) if papers.state_of(states) == state else None


def _differs(before: PaperState, row: Mapping[str, Any]) -> bool:
    """Whether a record differs, and does not only bring the file that was missing."""
    return any(getattr(before, name) not in (None, value) for name, value in row.items())


def _in_words(row: PaperState) -> str:
    """Signed no. 12/BC-BTV on 29/12/2025 by ..., in Vietnamese."""
    return phrase(
        f"paper.{row.state}",
        number=row.paper_number,
        day=day_vi(row.happened_on),
        signer=row.signer,
        channel=phrase(f"channel.{row.channel}") if row.channel else "",
        because=row.reason or "",
    )


def _require_between(day: date, first: date, too_early: str, name: str, at: datetime) -> None:
    today = at.astimezone(VIET_NAM).date()
    if day < first:
        raise refused(too_early, name=name, day=day_vi(day), first=day_vi(first))
    if day > today:
        raise refused("paper.after_today", day=day_vi(day), today=day_vi(today))
