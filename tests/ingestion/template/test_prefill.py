"""What is already known when a unit opens its form."""

import io
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest

from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.form.submission import read_submission
from ingestion.intake.raw_tables import write_reviewed
from ingestion.intake.registry_snapshots import pull_registry
from ingestion.template.form_workbook import write_workbook
from ingestion.template.prefill import known_values, reported_last_year
from ingestion.workbook.received_file import ReceivedFile
from tests.ingestion.filled_in import COOPERATIVE, GROUP

# Of Lộc Ninh: Xã Lộc Thạnh became the commune 25280 again, Xã Lộc Thành the commune 25294.
THANH, THANH_2 = "25280", "25294"


@pytest.fixture
def loaded(connection, reference, filled_form):
    """Loads a report of Lộc Ninh for the year before the reform."""

    def load(submission_kind="first", day=20, **sheets) -> None:
        cover = {
            "submission_kind": submission_kind,
            "data_from": date(2023, 11, 21),
            "data_to": date(2024, 11, 20),
            "signed_on": date(2024, 11, 21),
        }
        content = filled_form(year=2024, cover=cover, sheets={"01_HTX": [], "02_THT": [], **sheets})
        file = ReceivedFile("692", "bc.xlsx", datetime(2024, 11, day, tzinfo=UTC), content)
        reviewed = ReviewedFile(file, read_submission(file, reference), None, [], "accepted")
        write_reviewed(connection, [reviewed], reference)

    return load


@pytest.fixture
def registry(tmp_path, connection):
    """Pulls a registry with the given cooperatives: (number, commune, sex of its director, status)."""

    def pull(*cooperatives, speaks_of=date(2024, 11, 30), updated_at="2024-10-01", position="director") -> None:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
        with sqlite3.connect(path) as database:
            database.executescript(
                """
                create table cooperatives (registration_number, tax_code, name, kind, commune_code, address, sector,
                    registered_on, status, status_changed_on, charter_capital_vnd, member_count, union_founded,
                    updated_at);
                create table managers (registration_number, manager_no, position, sex, held_from, held_to);
                create table classifications (registration_number, year, score, class, decided_on);
                """
            )
            for number, commune, sex, status in cooperatives:
                database.execute(
                    "insert into cooperatives values (?, null, ?, 'cooperative', ?, null, 'crop', '2020-02-03', ?,"
                    " null, null, 25, 0, ?)",
                    (number, f"HTX {number}", commune, status, updated_at),
                )
                database.execute(
                    "insert into managers values (?, 1, ?, ?, '2021-01-01', null)", (number, position, sex)
                )
        pull_registry(f"sqlite:///{path}", connection, speaks_of)

    return pull


def known(connection, reference, unit="25280", year=2025):
    return known_values(connection, reference.roster[year, unit], year, reference)


def test_before_anything_was_received_the_cover_alone_is_known(connection, reference):
    assert known(connection, reference, "692", 2023) == (
        {"report_kind": "annual", "submission_kind": "first", "data_from": date(2023, 1, 3)}, {},
    )  # fmt: skip


def test_last_years_facts_are_known_and_its_counts_are_not(connection, reference, loaded):
    loaded(**{"01_HTX": [COOPERATIVE], "02_THT": [{**GROUP, "commune_code": THANH, "group_code": "THT-01"}]})
    cover, sheets = known(connection, reference)
    assert cover["data_from"] == date(2024, 11, 21)
    assert sheets == {
        "01_HTX": [
            {
                "registration_number": "3800100009",
                "cooperative_name": "HTX Hoa Lan",
                "commune_code": "25280",
                "registered_on": date(2019, 5, 6),
                "sector": "crop",
                "union_supported_founding": "C",
            }
        ],
        "02_THT": [
            {
                "group_code": "THT-01",
                "group_name": "Tổ đan lát Sao Mai",
                "commune_code": "25280",
                "founded_on": date(2021, 3, 4),
                "sector": "handicraft",
                "union_supported_founding": "K",
            }
        ],
    }


def test_a_commune_gets_what_its_district_reported_on_its_ground_alone(connection, reference, loaded):
    other = {**COOPERATIVE, "registration_number": "3800100016", "commune_code": THANH_2}
    loaded(**{"01_HTX": [COOPERATIVE, other]})
    taken_over = [
        (unit.code, [row["registration_number"] for row in known(connection, reference, unit.code)[1]["01_HTX"]])
        for unit in reference.roster_of(2025)
        if unit.kind == "commune" and known(connection, reference, unit.code)[1]
    ]
    assert taken_over == [("25280", ["3800100009"]), ("25294", ["3800100016"])]


def test_a_group_without_a_code_gets_the_one_that_the_marts_issue(connection, reference, loaded):
    loaded(**{"02_THT": [{**GROUP, "group_name": " Tổ  Đan lát", "commune_code": THANH}]})
    (row,) = known(connection, reference)[1]["02_THT"]
    # md5 of 'tổ đan lát|25280@2025'
    assert row["group_code"] == "THT-D536E203"


def test_a_correction_counts_for_its_rows_and_a_replacement_for_all(connection, reference, loaded):
    other = {**COOPERATIVE, "registration_number": "3800100016"}
    loaded(**{"01_HTX": [COOPERATIVE, other]})
    loaded("partial_correction", 21, **{"01_HTX": [{**other, "cooperative_name": "HTX Sửa Tên"}]})
    assert [row["cooperative_name"] for row in known(connection, reference)[1]["01_HTX"]] == [
        "HTX Hoa Lan", "HTX Sửa Tên",
    ]  # fmt: skip
    loaded("full_replacement", 22, **{"01_HTX": [COOPERATIVE]})
    assert [row["cooperative_name"] for row in known(connection, reference)[1]["01_HTX"]] == ["HTX Hoa Lan"]


def test_what_has_ended_is_not_asked_for_again(connection, reference, loaded, registry):
    registry(("3800100009", "25280", "F", "active"))
    loaded(
        **{
            "01_HTX": [{**COOPERATIVE, "status": "dissolved"}],
            "02_THT": [{**GROUP, "commune_code": THANH, "status": "became_cooperative"}],
        }
    )
    assert known(connection, reference)[1] == {}


def test_the_registry_adds_cooperatives_with_a_woman_in_a_management_office(connection, reference, registry):
    registry(
        ("3800100009", "25280", "F", "active"),
        ("3800100016", "25280", "M", "active"),
        ("3800100023", "25280", "F", "dissolved"),
        ("3800100030", "25195", "F", "active"),
    )
    assert known(connection, reference)[1] == {
        "01_HTX": [
            {
                "registration_number": "3800100009",
                "cooperative_name": "HTX 3800100009",
                "commune_code": "25280",
                "registered_on": date(2020, 2, 3),
                "sector": "crop",
                "union_supported_founding": "K",
            }
        ]
    }


def test_an_accountant_is_not_a_manager(connection, reference, registry):
    registry(("3800100009", "25280", "F", "active"), position="accountant")
    assert known(connection, reference)[1] == {}


def test_a_snapshot_after_the_cut_off_of_the_year_is_not_known_yet(connection, reference, registry):
    registry(("3800100009", "25280", "F", "active"), speaks_of=date(2025, 12, 1), updated_at="2025-10-01")
    assert known(connection, reference)[1] == {}


def test_an_agency_has_no_ground_to_know_of(connection, reference, loaded, registry):
    registry(("3800100009", "25280", "F", "active"))
    loaded(**{"01_HTX": [COOPERATIVE]})
    cover, sheets = known(connection, reference, "DOIT", 2025)
    assert (sheets, cover["data_from"]) == ({}, date(2024, 11, 1))


def test_the_prefilled_form_is_read_back_without_a_warning(connection, reference, loaded):
    loaded(**{"01_HTX": [COOPERATIVE], "02_THT": [{**GROUP, "commune_code": THANH}]})
    unit = reference.roster[2025, "25280"]
    cover, sheets = known_values(connection, unit, 2025, reference)
    content = write_workbook(reference.form_for(2025), reference, cover, sheets, unit)
    submission = read_submission(ReceivedFile("25280", "x.xlsx", datetime(2025, 11, 1, tzinfo=UTC), content), reference)
    assert submission.warnings == []
    assert [row.read["commune_code"] for row in submission.sheets["01_HTX"].rows] == ["25280"]


def test_the_figures_of_the_year_before_stand_beside_and_are_not_read(connection, reference, loaded):
    other = {**COOPERATIVE, "registration_number": "3800100016", "commune_code": THANH_2}
    loaded(**{"01_HTX": [COOPERATIVE, other]})
    unit = reference.roster[2025, "25280"]
    cover, sheets = known_values(connection, unit, 2025, reference)
    last_year = reported_last_year(connection, unit, 2025, reference)
    content = write_workbook(reference.forms["2027.1"], reference, cover, sheets, unit, last_year)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))["91_NAM_TRUOC"]]
    assert rows[:2] == [
        ["Biểu", "Mã", "Tên", "Dòng, cột", "Số liệu năm trước"],
        ["01_HTX", "3800100009", "HTX Hoa Lan", "Tổng số thành viên", 30],
    ]
    assert {row[1] for row in rows[1:]} == {"3800100009"}
    submission = read_submission(ReceivedFile("25280", "x.xlsx", datetime(2025, 11, 1, tzinfo=UTC), content), reference)
    assert submission.warnings == []
    assert "91_NAM_TRUOC" not in submission.sheets


def test_where_no_cooperative_is_known_no_duty_on_cooperatives_is_listed(connection, reference, registry):
    guided = replace(reference.cycles[2026], form_version="2027.1")
    reference = replace(reference, cycles={**reference.cycles, 2026: guided})

    def duties() -> list:
        return [row["duty_code"] for row in known(connection, reference, year=2026)[1]["08_HOAT_DONG"]]

    without = duties()
    registry(("3800100009", "25280", "F", "active"), updated_at="2025-10-01")
    assert sorted(set(duties()) - set(without)) == [
        "IV.2.a", "IV.2.b", "IV.2.c", "IV.2.e", "IV.2.g", "IV.2.h", "IV.2.i", "IV.3.d", "IV.5.c", "IV.5.d", "IV.7.b",
    ]  # fmt: skip
    assert "IV.1.a" in without
