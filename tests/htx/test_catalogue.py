"""The page that explains the data, on the example province."""

import re

import pytest
from lxml import html

from htx.catalogue import write_catalogue
from htx.lineage import NothingPublished
from tests.datasets import first_seed, rows
from warehouse.connection import connect


@pytest.fixture(scope="module")
def page(played, tmp_path_factory) -> html.HtmlElement:
    return html.fromstring(write_catalogue(played[1], tmp_path_factory.mktemp("docs")).read_bytes())


def text_of(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


@first_seed
def test_it_begins_with_the_tables_of_bi_under_the_names_that_readers_use(page, played):
    assert [each.get("id") for each in page.iter("section")] == ["bi", "figures", "reports", "marts", "between"]
    shown = [each.get("id") for each in page.xpath("//section[@id='bi']/details")]
    assert shown[:3] == ["bi.province_figures", "bi.unit_figures_communes_2025", "bi.unit_figures_districts_2023"]
    shown += [each.get("id") for each in page.xpath("//section[@id='reports']/details")]
    with connect(played[1]) as connection:
        there = rows(
            connection,
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('bi', 'reports')",
        )
    assert sorted(shown) == sorted(name for (name,) in there)
    assert len(shown) == 62
    assert not re.search(r"\bnext_(?:bi|reports|marts|quality)\b", text_of(page))


@first_seed
def test_a_table_has_its_key_its_columns_in_both_languages_and_its_sql(page):
    [table] = page.xpath("//details[@id='bi.unit_figures_communes_2025']")
    text = text_of(table)
    assert "Key : unit_uid , report_year , indicator_code , measure_code" in text
    assert "unit_name_vi text Tên đơn vị. Name of the unit." in text
    assert [each.text_content() for each in table.xpath("p[contains(., 'Made from')]/a")] == [
        "bi.definitions", "bi.units", "reports.rpt_figures",
    ]  # fmt: skip
    [sql] = table.xpath("details/pre")
    assert "from reports.rpt_figures\n    where basis = 'communes_2025' and breakdown = 'total'" in sql.text


@first_seed
def test_a_figure_leads_to_the_sql_that_counts_its_parts(page):
    [figure] = page.xpath("//details[@id='T03.value']")
    text = text_of(figure)
    assert "Women with stable jobs in strengthened cooperatives" in text
    assert "where indicator_code = 'T03' and measure_code = 'value'" in text
    assert [each.get("href") for each in figure.iter("a")][:4] == [
        "#bi.decisions", "#bi.province_figures", "#bi.unit_figures_communes_2025",
        "#intermediate.int_cooperatives_counted",
    ]  # fmt: skip
    [step] = page.xpath("//details[@id='intermediate.int_cooperatives_counted']")
    assert "from intermediate.int_cooperatives_qualified" in step.xpath("details/pre")[0].text
    assert len(page.xpath("//section[@id='figures']/details")) == 81


@first_seed
def test_it_says_how_the_tables_are_downloaded(page):
    [note] = page.xpath("//p[@id='open-data' and contains(@class, 'found')]")
    assert "CSV, Parquet (dữ liệu mở): htx export THƯ_MỤC" in text_of(note)


@first_seed
def test_every_link_leads_somewhere_and_none_to_the_network(page):
    ids = {each.get("id") for each in page.iter() if each.get("id")}
    links = {each.get("href") for each in page.iter("a")}
    assert {link for link in links if link.removeprefix("#") not in ids} == {"static_index.html"}
    assert page.xpath("//@src | //link") == []


def test_before_the_first_promotion_there_is_nothing_to_explain(new_database, tmp_path):
    with pytest.raises(NothingPublished, match="Nothing has been promoted yet"):
        write_catalogue(new_database(), tmp_path)
