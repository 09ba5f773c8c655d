"""Lists of persons, which this warehouse must not hold: known by their headings, or by a citizen's number, before
anything is kept."""

import re
import unicodedata

from ingestion.workbook.reader import SheetCells, column_letter
from warehouse.reference.forms import COVER
from warehouse.reference.names import ascii_key

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
# Whose they are may stand behind: "Họ và tên chủ hộ", "Số CCCD của thành viên".
OF_WHOM = r"(?: (?:cua )?(?:[a-z]+ ){0,3}[a-z]+)"
SURELY = (
    r"ho(?:,)?(?: va)? ten|(?:so |ma so )?(?:cccd|cmnd|can cuoc(?: cong dan)?|chung minh nhan dan)"
    r"|so (?:dien thoai|dt|dinh danh ca nhan)|sdt"
)
OWNED = re.compile(rf"(?:{SURELY}){OF_WHOM}(?:\s*\(.*\))?\s*[:*]*")
# Alone in its cell, or joined to another of them: "CCCD/CMND", "Ngày sinh (dd/mm/yyyy)", "Họ và tên:".
HEADING = re.compile(rf"{ONE}(?:\s*(?:[/,\-&]| va )\s*{ONE})*(?:\s*\(.*\))?\s*[:*]*")
INSIDE_HEADING = re.compile(rf"\b{ONE}\b")
CITIZEN_NUMBER = re.compile(r"(?<!\d)0\d{11}(?!\d)")
# In a cell, where other long numbers stand too, with the parts that the law gives it: province, sex and century, year
# (Circular 59/2021/TT-BCA, art. 4; Decree 137/2015/ND-CP, art. 13).
CITIZEN_NUMBER_OF_A_CELL = re.compile(r"(?<![\d/.-])0(?:0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}(?![\d/-])")
CITIZEN_DIGITS = 12
CITIZEN_NUMBER_HEADER = "Số định danh cá nhân"
"""what is said instead of the number"""
VALUE_BEHIND = re.compile(r"[^:]{0,20}:\s*[a-z]+ [a-z]+")
FEWEST_DIGITS = 6
# Cheap to ask, true for every heading above with or without its diacritics.
PERHAPS = re.compile(
    r"t[eê]n|cccd|cmnd|cmt|c[uư][oớ]c|minh|danh|sinh|tho[aạ]i|s[dđ]t|s[oố] [dđ]t|[dđ]t[dđ]{2}", re.IGNORECASE
)
LONGEST_HEADING = 60
MOST_REMEMBERED = 50_000
# Texts that head no column of persons: those of the form and its lists stand in every workbook.
_harmless: set[str] = set()


def person_heading(sheets: list[SheetCells]) -> tuple[str, str, str] | None:
    """The first heading that speaks of persons: name of the sheet, cell, heading. None when there is none.

    Anywhere but on the cover one such heading is enough. On the cover, where an office may name whom to call, it
    takes two of them in a row, which is a table. A citizen's number is enough anywhere, whatever stands above it.
    """
    for sheet in sheets:
        enough = 2 if ascii_key(sheet.name) == ascii_key(COVER) else 1
        if not head_persons({cell for row in sheet.rows for cell in row if isinstance(cell, str)}):
            continue
        for number, row in enumerate(sheet.rows, start=1):
            headings = [
                (index, cell)
                for index, cell in enumerate(row)
                if isinstance(cell, str) and cell and is_person_heading(cell)
            ]
            if len(headings) >= enough:
                index, cell = headings[0]
                return sheet.name, f"{column_letter(index)}{number}", heading_words(cell)
            for index, cell in enumerate(row):
                if isinstance(cell, str) and holds_citizen_number(cell):
                    return sheet.name, f"{column_letter(index)}{number}", CITIZEN_NUMBER_HEADER
    return None


def head_persons(texts: set[str]) -> bool:
    """Whether one of the texts of cells heads a column of persons, or holds a citizen's number."""
    texts = texts - _harmless
    if any(map(is_person_heading, texts)) or any(map(holds_citizen_number, texts)):
        return True
    if len(_harmless) < MOST_REMEMBERED:
        _harmless.update(text for text in texts if len(text) <= LONGEST_HEADING)
    return False


def holds_citizen_number(text: str) -> bool:
    """Whether a number stands in the text, in one piece or in groups of three, that only a person can have."""
    if len(text) < CITIZEN_DIGITS or "0" not in text:
        return False
    return CITIZEN_NUMBER_OF_A_CELL.search(re.sub(r"(?<=\d{3}) (?=\d{3})", "", text)) is not None


def is_person_heading(text: str) -> bool:
    """Whether the text, as a cell of its own, heads a column of persons."""
    return len(text) <= LONGEST_HEADING and _is_heading(text)


def _is_heading(text: str) -> bool:
    if not PERHAPS.search(_composed(text)):
        return False
    key = ascii_key(text)
    return HEADING.fullmatch(key) is not None or OWNED.fullmatch(key) is not None


def speaks_of_a_person(comment: str) -> bool:
    """Whether a comment names a person with what identifies her: a number of her papers or telephone, a day of birth,
    or a name behind its heading. A heading alone ("ghi đủ họ tên") does not."""
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
    """The heading without what may be a value: words in brackets or behind a colon, and figures."""
    words = re.split(r"[(:]", " ".join(str(text).split()))[0]
    return re.sub(r"\d{3,}", "…", words).strip()


def speaks_of_persons(header: str) -> bool:
    """Whether the header of a column that the form does not know speaks of persons anywhere in it."""
    return INSIDE_HEADING.search(ascii_key(header)) is not None


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
