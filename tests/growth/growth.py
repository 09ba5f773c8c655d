"""The example at several times its size and over more years: what a benchmark is run on, not a story.

Each organisation is repeated under other names and numbers, with all that is said of it; the last year of the story
is repeated year by year, with its days moved on. The reference data that such an example needs (rosters and cycles
of later years, a baseline as many times as large) are written as a folder of seeds.
"""

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from stdnum.vn import mst

from htx.example.folder import replaced, write_deliveries
from htx.example.organisations.draws import TAX_SERIALS, YEARS, tax_code
from htx.example.organisations.province import make_province
from htx.example.registry import make_snapshots
from htx.example.reports.declarations import with_declarations
from htx.example.reports.deliveries import make_deliveries
from htx.example.reports.report import ListRow, Report, Snapshot, Value
from htx.example.reports.reported_rows import issued_group_code
from htx.example.reports.schedule import make_schedule
from htx.example.seeds import SEEDS_FOLDER, Seeds, read_seeds
from htx.example.tables import write_csv
from warehouse.reference.reference_data import read_reference

ORGANISATIONS = ("01_HTX", "02_THT", "03_HO_TRO", "06_NO")
ENDED = ("dissolved", "became_cooperative")
MONEY = ("revenue", "profit", "average_monthly_income")
YEARLY_GROWTH = 1.03
"""of money from one repeated year to the next, so that no file is last year's"""


def write_grown_example(folder: Path, years: int, times: int = 1, reference_folder: Path = SEEDS_FOLDER) -> None:
    """Write the example of so many years with `times` as many organisations, without an answer key.

    `reference_folder`: what `write_reference` made for as many years and times."""
    reference, seeds = read_reference(reference_folder), read_seeds(reference_folder)
    province = make_province(seeds, 1)
    deliveries = make_deliveries(seeds, 1, province, make_schedule(seeds, 1))
    reports, snapshots = multiply(seeds, *prolong(seeds, deliveries, make_snapshots(seeds, province), years), times)
    with replaced(folder) as draft:
        write_deliveries(draft, reference, seeds, list(with_declarations(seeds, reports, snapshots)), snapshots)


def multiply(seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot], times: int):
    """The reports and snapshots with `times` as many organisations and courses; one stays as it is."""
    numbers = _new_numbers(reports, snapshots)
    copies = [_Copy(seeds, number, numbers) for number in range(1, times)]
    return (
        [replace(report, sheets=_multiplied(report, copies)) for report in reports],
        [_multiplied_snapshot(snapshot, copies) for snapshot in snapshots],
    )


def prolong(seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot], years: int):
    """The reports and snapshots of the first `years` years; reports after the story's last repeat it.

    The registry stays as it last was, since nobody can pull it as of a day that has not come. KeyError when the
    seeds have no cycle or roster for a year."""
    last = YEARS[-1]
    wanted = range(YEARS[0], YEARS[0] + years)
    found = [report for report in reports if report.report_year in wanted]
    for year in wanted:
        if year > last:
            found += [_in_another_year(report, year) for report in reports if report.report_year == last]
    closed = seeds.cycles[wanted[-1]].registry_cut_off
    standing = [snapshot for snapshot in snapshots if snapshot.speaks_of <= closed]
    return sorted(found, key=lambda report: report.received_at), standing


# More organisations ----------------------------------------------------------------------------------------------


class _Copy:
    """One repetition of every organisation: the same thing has the same new name and number wherever it is named."""

    def __init__(self, seeds: Seeds, number: int, numbers: Callable[[str], str]) -> None:
        self.seeds = seeds
        self.number = number
        self.numbers = numbers
        self.known: dict[str, str] = {}

    def name(self, name: Value) -> str:
        return f"{name} số {self.number + 1}"

    def code(self, code: Value) -> Value:
        """Of a cooperative, or of a group in the registry; a blank stays blank."""
        if not code:
            return code
        text = str(code)
        if text not in self.known:
            self.known[text] = f"{text}-{self.number + 1:02d}" if text.startswith("THT-") else self.numbers(text)
        return self.known[text]

    def row(self, sheet: str, row: ListRow, report: Report) -> ListRow:
        if sheet == "04_DAO_TAO":
            return row | {"course_code": f"{row['course_code']}-{self.number + 1:02d}"}
        if sheet == "02_THT":
            return row | self._group(row, report)
        if sheet == "03_HO_TRO":
            named = str(row["organisation_code"])
            is_name = " " in named
            return row | {"organisation_code": self.name(named) if is_name else self.code(named)}
        changed: ListRow = {"registration_number": self.code(row["registration_number"])}
        if sheet == "01_HTX":
            changed["cooperative_name"] = self.name(row["cooperative_name"])
            changed["predecessor_group_code"] = self.code(row["predecessor_group_code"])
        return row | changed

    def _group(self, row: ListRow, report: Report) -> ListRow:
        name, code = self.name(row["group_name"]), row["group_code"]
        place = self.seeds.commune_at(str(row["commune_code"]), report.data_to)
        ground = self.seeds.last_successor(place.uid) if place else ""
        was_issued = code == issued_group_code(str(row["group_name"]), ground)
        return {
            "group_name": name,
            "group_code": issued_group_code(name, ground) if was_issued else self.code(code),
            "became_cooperative": self.code(row["became_cooperative"]),
        }

    def entry(self, entry: ListRow) -> ListRow:
        return entry | {
            "registration_number": self.code(entry["registration_number"]),
            "tax_code": self.code(entry["tax_code"]),
            "name": self.name(entry["name"]),
        }

    def detail(self, row: ListRow) -> ListRow:
        return row | {"registration_number": self.code(row["registration_number"])}


def _new_numbers(reports: Sequence[Report], snapshots: Sequence[Snapshot]) -> Callable[[str], str]:
    """Numbers that nobody bears yet, of the kind of the one that is given: tax codes, or old certificates."""
    entries = [entry for snapshot in snapshots for entry in snapshot.cooperatives]
    taken = {str(entry[name]) for entry in entries for name in ("registration_number", "tax_code")}
    taken |= {str(row["registration_number"]) for each in reports for row in each.sheets.get("01_HTX", ())}
    codes = (code for serial in count(TAX_SERIALS[0]) if (code := tax_code(serial)) and code not in taken)
    certificates = (code for number in count(1) if (code := f"44{number % 11 + 1:02d}L{number:05d}") not in taken)
    return lambda known: next(codes) if mst.is_valid(known) else next(certificates)


def _multiplied(report: Report, copies: Iterable[_Copy]) -> dict[str, list[ListRow]]:
    sheets = {sheet: list(rows) for sheet, rows in report.sheets.items()}
    for sheet in (*ORGANISATIONS, "04_DAO_TAO"):
        if sheet in sheets:
            sheets[sheet] += [each.row(sheet, row, report) for each in copies for row in report.sheets[sheet]]
    return sheets


def _multiplied_snapshot(snapshot: Snapshot, copies: Sequence[_Copy]) -> Snapshot:
    return Snapshot(
        snapshot.speaks_of,
        (*snapshot.cooperatives, *(each.entry(row) for each in copies for row in snapshot.cooperatives)),
        (*snapshot.managers, *(each.detail(row) for each in copies for row in snapshot.managers)),
        (*snapshot.classifications, *(each.detail(row) for each in copies for row in snapshot.classifications)),
    )


# More years ------------------------------------------------------------------------------------------------------


def _in_another_year(report: Report, year: int) -> Report:
    """The report as it would be sent for a later year, of the organisations that still stand."""
    later = year - report.report_year
    data_to = _moved(report.data_to, later)
    ended = {row["registration_number"] for row in report.sheets.get("01_HTX", ()) if row["status"] in ENDED}
    sheets = {
        sheet: [_later_row(row, later, report.report_year) for row in rows if _still_counts(row, ended)]
        for sheet, rows in report.sheets.items()
    }
    emptied = {sheet for sheet, rows in report.sheets.items() if rows and not sheets[sheet]}
    return replace(
        report,
        report_year=year,
        received_at=_moved(report.received_at, later),
        data_from=_moved(report.data_to, later - 1) + timedelta(days=1),
        data_to=data_to,
        signed_on=_moved(report.signed_on, later) if report.signed_on else None,
        sheets=sheets,
        nil=report.nil | emptied,
        file_name=report.file_name.replace(str(report.report_year), str(year)),
    )


def _still_counts(row: ListRow, ended: set[Value]) -> bool:
    has_ended = row.get("status") in ENDED or row.get("registration_number") in ended
    return not has_ended and row.get("support_kind") != "founding_advice"


def _later_row(row: ListRow, later: int, since: int) -> ListRow:
    moved = dict(row)
    for field_code in ("started_on", "ended_on", "held_on"):
        if row.get(field_code):
            moved[field_code] = _moved(row[field_code], later)
    for field_code in MONEY:
        if row.get(field_code):
            moved[field_code] = round(row[field_code] * YEARLY_GROWTH**later, 1)
    for field_code in ("course_code", "course_name"):
        if row.get(field_code):
            moved[field_code] = str(row[field_code]).replace(str(since), str(since + later))
    return moved


def _moved(day: date | datetime, years: int) -> date | datetime:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


# Their reference data --------------------------------------------------------------------------------------------


def write_reference(folder: Path, years: int, times: int, reference_folder: Path = SEEDS_FOLDER) -> None:
    """A folder of seeds for an example of so many years and times as many organisations.

    Rosters and cycles of later years are those of the last known one, and the plan's last phase goes on until then;
    the baseline grows with the registry."""
    shutil.copytree(reference_folder, folder, dirs_exist_ok=True)
    last = YEARS[0] + years - 1
    for name in ("reporting_roster", "report_cycles"):
        _rewrite(folder / f"{name}.csv", lambda rows: list(_with_later_years(rows, last)))
    _rewrite(folder / "phases.csv", lambda rows: [*rows[:-1], _prolonged(rows[-1], last)])
    _rewrite(
        folder / "measures.csv",
        lambda rows: [row | {"baseline": str(int(row["baseline"]) * times) if row["baseline"] else ""} for row in rows],
    )


def _rewrite(path: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    write_csv(path, list(rows[0]), (row.values() for row in change(rows)))


def _with_later_years(rows: list[dict[str, str]], last: int) -> Iterator[dict[str, str]]:
    yield from rows
    known = max(int(row["report_year"]) for row in rows)
    for year in range(known + 1, last + 1):
        for row in rows:
            if int(row["report_year"]) == known:
                yield {name: _later_text(name, text, year - known) for name, text in row.items()}


def _prolonged(phase: dict[str, str], until: int) -> dict[str, str]:
    later = max(0, until - date.fromisoformat(phase["ends_on"]).year)
    return {name: _later_text(name, text, later) for name, text in phase.items()} | {"begins_on": phase["begins_on"]}


def _later_text(name: str, text: str, later: int) -> str:
    if name == "report_year":
        return str(int(text) + later)
    try:
        return _moved(date.fromisoformat(text), later).isoformat()
    except ValueError:
        return text
