"""What is ours in a workbook that comes in: the lists that the form brings, and the marks of a copy that we sent."""

LISTS_SHEET = "90_DANH_MUC"
"""the hidden sheet of code lists that the form brings with it; nothing is read from it"""
RESULT_SHEET = "00_KET_QUA"
"""the first sheet of a marked copy, with the list of findings; nothing is read from it"""
COMMENT_START = "Kho dữ liệu HTX:"
"""how our comments begin"""
COMMENT_AUTHOR = "htx"
COLOURS = {"error": "F8B4AF", "query": "FFE08C", "info": "B9D7F2"}
"""severity -> RRGGBB of a cell with a finding; no colour of a spreadsheet program's palette"""
