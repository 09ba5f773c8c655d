"""The cooperatives of the example and what really happened to them, year by year."""

from datetime import date, datetime, timedelta
from random import Random

from htx.example.organisations import names
from htx.example.organisations.cooperative_years import reported_years
from htx.example.organisations.draws import (
    BASELINE,
    BASELINE_CLOSES,
    YEARS,
    Draw,
    day_between,
    lognormal,
    next_count,
    office_hour,
    weighted,
    year_drawn,
)
from htx.example.organisations.organisation import LEADING, Cooperative, Manager, State
from htx.example.organisations.parameters import given
from htx.example.organisations.roles import ROLES, Role

OFFICES = ("board_chair", "director", "supervisor_head", "board_member", "deputy_director", "supervisor")


def make_cooperatives(draw: Draw) -> tuple[list[Cooperative], dict[str, Cooperative]]:
    """All cooperatives, unions and credit funds up to the last year; and those of the story by their key."""
    by_role = {key: _cooperative_of_role(draw, key, role) for key, role in ROLES.items()}
    others = _other_cooperatives(draw, by_role)
    _set_members_of_the_33(draw, by_role)
    for cooperative in [*by_role.values(), *others]:
        _let_registry_years_pass(draw, cooperative)
    for key, cooperative in by_role.items():
        if cooperative.role and cooperative.role.listed_from:
            cooperative.figures = reported_years(draw.stream("figures", key), cooperative)
    return [*by_role.values(), *others], by_role


def _cooperative(draw: Draw, rng: Random, commune: str, sector: str, kind: str, role: Role | None) -> Cooperative:
    old = bool(role and role.old_certificate)
    tax_code = draw.number(rng)
    registered_on = role.registered_on if role and role.registered_on else None
    if registered_on is None:
        # Those of the story are older than the plan, so that only its new ones are new.
        last = date(2018, 12, 1) if old else date(2022, 12, 20) if role else BASELINE_CLOSES
        registered_on = day_between(rng, date(2013, 8, 1), last)
    capital = lognormal(rng, given.capital_median, given.capital_sigma, given.capital_min, 30_000)
    return Cooperative(
        number=f"44{rng.randint(1, 11):02d}L{rng.randint(1, 99999):05d}" if old else tax_code,
        tax_code=tax_code,
        name=names.draw_name(rng, _name_patterns(rng, sector, kind, role), draw.names),
        kind=kind,
        commune=commune,
        address=draw.address(rng, commune),
        sector=sector,
        registered_on=registered_on,
        union_founded=bool(role and role.union_founded),
        charter_capital=round(capital / 10) * 10,
        role=role,
    )


def _name_patterns(rng: Random, sector: str, kind: str, role: Role | None) -> tuple[str, ...]:
    if kind == "cooperative" and role and role.women != 0 and rng.random() < 0.3:
        return names.TEXTS["women_patterns"][""]
    return names.TEXTS["union_patterns"][""] if kind == "union" else names.TEXTS["cooperative_patterns"][sector]


def _cooperative_of_role(draw: Draw, key: str, role: Role) -> Cooperative:
    rng = draw.stream("cooperative", key)
    shares = {sector: share for sector, share in given.sector_shares.items() if sector != "transport"}
    cooperative = _cooperative(draw, rng, role.commune, role.sector or weighted(rng, shares), role.kind, role)
    cooperative.managers = _managers(rng, cooperative, role)
    status, since = "active", cooperative.registered_on
    for year in (BASELINE, *YEARS):
        if year in role.status:
            status = role.status[year]
            since = date(2022, 9, 15) if year == BASELINE else day_between(rng, date(year, 2, 1), date(year, 8, 30))
        cooperative.states[year] = State(status, since, 0, datetime.min)
        if status == "dissolved":
            break
    return cooperative


def _managers(rng: Random, cooperative: Cooperative, role: Role | None) -> list[Manager]:
    """Offices with their holders: women as the role says, an accountant of either sex, and women who had left."""
    women = role.women if role and role.women is not None else rng.choice((1, 1, 2, 2, 3)) if role else 0
    offices = list(OFFICES[: max(3, min(6, women + rng.randint(2, 3)))])
    leads = role.leads if role and role.leads is not None else rng.random() < 0.62
    places = [rng.choice(LEADING)] if leads else []
    for_women = places + [office for office in reversed(offices) if office not in LEADING]
    held_by_women = set(for_women[:women])
    since = max(cooperative.registered_on, date(2019, 1, 1))
    found = []
    for number, position in enumerate(offices, start=1):
        held_from = min(day_between(rng, since, since + timedelta(days=500)), BASELINE_CLOSES)
        held_from = max(held_from, cooperative.registered_on)
        manager = Manager(number, position, "F" if position in held_by_women else "M", held_from)
        if manager.sex == "F" and role:
            manager.held_from = role.woman_from or manager.held_from
            manager.held_to = role.woman_until
            _give_courses(rng, manager)
        found.append(manager)
    found.append(Manager(len(found) + 1, "accountant", rng.choice("FFM"), max(since, cooperative.registered_on)))
    if role is None and cooperative.registered_on < date(2018, 1, 1) and rng.random() < 0.3:
        # Women who held an office before the plan: the registry remembers them, the baseline must not.
        found.append(Manager(len(found) + 1, "board_member", "F", date(2018, 2, 1), date(2021, 4, 30)))
    return found


def _give_courses(rng: Random, manager: Manager) -> None:
    """The years of a woman's first qualifying course and certificate; those new in the last year had none yet."""
    if manager.held_from.year >= YEARS[-1]:
        return
    trained_in, certified_in = year_drawn(rng, given.trained_in), year_drawn(rng, given.certified_in)
    if trained_in:
        manager.trained_in = max(trained_in, manager.held_from.year)
        manager.certified_in = max(certified_in, manager.trained_in) if certified_in else None


def _other_cooperatives(draw: Draw, by_role: dict[str, Cooperative]) -> list[Cooperative]:
    """Those that never report: the rest of the 299 and the new ones of each year, in the numbers of `parameters`."""
    told = by_role.values()
    at_baseline = sum(cooperative.registered_on <= BASELINE_CLOSES for cooperative in told)
    others = [_other(draw, i, None) for i in range(given.all_cooperatives - at_baseline)]
    alive = given.all_cooperatives
    for year in YEARS:
        _dissolve(draw.stream("dissolved", year), others, year)
        joining = sum(cooperative.registered_on.year == year for cooperative in told)
        ended = sum(year in each.states and each.states[year].status == "dissolved" for each in told)
        ended += given.dissolved_per_year[year]
        wanted = given.cooperatives_at_cut_off[year] - (alive - ended) - joining
        others += [_other(draw, f"{year}-{i}", year) for i in range(wanted)]
        alive = given.cooperatives_at_cut_off[year]
    return others


def _other(draw: Draw, number: object, founded_in: int | None) -> Cooperative:
    rng = draw.stream("other cooperative", number)
    kind, sector, role = "cooperative", weighted(rng, given.sector_shares), None
    place = number if isinstance(number, int) else given.all_cooperatives
    if place < given.credit_funds - 1:
        kind, sector = "credit_fund", "credit"
    elif place < given.credit_funds - 1 + given.unions:
        kind, sector = "union", "agri_services"
    elif place < given.credit_funds + given.unions + 6:
        role = Role("", old_certificate=True, listed_from=None, women=0)
    elif founded_in:
        first = date(founded_in, 4, 3) if founded_in == YEARS[0] else date(founded_in - 1, 12, 2)
        role = Role("", registered_on=day_between(rng, first, date(founded_in, 11, 20)), listed_from=None, women=0)
    cooperative = _cooperative(draw, rng, draw.commune_of(rng), sector, kind, role)
    cooperative.role = None
    cooperative.managers = _managers(rng, cooperative, None)
    status = "active" if founded_in else weighted(rng, given.status_shares)
    since = cooperative.registered_on
    if status != "active":
        since = day_between(rng, max(since, date(2020, 1, 1)), date(2023, 2, 20))
    members = given.members_floor + round(rng.lognormvariate(given.members_mu, given.members_sigma))
    if kind == "credit_fund":
        members = round(rng.lognormvariate(given.credit_fund_mu, given.credit_fund_sigma))
    elif kind == "union":
        members = rng.randint(4, 7)
    for year in (BASELINE, *YEARS):
        if not founded_in or year >= founded_in:
            cooperative.states[year] = State(status, since, min(members, 2500), datetime.min)
    return cooperative


def _dissolve(rng: Random, others: list[Cooperative], year: int) -> None:
    """Those that had stopped are struck off; they stay in the registry of that year and leave it after."""
    waiting = [each for each in others if each.states.get(year) and each.states[year].status == "awaiting_dissolution"]
    for cooperative in rng.sample(waiting, given.dissolved_per_year[year]):
        state = cooperative.states[year]
        state.status, state.status_changed_on = "dissolved", day_between(rng, date(year, 4, 1), date(year, 11, 10))
        cooperative.states = {each: known for each, known in cooperative.states.items() if each <= year}


def _set_members_of_the_33(draw: Draw, by_role: dict[str, Cooperative]) -> None:
    """Farm-like numbers for 31 of them; the two large ones take the rest of the 2,786."""
    rng = draw.stream("members of the 33")
    for cooperative in by_role.values():
        model = given.members_floor + round(min(90, rng.lognormvariate(given.members_mu, given.members_sigma)))
        for state in cooperative.states.values():
            state.members = max(model, 12)
    the_33 = [cooperative for key, cooperative in by_role.items() if key.startswith("w")]
    large = [cooperative for cooperative in the_33 if cooperative.role and cooperative.role.large]
    rest = given.women_managed_members - sum(c.states[BASELINE].members for c in the_33 if c not in large)
    of_the_fund = round(rest * given.large_share)
    for cooperative in large:
        members = of_the_fund if cooperative.kind == "credit_fund" else rest - of_the_fund
        cooperative.states[BASELINE].members = members


def _let_registry_years_pass(draw: Draw, cooperative: Cooperative) -> None:
    """Members drift, entries are touched when something changed, and each year brings its rating."""
    rng = draw.stream("registry", cooperative.tax_code)
    previous: State | None = None
    opened = draw.seeds.baseline_day
    for year in (BASELINE, *YEARS):
        closed = draw.seeds.baseline_day if year == BASELINE else draw.seeds.cycles[year].registry_cut_off
        state = cooperative.states.get(year)
        if state is None or cooperative.registered_on > closed:
            cooperative.states.pop(year, None)
            previous = None
            continue
        days = [state.status_changed_on, cooperative.registered_on]
        days += [day for manager in cooperative.managers for day in (manager.held_from, manager.held_to) if day]
        happened = [day for day in days if day <= closed and (previous is None or day > opened)]
        if previous is None:
            first = cooperative.registered_on if year != BASELINE else max(cooperative.registered_on, date(2021, 6, 1))
            state.updated_at = office_hour(rng, max([day_between(rng, first, closed), *happened]))
        else:
            state.members = previous.members
            if cooperative.role or rng.random() < 0.5:
                state.members = next_count(rng, previous.members)
                happened.append(day_between(rng, opened + timedelta(days=20), closed - timedelta(days=2)))
            state.updated_at = office_hour(rng, max(happened)) if happened else previous.updated_at
        previous, opened = state, closed
    _rate(rng, cooperative)


def _rate(rng: Random, cooperative: Cooperative) -> None:
    """Yearly classes, decided in the spring after; none in the first twelve months or after a stop."""
    for year in range(2021, max(YEARS)):
        state = cooperative.states.get(max(year, BASELINE)) or cooperative.states.get(year + 1)
        if cooperative.registered_on.year > year or state is None or cooperative.kind == "credit_fund":
            continue  # credit funds are rated by the State Bank's own rules
        decided_on = day_between(rng, date(year + 1, 4, 3), date(year + 1, 6, 25))
        score, rating = None, "unrated"
        if cooperative.registered_on.year < year and state.status in ("active", "ineffective"):
            rating = "weak" if state.status == "ineffective" else weighted(rng, given.rating_shares)
            score = rng.randint(given.rating_least_score[rating], given.rating_most_score[rating])
        cooperative.ratings[year] = (score, rating, decided_on)
