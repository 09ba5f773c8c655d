"""Names of persons in texts, and names of files without what identifies a person."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from ingestion.personal_data.numbers import number_spans
from ingestion.personal_data.words import any_of, as_typed, words
from warehouse.reference.names import ascii_key, name_key

WORD = re.compile(r"[^\W\d_]+")
SEPARATOR = re.compile(r"[,;|\n]|\s+(?:và|&)\s+")
NUMBERING = re.compile(r"(?:\d{1,3}\s*[.)/:\-]|[\-+*•–])\s*")
"""what stands before a line of a list"""
MOST_WORDS = 5
LONGEST_NAME = 60
FEWEST_NAMES = 3
"""names of persons below each other that are a list of persons"""
TEXT_BEFORE = 60
"""characters before a name in which a title, or the kind of an organisation, is searched"""


def is_name(text: str) -> bool:
    """Whether the text is a person's name and nothing else but a title. Places and schools may be called the same."""
    text = unicodedata.normalize("NFC", text).strip()
    numbering = NUMBERING.match(text)
    text = text[numbering.end() if numbering else 0 :].strip(" .*")
    if len(text) > LONGEST_NAME:
        return False
    return any(end == len(text) and _is_title(text[:start]) for start, end in _names(text))


def is_list_of_names(text: str) -> bool:
    """Whether the text consists of names of persons, at least three, one of them with Thị or Văn: streets and schools
    are listed too."""
    pieces = SEPARATOR.split(text.strip('" .')) if SEPARATOR.search(text) else []
    if len(pieces) < FEWEST_NAMES or not all(map(is_name, pieces)):
        return False
    return any(ascii_key(word) in words("middle_name") for each in pieces for word in each.split()[1:-1])


def mentions_person(text: str) -> bool:
    """Whether the text names a person, by three words or more or behind a title (bà Hoa), or by the role: giám đốc."""
    text = unicodedata.normalize("NFC", text)
    if any(text[start:end].count(" ") > 1 for start, end in _names(text)):
        return True
    titles = (match.end() for match in _title().finditer(text))
    if any(text[end : end + 1].isupper() for end in titles):
        return True
    return re.search(rf"\b{any_of('role')}\b", ascii_key(text)) is not None


def clean_name(name: str) -> str:
    """The name of a file or a sheet, with … for numbers and names that may be a person's; as it is without any."""
    composed = unicodedata.normalize("NFC", name)
    spaced = composed.replace("_", " ")
    spans = sorted({*number_spans(spaced), *_names(spaced)}, reverse=True)
    for start, end in spans:
        composed = f"{composed[:start]}…{composed[end:]}"
    return composed if spans else name


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the names of persons: a surname and one to four further words with a capital each. Names of
    organisations, places and schools are left out."""
    found = list(WORD.finditer(text))
    last = 0
    for number, first in enumerate(found):
        if first.start() < last or ascii_key(first.group()) not in words("surname", "surname_with_diacritics"):
            continue
        name = [first]
        for each in found[number + 1 : number + MOST_WORDS]:
            if text[name[-1].end() : each.start()] != " ":
                break
            if not each.group()[0].isupper() and not _is_certain([*name, each]):
                break
            name.append(each)
        if len(name) < 2 or not _is_person(name, text):
            continue
        last = name[-1].end()
        yield first.start(), last


def _is_certain(name: list[re.Match[str]]) -> bool:
    """Whether the second word is Thị or Văn, which only names of persons have."""
    return 1 < len(name) < 4 and ascii_key(name[1].group()) in words("middle_name")


def _is_person(name: list[re.Match[str]], text: str) -> bool:
    surname, whole = name[0].group(), text[name[0].start() : name[-1].end()]
    if ascii_key(whole) in words("place_name"):
        return False
    is_certain = len(name) > 2 and ascii_key(name[1].group()) in words("middle_name")
    if is_certain:
        return True
    if ascii_key(surname) not in words("surname") if whole.isascii() else name_key(surname) not in _surnames():
        return False
    before = ascii_key(text[: name[0].start()][-TEXT_BEFORE:])
    if re.search(rf"\b{any_of('title', 'role')}\W*$", before):
        return True
    return re.search(rf"\b{any_of('organisation')}\b[^,;:.()–-]*$", before) is None


def _is_title(text: str) -> bool:
    return not text or ascii_key(text).strip(" .") in words("title")


@cache
def _surnames() -> frozenset[str]:
    return frozenset(name_key(each) for kind in ("surname", "surname_with_diacritics") for each in as_typed(kind))


@cache
def _title() -> re.Pattern[str]:
    """A title before a name, with its diacritics."""
    titles = "|".join(re.escape(each) for each in sorted(as_typed("title"), key=len, reverse=True))
    return re.compile(rf"\b(?:{titles})\.? (?=[^\W\d_])", re.IGNORECASE)
