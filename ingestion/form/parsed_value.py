"""The result of parsing one cell: certain, ambiguous, or not parsed."""

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.form.parse_warnings import ParseWarning
from ingestion.workbook.cells import Cell, sent_text
from warehouse.reference.names import folded

# Signs for "nothing here". They mean neither 0 nor no.
NOTHING = frozenset({"-", "--", "---", "–", "—", "―", "−", ".", "..", "...", "…", "/", "n/a", "n.a."})


@dataclass(frozen=True)
class ParsedValue:
    """The value of a cell."""

    text: str | None
    """canonical text; the folded text as sent if it cannot be parsed; None if the cell holds no value"""
    is_parsed: bool = True
    """False if it cannot be parsed as its type"""
    alternative: str | None = None
    """the other value it could have, if it is ambiguous (rule V03)"""
    repaired: bool = False
    """whether letters had to be repaired to parse it (rule V07)"""


BLANK = ParsedValue(None)
CellParser = Callable[[Cell], ParsedValue]


def warnings_on_value(
    parsed: ParsedValue, sheet_code: str, row: int, field_code: str, cell: str, value: Cell
) -> list[ParseWarning]:
    """V03 for an ambiguous value, V07 for a repaired one."""
    place = (sheet_code, row, field_code, cell, folded(sent_text(value)))
    warnings = []
    if parsed.alternative is not None:
        details = {"read_as": parsed.text, "other": parsed.alternative}
        warnings.append(ParseWarning("V03", *place, details=details))
    if parsed.repaired:
        warnings.append(ParseWarning("V07", *place, details={"read_as": parsed.text}))
    return warnings
