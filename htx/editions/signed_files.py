"""The file that was signed, judged before its signature is recorded: whether it is that of another paper."""

import re
from collections.abc import Mapping, Sequence

import psycopg

from htx.editions import documents
from htx.editions.hand_changes import changes_in, is_other
from htx.editions.recipient_papers import PaperOfRecipient, refused
from reporting.documents.hand_changes import numbers_of
from reporting.documents.paper_head import head_of
from warehouse.editions import papers, records
from warehouse.editions.papers import REFUSED, RETURNED, SIGNED, PaperFile
from warehouse.reference.phrases import phrase

File = tuple[str, bytes]  # name, content


def drafts_of(connection: psycopg.Connection, publication_id: str) -> dict[str, bytes]:
    """{recipient: generated Word file}."""
    kept = records.documents_of(connection, publication_id)
    return {each.recipient: each.content for each in kept if each.format == "docx"}


def require_same_paper(
    paper: PaperOfRecipient, number: str, drafts: Mapping[str, bytes], kept: Sequence[PaperFile], file: File | None,
    reason: str | None,
) -> bool:  # fmt: skip
    """Whether the signed file is another paper and `reason` says why it is recorded all the same. The file is the one
    given, else the last one kept as signed since the paper was returned; what an earlier signature had is not judged
    again. PublicationRefused where it is another paper and there is no reason."""
    draft, signed_file = drafts.get(paper.recipient), file or _last_signed(paper, kept)
    if draft is None or signed_file is None or _was_judged(paper, kept, signed_file):
        return False
    why = _why_other(draft, signed_file, number, paper.document_type)
    if why and not reason:
        raise refused("paper.other_file", file=signed_file[0], name=paper.name, why=why)
    return bool(why)


def require_paper_of_signature(
    paper: PaperOfRecipient, drafts: Mapping[str, bytes], kept: Sequence[PaperFile], file: File
) -> None:
    """PublicationRefused where a file that comes after the signature is another paper than the one that was signed."""
    if signature := papers.standing_signature(paper.states):
        require_same_paper(paper, signature.paper_number or "", drafts, kept, file, None)


def _why_other(draft: bytes, file: File, number: str, document_type: str) -> str:
    """What of a file is unlike the draft: number, year of the title, or most of its figures. Empty for the same paper
    and for what cannot be read."""
    found, expected = (head_of(*each, document_type.upper()) for each in (file, ("draft.docx", draft)))
    digits = re.match(r"\d*", number.lstrip("0"))
    has_other_symbol = found.symbol and expected.symbol and found.symbol != expected.symbol
    if has_other_symbol or (found.number and digits and found.number.lstrip("0") != digits[0]):
        return phrase("paper.other_number", found=f"{found.number}/{found.symbol}", number=number)
    if found.year and expected.year and found.year != expected.year:
        return phrase("paper.other_year", found=found.year, year=expected.year)
    changes = changes_in(draft, *file)
    if changes and is_other(draft, changes):
        differ = sum(bool(each.old) for each in changes)
        return phrase("paper.other_figures", differ=differ, all=len(numbers_of(draft)))
    return ""


def _last_signed(paper: PaperOfRecipient, kept: Sequence[PaperFile]) -> File | None:
    ended = [each.recorded_at for each in paper.states if each.state in (RETURNED, REFUSED)]
    for each in reversed(kept):
        if each.kind == SIGNED and each.recipient == paper.recipient and (not ended or each.recorded_at > ended[-1]):
            return each.file_name, each.content
    return None


def _was_judged(paper: PaperOfRecipient, kept: Sequence[PaperFile], file: File) -> bool:
    """Whether the signature that stands had the file."""
    signature, sha256 = papers.standing_signature(paper.states), documents.sha256_of(file[1])
    return signature is not None and any(
        each.sha256 == sha256 and each.recipient == paper.recipient and each.recorded_at <= signature.recorded_at
        for each in kept
        if each.kind == SIGNED
    )
