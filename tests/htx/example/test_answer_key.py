"""The answer key of the example against figures counted by hand, on a few rows of a few units."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from htx.example.answer_key import annual_targets, indicator_values, submission_statuses
from htx.example.reports.report import Snapshot
from htx.example.reports.reported_rows import ReportedRows
from tests.htx.example.hand_made_rows import SEEDS, action, cooperative, course, entry, group, report


@pytest.fixture
def by_hand():
    """Two districts, two years. C is reported by both in 2023 and lies in 689; a group becomes B in 2024."""
    reports = [
        report(
            "688", 2023, datetime(2023, 11, 20, 3, tzinfo=UTC),
            n01=[
                cooperative("A", "688", women_managers=2, women_managers_trained=1, women_stable_jobs=5),
                cooperative("C", "688", women_stable_jobs=9),
            ],
            n02=[group("THT-0001", "25216")],
            n03=[action("A"), action("THT-0001")],
            n04=[course("WU-D", "688-01", 10, 5), course("PCA", "P1", 20, None)],
        ),
        report(
            "689", 2023, datetime(2023, 11, 29, 17, tzinfo=UTC), nil="02",  # 00:00 of 30 November: late
            n01=[cooperative("C", "689", women_managers_trained=1, women_stable_jobs=7)],
            n03=[action("C")],
            n04=[course("PCA", "P1", 30, 1)],
        ),
        report(
            "688", 2024, datetime(2024, 11, 20, 3, tzinfo=UTC), nil="03 04",
            n01=[cooperative("A", "688", women_managers=2, women_managers_trained=2, status="suspended")],
            n02=[group("THT-0001", "25216", status="became_cooperative", became_cooperative="B")],
        ),
        report(
            "689", 2024, datetime(2024, 11, 29, 16, 59, tzinfo=UTC), nil="02 04",
            n01=[
                cooperative("B", "689", women_workers=6, women_new_jobs=6, predecessor_group_code="THT-0001"),
                cooperative("C", "689", women_managers_trained=1, women_stable_jobs=8),
            ],
            n03=[action("B", "founding_advice")],
        ),
    ]  # fmt: skip
    known = [entry("A", "25216", date(2019, 5, 5)), entry("C", "25195", date(2015, 5, 5))]
    snapshots = [
        Snapshot(date(2023, 11, 30), tuple(known), ()),
        Snapshot(date(2024, 11, 30), (*known, entry("B", "25195", date(2024, 2, 2))), ()),
    ]
    return ReportedRows(SEEDS, reports, snapshots)


def values_of(reported, unit_uid: str, year: int) -> dict[str, tuple]:
    return {
        each.cell.indicator_code: (each.figure.numerator, each.figure.denominator, each.figure.value, each.value_status)
        for each in indicator_values(reported)
        if (each.unit_uid, each.report_year, each.basis) == (unit_uid, year, "as_reported")
        and each.is_total
        and each.cell.measure_code == "value"
    }


def test_the_province_of_two_districts_counts_a_cooperative_and_a_course_once(by_hand):
    found = values_of(by_hand, "province", 2023)
    assert found["T01"] == (2, None, 2, "estimated")  # A and C
    assert found["T03"] == (12, None, 12, "estimated")  # 5 of A, 7 that 689 gives for C: the registry sees it there
    assert found["T05"] == (2, 3, pytest.approx(66.6667, abs=1e-4), "estimated")
    assert (found["T02"], found["T04"]) == ((1, None, 1, "estimated"), (4, None, 4, "estimated"))
    assert found["T06"] == (35, None, 35, "estimated")  # 15, and 20 of the course that 688 reported first
    assert (found["T07"][2], found["T08"][2]) == (0, 0)
    assert found["T16"] == (1, 21, pytest.approx(4.7619, abs=1e-4), "reported")  # of 11 districts and 10 agencies


def test_a_unit_counts_its_own_rows_and_courses(by_hand):
    found = values_of(by_hand, "688@2023", 2023)
    assert (found["T01"][2], found["T03"][2], found["T06"][2]) == (2, 14, 35)
    assert found["T05"] == (1, 3, pytest.approx(33.3333, abs=1e-4), "estimated")
    other = values_of(by_hand, "689@2023", 2023)
    assert (other["T01"][2], other["T03"][2], other["T06"][2]) == (1, 7, 31)
    assert other["T02"] == (0, None, 0, "nil")


def test_a_group_that_became_a_cooperative_stays_counted_once_and_a_new_one_counts_for_t07(by_hand):
    found = values_of(by_hand, "province", 2024)
    assert (found["T01"][2], found["T03"][2]) == (1, 8)  # A is suspended; B was strengthened as a group only
    assert (found["T02"][2], found["T04"][2]) == (1, 0)
    assert found["T05"] == (1, 2, 50, "estimated")
    assert found["T06"][2] == 35
    assert (found["T07"][2], found["T08"][2]) == (1, 6)
    assert found["T16"][:2] == (2, 21)
    assert values_of(by_hand, "688@2023", 2024)["T02"][2] == 0  # reports the group's row
    assert values_of(by_hand, "689@2023", 2024)["T02"][2] == 1  # reports the cooperative that names it, which counts
    assert values_of(by_hand, "688@2023", 2024)["T06"] == (35, None, 35, "estimated")  # nil this year, not so far


def test_who_does_not_report_and_whose_form_has_no_such_sheet_are_distinguished(by_hand):
    assert values_of(by_hand, "690@2023", 2023)["T01"] == (None, None, None, "not_reported")
    assert values_of(by_hand, "PCA", 2023)["T01"] == (None, None, None, "not_applicable")
    assert values_of(by_hand, "PCA", 2023)["T06"] == (None, None, None, "not_reported")


def test_the_stricter_readings_of_decisions_a2_and_a3_count_less(by_hand):
    leads = replace(SEEDS, decisions=[*SEEDS.decisions, ("A2", 2023, "leads")])
    both = replace(SEEDS, decisions=[*SEEDS.decisions, ("A3", 2023, "groups_and_cooperatives")])
    men_lead = [
        replace(each, sheets=dict(each.sheets) | {"01_HTX": [row | {"woman_leads": False} for row in rows]})
        for each in by_hand.reports
        if (rows := each.sheets["01_HTX"])
    ]
    assert values_of(ReportedRows(SEEDS, men_lead, by_hand.snapshots), "province", 2023)["T01"][2] == 2
    assert values_of(ReportedRows(leads, men_lead, by_hand.snapshots), "province", 2023)["T01"][2] == 0
    assert values_of(ReportedRows(both, by_hand.reports, by_hand.snapshots), "province", 2023)["T01"][2] == 0


def test_missing_units_leave_the_verdict_open(by_hand):
    found = {
        (each.indicator_code, each.report_year): (each.value_low, each.value_high, each.target, each.verdict)
        for each in annual_targets(by_hand, indicator_values(by_hand))
    }
    assert found["T07", 2024] == (1, 1, 3, "in_progress")  # the registry knows no other that is women-managed
    assert found["T05", 2024] == (5, 95, 100, "in_progress")  # 1 of 2; the nine others have 2 managers each at most
    assert found["T06", 2024] == (35, None, None, "tracked")
    assert found["T15", 2024] == (0, 0, 1, "in_progress")


def test_what_nobody_recorded_as_sent_is_open_before_its_date_and_not_recorded_after_it(by_hand):
    year_end = datetime(2024, 12, 30, 17, tzinfo=UTC)
    values = indicator_values(by_hand)
    for as_of, expected in ((year_end - timedelta(seconds=1), "in_progress"), (year_end, "not_recorded")):
        found = {
            (each.indicator_code, each.report_year): (each.value, each.target_year, each.verdict)
            for each in annual_targets(by_hand, values, as_of)
        }
        assert found["T17", 2024] == (None, 2024, expected), as_of
        assert found["T17", 2023] == (None, 2023, "not_recorded")
        assert found["T18", 2024] == (None, 2025, "in_progress")  # stands at the last year of its phase only


def test_nothing_that_can_fall_is_met_before_its_year(by_hand):
    one = replace(SEEDS, targets=SEEDS.targets | {"T07": [(2024, 1.0)], "T01": [(2025, 1.0)], "T15": [(2025, 0.0)]})
    reported = ReportedRows(one, by_hand.reports, by_hand.snapshots)
    targets = annual_targets(reported, indicator_values(reported))
    found = {each.indicator_code: each.verdict for each in targets if each.report_year == 2024}
    assert (found["T07"], found["T01"], found["T15"]) == ("met", "in_progress", "met")


def test_a_correction_touches_its_own_rows_and_final_figures_lie_over_all_others(by_hand):
    first = by_hand.reports[0]
    correction = replace(
        first,
        received_at=datetime(2023, 12, 2, tzinfo=UTC),
        submission_kind="partial_correction",
        file_name="correction.xlsx",
        sheets={"01_HTX": [cooperative("A", "688", women_stable_jobs=6), cooperative("D", "688")]},
    )
    corrected = ReportedRows(SEEDS, [first, correction], by_hand.snapshots)
    rows = {row["registration_number"]: row["women_stable_jobs"] for row in corrected.rows("01_HTX", 2023)}
    assert rows == {"A": 6, "C": 9, "D": 0}
    final = replace(
        first,
        received_at=datetime(2024, 1, 20, tzinfo=UTC),
        report_kind="annual_final",
        submission_kind="full_replacement",
        value_kind="actual",
        file_name="final.xlsx",
        sheets={"01_HTX": [cooperative("A", "688", women_stable_jobs=8)]},
    )
    late = replace(first, received_at=datetime(2024, 2, 20, tzinfo=UTC), file_name="late.xlsx")
    reported = ReportedRows(SEEDS, [first, correction, final, late], by_hand.snapshots)
    assert [row["women_stable_jobs"] for row in reported.rows("01_HTX", 2023)] == [8]
    assert submission_statuses(reported, {final.path}) == {
        first.path: "superseded",
        correction.path: "superseded",
        final.path: "accepted_with_queries",
        late.path: "superseded",
    }


def test_a_group_without_a_code_is_known_by_its_name_and_its_ground_across_the_reform():
    sent = datetime(2024, 11, 20, tzinfo=UTC)
    before = [
        report("688", 2024, sent, n02=[group(None, "25245")], n03=[action("Tổ hợp tác sen  trắng")]),
        report("698", 2024, sent.replace(day=21), n02=[group(None, "25244", women_stable_jobs=3)]),
    ]
    after = report(
        "25220", 2025, sent.replace(year=2025), n02=[group(None, "25220", group_name="TỔ HỢP TÁC SEN TRẮNG")]
    )
    reported = ReportedRows(SEEDS, [*before, after], [])
    issued = {row.organisation[1] for year in (2024, 2025) for row in reported.rows("02_THT", year)}
    assert issued == {"THT-CD97BACE"}
    # Two districts report it in 2024: once for the province, by the row that came first.
    assert values_of(reported, "province", 2024)["T04"][2] == 4
    assert values_of(reported, "25220@2025", 2025)["T02"][2] == 1
    coded = replace(after, sheets={"02_THT": [group("THT-0900", "25220")]})
    reported = ReportedRows(SEEDS, [*before, coded], [])
    assert {row.organisation[1] for row in reported.rows("02_THT", 2024)} == {"THT-0900"}


def test_figures_of_the_whole_new_province_count_nowhere():
    sent = datetime(2025, 11, 20, tzinfo=UTC)
    whole = replace(
        report("DOIT", 2025, sent, n03=[action("A")], n04=[course("DOIT", "1", 10, 5)]), data_scope="whole_province"
    )
    commune = replace(report("25217", 2025, sent.replace(day=21)), sheets={"01_HTX": [cooperative("A", "688")]})
    found = ReportedRows(SEEDS, [whole, commune], [])
    assert values_of(found, "province", 2025)["T01"][2] == 0
    assert values_of(found, "DOIT", 2025)["T06"] == (None, None, None, "not_reported")  # it owes it
    of_the_ground = replace(whole, data_scope="programme_ground")
    assert values_of(ReportedRows(SEEDS, [of_the_ground, commune], []), "province", 2025)["T01"][2] == 1
