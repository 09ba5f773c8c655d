"""A year day by day, from 15 October to 5 January, over a deadline on a weekend, in a project whose CSV files were
edited as the Union would edit them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak("years")
PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("dbt_project", "expectations", "htx", "ingestion", "reporting", "warehouse")

# the units' last day is a Saturday, and moves to the Sunday, which is worked; the province's is Saturday 30 December,
# and moves over Monday 1 January to Tuesday 2
CYCLE = "2023,1,2023-11-30,2023-12-31,no,no,"
MOVED = "2023,1,2023-11-26,2023-12-31,no,yes,"
WORKED = "2023-11-26,yes,Làm bù,test\n"
REMINDERS = """reminder_code,days_from_due,name_vi,asks_for_duties,source
before_30,-30,Nhắc trước hạn,no,test
overdue_1,1,Nhắc quá hạn,no,test
"""
DISTRICTS = "688, 689, 690, 691, 692, 693, 694, 695, 696, 697, 698"
AGENCIES = "CEMA, DARD, DIC, DOF, DOIT, DOLISA, DOST, DPI, PCA, VBSP"


@pytest.fixture(scope="module")
def year_2023(new_database, tmp_path_factory) -> list[dict]:
    """The events of the year 2023 with a deadline that moves."""
    project = tmp_path_factory.mktemp("project")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, project / room, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    cycles = project / "dbt_project" / "seeds" / "report_cycles.csv"
    text = cycles.read_text(encoding="utf-8")
    assert text.count(CYCLE) == 1
    cycles.write_text(text.replace(CYCLE, MOVED), encoding="utf-8")
    with (project / "dbt_project" / "seeds" / "non_working_days.csv").open("a", encoding="utf-8") as days:
        days.write(WORKED)
    (project / "dbt_project" / "seeds" / "reminder_schedule.csv").write_text(REMINDERS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.rehearsal.rehearsal", new_database(), tmp_path_factory.mktemp("year"), "2023"],
        env={**os.environ, "PYTHONPATH": f"{project}{os.pathsep}{PROJECT}"},
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def events(year_2023: list[dict], what: str) -> list[tuple[str, str]]:
    return [(each["on"], each["message"]) for each in year_2023 if each["what"] == what]


def test_nothing_fails_in_a_year(year_2023):
    assert [each for each in year_2023 if each["failed"]] == []
    assert events(year_2023, "figures") == [("2024-03-02", "the targets table is that of the answer key")]


def test_who_still_owes_is_reminded_on_days_counted_from_the_moved_deadline(year_2023):
    """A month before it nobody has reported. The day after it three districts (691, 694, 697) and four agencies have
    not. 692 has a query on a number of a cooperative; the registry, last pulled in March, lacks the cooperatives
    founded since in 689 and 696, and that one of 695 is suspended. Others get no letter."""
    assert events(year_2023, "reminders") == [
        ("2023-10-28", f"letters to {DISTRICTS}, {AGENCIES}, union; 3 units done"),
        (
            "2023-11-28",
            "letters to 689, 691, 692, 694, 695, 696, 697, CEMA, DIC, DOST, DPI, union; 13 units done",
        ),
    ]


def test_the_report_goes_once_three_days_before_the_moved_deadline_and_again_when_figures_changed(year_2023):
    assert events(year_2023, "publication") == [
        ("2023-12-29", "Báo cáo năm 2023 đã lập dự thảo: phiên bản 1.0.0, lúc 08:00 29/12/2023."),
        ("2024-03-02", "Báo cáo năm 2023 đã lập dự thảo: phiên bản 1.0.1, lúc 08:00 02/03/2024."),
    ]
    assert [on for on, _ in events(year_2023, "sending")] == ["2023-12-29", "2024-03-02"]


def test_a_file_that_comes_after_the_lock_stays_out(year_2023):
    assert events(year_2023, "lock") == [("2024-03-02", "a late file was rejected (F06)")]
