"""Detection of personal data (PII), which the warehouse must not keep: headings of lists of persons, citizens'
numbers, and comments that name a person. A file that contains any is rejected (F11), and its bytes are not stored."""

import re
import unicodedata
from collections.abc import Mapping

from ingestion.form.cover import sender_of
from ingestion.form.sheets import SheetRows
from ingestion.workbook.cells import address
from ingestion.workbook.reader import SheetCells
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.forms import COVER
from warehouse.reference.names import ascii_key
from warehouse.reference.reference_data import Reference

WORDS = (
    r"ho(?:,)?(?: va)? ten(?: dem| khai sinh)?",
    r"cccd",
    r"cmnd",
    r"cmt(?:nd)?",
    r"(?:the )?can cuoc(?: cong dan)?",
    r"chung minh(?: nhan dan| thu)?",
    r"(?:so )?dinh danh(?: ca nhan)?",
    r"ngay sinh",
    r"ngay,? thang,? nam sinh",
    r"nam sinh",
    r"dien thoai(?: di dong| lien he)?",
    r"sdt",
    r"so dt",
    r"dtdd",
)
ONE = rf"(?:so |ma so |ma )?(?:{'|'.join(WORDS)})"
# The owner may follow: "Họ và tên chủ hộ", "Số CCCD của thành viên".
OF_WHOM = r"(?: (?:cua )?(?:[a-z]+ ){0,3}[a-z]+)"
SURELY = (
    r"ho(?:,)?(?: va)? ten|(?:so |ma so )?(?:cccd|cmnd|can cuoc(?: cong dan)?|chung minh nhan dan)"
    r"|so (?:dien thoai|dt|dinh danh ca nhan)|sdt"
)
OWNED = re.compile(rf"(?:{SURELY}){OF_WHOM}(?:\s*\(.*\))?\s*[:*]*")
# Alone in its cell, or with another of them: "CCCD/CMND", "Ngày sinh (dd/mm/yyyy)", "Họ và tên:".
HEADING = re.compile(rf"{ONE}(?:\s*(?:[/,\-&]| va )\s*{ONE})*(?:\s*\(.*\))?\s*[:*]*")
INSIDE_HEADING = re.compile(rf"\b{ONE}\b")
CITIZEN_NUMBER = re.compile(r"(?<!\d)0\d{11}(?!\d)")
# Cells contain other long numbers too: here the parts of the number must be valid, province, sex and century, year
# (Circular 59/2021/TT-BCA, art. 4; Decree 137/2015/ND-CP, art. 13).
CITIZEN_NUMBER_OF_A_CELL = re.compile(r"(?<![\d/.-])0(?:0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}(?![\d/-])")
CITIZEN_DIGITS = 12
CITIZEN_NUMBER_HEADER = "Số định danh cá nhân"
"""shown instead of the number"""
VALUE_BEHIND = re.compile(r"[^:]{0,20}:\s*[a-z]+ [a-z]+")
FEWEST_DIGITS = 6
# A cheap first test: matches every heading above, with or without diacritics.
PERHAPS = re.compile(
    r"t[eê]n|cccd|cmnd|cmt|c[uư][oớ]c|minh|danh|sinh|tho[aạ]i|s[dđ]t|s[oố] [dđ]t|[dđ]t[dđ]{2}", re.IGNORECASE
)
LONGEST_HEADING = 60
MOST_REMEMBERED = 50_000
# Cache of texts without personal data: those of the form and its lists are in every workbook.
_harmless: set[str] = set()


def require_no_personal_data(workbook: list[SheetCells], cover_sheet: SheetCells | None, reference: Reference) -> None:
    """Reject a workbook with personal data in a cell or comment. Comments on the cover may name a contact."""
    found = find_personal_data(workbook) or _personal_comment(workbook, cover_sheet)
    if found:
        any_form = next(iter(reference.forms.values()))
        raise _rejected(*found, sender_of(cover_sheet, any_form.cover, reference))


def require_no_personal_columns(sheets: Mapping[str, SheetRows], cover: Mapping[str, str]) -> None:
    """Reject a file that adds a column about persons to a sheet of the form; any such word in its header counts."""
    sender = {name: cover[name] for name in ("reporting_unit_code", "report_year") if cover.get(name)}
    for code, sheet in sheets.items():
        for letter, header in sheet.unknown_columns.items():
            if mentions_personal_data(header):
                raise _rejected(code, f"{letter}{sheet.header_row}", header, sender)


def find_personal_data(sheets: list[SheetCells]) -> tuple[str, str, str] | None:
    """The first place with personal data: name of the sheet, cell, heading.

    One heading is enough, but on the cover, where an office may name a contact, it takes two in a row, which is a
    table. A citizen's number is enough anywhere, whatever its heading."""
    for sheet in sheets:
        enough = 2 if ascii_key(sheet.name) == ascii_key(COVER) else 1
        if not contains_personal_data({cell for row in sheet.rows for cell in row if isinstance(cell, str)}):
            continue
        for number, row in enumerate(sheet.rows, start=1):
            texts = [(index, cell) for index, cell in enumerate(row) if isinstance(cell, str) and cell]
            headings = [(index, text) for index, text in texts if is_personal_heading(text)]
            if len(headings) >= enough:
                index, text = headings[0]
                return sheet.name, address(number - 1, index), heading_words(text)
            for index, text in texts:
                if contains_citizen_number(text):
                    return sheet.name, address(number - 1, index), CITIZEN_NUMBER_HEADER
    return None


def contains_personal_data(texts: set[str]) -> bool:
    """Whether any of the texts of cells is the heading of a column of persons, or contains a citizen's number."""
    texts = texts - _harmless
    if any(map(is_personal_heading, texts)) or any(map(contains_citizen_number, texts)):
        return True
    if len(_harmless) < MOST_REMEMBERED:
        _harmless.update(text for text in texts if len(text) <= LONGEST_HEADING)
    return False


def contains_citizen_number(text: str) -> bool:
    """Whether the text contains a valid citizen's number, in one piece or in groups of three digits."""
    if len(text) < CITIZEN_DIGITS or "0" not in text:
        return False
    return CITIZEN_NUMBER_OF_A_CELL.search(re.sub(r"(?<=\d{3}) (?=\d{3})", "", text)) is not None


def is_personal_heading(text: str) -> bool:
    """Whether the text, in a cell of its own, is the heading of a column of persons."""
    if len(text) > LONGEST_HEADING or not PERHAPS.search(unicodedata.normalize("NFC", text)):
        return False
    key = ascii_key(text)
    return HEADING.fullmatch(key) is not None or OWNED.fullmatch(key) is not None


def identifies_a_person(comment: str) -> bool:
    """Whether a comment contains a citizen's or telephone number, a date of birth, or a name after its heading. A
    heading alone ("ghi đủ họ tên") is none of these."""
    for line in comment.splitlines():
        if CITIZEN_NUMBER.search(re.sub(r"(?<=\d)[ .](?=\d)", "", line)):
            return True
        key = ascii_key(line)
        for match in INSIDE_HEADING.finditer(key):
            behind = key[match.end() :]
            if VALUE_BEHIND.match(behind) or len(re.sub(r"\D", "", behind)) >= FEWEST_DIGITS:
                return True
    return False


def heading_words(text: str) -> str:
    """The heading without possible values: words in brackets or after a colon, and digits."""
    words = re.split(r"[(:]", " ".join(str(text).split()))[0]
    return re.sub(r"\d{3,}", "…", words).strip()


def mentions_personal_data(header: str) -> bool:
    """Whether the header of a column that is not the form's contains a heading of personal data anywhere."""
    return INSIDE_HEADING.search(ascii_key(header)) is not None


def _personal_comment(workbook: list[SheetCells], cover_sheet: SheetCells | None) -> tuple[str, str, str] | None:
    """Name of the sheet, cell, and a description: the comment itself is not repeated."""
    for sheet in workbook:
        if sheet.annotations is None or sheet is cover_sheet:
            continue
        for (row, column), words in sheet.annotations.comments.items():
            if identifies_a_person(words):
                return sheet.name, address(row, column), "ghi chú gắn vào ô"
    return None


def _rejected(sheet_name: str, cell: str, header: str, cover: dict[str, str]) -> RejectedFile:
    words = heading_words(header)
    details = {"header": words, "sheet_name": sheet_name}
    return RejectedFile("F11", sheet_name, cell, words, details, keep_content=False, cover=cover)
