"""The outbox: one folder per unit, with the answer to each of its files, named after the receipt number."""

import re

import fsspec

from ingestion.feedback.annotated_workbook import AnnotatedWorkbook
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.workbook.received_file import UNION_FOLDER
from warehouse.reference.reference_data import Reference

# Receipt numbers contain text from the cover, which may be anything, even a path.
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def path_of(reviewed: ReviewedFile, extension: str, reference: Reference) -> str:
    """The path of an answer below the outbox: folder of the unit, receipt number.

    A file from a unit's folder is answered there. A file from the Union's desk is answered to the unit that its cover
    names, if that is on the roster, else to the desk."""
    folder = reviewed.file.folder
    if folder == UNION_FOLDER:
        named = reviewed.cover.get("reporting_unit_code", UNION_FOLDER)
        folder = named if any(code == named for _, code in reference.roster) else UNION_FOLDER
    return f"{_safe(folder)}/{_safe(reviewed.receipt_number)}.{extension}"


def put(url: str, reviewed: ReviewedFile, copy: AnnotatedWorkbook, reference: Reference) -> str:
    """Write the answer to a file, or replace an earlier one; its path below the outbox."""
    path = path_of(reviewed, copy.extension, reference)
    storage, root = fsspec.core.url_to_fs(url)
    target = f"{root.rstrip('/')}/{path}"
    storage.makedirs(target.rpartition("/")[0], exist_ok=True)
    storage.pipe_file(target, copy.content)
    return path


def put_receipt(url: str, reviewed: ReviewedFile, reference: Reference) -> None:
    """Write the sentence of the receipt beside the answer, as text: also for a file that gets no copy."""
    storage, root = fsspec.core.url_to_fs(url)
    target = f"{root.rstrip('/')}/{path_of(reviewed, 'txt', reference)}"
    storage.makedirs(target.rpartition("/")[0], exist_ok=True)
    storage.pipe_file(target, f"{reviewed.receipt}\n".encode())


def _safe(name: str) -> str:
    return UNSAFE.sub("_", name)[:100] or "_"
