"""Electronic copies of signed papers, mailed to their recipients when a person says so: once to each."""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from htx.editions import documents, wording
from htx.editions.change_sentences import printed_changes
from htx.editions.hand_changes import changes_in
from htx.editions.recipient_papers import publication_of, recipients_of, refused
from htx.mail import once
from htx.mail.mailing import Message
from reporting.content.recipients import Recipient
from reporting.documents.letters import write_letter
from warehouse.editions import deliveries, editions, papers, records
from warehouse.editions.papers import EDITED, SIGNED, PaperFile, PaperState
from warehouse.editions.records import KeptDocument, Publication
from warehouse.locks import PUBLISH, session_lock
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.phrases import phrase

MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "pdf": "application/pdf",
}

log = logging.getLogger(__name__)


def send_copies(
    warehouse_url: str, publication_id: str, decided_by: str, at: datetime, outbox_url: str,
    smtp_url: str | None = None, recipients: Collection[str] = (), *, again: bool = False,
) -> dict:  # fmt: skip
    """Mail to each recipient a copy of what was signed, with what was generated beside it and does not differ from it
    (see _attached), and record it.

    A copy that was interrupted while it was sent may have arrived: it is `uncertain`, and goes again with `again`.
    Gives publication_id, version, sent (recipients sent to now), sent_before, uncertain, delivered_to (where each
    message went), answer_vi. Raises PublicationRefused where a paper is not signed, or a later one was signed;
    MailRefused."""
    sent, sent_before, uncertain, delivered_to = [], [], [], []
    remarks = defaultdict(list)  # {phrase: names}
    with open_warehouse(warehouse_url) as connection, session_lock(connection, PUBLISH):
        publication = publication_of(connection, publication_id)
        wanted = recipients_of(connection, publication, recipients)
        states = papers.states_of(connection, publication_id)
        of_each = {code: [each for each in states if each.recipient == code] for code in wanted}
        names = documents.recipient_names(publication)
        signed = {code: _signature(names.get(code, code), of_each[code]) for code in wanted}
        for later in editions.versions_of(connection, publication.kind, publication.period)[::-1]:
            if later.publication_id == publication_id:
                break
            if any(each.state == SIGNED for each in papers.states_of(connection, later.publication_id)):
                raise refused("replaced", version=publication.version, newest=later.version)
        kept = records.documents_of(connection, publication_id)
        files = papers.files_of(connection, publication_id)
        rows = records.changes_of(connection, publication_id)
        changes = printed_changes(publication_id, [(row, row["sentence_vi"]) for row in rows])
        for recipient in documents.recipients_of(publication):
            code = recipient.recipient
            if code not in wanted:
                continue
            generated = {each.format: each for each in kept if each.recipient == code}
            attached, why = _attached(of_each[code], generated, files)
            message = _message(publication, recipient, signed[code], attached, () if why else changes, at)
            sending = deliveries.sendings_of(connection, publication_id).get(code)
            mailed = once.states_of(connection, message.message_id).get(message.message_id)
            if (sending and sending["recorded_at"] >= signed[code].recorded_at) or (
                mailed and mailed["state"] == once.DELIVERED
            ):
                sent_before.append(code)
                continue
            if again:
                once.release(connection, message.message_id, decided_by)
            place = once.send_once(connection, message, smtp_url, outbox_url)
            if place is None:
                uncertain.append(code)
                continue
            channel = "mail" if smtp_url else "file"
            deliveries.record_sending(connection, publication_id, code, at, decided_by, channel, is_copy=True)
            connection.commit()
            delivered_to.append(place)
            sent.append(code)
            own = [each for each in files if each.recipient == code and each.kind == EDITED]
            if own and own[-1].recorded_at > signed[code].recorded_at:
                remarks["copy.newer_file"].append(f"{recipient.name_vi} ({own[-1].file_name})")
            if why:
                remarks[why].append(recipient.name_vi)
    answer = wording.sent(
        publication, *([names.get(code, code) for code in codes] for codes in (sent, sent_before, uncertain))
    )
    answer = " ".join([answer, *(phrase(why, names=", ".join(named)) for why, named in remarks.items())])
    log.info("%s", answer)
    return {
        "publication_id": publication_id, "version": publication.version, "sent": sent, "sent_before": sent_before,
        "uncertain": uncertain, "delivered_to": delivered_to, "answer_vi": answer,
    }  # fmt: skip


def _signature(name: str, states: Sequence[PaperState]) -> PaperState:
    """The signature that stands. PublicationRefused, with the name of the recipient, where none does."""
    signed = papers.standing_signature(states)
    if signed is None:
        state = phrase(f"paper_state.{papers.state_of(states)}")
        raise refused("paper.not_signed_for_mail", recipient=name, state=state)
    return signed


def _attached(
    states: Sequence[PaperState], generated: Mapping[str, KeptDocument], files: Sequence[PaperFile]
) -> tuple[tuple[tuple[str, bytes, str], ...], str | None]:
    """What was signed: the file of this signature, else the last one edited before it; with the Excel annex where
    nobody changed a figure. Else all that was generated, {format: document}. `states` are those of one recipient. Also
    the phrase that says why the annex is left out; None where it is not."""
    began = papers.signing_began(states)
    of_signature = {each.file_sha256 for each in states[began:]}
    returned_at = states[began - 1].recorded_at if began else None
    own = [each for each in files if each.recipient == states[0].recipient]
    signed = [
        each
        for each in own
        if each.kind == SIGNED
        and (returned_at is None or each.recorded_at > returned_at or each.sha256 in of_signature)
    ]
    edited = [each for each in own if each.kind == EDITED and each.recorded_at <= states[began].recorded_at]
    of_the_office = signed[-1:] or edited[-1:]
    attached: list[PaperFile | KeptDocument] = [*(of_the_office or generated.values())]
    why = None
    if of_the_office and (annex := generated.get("xlsx")):
        why = _difference(generated["docx"], [*of_the_office, *edited[-1:]])
        attached += [] if why else [annex]
    other = "application/octet-stream"
    return (
        tuple(
            (each.file_name, each.content, MIME.get(each.file_name.rpartition(".")[2].lower(), other))
            for each in attached
        ),
        why,
    )


def _difference(generated: KeptDocument, files: Sequence[PaperFile]) -> str | None:
    """The phrase that says that the first of the files that can be compared has other figures than the generated Word
    file, or that none can."""
    for file in files:
        changes = changes_in(generated.content, file.file_name, file.content)
        if changes is not None:
            return "copy.figures_changed" if any(each.old for each in changes) else None
    return "copy.not_compared"


def _message(
    publication: Publication, recipient: Recipient, signed: PaperState, attached: tuple[tuple[str, bytes, str], ...],
    changes: Sequence[str], at: datetime,
) -> Message:  # fmt: skip
    subject, text = write_letter(
        "publication",
        publication=publication,
        recipient=recipient,
        report_vi=wording.named(publication.kind, publication.period),
        number=signed.paper_number,
        signed_on=day_vi(signed.happened_on),
        signer=signed.signer,
        changes=changes,
        forms={name.rpartition(".")[2] for name, _, _ in attached},
    )
    message_id = f"publication-{publication.publication_id}-{recipient.recipient}-{signed.position}"
    return Message((recipient.mailbox,), subject, text, message_id, recipient.recipient, at, attached)
