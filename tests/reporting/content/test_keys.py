"""The key beside every figure of a report, and what it opens."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from htx.cli import main
from reporting.content.annual import read_annual
from reporting.content.keys import FigureKey, parse_key
from reporting.content.phase import read_phase
from reporting.content.tables import Content
from tests.datasets import first_seed
from warehouse.connection import connect

PROJECT = Path(__file__).parents[3]
KEYS = {
    "T01-2025": ("T01", "value", 2025, "province", "total", "total", "as_reported"),
    "T16-2025[unit_kind=commune]": ("T16", "value", 2025, "province", "unit_kind", "commune", "as_reported"),
    "C04.supported-2025-25195@2025[priority_group=poor]": (
        "C04", "supported", 2025, "25195@2025", "priority_group", "poor", "as_reported",
    ),
    "T01-2025-688@2023#districts_2023": ("T01", "value", 2025, "688@2023", "total", "total", "districts_2023"),
    "C05.people-2024-WU-P": ("C05", "people", 2024, "WU-P", "total", "total", "as_reported"),
    "C23.allocated-2023..2025[funding_source=local]": (
        "C23", "allocated", 2025, "province", "funding_source", "local", "as_reported", 2023,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), KEYS.items())
def test_a_key_says_what_a_figure_is_and_is_read_back(text, parts):
    assert str(FigureKey(*parts)) == text
    assert parse_key(text) == FigureKey(*parts)


@pytest.mark.parametrize(
    "text", ["T01", "2025", "T01-25", "T01-2025[sector]", "T01-2025-", "T01-2025#", "T01-2023.2025"]
)
def test_what_is_no_key_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="such as T01-"):
        parse_key(text)


def keys_of(content: Content) -> list[str]:
    """The key of each figure that there is."""
    return [
        row[name]
        for table in content.tables.values()
        for row in table.rows
        for name in row
        if (name == "key" or name.endswith("_key")) and row[name]
    ]


@first_seed
def test_every_key_of_the_reports_is_that_of_one_figure(played):
    _, url = played
    with connect(url) as connection:
        keys = {*keys_of(read_annual(connection, 2025)), *keys_of(read_phase(connection, 1))}
        found = {
            str(FigureKey(*row))
            for row in connection.execute("""
                select indicator_code, measure_code, report_year, unit_uid, breakdown, breakdown_code, basis,
  null as first_year
                from marts.fct_indicator_values
                union all
                select indicator_code, measure_code, totals.report_year, 'province', breakdown, breakdown_code,
                       'as_reported', phases.first_report_year
                from marts.fct_phase_totals as totals inner join marts.dim_phases as phases using (phase)
                where total_is = 'sum'
            """)
        }
    assert len(keys) > 900
    assert keys - found == set()


OPENED = {  # with what the first example province says
    "T07-2025": (3, None),
    "T05-2025-25279@2025": (2, 2),
    "C11.profit-2025-25279@2025[matched_panel=change]": (-115.5, None),
    "C06.outstanding-2025": (3276.4, None),
    "T12-2025-688@2023#districts_2023": (23, 47),
}


@first_seed
def test_explaining_a_key_opens_its_figure_and_the_rows_that_make_it(played):
    _, url = played
    for key, expected in OPENED.items():
        answer = CliRunner().invoke(main, ["explain", key, "--json"], env={"WAREHOUSE_URL": url})
        [figure] = json.loads(answer.stdout)["figures"]
        assert (figure["numerator"], figure["denominator"]) == expected
        parts = [row["contribution"] for row in figure["evidence"] if row["part"] == "numerator"]
        assert sum(parts) == pytest.approx(expected[0])


@first_seed
def test_explaining_a_sum_over_years_shows_each_year(played):
    _, url = played
    answer = CliRunner().invoke(main, ["explain", "C23.allocated-2023..2025", "--json"], env={"WAREHOUSE_URL": url})
    years = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [year["report_year"] for year in years] == [2023, 2024, 2025]
    assert sum(year["figures"][0]["value"] for year in years) == pytest.approx(41430.7)


@pytest.mark.parametrize("more", [[], ["--unit", "688"], ["--basis", "districts_2023"]])
def test_an_indicator_without_its_year_is_wrong_use(more):
    answer = CliRunner().invoke(
        main, ["explain", "T01", *more], env={"WAREHOUSE_URL": "postgresql://nobody@localhost:1/none"}
    )
    assert answer.exit_code == 2
    assert "Give --year with an indicator" in answer.output


@pytest.mark.parametrize(("exposure", "modules"), [
    ("annual_report", ("annual", "selects")),
    ("phase_1_review", ("phase", "selects")),
])  # fmt: skip
def test_exposures_list_what_the_documents_read(exposure, modules):
    declared = yaml.safe_load((PROJECT / "dbt_project/models/_exposures.yml").read_text(encoding="utf-8"))
    [names] = [each["depends_on"] for each in declared["exposures"] if each["name"] == exposure]
    read = {
        name
        for module in modules
        for name in re.findall(
            r"reports\.(rpt_\w+)", (PROJECT / "reporting" / "content" / f"{module}.py").read_text(encoding="utf-8")
        )
    }
    assert {f"ref('{name}')" for name in read} == set(names), "list them under depends_on"
