"""What units say of themselves and what may count of it, with the facts that counted.csv asks for: courses, officers,
priority groups, funds, and the duties of 08_HOAT_DONG."""

from collections.abc import Iterator

from htx.example.answer_key.figures import Counted, Place, counted
from htx.example.reports.reported_rows import ReportedRows, Row
from htx.example.seeds import RosterUnit

SURVEY, NETWORK, PLAN = "IV.4.a", "IV.5.b", "VI.a"
UNDER_WAY = ("done", "in_progress")
TREASURIES = ("DOF", "DPI")
"""who reports the budget; of a source that both report, the first"""


def courses(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """A unit's own courses of all years so far; for the province each course once, as its organiser reports it, else as
    it was first received."""
    flagged = reported.seeds.flagged
    offices = flagged("agencies", "generic")  # a code of many: the unit says which
    distinct: dict[tuple, Row] = {}
    rows = reported.rows_until("04_DAO_TAO", year)
    rows = sorted(rows, key=lambda row: (row.report.report_year, unit is None and row.unit.code != row["organiser"]))
    for row in rows:
        course = [row[name] for name in ("organiser", "course_code", "course_kind", "held_on")]
        if unit is None or row.unit.uid == unit.uid:
            distinct.setdefault((*course, row.unit.uid if row["organiser"] in offices else None), row)
    for row in distinct.values():
        is_tour = row["course_kind"] in flagged("course_kinds", "C17")
        facts = {
            "trained": row.number("members_and_workers") + row.number("union_members"),
            "digital": row["course_kind"] in flagged("course_kinds", "C13"),
            "tour_of_the_year": is_tour and row.report.report_year == year,
        }
        yield counted("course", row, facts)


def officers(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """T09 T10. Heads of branches are officers only if decision A21 says so."""
    for row in reported.rows("05_CAN_BO_HOI", year, unit):
        if row["union_level"] != "branch" or reported.seeds.decided("A21", year) == "yes":
            yield counted("officers", row)


def priority_groups_and_funds(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    for row in reported.rows("09_UU_TIEN", year, unit):
        yield counted("priority group", row)
    rows = reported.rows("07_KINH_PHI", year, unit)
    told_by_treasury = {row["funding_source"] for row in rows if row.unit.code == TREASURIES[0]}
    for row in rows:
        source = row["funding_source"]
        is_credit = source in reported.seeds.flagged("funding_sources", "credit")
        facts = {
            "credit": is_credit,
            "grant": not is_credit,
            "reporter": row.unit.code,
            "in_the_budget": row.unit.code == TREASURIES[0] or source not in told_by_treasury,
            "of_its_own": row.unit.code not in TREASURIES,
        }
        yield counted("fund", row, facts)


def duties(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    rows = reported.rows("08_HOAT_DONG", year, unit)
    for row in rows:
        yield counted("duty", row, {row["duty_code"]: True, "under_way": row["duty_status"] in UNDER_WAY})
    networks = [row for row in rows if row["duty_code"] == NETWORK and row["duty_status"] in UNDER_WAY]
    for row in sorted(networks, key=lambda row: row.in_order_of_receipt)[:1]:  # once, however many units report it
        yield counted("network", row)
    surveys = [row for uid, row in _last_done(reported, SURVEY, year).items() if unit is None or uid == unit.uid]
    for row in surveys[:1]:  # once, too
        yield counted("first survey", row)
    for row in surveys:
        yield counted("survey", row)
    plans = _last_done(reported, PLAN, year)
    for each in [unit] if unit else reported.seeds.units_of(year):  # every district and commune should have a plan
        if each.is_territorial:
            plan = plans.get(each.uid)
            facts, is_estimate = {"is_done": int(plan is not None)}, plan is not None and plan.is_estimate
            yield Counted("unit with or without a plan", facts, Place(unit_uid=each.uid), is_estimate, each.uid)


def _last_done(reported: ReportedRows, duty: str, year: int) -> dict[str, Row]:
    """Unit -> its last row of the phase that says that the duty is done, in the order of receipt."""
    phases = {each: cycle.phase for each, cycle in reported.seeds.cycles.items()}
    return {
        row.unit.uid: row
        for row in reported.rows_until("08_HOAT_DONG", year)
        if row["duty_code"] == duty and row["duty_status"] == "done"
        if phases[row.report.report_year] == phases[year]
    }
