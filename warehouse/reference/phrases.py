"""Vietnamese phrases outside templates, tables and reference data: phrases.csv."""

from functools import cache
from pathlib import Path

from warehouse.reference.csv_rows import read_rows

PHRASES = Path(__file__).with_name("phrases.csv")


def phrase(key: str, /, **values: object) -> str:
    """A phrase of phrases.csv with its placeholders filled in."""
    text = _phrases()[key]
    return text.format(**values) if values else text


@cache
def _phrases() -> dict[str, str]:
    return {row["phrase"]: row["text_vi"] for row in read_rows(PHRASES)}
