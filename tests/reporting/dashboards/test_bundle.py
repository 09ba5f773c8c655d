"""The bundle of dashboards, without Superset: its columns are those of bi, its metrics give what SQL gives."""

from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from tests.datasets import first_seed, rows
from tests.reporting.dashboards.chart_queries import (
    BY_UUID,
    CHARTS,
    DATASETS,
    FILTERS,
    POSITIONS,
    columns,
    dimensions_of,
    metrics,
    metrics_of,
    options_of,
    query_of,
    read,
)
from warehouse import roles
from warehouse.connection import connect

[DATABASE] = read("databases").values()
YEAR = 2025


@pytest.fixture(scope="module")
def bi(played, new_database) -> Iterator[psycopg.Connection]:
    """The warehouse of `played`, as a login of the group `bi` reads it."""
    with connect(new_database(played[1])) as connection:
        roles.apply_rights(connection)
        connection.execute("set role htx_bi")
        yield connection


def expression(table: str, metric: str) -> str:
    return metrics(DATASETS[table])[metric]


# what Superset may do ----------------------------------------------------------------------------------------------


def test_only_saved_metrics_are_offered_and_nobody_writes_sql():
    assert [dataset["extra"] for dataset in DATASETS.values()] == [{"disallow_adhoc_metrics": True}] * len(DATASETS)
    allowed = {name for name, value in DATABASE.items() if name.startswith(("allow_", "expose_")) and value}
    assert allowed == set()
    assert DATABASE["sqlalchemy_uri"] == "postgresql+psycopg2://superset@localhost:5432/warehouse", "no password here"


def test_every_column_and_metric_has_a_label_and_every_metric_says_what_it_is():
    for name, dataset in DATASETS.items():
        labels = [each["verbose_name"] for each in dataset["columns"] + dataset["metrics"]]
        assert all(labels), name
        assert all(each["description"] for each in dataset["metrics"]), name


# what it reads -----------------------------------------------------------------------------------------------------


@first_seed
@pytest.mark.parametrize("name", DATASETS)
def test_bi_has_the_columns_of_each_dataset(bi, name):
    dataset = DATASETS[name]
    assert dataset.get("main_dttm_col") in {None, *columns(dataset)}
    selected = ", ".join(columns(dataset).values())
    assert bi.execute(f"select {selected} from bi.{dataset['table_name']} limit 0").fetchall() == []


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_shows_columns_and_saved_metrics_of_its_dataset(name):
    chart, params = CHARTS[name], CHARTS[name]["params"]
    dataset = BY_UUID[chart["dataset_uuid"]]
    filtered = {each["subject"] for each in params.get("adhoc_filters", [])}
    assert {*dimensions_of(params), *filtered} <= set(columns(dataset))
    assert set(metrics_of(params)) <= set(metrics(dataset))
    assert not params.get("rowTotals")
    assert not params.get("colTotals"), "a pivot adds its cells up by itself, percentages too"


def test_the_dashboard_shows_each_chart_once_and_filters_by_what_its_datasets_have():
    assert sorted(each["meta"]["uuid"] for each in POSITIONS) == sorted(chart["uuid"] for chart in CHARTS.values())
    assert sorted(each["meta"]["chartId"] for each in POSITIONS) == list(range(1, len(CHARTS) + 1))
    for each in FILTERS:
        [target] = each["targets"]
        assert target["column"]["name"] in columns(BY_UUID[target["datasetUuid"]])
    assert [each["name"] for each in FILTERS][:2] == ["Năm", "Đơn vị"]


@first_seed
def test_each_chart_but_that_of_changes_gives_rows_when_the_dashboard_is_opened(bi):
    empty = [name for name in CHARTS if not rows(bi, query_of(name, YEAR))]
    assert empty == ["last_change"], "no edition was issued yet"


@first_seed
def test_the_figure_that_the_map_begins_with_is_one_of_bi(bi):
    [chosen] = FILTERS[2]["defaultDataMask"]["filterState"]["value"]
    figure = columns(DATASETS["unit_figures_communes_2025"])["figure_vi"]
    [(count,)] = rows(
        bi, f"select count(distinct measure_code) from bi.unit_figures_communes_2025 where {figure} = %s", chosen
    )
    assert count == 1


# what its metrics give ---------------------------------------------------------------------------------------------

T03_2025 = "indicator_code = 'T03' and report_year = 2025"
FUNDS_2025 = "report_year = 2025 and indicator_code = 'C23' and breakdown = 'funding_source'"
GIVEN = [
    ("annual_targets", "value", T03_2025, 471),
    ("annual_targets", "target_value", T03_2025, 400),
    ("annual_targets", "achieved", T03_2025, Decimal("117.75")),
    ("annual_targets", "reached", "report_year = 2025", 6),
    ("annual_targets", "not_reached", "report_year = 2025", 5),
    ("province_figures", "value", T03_2025, 471),
    ("province_figures", "reported", T03_2025, 39),
    ("province_figures", "owed", T03_2025, 40),
    ("province_figures", "coverage", T03_2025, Decimal("97.5")),
    ("unit_figures_communes_2025", "value", T03_2025, 471),
    ("unit_figures_communes_2025", "value", f"{T03_2025} and unit_name_vi = 'Xã Đồng Phú'", 82),
    ("unit_figures_communes_2025", "reported", f"{T03_2025} and unit_name_vi = 'Xã Đồng Phú'", 1),
    ("unit_figures_communes_2025", "owed", f"{T03_2025} and unit_name_vi = 'Xã Đồng Phú'", 1),
    ("unit_figures_communes_2025", "coverage", f"{T03_2025} and unit_name_vi = 'Xã Đồng Phú'", 100),
    ("breakdown_figures", "value", f"{T03_2025} and breakdown = 'sector'", 471),
    ("breakdown_figures", "value", f"{T03_2025} and breakdown = 'sector' and breakdown_code = 'processing'", 49),
    ("breakdown_figures", "planned", FUNDS_2025, Decimal("11940.9")),
    ("breakdown_figures", "allocated", FUNDS_2025, Decimal("10970.2")),
    ("breakdown_figures", "disbursed", FUNDS_2025, Decimal("9701.2")),
    ("breakdown_figures", "disbursed_share", FUNDS_2025, Decimal("88.43")),
    ("reporting_status", "year_order", "report_year = 2025", 3025),
    ("reporting_status", "year_order", "report_year = 2024", 2024),
    ("reporting_status", "reports_owed", "report_year = 2025", 48),
    ("reporting_status", "reports_received", "report_year = 2025", 47),
    ("reporting_status", "reports_on_time", "report_year = 2025", 35),
    ("reporting_status", "received_share", "report_year = 2025 and unit_kind = 'commune'", Decimal("97.5")),
    ("reporting_status", "on_time_share", "report_year = 2025 and unit_kind = 'commune'", Decimal("72.5")),
    ("reporting_status", "queries_open", "report_year = 2025", 10),
    ("reporting_status", "errors_left", "report_year = 2025", 0),
    ("last_change", "changes", "true", 0),
    ("definitions", "figures", "true", 81),
]


@first_seed
def test_each_saved_metric_gives_the_known_figure(bi):
    for table, metric, where, figure in GIVEN:
        [(value,)] = rows(bi, f"select round({expression(table, metric)}, 2) from bi.{table} where {where}")
        assert value == figure, (table, metric, where)
    known = {(table, metric) for table, metric, *_ in GIVEN} | {("freshness", "last_time")}
    assert known == {(name, each["metric_name"]) for name, data in DATASETS.items() for each in data["metrics"]}


@first_seed
def test_the_last_time_of_an_event_is_given_in_the_time_of_viet_nam(bi):
    last_time = expression("freshness", "last_time")
    [(shown,)] = rows(bi, f"select ({last_time})::text from bi.freshness where event = 'received'")
    assert shown == "2025-12-24 15:00:40"


BESIDE_THE_PROVINCE = """
    with summed as (
        select report_year, indicator_code, measure_code, round({expression}, 6) as value
        from bi.unit_figures_communes_2025
        group by report_year, indicator_code, measure_code
    )

    select count(*), count(*) filter (where summed.value <> round(province.value, 6))
    from summed
    inner join bi.province_figures as province using (report_year, indicator_code, measure_code)
    where summed.value is not null
"""


@first_seed
def test_the_communes_together_give_each_figure_of_the_province(bi):
    query = BESIDE_THE_PROVINCE.format(expression=expression("unit_figures_communes_2025", "value"))
    assert rows(bi, query) == [(198, 0)]


@first_seed
def test_what_cannot_be_added_up_is_blank_and_several_years_give_the_last_one(bi):
    def value(table: str, where: str) -> Decimal | None:
        return rows(bi, f"select {expression(table, 'value')} from bi.{table} where {where}")[0][0]

    assert value("province_figures", "report_year = 2025") is None, "two measures"
    assert value("annual_targets", "report_year = 2025") is None
    assert value("unit_figures_communes_2025", "indicator_code = 'T03'") is None, "several units in several years"
    assert value("breakdown_figures", "indicator_code = 'T01' and report_year = 2025") is None, "five dimensions"
    assert value("province_figures", "indicator_code = 'T03'") == 471
    assert value("province_figures", "indicator_code = 'T03' and report_year < 2025") is None, (
        "several years, not the last"
    )
    assert value("province_figures", "indicator_code = 'T03' and report_year = 2024") == 237
    assert value("unit_figures_communes_2025", "indicator_code = 'T03' and unit_name_vi = 'Xã Đồng Phú'") == 82
    several = f"select {expression('breakdown_figures', 'allocated')} from bi.breakdown_figures"
    assert rows(bi, several) == [(None,)], "money of several years"


@first_seed
def test_groups_without_a_figure_in_the_last_year_are_blank_beside_those_of_that_year(bi):
    grouped = (
        f"select breakdown_code, {expression('breakdown_figures', 'value')} from bi.breakdown_figures"
        " where indicator_code = 'T03' and measure_code = 'value' and breakdown = 'sector' group by breakdown_code"
    )
    by_sector = dict(rows(bi, grouped))
    assert sum(value for value in by_sector.values() if value is not None) == 471
    assert [code for code, value in by_sector.items() if value is None] == ["aquaculture"]
    [(in_2024,)] = rows(
        bi,
        grouped.replace("group by", "and report_year = 2024 and breakdown_code = 'aquaculture' group by").replace(
            "select breakdown_code, ", "select "
        ),
    )
    assert in_2024 == 17


OF_THE_NEXT_YEAR = (
    '{"report_year": 2026, "value": null, "numerator": null, "denominator": null, "is_latest_year": false}'
)


@first_seed
def test_the_first_files_of_a_new_year_change_no_first_click(bi):
    """Rows of a year in which next to nothing was reported are as these."""
    first_clicks = (
        ("annual_targets", "indicator_code"),
        ("province_figures", "sort_order"),
        ("unit_figures_communes_2025", "sort_order, unit_uid"),
        ("breakdown_figures", "sort_order, breakdown, breakdown_code"),
    )
    years = options_of(FILTERS[0])

    def shown() -> list[tuple]:
        found = [
            rows(bi, f"select {keys}, {expression(table, 'value')} from bi.{table} group by {keys} order by {keys}")
            for table, keys in first_clicks
        ]
        return [*found, rows(bi, years)[0]]

    before = shown()
    assert before[-1] == (2025,)
    assert ("T03", 471) in before[0]
    with bi.transaction(force_rollback=True):
        bi.execute("reset role")
        for table in [table for table, _ in first_clicks] + ["reporting_status"]:
            early = f"(jsonb_populate_record(each, '{OF_THE_NEXT_YEAR}')).*"
            bi.execute(
                f"insert into bi.{table} select {early} from bi.{table} as each where report_year = 2025".encode()
            )
        assert shown() == before
        assert [year for (year,) in rows(bi, years)] == [2025, 2026, 2024, 2023]
