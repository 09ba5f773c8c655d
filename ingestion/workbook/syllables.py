"""Spelling of Vietnamese syllables, by which Unicode text is distinguished from text in a legacy encoding.

A syllable is an initial, a rhyme, and a tone on one certain vowel. The k at the end of names of the highlands (Đắk,
Đăk Ơ, Krông) is accepted.
"""

import re
import unicodedata
from functools import lru_cache

TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
LONGEST = 8
"""most letters of a syllable: nghiêng has seven"""
STOPPED_TONES = {"\u0301", "\u0323"}
"""a syllable that ends in c, ch, k, p or t has one of these, or, in borrowed names, none"""

INITIALS = (
    "ngh", "ch", "gh", "gi", "kh", "kr", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
VOWELS_WITH_ENDINGS = {
    "a": " c ch i m n ng nh o p t u y k", "ă": "c m n ng p t k", "â": "c m n ng p t u y k",
    "e": " c m n ng o p t k", "ê": " ch m n nh p t u k", "i": " a ch m n ng nh p t u k", "iê": "c m n ng p t u",
    "yê": "m n ng t u", "y": " t nh ch u", "o": " a c i m n ng p t e k", "oo": "c ng", "ô": " c i m n ng p t k",
    "ơ": " i m n p t", "u": " a c i m n ng p t ê y ơ k", "uô": "c i m n ng t", "ư": " a c i m n ng t u",
    "ươ": "c i m n ng p t u", "oa": "c ch i m n ng nh o p t y", "oă": "c m n ng t", "oe": "m n o t",
    "uâ": "n ng t y", "uê": "ch n nh", "uy": "a ch n nh p t u", "uyê": "n t",
}  # fmt: skip
RHYMES = {
    vowels + ending: (vowels, ending)
    for vowels, endings in VOWELS_WITH_ENDINGS.items()
    for ending in [*(each for each in endings.split(" ") if each), *([""] if endings.startswith(" ") else [])]
}
LETTERS = re.compile("[a-zăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]+")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether the word, in NFC, is spelt as a Vietnamese syllable, with its tone on a vowel that can have it."""
    word = word.lower()
    if len(word) > LONGEST or not LETTERS.fullmatch(word):
        return False
    letters: list[str] = []
    tone, place = "", -1
    for letter in word:
        parts = unicodedata.normalize("NFD", letter)
        marks = [mark for mark in parts if mark in TONES]
        if marks:
            if tone:
                return False
            tone, place = marks[0], len(letters)
        letters.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)))
    plain = "".join(letters)
    return any(
        _fits(plain[len(initial) :], tone, place - len(initial) if tone else None, initial)
        for initial in INITIALS
        if plain.startswith(initial)
    )


def _fits(rhyme: str, tone: str, place: int | None, initial: str) -> bool:
    if rhyme not in RHYMES:
        # The i of "gi" is the vowel of gì, and the one before ê in giếng.
        return initial == "gi" and ((rhyme in ("", "n") and place in (None, -1)) or _fits_after_gi(rhyme, tone, place))
    if not tone:
        return True
    vowels, ending = RHYMES[rhyme]
    stops = ending in ("c", "ch", "k", "p", "t")
    return place in _tone_places(vowels, ending) and (not stops or tone in STOPPED_TONES)


def _fits_after_gi(rhyme: str, tone: str, place: int | None) -> bool:
    return rhyme.startswith("ê") and "i" + rhyme in RHYMES and (not tone or place == 0)


def _tone_places(vowels: str, ending: str) -> set[int]:
    """The letters of the rhyme that can have the tone, in the old and new orthography (hòa, hoà)."""
    marked = [place for place, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if marked:
        return {marked[-1]}
    sequence = vowels + (ending if ending in ("a", "e", "i", "o", "u", "y", "ê", "ơ") else "")
    if len(sequence) == len(vowels):
        if ending:
            return {len(vowels) - 1}
        return {0} if len(vowels) == 1 else {0, 1}
    if sequence in ("oa", "oe", "uy"):
        return {0, 1}
    if sequence in ("uê", "uơ"):
        return {1}
    return {len(vowels) - 1}
