"""Warnings of the parser, from which findings are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ParseWarning:
    """Something that the parser noticed; rules V03, V07, V08 and F08 have the sentences for it."""

    rule_code: str
    sheet_code: str | None = None
    row_number: int | None = None
    field_code: str | None = None
    cell: str | None = None
    value: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    """values for the placeholders of the rule's sentences, see ingestion.feedback.findings"""
