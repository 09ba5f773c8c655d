"""What is asked of dbt's own files."""

import shutil

from warehouse.dbt import PROJECT, run_dbt, slices


def test_models_that_hold_some_years_only_are_found_once_a_model_says_which_years(tmp_path):
    project = shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs"))
    cut = project / "models" / "reports" / "rpt_cut.sql"
    cut.write_text("{{ config(meta={'slice': 'report_year'}, contract={'enforced': false}) }} select 1 as report_year")
    years = project / "models" / "intermediate" / "int_years_affected.sql"
    nowhere = "postgresql://nobody:nothing@localhost:1/none"
    said_before = years.exists()
    if not said_before:
        run_dbt(nowhere, ["parse"], tmp_path / "before", project)
        assert slices(tmp_path / "before") == {}
        years.write_text("select 1 as report_year")
    run_dbt(nowhere, ["parse"], tmp_path / "after", project)
    assert slices(tmp_path / "after")["next_reports", "rpt_cut"] == "report_year"
