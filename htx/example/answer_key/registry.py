"""What is counted in the registry: C01, the groups of C02, and the plan's baseline."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from htx.example.answer_key.figures import Counted, Place
from htx.example.reports.report import ListRow, Snapshot
from htx.example.reports.reported_rows import MANAGED_KINDS, ReportedRows, once
from htx.example.seeds import RosterUnit, Seeds


def entries(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Counted]:
    """Of the ground of a unit or, without one, of the province."""
    for entry in entries_by_ground(reported, year).get(unit.uid if unit else None, ()):
        organisation = "group" if entry["group"] else "cooperative", str(entry["registration_number"])
        place = Place(organisation, commune_uid=reported.commune_of_entry(entry))
        yield Counted("entry of the registry", entry, place)


@once
def entries_by_ground(reported: ReportedRows, year: int) -> dict[str | None, list[ListRow]]:
    """Uid, or None for all -> the entries of the year's snapshot that are not dissolved, with the facts that count."""
    found: dict[str | None, list[ListRow]] = defaultdict(list)
    snapshot = reported.snapshot_of(year)
    if snapshot is None:
        return found
    women_led = led_by_women(reported.seeds, snapshot, reported.seeds.cycles[year].registry_cut_off)
    for entry in snapshot.cooperatives:
        is_group = entry["kind"] == "group"
        is_women_managed = not is_group and entry["registration_number"] in women_led
        facts = {
            "group": is_group,
            "standing_group": is_group and entry["status"] != "became_cooperative",
            "cooperative": not is_group,
            "women_managed": is_women_managed,
        }
        for uid in {None, *reported.seeds.grounds(reported.commune_of_entry(entry) or "")}:
            if entry["status"] != "dissolved":
                found[uid].append(entry | facts)
    return found


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
        "union_founded_among_them": sum(entry["union_founded"] for entry in women_managed),
        "all_groups": len(groups),
        "union_founded_groups": sum(entry["union_founded"] for entry in groups),
    }
