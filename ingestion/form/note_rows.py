"""Lines of words among the rows of a list: notes, headings of parts, the signature block."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.workbook.cells import BrokenValue, Cell, is_filled, meant_text
from warehouse.reference.names import folded

NOTE = re.compile(
    r"(?:ghi chú|lưu ý|chú thích|chú ý|chú dẫn|nguồn|nguồn số liệu|đvt|đơn vị tính|biểu số|phụ lục)(?: ?[:.].*|$)"
    r"|\(?\*+\)? ?\S.*",
    re.IGNORECASE,
)
HEADING = re.compile(r"(?:[IVX]+|[A-Z])(?:\.|\)|/| ?[-–—]) ?\S.*")
SIGNATURE = re.compile(
    r"người lập(?: biểu)?|người tổng hợp|người báo cáo|thủ trưởng(?: đơn vị)?|(?:phó )?chủ tịch|tm\.|kt\.|tl\."
    r"|xác nhận của|nơi nhận|\(ký|ký tên|(?:.{0,40}, ?)?ngày \S{1,4} tháng \S{1,4} năm \S{0,4}",
    re.IGNORECASE,
)
MOST_CELLS = 4


@dataclass(frozen=True)
class Note:
    """A line of words."""

    column: int
    words: str
    """of a signature only its standard words, since names may follow; empty for a line below it"""
    is_signature: bool


def note_in(row: Sequence[Cell], in_signature: bool) -> Note | None:
    """The note that the row holds; None for any other row.

    `in_signature`: whether a signature block has begun above; names and seals follow it."""
    cells = [(index, cell) for index, cell in enumerate(row) if is_filled(cell)]
    if not cells or len(cells) > MOST_CELLS:
        return None
    if not all(isinstance(cell, str) and not isinstance(cell, BrokenValue) for _, cell in cells):
        return None
    column, first = cells[0][0], folded(meant_text(cells[0][1]))
    if match := SIGNATURE.match(first):
        return Note(column, match.group(), is_signature=True)
    if in_signature:
        return Note(column, "", is_signature=True)
    if len(cells) == 1 and (NOTE.fullmatch(first) or HEADING.fullmatch(first)):
        return Note(column, first, is_signature=False)
    return None
