"""Version numbers of a report: content removed is a major version, content added a minor one, other values a patch."""

from collections.abc import Set

import psycopg

from warehouse.editions.records import Figures, Inputs

FIRST = "1.0.0"

REPORTED = """
    select distinct files.report_year, files.reporting_unit_code
    from raw.received_files as files
    inner join unnest(%s::text[]) as inputs (submission_id) on files.submission_id = inputs.submission_id
    where files.report_kind in ('annual', 'annual_final')
"""

# What a report covers: ("measure", indicator_code, measure_code), and ("unit", report_year, unit_uid) of units whose
# yearly reports it includes.
Scope = frozenset[tuple]


def units_reported(connection: psycopg.Connection, inputs: Inputs) -> set[tuple[int, str]]:
    """(report_year, reporting_unit_code) of the accepted yearly reports among the inputs of an edition."""
    accepted = [id for (kind, id), (_, _, verdict) in inputs.items() if kind == "file" and verdict == "accepted"]
    return set(connection.execute(REPORTED, [accepted]).fetchall())


def scope_of(figures: Figures, reported: Set[tuple[int, str]]) -> Scope:
    """The scope of figures. A unit that did not report has rows with that status; it is not in the scope."""
    scope: set[tuple] = set()
    for figure, *key in figures:
        if figure != "value":
            continue
        indicator, measure, breakdown, _, year, unit_uid, basis = key
        if (breakdown, basis) == ("total", "as_reported"):
            scope.add(("measure", indicator, measure))
            if (year, unit_uid.partition("@")[0]) in reported:
                scope.add(("unit", year, unit_uid))
    return frozenset(scope)


def next_version(version: str | None, before: Scope, after: Scope) -> str:
    """The version after `version`, whose scope was `before`; the first where there is none."""
    if version is None:
        return FIRST
    major, minor, patch = numbers_of(version)
    if before - after:
        return f"{major + 1}.0.0"
    if after - before:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def numbers_of(version: str) -> tuple[int, int, int]:
    """Major, minor and patch as numbers, to order versions by."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch
