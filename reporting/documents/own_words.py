"""What a Word file still lacks of the Union's own words: where they belong, the draft has a sentence in brackets."""

import re

from reporting.documents.hand_changes import paragraphs_of
from reporting.papers.sentences import words


def sections_without_words(word: bytes) -> list[str]:
    """Titles of the sections where the sentence in brackets still stands, in the order of the document.

    Raises NotAWordFile."""
    before, after = words("own_words_missing", title="\n").split("\n")
    first_sentence = after.partition(".")[0]  # also where a hand deleted the rest
    asked = re.compile(f"{re.escape(before)}([^\\]]+?){re.escape(first_sentence)}")
    return list(dict.fromkeys(title for text in paragraphs_of(word) for title in asked.findall(text)))
