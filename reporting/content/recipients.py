"""The recipients of reports, their letterheads, and how their papers cite the plan: recipients.csv, letterheads.csv and
plan_papers.csv of the seeds."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from reporting.content.plan_paper import Citation, cited
from warehouse.reference.csv_rows import Row, read_rows

UNION = "UNION"  # the Union itself: gets the note on a draft, signs and is mailed nothing


class LetterheadMissing(Exception):
    """No row of letterheads.csv is valid for a recipient on a day; the message names both."""


@dataclass(frozen=True)
class Letterhead:
    """The agencies, symbol, place, kind of document and signer from `valid_from` on, the kind of province (tỉnh, thành
    phố), and how the ground of its figures is named. The office adds number and day when it signs, and the name of the
    signer where the row has none."""

    valid_from: date
    superior_agency_vi: str
    issuing_agency_vi: str
    number_symbol_vi: str
    place_vi: str
    province_kind_vi: str
    document_type_vi: str
    signer_authority_vi: str
    signer_title_vi: str
    signer_name_vi: str
    ground_vi: str
    copies_to_vi: tuple[str, ...]


@dataclass(frozen=True)
class Recipient:
    """A recipient of reports: `addressee_code` is its code among the agencies to which proposals go, `addressee_vi`
    follows "Kính gửi", `opening_vi` begins the first sentence; `is_plan_open`: the plan's number or day are dots in it.
    Where words name a column of letterheads.csv in braces, the letterhead of the day fills it in; {plan_vi} is the plan
    with number and day."""

    recipient: str
    addressee_code: str
    name_vi: str
    addressee_vi: tuple[str, ...]
    opening_vi: str
    is_plan_open: bool
    mailbox: str
    letterhead: Letterhead


def read_recipients(seeds: Path, kind: str, on: date, of_example: bool = False) -> list[Recipient]:
    """The recipients of a kind of document (annual, phase_review, budget_estimate, adhoc) on a day, in order, with the
    letterhead of that day. `of_example`: the plan is cited as that of the example province.

    `seeds` is the folder of the CSV files. Raises LetterheadMissing, InvalidReferenceData."""
    letterheads = read_rows(seeds / "letterheads.csv")
    rows = [
        row
        for row in read_rows(seeds / "recipients.csv")
        if kind in row.items("kinds") and _day(row, "valid_from", date.min) <= on <= _day(row, "valid_to", date.max)
    ]
    rows.sort(key=lambda row: row.integer("sort_order"))
    heads = [_letterhead(letterheads, row["recipient"], on) for row in rows]
    plan = cited(seeds, on, of_example)
    return [_recipient(row, head, plan) for row, head in zip(rows, heads, strict=True)]


def _day(row: Row, column: str, otherwise: date) -> date:
    return row.day(column) if row[column] else otherwise


def _recipient(row: Row, letterhead: Letterhead, plan: Citation) -> Recipient:
    words = {each.name: getattr(letterhead, each.name) for each in fields(Letterhead) if each.type is str}
    words["plan_vi"] = plan.text_vi
    try:
        return Recipient(
            row["recipient"],
            row["addressee_code"],
            row["name_vi"].format(**words),
            tuple(each.format(**words) for each in row.items("addressee_vi")),
            row["opening_vi"].format(**words),
            plan.is_open and "{plan_vi}" in row["opening_vi"],
            row["mailbox"],
            letterhead,
        )
    except KeyError as error:
        message = f"recipients.csv: {row['recipient']} names {error} in braces, which letterheads.csv does not have."
        raise LetterheadMissing(message) from error


def _letterhead(rows: Iterable[Row], recipient: str, on: date) -> Letterhead:
    valid = [row for row in rows if row["recipient"] == recipient and row.day("valid_from") <= on]
    if not valid:
        raise LetterheadMissing(f"letterheads.csv has no row for {recipient} that is valid on {on}.")
    row = max(valid, key=lambda row: row.day("valid_from"))
    texts = {each.name: row[each.name] for each in fields(Letterhead) if each.type is str}
    return Letterhead(valid_from=row.day("valid_from"), copies_to_vi=row.items("copies_to_vi"), **texts)
