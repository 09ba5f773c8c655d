"""Figures that a hand has changed between an edition and the last Word file of the office."""

from collections.abc import Collection
from dataclasses import asdict

from htx.editions.recipient_papers import publication_of, recipients_of
from reporting.documents.hand_changes import NotAWordFile, figures_changed
from warehouse.editions import papers, records
from warehouse.editions.papers import EDITED, SIGNED
from warehouse.migrations import open_warehouse
from warehouse.reference.phrases import phrase


def compare(warehouse_url: str, publication_id: str, recipients: Collection[str] = ()) -> list[dict]:
    """Of each recipient: recipient, file_name, compared (bool), changes ({key, old, new, place}; `old` is empty for
    what was added, `new` for what was left out), answer_vi.

    The last edited or signed Word file is compared with the generated one. A signed file in another form, as a scan, is
    not compared, and the answer says so. PublicationRefused where there is no such publication or recipient."""
    found: list[dict] = []
    with open_warehouse(warehouse_url) as connection:
        publication = publication_of(connection, publication_id)
        generated = {
            each.recipient: each.content
            for each in records.documents_of(connection, publication_id)
            if each.format == "docx"
        }
        files = [each for each in papers.files_of(connection, publication_id) if each.kind in (EDITED, SIGNED)]
        for recipient in recipients_of(connection, publication, recipients):
            own = [each for each in files if each.recipient == recipient]
            words = [each for each in own if each.file_name.lower().endswith(".docx")]
            about = {"recipient": recipient, "file_name": words[-1].file_name if words else None}
            scans = ", ".join(each.file_name for each in own if each not in words)
            scanned = [phrase("compared.scan", names=scans)] if scans else []
            if not words or recipient not in generated:
                missing = [] if scans else [phrase("compared.no_file")]
                answer = " ".join([*scanned, *missing])
                found.append({**about, "compared": False, "changes": [], "answer_vi": answer})
                continue
            try:
                changes = figures_changed(generated[recipient], words[-1].content)
            except NotAWordFile:
                answer = phrase("compared.unreadable", name=words[-1].file_name)
                found.append({**about, "compared": False, "changes": [], "answer_vi": answer})
                continue
            added = sum(not each.old for each in changes)
            key = "compared.changed" if len(changes) > added else "compared.unchanged"
            said = [phrase(key, name=words[-1].file_name, count=len(changes) - added)]
            if added:
                said.append(phrase("compared.added", count=added))
            rows = [asdict(each) for each in changes]
            found.append({**about, "compared": True, "changes": rows, "answer_vi": " ".join([*said, *scanned])})
    return found


def sentence(change: dict) -> str:
    """A changed figure as one line."""
    key = change["key"] or phrase("compared.no_key")
    old, new = change["old"] or phrase("compared.new"), change["new"] or phrase("compared.left_out")
    return phrase("compared.figure", key=key, old=old, new=new, place=change["place"])
