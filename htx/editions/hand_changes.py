"""Figures that a hand has changed between an edition and the last Word file, or PDF with text, of the office."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from htx.editions.recipient_papers import publication_of, recipients_of
from reporting.documents.hand_changes import HandChange, NotAWordFile, figures_changed, numbers_of
from reporting.documents.pdf_changes import NotComparable, figures_changed_in_pdf
from warehouse.editions import papers, records
from warehouse.editions.papers import EDITED, SIGNED, PaperFile
from warehouse.migrations import open_warehouse
from warehouse.reference.phrases import phrase

OTHER_PAPER = 0.5  # share of the figures of a draft that are missing in a file which is another paper


def compare(warehouse_url: str, publication_id: str, recipients: Collection[str] = ()) -> list[dict]:
    """Of each recipient: recipient, file_name, compared (bool), changes ({key, old, new, place}; `old` is empty for
    what was added, `new` for what was left out), answer_vi.

    The last edited or signed file that is a Word file or a PDF with text is compared with the generated Word file. What
    came after it is a scan, or cannot be read, and the answer says so. PublicationRefused where there is no such
    publication or recipient."""
    with open_warehouse(warehouse_url) as connection:
        publication = publication_of(connection, publication_id)
        generated = {
            each.recipient: each.content
            for each in records.documents_of(connection, publication_id)
            if each.format == "docx"
        }
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
