"""What the plan leaves open, in the words of the reading that was used."""

from collections.abc import Iterable

from reporting.content.phrases import phrase


def with_answers(decisions: Iterable[dict]) -> list[dict]:
    """Each decision with `answer_vi`: the words of its default, or of the option that is in force in its place."""
    return [
        {**each, "answer_vi": phrase("answer_option", **each) if each["option_vi"] else each["default_vi"]}
        for each in decisions
    ]
