"""The lint for the plan: one cell of one CSV is changed, and one finding is expected, word for word."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from expectations.errors import GateFailed
from expectations.reference.declared_checks import DECLARATIONS
from expectations.reference.reference_checks import lint_plan, require_sound_plan
from htx import steps
from htx.cli import main
from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.reference_data import SEEDS

AS_IT_IS = [
    ("target_grows_fast", "targets.csv, row 9, target"),
    ("years_to_come_without_roster", "reporting_roster.csv, report_year"),
]


@pytest.fixture
def seeds(tmp_path) -> Path:
    return shutil.copytree(SEEDS, tmp_path / "seeds")


def edit(seeds: Path, file_name: str, before: str, after: str) -> None:
    text = (seeds / file_name).read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{file_name} has {before} {text.count(before)} times"
    (seeds / file_name).write_text(text.replace(before, after), encoding="utf-8")


def test_the_plan_as_it_is_has_no_errors_and_one_target_that_grows_fast(seeds):
    findings = lint_plan(seeds)
    assert [(each.check_code, each.place) for each in findings] == AS_IT_IS
    assert {each.level for each in findings} == {"warning"}
    assert findings[0].message_vi == (
        "Mục tiêu T04 (2030) là 800, gấp hơn ba lần mục tiêu trước đó (240); cần được rà soát tính khả thi."
    )
    assert findings[1].message_en == "There is no roster yet for 2028, 2029, 2030."


@pytest.mark.parametrize("file_name", ["report_cycles.csv", "recipients.csv"])
def test_a_table_without_rows_is_refused(seeds, file_name):
    only_columns(seeds / file_name)
    with pytest.raises(InvalidReferenceData) as refused:
        lint_plan(seeds)
    assert str(refused.value) == f"{file_name}, row 2: the table has no rows; at least one is required."


def test_units_need_no_mailboxes_and_no_reminders(seeds):
    only_columns(seeds / "unit_mailboxes.csv")
    only_columns(seeds / "reminder_schedule.csv")
    assert [(each.check_code, each.place) for each in lint_plan(seeds)] == AS_IT_IS


def only_columns(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")


ERRORS = [
    ("map_tiles.csv", "25210@2025,4,7,", "25210@2025,5,7,", "map_tiles.csv, row 14, tile_x",
     "Phường Đồng Xoài has tile 5, 7 of its map, which is that of Phường Bình Phước."),
    ("map_tiles.csv", "districts_2023,688@2023,", "districts_2023,25195@2025,", "map_tiles.csv, row 2, unit_uid",
     "Phường Bình Phước is no unit of the map districts_2023."),
    ("code_lists.csv", "Final figures of the year,yearly,", "Final figures of the year,,",
     "code_lists.csv, row 3, flags", "The kind of report annual_final has the flags «»; they must be «yearly»."),
    ("code_lists.csv", "report_kinds,adhoc,Đột xuất,Ad hoc,,", "report_kinds,adhoc,Đột xuất,Ad hoc,yearly,",
     "code_lists.csv, row 4, flags", "The kind of report adhoc has the flags «yearly»; they must be «»."),
    ("targets.csv", "T01,2,2030,40,", "T01,2,2030,4,", "targets.csv, row 3, target",
     "The target of T01 (2030) is 4, below the one before it (20); targets are cumulative."),
    ("targets.csv", "T10,2,2030,90,", "T10,2,2030,900,", "targets.csv, row 18, target",
     "The target of T10 (2030) is 900 %, which cannot be met: it must lie 0 <= x <= 100."),
    ("targets.csv", "T14,2,2030,50,", "T14,2,2030,100,", "targets.csv, row 22, target",
     "The target of T14 (2030) is 100 %, which cannot be met: it must lie 0 <= x < 100."),
    ("targets.csv", "T01,2,2030,", "T01,2,2025,", "targets.csv, row 3, target_year",
     "T01 2025 is in more than one row; delete those that are wrong."),
    ("targets.csv", "T01,2,2030,", "T01,2,2031,", "targets.csv, row 3, target_year",
     "The target year of T01 (2031) is 2031, which is not in its phase (2026-2030)."),
    ("targets.csv", "T08,1,2025,90,", "T80,1,2025,90,", "targets.csv, row 14, indicator_code",
     "T80 2025 has the code «T80», which is not in indicators.csv."),
    ("indicators.csv", ",,>=,0,A1 A2", ",,,0,A1 A2", "indicators.csv, row 2, comparator",
     "T01 has a target, so its comparator must be >=, >, =, but is «»."),
    ("indicators.csv", "sum of officers_skilled,sum of officers,", "sum of officers_skilled,,",
     "indicators.csv, row 11, denominator", "T10 is a percentage, so it must say its denominator."),
    ("indicators.csv", ">=,,A11 A21,", ">=,,A11 A91,", "indicators.csv, row 11, decision",
     "T10 depends on decision «A91», which is not in decisions.csv."),
    ("decisions.csv", ",honours_first_window,", ",honour_first_window,", "decisions.csv, row 15, parameter",
     "The switch A14 (honour_first_window) is used nowhere: decision('…', …), dbt_project/models."),
    ("decisions.csv", "stable_job_min_months", "stable_job_months", "decisions.csv, row 6, parameter",
     "The switch A5 (stable_job_months) is used nowhere: report_cycles.csv."),
    ("decisions.csv", "strengthening_means,strengthening,", "strengthening_means,strengthening advice,",
     "decisions.csv, row 21, value", "A20 has the code «advice», which is not in code_lists.csv, support_kinds."),
    ("decisions.csv", "A2,2023,", "A2,2024,", "decisions.csv, row 3, valid_from_year",
     "Decision A2 holds from 2024 on: that must be a report year, and the first row of each decision must hold from"
     " 2023 on."),
    ("decisions.csv", "A3,2023,", "A2,2023,", "decisions.csv, row 4, valid_from_year",
     "A2 2023 is in more than one row; delete those that are wrong."),
    ("measures.csv", "08_HOAT_DONG,events,IV.1.b,", "08_HOAT_DONG,event,IV.1.b,",
     "measures.csv, row 29, answer_field",
     "C05 items has the code «08_HOAT_DONG.event», which is not in form_fields.csv."),
    ("measures.csv", "08_HOAT_DONG,events,IV.1.b,", "08_HOAT_DONG,events,IV.1.z,", "measures.csv, row 29, duty_code",
     "C05 items has the code «IV.1.z», which is not in code_lists.csv, duties."),
    ("measures.csv", "T05,value,percent,the indicator itself,,submission,01_HTX,,,percent,",
     "T05,value,percent,the indicator itself,,submission,01_HTX,,,sum,", "measures.csv, row 6, aggregation",
     "T05.value has the unit «percent», but is computed as «sum»."),
    ("contribution_rules.csv", "cooperatives,C10,insured,numerator,women_staff_insured,women_staff_insured,\n", "",
     "measures.csv, row 40, measure_code",
     "C10.insured has the code «insured», which is not in contribution_rules.csv."),
    ("contribution_rules.csv", "numerator,women_staff_insured,", "numerator,women_insured,",
     "contribution_rules.csv, row 22, field_code",
     "C10.insured has the code «women_insured», which is not in form_fields.csv, 01_HTX."),
    ("rule_comparisons.csv", "H07,01_HTX,women_new_jobs,", "H07,01_HTX,new_jobs,",
     "rule_comparisons.csv, row 26, fields",
     "H07 has the code «new_jobs», which is not in form_fields.csv, 01_HTX."),
    ("measure_breakdowns.csv", "T06,value,course_kind", "T06,value,course_type",
     "measure_breakdowns.csv, row 26, breakdown",
     "T06 value course_type has the code «course_type», which is not in breakdowns.csv."),
    ("measure_breakdowns.csv", "T16,value,unit_kind", "T16,values,unit_kind",
     "measure_breakdowns.csv, row 32, measure_code",
     "T16 values unit_kind has the code «T16.values», which is not in measures.csv."),
    ("measure_reporters.csv", "C24,borrowers,PCA", "C24,borrowers,PAC", "measure_reporters.csv, row 10, reporter",
     "C24 has the code «PAC», which is not in reporting_roster.csv."),
    ("duty_assignments.csv", "IV.4.a,WU-P,", "IV.4.a,WUP,", "duty_assignments.csv, row 57, body",
     "IV.4.a WUP has the code «WUP», which is not in code_lists.csv, agencies."),
    ("measure_names.csv", "C01,all_cooperatives,", "C01,every_cooperative,", "measures.csv, row 21, measure_code",
     "C01.all_cooperatives has the code «all_cooperatives», which is not in measure_names.csv."),
    ("report_sections.csv", "T02,organisations,", "T20,organisations,", "indicators.csv, row 3, indicator_code",
     "T02 has the code «T02», which is not in report_sections.csv."),
    ("running_totals.csv", "01_HTX,revenue,", "01_HTX,members,", "running_totals.csv, row 3, field_code",
     "01_HTX has the code «members», which is not in form_fields.csv, flow."),
    ("phases.csv", "2,2026-01-01,", "2,2026-02-01,", "phases.csv, row 3, begins_on",
     "2: begins_on 2026-02-01; it must be 2026-01-01."),
    ("report_cycles.csv", "2024,1,2024-11-30,2024-12-31,", "2024,1,2024-11-30,2024-10-31,",
     "report_cycles.csv, row 3, province_due_before",
     "2024: units_due_before 2024-11-30, province_due_before 2024-10-31; it must be units_due_before <="
     " province_due_before."),
    ("report_cycles.csv", ",2025-11-01,2026-12-31,", ",2026-01-02,2026-12-31,",
     "report_cycles.csv, row 5, data_window_from",
     "2026: data_window_from 2026-01-02; it must be <= 2026-01-01."),
    ("baselines.csv", "2023-03-24,plan", "2024-03-24,plan", "baselines.csv, row 2, measured_on",
     "The day of the baseline is 2024-03-24; it must be 2023-01-03 - 2023-11-30."),
    ("reporting_roster.csv", "2024,691,691@2023,district,,yes\n", "", "reporting_roster.csv, unit_uid",
     "Huyện Bù Gia Mập (691@2023) lies in the programme area, but is not on the roster of 2024."),
    ("reporting_roster.csv", "2023,697,697@2023,", "2023,697,697@2021,", "reporting_roster.csv, row 11, unit_uid",
     "697 (697@2021, district) on the roster of 2023 is not a district in force on the last day of that"
     " year's data."),
    ("reporting_roster.csv", "2025,DAE,DAE,agency,,yes", "2025,DARD,DARD,agency,,yes",
     "reporting_roster.csv, row 91, reporting_unit_code",
     "DARD was replaced by DAE on 2025-03-01 and reports no more."),
]  # fmt: skip


@pytest.mark.parametrize(("file_name", "before", "after", "place", "sentence"), ERRORS)
def test_an_error_is_reported_with_file_row_and_column(seeds, file_name, before, after, place, sentence):
    edit(seeds, file_name, before, after)
    errors = [(each.place, each.message_en) for each in lint_plan(seeds) if each.level == "error"]
    assert (place, sentence) in errors


INVALID = [
    ("targets.csv", "T01,1,2025,20,", "T01,1,2025,twenty,",
     "targets.csv, row 2: target must be a number with a point before its decimals, but is «twenty»."),
    ("measures.csv", "08_HOAT_DONG,events,IV.1.b,sum,", "08_HOAT_DONG,events,IV.1.b,total,",
     "measures.csv, row 29: aggregation must be sum, percent, mean or empty, but is «total»."),
    ("indicators.csv", "its review was issued; no figure when nobody recorded it,,=,,", "issued,,~,,",
     "indicators.csv, row 19: comparator must be >=, >, = or empty, but is «~»."),
    ("duty_frequencies.csv", "continuous,year,", "continuous,,",
     "duty_frequencies.csv, row 2: owed_each must be filled in, but is empty."),
]  # fmt: skip


@pytest.mark.parametrize(("file_name", "before", "after", "sentence"), INVALID)
def test_a_cell_that_is_not_as_its_file_declares_is_refused(seeds, file_name, before, after, sentence):
    edit(seeds, file_name, before, after)
    with pytest.raises(InvalidReferenceData) as refused:
        lint_plan(seeds)
    assert str(refused.value) == sentence


def test_every_file_of_the_reference_data_is_declared(seeds):
    declared = yaml.safe_load(DECLARATIONS.read_text(encoding="utf-8"))["seeds"]
    assert sorted(each["name"] for each in declared) == sorted(path.stem for path in seeds.glob("*.csv"))
    assert [each["name"] for each in declared if not each["config"]["meta"]["key"]] == []


WARNINGS = [
    ("report_cycles.csv", "2025,1,2025-11-30,2025-12-31,no,", "2025,1,2025-11-30,2025-12-31,yes,",
     "deadline_is_inclusive 2025 is «yes», but decisions.csv gives (A15: no)."),
    ("reporting_roster.csv", "2024,VFF,VFF,agency,,no\n", "",
     "VFF reported the year before, but neither it nor a successor is on the roster of 2024."),
    ("duty_assignments.csv", "VI.e,AWE,continuous,plan\n", "", "Duty VI.e of C28.events is assigned to nobody"
     " (duty_assignments.csv)."),
]  # fmt: skip


@pytest.mark.parametrize(("file_name", "before", "after", "said"), WARNINGS)
def test_warnings_are_reported_and_stop_nothing(seeds, file_name, before, after, said):
    edit(seeds, file_name, before, after)
    assert said in [each.message_en for each in lint_plan(seeds) if each.level == "warning"]
    require_sound_plan(seeds)


def test_a_unit_without_a_tile_is_reported_and_stops_nothing(seeds):
    text = (seeds / "map_tiles.csv").read_text(encoding="utf-8")
    (seeds / "map_tiles.csv").write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
    found = [each for each in lint_plan(seeds) if each.check_code == "tile_missing"]
    assert [(each.level, each.message_en) for each in found] == [
        ("warning", "Xã Nha Bích has no tile on the map communes_2025.")
    ]
    require_sound_plan(seeds)


def test_a_switch_that_no_indicator_names_is_reported(seeds):
    for code in (">=,,A11 A21,", "=,,A8 A11 A21,"):
        edit(seeds, "indicators.csv", code, code.replace(" A21", ""))
    assert [each.message_en for each in lint_plan(seeds) if each.check_code == "decision_unnamed"] == [
        "The switch A21 (branch_heads_are_officers) changes figures, but no indicator names it in its column decision."
    ]


def test_errors_refuse_the_build_with_file_row_column_and_correction(seeds, warehouse_url, tmp_path, monkeypatch):
    edit(seeds, "targets.csv", "T01,2,2030,40,", "T01,2,2030,4,")
    monkeypatch.setenv("HTX_PLAN", str(seeds))
    with pytest.raises(GateFailed) as refused:
        steps.build_warehouse(warehouse_url, tmp_path)
    assert refused.value.sentences == [
        "targets.csv, row 3, target: The target of T01 (2030) is 4, below the one before it (20); targets"
        " are cumulative."
    ]


def test_htx_lint_prints_both_languages_and_exits_with_1_on_errors(seeds, monkeypatch):
    assert CliRunner().invoke(main, ["lint"]).exit_code == 0
    edit(seeds, "targets.csv", "T01,2,2030,40,", "T01,2,2030,4,")
    monkeypatch.setenv("HTX_PLAN", str(seeds))
    said = CliRunner().invoke(main, ["lint"])
    assert said.exit_code == 1
    assert said.stdout.splitlines()[:3] == [
        "LỖI targets.csv, row 3, target [target_falls]",
        "  Mục tiêu T01 (2030) là 4, thấp hơn mục tiêu trước đó (20); mục tiêu là số lũy kế.",
        "  The target of T01 (2030) is 4, below the one before it (20); targets are cumulative.",
    ]
    found = json.loads(CliRunner().invoke(main, ["lint", "--json", "--as-of", "2026-11-30"]).stdout)
    assert [each["check_code"] for each in found] == ["target_falls", *(code for code, _ in AS_IT_IS)]
