"""Lines of words among the rows of a list: notes, headings of parts, the place for a signature."""

import re
from collections.abc import Sequence

from ingestion.workbook.cells import Broken, Cell, is_filled, meant_text
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


def note_of(row: Sequence[Cell], is_signed: bool) -> tuple[int, str, bool] | None:
    """Column and words of a row that is a line of words, and whether it is part of a signature; None for any other.

    `is_signed`: whether a signature has begun above; what follows it are names and seals. Of a signature only its
    known words are given: a name may stand beside them.
    """
    cells = [(index, cell) for index, cell in enumerate(row) if is_filled(cell)]
    if not cells or len(cells) > MOST_CELLS or any(isinstance(cell, Broken) for _, cell in cells):
        return None
    if not all(isinstance(cell, str) for _, cell in cells):
        return None
    index, first = cells[0][0], folded(meant_text(cells[0][1]))
    if match := SIGNATURE.match(first):
        return index, match.group(), True
    if is_signed:
        return index, "", True
    if len(cells) == 1 and (NOTE.fullmatch(first) or HEADING.fullmatch(first)):
        return index, first, False
    return None
