"""What dbt is given of reference data that was saved by Excel."""

import csv
from pathlib import Path

import pytest

from tests.warehouse.reference.test_csv_rows import as_vietnamese_excel_saves
from warehouse.build.seeds import project_with

PLAIN = "name,since,share\nHội,2023-11-30,0.5\n"


@pytest.fixture
def project(tmp_path) -> Path:
    """A dbt project whose seed has a byte order mark, which dbt reads."""
    (tmp_path / "project" / "seeds").mkdir(parents=True)
    (tmp_path / "project" / "dbt_project.yml").write_text("name: htx")
    (tmp_path / "project" / "seeds" / "plain.csv").write_text("\ufeff" + PLAIN, encoding="utf-8")
    return tmp_path / "project"


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_project_whose_seeds_dbt_reads_right_is_used_as_it_is(project, tmp_path):
    assert project_with(project / "seeds", project, tmp_path / "output") == project


def test_a_seed_that_dbt_would_misread_is_given_to_it_in_plain_form(project, tmp_path):
    (project / "seeds" / "saved.csv").write_text(as_vietnamese_excel_saves(PLAIN), encoding="utf-16")
    given = project_with(project / "seeds", project, tmp_path / "output")
    assert given == tmp_path / "output" / "project"
    assert rows_of(given / "seeds" / "saved.csv") == [["name", "since", "share"], ["Hội", "2023-11-30", "0.5"]]


def test_a_plan_elsewhere_takes_the_place_of_the_seeds_and_is_left_as_it_is(project, tmp_path):
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "other.csv").write_text(PLAIN, encoding="utf-8")
    given = project_with(plan, project, tmp_path / "output")
    assert sorted(path.name for path in given.rglob("*.*")) == ["dbt_project.yml", "other.csv"]
    assert rows_of(given / "seeds" / "other.csv") == [["name", "since", "share"], ["Hội", "2023-11-30", "0.5"]]
    assert (plan / "other.csv").read_text(encoding="utf-8") == PLAIN
