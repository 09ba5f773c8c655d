"""Figures that a hand has changed between an edition and the last Word file, or PDF with text, of the office; and
whether a signed file is another paper, which is judged before its signature is recorded."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import psycopg

from htx.editions import documents
from htx.editions.recipient_papers import PaperOfRecipient, publication_of, recipients_of, refused
from reporting.documents.hand_changes import HandChange, NotAWordFile, figures_changed, numbers_of
from reporting.documents.pdf_changes import NotComparable, figures_changed_in_pdf, head_of
from warehouse.editions import papers, records
from warehouse.editions.papers import EDITED, REFUSED, RETURNED, SIGNED, PaperFile
from warehouse.migrations import open_warehouse
from warehouse.reference.phrases import phrase

File = tuple[str, bytes]  # name, content

OTHER_PAPER = 0.5  # share of the figures of a draft that are missing in a file which is another paper


def compare(warehouse_url: str, publication_id: str, recipients: Collection[str] = ()) -> list[dict]:
    """Of each recipient: recipient, file_name, compared (bool), changes ({key, old, new, place}; `old` is empty for
    what was added, `new` for what was left out), answer_vi.

    The last edited or signed file that is a Word file or a PDF with text is compared with the generated Word file. What
    came after it is a scan, or cannot be read, and the answer says so. PublicationRefused where there is no such
    publication or recipient."""
    with open_warehouse(warehouse_url) as connection:
        publication = publication_of(connection, publication_id)
        generated = drafts_of(connection, publication_id)
        files = [each for each in papers.files_of(connection, publication_id) if each.kind in (EDITED, SIGNED)]
        return [
            {"recipient": each, **_compared(generated.get(each), [file for file in files if file.recipient == each])}
            for each in recipients_of(connection, publication, recipients)
        ]


def changes_in(generated: bytes, name: str, content: bytes) -> list[HandChange] | None:
    """What a file of the office has other than the generated Word file; None where it is neither a Word file that can
    be read nor a PDF with text."""
    form = name.rpartition(".")[2].lower()
    try:
        if form == "docx":
            return figures_changed(generated, content)
        return figures_changed_in_pdf(generated, content) if form == "pdf" else None
    except (NotAWordFile, NotComparable):
        return None


def is_other(generated: bytes, changes: Sequence[HandChange]) -> bool:
    """Whether a file lacks so many figures of the generated one that it is another paper."""
    return sum(bool(each.old) for each in changes) > OTHER_PAPER * len(numbers_of(generated))


def _compared(generated: bytes | None, files: Sequence[PaperFile]) -> dict[str, Any]:
    """file_name, compared, changes, answer_vi of the files of one recipient."""
    not_compared: list[str] = []
    for file in reversed(files):
        changes = changes_in(generated, file.file_name, file.content) if generated else None
        if changes is not None:
            said = [_in_words(generated or b"", file.file_name, changes)]
            break
        not_compared.insert(0, file.file_name)
    else:
        file, changes, said = None, None, []
    if not_compared:
        said.append(phrase("compared.scan", names=", ".join(not_compared)))
    return {
        "file_name": file.file_name if file else None,
        "compared": changes is not None,
        "changes": [asdict(each) for each in changes or ()],
        "answer_vi": " ".join(said) or phrase("compared.no_file"),
    }


def _in_words(generated: bytes, name: str, changes: Sequence[HandChange]) -> str:
    """How many figures differ, whether so many that the file is another paper, and how many numbers were added."""
    differ = sum(bool(each.old) for each in changes)
    said = [phrase("compared.changed" if differ else "compared.unchanged", name=name, count=differ)]
    if is_other(generated, changes):
        said.append(phrase("compared.other", all=len(numbers_of(generated))))
    if added := len(changes) - differ:
        said.append(phrase("compared.added", count=added))
    return " ".join(said)


def sentence(change: dict) -> str:
    """A changed figure as one line."""
    key = change["key"] or phrase("compared.no_key")
    old, new = change["old"] or phrase("compared.new"), change["new"] or phrase("compared.left_out")
    return phrase("compared.figure", key=key, old=old, new=new, place=change["place"])


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
