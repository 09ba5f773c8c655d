"""What is counted of the groups of 02_THT: T02 T04, C02, the groups of C15, and C25."""

from collections.abc import Iterator

from htx.example.answer_key.contributions.cooperatives import cooperative_rows
from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.reported_rows import ReportedRows, Row
from htx.example.seeds import RosterUnit


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    rows = reported.rows("02_THT", year, unit.code) if unit else reported.province_rows("02_THT", year)
    own = {reported.group_identity(row): row for row in rows}
    yield from _strengthened(reported, year, unit, own)
    yield from _standing(reported, own)
    for group, (telling, _) in _lived_on(reported, year, unit, own).items():
        yield from contribute(Measure("C25", "groups"), _place(group), reported.is_estimate(telling), 1)


def _place(group: str) -> Place:
    return Place(organisation=("group", group))


def _strengthened(
    reported: ReportedRows, year: int, unit: RosterUnit | None, own: dict[str, Row]
) -> Iterator[Contribution]:
    latest = reported.latest_rows("02_THT", year)
    standing = {group: row for group, row in own.items() if row["status"] == "active"}
    lived_on = {group: latest[group] for group in _lived_on(reported, year, unit, own) if group in latest}
    counted = {
        group
        for rows in (standing, lived_on)
        for group, row in rows.items()
        if row["union_supported_founding"]
        and row["woman_leads"]
        and reported.is_supported(("group", group), "T02", year)
    }
    for group in sorted(counted):
        row = own.get(group) or latest[group]
        here = _place(group), reported.is_estimate(row)
        yield from contribute(Measure("T02"), *here, 1, sector=row["sector"])
        if group in own and row["status"] == "active":
            yield from contribute(Measure("T04"), *here, row.number("women_stable_jobs"), sector=row["sector"])


def _standing(reported: ReportedRows, own: dict[str, Row]) -> Iterator[Contribution]:
    operating = reported.seeds.flagged("group_statuses", "operating")
    for group, row in own.items():
        if row["status"] not in operating:
            continue
        here = _place(group), reported.is_estimate(row)
        if row["union_supported_founding"]:
            yield from contribute(Measure("C02", "union_founded"), *here, 1)
        if row["sector"] in reported.seeds.flagged("sectors", "C15") and row["founded_on"] >= reported.seeds.plan_start:
            yield from contribute(Measure("C15", "groups"), *here, 1)


def _lived_on(
    reported: ReportedRows, year: int, unit: RosterUnit | None, own: dict[str, Row]
) -> dict[str, tuple[Row, frozenset[str]]]:
    """Groups that became cooperatives up to the year; a unit's as far as it reports the group or its cooperative."""
    found = reported.groups_become_cooperatives(year)
    if unit is None:
        return found
    cooperatives = cooperative_rows(reported, year, unit)
    numbers = {str(row["registration_number"]) for row in cooperatives}
    named = {row["predecessor_group_code"] for row in cooperatives}
    return {
        group: (telling, heirs)
        for group, (telling, heirs) in found.items()
        if group in own or group in named or heirs & numbers
    }
