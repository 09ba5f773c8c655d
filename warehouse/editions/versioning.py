"""Versions of a report: what is gone makes a major one, what is new a minor one, other values a patch."""

from collections.abc import Set
from dataclasses import dataclass

import psycopg

from warehouse.editions.records import Figures, Inputs

FIRST = "1.0.0"

REPORTED = """
    select distinct files.report_year, files.reporting_unit_code
    from raw.received_files as files
    inner join unnest(%s::text[]) as known (submission_id) on files.submission_id = known.submission_id
    where files.report_kind in ('annual', 'annual_final')
"""


@dataclass(frozen=True)
class Scope:
    """What a report speaks of."""

    measures: frozenset[tuple[str, str]]
    """(indicator_code, measure_code)"""
    units: frozenset[tuple[int, str]]
    """(report_year, unit_uid) of the units whose reports are in it"""


def units_reported(connection: psycopg.Connection, inputs: Inputs) -> set[tuple[int, str]]:
    """(report_year, reporting_unit_code) of the yearly reports that were accepted among a publication's inputs."""
    accepted = [id for (kind, id), (_, _, verdict) in inputs.items() if kind == "file" and verdict == "accepted"]
    return set(connection.execute(REPORTED, [accepted]).fetchall())


def scope_of(figures: Figures, reported: Set[tuple[int, str]]) -> Scope:
    """The scope of figures: a unit that reported nothing has rows that say so, and is none of it."""
    measures, units = set(), set()
    for figure, *key in figures:
        if figure != "value":
            continue
        indicator, measure, breakdown, _, year, unit_uid, basis = key
        if (breakdown, basis) == ("total", "as_reported"):
            measures.add((indicator, measure))
            if (year, unit_uid.partition("@")[0]) in reported:
                units.add((year, unit_uid))
    return Scope(frozenset(measures), frozenset(units))


def next_version(version: str | None, before: Scope | None, after: Scope) -> str:
    """The version after `version`, whose scope was `before`; the first when there is none."""
    if version is None or before is None:
        return FIRST
    major, minor, patch = numbers_of(version)
    if before.measures - after.measures or before.units - after.units:
        return f"{major + 1}.0.0"
    if after.measures - before.measures or after.units - before.units:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def numbers_of(version: str) -> tuple[int, int, int]:
    """Major, minor and patch, by which versions are ordered."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch
