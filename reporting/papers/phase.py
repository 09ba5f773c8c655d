"""What the review of a phase says: the way of each target, what the phase brought in all, who is behind what was
missed, the next targets with the pace that each needs, and one proposal for each target and weak duty."""

from collections.abc import Iterable
from itertools import groupby
from textwrap import shorten

from reporting.content.recipients import Recipient
from reporting.content.tables import Content
from reporting.documents.about import About
from reporting.papers import phase_sentences as said
from reporting.papers.blocks import Annex, Block, Heading, Outline, OwnWords, Paragraph, Text
from reporting.papers.phase_grids import (
    amended_grid,
    duties_grid,
    having_next,
    outlook_grid,
    path_grid,
    proposals_grid,
    totals_grid,
)
from reporting.papers.pictures import pictures
from reporting.papers.sentences import joined, numbered, sentence, words
from reporting.papers.targets import changes_said
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import counted_vi, number_vi

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ASSESSED = ("results", "shortcomings", "causes", "lessons")
# of what units write of a section or to an addressee, so many are printed, shortened to so many characters
OPINIONS, LENGTH = 4, 180


def phase_outline(content: Content, recipient: Recipient, about: About) -> Outline:
    """The review of a phase for one recipient.

    The Union's own words come from its report on the phase alone. What compares or proposes is withheld, with the
    reason, where the figures do not cover all who owe them."""
    kind = recipient.letterhead.document_type_vi
    subject = content.title_vi.removeprefix(kind).strip()
    sections: list[tuple[str, list[Block]]] = [
        ("phase_h_summary", _summary(content, recipient, about)),
        ("phase_h_leadership", [_own(content, "leadership")]),
        ("phase_h_targets", _targets(content)),
        ("phase_h_totals", [totals_grid(content)] if content.tables["totals"].rows else []),
        ("phase_h_duties", _paragraphs(said.duties(content)) if content.tables["duties"].rows else []),
        ("phase_h_assessment", _assessment(content)),
        ("phase_h_next", _next_phase(content)),
        ("phase_h_proposals", _proposals(content)),
        ("phase_h_recommendations", _recommendations(content)),
    ]
    annexes = (
        Annex(words("phase_a_amended"), (*_paragraphs(sentence("phase_amended_intro")), amended_grid(content))),
        Annex(words("phase_a_duties"), (duties_grid(content),)),
    )
    return Outline(
        "phase_review",
        kind,
        words("phase_subject", subject=subject[:1].upper() + subject[1:], period=content.period_vi),
        numbered([*_opening(content, recipient, about), *_sections(sections)]),
        words("phase_closing", period=content.period_vi),
        annexes,
    )


def _sections(sections: Iterable[tuple[str, list[Block]]]) -> list[Block]:
    """The sections that have something to say, with their numerals."""
    full = [(code, section) for code, section in sections if section]
    blocks: list[Block] = []
    for numeral, (code, section) in zip(NUMERALS, full, strict=False):
        blocks += [Heading(f"{numeral}. {words(code)}"), *section]
    return blocks


def _opening(content: Content, recipient: Recipient, about: About) -> list[Block]:
    """Who reports, on what ground, until when, what is missing, and which report this one replaces."""
    received = {code: number_vi(content.facts[code]) for code in ("received_units", "expected_units")}
    replaced = about.replaces.get(recipient.recipient)
    return _paragraphs(
        sentence("phase_opening", opening=recipient.opening_vi, period=content.period_vi),
        joined(
            [
                *(sentence("phase_replaces", number=replaced[0], day=day_vi(replaced[1])) if replaced else ()),
                *said.ground(content, recipient),
                *sentence("phase_received", **received),
                *said.missing(content),
            ]
        ),
        sentence("phase_forced", because=about.forced_because) if about.forced_because else (),
    )


def _summary(content: Content, recipient: Recipient, about: About) -> list[Block]:
    """Page one: five sentences and a picture; then what has changed since the paper that is replaced."""
    paragraphs = _paragraphs(
        joined([*said.verdicts(content), *said.missed(content)]),
        *(each(content) for each in (said.brought, said.money, said.proposed)),
    )
    changes: list[Block] = []
    if recipient.recipient in about.replaces:
        targets, last = content.tables["path"].rows, max(content.facts["years"])
        changes = [
            Paragraph(sentence("changes_lead"), "lead"),
            *changes_said(about.changes, targets, last),
            *said.proposals_changed(content, about.proposed),
        ]
    return [*paragraphs, *pictures("first_page", content), *changes]


def _targets(content: Content) -> list[Block]:
    """The way of the targets as a table, and a sentence for each that was not reached."""
    others = [row for row in said.due_targets(content) if row["verdict"] not in said.REACHED]
    sentences = [said.reached(content), *(said.not_reached(content, row) for row in others)]
    return [path_grid(content), *_paragraphs(*sentences)]


def _assessment(content: Content) -> list[Block]:
    """The Union's own words, and what units said of the phase."""
    blocks: list[Block] = []
    for number, section in enumerate(ASSESSED, start=1):
        own = _own(content, section)
        blocks += [Heading(f"{number}. {own.title_vi}", 2), own]
    others = [row for row in content.tables["narratives"].rows if not row["is_union"] and row["addressee"] is None]
    if others:
        units = counted_vi(len({row["unit_uid"] for row in others}))
        blocks.append(Heading(f"{len(ASSESSED) + 1}. {words('phase_h_opinions')}", 2))
        blocks += _paragraphs(sentence("phase_opinions", units=units))
        for title, of_section in groupby(others, key=lambda row: row["section_title_vi"]):
            blocks += _shortened(title, list(of_section))
    return blocks


def _next_phase(content: Content) -> list[Block]:
    """The next targets with their paces, why some have none, and what the plan's own figures allow."""
    rows = having_next(content)
    if not rows:
        return []
    limits = [Paragraph(sentence("phase_limit", limit=row["limit_vi"]), "item") for row in rows if row["limit_vi"]]
    return [
        Heading(words("phase_h_next_targets"), 2),
        outlook_grid(content),
        *_paragraphs(said.withheld(rows), said.not_forecast(rows), sentence("phase_limits") if limits else ()),
        *limits,
        Heading(words("phase_h_direction"), 2),
        _own(content, "next_year"),
    ]


def _proposals(content: Content) -> list[Block]:
    """On targets in a table, on activities by what is proposed for them."""
    blocks: list[Block] = []
    if content.tables["target_proposals"].rows:
        blocks += [Heading(words("phase_h_on_targets"), 2), proposals_grid(content)]
    if rows := content.tables["duty_proposals"].rows:
        blocks.append(Heading(words("phase_h_on_duties"), 2))
        of_rules = groupby(rows, key=lambda row: row["rule_code"])
        blocks += [each for rule, of_rule in of_rules for each in said.on_duties(content, rule, list(of_rule))]
    return blocks


def _recommendations(content: Content) -> list[Block]:
    """The Union's own, and those of units by addressee."""
    blocks: list[Block] = [_own(content, "proposals")]
    others = [row for row in content.tables["proposals"].rows if not row["is_union"]]
    for title, of_addressee in groupby(others, key=lambda row: row["addressee_vi"] or words("phase_no_addressee")):
        blocks += _shortened(words("phase_to", addressee=title), list(of_addressee))
    return blocks


def _shortened(title: str, rows: list[dict]) -> list[Block]:
    """What units write under a title: the first, shortened, and how many more stand in Excel."""
    items = [
        sentence("phase_opinion", unit=row["unit_name_vi"], text=shorten(row["text"], LENGTH, placeholder="…"))
        for row in rows[:OPINIONS]
    ]
    if len(rows) > OPINIONS:
        items.append(sentence("phase_opinions_more", count=counted_vi(len(rows) - OPINIONS)))
    return [Paragraph((title,)), *(Paragraph(item, "item") for item in items)]


def _own(content: Content, section: str) -> OwnWords:
    """The Union's own words of its report on the phase; no other text fills in for them."""
    rows = [row for row in content.tables["narratives"].rows if row["is_union"] and row["section"] == section]
    return OwnWords(section, words(f"phase_own_{section}"), tuple(row["text"] for row in rows))


def _paragraphs(*texts: Text) -> list[Block]:
    """A paragraph for each text that says something."""
    return [Paragraph(text) for text in texts if text]
