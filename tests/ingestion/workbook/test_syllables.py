"""What is a Vietnamese syllable."""

import pytest

from ingestion.workbook.syllables import is_syllable


@pytest.mark.parametrize(
    "word",
    [
        "Hợp", "tác", "xã", "hòa", "hoà", "thủy", "thuỷ", "quý", "giếng", "gì", "già", "nguyễn", "khuỷu", "Đắk", "Ơ",
        "ÁNH", "nghĩa", "người", "yếu", "oanh", "rượu", "tuyết",
    ],
)  # fmt: skip
def test_a_syllable_is_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["xaõ", "taân", "tieán", "aõ", "phớc", "tỏc", "qúy", "ngâu1", "ãã", "café", "µm"])
def test_what_is_spelt_otherwise_is_none(word):
    assert not is_syllable(word)
