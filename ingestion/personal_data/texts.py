"""Whether a text identifies a person, wherever it stands: in a cell, a comment, a text box, a part of a package."""

import re
from functools import cache, lru_cache

from ingestion.personal_data.names import is_list_of_names, mentions_person
from ingestion.personal_data.numbers import MANY_DIGITS, contains_citizen_number, contains_mobile_number
from ingestion.personal_data.words import any_of, words
from warehouse.reference.names import ascii_key

LONGEST_HEADING = 60
LONGEST_REMEMBERED = 200
# A cheap first test: four digits, or the word for a name, with its diacritic composed or not.
PERHAPS = re.compile(r"(?:\d\D*){4}|t(?:e\u0302?|ê)n", re.IGNORECASE)
# Whose it is may follow, or its format: "Số CCCD của thành viên", "Ngày sinh (dd/mm/yyyy)".
OF_WHOM = r"(?: (?:cua )?(?:[a-z]+ ){0,3}[a-z]+)"


def is_personal_heading(text: str) -> bool:
    """Whether the text, in a cell of its own, is the heading of a column of persons."""
    return len(text) <= LONGEST_HEADING and _heading().fullmatch(ascii_key(text.replace("_", " "))) is not None


def personal_word(header: str) -> str | None:
    """The heading of personal data that the header of a column contains anywhere, as a key without diacritics."""
    match = _heading_inside().search(ascii_key(header.replace("_", " ")))
    return match[0] if match else None


def identity_number(text: str) -> bool:
    """Whether the text contains a citizen's number, or an identity number behind a word for it: CMND 285123456."""
    if not MANY_DIGITS.search(text):
        return False
    return contains_citizen_number(text) or _identity().search(ascii_key(text)) is not None


def identifies_person(text: str) -> bool:
    """Whether the text identifies a person by more than a name: an identity number, a name after its heading (Họ tên:),
    a list of names, or a mobile telephone or a birth beside a person. A heading alone (ghi đủ họ tên) does not."""
    if is_list_of_names(text):
        return True
    if not PERHAPS.search(text):
        return False
    return _identifies(text) if len(text) <= LONGEST_REMEMBERED else _identifies.__wrapped__(text)


# Every workbook contains the words of the form and of its lists.
@lru_cache(maxsize=50_000)
def _identifies(text: str) -> bool:
    if any(_is_labelled_name(line) for line in text.splitlines()):
        return True
    return identity_number(text) or (names_phone_or_birth(text) and mentions_person(text))


def is_amount_heading(text: str) -> bool:
    """Whether the text is the heading of a column of amounts, or of numbers of another kind than persons have."""
    key = ascii_key(text) if len(text) <= LONGEST_HEADING else ""
    return not is_personal_heading(text) and _amount_heading().search(key) is not None


def is_organisation_heading(text: str) -> bool:
    """Whether the text is the heading of a column of organisations or places: Tên HTX, Xã, phường."""
    return len(text) <= LONGEST_HEADING and _organisation_heading().fullmatch(ascii_key(text)) is not None


def names_phone_or_birth(text: str) -> bool:
    """Whether the text contains a mobile telephone's number, or a birth behind its word."""
    return contains_mobile_number(text) or _birth().search(ascii_key(text)) is not None


@cache
def _heading() -> re.Pattern[str]:
    one = rf"(?:so |ma so |ma )?{any_of('heading', 'heading_of')}"
    owned = rf"(?:so |ma so )?{any_of('heading_of')}{OF_WHOM}"
    return re.compile(rf"(?:{one}(?:\s*(?:[/,\-&]| va )\s*{one})*|{owned})(?:\s*\(.*\))?\s*[:*]*")


@cache
def _heading_inside() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of('heading', 'heading_of')}\b")


@cache
def _organisation_heading() -> re.Pattern[str]:
    one = any_of("organisation")
    return re.compile(rf"(?:ten )?{one}(?:\s*[/,]\s*{one})*(?:\s*\(.*\))?\s*[:*]*")


@cache
def _amount_heading() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of('money_word', 'amount_heading', 'other_number')}\b")


@cache
def _identity() -> re.Pattern[str]:
    """A number of nine or twelve digits behind its word, or of eleven that lost its zero, but for amounts."""
    digit = r"[ .\-]?\d"
    number = rf"(?:\d{{9}}(?:\d{{3}})?(?!\d)|\d(?:{digit}){{8}}(?:(?:{digit}){{3}})?(?!{digit})|[1-9]\d{{10}}(?!\d))"
    return re.compile(rf"\b{any_of('identity_word')}\b\D{{0,30}}{number}(?! ?{any_of('money_word')}\b)")


@cache
def _birth() -> re.Pattern[str]:
    """A day or year behind a word for birth, which phát sinh ngày and nhà vệ sinh năm are not."""
    day = r"(?:(?:ngay )?\d{1,2}(?:[/.\-]| thang )\d{1,2}(?:[/.\-]| nam ))?"
    others = "".join(rf"(?<!\b{re.escape(word)} )" for word in words("not_birth"))
    return re.compile(rf"\b{others}{any_of('birth_word')}\W{{0,3}}{day}(?:19|20)\d\d\b")


def _is_labelled_name(line: str) -> bool:
    """Whether a name stands behind its heading, with capitals or such as only names of persons have."""
    words = line.partition(":")[2].split()
    has_capitals = len(words) > 1 and words[0][0].isupper() and words[1][0].isupper()
    return _labelled_name().search(ascii_key(line)) is not None and (has_capitals or mentions_person(line))


@cache
def _labelled_name() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of('name_word')}[^:]{{0,20}}:\s*[a-z]+ [a-z]+")
