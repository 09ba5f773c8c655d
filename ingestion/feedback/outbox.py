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
    folder = folder_of(reviewed.file.folder, reviewed.cover.get("reporting_unit_code"), reference)
    return f"{_safe(folder)}/{_safe(reviewed.receipt_number)}.{extension}"


def folder_of(folder: str, named: str | None, reference: Reference) -> str:
    """The folder of the answer to a file: that in which it came; of one from the Union's desk that of the unit that its
    cover names, if that is on the roster."""
    is_unit = folder == UNION_FOLDER and any(code == named for _, code in reference.roster)
    return named if named and is_unit else folder


def answer_to(url: str, folder: str, receipt_number: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The sentence of the receipt, and name and bytes of the annotated copy, where there is one; empty where somebody
    took them out of the outbox."""
    storage, root = fsspec.core.url_to_fs(url)
    name = f"{_safe(folder)}/{_safe(receipt_number)}"
    path = f"{root.rstrip('/')}/{name}"
    found = {each.rpartition("/")[2]: storage.cat_file(each) for each in storage.glob(f"{path}.*")}
    receipt = found.pop(f"{_safe(receipt_number)}.txt", b"")
    return receipt.decode().strip(), list(found.items())


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
