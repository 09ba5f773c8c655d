"""Sentences of the review of a phase. What compares figures is left out where they do not cover all who owe them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from reporting.content import formats
from reporting.content.keys import VALUE
from reporting.content.recipients import Recipient
from reporting.content.tables import Content
from reporting.papers.blocks import Figure, Paragraph, Text
from reporting.papers.figures import figure_text, listed, sentences_of
from reporting.papers.grids import figure_cell
from reporting.papers.phase_grids import of_targets, sources_missing
from reporting.papers.sentences import joined, sentence, words, words_or
from reporting.papers.targets import CHANGES_NAMED, goal_text, short_name
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import counted_vi, number_vi

REACHED = ("met", "exceeded")
LEFT_OUT = "whole_province"  # what a unit sent that has no part in the figures
NAMES = 8  # how many are named before "and others"
MANAGERS = "T05"
ALLOCATED, DISBURSED = ("C23", "allocated"), ("C23", "disbursed")
# the proposals behind each part of the sentence that counts them
PROPOSED = {"kept": ("keep", "support"), "changed": ("raise", "lower"), "set": ("set",), "waiting": ("complete_data",)}
BELOW_TEN = frozenset("123456789")


def ground(content: Content, recipient: Recipient) -> Text:
    """The ground of the figures, and until which day they are counted or estimated."""
    is_estimated = any(row["value_status"] == "estimated" for row in content.tables["path"].rows)
    code = "phase_ground_estimated" if is_estimated else "phase_ground"
    day = day_vi(content.facts["data_to"]) if content.facts["data_to"] else ""
    return sentence(code, ground=recipient.letterhead.ground_vi, day=day)


def missing(content: Content) -> Text:
    """The mandatory units without a report, then those whose figures do not count, by year; nothing where all count."""
    rows = [row for row in content.tables["missing"].rows if row["expected"]]
    left_out = [row for row in rows if row["what"] == LEFT_OUT]
    said: list[str | Figure] = []
    for code, found in (("phase_missing", [row for row in rows if row not in left_out]), ("phase_left_out", left_out)):
        parts = [
            words(
                "phase_missing_year",
                year=year,
                units=listed((row["unit_name_vi"] for row in of_year), words("unit_word"), NAMES),
            )
            for year, of_year in groupby(found, key=lambda row: row["report_year"])
        ]
        said += sentence(code, units="; ".join(parts)) if parts else ()
    return joined(said)


def verdicts(content: Content) -> Text:
    """How many of the targets of the phase were reached, missed, or cannot be judged."""
    rows, due = of_targets(content), due_targets(content)
    counts = {
        "targets": counted_vi(len(due)),
        "reached": counted_vi(sum(row["verdict"] in REACHED for row in due)),
        "not_met": counted_vi(sum(row["verdict"] == "not_met" for row in due)),
        "undecided": counted_vi(sum(row["verdict"] == "undecided" for row in due)),
        "later": counted_vi(len(rows) - len(due)),
    }
    return sentence("phase_verdicts", **counts)


def brought(content: Content) -> Text:
    """Organisations, jobs, courses and debts of the phase."""
    values = {
        row["indicator_code"] + ("" if row["measure_code"] == VALUE else f".{row['measure_code']}"): counted(
            figure_cell(content, row)
        )
        for row in whole_totals(content)
        if row["value"] is not None
    }
    parts = list(sentences_of("phase_brought_", values))
    return sentence("phase_brought", parts=in_series(parts)) if parts else ()


def money(content: Content) -> Text:
    """What was allocated and disbursed, and the rate where all who owe either gave it in all years."""
    totals = {(row["indicator_code"], row["measure_code"]): row for row in whole_totals(content)}
    allocated, disbursed = totals.get(ALLOCATED), totals.get(DISBURSED)
    if not allocated or not disbursed or allocated["value"] is None or disbursed["value"] is None:
        return ()
    values = {"allocated": figure_cell(content, allocated), "disbursed": figure_cell(content, disbursed)}
    sources = sources_missing(content)
    if allocated["incomplete_years"] or disbursed["incomplete_years"] or not allocated["value"]:
        return joined([*sentence("phase_money", **values), sources])
    rate = formats.percent(100 * disbursed["value"] / allocated["value"], content.percent_decimals)
    return joined([*sentence("phase_money_rate", rate=rate, **values), sources])


def missed(content: Content) -> Text:
    """The names of the targets that were missed."""
    rows = [row for row in due_targets(content) if row["verdict"] == "not_met"]
    said = "; ".join(short_name(row) for row in rows)
    return sentence("phase_missed", targets=said) if rows else ()


def proposed(content: Content) -> Text:
    """How many targets stay, change, are new, or must wait; from what to what those that move."""
    rows = content.tables["target_proposals"].rows
    parts = []
    for code, proposals in PROPOSED.items():
        of_code = [row for row in rows if row["proposal"] in proposals]
        names = [_moved(row) for row in of_code if row["proposed_target"] not in (None, row["next_target"])]
        if of_code:
            parts.append(words(f"phase_proposed_{code}", count=counted_vi(len(of_code)), names="; ".join(names)))
    return sentence("phase_proposed", parts="; ".join(parts)) if parts else sentence("phase_nothing_proposed")


def _moved(row: Mapping) -> str:
    """A target with what it is to be, and what it is."""
    values = {code: formats.figure(row[f"{code}_target"], row["unit"]) for code in ("proposed", "next")}
    code = "phase_moved" if row["next_target"] is not None else "phase_moved_new"
    return words(code, name=short_name(row), unit=row["unit_vi"], **values)


def proposals_changed(content: Content, before: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[Paragraph]:
    """Of a paper that replaces another: each proposal that is another one now, that is new, or that is no more made,
    with the old words and the new. `before` has the rows of the replaced paper, by table; of a table that it lacks
    nothing is said."""
    said = []
    for table, code in (("target_proposals", "indicator_code"), ("duty_proposals", "duty_code")):
        old = {row[code]: row for row in before.get(table, ()) if row.get(code)}
        new = {row[code]: row for row in content.tables[table].rows} if old else {}
        for key in dict.fromkeys([*old, *new]):
            was, now = (rows.get(key, {}).get("proposal_vi", "").rstrip(".") for rows in (old, new))
            if was != now:
                name = _name_of_proposal({**old.get(key, {}), **new.get(key, {})})
                kind = "changes_proposal" if was and now else f"changes_proposal_{'gone' if was else 'new'}"
                said.append(sentence(kind, name=name, old=was, new=now))
    yield from (Paragraph(text, "item") for text in said[:CHANGES_NAMED])
    if more := said[CHANGES_NAMED:]:
        yield Paragraph(sentence("changes_proposals_more", count=counted_vi(len(more))), "item")


def _name_of_proposal(row: Mapping) -> str:
    return short_name(row) if "indicator_code" in row else row["duty_name_vi"]


def reached(content: Content) -> Text:
    """The targets that were reached, each with result and target."""
    rows = [row for row in due_targets(content) if row["verdict"] in REACHED]
    parts = [sentence("phase_reached_part", name=short_name(row), **_against(content, row)) for row in rows]
    return sentence("phase_reached", count=counted_vi(len(rows)), parts=in_series(parts)) if rows else ()


def not_reached(content: Content, row: Mapping) -> Text:
    """Of a missed target who is behind it, of an undecided one within which bounds it may still be."""
    said = {"name": row["indicator_name_vi"], **_against(content, row)}
    units = row["missing_units"] or ""
    if row["verdict"] == "not_met":
        return joined([*sentence("phase_not_met", **said), *_behind(content, row["indicator_code"])])
    if row["bound_kind"] == "open" or row["value_high"] is None:
        return sentence("phase_undecided_open", units=units, **said)
    low, high = (
        formats.figure(row[code], row["unit"], None, content.percent_decimals) for code in ("value_low", "value_high")
    )
    assumed = words("phase_assumed") if row["bound_kind"] == "assumed" else ""
    return sentence("phase_undecided", units=units, low=low, high=high, assumed=assumed, **said)


def _behind(content: Content, indicator_code: str) -> Text:
    """Who keeps a target of 100 % from being met: cooperatives where they are known, else units; with their numbers."""
    if indicator_code == MANAGERS:
        code, of = "phase_behind_cooperatives", words("phase_cooperatives")
        rows = [
            (words("phase_cooperative", name=row["cooperative_name"], place=row["commune_name_vi"]), row["untrained"])
            for row in content.tables["untrained_managers"].rows
        ]
    else:
        code, of = "phase_behind_units", words("unit_word")
        of_target = [row for row in content.tables["shortfalls"].rows if row["indicator_code"] == indicator_code]
        rows = [(row["unit_name_vi"], row["short"]) for row in of_target]
    if not rows:
        return ()
    parts = listed(
        [words("phase_behind_part", name=name, count=counted_vi(int(short))) for name, short in rows], of, NAMES
    )
    short = counted_vi(int(sum(short for _, short in rows)))
    return sentence(code, short=short, count=counted_vi(len(rows)), parts=parts)


def duties(content: Content) -> Text:
    """How many duties all units did in the last year, which are under way, were done in earlier years alone or in none
    of the phase, and of how many most units say nothing. Units to which a duty was not assigned do not count."""
    rows = content.tables["duties"].rows
    not_done = [row for row in rows if not row["done_units"]]
    idle = [row for row in not_done if not row["in_progress_units"]]
    named = {
        "under_way": [row["duty_name_vi"] for row in not_done if row["in_progress_units"]],
        "earlier": [row["duty_name_vi"] for row in idle if row["is_done_in_phase"]],
        "undone": [row["duty_name_vi"] for row in idle if not row["is_done_in_phase"]],
    }
    counts = {
        "duties": counted_vi(len(rows)),
        "whole": counted_vi(sum(row["done_units"] == row["assigned_units"] for row in rows)),
        "partly": counted_vi(sum(0 < row["done_units"] < row["assigned_units"] for row in rows)),
        "silent": counted_vi(sum(2 * row["reported_units"] < row["assigned_units"] for row in rows)),
    }
    others = {
        code: words(f"phase_duties_{code}", count=counted_vi(len(names)), names="; ".join(names)) if names else ""
        for code, names in named.items()
    }
    return sentence("phase_duties", year=max(content.facts["years"]), **others, **counts)


def withheld(rows: Iterable[Mapping]) -> Text:
    """Which targets have no pace, by the reason; nothing where all have one."""
    reasons: dict[str, list[Mapping]] = {}
    for row in rows:
        if row["pace_withheld"]:
            reasons.setdefault(row["pace_withheld"], []).append(row)
    parts = [
        words(
            "phase_withheld_part",
            names="; ".join(map(short_name, of_reason)),
            because=words_or(f"phase_withheld_{reason}", of_reason[0]["pace_withheld_vi"]),
        )
        for reason, of_reason in reasons.items()
    ]
    return sentence("phase_withheld", parts="; ".join(parts)) if parts else ()


def not_forecast(rows: Iterable[Mapping]) -> Text:
    """Which targets have no forecast because their verdict is not decided; nothing where all are."""
    names = [short_name(row) for row in rows if row["is_undecided"] and not row["pace_withheld"]]
    return sentence("phase_not_forecast", names="; ".join(names)) if names else ()


def on_duties(content: Content, rule: str, rows: list[dict]) -> Iterator[Paragraph]:
    """What is proposed for all duties of a rule, by section of the plan; of a single one, or by a rule that an office
    added, its own words."""
    if len(rows) == 1 or not words_or(f"phase_{rule}", ""):
        for row in rows:
            said = {"proposal": row["proposal_vi"], "because": row["because_vi"], "effect": row["effect_vi"]}
            yield Paragraph(sentence("phase_duty_single", **said))
        return
    missing = number_vi(sum(row["assigned_units"] - row["reported_units"] for row in rows))
    yield Paragraph(sentence(f"phase_{rule}", count=counted_vi(len(rows)), missing=missing))
    sections = {row["duty_code"]: row["section_title_vi"] for row in content.tables["duties"].rows}
    for title, of_section in groupby(rows, key=lambda row: sections.get(row["duty_code"], "")):
        parts = "; ".join(
            words("phase_duty_part", name=row["duty_name_vi"], reported=row["reported_units"],
                  assigned=row["assigned_units"])
            for row in of_section
        )  # fmt: skip
        yield Paragraph(sentence("phase_duty_section", section=title, parts=parts), "item")


def due_targets(content: Content) -> list[dict]:
    """The targets that the phase had to reach."""
    last = max(content.facts["years"])
    rows = of_targets(content)
    return [row for row in rows if row["target"] is not None and row["target_year"] <= last]


def whole_totals(content: Content) -> list[dict]:
    """The totals of the phase without their parts."""
    return [row for row in content.tables["totals"].rows if row["breakdown"] == "total"]


def counted(text: Text) -> Text:
    """A count within a sentence: below ten with a zero."""
    return tuple(
        Figure(f"0{each}", each.key) if isinstance(each, Figure) and each.text in BELOW_TEN else each for each in text
    )


def in_series(parts: Iterable[Text]) -> Text:
    """Texts with a semicolon between."""
    pieces: list[str | Figure] = []
    for part in parts:
        pieces += ["; ", *part] if pieces else part
    return joined(pieces)


def _against(content: Content, row: Mapping) -> dict[str, Text | str]:
    """A figure with its unit, and its target."""
    value = figure_text(row, content.percent_decimals)
    if row["unit"] == formats.PERCENT:
        return {"value": value, "target": goal_text(row)}
    return {"value": (*value, f" {row['unit_vi']}"), "target": f"{goal_text(row)} {row['unit_vi']}"}
