"""What one cell was read as: with certainty, with a doubt that is said, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.workbook.cells import Cell

# Signs for "nothing here". They mean neither 0 nor no.
NOTHING = frozenset({"-", "--", "---", "–", "—", "―", "−", ".", "..", "...", "…", "/", "n/a", "n.a."})


@dataclass(frozen=True)
class Reading:
    """What a cell was read as."""

    text: str | None
    """canonical text; the folded text as sent where it cannot be read; None where the cell means nothing"""
    is_read: bool = True
    """False where it cannot be read as its type"""
    other: str | None = None
    """what else it could mean, if that is in doubt (rule V03)"""
    repaired: bool = False
    """whether letters had to be mended to read it (rule V07)"""


BLANK = Reading(None)
Reader = Callable[[Cell], Reading]
