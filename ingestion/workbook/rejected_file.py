"""Why a file goes back to its sender unread."""


class RejectedFile(Exception):
    """A file that cannot be read as our form, for one reason that a rule (F01 F02 F11 F12) has a sentence for."""

    def __init__(
        self,
        rule_code: str,
        sheet_code: str | None = None,
        cell: str | None = None,
        value: str | None = None,
        details: dict[str, object] | None = None,
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
        """what the rule's sentences name; ingestion.feedback.findings says which"""
        self.keep_content = keep_content
        """False for a file with persons in it, and for one over the bound of bytes: only hash and time are kept"""
        self.cover = cover or {}
        """what was read of the cover before the file was rejected"""
