"""Markup that this system writes into workbooks, to recognise it on return: code lists, findings, comments, colours."""

LISTS_SHEET = "90_DANH_MUC"
"""the form's hidden sheet of code lists; not part of a submission"""
GUIDE_SHEET = "00_HUONG_DAN"
"""the form's first sheet, which explains how to fill it in; not part of a submission"""
LAST_YEAR_SHEET = "91_NAM_TRUOC"
"""the form's sheet of last year's figures; not part of a submission"""
RESULT_SHEET = "00_KET_QUA"
"""the first sheet of an annotated copy, with the list of findings; not part of a submission"""
COMMENT_START = "Hội LHPN tỉnh, kết quả kiểm tra:"
"""beginning of our comments"""
COMMENT_STARTS = (COMMENT_START, "Kho dữ liệu HTX:")
"""the same, of this version and of earlier ones, whose copies are still about"""
COMMENT_AUTHOR = "htx"
COLOURS = {"error": "F8B4AF", "query": "FFE08C", "info": "B9D7F2"}
"""severity -> RRGGBB of a cell with a finding; none is in the palette of a spreadsheet program"""
OWN_SHEETS = frozenset({LISTS_SHEET, GUIDE_SHEET, LAST_YEAR_SHEET, RESULT_SHEET})
"""what is not part of a submission"""


def without_own(comment: str) -> tuple[str, bool]:
    """The sender's part of a comment, and whether there is one of ours behind it."""
    places = [comment.find(start) for start in COMMENT_STARTS if start in comment]
    return (comment[: min(places)], True) if places else (comment, False)
