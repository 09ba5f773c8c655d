"""The yearly report: page one in five sentences and a picture, the targets, the content of the plan, funds, discipline.

The words are rows of sentences.csv that begin with annual_, figures those of the document's tables. What only the Union
can say is left to it (OwnWords).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reporting.content import formats
from reporting.content.recipients import Recipient
from reporting.content.tables import Content
from reporting.documents.about import About
from reporting.papers.annual_tables import (
    annexes,
    funds_grid,
    missing_before,
    priority_grid,
    sources_without_figure,
    targets_grid,
)
from reporting.papers.blocks import Block, Heading, Outline, OwnWords, Paragraph, Text
from reporting.papers.figures import Values, count_text, coverage_text, figure_text, figure_values, listed, sentences_of
from reporting.papers.pictures import pictures, punctuality
from reporting.papers.sentences import agency_name, joined, numbered, sentence, words, words_or
from reporting.papers.targets import (
    MET,
    changes_said,
    rows_by_verdict,
    short_name,
    short_words,
    shortfall,
    target_sentence,
)
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import number_vi

LATE_NAMED = 5
FOUNDING = "IV.3"  # the section of the plan on new cooperatives
UNION = "WU-P"
PROPOSALS_OF_UNITS = 3  # of each addressee; the others are in the Excel annex
REVISED_NAMED = 5


def annual_outline(content: Content, recipient: Recipient, about: About) -> Outline:
    """The report for one recipient."""
    values = annual_values(content)
    blocks = (
        *_opening(content, recipient, about, values),
        *_leadership(content, values),
        *_targets(content, about),
        *_by_content_of_the_plan(content, about, values),
        *funds(content, values),
        *discipline(content, values),
        *_assessment(content),
        *_next_year(content),
        *_proposals(content, recipient),
        Paragraph(sentence("annual_excel")),
    )
    return Outline(
        "annual",
        recipient.letterhead.document_type_vi,
        words("annual_subject", period=content.period_vi),
        numbered(blocks),
        words("annual_closing", period=content.period_vi, recipient=recipient.name_vi),
        annexes(content),
    )


def annual_values(content: Content) -> dict[str, Text]:
    """The figures of sentences, and counts that no key explains."""
    facts = content.facts
    values = figure_values(content)
    for name in ("expected_units", "received_units", "missing_units", "on_time_units", "open_queries",
                 "units_with_open_queries"):  # fmt: skip
        if facts.get(name):
            values[name] = (count_text(facts[name]),)
    without = sources_without_figure(content)
    values["sources without figure"] = sentence("annual_sources_missing", names=", ".join(without)) if without else ()
    values["year"], values["period"] = (str(content.period),), (content.period_vi,)
    return values


# Page one


def _opening(content: Content, recipient: Recipient, about: About, values: Values) -> Iterator[Block]:
    yield Paragraph(sentence("annual_opening", opening=recipient.opening_vi, period=content.period_vi))
    replaced = about.replaces.get(recipient.recipient)
    replacing = sentence("annual_replaces", number=replaced[0], day=day_vi(replaced[1])) if replaced else ()
    yield Paragraph((*replacing, *_basis(content, recipient)))
    yield Heading(words("annual_first_page", period=content.period_vi.upper()))
    yield Paragraph(verdict_counts(content))
    yield from (Paragraph(text) for text in sentences_of("annual_first_", values))
    yield Paragraph(_open_matters(content, about))
    yield from pictures("first_page", content)
    if replaced:
        yield Paragraph(sentence("changes_lead"), "lead")
        yield from changes_said(about.changes, content.tables["targets"].rows, content.period)


def _basis(content: Content, recipient: Recipient) -> Text:
    """The ground of the figures, their cut-off, and whether they are estimates."""
    day = content.facts.get("data_to")
    if day is None:
        return (recipient.letterhead.ground_vi,)
    is_estimate = any(row["value_status"] == "estimated" for row in content.tables["targets"].rows)
    until = sentence("annual_estimated" if is_estimate else "annual_actual", day=day_vi(day))
    return (recipient.letterhead.ground_vi, " ", *until)


def verdict_counts(content: Content) -> Text:
    """How many targets have each verdict, without duties that keep books."""
    rows = content.tables["targets"].rows
    every = rows_by_verdict(rows, *MET, "not_met", "undecided", "in_progress", "tracked")
    counts = [("met", len(rows_by_verdict(rows, *MET)))]
    counts += [(each, len(rows_by_verdict(rows, each))) for each in ("not_met", "undecided", "in_progress", "tracked")]
    said = [words(f"annual_verdicts_{name}", count=count_text(count)) for name, count in counts if count]
    return sentence("annual_verdicts", all=count_text(len(every)), counts="; ".join(said))


def _open_matters(content: Content, about: About) -> Text:
    """Targets that are not met or undecided, by name, and who has not reported."""
    rows = content.tables["targets"].rows
    said: list[Any] = []
    if unmet := [_short_of(row) for row in rows_by_verdict(rows, "not_met")]:
        said += sentence("annual_open_not_met", names="; ".join(unmet))
    if undecided := [short_name(row) for row in rows_by_verdict(rows, "undecided")]:
        said += sentence("annual_open_undecided", names="; ".join(undecided))
    if missing := missing_names(content, about):
        names = listed(missing, words("unit_word"), LATE_NAMED)
        said += sentence("annual_open_units", count=count_text(len(missing)), names=names)
    if not said:
        said += sentence("annual_nothing_open")
    if about.forced_because:
        said += sentence("annual_forced", because=about.forced_because.rstrip("."))
    return joined(said)


def _short_of(row: Mapping) -> str:
    short = shortfall(row)
    name = short_name(row)
    return words("annual_open_short", name=name, short=short_words(row, short)) if short else name


def missing_names(content: Content, about: About) -> tuple[str, ...]:
    """The mandatory units without a report."""
    return about.missing_units or tuple(_names(content, "missing", "rejected"))


def _names(content: Content, *what: str) -> Iterator[str]:
    return (row["unit_name_vi"] for row in content.tables["missing"].rows if row["what"] in what and row["expected"])


# Sections


def _leadership(content: Content, values: Values) -> Iterator[Block]:
    yield _heading("leadership")
    yield _own_words(content, "leadership")
    yield from _paragraphs("annual_leadership_", values)
    documents = len(content.tables["documents"].rows)
    if documents:
        yield Paragraph(sentence("annual_documents", count=count_text(documents)))


def _targets(content: Content, about: About) -> Iterator[Block]:
    yield _heading("targets")
    rows = content.tables["targets"].rows
    if missing := missing_names(content, about):
        yield Paragraph(sentence("annual_targets_missing", names=listed(missing, words("unit_word"), LATE_NAMED)))
    if any(row["previous_value"] is not None for row in rows):
        apart = [*missing_before(content), *(name for name in missing if name not in missing_before(content))]
        said = sentence("annual_targets_not_compared", names=", ".join(apart)) if apart else ()
        yield Paragraph(sentence("annual_targets_compared", year=content.period - 1, missing=said))
    yield targets_grid(content, frozenset(revised_targets(content)))
    if revised := revised_targets(content):
        figures = listed(revised.values(), words("figure_word"), REVISED_NAMED)
        yield Paragraph(sentence("annual_revised", year=content.period - 1, figures=figures))
    places = {row["indicator_code"]: row["plan_section"] for row in content.tables["definitions"].rows}
    goal = None
    for row in content.tables["targets"].rows:
        section = (places.get(row["indicator_code"]) or "").partition(";")[0]
        if section != goal:
            goal = section
            yield Heading(words_or(f"annual_goal_{goal}", words("annual_goal")), 2)
        yield Paragraph(target_sentence(content, row), "item")


def revised_targets(content: Content) -> dict[str, str]:
    """The targets whose figure of the year before is not the one that last year's report gave, with both figures."""
    before = content.facts.get("reported_before", {})
    found = {}
    for row in content.tables["targets"].rows:
        if row["previous_value"] is not None and row["indicator_code"] in before:
            old, new = (
                formats.figure(value, row["unit"], None, content.percent_decimals)
                for value in (before[row["indicator_code"]], row["previous_value"])
            )
            if old != new:
                found[row["indicator_code"]] = words("annual_revised_figure", name=short_name(row), old=old, new=new)
    return found


def _by_content_of_the_plan(content: Content, about: About, values: Values) -> Iterator[Block]:
    yield _heading("contents")
    duties = content.tables["duty_totals"].rows
    idle = [row["duty_name_vi"] for row in duties if not _is_begun(row)]
    said = {"begun": number_vi(len(duties) - len(idle)), "all": number_vi(len(duties))}
    not_begun = sentence("annual_duties_idle", names="; ".join(idle)) if idle else ()
    when, lacking = words("annual_coverage_when"), ""
    if missing := missing_names(content, about):
        when = words("annual_coverage_when_missing")
        lacking = words("annual_contents_missing", names=listed(missing, words("unit_word"), LATE_NAMED))
    yield Paragraph(sentence("annual_contents_ground", idle=not_begun, when=when, missing=lacking, **said))
    sections: dict[str, list[dict]] = {}
    for row in duties:
        sections.setdefault(row["section"], []).append(row)
    for number, (section, rows) in enumerate(sections.items(), start=1):
        yield Heading(f"{number}. {rows[0]['section_title_vi']}", 2)
        paragraphs = [*_paragraphs(f"annual_{section}_", values), *(_founded(content) if section == FOUNDING else ())]
        begun = number_vi(sum(map(_is_begun, rows)))
        yield from paragraphs or [Paragraph(sentence("annual_duties", begun=begun, all=number_vi(len(rows))))]
    yield Heading(f"{len(sections) + 1}. {content.tables['priority_groups'].title_vi}", 2)
    yield from priority_grid(content)


def _is_begun(row: Mapping) -> bool:
    """Whether a unit has done a duty, or is at it."""
    return row["done_units"] + row["continuous_units"] + row["in_progress_units"] > 0


def _founded(content: Content) -> Iterator[Paragraph]:
    """Cooperatives founded in the year, by name."""
    rows = [row for row in content.tables["new_cooperatives"].rows if row["women_lead_or_manage"]]
    if rows:
        names = listed([row["cooperative_name"] for row in rows], "HTX", LATE_NAMED)
        supported = sum(bool(row["union_supported_founding"]) for row in rows)
        of_these = sentence("annual_founded_supported", count=count_text(supported))
        said = of_these if supported else sentence("annual_founded_unsupported")
        yield Paragraph(sentence("annual_founded", count=count_text(len(rows)), supported=said, names=names))


def funds(content: Content, values: Values) -> Iterator[Block]:
    yield _heading("funds")
    yield from _paragraphs("annual_funds_", values)
    yield from funds_grid(content)
    for row in content.tables["spending_by_units"].rows:
        if row["breakdown"] == "total" and row["value"] is not None:
            yield Paragraph(sentence("annual_spent_by_units", amount=figure_text(row), coverage=coverage_text(row)))
    yield from _paragraphs("annual_credit_", values)


def discipline(content: Content, values: Values) -> Iterator[Block]:
    yield _heading("discipline")
    yield from _paragraphs("annual_discipline_", values)
    missing, word = list(_names(content, "missing", "rejected")), words("unit_word")
    sent: dict[str, list[str]] = {}
    for row in content.tables["discipline"].rows:
        if row["expected"] and row["received_at"]:
            sent.setdefault(punctuality(row), []).append(row["unit_name_vi"])
    on_due_day, late = (sent.get(each, []) for each in ("on_due_day", "late"))
    for code, names in (("annual_not_sent", missing), ("annual_on_due_day", on_due_day), ("annual_late", late)):
        if names:
            yield Paragraph(sentence(code, count=count_text(len(names)), names=listed(names, word, LATE_NAMED)))
    if left_out := [row["unit_name_vi"] for row in content.tables["missing"].rows if row["what"] == "whole_province"]:
        yield Paragraph(sentence("annual_whole_province", names=listed(left_out, word, LATE_NAMED)))
    owing = len({row["unit_uid"] for row in content.tables["duties_owed"].rows})
    blank = len(content.tables["missing_figures"].rows)
    if owing or blank:
        yield Paragraph(sentence("annual_incomplete", owing=count_text(owing), blank=count_text(blank)))
    for row in content.tables["beyond_limit"].rows:
        said = {name: row[name] for name in ("name_vi", "limit_name_vi")}
        value, at_most = (count_text(row[name]) for name in ("value", "at_most"))
        yield Paragraph(sentence("annual_beyond_limit", value=value, at_most=at_most, **said))


def _assessment(content: Content) -> Iterator[Block]:
    yield _heading("assessment")
    for section in ("results", "shortcomings", "causes", "lessons"):
        yield _heading(f"assessment_{section}", 2)
        yield _own_words(content, section)
    others = {row["unit_uid"] for row in content.tables["narratives"].rows if not row["is_union"]}
    owing = {row["unit_uid"] for row in content.tables["discipline"].rows if row["expected"]}
    voluntary = len(others - owing)
    said = sentence("annual_voluntary", count=count_text(voluntary)) if voluntary else ()
    if others:
        yield Paragraph(sentence("annual_other_narratives", count=count_text(len(others)), voluntary=said))


def _next_year(content: Content) -> Iterator[Block]:
    yield Heading(words("annual_heading_next_year", year=content.period + 1))
    yield _own_words(content, "next_year")


def _proposals(content: Content, recipient: Recipient) -> Iterator[Block]:
    """To each addressee, the recipient first: the Union's own words, then some of the units'.

    What the Union proposes without an addressee is for the recipient: an old form has no code for those."""
    yield _heading("proposals")
    groups: dict[str | None, list[dict]] = {recipient.addressee_code: []}
    for row in content.tables["proposals"].rows:
        is_for_recipient = row["is_union"] and row["addressee"] is None
        groups.setdefault(recipient.addressee_code if is_for_recipient else row["addressee"], []).append(row)
    to_the_union = groups.pop(UNION, [])
    for number, (code, rows) in enumerate(groups.items(), start=1):
        name = (
            recipient.name_vi
            if code == recipient.addressee_code
            else agency_name(rows[0]["addressee"], rows[0]["addressee_vi"] or "", recipient)
        )
        title = words("annual_proposals_to", addressee=name) if name else words("annual_proposals_general")
        yield Heading(f"{number}. {title}", 2)
        own = tuple(row["text"] for row in rows if row["is_union"])
        if own or code == recipient.addressee_code:
            yield OwnWords("proposals", words("annual_proposals_own", addressee=name), own)
        others = _by_text(row for row in rows if not row["is_union"] and row["unit_uid"] != row["addressee"])
        for text, units in others[:PROPOSALS_OF_UNITS]:
            yield Paragraph(sentence("annual_proposal", text=text, units=listed(units, words("unit_word"))), "item")
        if more := others[PROPOSALS_OF_UNITS:]:
            yield Paragraph(sentence("annual_more_proposals", count=count_text(len(more))), "item")
    if to_the_union:
        yield Paragraph(sentence("annual_to_the_union", count=count_text(len(to_the_union))))


def _by_text(rows: Iterable[Mapping]) -> list[tuple[str, list[str]]]:
    """(text, the units that wrote it), in their order."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["text"].strip().rstrip("."), []).append(row["unit_name_vi"])
    return list(found.items())


def _own_words(content: Content, section: str) -> OwnWords:
    rows = [row for row in content.tables["narratives"].rows if row["section"] == section and row["is_union"]]
    texts = tuple(row["text"] for row in rows if row["addressee"] is None)
    return OwnWords(section, words(f"own_words_{section}"), texts)


def _heading(name: str, level: int = 1) -> Heading:
    return Heading(words(f"annual_heading_{name}"), level)


def _paragraphs(prefix: str, values: Values) -> Iterator[Paragraph]:
    return (Paragraph(text) for text in sentences_of(prefix, values))
