"""Vietnamese letters in other forms, other encodings, and broken on their way."""

import csv
import unicodedata
from functools import lru_cache
from pathlib import Path

from openpyxl.styles import Font

from tests.dirt.dirty_workbook import DirtyWorkbook
from tests.dirt.figures import COUNTS
from tests.dirt.truth import FOUND, READ, Dirt, canonical

TABLES = Path(__file__).resolve().parents[2] / "ingestion" / "workbook" / "legacy_encodings.csv"
TCVN3, VNI = "tcvn3_as_cp1252", "vni_sequence"
"""the columns of the table"""
TEXTS = {
    "01_HTX": ("cooperative_name",),
    "02_THT": ("group_name",),
    "03_HO_TRO": ("result",),
    "04_DAO_TAO": ("course_name",),
    "08_HOAT_DONG": ("result",),
    "12_DANH_GIA": ("text",),
}
CODES = {
    "01_HTX": ("commune_code", "sector", "status"),
    "02_THT": ("commune_code", "sector"),
    "03_HO_TRO": ("support_kind", "supporting_agency", "funding_source"),
    "04_DAO_TAO": ("course_kind", "organiser"),
    "07_KINH_PHI": ("funding_source",),
}
SOFT_HYPHEN = "\u00ad"
"""the ư of TCVN3"""
# The tone on the other vowel of oa, oe and uy, as schools and printers write it differently; y and i.
OTHERWISE = {
    **{a + e: b + f for a, b, e, f in zip("òóỏõọ", "ooooo", "aaaaa", "àáảãạ", strict=True)},
    **{a + e: b + f for a, b, e, f in zip("ooooo", "òóỏõọ", "àáảãạ", "aaaaa", strict=True)},
    **{a + e: b + f for a, b, e, f in zip("ùúủũụ", "uuuuu", "yyyyy", "ỳýỷỹỵ", strict=True)},
    **{a + e: b + f for a, b, e, f in zip("uuuuu", "ùúủũụ", "ỳýỷỹỵ", "yyyyy", strict=True)},
}
Y_FOR_I = {"kỹ": "kĩ", "Kỹ": "Kĩ", "Mỹ": "Mĩ", "mỹ": "mĩ", "lý": "lí", "Lý": "Lí", "sỹ": "sĩ"}


def decomposed(book: DirtyWorkbook) -> list[Dirt]:
    """Letters and their marks apart (NFD), as a Mac writes them."""
    return _retyped(book, lambda text: unicodedata.normalize("NFD", text), READ)


def tone_placement(book: DirtyWorkbook) -> list[Dirt]:
    """The label of a code with its tone placed otherwise (hoà, hòa) or i for y (kĩ thuật)."""
    for sheet, place, field, value in book.cells(CODES):
        if value is None:
            continue
        shown = str(book.cell(sheet, place, field).value)
        written = _otherwise(shown)
        if written != shown:
            book.type_text(sheet, place, field, written)
            return [book.said(READ, sheet, place, field, written, canonical(value))]
    return []


def look_alike(book: DirtyWorkbook) -> list[Dirt]:
    """Đ as the Icelandic or the African letter that looks like it."""
    capital, small = book.rng.choice((("\u00d0", "\u00f0"), ("\u0189", "\u0256")))
    return _retyped(book, lambda text: text.replace("Đ", capital).replace("đ", small), FOUND, "V07")


def blanks(book: DirtyWorkbook) -> list[Dirt]:
    """No-break and zero-width spaces, two spaces, blanks at the ends."""

    def written(text: str) -> str:
        first, _, rest = text.partition(" ")
        return f" {first}\u00a0 {rest}\u200b " if rest else f"{first}\u00a0\u200b"

    return _retyped(book, written, READ)


def label_otherwise(book: DirtyWorkbook) -> list[Dirt]:
    """The label of a code in capitals or small letters, with marks apart, or with blanks that nobody sees."""
    for sheet, place, field, value in book.cells(CODES):
        shown = str(book.cell(sheet, place, field).value)
        if value is None:
            continue
        forms = (shown.upper(), shown.lower(), unicodedata.normalize("NFD", shown), f"{shown}\u200b\u00a0")
        written = book.rng.choice(forms)
        book.type_text(sheet, place, field, written)
        return [book.said(READ, sheet, place, field, written, canonical(value))]
    return []


def label_in_old_letters(book: DirtyWorkbook) -> list[Dirt]:
    """The label of a code in TCVN3 or VNI."""
    column, font = book.rng.choice(((TCVN3, ".VnTime"), (VNI, "VNI-Times")))
    for sheet, place, field, value in book.cells(CODES):
        written = encoded(str(book.cell(sheet, place, field).value or ""), column)
        if value is not None and written and _is_telling(written):
            book.type_text(sheet, place, field, written).font = Font(name=font)
            return [book.said(FOUND, sheet, place, field, written, canonical(value), "V07")]
    return []


def full_width(book: DirtyWorkbook) -> list[Dirt]:
    """Digits of the width of Chinese signs."""
    for sheet, place, field, value in book.cells(COUNTS):
        if value:
            written = "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
            book.type_text(sheet, place, field, written)
            return [book.said(FOUND, sheet, place, field, written, str(value), "V07")]
    return []


def tcvn3(book: DirtyWorkbook) -> list[Dirt]:
    """A text in TCVN3, in its font .VnTime."""
    return _in_font(book, TCVN3, ".VnTime")


def vni(book: DirtyWorkbook) -> list[Dirt]:
    """A text in VNI, in its font VNI-Times."""
    return _in_font(book, VNI, "VNI-Times")


def without_font(book: DirtyWorkbook) -> list[Dirt]:
    """A text in TCVN3 or VNI whose font was lost: known by its letters alone."""
    return _in_font(book, book.rng.choice((TCVN3, VNI)), None)


def lost_u_horn(book: DirtyWorkbook) -> list[Dirt]:
    """A text in TCVN3 whose ư, which Windows takes for a soft hyphen, was dropped."""
    for sheet, place, field, text in book.cells(TEXTS):
        words = [] if text is None else str(text).split()
        # A word that keeps another sign of TCVN3 betrays itself; hng for hưng does not.
        telling = [
            word for word in words if "ư" in word and not (encoded(word, TCVN3) or "ư").isascii()
            and not (encoded(word, TCVN3) or "").replace(SOFT_HYPHEN, "").isascii()
        ]  # fmt: skip
        meant = encoded(str(text or ""), TCVN3)
        if telling and meant:
            written = meant.replace(SOFT_HYPHEN, "")
            book.type_text(sheet, place, field, written).font = Font(name=".VnTime")
            return [book.said(FOUND, sheet, place, field, written, None, "V03|V07")]
    return []


def mojibake(book: DirtyWorkbook) -> list[Dirt]:
    """UTF-8 that a program read as Windows-1252, once or with its no-break spaces made plain."""
    has_lost_blanks = book.rng.random() < 0.3

    def written(text: str) -> str:
        signs = "".join(_as_windows_1252(byte) for byte in unicodedata.normalize("NFC", text).encode())
        return signs.replace("\u00c3\u00a0", "\u00c3 ") if has_lost_blanks else signs

    return _retyped(book, written, FOUND, "V07")


def _retyped(book: DirtyWorkbook, change, outcome: str, *rules: str) -> list[Dirt]:
    """The first text that the change makes another, changed."""
    for sheet, place, field, text in book.cells(TEXTS):
        if text is not None and change(str(text)) != text:
            written = change(str(text))
            book.type_text(sheet, place, field, written)
            return [book.said(outcome, sheet, place, field, written, str(text), *rules)]
    return []


def _in_font(book: DirtyWorkbook, column: str, font: str | None) -> list[Dirt]:
    for sheet, place, field, text in book.cells(TEXTS):
        written = encoded(str(text), column) if text is not None else None
        if not written or not _is_telling(written):
            continue
        cell = book.type_text(sheet, place, field, written)
        if font:
            cell.font = Font(name=font)
        value, rules = (str(text), "V07") if font else (None, "V03|V07")
        return [book.said(FOUND, sheet, place, field, written, value, rules)]
    return []


def _is_telling(written: str) -> bool:
    """Whether it has a sign that no Vietnamese word has, so that nothing else can be meant."""
    letters = {letter for letter, *_ in _table(VNI)}
    return any(not sign.isascii() and sign not in letters and sign != SOFT_HYPHEN for sign in written)


def encoded(text: str, column: str) -> str | None:
    """The text as Windows shows it in the encoding; None where it has a letter that the encoding lacks."""
    table = dict(_table(column))
    signs = [sign if sign.isascii() else table.get(sign) for sign in unicodedata.normalize("NFC", text)]
    return None if None in signs else "".join(signs)


@lru_cache(maxsize=2)
def _table(column: str) -> tuple[tuple[str, str], ...]:
    with TABLES.open(encoding="utf-8", newline="") as lines:
        return tuple((row["char"], row[column]) for row in csv.DictReader(lines) if row[column])


def _as_windows_1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _otherwise(text: str) -> str:
    for old, new in Y_FOR_I.items():
        if old in text.split():
            return text.replace(old, new)
    for old, new in OTHERWISE.items():
        place = text.find(old)
        # Only at the end of a syllable: hoàn and huỳnh have one way of writing.
        if place >= 0 and not text[place + 2 : place + 3].isalpha() and text[max(0, place - 1)] not in "qQ":
            return text[:place] + new + text[place + 2 :]
    return text
