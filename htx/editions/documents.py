"""The documents of an edition: its tables and their hashes, its changes, and the files in Word, Excel and HTML."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import fsspec
import psycopg

from htx.editions.change_sentences import ChangeSentences, printed_changes
from htx.environment import libreoffice
from reporting.content.recipients import UNION, Recipient, read_recipients
from reporting.content.tables import Content, Table, filled
from reporting.documents.about import About
from reporting.documents.pdf import pdf_of
from warehouse.editions.changes import changes_between
from warehouse.editions.editions import FED_BY_PUBLICATIONS, Edition
from warehouse.editions.figure_changes import Change
from warehouse.editions.papers import EVIDENCE, SIGNED
from warehouse.editions.priority_counts import Place, PriorityCount
from warehouse.editions.records import KeptDocument, Publication, PublicationRefused, last_reported
from warehouse.example_mark import is_example
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder
from warehouse.reference.time_zone import VIET_NAM

PROPOSALS = ("target_proposals", "duty_proposals")
FOLDERS = {"annual": "annual", "phase_review": "phase"}


def read_content(connection: psycopg.Connection, kind: str, period: int) -> Content:
    """The tables of a report as they are published now, with the fact is_example; with what last year's report gave, as
    the fact reported_before of a yearly report. Raises PublicationRefused."""
    from reporting.content.annual import read_annual
    from reporting.content.phase import read_phase
    from reporting.content.report_rows import NothingToReport

    try:
        content = read_annual(connection, period) if kind == "annual" else read_phase(connection, period)
    except NothingToReport as error:
        raise PublicationRefused(str(error), phrase("no_figures")) from error
    more: dict[str, Any] = {"is_example": is_example(connection)}
    if kind == "annual":
        more["reported_before"] = last_reported(connection, period - 1)
    return replace(content, facts={**content.facts, **more})


def with_priority_counts(content: Content, counted: Mapping[Place, PriorityCount]) -> Content:
    """The tables of a report with the counts of priority groups that its new edition gives."""
    table = content.tables.get("priority_groups")
    if table is None:
        return content
    rows = []
    for row in table.rows:
        given = counted.get((row["indicator_code"], row["measure_code"], content.period, row["breakdown_code"]))
        rows.append({
            **row,
            "value": given and given.value,
            "value_status": given.value_status if given else "not_applicable",
            "remark_vi": phrase("earlier_figure") if given and given.is_earlier else None,
        })  # fmt: skip
    return replace(content, tables={**content.tables, table.name: filled(table, rows)})


def table_hashes(content: Content) -> dict[str, str]:
    """{table: hash of its rows}, without the rows that publishing itself changes."""
    return {name: _hash(table) for name, table in content.tables.items()}


def changes_with_sentences(
    connection: psycopg.Connection, old: Edition | None, new: Edition, content: Content
) -> list[tuple[Change, str]]:
    """The changes of a version against the one before it, each with its sentence; none of a first version."""
    if old is None:
        return []
    titles = {name: table.title_vi for name, table in content.tables.items()}
    sentences = ChangeSentences(connection, titles, content.percent_decimals)
    changes = without_implied_tables(changes_between(connection, old, new), _tables_of_figures(content))
    return [(each, sentences.of(each)) for each in changes]


def without_implied_tables(changes: Sequence[Change], tables_of_figures: Collection[str]) -> list[Change]:
    """The changes without those of tables that only show figures, where figures are listed one by one. Figures that
    publishing itself changes are in no table's hash: they explain no table."""
    figures = {each.key["indicator_code"] for each in changes if "indicator_code" in each.key}
    if not figures - set(FED_BY_PUBLICATIONS):
        return list(changes)
    return [each for each in changes if each.column not in tables_of_figures]


def recipients_of(publication: Publication, kind: str | None = None, content: Content | None = None) -> list[Recipient]:
    """The recipients of a report, or of another kind of document, with the letterheads of its day. `content`: the
    report's own, which says whether its plan is that of the example."""
    day = publication.published_at.astimezone(VIET_NAM).date()
    of_example = content is not None and content.facts["is_example"]
    return read_recipients(plan_folder(), kind or publication.kind, day, of_example)


def recipient_names(publication: Publication) -> dict[str, str]:
    """{code: name} of the recipients of a report on its day."""
    return {each.recipient: each.name_vi for each in recipients_of(publication)}


def sections_missing(publication: Publication, content: Content) -> list[str]:
    """Titles of what the paper of a recipient lacks in the Union's own words, each once."""
    from reporting.documents.document_set import OUTLINES
    from reporting.papers.sentences import titles_without_words

    about, outline = About(publication.version or "", publication.published_at), OUTLINES[content.kind]
    return list(
        dict.fromkeys(
            title
            for each in recipients_of(publication, content=content)
            for title in titles_without_words(outline(content, each, about), each)
        )
    )


def written_documents(
    publication: Publication,
    content: Content,
    changes: Sequence[tuple[Change, str]],
    replaces: Mapping[str, tuple[str, date]],
    replaced: Sequence[KeptDocument] = (),
) -> list[KeptDocument]:
    """The documents of a publication, for each recipient, and for the Union itself. `replaced`: those of the issued
    edition that it replaces."""
    # imported here: the libraries that draw and write take a second to import
    from reporting.documents.document_set import write_documents

    union = next(iter(recipients_of(publication, "note")), None)
    about = About(
        publication.version or "",
        publication.published_at,
        publication.forced_because,
        tuple(publication.missing_units or ()),
        printed_changes(publication.publication_id, [(each.key, sentence) for each, sentence in changes]),
        replaces,
        _proposed(content, replaced),
    )
    return [
        KeptDocument(each.recipient, each.format, each.file_name, sha256_of(each.content), each.content)
        for each in write_documents(content, recipients_of(publication, content=content), about, union)
    ]


def _proposed(content: Content, replaced: Sequence[KeptDocument]) -> dict[str, list[dict[str, str]]]:
    """The rows of the tables of proposals of an edition, as its annex has them, by table."""
    from htx.editions.kept_tables import rows_kept

    annex = next((each.content for each in replaced if each.format == "xlsx"), None)
    tables = [content.tables[name] for name in PROPOSALS if name in content.tables]
    return {table.name: rows_kept(annex, table) for table in tables} if annex else {}


def folder_of(publication: Publication) -> str:
    """The folder of a version, within that of the reports."""
    return f"{FOLDERS[publication.kind]}-{publication.period}/{publication.version}"


def write_files(publication: Publication, documents: Sequence[KeptDocument], reports_url: str) -> list[str]:
    """Write the documents below `reports_url` where they are missing; their addresses. Beside a Word file stands a PDF
    of it where LibreOffice is installed.

    A file that exists is not replaced: it is the copy that the office numbers and signs. The warehouse keeps what was
    published."""
    storage, root = fsspec.core.url_to_fs(reports_url)
    storage.invalidate_cache()  # what the office put there since must be seen
    folder = folder_of(publication)
    written = []
    for each in documents:
        path = f"{root.rstrip('/')}/{folder}/{each.recipient}/{each.file_name}"
        if not storage.exists(path):
            _write(storage, path, each.content)
            if each.format == "docx" and (pdf := pdf_of(each.content, libreoffice())):
                _write(storage, path.removesuffix("docx") + "pdf", pdf)
        for kind in (SIGNED, EVIDENCE) if each.recipient != UNION else ():  # where the office puts its own
            storage.makedirs(f"{path.rpartition('/')[0]}/{kind}", exist_ok=True)
        written.append(storage.unstrip_protocol(path))
    return written


def renew_pdf(publication: Publication, recipient: str, word: tuple[str, bytes], reports_url: str) -> None:
    """Have the PDF beside an edited Word file (name, content) say the same: it is written again where LibreOffice is
    installed, otherwise removed. One that is newer than the Word file is the office's own, and stays."""
    storage, root = fsspec.core.url_to_fs(reports_url)
    path = f"{root.rstrip('/')}/{folder_of(publication)}/{recipient}/{word[0]}"
    pdf = f"{path.rpartition('.')[0]}.pdf"
    if not storage.exists(pdf) or storage.modified(pdf) > storage.modified(path):
        return
    if made := pdf_of(word[1], libreoffice()):
        _write(storage, pdf, made)
    else:
        storage.rm_file(pdf)


def _write(storage: fsspec.AbstractFileSystem, path: str, content: bytes) -> None:
    storage.makedirs(path.rpartition("/")[0], exist_ok=True)
    storage.pipe_file(f"{path}.part", content)
    storage.mv(f"{path}.part", path)  # atomic: complete or absent, even if the process is killed


def _tables_of_figures(content: Content) -> set[str]:
    return {
        name
        for name, table in content.tables.items()
        if table.rows and any(column == "key" or column.endswith("_key") for column in table.rows[0])
    }


def _hash(table: Table) -> str:
    rows = [row for row in table.rows if row.get("indicator_code") not in FED_BY_PUBLICATIONS]
    lines = sorted(json.dumps(row, default=str, ensure_ascii=False, sort_keys=True) for row in rows)
    return sha256_of("\n".join(lines).encode())


def sha256_of(content: bytes) -> str:
    """The hash by which a document is kept."""
    return hashlib.sha256(content).hexdigest()
