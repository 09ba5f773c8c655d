"""The cooperative groups of the example and what really happened to them, year by year."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from htx.example.organisations import names
from htx.example.organisations.draws import (
    BASELINE,
    BASELINE_CLOSES,
    YEARS,
    Draw,
    day_between,
    next_count,
    office_hour,
    weighted,
)
from htx.example.organisations.organisation import Cooperative, Group, State
from htx.example.organisations.parameters import given
from htx.example.tables import read_csv, record


@dataclass(frozen=True)
class Story:
    """What happens to one group: known by its tag or, with a `commune`, made for its story from a random stream."""

    tag: str
    stream: str
    commune: str | None
    sector: str | None
    founded_in: int | None
    listed_from: int | None
    coded_from: int | None
    """9999: never"""
    strengthened: int | None
    by_name: bool
    by: str | None
    heir: str | None
    ends_unsaid: bool
    same_name_as: str | None
    status: dict[int, str]
    since: date | None


ENDED = ("dissolved", "became_cooperative")
STORIES = [record(Story, row) for row in read_csv(Path(__file__).with_name("group_stories.csv"))]


def make_groups(draw: Draw, by_role: dict[str, Cooperative]) -> list[Group]:
    """All groups up to the last year. `by_role`: cooperatives of the story, some of which groups become."""
    reporting = _reporting_groups(draw, by_role)
    groups = reporting + _other_groups(draw, reporting)
    _number_groups(groups)
    for group in groups:
        if group.heir:
            group.heir.predecessor_code = group.code
        _let_registry_years_pass(draw, group)
    return groups


def _reporting_groups(draw: Draw, by_role: dict[str, Cooperative]) -> list[Group]:
    groups: list[Group] = []
    for district, wanted in given.union_founded_groups.items():
        for tag in (f"{district}-{index}" for index in range(wanted)):
            rng = draw.stream("group", *tag.split("-"))
            forced = given.forced_communes.get(tag)
            commune = str(forced) if forced else rng.choice(draw.communes[district])
            groups.append(_group(draw, rng, commune, union_founded=True, listed_from=YEARS[0], tag=tag))
    _choose_strengthened(draw.stream("strengthened groups"), groups)
    for district, wanted in given.other_reporting_groups.items():
        for index in range(wanted):
            rng = draw.stream("other reporting group", district, index)
            commune, woman_leads = rng.choice(draw.communes[district]), rng.random() < 0.8
            tag = f"other-{district}-{index}"
            groups.append(_group(draw, rng, commune, woman_leads=woman_leads, listed_from=YEARS[0], tag=tag))
    for story in STORIES:
        if story.commune:
            group = _group(
                draw,
                draw.stream(story.stream),
                story.commune,
                True,
                True,
                story.listed_from,
                story.founded_in,
                story.sector,
                story.tag,
            )
            group.coded_from = story.coded_from or BASELINE
            groups.append(group)
        else:
            group = next(each for each in groups if each.tag == story.tag)
        _tell(story, group, groups, by_role)
    for group in groups:
        _let_group_years_pass(draw.stream("group figures", group.tag, group.name), group)
    return groups


def _group(
    draw: Draw,
    rng: Random,
    commune: str,
    union_founded: bool = False,
    woman_leads: bool = True,
    listed_from: int | None = None,
    founded_in: int | None = None,
    sector: str | None = None,
    tag: str = "",
) -> Group:
    """A group; without `founded_in` one that the baseline knew."""
    first, last = date(2016, 1, 5), date(2023, 2, 10)
    if founded_in:
        first, last = date(founded_in, 4, 2), date(founded_in, 9, 20)
    sector = sector or weighted(rng, given.group_sector_shares)
    return Group(
        code=None,
        name=names.draw_name(
            rng, names.TEXTS["group_patterns"][sector], draw.group_names, keep=listed_from is not None
        ),
        commune=commune,
        sector=sector,
        founded_on=day_between(rng, first, last),
        union_founded=union_founded,
        woman_leads=woman_leads,
        listed_from=listed_from,
        tag=tag,
    )


def _choose_strengthened(rng: Random, groups: list[Group]) -> None:
    """Six are led by men; among the others the yearly numbers are drawn. 691 does not report for 2024."""
    told = {story.tag for story in STORIES}
    for group in rng.sample([each for each in groups if each.tag not in told], 6):
        group.woman_leads = False
    open_to = [each for each in groups if each.woman_leads and each.tag not in told]
    for year, wanted in given.strengthened_groups.items():
        fit = [each for each in open_to if each.strengthened is None]
        if year == 2024:
            fit = [each for each in fit if not each.tag.startswith("691")]
        for group in rng.sample(fit, wanted - 2 if year == YEARS[0] else wanted):
            group.strengthened = year
    # One that is led by men is strengthened too: it must not count.
    next(each for each in groups if not each.woman_leads).strengthened = YEARS[0]


def _tell(story: Story, group: Group, groups: list[Group], by_role: dict[str, Cooperative]) -> None:
    group.heir = by_role[story.heir] if story.heir else None
    group.strengthened, group.by_name, group.by = story.strengthened, story.by_name, story.by
    group.ends_unsaid = story.ends_unsaid
    if story.since:
        group.status = {year: (status, story.since) for year, status in story.status.items()}
    if story.same_name_as:
        namesake = next(each for each in groups if each.tag == story.same_name_as)
        group.name, group.sector = namesake.name, namesake.sector


def _let_group_years_pass(rng: Random, group: Group) -> None:
    assert group.listed_from is not None
    if group.heir:
        group.status[group.heir.registered_on.year] = ("became_cooperative", group.heir.registered_on)
    members = rng.randint(8, 22)
    women = max(4, round(members * rng.uniform(0.6, 0.95)))
    workers = rng.randint(max(5, members - 6), members + 4)
    women_workers = max(4, round(workers * rng.uniform(0.6, 0.9)))
    stable = min(women, max(2, round(women * rng.uniform(0.25, 0.5))))
    for year in YEARS:
        if year < group.listed_from:
            continue
        status = group.status.get(year, ("active", group.founded_on))[0]
        if status == "became_cooperative" and group.ends_unsaid:
            break
        group.figures[year] = {
            "status": status,
            "members": members,
            "women_members": women,
            "workers": workers,
            "women_workers": min(women_workers, workers),
            "women_stable_jobs": min(stable, women),
        }
        if status in ENDED:
            break
        members = next_count(rng, members, members + rng.choice((1, 1, 2)))
        women = min(members, women + rng.choice((0, 1, 1)))
        workers = next_count(rng, workers, workers + rng.choice((1, 2, -1)))
        women_workers = min(workers, women_workers + rng.choice((0, 1)))
        stable = min(women, stable + 1)


def _other_groups(draw: Draw, reporting: list[Group]) -> list[Group]:
    """The groups that only the registry knows, up to the totals of each year."""
    in_registry = [group for group in reporting if group.coded_from == BASELINE]
    at_baseline = [group for group in in_registry if group.founded_on <= BASELINE_CLOSES]
    streams: list[tuple[Random, int | None]] = [
        (draw.stream("registry group", index), None) for index in range(given.all_groups - len(at_baseline))
    ]
    alive = given.all_groups
    for year in YEARS:
        ended = sum(group.status.get(year, ("",))[0] in ENDED for group in reporting)
        joined = sum(group not in at_baseline and group.founded_on.year == year for group in in_registry)
        coded = sum(group.coded_from == year for group in reporting)
        wanted = given.groups_at_cut_off[year] - alive + ended - joined - coded
        streams += [(draw.stream("new registry group", year, index), year) for index in range(wanted)]
        alive = given.groups_at_cut_off[year]
    return [
        _group(draw, rng, draw.commune_of(rng), woman_leads=rng.random() < 0.2, founded_in=year)
        for rng, year in streams
    ]


def _number_groups(groups: list[Group]) -> None:
    """Registry codes in order of founding, those of the baseline first."""
    coded = [group for group in groups if group.coded_from <= YEARS[-1]]
    in_order = sorted(coded, key=lambda group: (_coded_year(group), group.founded_on, group.name, group.commune))
    for number, group in enumerate(in_order, start=1):
        group.code = f"THT-{number:04d}"


def _coded_year(group: Group) -> int:
    if group.coded_from != BASELINE:
        return group.coded_from
    return BASELINE if group.founded_on <= BASELINE_CLOSES else group.founded_on.year


def _let_registry_years_pass(draw: Draw, group: Group) -> None:
    """Status, members and last change of the registry's entry, for each year in which it stands there."""
    rng = draw.stream("registry group years", group.code, group.name)
    status, since, members = "active", group.founded_on, rng.randint(3, 25)
    if group.figures:
        members = next(iter(group.figures.values()))["members"]
    touched = office_hour(rng, max(group.founded_on, day_between(rng, date(2021, 3, 1), date(2023, 3, 20))))
    for year in (BASELINE, *YEARS):
        if group.coded_from > year or _coded_year(group) > year or status in ENDED:
            continue
        if year in group.status and group.status[year] != (status, since):
            status, since = group.status[year]
            touched = office_hour(rng, since)
        elif year == group.coded_from and year != BASELINE:
            touched = office_hour(rng, date(year, 3, 14))
        elif year in group.figures and group.figures[year]["members"] != members:
            members = group.figures[year]["members"]
            touched = office_hour(rng, day_between(rng, date(year, 4, 10), date(year, 11, 20)))
        group.states[year] = State(status, since, members, touched)
