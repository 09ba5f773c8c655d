"""What a cooperative that reports says of itself, year by year: the counts of its row in 01_HTX."""

from datetime import date
from random import Random

from htx.example.organisations.draws import YEARS, lognormal, next_count, weighted
from htx.example.organisations.organisation import LEADING, Cooperative
from htx.example.organisations.parameters import given
from htx.example.organisations.roles import Role
from htx.example.reports.report import ListRow


def reported_years(rng: Random, cooperative: Cooperative) -> dict[int, ListRow]:
    """Year -> the counts of a row of 01_HTX: a first year, and later years that grow out of the one before."""
    role = cooperative.role
    assert role is not None, "only those of the story report"
    first_year = role.listed_from or YEARS[0]
    shares = _shares(rng, cooperative)
    years: dict[int, ListRow] = {}
    before: ListRow | None = None
    for year in YEARS:
        if year < first_year or year not in cooperative.states:
            continue
        day = date(year, 11, 30)
        members = cooperative.states[year].members
        if rng.random() < 0.3 and members >= 30:
            members += rng.choice((-1, 1)) * max(1, members // 50)  # the registry lags a little
        row: ListRow = {"members": members}
        row |= _women_and_workers(rng, role, shares, members, year, before)
        row |= _women_in_cooperative(rng, role, shares, row, year, before)
        row |= _managers_in(cooperative, day, year)
        row |= _economy(rng, cooperative, shares, row, year, before)
        years[year] = before = row
    return years


def _shares(rng: Random, cooperative: Cooperative) -> dict[str, float]:
    """What stays the same about a cooperative."""
    role = cooperative.role
    assert role is not None
    women = min(0.95, max(0.3, rng.betavariate(given.women_share_alpha, given.women_share_beta)))
    women = {True: max(women, 0.62), False: 0.36, None: women}[role.majority]
    large = cooperative.kind == "credit_fund" or role.large
    return {
        "women_members": rng.uniform(0.38, 0.74) if women > 0.5 else rng.uniform(0.3, 0.45),
        "women_workers": women,
        "both": rng.uniform(0.25, 0.7),
        "stable": 0.12 if large else rng.uniform(0.5, 0.66),
        "vocational": rng.uniform(0.22, 0.36),
        "ecommerce": rng.uniform(0.14, 0.26),
        "insured": rng.uniform(0.02, 0.12),
        "margin": rng.gauss(given.profit_mean, given.profit_sigma),
    }


def _women_and_workers(
    rng: Random, role: Role, shares: dict[str, float], members: int, year: int, before: ListRow | None
) -> ListRow:
    jobs = role.new_jobs[YEARS.index(year)] if role.new_jobs else 0
    if before is None:
        workers = round(min(70, max(12, rng.lognormvariate(given.workers_mu, given.workers_sigma))))
        workers = max(workers, round(1.35 * jobs))
        women_workers = round(workers * shares["women_workers"])
        women_members = round(members * shares["women_members"])
    else:
        workers = next_count(rng, before["workers"])
        women_workers = next_count(rng, before["women_workers"], round(workers * shares["women_workers"]))
        women_members = next_count(rng, before["women_members"], round(members * shares["women_members"]))
    if role.half:
        workers -= workers % 2
        women_workers = workers // 2
    elif role.majority:
        women_workers = max(women_workers, workers // 2 + 1, jobs)
    elif role.majority is False:
        women_workers = min(women_workers, workers // 2)
    women_workers = min(women_workers, workers)
    if not role.new_jobs:
        jobs = min(women_workers, rng.choice((0, 0, 0, 1, 1, 2, 3)))
    return {
        "women_members": min(women_members, members),
        "workers": workers,
        "women_workers": women_workers,
        "women_new_jobs": jobs,
    }


def _women_in_cooperative(
    rng: Random, role: Role, shares: dict[str, float], row: ListRow, year: int, before: ListRow | None
) -> ListRow:
    """Each woman once; then what share of them has stable work or was trained, never falling without a reason."""
    few, many = sorted((row["women_members"], row["women_workers"]))
    women = many + round(few * (1 - shares["both"]))
    step = year - YEARS[0]
    stable = round(women * min(0.9, shares["stable"] + 0.07 * step + rng.uniform(-0.02, 0.02)))
    vocational = round(women * (shares["vocational"] + 0.08 * step))
    ecommerce = round(row["members"] * (shares["ecommerce"] + 0.06 * step))
    if before is not None:
        stable = next_count(rng, before["women_stable_jobs"], stable)
        trained, sellers = before["women_vocational_trained"], before["members_ecommerce_trained"]
        vocational = max(trained, next_count(rng, trained, vocational))
        ecommerce = max(sellers, next_count(rng, sellers, ecommerce))
    return {
        "women_in_cooperative": women,
        "women_stable_jobs": min(stable, women),
        "women_vocational_trained": min(vocational, women),
        "members_ecommerce_trained": min(ecommerce, row["members"]),
        "women_staff_insured": min(row["women_workers"], round(women * shares["insured"]) + step),
    }


def _managers_in(cooperative: Cooperative, day: date, year: int) -> ListRow:
    in_office = [m for m in cooperative.managers if m.position != "accountant" and m.is_held_at(day)]
    women = [manager for manager in in_office if manager.sex == "F"]
    return {
        "managers": len(in_office),
        "women_managers": len(women),
        "woman_leads": any(manager.position in LEADING for manager in women),
        "women_managers_trained": sum((m.trained_in or year + 1) <= year for m in women),
        "women_managers_certified": sum((m.certified_in or year + 1) <= year for m in women),
    }


def _economy(
    rng: Random, cooperative: Cooperative, shares: dict[str, float], row: ListRow, year: int, before: ListRow | None
) -> ListRow:
    if before is None:
        least = 5_000 if cooperative.role and cooperative.role.large else 180
        revenue = lognormal(rng, given.revenue_median, given.revenue_sigma, least, 20_000)
        flags = {name: rng.random() < share for name, share in given.cooperative_flag_shares.items()}
        has_stars = rng.random() < 3 * given.ocop_share  # those that report are the better known
        stars = int(weighted(rng, given.ocop_stars)) if has_stars else 0
    else:
        revenue = before["revenue"] * rng.uniform(0.96, 1.14)
        flags = {name: before[name] or rng.random() < 0.12 for name in given.cooperative_flag_shares}
        stars = before["ocop_stars"]
    income = given.monthly_income + given.income_growth * (year - YEARS[0]) + rng.uniform(-0.6, 0.9)
    rating = cooperative.ratings.get(year - 1)
    margin = shares["margin"] + rng.uniform(-0.01, 0.01)
    return {
        "classification": rating[1] if rating else None,
        "classification_year": year - 1 if rating else None,
        "charter_capital": cooperative.charter_capital,
        "revenue": round(revenue, 1),
        "average_monthly_income": round(income, 2),
        "profit": round(revenue * margin, 1),
        "ocop_stars": stars,
        **flags,
    }
