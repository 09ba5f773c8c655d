"""The result of reviewing a received file: what is loaded, and what its sender is answered."""

from dataclasses import dataclass

from ingestion.feedback.duplicates import Duplicate
from ingestion.feedback.findings import Finding
from ingestion.feedback.sentences import vietnamese
from ingestion.form.submission import Submission
from ingestion.workbook.received_file import ReceivedFile
from ingestion.workbook.rejected_file import RejectedFile

LOCKED_YEAR = "F06"
"""the rule that rejects files for a locked year"""


@dataclass(frozen=True)
class History:
    """Whether a file was compared with history, the registry and other units."""

    is_compared: bool
    """False where only the next build can"""
    state: str = ""
    """as in quality.marked_copies, of a copy with the findings known now"""


@dataclass
class ReviewedFile:
    """A received file with its submission or rejection, its findings and its verdict."""

    file: ReceivedFile
    submission: Submission | None
    rejection: RejectedFile | None
    findings: list[Finding]
    verdict: str
    """accepted or rejected"""
    exception_id: str | None = None
    """of the late permit that admitted it to a locked year"""
    duplicate: Duplicate | None = None
    """the earlier submission with the same content; known once the file is loaded"""
    history: History | None = None
    """None before history, the registry and other units are queried"""

    @property
    def is_locked_out(self) -> bool:
        """Whether the lock of its year is the only reason for its rejection."""
        return {each.rule_code for each in self.findings if each.severity == "error"} == {LOCKED_YEAR}

    @property
    def awaits_build(self) -> bool:
        """Whether the next build may ask more than is known now."""
        return self.history is not None and not self.history.is_compared

    @property
    def cover(self) -> dict[str, str]:
        """What could be read of the cover: field code -> canonical text."""
        if self.submission:
            return self.submission.cover
        return self.rejection.cover if self.rejection else {}

    @property
    def receipt_number(self) -> str:
        return self.file.receipt_number(self.cover)

    @property
    def receipt(self) -> str:
        """One sentence that can be passed on: number, verdict, and how many errors and queries there are."""
        errors, queries = (sum(each.severity == kind for each in self.findings) for kind in ("error", "query"))
        verdict = "rejected" if self.verdict == "rejected" else "accepted_with_queries" if queries else "accepted"
        if self.duplicate:
            verdict = "repeated"
        number, name = self.receipt_number, self.file.file_name
        return vietnamese(verdict, number=number, name=name, errors=errors, queries=queries)
