"""The paper on reports asked for beside the yearly one: what was requested, what came, what is overdue."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from reporting.content.recipients import Recipient
from reporting.content.tables import Column
from reporting.papers.blocks import Annex, Block, Grid, Heading, Outline, Paragraph, Text
from reporting.papers.sentences import agency_name, sentence, words
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import counted_vi

ASKED = (("number", "text"), ("by", "text"), ("subject", "text"), ("due", "date"), ("came", "integer"))
CAME = (("number", "text"), ("unit", "text"), ("received", "date"), ("document", "text"), ("when", "text"))


def adhoc_outline(requests: Sequence[dict], recipient: Recipient, on: date) -> Outline:
    """The paper as of a day. `requests`: rows of content.adhoc, a row for each request and unit."""
    named = [{**row, "unit_name_vi": agency_name(row["unit_uid"], row["unit_name_vi"], recipient)} for row in requests]
    asked = [list(rows) for _, rows in groupby(named, key=lambda row: row["request_number"])]
    passed = [rows for rows in asked if rows[0]["due_on"] < on]
    overdue = [rows for rows in passed if _owed(rows, on)]
    blocks: list[Block] = [Paragraph(_opening(asked, len(overdue), recipient, on))]
    if asked:
        blocks += [Heading(words("adhoc_asked_title")), _asked(asked)]
        blocks.append(Heading(words("adhoc_overdue_title")))
        blocks += [Paragraph(_overdue(rows, on), "item") for rows in overdue]
        if not overdue:
            blocks.append(Paragraph(sentence("adhoc_none_overdue")))
        blocks += [Paragraph(_ended(rows, on)) for rows in passed if len(_missing(rows)) > len(_owed(rows, on))]
    came = [row for row in named if row["received_at"]]
    annexes = (Annex(words("adhoc_came_title"), (_came(came),)),) if came else ()
    subject = words("adhoc_subject", on=day_vi(on))
    closing = words("adhoc_closing", recipient=recipient.name_vi)
    return Outline("adhoc", recipient.letterhead.document_type_vi, subject, tuple(blocks), closing, annexes)


def _opening(asked: list[list[dict]], overdue: int, recipient: Recipient, on: date) -> Text:
    """How many were requested, answered by all and overdue, in words where there is none."""
    said = {"opening": recipient.opening_vi, "on": day_vi(on)}
    if not asked:
        return sentence("adhoc_no_requests", **said)
    whole = sum(not _missing(rows) for rows in asked)
    return sentence(
        "adhoc_opening",
        **said,
        requests=counted_vi(len(asked)),
        whole=words("adhoc_whole", count=counted_vi(whole)) if whole else words("adhoc_none_whole"),
        overdue=(
            words("adhoc_late_requests", count=counted_vi(overdue)) if overdue else words("adhoc_no_late_requests")
        ),
    )


def _asked(asked: list[list[dict]]) -> Grid:
    rows: tuple[dict[str, Text], ...] = tuple(
        {
            "number": (_number(rows[0]),),
            "by": (rows[0]["requested_by_vi"],),
            "subject": (rows[0]["subject_vi"],),
            "due": (day_vi(rows[0]["due_on"]),),
            "came": (f"{len(rows) - len(_missing(rows))}/{len(rows)}",),
        }
        for rows in asked
    )
    return Grid(words("adhoc_asked_caption"), _columns(ASKED), rows, (20, 18, 36, 13, 13))


def _came(came: list[dict]) -> Grid:
    rows: tuple[dict[str, Text], ...] = tuple(
        {
            "number": (row["request_number"],),
            "unit": (row["unit_name_vi"],),
            "received": (day_vi(row["received_at"]),),
            "document": (row["document_number"] or "",),
            "when": sentence("adhoc_on_time" if row["on_time"] else "adhoc_late"),
        }
        for row in came
    )
    return Grid(words("adhoc_came_caption"), _columns(CAME), rows, (20, 32, 14, 20, 14))


def _overdue(rows: list[dict], on: date) -> Text:
    return sentence("adhoc_overdue", due=day_vi(rows[0]["due_on"]), **_units(rows[0], _owed(rows, on)))


def _ended(rows: list[dict], on: date) -> Text:
    """Units that did not answer and do not exist any more: nobody can be asked for their report."""
    owed = _owed(rows, on)
    return sentence("adhoc_ended", **_units(rows[0], [row for row in _missing(rows) if row not in owed]))


def _units(request: dict, rows: list[dict]) -> dict[str, str]:
    names = "; ".join(row["unit_name_vi"] for row in rows)
    return {"number": _number(request), "count": counted_vi(len(rows)), "units": names}


def _number(row: dict) -> str:
    return words("adhoc_number", number=row["request_number"], on=day_vi(row["requested_on"]))


def _missing(rows: list[dict]) -> list[dict]:
    return [row for row in rows if not row["received_at"]]


def _owed(rows: list[dict], on: date) -> list[dict]:
    """Those of units that still stand."""
    return [row for row in _missing(rows) if row["unit_valid_to"] is None or row["unit_valid_to"] >= on]


def _columns(columns: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    return tuple(Column(code, words(f"adhoc_column_{code}"), kind) for code, kind in columns)
