"""The cooperatives, groups and debts that may count, with the facts that counted.csv asks for."""

from collections.abc import Iterable, Iterator
from datetime import date

from htx.example.answer_key.figures import Cell, Contribution, Counted, Place, counted, exact
from htx.example.reports.reported_rows import Organisation, ReportedRows, Row
from htx.example.seeds import RosterUnit

GROWTH = ("members", "revenue")
CLASSES = ("good", "fair", "average", "weak")
"""from the best to the worst"""
LEAST_STARS = 3
"""from which a cooperative has OCOP products"""
LEVELS = ("members", "charter_capital", "revenue", "profit")
"""what C11 compares with last year"""
RESOLVED = ("active", "dissolved")
RECEIVABLE = "owed_by_members"
"""the kind of debt that is owed to a cooperative, not by it"""


def cooperatives(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """Of a unit's own rows or, without a unit, of the one row that each cooperative has for the province."""
    seeds = reported.seeds
    operating = seeds.decided("A16", year).split()
    strengthened = reported.first_strengthened(year)
    guided, advised = (reported.first_actions(flag, year) for flag in ("T11", "T07"))
    for row in reported.rows_of_organisations("01_HTX", year, unit):
        union_founded, workers = bool(row["union_supported_founding"]), row.number("workers")
        is_majority_female = 2 * row.number("women_workers") > workers
        has_women = row.number("women_managers") >= 1
        is_new = reported.registered_on.get(row["registration_number"], date.min) >= seeds.plan_start  # not as reported
        facts = {
            "standing": row["status"] != "dissolved",
            "operating": row["status"] in operating,
            "in_scope": has_women or is_majority_female,
            "women_managed": row["woman_leads"] if seeds.decided("A2", year) == "leads" else has_women,
            "majority_female": is_majority_female,
            "union_founded": union_founded,
            "strengthened": row.organisation in strengthened
            and (union_founded or seeds.decided("A3", year) != "groups_and_cooperatives"),
            "guided": int(row.organisation in guided),
            "newly_founded": is_new and is_majority_female and (union_founded or row.organisation in advised),
            "has_ocop_product": row.number("ocop_stars") >= LEAST_STARS,
            "new_living_services": is_new and row["sector"] in seeds.flagged("sectors", "C15"),
        }
        if row.organisation in strengthened:
            facts["has_result"] = _has_result(reported, row, year, strengthened[row.organisation].report.report_year)
        yield from _with_gain(reported, "cooperative with an earlier report", row, facts, year)
        if row["average_monthly_income"] is not None:
            facts["income_of_all_workers"] = row.number("average_monthly_income") * workers
        yield counted("cooperative", row, facts)
        if all(facts[condition] for condition in ("in_scope", "operating", "women_managed", "newly_founded")):
            before = [reported.rows_by_organisation("01_HTX", each) for each in reported.years if each < year]
            for each in [row, *(rows[row.organisation] for rows in before if row.organisation in rows)]:
                yield counted("year of a new cooperative", each)


def _has_result(reported: ReportedRows, row: Row, year: int, first_action: int) -> bool:
    """A19: more members or revenue, or a better class, than in the year before the first action. A report gives the
    class of a year that has ended."""
    assert row.organisation is not None
    before = reported.rows_by_organisation("01_HTX", first_action - 1).get(row.organisation)
    if before and any(row.number(name) > before.number(name) and before[name] is not None for name in GROWTH):
        return True
    years = [each for each in reported.years if each <= year]
    until = [reported.rows_by_organisation("01_HTX", each).get(row.organisation) for each in years]
    rated = [each["classification"] for each in until if each and each["classification_year"] == first_action - 1]
    known = [CLASSES.index(each) for each in rated if each in CLASSES]
    is_rated_since = row["classification"] in CLASSES and row["classification_year"] >= first_action
    return bool(known and is_rated_since and CLASSES.index(row["classification"]) < known[0])


def _with_gain(reported: ReportedRows, kind: str, row: Row, facts: dict, year: int) -> Iterator[Counted]:
    """A22: the jobs gained on the first report of the organisation, where that is an earlier one."""
    assert row.organisation is not None
    sheet = "01_HTX" if row.organisation[0] == "cooperative" else "02_THT"
    years = [each for each in reported.years if each < year]
    before = [reported.rows_by_organisation(sheet, each).get(row.organisation) for each in years]
    for first in [each for each in before if each][:1]:
        gained = row.number("women_stable_jobs") - first.number("women_stable_jobs")
        is_estimate = row.is_estimate or first.is_estimate
        yield Counted(kind, {**facts, "jobs_gained": gained}, Place(row.organisation), is_estimate, row.unit.uid)


def last_years_cooperatives(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """C07. A unit's are those that it reports itself; the province's also those that nobody reports any more."""
    failing = reported.seeds.flagged("cooperative_statuses", "failing")
    now = {row.organisation: row for row in reported.rows_of_organisations("01_HTX", year, unit)}
    for organisation, before in reported.rows_by_organisation("01_HTX", year - 1).items():
        row = now.get(organisation)
        if before["status"] not in failing or (unit and row is None):
            continue
        yield counted("failing last year", before)
        if row is not None and row["status"] in RESOLVED:
            yield counted("resolved this year", row)


def matched_panel(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """C11: level and change of cooperatives that said as much last year: parts of the breakdown, not of the total."""
    last_year = reported.rows_by_organisation("01_HTX", year - 1)
    for row in reported.rows_of_organisations("01_HTX", year, unit):
        before = last_year.get(row.organisation) if row.organisation else None
        for field_code in LEVELS:
            if before is None or before[field_code] is None or row[field_code] is None:
                continue
            level = exact(row[field_code])
            for code, number in (("this_year", level), ("change", level - exact(before[field_code]))):
                cell = Cell("C11", field_code, "matched_panel", code)
                yield Contribution(cell, Place(organisation=row.organisation), row.is_estimate, number)


def groups(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """Those with a row of the year, and those that live on as cooperatives: a unit's where it reports the cooperative
    or, when nobody does, where it last reported the group."""
    seeds = reported.seeds
    own = {row.organisation: row for row in reported.rows_of_organisations("02_THT", year, unit)}
    until = [each for each in reported.years if each <= year]
    latest: dict[Organisation | None, Row] = {
        group: row for each in until for group, row in reported.rows_by_organisation("02_THT", each).items()
    }

    def heirs_rows(rows: Iterable[Row], group: Organisation, heirs: frozenset[str]) -> list[Row]:
        """The rows of the cooperatives that a group became."""
        return [
            row
            for row in rows
            if str(row["registration_number"]) in heirs or ("group", row["predecessor_group_code"]) == group
        ]

    def is_here(group: Organisation, heirs: frozenset[str]) -> bool:
        born_of_it = heirs_rows(reported.rows("01_HTX", year), group, heirs)
        places = [row.unit.uid for row in born_of_it] or ([latest[group].unit.uid] if group in latest else [])
        return unit is None or unit.uid in places

    lived_on: dict[Organisation | None, Row] = {}
    place_of: dict[Organisation | None, Place] = {}
    for became, (telling, heirs) in reported.groups_become_cooperatives(year).items():
        if is_here(became, heirs):
            lived_on[became] = telling
            born_of_it = heirs_rows(reported.rows_by_organisation("01_HTX", year).values(), became, heirs)
            place_of[became] = Place(organisation=born_of_it[0].organisation if born_of_it else became)
    for group, telling in lived_on.items():
        yield Counted("group that became a cooperative", {}, place_of[group], telling.is_estimate, telling.unit.uid)
    for group in {**own, **{group: row for group, row in latest.items() if group in lived_on}}:
        row = own.get(group) or latest[group]
        is_active = group in own and row["status"] == "active"
        operates = group in own and row["status"] in seeds.flagged("group_statuses", "operating")
        counting = [row] if is_active else []
        counting += [latest[group]] if group in lived_on and group in latest else []
        facts = {
            "strengthened": group in reported.first_strengthened(year)
            and any(each["union_supported_founding"] and each["woman_leads"] for each in counting),
            "active": is_active,
            "operating": operates,
            "union_founded": row["union_supported_founding"],
            "new_living_services": row["sector"] in seeds.flagged("sectors", "C15")
            and row["founded_on"] >= seeds.plan_start,
        }
        yield from _with_gain(reported, "group with an earlier report", row, facts, year)
        thing = counted("group", row, facts)
        yield thing if is_active or group not in place_of else thing._replace(place=place_of[group])


def models(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """C08. A unit's are those among the organisations that it reports itself, independent of the supporting unit."""
    sheets, until = ("01_HTX", "02_THT"), [each for each in reported.years if each <= year]
    own = {row.organisation for sheet in sheets for row in reported.rows(sheet, year, unit)}
    reporters = {
        organisation: row.unit.uid
        for each in until
        for sheet in sheets
        for organisation, row in reported.rows_by_organisation(sheet, each).items()
    }
    for organisation, action in reported.first_actions("C08", year).items():
        if unit is None or organisation in own:
            place = Place(organisation=organisation)
            yield Counted("organisation with a model", {}, place, action.is_estimate, reporters.get(organisation))


def debts(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """For the province a debt counts with its unit's row of the cooperative, and when its unit has no such row."""
    of_the_province = {(row.organisation, row.unit) for row in reported.rows_of_organisations("01_HTX", year, None)}
    listed = {(row.organisation, row.unit) for row in reported.rows("01_HTX", year)}
    debtors: dict[Organisation | None, Row] = {}
    for row in reported.rows("06_NO", year, unit):
        key = row.organisation, row.unit
        if unit is None and key in listed and key not in of_the_province:
            continue
        is_owed_to_it = row["debt_kind"] == RECEIVABLE
        yield counted("debt", row, {"owed_to_it": is_owed_to_it, "owed_by_it": not is_owed_to_it})
        if not is_owed_to_it and row["outstanding"] > 0:
            known = debtors.get(row.organisation, row)
            debtors[row.organisation] = known if known.is_estimate else row
    for row in debtors.values():
        yield counted("debtor", row)
