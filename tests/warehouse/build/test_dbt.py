"""What is asked of dbt's own files."""

import shutil

from warehouse.build.dbt import PROJECT, run_dbt, slices


def test_models_that_hold_some_years_only_are_found_by_what_they_say_of_themselves(tmp_path):
    project = shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs"))
    cut = project / "models" / "reports" / "rpt_cut.sql"
    cut.write_text("{{ config(meta={'slice': 'report_year'}, contract={'enforced': false}) }} select 1 as report_year")
    run_dbt("postgresql://nobody:nothing@localhost:1/none", ["parse"], tmp_path / "dbt", project)
    found = slices(tmp_path / "dbt")
    assert found["next_reports", "rpt_cut"] == "report_year"
    assert found["next_bi", "phase_review"] == "phase"
    assert ("next_marts", "dim_indicators") not in found
