"""The limits of one file. The largest form ever filled in is far below each of them."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of opening, parsing and annotating a file. A file that exceeds one is rejected (F01)."""

    bytes: int = 20_000_000
    expanded_bytes: int = 200_000_000
    """of all parts of a zipped workbook together"""
    parts: int = 2_000
    sheets: int = 60
    cells: int = 2_000_000
    """of the rectangle that a sheet spans, including empty cells, which determines the cost of reading"""
    characters: int = 20_000_000
    """of the text in all cells together"""
    rows: int = 10_000
    """with values, of the sheets of the form together"""
    seconds: int = 8
    """of CPU time, for parsing the file and again for annotating it"""
    seconds_by_the_clock: int = 18
    """wall-clock time, which includes waiting"""
    memory_bytes: int = 1_000_000_000
    """of the process that reads it"""
    answer_bytes: int = 200_000_000
    """of the result of that process"""
    workers: int = max(1, min(4, os.cpu_count() or 1))
    """processes that parse at the same time"""


LIMITS = Limits()
FINDINGS_PER_RULE = 200
"""most findings of one rule on one file that are kept and listed; the last of them gives the number of the others"""
