"""Who gets the reports, and what stands above and below them: recipients.csv and letterheads.csv of the seeds."""

import csv
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any


class LetterheadMissing(Exception):
    """No row of letterheads.csv is valid for a recipient on a day; the message names both."""


@dataclass(frozen=True)
class Letterhead:
    """The agencies, symbol, place, kind of document and signer on `valid_from` and after. Number and day are not
    data: the office writes them when it signs."""

    valid_from: date
    superior_agency_vi: str
    issuing_agency_vi: str
    number_symbol_vi: str
    place_vi: str
    document_type_vi: str
    signer_authority_vi: str
    signer_title_vi: str
    copies_to_vi: tuple[str, ...]


@dataclass(frozen=True)
class Recipient:
    """Who a report is for: `addressee_vi` stands after "Kính gửi", `opening_vi` begins its first sentence."""

    recipient: str
    name_vi: str
    addressee_vi: tuple[str, ...]
    opening_vi: str
    mailbox: str
    letterhead: Letterhead


def read_recipients(seeds: Path, kind: str, on: date) -> list[Recipient]:
    """The recipients of a kind of document (annual, phase_review), in their order, with the letterhead of a day.

    `seeds` is the folder of the CSV files. Raises LetterheadMissing."""
    letterheads = _rows(seeds / "letterheads.csv")
    return [
        Recipient(
            row["recipient"],
            row["name_vi"],
            _several(row["addressee_vi"]),
            row["opening_vi"],
            row["mailbox"],
            _letterhead(letterheads, row["recipient"], on),
        )
        for row in sorted(_rows(seeds / "recipients.csv"), key=lambda row: int(row["sort_order"]))
        if kind in _several(row["kinds"])
    ]


def _letterhead(rows: list[dict[str, str]], recipient: str, on: date) -> Letterhead:
    valid = [row for row in rows if row["recipient"] == recipient and date.fromisoformat(row["valid_from"]) <= on]
    if not valid:
        raise LetterheadMissing(f"letterheads.csv has no row for {recipient} that is valid on {on}.")
    row = max(valid, key=lambda row: row["valid_from"])
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Letterhead)}
    values["valid_from"] = date.fromisoformat(row["valid_from"])
    values["copies_to_vi"] = _several(row["copies_to_vi"])
    return Letterhead(**values)


def _several(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
