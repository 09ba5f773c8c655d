"""The sentences of answers to senders, from sentences.csv."""

from functools import cache
from pathlib import Path

from warehouse.reference.csv_rows import read_rows


def vietnamese(key: str, **values: object) -> str:
    """The Vietnamese sentence, with its placeholders filled in. KeyError for an unknown key."""
    return templates()[key][0].format(**values)


@cache
def templates() -> dict[str, tuple[str, str]]:
    """Key -> template in Vietnamese and English; English only for findings."""
    return {row["key"]: (row["vi"], row["en"]) for row in read_rows(Path(__file__).with_name("sentences.csv"))}
