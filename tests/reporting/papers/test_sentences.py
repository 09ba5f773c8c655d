"""Sentences keep the keys of their figures."""

import pytest

from reporting.papers.blocks import Figure, Heading, Outline, OwnWords, Paragraph, plain, without_words
from reporting.papers.sentences import joined, sentence, spelled_out


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


def spelled(*blocks: Heading | OwnWords | Paragraph) -> list[str]:
    made = spelled_out(Outline("annual", "Báo cáo", "về kết quả", blocks)).blocks
    return [plain(each.text) for each in made if isinstance(each, Paragraph)]


def test_the_abbreviation_is_spelled_out_in_the_first_sentence_that_has_it_and_no_other():
    first = Paragraph(("Có ", Figure("22", "T01-2025"), " HTX. Các HTX phát triển."))
    assert spelled(Heading("I. HTX"), first, Paragraph(("HTX mới.",))) == [
        "Có 22 hợp tác xã (HTX). Các HTX phát triển.", "HTX mới.",
    ]  # fmt: skip


def test_a_sentence_begins_with_a_capital_and_a_name_is_left_as_it_is():
    assert spelled(Paragraph(("HTX Nông nghiệp Hoa Mai.",)), Paragraph(("Khen. HTX mới.",))) == [
        "HTX Nông nghiệp Hoa Mai.", "Khen. Hợp tác xã (HTX) mới.",
    ]  # fmt: skip


def test_the_unions_own_words_are_not_touched():
    own = OwnWords("results", "Kết quả", ("HTX phát triển.",))
    assert spelled_out(Outline("annual", "Báo cáo", "về", (own,))).blocks == (own,)
