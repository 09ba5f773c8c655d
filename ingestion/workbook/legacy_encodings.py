"""Decoding of text in legacy Vietnamese encodings (TCVN3, VNI), and repair of mojibake.

legacy_encodings.csv has the two tables: TCVN 5712:1993 (VN3, the .Vn… fonts, also called ABC), by byte and by the
character that Windows shows for it, and VNI for Windows (the VNI-… fonts), by the one or two characters of a letter.
Both decode all 440 old spellings in seeds/administrative_unit_aliases.csv; for other letters they are only as good as
the reference that they were copied from.

Unicode text is never decoded. Text is decoded if its font tells the encoding, or if it is not Vietnamese as it is and
correctly spelt in one encoding alone. If it is Vietnamese both ways it is kept, and ambiguous.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ingestion.workbook.cells import AmbiguousText, Cell, DecodedText
from ingestion.workbook.syllables import LONGEST as LONGEST_SYLLABLE
from ingestion.workbook.syllables import TONES, is_syllable
from warehouse.reference.csv_rows import read_rows

TABLES = Path(__file__).with_name("legacy_encodings.csv")
TCVN3, VNI = "tcvn3", "vni"

WORDS = re.compile("[^\\s\u00a0!-&(-/:-@\\[-`{-~'’‘“”–—]+")
LONGEST_ABBREVIATION = 5
LONGEST_REMEMBERED = 200
"""most characters of a text whose result is cached"""
U_WITH_HORN = "\u00ad"
"""ư of TCVN3 as Windows shows it, a soft hyphen"""
CAPITALS = re.compile(r"^\.vn.*h$", re.IGNORECASE)
"""the fonts of TCVN3 whose lower-case letters look like capitals"""
# Traces of Vietnamese in UTF-8 that was decoded by a Windows code page.
A_GRAVE_LOST, A_GRAVE = "Ã ", "Ã\u00a0"
GARBLED = re.compile("[ÃĂ][\u0080-\u009f¡-\u00bf]|á[»º]|Ä[\u0090‘\u2018]|Æ[°¡]|Å©|\ufffd")
WINDOWS_1252 = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(256)}
WINDOWS_1258 = {bytes([byte]).decode("cp1258", "ignore") or chr(byte): byte for byte in range(256)}


@dataclass(frozen=True)
class LegacyFont:
    """A font that shows its letters in place of other characters."""

    encoding: str
    is_capitals: bool


def legacy_font(name: str) -> LegacyFont | None:
    """The legacy font of that name: .VnTime, VNI-Times; None for a Unicode font."""
    lowered = name.strip().lower()
    if lowered.startswith(".vn"):
        return LegacyFont(TCVN3, CAPITALS.match(lowered) is not None)
    return LegacyFont(VNI, False) if lowered.startswith("vni") else None


def decode(text: str, encoding: str) -> str | None:
    """The text decoded; None if it has a character that is not of the encoding."""
    table, longest = _table(encoding)
    letters, place = [], 0
    while place < len(text):
        for length in range(longest, 0, -1):
            letter = table.get(text[place : place + length])
            if letter is not None:
                letters.append(letter)
                place += length
                break
        else:
            if not text[place].isascii() and text[place] not in "\u00a0–—‘’“”…":
                return None
            letters.append(text[place])
            place += 1
    return "".join(letters)


def fix_mojibake(text: str) -> str | None:
    """The text before it was encoded in UTF-8 and decoded by a Windows code page, once or twice; None if it was not."""
    found = None
    if A_GRAVE_LOST in text and not _as_utf8(text, WINDOWS_1252):
        # The second byte of à is a no-break space, which programs replace by a space.
        repaired = _as_utf8(text.replace(A_GRAVE_LOST, A_GRAVE), WINDOWS_1252)
        return repaired if repaired and _is_vietnamese(repaired) else None
    for _ in range(2):
        step = next(filter(None, (_as_utf8(found or text, page) for page in (WINDOWS_1252, WINDOWS_1258))), None)
        if step is None:
            break
        found = step
    return found


@dataclass
class TextDecoder:
    """Decodes the texts of one workbook. An ambiguous cell may be decided by the other cells in its font."""

    certain: Counter = field(default_factory=Counter)
    """font -> number of cells that are certainly in its encoding"""
    unicode_fonts: set[LegacyFont] = field(default_factory=set)
    """legacy fonts with Unicode text in some cells"""

    def learn(self, text: str, font: LegacyFont) -> None:
        """Use a text in a legacy font as evidence."""
        if text.isascii():
            return
        if _is_unicode(text):
            self.unicode_fonts.add(font)
        elif not _is_vietnamese(text):
            self.certain[font] += 1

    def decode(self, text: str, font: LegacyFont | None = None) -> Cell:
        """The text itself, DecodedText or AmbiguousText."""
        if text.isascii():
            return text
        if font is None:
            return decode_without_font(text)
        meant = decode(text, font.encoding)
        if meant is None or _is_unicode(text) or meant == text:
            return decode_without_font(text)
        meant = meant.upper() if font.is_capitals else meant
        restored = _with_lost_u_horn(text) if font.encoding == TCVN3 else None
        if restored is not None:
            return AmbiguousText(text, restored.upper() if font.is_capitals else restored)
        if not _is_vietnamese(text) or (self.certain[font] and font not in self.unicode_fonts):
            return DecodedText(meant, text)
        return AmbiguousText(text, meant) if _score(text, font.encoding) else text


def decode_without_font(text: str) -> Cell:
    """The text itself, DecodedText or AmbiguousText, of a text that is not ASCII and in no legacy font."""
    return _decode_by_spelling(text) if len(text) <= LONGEST_REMEMBERED else _decode_by_spelling.__wrapped__(text)


@lru_cache(maxsize=20_000)
def _decode_by_spelling(text: str) -> Cell:
    if GARBLED.search(text) or A_GRAVE_LOST in text or A_GRAVE in text:
        meant = fix_mojibake(text)
        if meant is not None:
            return DecodedText(meant, text)
        if GARBLED.search(text):
            return DecodedText(text, text)  # not repairable: kept, and reported all the same
    if _is_unicode(text) or _is_vietnamese(text):
        return text
    scores = {encoding: _score(text, encoding) for encoding in (TCVN3, VNI)}
    possible = [encoding for encoding, score in scores.items() if score]
    if not possible:
        restored = _with_lost_u_horn(text)
        return text if restored is None else AmbiguousText(text, restored)
    readings = [decode(text, encoding) or "" for encoding in possible]
    if len(possible) == 1 and scores[possible[0]] > 2:
        return DecodedText(readings[0], text)
    return AmbiguousText(text, " / ".join(readings))


def _score(text: str, encoding: str) -> int:
    """Number of letters in words that are Vietnamese once decoded; 0 if one word is not."""
    letters = 0
    for word in WORDS.findall(text):
        if word.isascii() or (len(word) == 1 and not word.isalpha()):
            continue
        meant = decode(word, encoding)
        if meant is None:
            return 0
        if is_syllable(meant):
            letters += len(meant)
        elif not _is_abbreviation(meant):
            return 0
    return letters


def _with_lost_u_horn(text: str) -> str | None:
    """Decoded text in TCVN3 whose ư was lost, a soft hyphen that programs drop; None if no word lost one."""
    found, has_lost = [], False
    for word in WORDS.findall(text):
        meant = decode(word, TCVN3)
        if meant is None:
            return None
        if not word.isascii() and not is_syllable(meant) and not _is_abbreviation(meant):
            if len(word) > LONGEST_SYLLABLE:
                return None
            tries = {decode(f"{word[:place]}{U_WITH_HORN}{word[place:]}", TCVN3) for place in range(len(word))}
            syllables = [each for each in tries if each and is_syllable(each)]
            if len(syllables) != 1:
                return None
            meant, has_lost = syllables[0], True
        found.append((word, meant))
    if not has_lost:
        return None
    for word, meant in found:
        text = text.replace(word, meant, 1)
    return text


def _is_unicode(text: str) -> bool:
    """Whether it has a letter, composed or not, that no legacy encoding uses."""
    return any(sign > "ÿ" and (sign.isalpha() or unicodedata.combining(sign)) for sign in text)


def _is_vietnamese(text: str) -> bool:
    """Whether every word of the text can be Vietnamese as it is."""
    words = [word for word in WORDS.findall(text) if not word.isascii()]
    return all(is_syllable(word) or _is_abbreviation(word) for word in words)


def _is_abbreviation(word: str) -> bool:
    """Whether the word is like HĐQT or BĐ: capitals without a tone."""
    marks = unicodedata.normalize("NFD", word)
    return word.isupper() and word.isalpha() and len(word) <= LONGEST_ABBREVIATION and not set(marks) & TONES


def _as_utf8(text: str, page: dict[str, int]) -> str | None:
    if text.isascii():
        return None
    try:
        found = bytes(page[character] for character in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return found if found != text else None


@lru_cache(maxsize=2)
def _table(encoding: str) -> tuple[dict[str, str], int]:
    """Characters as Windows shows them -> letter, and the most characters of one letter."""
    column = {TCVN3: "tcvn3_as_cp1252", VNI: "vni_sequence"}[encoding]
    table = {row[column]: row["char"] for row in read_rows(TABLES) if row[column]}
    for signs, letter in list(table.items()):
        if len(signs) == 2 and signs[0].islower():
            # A capital with a lower-case mark.
            table.setdefault(signs[0].upper() + signs[1], letter.upper())
    return table, max(map(len, table))
