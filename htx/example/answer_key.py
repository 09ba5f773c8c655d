"""What the warehouse must find: T01 to T18 worked out from the clean lists, before they become workbooks.

Plain Python over the reports, the registry and the seeds, so that nothing is shared with the warehouse's own way:
no module of ingestion, expectations or warehouse is imported here, and no workbook is read. What each indicator
means stands in indicators.csv and decisions.csv.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from htx.example.books import ANNUAL_LAYERS, MANAGED_KINDS, Books, Row, registration_number, reports_in_force
from htx.example.reports import LOCAL_TIME, Report, Snapshot
from htx.example.seeds import Indicator, RosterUnit, Seeds

PROVINCE = "province"
OF_THE_PROVINCE_ALONE = ("T15", "T16", "T17", "T18")
OF_AGENCIES = ("T06",)
OF_THE_LEAD_AGENCY = ("T06", "T09", "T10")
LEAD_AGENCY = "WU-P"
HONOURS_DUTY = "IV.1.c"


@dataclass(frozen=True)
class Figure:
    """A value with what it was divided from. Counts have no denominator; a percentage without one has no value."""

    numerator: float | None
    denominator: float | None
    value: float | None


NOTHING = Figure(None, None, None)


def count(number: float) -> Figure:
    return Figure(number, None, number)


def percent(numerator: float, denominator: float) -> Figure:
    return Figure(numerator, denominator, 100 * numerator / denominator if denominator else None)


@dataclass(frozen=True)
class IndicatorValue:
    """One line of indicator_values.csv."""

    indicator_code: str
    report_year: int
    unit_uid: str
    figure: Figure
    value_status: str


@dataclass(frozen=True)
class AnnualTarget:
    """One line of annual_targets.csv: the province's way to a target."""

    indicator_code: str
    report_year: int
    baseline: str
    value: float | None
    value_low: float | None
    value_high: float | None
    comparator: str
    target: float | None
    target_year: int | None
    verdict: str


# The indicators ------------------------------------------------------------------------------------------------


def figures(books: Books, year: int, unit_code: str | None = None) -> dict[str, Figure]:
    """T01 to T14 of a year, of one unit's own rows or (without a unit) of the province."""
    if unit_code:
        cooperatives = books.rows("01_HTX", year, unit_code)
        groups = books.rows("02_THT", year, unit_code)
    else:
        cooperatives = books.province_rows("01_HTX", year)
        groups = books.province_rows("02_THT", year)
    found = _figures_of_cooperatives(books, year, cooperatives)
    found |= _figures_of_groups(books, year, groups, cooperatives if unit_code else None)
    found["T06"] = count(sum(_trained(row) for row in _courses(books, year, unit_code)))
    return found | _figures_of_officers(books, books.rows("05_CAN_BO_HOI", year, unit_code))


def _figures_of_cooperatives(books: Books, year: int, cooperatives: list[Row]) -> dict[str, Figure]:
    operating_statuses = books.seeds.flagged("cooperative_statuses", "operating")
    in_scope = [row for row in cooperatives if row.number("women_managers") >= 1 or _is_majority_female(row)]
    operating = [row for row in in_scope if row["status"] in operating_statuses]
    women_managed = [row for row in operating if _is_women_managed(books, row)]

    strengthened = [row for row in women_managed if _is_supported(books, row, "T01", year)]
    if books.seeds.decisions["A3"] == "groups_and_cooperatives":
        strengthened = [row for row in strengthened if row["union_supported_founding"]]
    new = [
        row
        for row in women_managed
        if _is_majority_female(row)
        and books.registered_on.get(registration_number(row), date.min) >= books.seeds.plan_start
        and (row["union_supported_founding"] or _is_supported(books, row, "T07", year))
    ]
    union_founded = [row for row in operating if row["union_supported_founding"]]
    not_dissolved = [row for row in in_scope if row["status"] != "dissolved"]
    guided = [row for row in not_dissolved if _is_supported(books, row, "T11", year)]
    return {
        "T01": count(len(strengthened)),
        "T03": count(_total(strengthened, "women_stable_jobs")),
        "T05": percent(_total(operating, "women_managers_trained"), _total(operating, "women_managers")),
        "T07": count(len(new)),
        "T08": count(_total(new, "women_new_jobs") + _new_jobs_before(books, year, new)),
        "T11": percent(len(guided), len(not_dissolved)),
        "T12": percent(_total(operating, "women_vocational_trained"), _total(operating, "women_in_cooperative")),
        "T13": percent(_total(union_founded, "women_managers_certified"), _total(union_founded, "women_managers")),
        "T14": percent(_total(operating, "members_ecommerce_trained"), _total(operating, "members")),
    }


def _is_women_managed(books: Books, row: Row) -> bool:
    if books.seeds.decisions["A2"] == "leads":
        return bool(row["woman_leads"])
    return row.number("women_managers") >= 1


def _is_majority_female(row: Row) -> bool:
    return 2 * row.number("women_workers") > row.number("workers")


def _is_supported(books: Books, row: Row, flag: str, year: int) -> bool:
    return books.is_supported(("cooperative", registration_number(row)), flag, year)


def _new_jobs_before(books: Books, year: int, cooperatives: list[Row]) -> float:
    numbers = {registration_number(row) for row in cooperatives}
    return sum(
        row.number("women_new_jobs")
        for each in books.years
        if each < year
        for row in books.province_rows("01_HTX", each)
        if registration_number(row) in numbers
    )


def _figures_of_groups(books: Books, year: int, groups: list[Row], cooperatives: list[Row] | None) -> dict[str, Figure]:
    """`cooperatives`: of the unit, to see which groups live on in them; None for the province."""
    own = {books.group_identity(row): row for row in groups}
    counted = {
        group
        for group, row in own.items()
        if row["union_supported_founding"]
        and row["woman_leads"]
        and row["status"] == "active"
        and books.is_supported(("group", group), "T02", year)
    }
    numbers = {registration_number(row) for row in cooperatives or ()}
    named = {row["predecessor_group_code"] for row in cooperatives or ()}
    for group, heirs in books.groups_become_cooperatives(year).items():
        if cooperatives is None or group in own or group in named or heirs & numbers:
            counted.add(group)
    active = [row for group, row in own.items() if group in counted and row["status"] == "active"]
    return {"T02": count(len(counted)), "T04": count(_total(active, "women_stable_jobs"))}


def _courses(books: Books, year: int, unit_code: str | None) -> list[Row]:
    """A unit's own courses of all years so far; for the province each course once, as it was first received."""
    found = [(each, row) for each, row in books.rows_until("04_DAO_TAO", year)]
    if unit_code:
        uid = books.seeds.roster[year, unit_code].uid
        found = [(each, row) for each, row in found if books.unit_of(row).uid == uid]
    courses: dict[tuple, Row] = {}
    for _, row in sorted(found, key=lambda e: (e[0], e[1].report.received_at, e[1].report.file_name)):
        courses.setdefault((row["organiser"], row["course_code"]), row)
    return list(courses.values())


def _trained(course: Row) -> float:
    return course.number("members_and_workers") + course.number("union_members")


def _figures_of_officers(books: Books, levels: list[Row]) -> dict[str, Figure]:
    if books.seeds.decisions["A21"] != "yes":
        levels = [row for row in levels if row["union_level"] != "branch"]
    return {
        "T09": percent(_total(levels, "assigned_officers_trained"), _total(levels, "assigned_officers")),
        "T10": percent(_total(levels, "officers_skilled"), _total(levels, "officers")),
    }


def _total(rows: list[Row], field_code: str) -> float:
    return sum(row.number(field_code) for row in rows)


def _figures_of_the_province_alone(books: Books, year: int) -> dict[str, Figure]:
    mandatory = [unit for unit in books.seeds.units_of(year) if unit.mandatory]
    on_time = [unit for unit in mandatory if _is_on_time(books, unit)]
    return {
        "T15": count(_honours(books, year)),
        "T16": percent(len(on_time), len(mandatory)),
        # Nobody has published anything yet: the example is what units send.
        "T17": count(0),
        "T18": count(0),
    }


def _is_on_time(books: Books, unit: RosterUnit) -> bool:
    reported = books.unit_years.get((unit.year, unit.code))
    return reported is not None and reported.first_received_at < deadline(books.seeds, unit)


def deadline(seeds: Seeds, unit: RosterUnit) -> datetime:
    """The first instant that is too late for the unit's yearly report."""
    cycle = seeds.cycles[unit.year]
    day = unit.due_before or cycle.units_due_before
    return _instant(day, cycle.deadline_is_inclusive, cycle.moves_to_next_working_day)


def _instant(day: date, inclusive: bool, moves: bool) -> datetime:
    if moves and day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    if inclusive:
        day += timedelta(days=1)
    return datetime.combine(day, time.min, LOCAL_TIME)


def _honours(books: Books, year: int) -> int:
    first, last = (int(part) for part in books.seeds.decisions["A14"].split("-"))
    length = last - first + 1
    done = {
        each
        for each, row in books.rows_until("08_HOAT_DONG", year)
        if row.report.unit_code == LEAD_AGENCY and row["duty_code"] == HONOURS_DUTY and row["duty_status"] == "done"
    }
    return len({(each - first) // length for each in done if each >= first})


# Values and their statuses -------------------------------------------------------------------------------------


def indicator_values(books: Books) -> list[IndicatorValue]:
    """T01 to T18 for the province, T01 to T14 for every unit of the roster, each year that anyone reported on."""
    found: list[IndicatorValue] = []
    for year in books.years:
        of_units = [value for unit in books.seeds.units_of(year) for value in unit_values(books, unit)]
        found += _province_values(books, year, of_units) + of_units
    return found


def unit_values(books: Books, unit: RosterUnit) -> list[IndicatorValue]:
    """T01 to T14 of one unit for the year of its place on the roster."""
    own = figures(books, unit.year, unit.code)
    values = []
    for code, indicator in books.seeds.indicators.items():
        if code in OF_THE_PROVINCE_ALONE:
            continue
        status = _unit_status(books, unit, indicator, own[code])
        figure = NOTHING if status in ("not_applicable", "not_reported") else own[code]
        values.append(IndicatorValue(code, unit.year, unit.uid, figure, status))
    return values


def _unit_status(books: Books, unit: RosterUnit, indicator: Indicator, figure: Figure) -> str:
    applicable = OF_THE_LEAD_AGENCY if unit.code == LEAD_AGENCY else OF_AGENCIES
    if not unit.is_territorial and indicator.code not in applicable:
        return "not_applicable"
    reported = books.unit_years.get((unit.year, unit.code))
    if reported is None:
        return "not_reported"
    if not reported.counts:
        return "not_applicable"
    if not reported.rows.get(indicator.main_sheet):
        if reported.base is None or indicator.main_sheet not in reported.base.nil:
            return "not_reported"
        if not figure.numerator:
            return "nil"
    return "estimated" if reported.base and reported.base.value_kind == "estimate" else "reported"


def _province_values(books: Books, year: int, of_units: list[IndicatorValue]) -> list[IndicatorValue]:
    all_figures = figures(books, year) | _figures_of_the_province_alone(books, year)
    statuses: dict[str, set[str]] = defaultdict(set)
    for value in of_units:
        statuses[value.indicator_code].add(value.value_status)
    found = []
    for code in books.seeds.indicators:
        if code in OF_THE_PROVINCE_ALONE:
            status = "reported"
        else:
            known = [each for each in ("estimated", "reported", "nil") if each in statuses[code]]
            status = known[0] if known else "not_reported"
        figure = NOTHING if status == "not_reported" else all_figures[code]
        found.append(IndicatorValue(code, year, PROVINCE, figure, status))
    return found


# Targets -------------------------------------------------------------------------------------------------------


def annual_targets(books: Books, values: list[IndicatorValue]) -> list[AnnualTarget]:
    """The province's values beside the targets, with the bounds that missing units leave."""
    return [
        _annual_target(books, books.seeds.indicators[value.indicator_code], value)
        for value in values
        if value.unit_uid == PROVINCE
    ]


def _annual_target(books: Books, indicator: Indicator, value: IndicatorValue) -> AnnualTarget:
    year, number = value.report_year, value.figure.value
    low = high = number
    if _is_someone_missing(books, indicator, year):
        low, high = (None, None) if indicator.is_percent else (number, None)
    year_and_target = next((each for each in indicator.targets if each[0] >= year), None)
    target_year, target = year_and_target or (None, None)
    return AnnualTarget(
        indicator_code=indicator.code,
        report_year=year,
        baseline=indicator.baseline,
        value=number,
        value_low=low,
        value_high=high,
        comparator=indicator.comparator,
        target=target,
        target_year=target_year,
        verdict=_verdict(indicator.comparator, year, number, low, high, target_year, target),
    )


def _is_someone_missing(books: Books, indicator: Indicator, year: int) -> bool:
    matters: dict[str, Callable[[RosterUnit], bool]] = {
        "any": lambda unit: True,
        "territorial": lambda unit: unit.is_territorial,
        "none": lambda unit: False,
    }
    return any(
        unit.mandatory and (year, unit.code) not in books.unit_years and matters[indicator.missing_units_matter](unit)
        for unit in books.seeds.units_of(year)
    )


def _verdict(
    comparator: str,
    year: int,
    value: float | None,
    low: float | None,
    high: float | None,
    target_year: int | None,
    target: float | None,
) -> str:
    if target is None or target_year is None:
        return "tracked"
    if _satisfies(comparator, low, target):
        return "exceeded" if comparator == ">=" and value is not None and value > target else "met"
    if year < target_year:
        return "in_progress"
    return "not_met" if high is not None and not _satisfies(comparator, high, target) else "undecided"


def _satisfies(comparator: str, value: float | None, target: float) -> bool:
    if value is None:
        return False
    return value > target if comparator == ">" else value >= target


# The baseline and the life of the files ------------------------------------------------------------------------


def baseline(seeds: Seeds, snapshots: Iterable[Snapshot]) -> dict[str, int]:
    """The plan's six figures, counted in the registry of the baseline day."""
    snapshot = next(each for each in snapshots if each.speaks_of == seeds.baseline_day)
    offices = seeds.flagged("manager_positions", "management_office")
    led_by_women = {
        manager["registration_number"]
        for manager in snapshot.managers
        if manager["sex"] == "F"
        and manager["position"] in offices
        and manager["held_from"] <= snapshot.speaks_of
        and (manager["held_to"] is None or manager["held_to"] > snapshot.speaks_of)
    }
    cooperatives = [entry for entry in snapshot.cooperatives if entry["kind"] in MANAGED_KINDS]
    women_managed = [entry for entry in cooperatives if entry["registration_number"] in led_by_women]
    groups = [entry for entry in snapshot.cooperatives if entry["kind"] == "group"]
    return {
        "all_cooperatives": len(cooperatives),
        "women_managed": len(women_managed),
        "members_of_women_managed": sum(entry["member_count"] for entry in women_managed),
        "union_founded_among_them": sum(1 for entry in women_managed if entry["union_founded"]),
        "all_groups": len(groups),
        "union_founded_groups": sum(1 for entry in groups if entry["union_founded"]),
    }


def submission_statuses(books: Books, queried: set[str]) -> dict[str, str]:
    """Path -> rejected, superseded, accepted_with_queries or accepted. `queried`: paths with a query."""
    sent: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for report in books.reports:
        if report.accepted and report.report_kind in ANNUAL_LAYERS:
            sent[report.report_year, report.unit_code].append(report)
    in_force = {report.path for own in sent.values() for report in reports_in_force(own)[1]}
    found = {}
    for report in books.reports:
        if not report.accepted:
            found[report.path] = "rejected"
        elif report.path not in in_force:
            found[report.path] = "superseded"
        else:
            found[report.path] = "accepted_with_queries" if report.path in queried else "accepted"
    return found


def is_received_on_time(seeds: Seeds, report: Report) -> bool:
    """Before the deadline of its unit; final figures before theirs."""
    if report.report_kind == "annual_final":
        due = datetime.combine(seeds.cycles[report.report_year].final_due_before, time.min, LOCAL_TIME)
        return report.received_at < due
    return report.received_at < deadline(seeds, seeds.roster[report.report_year, report.unit_code])
