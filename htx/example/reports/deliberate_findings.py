"""The errors and queries that the example puts in on purpose; no other rule may fire on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from htx.example.organisations.draws import YEARS
from htx.example.organisations.province import Province
from htx.example.reports.deliveries import impossible_row
from htx.example.reports.lists import unit_on_ground
from htx.example.reports.report import FIRST_DATA_ROW, ListRow, Report
from htx.example.reports.story import STORY, roles_at
from htx.example.seeds import Seeds

COVER = "00_BIA"
COVER_HEAD_ROWS = 3
"""of the cover, above its first field"""

Flagged = tuple[str, str, ListRow | None, str]
"""rule, sheet, row (None: the whole sheet or file), field"""


@dataclass(frozen=True)
class DeliberateFinding:
    """One line of findings.csv. Row, field and cell are blank where the finding speaks of a whole sheet or file."""

    path: str
    rule_code: str
    severity: str
    sheet_code: str
    row_number: int | None
    field_code: str
    cell: str


def deliberate_findings(seeds: Seeds, province: Province, reports: Sequence[Report]) -> list[DeliberateFinding]:
    """What a reader who knows the rules finds in these files, in order of their arrival."""
    found: list[DeliberateFinding] = []
    heard: set[tuple[int, str]] = set()
    for report in reports:
        flagged = [
            *_of_cooperatives(province, report),
            *_of_other_rows(province, report),
            *_of_duties(seeds, report),
            *_of_the_file(seeds, province, report, heard),
        ]
        found += [_finding(seeds, report, *each) for each in flagged]
        if report.accepted:
            heard.add((report.report_year, report.unit_code))
    return found


def _of_cooperatives(province: Province, report: Report) -> Iterator[Flagged]:
    sheet = "01_HTX"
    far, jumped = (
        {province.by_role[key].number for key in roles_at(event, report.report_year)}
        for event in ("far_from_the_registry", "jumped")
    )
    reported_twice = province.by_role["w11"].number if report.report_year == YEARS[-1] else None
    for row in report.sheets.get(sheet, ()):
        number = row["registration_number"]
        nobody = not row["women_managers"] and 2 * row["women_workers"] <= row["workers"]
        for rule, field, is_found in (
            ("H13", "registration_number", not (number.isdigit() and len(number) == 10)),
            ("H10", "women_managers", nobody),
            ("H01", "women_members", not report.accepted and row is impossible_row(report.sheets)),
            ("X02", "members", number in far),
            ("Y02", "workers", number in jumped),
            ("X04", "registration_number", number == reported_twice),
        ):
            if is_found:
                yield rule, sheet, row, field


def _of_other_rows(province: Province, report: Report) -> Iterator[Flagged]:
    key = (report.report_year, report.unit_code)
    straddling = province.groups_by_tag["u4"].name if report.report_year == YEARS[1] else None
    source = STORY["spends_more_than_allocated"].get(key)
    for rule, sheet, known_by, value, field in (
        ("X04", "02_THT", "group_name", straddling, "group_name"),
        ("S03", "03_HO_TRO", "organisation_code", STORY["unknown_organisation"].get(key), "organisation_code"),
        ("K01", "07_KINH_PHI", "funding_source", source, "disbursed"),
        ("X05", "07_KINH_PHI", "funding_source", STORY["both_report_funds"].get(key), "funding_source"),
        ("T01", "10_TONG_HOP", "indicator_code", STORY["declares_wrongly"].get(key), "declared_value"),
    ):
        for row in report.sheets.get(sheet, ()):
            if value is not None and row[known_by] == value:
                yield rule, sheet, row, field


def _of_duties(seeds: Seeds, report: Report) -> Iterator[Flagged]:
    sheet, listed = "08_HOAT_DONG", len(report.sheets.get("01_HTX", ()))
    for row in report.sheets.get(sheet, ()) if report.unit_code.isdigit() else ():
        limit = seeds.duty_figures[row["duty_code"]]["events_at_most"]
        if limit == "cooperatives" and row["events"] is not None and row["events"] > listed:
            yield "A02", sheet, row, "events"


def _of_the_file(seeds: Seeds, province: Province, report: Report, heard: set[tuple[int, str]]) -> Iterator[Flagged]:
    key = (report.report_year, report.unit_code)
    if key in STORY["without_courses"]:
        yield "F07", COVER, None, "nil_04_DAO_TAO"
    if key in STORY["sent_first_twice"] and key in heard:
        yield "F09", COVER, None, "submission_kind"
    if key in STORY["whole_province"]:
        yield "F17", COVER, None, "data_scope"
    # The registry sees a woman on a board, and the commune does not report the cooperative.
    if key == (YEARS[-1], unit_on_ground(seeds, province.by_role["e3"].commune, YEARS[-1])):
        yield "X03", "01_HTX", None, "registration_number"


def _finding(seeds: Seeds, report: Report, rule: str, sheet: str, row: ListRow | None, field: str) -> DeliberateFinding:
    number, cell = None, ""
    if row is not None:
        number = FIRST_DATA_ROW + next(place for place, each in enumerate(report.sheets[sheet]) if each is row)
        cell = f"{get_column_letter(seeds.sheets[sheet].fields.index(field) + 1)}{number}"
    elif sheet == COVER:
        cell = f"C{COVER_HEAD_ROWS + 1 + seeds.sheets[COVER].fields.index(field)}"
    return DeliberateFinding(report.path, rule, seeds.rule_severities[rule], sheet, number, field, cell)
