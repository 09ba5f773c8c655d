"""Rows and reports of a few units, from which the answer key is worked out by hand."""

from datetime import date, datetime

from htx.example.reports.report import Report
from htx.example.seeds import read_seeds

SEEDS = read_seeds()
PLACES = {"688": "25216", "689": "25195"}


def cooperative(number: str, unit: str, **counts) -> dict:
    """A row of 01_HTX: one woman of three managers, ten workers of whom four are women, unless said otherwise."""
    return {
        "registration_number": number,
        "commune_code": PLACES[unit],
        "status": "active",
        "union_supported_founding": False,
        "women_managers": 1,
        "women_managers_trained": 0,
        "women_managers_certified": 0,
        "woman_leads": True,
        "members": 20,
        "workers": 10,
        "women_workers": 4,
        "women_in_cooperative": 10,
        "women_stable_jobs": 0,
        "women_new_jobs": 0,
        "women_vocational_trained": 0,
        "members_ecommerce_trained": 0,
    } | counts


def group(code: str | None, commune: str, **values) -> dict:
    return {
        "group_code": code,
        "group_name": "Tổ hợp tác Sen Trắng",
        "commune_code": commune,
        "status": "active",
        "union_supported_founding": True,
        "woman_leads": True,
        "women_stable_jobs": 4,
    } | values


def action(organisation: str, kind: str = "strengthening") -> dict:
    return {"organisation_code": organisation, "support_kind": kind, "started_on": date(2023, 6, 1)}


def course(organiser: str, code: str, members: int, union_members: int | None) -> dict:
    return {"organiser": organiser, "course_code": code, "members_and_workers": members, "union_members": union_members}


def report(
    unit: str, year: int, received_at: datetime, nil: str = "", value_kind: str = "estimate", **sheets
) -> Report:
    """An annual report of estimates; `nil` and `sheets` by the number of the sheet, as n01=[...]."""
    names = {f"n{code[:2]}": code for code in SEEDS.sheets}
    return Report(
        unit_code=unit,
        report_year=year,
        received_at=received_at,
        data_from=date(year, 1, 3),
        data_to=date(year, 11, 30),
        sheets={names[key]: rows for key, rows in sheets.items()},
        nil=frozenset(names[f"n{number}"] for number in nil.split()),
        value_kind=value_kind,
        folder=unit,
        file_name=f"{unit} {year} {received_at:%m%d}.xlsx",
    )


def entry(number: str, commune: str, registered_on: date, **values) -> dict:
    """An entry of the registry."""
    return {
        "registration_number": number,
        "kind": "cooperative",
        "commune_code": commune,
        "registered_on": registered_on,
        "status": "active",
        "member_count": 20,
        "union_founded": False,
        "updated_at": datetime(2023, 2, 1, 9),
    } | values
