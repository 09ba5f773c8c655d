"""Sentences keep the keys of their figures."""

import pytest

from reporting.papers.blocks import Figure, Outline, OwnWords, plain, without_words
from reporting.papers.sentences import joined, sentence


def test_a_figure_stays_a_figure_within_its_sentence():
    text = sentence("target_coverage", reported=Figure("47", "T16-2025"), expected=48)
    assert text == (" Có số liệu của ", Figure("47", "T16-2025"), "/48 đơn vị.")
    assert plain(text) == " Có số liệu của 47/48 đơn vị."


def test_texts_join_and_empty_ones_go():
    assert joined(["a", "", "b", Figure("1"), "", "c"]) == ("ab", Figure("1"), "c")


def test_a_placeholder_without_a_value_is_an_error():
    with pytest.raises(KeyError, match="expected"):
        sentence("target_coverage", reported=1)


def test_the_sections_that_only_the_union_can_write_are_named():
    written = OwnWords("leadership", "Công tác lãnh đạo", ("Đã ban hành kế hoạch.",))
    missing = OwnWords("lessons", "Bài học kinh nghiệm")
    assert without_words(Outline("annual", "Báo cáo", "về kết quả", (written, missing))) == [missing]
