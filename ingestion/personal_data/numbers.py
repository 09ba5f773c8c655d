"""Numbers that belong to a person: citizens' numbers, the older identity numbers of nine digits, mobile telephones.

A citizen's number has twelve digits: three for the province, one for sex and century, two for the year of birth, six of
chance (Circular 59/2021/TT-BCA, art. 4; Decree 137/2015/ND-CP, art. 13). Telephones of offices begin with 02.
"""

import re
from collections.abc import Iterator
from functools import cache

from ingestion.personal_data.words import any_of, as_typed
from warehouse.reference.names import ascii_key, repaired

CITIZEN_DIGITS = 12
SIGNS = r"[ .,\-\u00a0\u2010-\u2015\u2212]"
"""what stands between groups of digits"""
# Digits of another number may stand before or behind: 12/070188000000, 1.070.188.000.000, 3800100009-001, 285123456/24.
# Longer ones are a number of their own: 0912345678/0987654321; so is the day of issue: 070188000000-12/03/2021.
ALONE = r"(?<!\d)(?<!\d\.)(?<!(?<!\d{5})\d[/\-])"
IN_GROUPS = rf"(?<![\d/])(?<!\d{SIGNS})"
END = r"(?!\d)(?![/\-](?!\d\d?/\d\d?/\d{4})(?:\d{1,3}|(?:19|20)\d\d)(?!\d))"
CITIZEN_NUMBER = re.compile(rf"{ALONE}0\d{{11}}{END}|{IN_GROUPS}0(?:{SIGNS}?\d){{11}}{END}")
GROUPS = re.compile(r"\d{3,6}(?:.\d{2,6})+|\d\d(?:.\d\d){5}|\d(?:.\d){11}|\d{3}.\d.\d\d.\d{6}|\d{12}")
NINE_DIGITS, ELEVEN_DIGITS = (re.compile(rf"{ALONE}\d{{{count}}}{END}") for count in (9, 11))
MANY_DIGITS = re.compile(r"(?:\d\D*){9}")
FIRST_BIRTH, LAST_BIRTH = 1920, 2019
"""years of birth that are likely, where nothing else tells a number from an amount"""
GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|\bF-[0-9A-F]{12}\b")
"""the ids of programs, and those of our findings, which may be of digits alone"""


def contains_citizen_number(text: str) -> bool:
    """Whether the text contains a valid citizen's number, in one piece or in groups."""
    if not MANY_DIGITS.search(text):
        return False
    text = GUID.sub("", repaired(text))
    return any(is_citizen_number(text[start:end]) for start, end in _citizen_spans(text))


def is_citizen_number(text: str) -> bool:
    """Whether the digits of the text are a citizen's number."""
    digits = re.sub(r"\D", "", text)
    return len(digits) == CITIZEN_DIGITS and digits[:3] in as_typed("province_code") and digits[3] in "0123"


def may_be_citizen_number(value: float) -> bool:
    """Whether a number may be a citizen's number without its first zeros, which a number cannot keep. So may one in
    eight of the amounts of that size."""
    if not 10**9 <= value < 10**11 or value != int(value) or value % 1000 == 0:
        return False
    digits = f"{int(value):012}"
    born = 1900 + 100 * (int(digits[3]) // 2) + int(digits[4:6])
    return is_citizen_number(digits) and FIRST_BIRTH <= born <= LAST_BIRTH


def contains_mobile_number(text: str) -> bool:
    """Whether the text contains a mobile telephone's number, and does not call it something else, as a tax code."""
    if not MANY_DIGITS.search(text):
        return False
    text = GUID.sub("", repaired(text))
    return any(not _other_word().search(ascii_key(text[: each.start()])) for each in _mobile().finditer(text))


def is_mobile_number(value: float) -> bool:
    """Whether a number is a mobile telephone's that lost its zero."""
    return value == int(value) and _mobile().fullmatch(f"0{value:.0f}") is not None


def may_be_identity_number(value: float) -> bool:
    """Whether a number may be an identity number of nine digits, or a citizen's number without its zero: amounts are
    rounder."""
    return (10**8 <= value < 10**9 and value == int(value) and value % 1000 != 0) or may_be_citizen_number(value)


def number_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every number that may be a person's."""
    yield from _citizen_spans(text)
    for pattern in (_mobile(), NINE_DIGITS):
        yield from (match.span() for match in pattern.finditer(text))
    for match in ELEVEN_DIGITS.finditer(text):
        if may_be_citizen_number(float(match[0])):
            yield match.span()


def _citizen_spans(text: str) -> Iterator[tuple[int, int]]:
    """Twelve digits that begin with 0, in one piece or in groups with the same sign between them."""
    for match in CITIZEN_NUMBER.finditer(text):
        if GROUPS.fullmatch(match[0]) and len(set(re.findall(SIGNS, match[0]))) < 2:
            yield match.span()


@cache
def _mobile() -> re.Pattern[str]:
    prefixes = "".join(sorted(prefix[1] for prefix in as_typed("mobile_prefix")))
    return re.compile(rf"{ALONE}(?:0|\(?\+?84\)?{SIGNS}?)[{prefixes}](?:{SIGNS}?\d){{8}}{END}")


@cache
def _other_word() -> re.Pattern[str]:
    """A word for another kind of number, right before it."""
    return re.compile(rf"\b{any_of('other_number')}\W{{0,3}}$")
