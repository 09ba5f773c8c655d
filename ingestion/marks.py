"""What our marks on a copy look like, so that they are known when it comes back."""

RESULT_SHEET = "00_KET_QUA"
"""the first sheet of a marked copy, with the list of findings; nothing is read from it"""
COMMENT_START = "Kho dữ liệu HTX:"
"""how our comments begin"""
COMMENT_AUTHOR = "htx"
COLOURS = {"error": "F8B4AF", "query": "FFE08C", "info": "B9D7F2"}
"""severity -> RRGGBB of a cell with a finding; no colour of a spreadsheet program's palette"""
