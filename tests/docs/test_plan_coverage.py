"""The page docs/plan-coverage.md names what exists, and all indicators and duties."""

import re
from pathlib import Path

import pytest
import yaml

from warehouse.reference.csv_rows import read_rows

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "plan-coverage.md"
SEEDS = PROJECT / "dbt_project" / "seeds"
LATER = "a later version"
DATED = re.compile(r"\b20\d\d-\d\d-\d\d\b")


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """The cells of the rows of the page's tables: plan, asks, handled by, not handled."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "plan"]


def codes(code_list: str) -> set[str]:
    return {row["code"] for row in read_rows(SEEDS / "code_lists.csv") if row["code_list"] == code_list}


def known_names() -> set[str]:
    """All that the page may name: indicators, duties, columns of the form, codes, tables, seeds."""
    models = [
        model["name"]
        for path in (PROJECT / "dbt_project/models").rglob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]
    return {
        *(row["indicator_code"] for row in read_rows(SEEDS / "indicators.csv")),
        *codes("duties"),
        *(f"{row['sheet_code']}.{row['field_code']}" for row in read_rows(SEEDS / "form_fields.csv")),
        *(f"{row['code_list']}:{row['code']}" for row in read_rows(SEEDS / "code_lists.csv")),
        *(name for name in models if name.startswith(("rpt_", "fct_", "dim_", "bi_"))),
        *(path.name for path in SEEDS.glob("*.csv")),
    }


def test_each_row_names_only_what_exists(rows):
    named = {name for row in rows for cell in row for name in re.findall("`([^`]+)`", cell)}
    assert named - known_names() == set()


def test_each_row_is_handled_by_something(rows):
    assert [row for row in rows if not re.search("`", row[2])] == []


def test_each_indicator_and_duty_of_the_plan_has_its_row(rows):
    handled = {name for row in rows for name in re.findall("`([^`]+)`", row[2])}
    indicators = {row["indicator_code"] for row in read_rows(SEEDS / "indicators.csv")}
    assert (indicators | codes("duties")) - handled == set()


def test_what_is_not_handled_has_a_dated_decision_or_comes_in_a_later_version(rows):
    texts = [row[3] for row in rows if row[3]]
    assert [text for text in texts if LATER not in text and not DATED.search(text)] == []
