"""Vietnamese text."""

import unicodedata

import pytest

from warehouse.reference.names import ascii_key, folded, name_key, repaired


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("  Hợp tác   xã ", "Hợp tác xã"),
        ("Hợp\u00a0tác\u202fxã", "Hợp tác xã"),
        ("Hợp\u200b tác\ufeff xã", "Hợp tác xã"),
        (unicodedata.normalize("NFD", "Hợp tác xã"), "Hợp tác xã"),
        ("dòng một\ndòng hai", "dòng một dòng hai"),
        ("\x00\x07", ""),
    ],
)
def test_text_is_composed_and_its_blanks_are_folded(sent, expected):
    assert folded(sent) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("\u00d0ồng Xoài", "Đồng Xoài"), ("\u0189ồng Xoài", "Đồng Xoài"), ("\uff11\uff12\uff13", "123")],
)
def test_look_alike_letters_and_full_width_signs_become_what_was_meant(sent, expected):
    assert repaired(sent) == expected
    assert folded(sent) != expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xã Lộc Hoà", "xã lộc hòa"),
        ("THUỶ SẢN", "Thủy sản"),
        (unicodedata.normalize("NFD", "Đăk Ơ"), "ĐĂK  Ơ"),
        ("\u00d0ồng Phú", "Đồng Phú"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Lộc Thạnh", "Lộc Thành"), ("Tân Lợi", "Tân Lới"), ("Bom Bo", "Bom Bô")])
def test_names_that_differ_by_one_diacritic_stay_apart(one, other):
    assert name_key(one) != name_key(other)


def test_the_ascii_key_has_no_diacritics():
    assert ascii_key("Họ và tên Đệm") == "ho va ten dem"
