"""What is counted in the registry: C01, the groups of C02, and the plan's baseline."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute
from htx.example.reports.report import ListRow, Snapshot
from htx.example.reports.reported_rows import MANAGED_KINDS, ReportedRows
from htx.example.seeds import RosterUnit, Seeds


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """Of the ground of a unit or, without one, of the province."""
    snapshot = reported.snapshot_of(year)
    if snapshot is None:
        return
    women_managed = led_by_women(reported.seeds, snapshot, reported.seeds.cycles[year].registry_cut_off)
    for entry in entries_on_ground(reported, year, unit):
        kind = "group" if entry["kind"] == "group" else "cooperative"
        organisation = (kind, str(entry["registration_number"]))
        here = Place(organisation, commune_uid=reported.commune_of_entry(entry)), False
        if kind == "group":
            yield from contribute(Measure("C02", "all_groups"), *here, 1)
            continue
        yield from contribute(Measure("C01", "all_cooperatives"), *here, 1)
        if entry["registration_number"] in women_managed:
            yield from contribute(Measure("C01", "cooperatives"), *here, 1)
            yield from contribute(Measure("C01", "members"), *here, entry["member_count"] or 0)
            if entry["union_founded"]:
                yield from contribute(Measure("C01", "union_founded"), *here, 1)


def entries_on_ground(reported: ReportedRows, year: int, unit: RosterUnit | None) -> list[ListRow]:
    """The organisations of the year's snapshot that are not dissolved, of a unit's ground or of all."""
    if ("registered", year) not in reported.found:
        snapshot = reported.snapshot_of(year)
        by_ground: dict[str | None, list[ListRow]] = defaultdict(list)
        for entry in snapshot.cooperatives if snapshot else ():
            if entry["status"] != "dissolved":
                for uid in {None, *reported.seeds.grounds(reported.commune_of_entry(entry) or "")}:
                    by_ground[uid].append(entry)
        reported.found["registered", year] = by_ground
    return reported.found["registered", year].get(unit.uid if unit else None, [])


def led_by_women(seeds: Seeds, snapshot: Snapshot, day: date) -> set[str]:
    """Registration numbers of those in which a woman holds a management office on the day; accountants hold none."""
    offices = seeds.flagged("manager_positions", "management_office")
    return {
        str(manager["registration_number"])
        for manager in snapshot.managers
        if manager["sex"] == "F"
        and manager["position"] in offices
        and manager["held_from"] <= day
        and (manager["held_to"] is None or manager["held_to"] > day)
    }


def baseline(seeds: Seeds, snapshots: Iterable[Snapshot]) -> dict[str, int]:
    """The plan's six figures, counted in the registry of the baseline day."""
    snapshot = next(each for each in snapshots if each.speaks_of == seeds.baseline_day)
    women_led = led_by_women(seeds, snapshot, snapshot.speaks_of)
    cooperatives = [entry for entry in snapshot.cooperatives if entry["kind"] in MANAGED_KINDS]
    women_managed = [entry for entry in cooperatives if entry["registration_number"] in women_led]
    groups = [entry for entry in snapshot.cooperatives if entry["kind"] == "group"]
    return {
        "all_cooperatives": len(cooperatives),
        "women_managed": len(women_managed),
        "members_of_women_managed": sum(entry["member_count"] for entry in women_managed),
        "union_founded_among_them": sum(1 for entry in women_managed if entry["union_founded"]),
        "all_groups": len(groups),
        "union_founded_groups": sum(1 for entry in groups if entry["union_founded"]),
    }
