"""A new year and a new form version as rows of the plan's folder, for a person to look through and commit."""

import csv
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from warehouse.reference.csv_rows import InvalidReferenceData, Row, read_rows, read_table

YEAR = "report_year"
VERSION = re.compile(r"[0-9]{4}\.[1-9]")
"""of one digit, since versions are in the order of their names as text"""


def open_season(plan: Path, year: int) -> list[str]:
    """Write the roster of a report year, and its cycle where there is none, as copies of the year before; what a
    person must look at, a sentence each.

    A deadline of one unit's own is not carried over. Raises InvalidReferenceData where the year has a roster already or
    the year before has none; then nothing is written."""
    roster, cycles = read_rows(plan / "reporting_roster.csv"), read_rows(plan / "report_cycles.csv")
    before = _of_year(roster, year - 1)
    if _of_year(roster, year):
        raise InvalidReferenceData(f"reporting_roster.csv has the units of {year} already: edit its rows.")
    if not before or not _of_year(cycles, year - 1):
        raise InvalidReferenceData(f"reporting_roster.csv and report_cycles.csv must have {year - 1} before {year}.")
    said = [f"reporting_roster.csv: {len(before)} units of {year - 1} carried forward; who reports, and who must?"]
    _append(plan / "reporting_roster.csv", [_in(row, year) | {"due_before": ""} for row in before])
    if own := [row["reporting_unit_code"] for row in before if row["due_before"]]:
        said.append(f"reporting_roster.csv: {', '.join(own)} had a deadline of its own, which was not carried over.")
    if _of_year(cycles, year):
        said.append(f"report_cycles.csv: {year} is there already; are its dates and its form version still right?")
    else:
        _append(plan / "report_cycles.csv", [_in(row, year) for row in _of_year(cycles, year - 1)])
        said.append(
            f"report_cycles.csv: dates of {year - 1}, a year later; phase, dates and form version are to be confirmed."
        )
    return [*said, *_to_look_at(plan, year)]


def new_form_version(plan: Path, version: str, earlier: str, first_year: int) -> list[str]:
    """Write a form version, so far without a difference from the one before it, and let a year and those after it use
    it; what to write next, a sentence each.

    A version is its differences from the version before it in the order of names, so `earlier` must be the newest, and
    the new one sorts after it. Raises InvalidReferenceData; then nothing is written."""
    if not VERSION.fullmatch(version):
        raise InvalidReferenceData(f"{version} is no name of a form version: the year and a digit, such as 2028.1.")
    versions = read_rows(plan / "form_versions.csv")
    newest = max(versions, key=lambda row: row["form_version"])
    if newest["form_version"] != earlier or version <= earlier:
        raise InvalidReferenceData(
            f"form_versions.csv: the newest version is {newest['form_version']}; a new one is written as differences"
            f" from it and its name sorts after it, which {version} from {earlier} does not."
        )
    cycles = read_rows(plan / "report_cycles.csv")
    if not _of_year(cycles, first_year):
        raise InvalidReferenceData(f"report_cycles.csv has no row of {first_year}: open that season first.")
    _append(
        plan / "form_versions.csv", [newest.cells | {"form_version": version, "note": f"differences from {earlier}"}]
    )
    asking = [row.cells | ({"form_version": version} if int(row[YEAR]) >= first_year else {}) for row in cycles]
    _write(plan / "report_cycles.csv", asking)
    return [
        f"form_versions.csv: {version}, all of {earlier} so far; in use from {first_year} on.",
        f"form_fields.csv, form_sheets.csv: a row of {version} for each field or sheet that differs; type dropped"
        " ends a field.",
        f"form_definitions.csv, form_texts.csv, form_rows.csv: a row of {version} for each text that differs.",
    ]


def _to_look_at(plan: Path, year: int) -> list[str]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [row.day("day") for row in read_rows(plan / "non_working_days.csv", True)]
    listed = sum(first <= day <= last for day in days)
    heads = max(row.day("valid_from") for row in read_rows(plan / "letterheads.csv"))
    said = [
        f"non_working_days.csv: {listed} days of {year}; those of Tet and those worked in exchange are still to come?",
        f"letterheads.csv: the newest holds from {heads}; are agency, signer and plan still theirs?",
        "unit_mailboxes.csv, union_mailboxes.csv: does everybody still read there?",
    ]
    ending = [
        f"{row['code_list']} {row['code']}"
        for row in read_rows(plan / "code_days.csv", True)
        if row["valid_to"] and row.day("valid_to").year == year - 1
    ]
    if ending:
        said.append(f"code_days.csv: ended in {year - 1}: {', '.join(ending)}; does the form name what follows?")
    if targets := [row["indicator_code"] for row in read_rows(plan / "targets.csv") if row["target_year"] == str(year)]:
        said.append(f"targets.csv: to be met in {year}: {', '.join(targets)}.")
    return said


def _of_year(rows: Sequence[Row], year: int) -> list[Row]:
    return [row for row in rows if row[YEAR] == str(year)]


def _in(row: Row, year: int) -> dict[str, str]:
    """The cells of a row in another year, its days moved by as many years."""
    moved = {name: _moved(cell, year - int(row[YEAR])) for name, cell in row.cells.items()}
    return moved | {YEAR: str(year)}


def _moved(cell: str, years: int) -> str:
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return cell
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap_day else day.day).isoformat()


def _append(path: Path, rows: Sequence[dict[str, str]]) -> None:
    columns, *there = read_table(path)
    _write(path, [*(dict(zip(columns, cells, strict=True)) for cells in there), *rows])


def _write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """Write a file in plain form. Raises InvalidReferenceData where the folder can only be read, as on a server."""
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidReferenceData(
            f"{path} cannot be written ({error.strerror}): run this on a desk, in the plan's repository that HTX_PLAN"
            " names there, commit, and update the server's folder."
        ) from error
    with file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
