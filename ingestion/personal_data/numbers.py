"""Numbers that belong to a person: citizens' numbers, the older identity numbers of nine digits, mobile telephones.

A citizen's number has twelve digits: three for the province, one for sex and century, two for the year of birth, six of
chance (Circular 59/2021/TT-BCA, art. 4; Decree 137/2015/ND-CP, art. 13). Telephones of offices begin with 02.
"""

import re
from collections.abc import Iterator
from functools import cache

from ingestion.personal_data.words import any_of, as_typed
from warehouse.reference.names import ascii_key

CITIZEN_DIGITS = 12
SIGNS = r"[ .\-\u00a0\u2013]"
"""what stands between groups of digits"""
# Digits of another number may stand before or behind: 12/070188000000, 1.070.188.000.000, 3800100009-001
ALONE, IN_GROUPS, END = r"(?<![\d/])(?<!\d[.\-])", rf"(?<![\d/])(?<!\d{SIGNS})", r"(?!\d)(?![/\-]\d)"
CITIZEN_NUMBER = re.compile(
    rf"{ALONE}0\d{{11}}{END}"
    rf"|{IN_GROUPS}0\d\d(?P<a>{SIGNS})\d(?P=a)\d\d(?P=a)\d{{6}}{END}"
    rf"|{IN_GROUPS}0\d{{1,5}}(?P<b>{SIGNS})\d{{2,6}}(?:(?P=b)\d{{2,6}}){{0,4}}{END}"
    rf"|{IN_GROUPS}0(?P<c>{SIGNS})\d(?:(?P=c)\d){{10}}{END}"
)
NINE_DIGITS, ELEVEN_DIGITS = (re.compile(rf"{ALONE}\d{{{count}}}{END}") for count in (9, 11))
FIRST_BIRTH, LAST_BIRTH = 1920, 2019
"""years of birth that are likely, where nothing else tells a number from an amount"""
GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def contains_citizen_number(text: str) -> bool:
    """Whether the text contains a valid citizen's number, in one piece or in groups with blanks, dots or dashes."""
    if len(text) < CITIZEN_DIGITS or "0" not in text:
        return False
    return any(is_citizen_number(match.group()) for match in CITIZEN_NUMBER.finditer(GUID.sub("", text)))


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
    return any(not _other_word().search(ascii_key(text[: each.start()])) for each in _mobile().finditer(text))


def is_mobile_number(value: object) -> bool:
    """Whether a cell is a mobile telephone's number alone, as text, or as a number that lost its zero."""
    if isinstance(value, float):
        value = f"0{value:.0f}" if value == int(value) else ""
    return isinstance(value, str) and _mobile().fullmatch(value.strip()) is not None


def is_identity_number(value: object) -> bool:
    """Whether a cell may be an identity number of nine digits, or a citizen's number without its zero: amounts are
    rounder."""
    if isinstance(value, float) and value == int(value):
        return (10**8 <= value < 10**9 and value % 1000 != 0) or may_be_citizen_number(value)
    return isinstance(value, str) and NINE_DIGITS.fullmatch(value.strip()) is not None


def number_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every number that may be a person's."""
    for pattern in (CITIZEN_NUMBER, _mobile(), NINE_DIGITS):
        yield from (match.span() for match in pattern.finditer(text))
    for match in ELEVEN_DIGITS.finditer(text):
        if may_be_citizen_number(float(match[0])):
            yield match.span()


@cache
def _mobile() -> re.Pattern[str]:
    prefixes = "".join(sorted(prefix[1] for prefix in as_typed("mobile_prefix")))
    return re.compile(rf"{ALONE}(?:0|\+?84{SIGNS}?)[{prefixes}](?:{SIGNS}?\d){{8}}{END}")


@cache
def _other_word() -> re.Pattern[str]:
    """A word for another kind of number, right before it."""
    return re.compile(rf"\b{any_of('other_number')}\W{{0,3}}$")
