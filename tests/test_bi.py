"""What everybody reads, on the example province: comments in two languages, questions answered."""

import json
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from lxml import html

from htx.cli import main
from tests import questions
from tests.conftest import SEEDS
from tests.datasets import first_seed, read_csv, rows
from warehouse import roles
from warehouse.connection import connect
from warehouse.reference.phrases import phrase

VIETNAMESE = re.compile("[\u00c0-\u1ef9]")
COMMENTS = """
    select concat_ws('.', nspname, relname, columns.name), coalesce(description, '')
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    cross join lateral (
        select null as name, 0 as number
        union all
        select attname, attnum from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
    ) as columns
    left join pg_description
        on objoid = pg_class.oid and objsubid = columns.number and classoid = 'pg_class'::regclass
    where nspname in ('marts', 'reports', 'bi') and relkind in ('r', 'v')
    union all
    select nspname, coalesce(obj_description(oid, 'pg_namespace'), '')
    from pg_namespace where nspname in ('marts', 'reports', 'bi')
"""


@first_seed
def test_every_published_table_and_column_is_described_in_english_and_vietnamese(played):
    _, url = played
    with connect(url) as connection:
        comments = dict(connection.execute(COMMENTS).fetchall())
    assert len(comments) > 500
    languages = {name: comment.partition(" / ")[::2] for name, comment in comments.items()}
    guilty = [
        name
        for name, (english, vietnamese) in languages.items()
        if not english or VIETNAMESE.search(english) or not VIETNAMESE.search(vietnamese)
    ]
    assert [name for name, comment in comments.items() if re.search("[*`]", comment)] == [], "comments are plain text"
    assert guilty == [], "give them a row in seeds/descriptions.csv, with the English where the yml has Vietnamese"


def test_what_changed_of_a_figure_is_called_the_same_in_bi_and_in_papers():
    listed = [row for row in read_csv(SEEDS / "code_lists.csv") if row["code_list"] == "changed_columns"]
    named = {row["code"]: row["label_vi"] for row in listed if row["code"] != "value"}
    assert named == {code: phrase(f"changed.{code}") for code in named}
    assert len(named) == 10


@pytest.fixture(scope="module")
def readable(played, new_database) -> str:
    """The URL of the warehouse of `played`, with the rights of each group."""
    return _with_rights(new_database(played[1]))


@pytest.fixture(scope="module")
def readable_editions(reissued, new_database) -> str:
    """The same of the example with two editions of its report of 2025."""
    return _with_rights(new_database(reissued))


def _with_rights(url: str) -> str:
    with connect(url) as connection:
        roles.apply_rights(connection)
    return url


@first_seed
@pytest.mark.parametrize("group", ["bi", "analyst"])
def test_the_page_of_questions_says_what_the_logins_that_it_names_are_answered(
    readable, readable_editions, request, group
):
    page, answers = questions.parts(), []
    for url, text in zip((readable, readable_editions), page, strict=True):
        with connect(url) as connection:
            connection.execute(f"set role {roles.GROUPS[group]}".encode())
            answers.append(questions.answered(text, connection, are_analysts=group == "analyst"))
    if request.config.getoption("--write-questions"):
        questions.PAGE.write_text("".join(answers), encoding="utf-8")
    else:
        assert tuple(answers) == page, "other figures are meant? make questions"


def test_each_of_twenty_questions_is_answered_with_two_joins_at_most_and_most_of_them_from_bi_alone():
    blocks = [block["sql"] for part in questions.parts() for block in questions.BLOCK.finditer(part)]
    assert len(blocks) == 20
    assert max(len(re.findall(r"\bjoin\b", sql)) for sql in blocks) <= 2
    assert sum(bool(questions.FOR_ANALYSTS.search(sql)) for sql in blocks) == 2


SUMS = """
    select '{table}', sum(value) from bi.{table}
    where indicator_code = 'T03' and measure_code = 'value' and report_year = 2025
"""


@first_seed
def test_the_sum_over_a_map_is_the_figure_of_the_province(readable):
    tables = ("province_figures", "unit_figures_communes_2025", "unit_figures_districts_2023")
    with connect(readable) as connection:
        sums = rows(connection, " union all ".join(SUMS.format(table=table) for table in tables))
        others = rows(connection, DIFFERENT_SUMS)
    assert sums == [(table, 471) for table in tables]
    assert others == [], "a figure whose parts are not the whole"


DIFFERENT_SUMS = """
    with parts as (
        select 'communes' as map, * from bi.unit_figures_communes_2025
        union all
        select 'districts', * from bi.unit_figures_districts_2023
    ),

    summed as (
        select map, indicator_code, measure_code, report_year, sum(numerator) as numerator,
            sum(denominator) as denominator
        from parts
        group by map, indicator_code, measure_code, report_year
    )

    select map, indicator_code, measure_code, report_year
    from summed
    inner join bi.province_figures as province using (indicator_code, measure_code, report_year)
    where (coalesce(summed.numerator, 0), coalesce(summed.denominator, 0))
        <> (coalesce(province.numerator, 0), coalesce(province.denominator, 0))
"""


@first_seed
def test_each_commune_has_the_former_districts_that_it_was_made_of(readable):
    """By the lists of units and of their changes, read without any SQL."""
    units = {row["uid"]: row for row in read_csv(SEEDS / "administrative_units.csv")}
    found: Counter[tuple[str, str]] = Counter()
    for change in read_csv(SEEDS / "administrative_unit_changes.csv"):
        before, after = units.get(change["predecessor_uid"]), units.get(change["successor_uid"])
        if before and after and after["uid"].endswith("@2025") and before["level"] == after["level"] == "commune":
            found[after["uid"], before["parent_uid"]] += 1
    straddling = {"25220@2025", "25318@2025", "25326@2025", "25351@2025"}
    with connect(readable) as connection:
        shown = rows(
            connection, "select commune_uid, district_uid, former_communes, is_whole from bi.commune_districts"
        )
    assert {(commune, district): count for commune, district, count, _ in shown} == found
    assert {commune for commune, _, _, is_whole in shown if not is_whole} == straddling
    assert (len(found), found.total()) == (44, 111)


COOPERATIVES_BY_COMMUNE = """
    with counted as (
        select report_year, latest_commune_uid as unit_uid, count(*) as cooperatives
        from bi.cooperatives
        where is_strengthened
        group by report_year, latest_commune_uid
    )

    select figures.report_year, sum(value), sum(cooperatives),
        count(*) filter (where value is distinct from cooperatives)
    from bi.unit_figures_communes_2025 as figures
    full join counted using (report_year, unit_uid)
    where indicator_code is null or (indicator_code = 'T01' and measure_code = 'value' and value > 0)
    group by 1 order by 1
"""


@first_seed
def test_cooperatives_of_every_year_are_counted_on_the_newest_map(readable):
    """As the figure of each commune, which is worked out by other models."""
    with connect(readable) as connection:
        counted = rows(connection, COOPERATIVES_BY_COMMUNE)
    assert counted == [(2023, 10, 10, 0), (2024, 15, 15, 0), (2025, 22, 22, 0)]


@first_seed
def test_freshness_needs_no_build(readable):
    with connect(readable) as connection:
        connection.execute("set role htx_bi")
        before = dict(rows(connection, "select event, happened_at from bi.freshness order by sort_order"))
        connection.execute("reset role")
        connection.execute("insert into quality.builds (build_id, started_at) values ('b', '2030-01-01 00:00Z')")
        after = rows(connection, "select happened_at, what from bi.freshness where event = 'build_started'")
        connection.rollback()
        words = rows(connection, "select event_vi, event_en from bi.freshness where event = 'promoted'")
    assert words == [("Cập nhật số liệu đang xem", "The figures shown were brought up to date")]
    assert [*before] == ["received", "registry_pulled", "build_started", "promoted", "issued"]
    assert [event for event, happened_at in before.items() if happened_at is None] == ["issued"]
    assert after == [(datetime(2030, 1, 1, tzinfo=UTC), "running")]


@first_seed
def test_evidence_of_a_figure_is_found_by_an_index(readable):
    with connect(readable) as connection:
        [plan] = connection.execute(
            "explain (format json) select * from marts.fct_indicator_evidence where indicator_code = 'T03'"
            " and measure_code = 'value' and report_year = 2025 and unit_uid = 'province' and basis = 'communes_2025'"
        ).fetchone()
    read = json.dumps(plan)
    assert "fct_indicator_contributions_indicator_code" in read
    assert "CTE Scan" not in read


@first_seed
def test_docs_are_the_page_that_explains_the_data_with_dbt_s_page_of_models_types_and_who_reads_them_beside_it(
    played, tmp_path, monkeypatch
):
    monkeypatch.setenv("WAREHOUSE_URL", played[1])
    run = CliRunner().invoke(main, ["docs", "--output", str(tmp_path)])
    assert (run.exit_code, run.stdout.strip()) == (0, str(tmp_path / "index.html"))
    first = html.fromstring((tmp_path / "index.html").read_bytes())
    assert len(first.xpath("//*[@id='bi.province_figures']")) == 1
    page = (tmp_path / "static_index.html").read_text(encoding="utf-8")
    catalog = json.loads((tmp_path / "catalog.json").read_text())
    columns = catalog["nodes"]["model.htx.bi_indicator_values.v1"]["columns"]
    assert (columns["report_year"]["type"], columns["value_status"]["type"]) == ("integer", "text")
    assert columns["value_status"]["comment"].endswith("chưa báo cáo hoặc không áp dụng.")
    assert "exposure.htx.bi_dashboard" in page
    assert '"send_anonymous_usage_stats": false' in page
