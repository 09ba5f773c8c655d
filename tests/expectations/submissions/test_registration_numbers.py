"""Registration numbers, and what a damaged one probably was."""

import pytest

from expectations.submissions.registration_numbers import is_right, is_rounded, likely_number


@pytest.mark.parametrize(
    ("sent", "likely"),
    [
        ("300100009", None),  # 0300100009 has another check digit
        ("301464823", "0301464823"),  # the zero at the front was lost
        ("38 0010 0009", "3800100009"),
        ("3800.100.009", "3800100009"),
        ("38OO1OOOO9", "3800100009"),
        ("3800100009001", "3800100009-001"),
        ("8300100376", "3800100376"),  # the first two digits exchanged
        ("3800100009", None),  # right as it is
        ("3.80E+09", None),
        ("44.07.D-000123", None),
        ("12345", None),
    ],
)
def test_what_was_probably_meant(sent, likely):
    assert likely_number(sent) == likely


def test_the_check_digit_of_known_numbers_is_right():
    assert [is_right(number) for number in ("3800100376", "3800100168", "3800100377")] == [True, True, False]


def test_a_number_of_which_only_the_first_digits_are_left_is_known():
    assert [is_rounded(text) for text in ("3.80E+09", "3,8E+09", "3E9", "3800100009", "E9")] == [
        True, True, True, False, False,
    ]  # fmt: skip
