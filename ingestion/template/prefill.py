"""Prefills a form with facts that do not change, from the registry and last year's reports.

Counts and statuses are never filled in: they are what the unit has to report.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg

from ingestion.form.dates import date_or_none
from ingestion.form.numbers import decimal_or_none
from ingestion.template.form_workbook import Value
from ingestion.template.last_year_sheet import FIGURES
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Form
from warehouse.reference.names import folded
from warehouse.reference.reference_data import Reference

COOPERATIVES, GROUPS, DUTIES = "01_HTX", "02_THT", "08_HOAT_DONG"
# The fields of two sheets that stay the same from year to year.
STABLE = {
    COOPERATIVES: (
        "registration_number",
        "cooperative_name",
        "commune_code",
        "registered_on",
        "sector",
        "union_supported_founding",
        "predecessor_group_code",
    ),
    GROUPS: ("group_code", "group_name", "commune_code", "founded_on", "sector", "union_supported_founding"),
}
ENDED = {COOPERATIVES: frozenset({"dissolved"}), GROUPS: frozenset({"dissolved", "became_cooperative"})}
REGISTRY_KINDS = ("cooperative", "union", "credit_fund")

Rows = list[dict[str, Value]]


@dataclass(frozen=True)
class _ReportedRow:
    """A row in force of last year's reports, with the day on which its codes were valid."""

    read: dict[str, str]
    data_to: date


def known_values(
    connection: psycopg.Connection, unit: RosterUnit, year: int, reference: Reference
) -> tuple[dict[str, Value], dict[str, Rows]]:
    """The cover and the rows of each sheet that `write_workbook` fills in for the unit and year.

    Cooperatives are those of last year's report on the unit's ground that have not ended, and those that the
    registry, as last known by the year's cut-off, counts as managed by women there; groups are last year's. Where
    there are no cooperatives, no duty on cooperatives is listed.
    Communes are given as they are now, also where a commune took over from a district.
    """
    form, cycle = reference.form_for(year), reference.cycles[year]
    day = cycle.data_window_to
    cover: dict[str, Value] = {"report_kind": "annual", "submission_kind": "first", "data_from": cycle.data_window_from}
    sheets: dict[str, list[dict[str, str]]] = {}
    if unit.uid in reference.units:
        last_year = _reported_on_ground(connection, unit, year - 1, day, reference)
        days = {row.data_to for rows in last_year.values() for row in rows}
        if len(days) == 1:
            # Windows follow each other, also where a commune takes over from a district.
            cover["data_from"] = days.pop() + timedelta(days=1)
        registry = _women_managed(connection, unit, cycle.registry_cut_off, day, reference)
        sheets = {
            COOPERATIVES: _cooperatives(last_year[COOPERATIVES], registry, day, reference),
            GROUPS: _groups(connection, last_year[GROUPS], day, reference),
        }
    listed = listed_rows(form, unit, reference)
    if DUTIES in listed and unit.uid in reference.units and not sheets[COOPERATIVES]:
        flags = reference.code_flags["duties"]
        listed[DUTIES] = [row for row in listed[DUTIES] if "cooperatives" not in flags[str(row["duty_code"])]]
    return (
        {code: value for code, value in cover.items() if code in form.cover.by_code},
        {code: _typed(rows, form, code) for code, rows in sheets.items() if rows and code in form.sheets} | listed,
    )


def reported_last_year(
    connection: psycopg.Connection, unit: RosterUnit, year: int, reference: Reference
) -> dict[str, Rows]:
    """Sheet -> the rows that were reported on the unit's ground for the year before, by any unit."""
    form, day = reference.form_for(year), reference.cycles[year].data_window_to
    if unit.uid not in reference.units:
        return {}
    found = _reported_on_ground(connection, unit, year - 1, day, reference)
    return {code: _typed([row.read for row in rows], form, code) for code, rows in sorted(found.items())}


def listed_rows(form: Form, unit: RosterUnit, reference: Reference) -> dict[str, Rows]:
    """The rows that the form lists for the unit, by sheet: the key alone."""
    found: dict[str, Rows] = {}
    for code, sheet in form.sheets.items():
        if code != COVER and reference.sheet_applies(sheet, unit):
            codes = reference.listed_codes(form, code, unit)
            found |= {code: [{sheet.key[0]: each} for each in codes]} if codes else {}
    return found


# Last year's report -----------------------------------------------------------------------------------------


def _reported_on_ground(
    connection: psycopg.Connection, unit: RosterUnit, year: int, day: date, reference: Reference
) -> dict[str, list[_ReportedRow]]:
    """Sheet -> the current rows of the year's accepted reports, of all units, whose commune lies in the unit now."""
    found: dict[str, list[_ReportedRow]] = defaultdict(list)
    for sheet_code, row in _current_rows(connection, year, reference):
        if _commune_now(row.read.get("commune_code"), row.data_to, day, unit, reference):
            found[sheet_code].append(row)
    return found


def _current_rows(
    connection: psycopg.Connection, year: int, reference: Reference
) -> Iterable[tuple[str, _ReportedRow]]:
    """Sheet and row, from the yearly reports in force of all units; of rows with the same key the last counts."""
    rows = connection.execute(
        """
        select orders.reporting_unit_code, rows.sheet_code, rows.read, files.data_to
        from raw.submission_orders as orders
        inner join raw.received_files as files on orders.submission_id = files.submission_id
        inner join raw.sheet_rows as rows on orders.submission_id = rows.submission_id
        where
            orders.report_year = %s
            and orders.history = 'annual'
            and orders.submission_order is not null
            and orders.superseded_by is null
            and coalesce(files.data_scope, '') <> 'whole_province'
            and files.data_to is not null
            and rows.sheet_code = any(%s)
        order by orders.reporting_unit_code, orders.submission_order, rows.sheet_code, rows.row_number
        """,
        [year, [COOPERATIVES, GROUPS]],
    )
    current = {
        (unit, sheet, *_identity(sheet, read, data_to, reference)): (sheet, _ReportedRow(read, data_to))
        for unit, sheet, read, data_to in rows
    }
    return current.values()


def _identity(sheet_code: str, read: dict[str, str], data_to: date, reference: Reference) -> tuple:
    if sheet_code == COOPERATIVES:
        return (read.get("registration_number"),)
    return (read.get("group_code") or _name_and_commune(read, data_to, reference),)


def _given_codes(connection: psycopg.Connection, reference: Reference) -> dict[tuple[str, str], str]:
    """Name and commune of a group -> the code that accepted reports gave it."""
    given: dict[tuple[str, str], str] = {}
    for read, data_to in connection.execute(
        """
        select rows.read, files.data_to
        from raw.sheet_rows as rows
        inner join raw.received_files as files on rows.submission_id = files.submission_id
        where rows.sheet_code = %s and rows.read ? 'group_code' and files.data_to is not null
        order by files.report_year, files.received_at
        """,
        [GROUPS],
    ):
        key = _name_and_commune(read, data_to, reference)
        if key:
            given.setdefault(key, read["group_code"])
    return given


def _issued_code(connection: psycopg.Connection, name: str, commune_uid: str) -> str:
    """The code that the marts issue to a group without one."""
    [(code,)] = connection.execute("select raw.issued_group_code(%s, %s)", [name, commune_uid]).fetchall()
    return code


def _name_and_commune(read: dict[str, str], data_to: date, reference: Reference) -> tuple[str, str] | None:
    """The identity of a group without a code: its name, and the last successor of its commune."""
    uid = reference.units.commune_at(read.get("commune_code", ""), data_to)
    return (folded(read.get("group_name", "")).lower(), reference.units.last_successor(uid)) if uid else None


def _commune_now(code: str | None, then: date, now: date, unit: RosterUnit, reference: Reference) -> str | None:
    """The present code of a commune, if it lies in the unit now; the administrative reform reused codes."""
    uid = reference.units.commune_at(code or "", then)
    uid = reference.units.successor_at(uid, now) if uid else None
    return reference.units[uid].code if uid and reference.units.is_inside(uid, unit.uid) else None


# The registry -----------------------------------------------------------------------------------------------


def _women_managed(
    connection: psycopg.Connection, unit: RosterUnit, cut_off: date, day: date, reference: Reference
) -> dict[str, dict[str, str]]:
    """Registration number -> registry row, of the cooperatives with a woman in a management office in the unit, by the
    latest snapshot of a day up to the cut-off; managers are those in office on that day."""
    offices = [
        code for code, flags in reference.code_flags["manager_positions"].items() if "management_office" in flags
    ]
    found = connection.execute(
        """
        with snapshot as (
            select content_id, speaks_of
            from raw.registry_snapshots
            where speaks_of <= %(cut_off)s
            order by speaks_of desc, pulled_at desc
            limit 1
        )

        select
            cooperatives.registration_number,
            cooperatives.name,
            cooperatives.commune_code,
            cooperatives.sector,
            cooperatives.registered_on,
            cooperatives.union_founded,
            left(cooperatives.updated_at, 10)
        from snapshot
        inner join raw.registry_contents as contents
            on snapshot.content_id = contents.content_id and contents.table_name = 'cooperatives'
        inner join raw.registry_cooperatives as cooperatives on contents.row_id = cooperatives.row_id
        where cooperatives.kind = any(%(kinds)s)
            and cooperatives.status is distinct from 'dissolved'
            and exists (
                select
                from raw.registry_contents as manager_contents
                inner join raw.registry_managers as managers on manager_contents.row_id = managers.row_id
                where manager_contents.content_id = snapshot.content_id
                    and manager_contents.table_name = 'managers'
                    and managers.registration_number = cooperatives.registration_number
                    and managers.sex = 'F'
                    and managers.position = any(%(offices)s)
                    and coalesce(managers.held_from, '') <= snapshot.speaks_of::text
                    and coalesce(managers.held_to, '9999') > snapshot.speaks_of::text
            )
        order by cooperatives.registration_number
        """,
        {"cut_off": cut_off, "kinds": list(REGISTRY_KINDS), "offices": offices},
    )
    known = {}
    for number, name, commune_code, sector, registered_on, union_founded, updated_on in found:
        commune = _commune_now(commune_code, date_or_none(updated_on) or cut_off, day, unit, reference)
        if commune:
            known[number] = {
                "registration_number": number,
                "cooperative_name": name,
                "commune_code": commune,
                "registered_on": registered_on,
                "sector": sector,
                "union_supported_founding": {"true": "C", "false": "K"}.get(union_founded or ""),
            }
    return known


# Rows of the form -------------------------------------------------------------------------------------------


def _cooperatives(
    last_year: list[_ReportedRow], registry: dict[str, dict[str, str]], day: date, reference: Reference
) -> list[dict[str, str]]:
    """Those of the registry and of last year by number. The unit's own report takes precedence over the registry;
    cooperatives that it reported as ended are left out."""
    ended = {row.read["registration_number"] for row in last_year if _has_ended(COOPERATIVES, row)}
    rows = {number: row for number, row in registry.items() if number not in ended}
    for row in last_year:
        number = row.read["registration_number"]
        if number not in ended:
            stable = _stable(COOPERATIVES, row, day, reference)
            rows[number] = {**{name: text for name, text in rows.get(number, {}).items() if text}, **stable}
    return [rows[number] for number in sorted(rows)]


def _groups(
    connection: psycopg.Connection, last_year: list[_ReportedRow], day: date, reference: Reference
) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    given = _given_codes(connection, reference)
    for row in last_year:
        if not _has_ended(GROUPS, row) and not row.read.get("became_cooperative"):
            stable = _stable(GROUPS, row, day, reference)
            key = _name_and_commune(row.read, row.data_to, reference)
            if "group_code" not in stable and key:
                stable["group_code"] = given.get(key) or _issued_code(connection, *key)
            rows.append(stable)
    return sorted(rows, key=lambda row: (row.get("commune_code", ""), row.get("group_code", "")))


def _has_ended(sheet_code: str, row: _ReportedRow) -> bool:
    return row.read.get("status") in ENDED[sheet_code]


def _stable(sheet_code: str, row: _ReportedRow, day: date, reference: Reference) -> dict[str, str]:
    stable = {name: row.read[name] for name in STABLE[sheet_code] if row.read.get(name)}
    uid = reference.units.commune_at(stable.get("commune_code", ""), row.data_to)
    now = reference.units.successor_at(uid, day) if uid else None
    if now:
        stable["commune_code"] = reference.units[now].code
    return stable


def _typed(rows: list[dict[str, str]], form: Form, sheet_code: str) -> Rows:
    """Days as days and numbers as numbers, and only the fields that this version of the form has."""
    fields = form.sheets[sheet_code].by_code
    return [
        {name: _value(text, fields[name].type) for name, text in row.items() if name in fields and text} for row in rows
    ]


def _value(text: str, kind: str) -> Value:
    if kind == "date":
        return date_or_none(text[:10]) or text
    if kind in FIGURES:
        number = decimal_or_none(text)
        return text if number is None else int(number) if kind == "integer" else number
    return text
