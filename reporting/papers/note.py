"""The note with which a draft goes to the leader: what it says on one page, and answers to the questions that follow.

It is for the Union itself: no recipient gets it. Its words are rows of sentences.csv that begin with note_.
"""

from collections.abc import Iterator, Mapping, Sequence

from reporting.content.recipients import Recipient
from reporting.content.tables import Content
from reporting.documents.about import About
from reporting.papers.annual import (
    UNION,
    annual_outline,
    annual_values,
    discipline,
    funds,
    missing_names,
    verdict_counts,
)
from reporting.papers.blocks import Annex, Block, Heading, Outline, Paragraph, Text
from reporting.papers.figures import count_text, listed
from reporting.papers.sentences import sentence, titles_without_words, words
from reporting.papers.targets import change_said, changes_said, is_compared, short_name, target_sentence
from warehouse.reference.dates_vi import last_day_vi

NAMED = 5


def note_outline(content: Content, recipients: Sequence[Recipient], union: Recipient, about: About) -> Outline:
    """The note on a yearly report to the leader of the Union, with the answers as its annex."""
    return Outline(
        "note",
        union.letterhead.document_type_vi,
        words("note_subject", period=content.period_vi),
        tuple(_note(content, recipients, about)),
        words("note_closing"),
        (Annex(words("note_answers"), tuple(_answers(content, recipients, about))),),
    )


def _note(content: Content, recipients: Sequence[Recipient], about: About) -> Iterator[Block]:
    names = listed([each.name_vi for each in recipients], words("unit_word"), NAMED)
    yield Paragraph(sentence("note_opening", period=content.period_vi, recipients=names))
    yield Heading(words("note_heading_content"))
    yield Paragraph(verdict_counts(content), "item")
    missing = missing_names(content, about)
    if missing:
        listed_names = listed(missing, words("unit_word"), NAMED)
        yield Paragraph(sentence("annual_open_units", count=count_text(len(missing)), names=listed_names), "item")
    if numbers := [number for number, _ in about.replaces.values()]:
        yield Paragraph(sentence("note_replaces", numbers=", ".join(dict.fromkeys(numbers))), "item")
    yield from changes_said(about.changes, content.tables["targets"].rows, content.period, NAMED)
    yield Heading(words("note_heading_before_signing"))
    yield from _owed(content, recipients, about)
    due_at = content.facts.get("due_at")
    if due_at and about.published_at < due_at:
        yield Paragraph(sentence("note_due", day=last_day_vi(due_at)))


def _owed(content: Content, recipients: Sequence[Recipient], about: About) -> Iterator[Paragraph]:
    """What the Union has still to write, of each draft."""
    sections = {
        title: None
        for recipient in recipients
        for title in titles_without_words(annual_outline(content, recipient, about), recipient)
    }
    if sections:
        yield Paragraph(sentence("note_words_missing", sections="; ".join(sections)), "item")
    queries = content.facts.get("open_queries")
    if queries:
        units = count_text(content.facts["units_with_open_queries"])
        yield Paragraph(sentence("note_queries", queries=count_text(queries), units=units), "item")
    if not sections and not queries:
        yield Paragraph(sentence("note_ready"), "item")


def _answers(content: Content, recipients: Sequence[Recipient], about: About) -> Iterator[Block]:
    answers = (
        _unmet(content),
        _not_reported(content),
        _changed(content),
        _money(content),
        _asked(content, recipients),
    )
    for number, answer in enumerate(answers, start=1):
        yield Heading(words(f"note_question_{number}", year=content.period - 1), 2)
        yield from list(answer) or [Paragraph(sentence(f"note_nothing_{number}"))]


def _unmet(content: Content) -> Iterator[Block]:
    """The targets that are not met or undecided, and the Union's own words on the causes."""
    rows = [row for row in content.tables["targets"].rows if row["verdict"] in ("not_met", "undecided")]
    yield from (Paragraph(target_sentence(content, row), "item") for row in rows)
    causes = [row for row in content.tables["narratives"].rows if row["section"] == "causes" and row["is_union"]]
    if rows:
        yield from (Paragraph(sentence("note_cause", text=row["text"])) for row in causes)


def _not_reported(content: Content) -> Iterator[Block]:
    yield from list(discipline(content, annual_values(content)))[1:]


def _changed(content: Content) -> Iterator[Block]:
    """What moved over the same ground, and what cannot be compared."""
    rows = [row for row in content.tables["targets"].rows if row["previous_value"] is not None]
    for row in filter(is_compared, rows):
        yield Paragraph(change_said(content, row, "note"), "item")
    others = [short_name(row) for row in rows if not is_compared(row)]
    if others:
        yield Paragraph(sentence("note_not_compared", names="; ".join(others)))


def _money(content: Content) -> Iterator[Block]:
    return (block for block in list(funds(content, annual_values(content)))[1:])


def _asked(content: Content, recipients: Sequence[Recipient]) -> Iterator[Block]:
    """The proposals by addressee, the Union's own first; those without an addressee are for the recipients. What units
    ask of the Union itself stands apart, at the end."""
    to_all = listed([each.name_vi for each in recipients], words("unit_word"), NAMED)
    addressees: dict[str, list[dict]] = {}
    rows = content.tables["proposals"].rows
    for row in sorted((row for row in rows if row["addressee"] != UNION), key=lambda row: not row["is_union"]):
        general = to_all if row["is_union"] else words("annual_proposals_general")
        addressees.setdefault(row["addressee_vi"] or general, []).append(row)
    for name, of_addressee in addressees.items():
        yield Paragraph(_first_of("note_asked", of_addressee, addressee=name), "item")
    if to_the_union := [row for row in rows if row["addressee"] == UNION]:
        yield Paragraph(_first_of("note_to_the_union", to_the_union))


def _first_of(code: str, rows: Sequence[Mapping], **values: str) -> Text:
    """The first proposal, and how many others there are."""
    said = sentence(code, text=rows[0]["text"].rstrip("."), **values)
    more = sentence("note_asked_more", count=count_text(len(rows) - 1)) if len(rows) > 1 else ()
    return (*said, *more, ".")
