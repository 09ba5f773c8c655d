"""Parses the files of a batch in sandboxed worker processes, each within the limits of a file."""

from collections.abc import Callable, Sequence
from typing import Any

from ingestion.form.submission import Submission, read_submission
from ingestion.sandbox.worker_pool import WorkerFailure, call_workers
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile, unreadable
from warehouse.reference.reference_data import Reference

Parsed = Submission | RejectedFile


def parse_all(files: Sequence[ReceivedFile], reference: Reference, limits: Limits = LIMITS) -> list[Parsed]:
    """The submission or rejection of each file, in the order given. Files are opened in worker processes alone, and a
    failure of one does not affect the others."""
    return start_parsing(files, reference, limits)()


def start_parsing(
    files: Sequence[ReceivedFile], reference: Reference, limits: Limits = LIMITS
) -> Callable[[], list[Parsed]]:
    """Start parse_all; the function returned waits for the results."""
    calls = ((file.folder, file.file_name, file.received_at, file.content, limits) for file in files)
    pending = call_workers(_parse_one, reference, calls, limits)

    def results() -> list[Parsed]:
        return [_result(file, each, reference) for file, each in zip(files, pending, strict=True)]

    return results


def _parse_one(reference: Reference, folder, file_name, received_at, content: bytes, limits: Limits) -> object:
    """In the worker: form version and the submission's own values, or the rejection."""
    try:
        submission = read_submission(ReceivedFile(folder, file_name, received_at, content), reference, limits)
    except RejectedFile as error:
        return error
    own = {name: value for name, value in vars(submission).items() if name not in ("file", "form")}
    return submission.form.version, own


def _result(file: ReceivedFile, answer: Any, reference: Reference) -> Parsed:
    if isinstance(answer, WorkerFailure):
        rejected = unreadable("too_costly" if answer.reason in ("time", "memory") else "unreadable")
        rejected.keep_content = False  # nobody could search it for personal data
        return rejected
    if isinstance(answer, RejectedFile):
        return answer
    version, values = answer
    return Submission(file=file, form=reference.forms[version], **values)
