"""A file as it was received, before anything is parsed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

UNION_FOLDER = "union"
"""folder of the Union's own desk, where a file of any unit may lie"""


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it was received: from which folder, when, and its bytes."""

    folder: str
    """unit code of the folder, or UNION_FOLDER"""
    file_name: str
    received_at: datetime
    """when it counts as received, in UTC"""
    content: bytes = field(repr=False)
    """all bytes; of a file above the size limit (limits.py) only enough to show that it is"""
    sha256_as_received: str | None = None
    """of a file that was stored, whose bytes differ from those received: its authors are taken out"""
    stored_at: datetime | None = None
    """the time in its storage; None for a file that was not in the inbox"""
    doubt: str | None = None
    """the rule of the finding on its time of receipt, where the time in storage was not taken for it"""

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes, as they were received."""
        return self.sha256_as_received or hashlib.sha256(self.content).hexdigest()

    @cached_property
    def submission_id(self) -> str:
        """Derived from folder and content: loading the same file again gives the same id."""
        return hashlib.sha256(f"{self.folder}\n{self.sha256}".encode()).hexdigest()[:16]

    def receipt_number(self, cover: Mapping[str, str]) -> str:
        """The number that the sender quotes: year, unit and six characters; KXD (không xác định) if the cover could
        not be read."""
        year, unit = cover.get("report_year"), cover.get("reporting_unit_code")
        suffix = self.submission_id[:6].upper()
        return f"{year}-{unit}-{suffix}" if year and unit else f"KXD-{suffix}"
