"""What a login of BI, or a reader of open data and of the papers, can work out about women of priority groups, from all
that it may read of two editions."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import openpyxl
import pytest
from lxml import etree, html

from htx.open_data.edition import export_edition, find_edition
from htx.open_data.export import export_bi
from tests.datasets import rows
from tests.recovery import UNDER_FIVE, Edition, values_left
from warehouse import roles
from warehouse.connection import connect

READABLE = """
    select oid::regclass::text from pg_class
    where relkind in ('r', 'v', 'm', 'f', 'p') and has_table_privilege(oid, 'select')
        and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
"""
CALLABLE = """
    select count(*) from pg_proc
    where has_function_privilege(oid, 'execute') and has_schema_privilege(pronamespace, 'usage')
        and pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
"""
NAMES = "select code, label_vi from code_lists where code_list = 'priority_groups'"
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


@pytest.fixture(scope="module")
def papers(url) -> list[tuple[str, str, bytes]]:
    """(version, format, content) of all documents of both editions."""
    with connect(url) as connection:
        return rows(
            connection,
            "select version, format, content from raw.publication_documents"
            " inner join raw.publications using (publication_id) order by 1, 2",
        )


@pytest.fixture(scope="module")
def names(bi) -> dict[str, str]:
    """{code of a priority group: its name}"""
    return dict(rows(bi, NAMES))


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


WITH_WORDS = {"code_lists", "definitions", "duty_assignments", "priority_groups"}
"""of all tables, those with a word of priority groups; the first three name groups, figures, duties, and count none"""


@pytest.fixture(scope="module")
def words(names) -> list[str]:
    """What a table with counts of priority groups cannot do without, in small letters."""
    rare = [code for code in names if code != "poor"]  # a classification of cooperatives too
    return [each.lower() for each in ("C04", "priority_group", "ưu tiên", *rare, *names.values())]


def has_any(text: str, words: Iterable[str]) -> bool:
    small = text.lower()
    return any(word in small for word in words)


def test_exports_of_bi_and_of_editions_have_figures_of_priority_groups_in_one_table_alone(exports, words):
    assert len(exports) == 21 + 2 * 16
    assert {path.stem for path in exports if has_any(path.read_text(encoding="utf-8-sig"), words)} == WITH_WORDS


def test_of_all_that_a_login_of_bi_may_read_one_table_has_figures_of_priority_groups(bi, words):
    readable = {table.removeprefix("bi.") for (table,) in rows(bi, READABLE)}
    assert {"province_figures", "unit_figures_communes_2025", "last_change", "freshness"} <= readable
    assert len(readable) == 21 + 1
    assert rows(bi, CALLABLE) == [(0,)]
    texts = {
        table: rows(bi, f"select coalesce(string_agg(each::text, ' '), '') from {table} as each") for table in readable
    }
    assert {table for table, [(text,)] in texts.items() if has_any(text, words)} == WITH_WORDS


def test_papers_of_both_editions_give_of_each_group_what_bi_gives_and_nothing_else(papers, bi, names):
    shown = defaultdict(set)
    for version, group, value in rows(
        bi, "select version, breakdown_code_name_vi, value_display from priority_groups where report_year = 2025"
    ):
        shown[version, group].add(value)
    assert {(version, format) for version, format, _ in papers} == {
        (version, format) for version in ("1.0.0", "1.0.1") for format in ("docx", "html", "xlsx")
    }
    given = defaultdict(set)
    for version, format, content in papers:
        for line in LINES[format](content):
            for group in {*names.values()} & {*line}:
                given[version, format, group] |= {text for text in line if re.match(r"\d|Dưới", text)}
    assert len(given) == 2 * 3 * len(names)
    assert {place: values for place, values in given.items() if values != shown[place[0], place[2]]} == {}


def word_lines(content: bytes) -> Iterator[list[str]]:
    tag = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    document = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    for row in document.iter(f"{tag}tr"):
        yield ["".join(text.text or "" for text in cell.iter(f"{tag}t")).strip() for cell in row.iter(f"{tag}tc")]


def page_lines(content: bytes) -> Iterator[list[str]]:
    for row in html.fromstring(content.decode()).iter("tr"):
        yield [cell.text_content().strip() for cell in row]


def excel_lines(content: bytes) -> Iterator[list[str]]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(values_only=True):
            yield [str(cell).strip() for cell in row if cell is not None]


LINES = {"docx": word_lines, "html": page_lines, "xlsx": excel_lines}
"""{format: cells of each line of its tables}"""


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
