"""What a login of BI, or a reader of open data, can work out about women of priority groups, from all that it may read
of two editions."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from htx.open_data.edition import export_edition, find_edition
from htx.open_data.export import export_bi
from tests.datasets import rows
from tests.recovery import UNDER_FIVE, Edition, values_left
from warehouse import roles
from warehouse.connection import connect

WITH_FIGURES = """
    select table_name from information_schema.columns where table_schema = 'bi' and column_name = 'indicator_code'
"""
GIVEN = """
    select version, measure_code, breakdown_code, value_status, case when not is_earlier then value end, is_earlier
    from priority_groups where report_year = 2025
"""
COUNTED = """
    select version, measure_code, breakdown_code, unit_uid, numerator::integer
    from raw.publication_figures inner join raw.publications using (publication_id)
    where publications.kind = 'annual' and publications.report_year = 2025 and publication_figures.report_year = 2025
        and breakdown = 'priority_group' and basis = 'as_reported' and unit_uid <> 'province' and numerator is not null
"""


@pytest.fixture(scope="module")
def url(reissued, new_database) -> str:
    url = new_database(reissued)
    with connect(url) as connection:
        roles.apply_rights(connection)
    return url


@pytest.fixture(scope="module")
def bi(url):
    """A session with the rights of a login of BI, and no more."""
    with connect(url) as connection:
        connection.execute("set role htx_bi; set search_path to bi")
        yield connection


@pytest.fixture(scope="module")
def exports(url, tmp_path_factory) -> list[Path]:
    """The tables of bi as exported, and those of both editions."""
    folder = tmp_path_factory.mktemp("open-data")
    export_bi(url, f"{folder}/bi", ["csv"])
    for version in ("1.0.0", "1.0.1"):
        export_edition(url, find_edition(url, "annual", 2025, version), f"{folder}/{version}", ["csv"])
    return sorted(folder.glob("*/data-*/*.csv"))


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def given(bi, exports) -> set[tuple]:
    """What the tables and the exports give of priority groups."""
    exported = {
        (
            each["version"], each["measure_code"], each["breakdown_code"], each["value_status"],
            int(each["value"]) if each["value"] and each["is_earlier"] == "false" else None,
            each["is_earlier"] == "true",
        )
        for path in exports
        if path.stem == "priority_groups"
        for each in records(path)
        if each["report_year"] == "2025"
    }  # fmt: skip
    read = {*rows(bi, GIVEN)}
    assert len(exported) == 48
    assert exported == read, "an export gives what bi gives, and no more"
    return read | exported


def test_exports_of_bi_and_of_editions_have_figures_of_priority_groups_in_one_table_alone(exports):
    assert len(exports) == 21 + 2 * 16
    found = {path.stem for path in exports if any(each.get("indicator_code") == "C04" for each in records(path))}
    assert found == {"priority_groups", "definitions"}


def test_one_table_alone_has_figures_of_priority_groups(bi):
    tables = {table for (table,) in rows(bi, WITH_FIGURES)}
    assert {"province_figures", "unit_figures_communes_2025", "last_change", "priority_groups"} <= tables
    found = {table for table in tables if rows(bi, f"select true from {table} where indicator_code = 'C04' limit 1")}
    assert found == {"priority_groups", "definitions"}


def test_every_small_count_of_another_unit_keeps_four_values_or_more(given, url):
    with connect(url) as connection:
        counted = rows(connection, COUNTED)
    counts: dict[tuple, dict[str, int]] = defaultdict(dict)
    for version, measure, group, unit, count in counted:
        counts[version, measure, group][unit] = count
    histories: dict[tuple, list[Edition]] = defaultdict(list)
    for version, measure, group, status, value, is_earlier in sorted(given, key=str):
        told = None if is_earlier else UNDER_FIVE if status == "under_five" else value
        histories[measure, group].append((counts[version, measure, group], told))
    moved = {key for key, (before, after) in histories.items() if before[0] != after[0]}
    assert moved == {("supported", "domestic_violence_victim"), ("supported", "unsafe_migrant")}
    few = {key for key, editions in histories.items() if len(editions[-1][0]) <= 12}
    left = [values for key in moved | few for values in values_left(histories[key]).values()]
    assert len(left) > 100
    assert min(left) >= 4
