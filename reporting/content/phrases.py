"""The few words that stand in no template and no declaration: phrases.csv."""

import csv
from functools import cache
from pathlib import Path

PHRASES = Path(__file__).with_name("phrases.csv")


def phrase(name: str, **values: object) -> str:
    """A phrase of phrases.csv with its placeholders filled in."""
    text = _phrases()[name]
    return text.format(**values) if values else text


@cache
def _phrases() -> dict[str, str]:
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return {row["phrase"]: row["text_vi"] for row in csv.DictReader(file)}
