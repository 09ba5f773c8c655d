"""Invented names and sentences, of names.csv: no name there is taken from a real organisation or person.

A name is a pattern by sector, filled with proper words (wishes, flowers, colours), crops, animals and places.
"""

from pathlib import Path
from random import Random

from htx.example.tables import read_csv

TEXTS: dict[str, dict[str, tuple[str, ...]]] = {}
"""list -> key (blank in lists without keys) -> its texts"""
for row in read_csv(Path(__file__).with_suffix(".csv")):
    texts = TEXTS.setdefault(row["list"], {})
    texts[row["key"]] = (*texts.get(row["key"], ()), row["text"])
PLACES = TEXTS["place"][""]


def words(key: str, /, **values: object) -> str:
    """A phrase of the list `words` with its placeholders filled in."""
    return TEXTS["words"][key][0].format(**values)


def draw_name(rng: Random, patterns: tuple[str, ...], taken: set[str], keep: bool = True) -> str:
    """A name that nobody in `taken` bears, capitals aside; added to it only when `keep` says so."""
    for _ in range(1000):
        pattern = rng.choice(patterns)
        words = {word: rng.choice(TEXTS[word][""]) for word in ("proper", "crop", "animal", "place")}
        name = pattern.format(**words)
        if rng.random() < 0.35 and not name.endswith(PLACES):
            name = f"{name} {rng.choice(TEXTS['endings'][''])}"
        if name.lower() not in taken:
            if keep:
                taken.add(name.lower())
            return name
    raise ValueError(f"no free name left for {patterns[0]}")
