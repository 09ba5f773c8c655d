"""The bounds of one file, all in one place. The largest form ever filled in stays far below each of them."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds within which a file is opened, read and answered. A file over one of them is rejected (F01)."""

    bytes: int = 20_000_000
    expanded_bytes: int = 200_000_000
    """of all parts of a zipped workbook together"""
    parts: int = 2_000
    sheets: int = 60
    cells: int = 2_000_000
    """of the rectangle that a sheet spans, empty cells included: that is what reading it costs"""
    characters: int = 20_000_000
    """of the text in all cells together"""
    rows: int = 10_000
    """with anything in them, of the sheets of the form together"""
    seconds: int = 8
    """of computing, for reading the file and again for feedback it"""
    seconds_by_the_clock: int = 18
    """where something else than computing takes the time"""
    memory_bytes: int = 1_000_000_000
    """of the process that reads it"""
    answer_bytes: int = 200_000_000
    """of what that process gives back"""
    workers: int = max(1, min(4, os.cpu_count() or 1))
    """processes that read at the same time"""


LIMITS = Limits()
FINDINGS_PER_RULE = 200
"""of one rule on one file that are kept and shown one by one; the last of them says how many more there are"""
