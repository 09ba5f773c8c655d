"""Why a file is rejected before any rule is checked."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from warehouse.reference.csv_rows import read_rows
from warehouse.reference.numbers_vi import number_vi

OUT_OF_MEMORY = ("PyObject pointer is null", "unknown error")
"""how calamine and lxml begin their message where memory could not be allocated"""


class RejectedFile(Exception):
    """A file that cannot be parsed as our form, for one reason; a rule (F01, F02, F11, F12) has the sentence for it."""

    def __init__(
        self,
        rule_code: str,
        sheet_code: str | None = None,
        cell: str | None = None,
        value: str | None = None,
        details: Mapping[str, object] | None = None,
        *,
        keep_content: bool = True,
        cover: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{rule_code} {(details or {}).get('reason', '')}".strip())
        self.rule_code = rule_code
        self.sheet_code = sheet_code
        self.cell = cell
        self.value = value
        self.details = details or {}
        """values for the placeholders of the rule's sentence, see ingestion.feedback.findings"""
        self.keep_content = keep_content
        """False for a file with personal data, and for one above the size limit: only its hash and time are kept"""
        self.cover = cover or {}
        """what was parsed of the cover before the file was rejected"""


def unreadable(reason: str, limit: int | str | None = None, sheet: str = "") -> RejectedFile:
    """The rejection F01 for a reason of rejection_reasons.csv, with the limit and the sheet that its sentence names."""
    vietnamese, english = reasons()[reason]
    shown = number_vi(limit) if isinstance(limit, int) else limit or ""
    details = {
        "reason": reason,
        "limit": shown,
        "reason_vi": vietnamese.format(limit=shown, sheet=sheet),
        "reason_en": english.format(limit=shown, sheet=sheet),
    }
    return RejectedFile("F01", details=details)


def unreadable_after(error: BaseException) -> RejectedFile:
    """The rejection for an error of a parser: the file is damaged, unless there was not enough memory for it."""
    is_costly = isinstance(error, MemoryError) or str(error).startswith(OUT_OF_MEMORY)
    return unreadable("too_costly" if is_costly else "damaged")


@cache
def reasons() -> dict[str, tuple[str, str]]:
    """Reason -> its sentence in Vietnamese and English."""
    rows = read_rows(Path(__file__).with_name("rejection_reasons.csv"))
    return {row["reason"]: (row["reason_vi"], row["reason_en"]) for row in rows}
