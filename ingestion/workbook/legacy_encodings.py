"""Text typed in the fonts of before Unicode (TCVN3, VNI), or garbled on its way, as the letters that were meant.

legacy_encodings.csv has the two tables: TCVN 5712:1993 (VN3, the .Vn… fonts, also called ABC), by byte and by the
sign that Windows shows for it, and VNI for Windows (the VNI-… fonts), by the one or two signs of a letter. Both give
back all 440 old spellings in seeds/administrative_unit_aliases.csv; of letters that occur in none of these the tables
are only as sure as the reference that they were copied from.

Genuine Unicode is never decoded. Known is what its font says, or what can be nothing else: text that is not
Vietnamese as it stands and is spelt right in one encoding alone. Where both readings are Vietnamese, the text stays
and the other reading is asked about.
"""

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ingestion.workbook.cells import AmbiguousText, Cell, DecodedText
from ingestion.workbook.syllables import LONGEST as LONGEST_SYLLABLE
from ingestion.workbook.syllables import TONES, is_syllable

TABLES = Path(__file__).with_name("legacy_encodings.csv")
TCVN3, VNI = "tcvn3", "vni"

WORDS = re.compile("[^\\s\u00a0!-&(-/:-@\\[-`{-~'’‘“”–—]+")
LONGEST_ABBREVIATION = 5
LONGEST_REMEMBERED = 200
"""signs of a text whose reading is kept for when it comes again"""
U_WITH_HORN = "\u00ad"
"""the ư of TCVN3 as Windows shows it"""
CAPITALS = re.compile(r"^\.vn.*h$", re.IGNORECASE)
"""the fonts of TCVN3 whose small letters look like capitals"""
# What stays of Vietnamese in UTF-8 that was read as a Windows code page.
A_GRAVE_LOST, A_GRAVE = "Ã ", "Ã\u00a0"
GARBLED = re.compile("[ÃĂ][\u0080-\u009f¡-\u00bf]|á[»º]|Ä[\u0090‘\u2018]|Æ[°¡]|Å©|\ufffd")
WINDOWS_1252 = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(256)}
WINDOWS_1258 = {bytes([byte]).decode("cp1258", "ignore") or chr(byte): byte for byte in range(256)}


@dataclass(frozen=True)
class LegacyFont:
    """A font whose letters stand in the places of other signs."""

    encoding: str
    is_capitals: bool


def legacy_font(name: str) -> LegacyFont | None:
    """What a font's name says of the text in it: .VnTime, VNI-Times; None for a font of today."""
    lowered = name.strip().lower()
    if lowered.startswith(".vn"):
        return LegacyFont(TCVN3, CAPITALS.match(lowered) is not None)
    return LegacyFont(VNI, False) if lowered.startswith("vni") else None


def decoded(text: str, encoding: str) -> str | None:
    """The text read in the encoding; None where it has a sign that is no letter of it."""
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


def ungarbled(text: str) -> str | None:
    """The text before it was written in UTF-8 and read as a Windows code page, once or twice; None if it was not."""
    found = None
    if A_GRAVE_LOST in text and not _read_as_utf8(text, WINDOWS_1252):
        # The second sign of à is a no-break space, which programs make an ordinary one.
        mended = _read_as_utf8(text.replace(A_GRAVE_LOST, A_GRAVE), WINDOWS_1252)
        return mended if mended and _is_vietnamese(mended) else None
    for _ in range(2):
        step = next(filter(None, (_read_as_utf8(found or text, page) for page in (WINDOWS_1252, WINDOWS_1258))), None)
        if step is None:
            break
        found = step
    return found


@dataclass
class TextDecoder:
    """Decodes the texts of one workbook. What one cell leaves open, the other cells of its font may settle."""

    certain: Counter = field(default_factory=Counter)
    """font -> cells that can be nothing but its encoding"""
    genuine: set[LegacyFont] = field(default_factory=set)
    """fonts of before Unicode in which genuine Unicode stands too"""

    def learn(self, text: str, font: LegacyFont) -> None:
        """Takes note of a text that stands in a font of before Unicode."""
        if text.isascii():
            return
        if _is_unicode(text):
            self.genuine.add(font)
        elif not _is_vietnamese(text):
            self.certain[font] += 1

    def decode(self, text: str, font: LegacyFont | None = None) -> Cell:
        """The text itself, or DecodedText or AmbiguousText text."""
        if text.isascii():
            return text
        if font is None:
            return decode_without_font(text)
        meant = decoded(text, font.encoding)
        if meant is None or _is_unicode(text) or meant == text:
            return decode_without_font(text)
        meant = meant.upper() if font.is_capitals else meant
        restored = _with_lost_signs(text) if font.encoding == TCVN3 else None
        if restored is not None:
            return AmbiguousText(text, restored.upper() if font.is_capitals else restored)
        if not _is_vietnamese(text) or (self.certain[font] and font not in self.genuine):
            return DecodedText(meant, text)
        return AmbiguousText(text, meant) if _score(text, font.encoding) else text


def decode_without_font(text: str) -> Cell:
    """What a text is read as that is not in ASCII and whose font says nothing."""
    return _judged(text) if len(text) <= LONGEST_REMEMBERED else _judged.__wrapped__(text)


@lru_cache(maxsize=20_000)
def _judged(text: str) -> Cell:
    if GARBLED.search(text) or A_GRAVE_LOST in text or A_GRAVE in text:
        meant = ungarbled(text)
        if meant is not None:
            return DecodedText(meant, text)
        if GARBLED.search(text):
            return DecodedText(text, text)  # what cannot be undone stays, and is asked about all the same
    if _is_unicode(text) or _is_vietnamese(text):
        return text
    scores = {encoding: _score(text, encoding) for encoding in (TCVN3, VNI)}
    possible = [encoding for encoding, score in scores.items() if score]
    if not possible:
        restored = _with_lost_signs(text)
        return text if restored is None else AmbiguousText(text, restored)
    meant = [decoded(text, encoding) or "" for encoding in possible]
    if len(possible) == 1 and scores[possible[0]] > 2:
        return DecodedText(meant[0], text)
    return AmbiguousText(text, " / ".join(meant))


def _score(text: str, encoding: str) -> int:
    """How many letters stand in words that the encoding makes Vietnamese; 0 when it makes one of them anything else."""
    letters = 0
    for word in WORDS.findall(text):
        if word.isascii() or (len(word) == 1 and not word.isalpha()):
            continue
        meant = decoded(word, encoding)
        if meant is None:
            return 0
        if _is_syllable(meant):
            letters += len(meant)
        elif not _is_abbreviation(meant):
            return 0
    return letters


def _with_lost_signs(text: str) -> str | None:
    """Text in TCVN3 that lost its ư, which Windows takes for a soft hyphen and drops; None if no word did."""
    found, has_lost = [], False
    for word in WORDS.findall(text):
        meant = decoded(word, TCVN3)
        if meant is None:
            return None
        if not word.isascii() and not _is_syllable(meant) and not _is_abbreviation(meant):
            if len(word) > LONGEST_SYLLABLE:
                return None
            tries = {decoded(f"{word[:place]}{U_WITH_HORN}{word[place:]}", TCVN3) for place in range(len(word))}
            syllables = [each for each in tries if each and _is_syllable(each)]
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
    """Whether it has a letter that no encoding of before Unicode shows as itself, composed or not."""
    return any(sign > "ÿ" and (sign.isalpha() or unicodedata.combining(sign)) for sign in text)


def _is_vietnamese(text: str) -> bool:
    """Whether every word of the text, as it stands, may be Vietnamese."""
    words = [word for word in WORDS.findall(text) if not word.isascii()]
    return all(_is_syllable(word) or _is_abbreviation(word) for word in words)


def _is_syllable(word: str) -> bool:
    return len(word) <= LONGEST_SYLLABLE and is_syllable(word)


def _is_abbreviation(word: str) -> bool:
    """HĐQT, BĐ: capitals without a tone."""
    marks = unicodedata.normalize("NFD", word)
    return word.isupper() and word.isalpha() and len(word) <= LONGEST_ABBREVIATION and not set(marks) & TONES


def _read_as_utf8(text: str, page: dict[str, int]) -> str | None:
    codes = [page.get(sign) for sign in text]
    if text.isascii() or None in codes:
        return None
    try:
        found = bytes(codes).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return found if found != text else None


@lru_cache(maxsize=2)
def _table(encoding: str) -> tuple[dict[str, str], int]:
    """Signs as Windows shows them -> letter, and the most signs that one letter takes."""
    column = {TCVN3: "tcvn3_as_cp1252", VNI: "vni_sequence"}[encoding]
    with TABLES.open(encoding="utf-8", newline="") as lines:
        table = {row[column]: row["char"] for row in csv.DictReader(lines) if row[column]}
    for signs, letter in list(table.items()):
        if len(signs) == 2 and signs[0].islower():
            # A capital whose mark was typed small.
            table.setdefault(signs[0].upper() + signs[1], letter.upper())
    return table, max(map(len, table))
