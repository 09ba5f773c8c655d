"""Reading the files of a batch, each as if it were hostile: in a process of its own, within the bounds of a file."""

from collections.abc import Callable, Sequence

from ingestion.form.submission import Submission, read_submission
from ingestion.sandbox.worker_pool import WorkerFailure, call_workers
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile, unreadable
from warehouse.reference.catalogue import Reference

Read = Submission | RejectedFile


def parse_all(files: Sequence[ReceivedFile], reference: Reference, limits: Limits = LIMITS) -> list[Read]:
    """What each file says, or why it goes back, in the order given. No file is opened in this process, and none can
    keep another from being read."""
    return start_parsing(files, reference, limits)()


def start_parsing(
    files: Sequence[ReceivedFile], reference: Reference, limits: Limits = LIMITS
) -> Callable[[], list[Read]]:
    """parse_all in two halves: this begins, and calling what it gives waits for the end."""
    calls = ((file.folder, file.file_name, file.received_at, file.content, limits) for file in files)
    pending = call_workers(_read_one, reference, calls, limits)

    def read() -> list[Read]:
        return [_answered(file, each, reference) for file, each in zip(files, pending, strict=True)]

    return read


def _read_one(reference: Reference, folder, file_name, received_at, content: bytes, limits: Limits) -> tuple:
    """In the worker: (version of the form, the submission's own values), or what a RejectedFile is made of."""
    try:
        submission = read_submission(ReceivedFile(folder, file_name, received_at, content), reference, limits)
    except RejectedFile as error:
        return None, {name: getattr(error, name) for name in _REJECTION}
    said = {name: value for name, value in vars(submission).items() if name not in ("file", "form")}
    return submission.form.version, said


_REJECTION = ("rule_code", "sheet_code", "cell", "value", "details", "keep_content", "cover")


def _answered(file: ReceivedFile, answer: tuple | WorkerFailure, reference: Reference) -> Read:
    if isinstance(answer, WorkerFailure):
        return unreadable("too_costly" if answer.reason in ("time", "memory") else "unreadable")
    version, said = answer
    if version is None:
        return RejectedFile(**said)
    return Submission(file=file, form=reference.forms[version], **said)
