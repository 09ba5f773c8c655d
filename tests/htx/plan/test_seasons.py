"""A new year and a new form version as rows of the plan's folder."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from expectations.reference.reference_checks import lint_plan
from htx.cli import main
from htx.plan.seasons import open_season
from tests.datasets import read_csv
from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.reference_data import SEEDS, read_reference


@pytest.fixture
def htx(seeds, tmp_path):
    """Runs a command on a copy of the plan."""

    def run(*arguments: str):
        variables = {"HTX_PLAN": str(seeds), "HTX_HOME": str(tmp_path / "home")}
        return CliRunner(env=variables).invoke(main, arguments)

    return run


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everywhere; others do not become another user."""
    if is_root := os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def lines(path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def errors(seeds) -> list[str]:
    return [each.message_en for each in lint_plan(seeds) if each.level == "error"]


def test_a_season_is_the_roster_of_the_year_before_and_what_to_look_at(htx, seeds):
    before = lines(seeds / "reporting_roster.csv")
    said = htx("season", "open", "2028")
    assert (said.exit_code, said.stdout.splitlines()) == (0, [
        "reporting_roster.csv: 51 units of 2027 carried forward; who reports, and who must?",
        "report_cycles.csv: 2028 is there already; are its dates and its form version still right?",
        "non_working_days.csv: 4 days of 2028; those of Tet and those worked in exchange are still to come?",
        "letterheads.csv: the newest holds from 2026-04-30; are agency, signer and plan still theirs?",
        "unit_mailboxes.csv, union_mailboxes.csv: does everybody still read there?",
        "targets.csv: to be met in 2028: T17.",
        "Then: htx lint",
    ])  # fmt: skip
    after = lines(seeds / "reporting_roster.csv")
    assert after[: len(before)] == before
    assert len(after) - len(before) == 51
    assert (after[len(before)], after[-1]) == ("2028,25195,25195@2025,commune,,yes", "2028,AWE,AWE,agency,,no")
    assert errors(seeds) == []


def test_a_year_that_has_a_roster_is_refused_and_stays_as_it_is(htx, seeds):
    before = lines(seeds / "reporting_roster.csv")
    said = htx("season", "open", "2027")
    assert (said.exit_code, said.stderr) == (
        1, "htx: reporting_roster.csv has the units of 2027 already: edit its rows.\n"
    )  # fmt: skip
    assert htx("season", "open", "2030").exit_code == 1
    assert lines(seeds / "reporting_roster.csv") == before


def test_a_year_without_a_cycle_gets_the_dates_of_the_year_before_a_year_later(htx, seeds):
    cycles = seeds / "report_cycles.csv"
    kept = [line for line in lines(cycles) if line[:4] not in ("2028", "2029", "2030")]
    cycles.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert "dates of 2027, a year later" in htx("season", "open", "2028").stdout
    assert lines(cycles)[-1] == (
        "2028,2,2028-11-30,2028-12-31,no,no,2029-02-15,2029-03-01,2027-11-01,2028-12-31,2028-11-30,6,"
        '"plan VI; A5, A15; lock and window are ours",2027.1'
    )


def test_a_deadline_of_a_units_own_is_not_carried_over_and_is_named(htx, seeds):
    roster = seeds / "reporting_roster.csv"
    text = roster.read_text(encoding="utf-8")
    own = text.replace("2027,25195,25195@2025,commune,,", "2027,25195,25195@2025,commune,2027-12-15,")
    roster.write_text(own, encoding="utf-8")
    said = htx("season", "open", "2028").stdout
    assert "reporting_roster.csv: 25195 had a deadline of its own, which was not carried over." in said
    assert "2028,25195,25195@2025,commune,,yes" in lines(roster)


def test_a_form_version_begins_as_the_one_before_it_and_is_in_use_from_a_year_on(htx, seeds):
    said = htx("form-version", "new", "2029.1", "--from", "2027.1", "--first-year", "2029")
    assert said.exit_code == 0
    assert lines(seeds / "form_versions.csv")[-1] == "2029.1,yes,differences from 2027.1"
    used = {row["report_year"]: row["form_version"] for row in read_csv(seeds / "report_cycles.csv")}
    assert [used[year] for year in ("2026", "2027", "2028", "2029", "2030")] == [
        "2023.1", "2027.1", "2027.1", "2029.1", "2029.1"
    ]  # fmt: skip
    assert errors(seeds) == []
    with (seeds / "form_fields.csv").open("a", encoding="utf-8") as fields:
        fields.write("2029.1,06_NO,6,interest,Lãi,money,million VND,no,,flow,0,,\n")
    forms = read_reference(seeds).forms
    assert [len(forms[version].sheets["06_NO"].fields) for version in ("2027.1", "2029.1")] == [4, 5]
    assert forms["2029.1"].sheets["01_HTX"] == forms["2027.1"].sheets["01_HTX"]


@pytest.mark.parametrize(
    ("version", "earlier", "first_year"),
    [("2027.1", "2027.1", "2028"), ("2029.1", "2023.1", "2029"), ("2031.1", "2027.1", "2031")],
    ids=["known", "not from the newest", "no such year"],
)
def test_a_form_version_that_would_not_follow_the_newest_is_refused(htx, seeds, version, earlier, first_year):
    before = {path.name: path.read_bytes() for path in seeds.glob("*.csv")}
    assert htx("form-version", "new", version, "--from", earlier, "--first-year", first_year).exit_code == 1
    assert {path.name: path.read_bytes() for path in seeds.glob("*.csv")} == before


@pytest.mark.parametrize("version", ["2028.10", "2028.0", "2028", "x"])
def test_a_form_version_is_called_by_its_year_and_a_digit(htx, seeds, version):
    said = htx("form-version", "new", version, "--from", "2027.1", "--first-year", "2028")
    assert (said.exit_code, said.stderr) == (
        1, f"htx: {version} is no name of a form version: the year and a digit, such as 2028.1.\n"
    )  # fmt: skip
    assert lines(seeds / "form_versions.csv")[-1].startswith("2027.1,")


def test_a_plan_that_can_only_be_read_is_edited_in_its_repository():
    plan = Path(tempfile.mkdtemp(prefix="htx-plan-"))
    try:
        shutil.copytree(SEEDS, plan, dirs_exist_ok=True)
        for path in (*plan.iterdir(), plan):
            path.chmod(0o555)
        with as_nobody(), pytest.raises(InvalidReferenceData) as refused:
            open_season(plan, 2028)
    finally:
        plan.chmod(0o755)
        shutil.rmtree(plan)
    assert str(refused.value) == (
        f"{plan}/reporting_roster.csv cannot be written (Permission denied): run this on a desk, in the plan's"
        " repository that HTX_PLAN names there, commit, and update the server's folder."
    )


WITHOUT_2028 = (
    "As of 2027-09-01 there is no roster for 2028, which is due from 9/2027 on: htx season open 2028, then look through"
    " its rows."
)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2027, 8, 31), []),
        (date(2027, 9, 1), [WITHOUT_2028]),
        (date(2026, 12, 31), []),  # 2027 has one
        (date(2030, 10, 1), []),  # the plan ends with 2030
    ],
    ids=["before September", "from September on", "there already", "after the last year"],
)
def test_from_september_on_a_next_year_without_roster_is_a_warning(seeds, on, found):
    said = lint_plan(seeds, on)
    assert [each.message_en for each in said if each.check_code == "next_year_without_roster"] == found


def test_htx_lint_gives_that_warning_until_the_season_is_open(htx, seeds):
    roster = seeds / "reporting_roster.csv"
    kept = [line for line in lines(roster) if not line.startswith("2027,")]
    roster.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert htx("lint", "--as-of", "2026-09-30").stdout.count("[next_year_without_roster]") == 1
    assert htx("lint", "--as-of", "2026-08-31").stdout.count("[next_year_without_roster]") == 0
    assert htx("season", "open", "2027").exit_code == 0
    assert htx("lint", "--as-of", "2026-09-30").stdout.count("[next_year_without_roster]") == 0
