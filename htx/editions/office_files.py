"""Files of the office beside the generated documents: taken from the folder of reports, and given back as they were."""

import logging
from collections.abc import Collection

import fsspec

from htx.editions import documents
from htx.editions.hand_changes import File, drafts_of, require_paper_of_signature
from htx.editions.papers import require_readable
from htx.editions.recipient_papers import papers_of, publication_of
from warehouse.editions import papers, records
from warehouse.editions.papers import EDITED, EVIDENCE, SIGNED
from warehouse.editions.records import Publication, PublicationRefused
from warehouse.migrations import open_warehouse
from warehouse.reference.phrases import phrase

log = logging.getLogger(__name__)


def attach(
    warehouse_url: str, publication_id: str, by: str, recipients: Collection[str] = (), file: File | None = None,
    reports_url: str | None = None,
) -> dict:  # fmt: skip
    """Keep `file`, a PDF as the signed one and any other as edited; or what is new in the folder of a recipient below
    `reports_url`: a Word file that is not the generated one, and what lies in its folders `signed` and `evidence`. A
    file that comes back after another one is kept again. A file there that is empty, too large or in another form (see
    papers.FORMS), or another paper than the one that is signed already, is logged and left. PublicationRefused where
    `file` is."""
    kept = []
    with open_warehouse(warehouse_url) as connection:
        publication = publication_of(connection, publication_id)
        generated = {each.sha256 for each in records.documents_of(connection, publication_id)}
        files, drafts = papers.files_of(connection, publication_id), drafts_of(connection, publication_id)
        for paper in papers_of(connection, publication, recipients):
            recipient = paper.recipient
            of_file = SIGNED if file and file[0].lower().endswith(".pdf") else EDITED
            for kind, each in [(of_file, file)] if file else _in_folder(publication, recipient, reports_url):
                sha256 = documents.sha256_of(each[1])
                own = [one for one in files if one.recipient == recipient]
                last = papers.last_file(own, kind)
                is_new = last is None or last.sha256 != sha256
                if not file:  # of a folder that has several files, each is followed by its name
                    named = [one.sha256 for one in own if (one.kind, one.file_name) == (kind, each[0])]
                    is_new &= named[-1] != sha256 if named else kind != EDITED or sha256 not in generated
                if not is_new:
                    continue
                try:
                    require_readable(kind, each)
                    if kind == SIGNED:
                        require_paper_of_signature(paper, drafts, files, each)
                except PublicationRefused as refused:
                    if file:
                        raise
                    log.warning("%s", refused)
                else:
                    if kind == EDITED and reports_url and not file:
                        documents.renew_pdf(publication, recipient, each, reports_url)
                    papers.keep_file(connection, publication_id, recipient, kind, each, by)
                    kept.append({"recipient": recipient, "kind": kind, "file_name": each[0]})
    called = documents.recipient_names(publication)
    names = "; ".join(f"{called.get(each['recipient'], each['recipient'])}: {each['file_name']}" for each in kept)
    answer = phrase("paper.kept", names=names) if kept else phrase("paper.nothing_kept")
    return {"publication_id": publication_id, "kept": kept, "answer_vi": answer}


def collect(warehouse_url: str, by: str, reports_url: str) -> list[dict]:
    """Keep what is new in the folders of all reports published here; {publication_id, recipient, kind, file_name}."""
    with open_warehouse(warehouse_url) as connection:
        ids = [each.publication_id for each in records.publications(connection) if each.version]
    return [
        {"publication_id": id, **each}
        for id in ids
        for each in attach(warehouse_url, id, by, reports_url=reports_url)["kept"]
    ]


def save(warehouse_url: str, publication_id: str, folder_url: str) -> list[str]:
    """Write the generated documents and the files of the office below a folder, as they were kept; their paths."""
    with open_warehouse(warehouse_url) as connection:
        publication_of(connection, publication_id)
        files = [
            (each.recipient, each.file_name, each.content) for each in records.documents_of(connection, publication_id)
        ] + [
            (f"{each.recipient}/{each.kind}", f"{each.sha256[:8]}-{each.file_name}", each.content)
            for each in papers.files_of(connection, publication_id)
        ]
    storage, root = fsspec.core.url_to_fs(folder_url)
    paths = []
    for folder, name, content in files:
        storage.makedirs(f"{root}/{folder}", exist_ok=True)
        storage.pipe_file(f"{root}/{folder}/{name}", content)
        paths.append(f"{folder}/{name}")
    return paths


def _in_folder(publication: Publication, recipient: str, reports_url: str | None) -> list[tuple[str, File]]:
    """(kind, file) of the Word files in the folder of a recipient, and of all files in `signed` and `evidence` there,
    of each kind the oldest first."""
    if not (reports_url and publication.version):
        return []
    storage, root = fsspec.core.url_to_fs(f"{reports_url.rstrip('/')}/{documents.folder_of(publication)}/{recipient}")
    storage.invalidate_cache()  # others put files there
    found = []
    for kind, folder in {EDITED: root, **{kind: f"{root}/{kind}" for kind in (SIGNED, EVIDENCE)}}.items():
        entries = storage.ls(folder, detail=True) if storage.exists(folder) else []
        files = [
            (storage.modified(each["name"]), each["name"])
            for each in entries
            if each["type"] == "file" and (kind != EDITED or each["name"].lower().endswith(".docx"))
        ]
        found += [(kind, name) for _, name in sorted(files) if "/~$" not in name]  # Word's lock file
    return [(kind, (name.rpartition("/")[2], storage.cat_file(name))) for kind, name in found]
