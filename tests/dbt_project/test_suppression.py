"""That no hidden count of persons in priority groups follows from what bi shows: on tables made up here.

The models run on Postgres, each table as a year of its own; what readers of bi can work out is worked out without them.
"""

import random
from collections import defaultdict
from itertools import product

import pytest

from tests.recovery import Figure, recovered
from warehouse.connection import connect

MODELS = [
    "int_priority_counts_summed", "int_priority_counts_judged", "int_priority_totals_judged",
    "fct_priority_count_disclosures", "rpt_figures", "bi_indicator_values",
]  # fmt: skip
RELATIONS = """
    create schema reference; create schema intermediate; create schema next_marts; create schema next_reports;
    create schema next_bi; create schema made_up;
    create table made_up.counts (report_year integer, measure_code text, unit_uid text, breakdown_code text, n integer);
    create table reference.report_cycles (report_year integer, small_cell_threshold integer);
    create table reference.measure_breakdowns as
        select 'C04' as indicator_code, unnest(array['supported', 'employed']) as measure_code,
            'priority_group' as breakdown;
    create table intermediate.int_unit_years_summarised (report_year integer, is_mandatory boolean, has_report boolean);
    create table intermediate.int_priority_counts_published (
        indicator_code text, measure_code text, report_year integer, breakdown_code text, persons numeric,
        has_few boolean
    );
    create table next_marts.dim_indicators as select 'C04' as indicator_code, '' as indicator_name_vi;
    create table next_marts.dim_measures as
        select 'C04' as indicator_code, unnest(array['supported', 'employed']) as measure_code,
            '' as measure_name_vi, '' as unit, '' as unit_name_vi, true as counts_priority_groups,
            'figures' as shown_in;
    create table next_marts.dim_breakdown_codes as
        select '' as breakdown, '' as breakdown_code, '' as breakdown_name_vi, '' as breakdown_code_name_vi,
            0 as sort_order;
    create table next_marts.dim_reporting_units as select '' as unit_uid, '' as unit_kind, '' as unit_name_vi;
    create table next_marts.dim_codes as select '' as code_list, '' as code, '' as label_vi;
"""
FIGURES = """
    create table next_marts.fct_indicator_values as
    select
        'C04' as indicator_code, measure_code, coalesce(breakdown_code, 'total') as breakdown_code,
        case when breakdown_code is null then 'total' else 'priority_group' end as breakdown,
        report_year, coalesce(unit_uid, 'province') as unit_uid, 'as_reported' as basis,
        sum(n)::numeric as numerator, null::numeric as denominator, sum(n)::numeric as value,
        sum(n)::numeric as value_low, sum(n)::numeric as value_high, 'reported' as value_status
    from made_up.counts
    group by report_year, measure_code, cube (unit_uid, breakdown_code);
    create view intermediate.int_indicator_values_computed as select * from next_marts.fct_indicator_values;
    insert into intermediate.int_unit_years_summarised select distinct report_year, true, true from made_up.counts;
    analyze
"""

SMALL_COUNTS = (0, 1, 2, 3, 6)
SMALL_THRESHOLD = 4
RANDOM_TABLES = 120
FIRST_RANDOM_YEAR = 1_000_000


def small_tables():
    """Every table of three units by two groups with SMALL_COUNTS in its cells, as (year, counts)."""
    cells = list(product("abc", ("poor", "disabled")))
    for year, counts in enumerate(product(SMALL_COUNTS, repeat=len(cells)), start=1):
        yield year, [("supported", *cell, n) for cell, n in zip(cells, counts, strict=True)]


def random_tables():
    """Tables nearly as large as the real ones, many of few persons; as in life, units say nothing of some groups."""
    chance = random.Random(4)
    for number in range(RANDOM_TABLES):
        counts = []
        most = {group: chance.choice((1, 2, 4, 9, 30)) for group in "ABCDEFG"[: chance.randint(1, 7)]}
        for unit, group in product("abcdefghij"[: chance.randint(1, 10)], most):
            if chance.random() < 0.8:
                supported = chance.randint(0, most[group])
                employed = chance.randint(0, supported)
                counts += [("supported", unit, group, supported), ("employed", unit, group, employed)]
        if counts:
            yield FIRST_RANDOM_YEAR + number, counts


@pytest.fixture(scope="module")
def shown(built, new_database):
    """A database with all these tables in made_up.counts, and what bi shows of them in next_bi.indicator_values."""
    url = new_database()
    with connect(url) as connection:
        connection.execute(RELATIONS)
        with connection.cursor().copy("copy made_up.counts from stdin") as copy:
            for year, counts in (*small_tables(), *random_tables()):
                for row in counts:
                    copy.write_row((year, *row))
        connection.execute(
            "insert into reference.report_cycles"
            " select distinct report_year, case when report_year < %s then %s else 5 end from made_up.counts",
            [FIRST_RANDOM_YEAR, SMALL_THRESHOLD],
        )
        connection.execute(FIGURES)
    with connect(url) as connection:
        for name in MODELS:
            connection.execute(f"create table {built.relation(name)} as {built.sql(name)}")
            connection.execute(f"analyze {built.relation(name)}")
        yield connection


def tables_of(connection, since: int) -> dict[int, list[Figure]]:
    tables = defaultdict(list)
    for year, measure, group, unit, value in connection.execute(
        "select report_year, measure_code, breakdown_code, unit_uid, value from next_bi.indicator_values"
        " where indicator_code = 'C04' and report_year >= %s",
        [since],
    ):
        tables[year].append(Figure(measure, group, unit, None if value is None else int(value)))
    return tables


def test_no_count_of_few_persons_is_shown(shown):
    few = shown.execute("""
        select count(*) from next_bi.indicator_values inner join reference.report_cycles using (report_year)
        where greatest(numerator, value, value_low, value_high) between 1 and small_cell_threshold - 1
    """).fetchone()
    assert few == (0,)


def test_a_reader_who_knows_the_rule_cannot_tell_a_hidden_count_by_comparing_all_tables_that_show_the_same(shown):
    told = shown.execute(
        """
        with
        looks as (
            select report_year, string_agg(
                concat_ws(' ', unit_uid, breakdown_code, coalesce(value::text, value_status)), ', '
                order by unit_uid, breakdown_code
            ) as look
            from next_bi.indicator_values where report_year < %s group by report_year
        )
        select looks.look, counts.unit_uid, counts.breakdown_code, min(counts.n)
        from looks
        inner join made_up.counts using (report_year)
        inner join next_bi.indicator_values as figures using (report_year, unit_uid, breakdown_code)
        where figures.value is null
        group by looks.look, counts.unit_uid, counts.breakdown_code
        having count(distinct counts.n) = 1
        """,
        [FIRST_RANDOM_YEAR],
    ).fetchall()
    assert told == []


@pytest.mark.parametrize("employed_were_supported", [False, True])
def test_integer_programming_finds_no_hidden_count(shown, employed_were_supported):
    tables = tables_of(shown, FIRST_RANDOM_YEAR)
    assert len(tables) > RANDOM_TABLES * 0.9
    assert {year: found for year, table in tables.items() if (found := recovered(table, employed_were_supported))} == {}


def test_totals_that_tell_nothing_are_shown(shown):
    some = dict(
        shown.execute("""
        select unit_uid = 'province' and breakdown = 'total', count(*) from next_bi.indicator_values
        where report_year >= 1000000 and value > 0 and (unit_uid = 'province' or breakdown = 'total')
            and exists (
                select from next_bi.indicator_values as cells
                where cells.report_year = indicator_values.report_year and cells.value is null
                    and cells.measure_code = indicator_values.measure_code and cells.unit_uid <> 'province'
                    and (cells.breakdown_code = indicator_values.breakdown_code or indicator_values.breakdown = 'total')
                    and cells.breakdown <> 'total'
            )
        group by 1
    """).fetchall()
    )
    assert all(count > 50 for count in some.values()), some
    assert some.keys() == {True, False}


NAIVE = {  # a hides 2, b hides 3 and 4: each follows from the totals, which are shown
    ("poor", "a"): None, ("poor", "b"): 9, ("poor", "province"): 11,
    ("disabled", "a"): 7, ("disabled", "b"): None, ("disabled", "province"): 10,
    ("total", "a"): 9, ("total", "b"): 12, ("total", "province"): 21,
}  # fmt: skip


def test_the_reader_finds_what_is_hidden_without_its_totals():
    figures = [Figure("supported", group, unit, value) for (group, unit), value in NAIVE.items()]
    assert recovered(figures) == [("supported", "poor", "a", 2), ("supported", "disabled", "b", 3)]
    hidden_too = [each if each.unit == "province" else Figure(*_of(each), None) for each in figures]
    assert recovered(hidden_too) == []


def _of(figure: Figure) -> tuple[str, str, str]:
    return figure.measure, figure.group, figure.unit
