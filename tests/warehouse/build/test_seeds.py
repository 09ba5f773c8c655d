"""What dbt is given of reference data that was saved by Excel."""

import csv

from tests.warehouse.reference.test_csv_rows import as_vietnamese_excel_saves
from warehouse.build.seeds import readable_project

PLAIN = "name,since,share\nHội,2023-11-30,0.5\n"


def test_a_project_whose_seeds_dbt_reads_right_is_used_as_it_is(tmp_path):
    (tmp_path / "project" / "seeds").mkdir(parents=True)
    (tmp_path / "project" / "seeds" / "plain.csv").write_text("﻿" + PLAIN, encoding="utf-8")
    assert readable_project(tmp_path / "project", tmp_path / "output") == tmp_path / "project"


def test_a_seed_that_dbt_would_misread_is_given_to_it_in_plain_form(tmp_path):
    seeds = tmp_path / "project" / "seeds"
    seeds.mkdir(parents=True)
    (seeds / "plain.csv").write_text(PLAIN, encoding="utf-8")
    (seeds / "saved.csv").write_text(as_vietnamese_excel_saves(PLAIN), encoding="utf-16")

    given = readable_project(tmp_path / "project", tmp_path / "output")
    assert given == tmp_path / "output" / "project"
    for name in ("plain.csv", "saved.csv"):
        with (given / "seeds" / name).open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [["name", "since", "share"], ["Hội", "2023-11-30", "0.5"]]
