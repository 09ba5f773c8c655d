"""Vietnamese text: one spelling of the same letters, and keys under which names are compared."""

import re
import unicodedata
from functools import lru_cache

# What people type, or a program leaves, where a blank or nothing is meant.
BLANKS = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters that look like Đ and are another letter: Icelandic eth and African d.
LOOK_ALIKE = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})
FULL_WIDTH = re.compile("[\uff01-\uff5e]")
WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
# Mỹ and Mĩ, quý and quí: at the end of a syllable, alone behind its first consonants, y and i are one letter.
FINAL_Y = re.compile("(?:[bcdghklmnpqrstvx]|\u0111)+y|quy")
APOSTROPHES = "'\u2018\u2019"
LONGEST_REMEMBERED = 200
TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def folded(text: str) -> str:
    """The text in NFC, without invisible characters, every run of blanks one space, trimmed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _folded(text) if len(text) <= LONGEST_REMEMBERED else _folded.__wrapped__(text)


def typed(text: str) -> str:
    """Folded text without the apostrophe that people type before a number that is to stay a text: a cell that is text
    already keeps it. One that has its like behind it is a quotation."""
    if text[:1] in tuple(APOSTROPHES) and text[1:2].isalnum() and not any(sign in text[1:] for sign in APOSTROPHES):
        return text[1:]
    return text


# Every workbook contains the words of the form and of its lists.
@lru_cache(maxsize=50_000)
def _folded(text: str) -> str:
    text = CONTROL.sub(" ", INVISIBLE.sub("", text))
    return BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def repaired(text: str) -> str:
    """Folded text whose look-alike letters and full-width signs are the ones that were meant.

    It differs from `folded(text)` exactly where more than blanks and Unicode form was repaired (rule V07).
    """
    text = folded(text)
    if text.isascii():
        return text
    text = FULL_WIDTH.sub(lambda match: chr(ord(match.group()) - 0xFEE0), text)
    return text.translate(LOOK_ALIKE)


@lru_cache(maxsize=100_000)
def name_key(text: str) -> str:
    """The key under which two spellings of one name are equal: case, blanks, Unicode form, look-alike letters
    the place of the tone mark (hoà, hòa), and y or i (kỹ, kĩ) do not count; every diacritic does."""
    letters = unicodedata.normalize("NFD", repaired(text).casefold())
    return WORD.sub(_tone_last, letters)


def _tone_last(word: re.Match) -> str:
    letters = word.group()
    tones = "".join(letter for letter in letters if letter in TONES)
    if tones:
        letters = "".join(letter for letter in letters if letter not in TONES)
    if letters.endswith("y") and FINAL_Y.fullmatch(letters):
        letters = letters[:-1] + "i"
    return letters + tones


@lru_cache(maxsize=10_000)
def ascii_key(text: str) -> str:
    """The name key without any diacritics, for searching what to suggest and never for matching."""
    letters = unicodedata.normalize("NFD", repaired(text).casefold()).replace("đ", "d")
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
