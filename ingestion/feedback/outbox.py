"""The outbox: one folder per unit, where the answer to each of its files lies under the number of its receipt."""

import re

import fsspec

from ingestion.feedback.annotated_workbook import AnnotatedWorkbook
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.workbook.received_file import UNION_FOLDER
from warehouse.reference.catalogue import Reference

# Numbers of receipts repeat what a cover says, which may be anything, also a path.
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def path_of(reviewed: ReviewedFile, extension: str, reference: Reference) -> str:
    """Where the answer to a file goes, below the outbox: folder of the unit, number of the receipt.

    A unit's own folder gets what came from it. What came from the Union's desk goes to the unit that the cover
    names, if the roster has it, else back to the desk."""
    folder = reviewed.file.folder
    if folder == UNION_FOLDER:
        cover = reviewed.submission.cover if reviewed.submission else reviewed.rejection.cover
        named = cover.get("reporting_unit_code")
        folder = named if any(code == named for _, code in reference.roster) else UNION_FOLDER
    return f"{_safe(folder)}/{_safe(reviewed.receipt_number)}.{extension}"


def put(url: str, reviewed: ReviewedFile, copy: AnnotatedWorkbook, reference: Reference) -> str:
    """Write the answer to a file; its path below the outbox. The same file answered again takes the same place."""
    path = path_of(reviewed, copy.extension, reference)
    storage, root = fsspec.core.url_to_fs(url)
    target = f"{root.rstrip('/')}/{path}"
    storage.makedirs(target.rpartition("/")[0], exist_ok=True)
    storage.pipe_file(target, copy.content)
    return path


def _safe(name: str) -> str:
    return UNSAFE.sub("_", name)[:100] or "_"
