"""What a Word file still lacks of what only the Union can write: where its words belong, the draft has a sentence in
brackets; where number and day of the plan belong, dots."""

import re

from reporting.content.plan_paper import is_left_open
from reporting.documents.hand_changes import paragraphs_of
from reporting.papers.sentences import words
from warehouse.reference.reference_data import plan_folder


def sections_without_words(word: bytes) -> list[str]:
    """Titles of the sections where dots or the sentence in brackets still stand, in the order of the document.

    Raises NotAWordFile."""
    paragraphs = paragraphs_of(word)
    before, after = words("own_words_missing", title="\n").split("\n")
    first_sentence = after.partition(".")[0]  # also where a hand deleted the rest
    asked = re.compile(f"{re.escape(before)}([^\\]]+?){re.escape(first_sentence)}")
    plan = [words("own_words_plan")] if is_left_open(paragraphs, plan_folder()) else []
    return list(dict.fromkeys([*plan, *(title for text in paragraphs for title in asked.findall(text))]))
