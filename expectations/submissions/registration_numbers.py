"""Registration numbers of cooperatives, and suggestions for damaged ones.

Since 2019 the number is the tax code: ten digits, the last of which is a check digit, and three more for a branch
(TT 105/2020/TT-BTC, annex I).
"""

import re

from stdnum.vn import mst

from warehouse.reference.names import folded

LENGTH, SHORTEST = 10, 8
LOOKS_LIKE_A_DIGIT = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
BRANCH = re.compile(r"(\d{10})-?(\d{3})")
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?0?9", re.IGNORECASE)


def likely_number(sent: str) -> str | None:
    """The number that was most probably meant; None if there is none, or several.

    Considered are dropped leading zeros, separators between the digits, letters for digits, and two swapped
    neighbouring digits; the check digit must be right.
    """
    digits = re.sub(r"[\s.,'\-]", "", folded(sent).translate(LOOKS_LIKE_A_DIGIT))
    if not digits.isascii() or not digits.isdigit():
        return None
    if branch := BRANCH.fullmatch(digits):
        return f"{branch[1]}-{branch[2]}" if is_right(branch[1]) else None
    if SHORTEST <= len(digits) < LENGTH:
        digits = digits.zfill(LENGTH)
        return digits if is_right(digits) else None
    if len(digits) != LENGTH:
        return None
    if is_right(digits):
        return digits if digits != folded(sent) else None
    exchanged = {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(LENGTH - 1)
        if digits[place] != digits[place + 1]
    }
    right = [number for number in exchanged if is_right(number)]
    return right[0] if len(right) == 1 else None


def is_rounded(sent: str) -> bool:
    """Whether a program kept only the first digits: 3.80E+09."""
    return ROUNDED.fullmatch(folded(sent)) is not None


def is_right(number: str) -> bool:
    """Whether ten digits end in their check digit."""
    return mst.calc_check_digit(number[:9]) == number[9]
