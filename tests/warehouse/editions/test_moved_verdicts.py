"""Edited reference data that would move a verdict of an issued year: named, and refused or accepted, before a build."""

import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from expectations.errors import GateFailed
from htx import steps
from htx.cli import main
from tests.datasets import rows
from warehouse.connection import connect
from warehouse.editions.deliveries import record_sending
from warehouse.editions.editions import record
from warehouse.editions.moved_verdicts import MovedVerdict, moved_verdicts
from warehouse.reference.reference_data import SEEDS

SENT_AT = datetime(2025, 12, 20, tzinfo=UTC)
T01_MOVES = (
    "decisions.csv, decision_code=A2: value any_manager → leads: The verdict T01 (2025), of a year whose report was"
    " issued, would move from exceeded to not_met"
)


@pytest.fixture(scope="module")
def sent(copy_of_province) -> str:
    url = copy_of_province()
    with connect(url) as connection:
        kept = record(connection, "annual", 2025, "CENTRAL_UNION", SENT_AT)
        record_sending(connection, kept.publication_id, "CENTRAL_UNION", SENT_AT, None)
        connection.commit()
    return url


@pytest.fixture
def url(sent, new_database) -> str:
    """A warehouse whose report of 2025 was sent."""
    return new_database(sent)


@pytest.fixture
def seeds(tmp_path, monkeypatch):
    folder = shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.setenv("HTX_PLAN", str(folder))
    return folder


def decide(seeds, year: int) -> None:
    """Decision A2 requires a woman leader from a year on."""
    path = seeds / "decisions.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    [number] = [number for number, line in enumerate(lines) if line.startswith("A2,")]
    stricter = lines[number].replace("A2,2023,", f"A2,{year},").replace("_means,any_manager,", "_means,leads,")
    lines[number : number + (year == 2023)] = [stricter]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_decision_that_holds_from_the_next_year_on_moves_no_issued_verdict(url, seeds):
    decide(seeds, 2026)
    with connect(url) as connection:
        assert moved_verdicts(connection, seeds).verdicts == []


def test_a_decision_of_all_years_names_the_verdicts_that_it_moves_and_its_row(url, seeds):
    decide(seeds, 2023)
    with connect(url) as connection:
        moved = moved_verdicts(connection, seeds)
    assert moved.verdicts[:2] == [
        MovedVerdict("T01", 2025, "exceeded", "not_met"), MovedVerdict("T03", 2025, "exceeded", "undecided")
    ]  # fmt: skip
    assert [each.indicator_code for each in moved.verdicts] == ["T01", "T03", "T07", "T08"]
    assert moved.files == {"decisions.csv": "decision_code=A2: value any_manager → leads"}


def test_before_a_report_was_sent_nothing_is_named(copy_of_province, seeds):
    decide(seeds, 2023)
    with connect(copy_of_province()) as connection:
        assert moved_verdicts(connection, seeds).verdicts == ()


def test_a_build_is_refused_until_somebody_accepts_the_moves_with_a_reason(url, seeds):
    decide(seeds, 2023)
    with pytest.raises(GateFailed) as refused:
        steps.validate_batch(url, again=True)
    assert refused.value.sentences[0].partition(". Let a decision")[0] == T01_MOVES

    build = steps.validate_batch(url, again=True, accept_because="Quyết định số 12/QĐ-UBND", by="lan")
    assert build["warnings"][0].startswith("accepted: The verdict T01 (2025)")
    assert steps.validate_batch(url, again=True)["warnings"] == build["warnings"]  # the run of the night
    with connect(url) as connection:
        accepted = "select indicator_code, report_year, old_verdict, new_verdict, reason, accepted_by"
        assert rows(connection, f"{accepted} from raw.accepted_verdicts where indicator_code = 'T01'") == [
            ("T01", 2025, "exceeded", "not_met", "Quyết định số 12/QĐ-UBND", "lan"),
        ]  # fmt: skip


def test_htx_lint_names_them_in_both_languages(url, seeds, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_URL", url)
    assert CliRunner().invoke(main, ["lint"]).exit_code == 0
    decide(seeds, 2023)
    said = CliRunner().invoke(main, ["lint"])
    assert said.exit_code == 1
    assert "Đánh giá T01 (2025), thuộc năm đã phát hành báo cáo, sẽ chuyển từ «Vượt» sang «Chưa đạt»." in said.stdout
    assert "htx build --accept REASON" in said.stdout
