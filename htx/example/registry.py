"""The registry of the example: what it says on each pull day, and the SQLite database that says it."""

import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from htx.example.organisations.draws import BASELINE, YEARS
from htx.example.organisations.organisation import Cooperative, Group
from htx.example.organisations.province import Province
from htx.example.reports.report import ListRow, Snapshot
from htx.example.seeds import Seeds

TABLES = {
    "cooperatives": """
        registration_number text primary key, tax_code text, name text not null, kind text not null,
        commune_code text not null, address text, sector text, registered_on date not null, status text not null,
        status_changed_on date, charter_capital_vnd bigint, member_count integer, union_founded boolean not null,
        updated_at timestamp not null""",
    "managers": """
        registration_number text not null, manager_no integer not null, position text not null, sex text not null,
        held_from date not null, held_to date, primary key (registration_number, manager_no)""",
    "classifications": """
        registration_number text not null, year integer not null, score integer, class text not null,
        decided_on date not null, primary key (registration_number, year)""",
}


def make_snapshots(seeds: Seeds, province: Province) -> list[Snapshot]:
    """The registry on the baseline day and on each cut-off day."""
    days = {BASELINE: seeds.baseline_day} | {year: seeds.cycles[year].registry_cut_off for year in YEARS}
    return [_snapshot(seeds, province, year, day) for year, day in days.items()]


def _snapshot(seeds: Seeds, province: Province, year: int, day: date) -> Snapshot:
    """Managers and classifications as far as they are known on the day: who will leave is still there."""
    cooperatives = sorted((each for each in province.cooperatives if year in each.states), key=lambda each: each.number)
    groups = sorted((each for each in province.groups if year in each.states), key=lambda each: str(each.code))
    organisations: list[Cooperative | Group] = [*cooperatives, *groups]
    managers = [
        {
            "registration_number": cooperative.number,
            "manager_no": manager.number,
            "position": manager.position,
            "sex": manager.sex,
            "held_from": manager.held_from,
            "held_to": manager.held_to if manager.held_to and manager.held_to <= day else None,
        }
        for cooperative in cooperatives
        for manager in cooperative.managers
        if manager.held_from <= day
    ]
    ratings = [
        {"registration_number": each.number, "year": rated, "score": score, "class": name, "decided_on": decided_on}
        for each in cooperatives
        for rated, (score, name, decided_on) in each.ratings.items()
        if decided_on <= day
    ]
    entries = tuple(_entry(seeds, each, year) for each in organisations)
    return Snapshot(day, entries, tuple(managers), tuple(ratings))


def _commune_code(seeds: Seeds, commune: str, updated_at: datetime) -> str:
    """Codes are of the version that was valid when the entry was last touched: untouched ones keep the old code."""
    place = seeds.places[f"{commune}@2023"]
    is_over = place.valid_to is not None and place.valid_to < updated_at.date()
    return seeds.places[seeds.last_successor(place.uid)].code if is_over else place.code


def _entry(seeds: Seeds, organisation: Cooperative | Group, year: int) -> ListRow:
    state, own = organisation.states[year], organisation
    if isinstance(own, Group):
        entry: ListRow = {"registration_number": own.code, "kind": "group", "registered_on": own.founded_on}
        entry |= dict.fromkeys(("tax_code", "address", "charter_capital_vnd"))
    else:
        entry = {"registration_number": own.number, "kind": own.kind, "registered_on": own.registered_on}
        capital = own.charter_capital * 1_000_000
        entry |= {"tax_code": own.tax_code, "address": own.address, "charter_capital_vnd": capital}
    return entry | {
        "name": own.name,
        "commune_code": _commune_code(seeds, own.commune, state.updated_at),
        "sector": own.sector,
        "status": state.status,
        "status_changed_on": state.status_changed_on,
        "member_count": state.members,
        "union_founded": own.union_founded,
        "updated_at": state.updated_at,
    }


def write_registry(path: Path, snapshot: Snapshot) -> None:
    """The snapshot as an SQLite database with the contract's three tables; dates as ISO text."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = memory")
        connection.execute("begin")
        for table, columns in TABLES.items():
            connection.execute(f"create table {table} ({columns})")
            rows = getattr(snapshot, table)
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(
                    f"insert into {table} ({', '.join(rows[0])}) values ({marks})",
                    ([_stored(value) for value in row.values()] for row in rows),
                )
        connection.execute("commit")


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
