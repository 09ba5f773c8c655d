"""The companion indicators of the answer key, its maps and its bounds, against figures counted by hand."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from htx.example.answer_key import indicator_values
from htx.example.answer_key.writing import written
from htx.example.reports.report import Snapshot
from htx.example.reports.reported_rows import ReportedRows
from tests.htx.example.hand_made_rows import SEEDS, action, cooperative, course, entry, group, report

NEITHER_ROW_NOR_ANSWER = (None, None, None, "not_reported")
NOT_ASKED = (None, None, None, "not_applicable")


def sent(year: int, day: int = 20) -> datetime:
    return datetime(year, 11, day, 3, tzinfo=UTC)


def figures(reported: ReportedRows, unit: str, year: int, basis: str = "as_reported", **of) -> dict[str, tuple]:
    """'C06.outstanding', or 'C06.outstanding bank' of a breakdown -> numerator, denominator, value, status."""
    return {
        f"{each.cell.indicator_code}.{each.cell.measure_code}"
        + ("" if each.is_total else f" {each.cell.breakdown_code}"): (
            each.figure.numerator,
            each.figure.denominator,
            each.figure.value,
            each.value_status,
        )
        for each in indicator_values(reported)
        if (each.unit_uid, each.report_year, each.basis) == (unit, year, basis)
    }


def numerators(reported: ReportedRows, unit: str, year: int, basis: str = "as_reported") -> dict[str, Fraction | None]:
    return {name: figure[0] for name, figure in figures(reported, unit, year, basis).items()}


def bounds(reported: ReportedRows, unit: str, year: int, basis: str = "as_reported") -> dict[str, tuple]:
    return {
        f"{each.cell.indicator_code}.{each.cell.measure_code}": each.bounds
        for each in indicator_values(reported)
        if (each.unit_uid, each.report_year, each.basis) == (unit, year, basis) and each.is_total
    }


def debt(number: str, kind: str, outstanding: float, settled: float) -> dict:
    return {
        "registration_number": number,
        "debt_kind": kind,
        "outstanding": outstanding,
        "settled_in_year": settled,
    }


def duty(code: str, status: str, events: int | None = None, people: int | None = None) -> dict:
    return {"duty_code": code, "duty_status": status, "events": events, "people": people}


def coverage(reported: ReportedRows, unit: str, year: int) -> dict[str, tuple[int, int]]:
    return {
        f"{each.cell.indicator_code}.{each.cell.measure_code}": each.coverage
        for each in indicator_values(reported)
        if (each.unit_uid, each.report_year, each.basis) == (unit, year, "as_reported") and each.is_total
    }


# Who owes a figure, and who gave it ------------------------------------------------------------------------------


def test_volunteers_and_the_nil_of_others_do_not_count():
    events = [duty("IV.5.d", "done", 3)]
    reported = ReportedRows(
        SEEDS,
        [
            report("688", 2023, sent(2023), nil="09", n01=[cooperative("A", "688")], n08=events),
            report("689", 2023, sent(2023, 21), nil="01 08"),
            report("WU-P", 2023, sent(2023, 22), n04=[course("WU-P", "1", 10, 5)], n08=[duty("IV.5.b", "done")]),
        ],
        [],
    )
    found = coverage(reported, "province", 2023)
    assert found["T01.value"] == (11, 2)  # of 11 districts two, one of which has none
    assert found["T06.value"] == (21, 0)  # of 11 districts and 10 agencies; the Union need not report
    assert found["T09.value"] == (12, 0)  # and its own officers
    assert found["C20.events"] == (2, 1)  # of 688 and the Union; in no other district is a cooperative known
    assert found["C18.people"] == (1, 0)
    assert figures(reported, "province", 2023)["C20.events"] == (3, None, 3, "estimated")
    assert figures(reported, "province", 2023)["C18.people"] == NEITHER_ROW_NOR_ANSWER  # 689 does not have that duty
    assert (found["C01.members"], found["T16.value"]) == ((0, 0), (0, 0))
    assert coverage(reported, "WU-P", 2023)["T06.value"] == (0, 0)


# What is counted -------------------------------------------------------------------------------------------------


def test_a_debt_counts_for_the_province_with_its_units_row_of_the_cooperative():
    owed = [debt("A", "bank", 100.1, 0.2), debt("A", "owed_by_members", 7, 1)]
    reported = ReportedRows(
        SEEDS,
        [
            report("688", 2023, sent(2023), n01=[cooperative("A", "688")], n06=[*owed, debt("B", "state", 30.5, 0)]),
            report("689", 2023, sent(2023, 21), n01=[cooperative("A", "689")], n06=[debt("A", "bank", 999, 9)]),
            report("690", 2023, sent(2023, 22), nil="06", n01=[cooperative("C", "689")]),
        ],
        [Snapshot(date(2023, 11, 30), (entry("A", "25216", date(2019, 5, 5)),), ())],
    )
    found = figures(reported, "province", 2023)
    # The registry has A in 688, so 689's 999 is not the province's; B is on no sheet, and counts.
    assert found["C06.outstanding"] == (Fraction("130.6"), None, Fraction("130.6"), "estimated")
    assert found["C06.outstanding bank"][0] == Fraction("100.1")
    assert found["C06.receivable"][0] == 7
    assert (found["C06.settled"][0], found["C06.settled owed_by_members"][0]) == (Fraction("1.2"), 1)
    assert found["C06.cooperatives"][0] == 2
    assert numerators(reported, "689@2023", 2023)["C06.outstanding"] == 999
    assert figures(reported, "690@2023", 2023)["C06.settled"] == (0, None, 0, "nil")
    assert figures(reported, "PCA", 2023)["C06.settled"] == NOT_ASKED


def test_failing_cooperatives_of_last_year_are_resolved_when_they_are_active_or_dissolved():
    def reports_of(year: int, **statuses: str) -> list:
        rows = [cooperative(number, "688", status=status) for number, status in statuses.items()]
        return [report("688", year, sent(year), n01=rows)]

    before = reports_of(2023, A="suspended", B="ineffective", C="awaiting_dissolution", D="active", E="not_converted")
    after = reports_of(2024, A="active", B="dissolved", C="suspended", D="ineffective")
    reported = ReportedRows(SEEDS, [*before, *after], [])
    assert figures(reported, "province", 2023)["C07.listed"] == NOT_ASKED  # no form the year before
    found = figures(reported, "province", 2024)
    assert (found["C07.listed"][0], found["C07.resolved"][0]) == (4, 2)
    own = figures(reported, "688@2023", 2024)
    assert (own["C07.listed"][0], own["C07.resolved"][0]) == (3, 2)  # E is reported no more


def test_money_is_added_up_exactly_and_compared_over_those_who_said_as_much_last_year():
    reported = ReportedRows(
        SEEDS,
        [
            report(
                "688", 2023, sent(2023),
                n01=[
                    cooperative("A", "688", revenue=0.1, profit=-5, average_monthly_income=4.5, workers=10),
                    cooperative("B", "688", revenue=100, profit=None),
                ],
            ),
            report(
                "688", 2024, sent(2024), value_kind="actual",
                n01=[
                    cooperative("A", "688", revenue=0.3, profit=1.5, average_monthly_income=5, workers=10),
                    cooperative("B", "688", profit=2, average_monthly_income=6.5, workers=30),
                    cooperative("C", "688", revenue=7.7, average_monthly_income=99, workers=0),
                ],
            ),
        ],
        [],
    )  # fmt: skip
    found = figures(reported, "province", 2024)
    assert found["C11.revenue"] == (8, None, 8, "reported")
    assert found["C11.revenue this_year"][0] == Fraction("0.3")
    assert found["C11.revenue change"][0] == Fraction("0.2")
    assert (found["C11.profit"][0], found["C11.profit change"][0]) == (Fraction("3.5"), Fraction("6.5"))
    assert found["C11.average_monthly_income"] == (245, 40, Fraction("6.125"), "reported")
    assert figures(reported, "province", 2023)["C11.profit"] == (-5, None, -5, "estimated")
    assert "C11.members change" not in figures(reported, "province", 2023)


def test_what_a_sheet_leaves_blank_all_the_way_is_not_reported():
    reported = ReportedRows(
        SEEDS,
        [
            report("688", 2023, sent(2023), n01=[cooperative("A", "688", ocop_stars=0, value_chain=False)]),
            report("689", 2023, sent(2023, 21), n01=[cooperative("B", "689", women_staff_insured=0, value_chain=True)]),
        ],
        [],
    )
    own = figures(reported, "688@2023", 2023)
    assert own["C10.insured"] == own["C12.on_platform"] == own["C11.revenue"] == NEITHER_ROW_NOR_ANSWER
    assert own["C09.in_value_chain"] == own["C09.with_ocop"] == (0, None, 0, "estimated")
    assert figures(reported, "689@2023", 2023)["C09.with_ocop"] == NEITHER_ROW_NOR_ANSWER
    found = figures(reported, "province", 2023)
    assert found["C10.insured"] == (0, None, 0, "estimated")
    assert found["C09.in_value_chain"] == (1, None, 1, "estimated")
    assert found["C14.cooperatives"] == NEITHER_ROW_NOR_ANSWER


def test_duties_count_by_their_rows_and_are_required_of_those_who_have_them():
    reported = ReportedRows(
        SEEDS,
        [
            report(
                "688", 2023, sent(2023),
                n08=[duty("IV.1.a", "done", 4, 90), duty("IV.1.b", "done", None, 9), duty("IV.7.b", "in_progress"),
                     duty("VI.a", "in_progress")],
            ),
            report("WU-P", 2023, sent(2023, 21), n08=[duty("IV.4.a", "done", 1, 70), duty("IV.1.b", "continuous", 6)]),
            report("WU-P", 2024, sent(2024), n08=[duty("IV.4.a", "done", 1, 80), duty("IV.5.b", "in_progress", 1, 30)]),
            report("688", 2024, sent(2024, 21), n08=[duty("VI.a", "done"), duty("IV.7.b", "not_started")]),
            report("AWE", 2024, sent(2024, 22), nil="08"),
        ],
        [],
    )  # fmt: skip
    first = figures(reported, "province", 2023)
    assert (first["C05.people"][0], first["C05.items"][0], first["C22.units"][0]) == (90, 6, 1)
    assert (first["C16.done"][0], first["C16.people"][0]) == (1, 70)
    assert first["C18.exists"] == NEITHER_ROW_NOR_ANSWER
    assert first["C26.units"] == (0, 11, 0, "estimated")
    own = figures(reported, "688@2023", 2023)
    assert own["C05.items"] == NEITHER_ROW_NOR_ANSWER  # the row does not say how many
    assert own["C27.events"] == NEITHER_ROW_NOR_ANSWER  # districts owe VI.c, and there is no row of it
    assert own["C16.done"] == own["C28.people"] == NOT_ASKED  # the Union's and the association's
    assert own["C26.units"] == (0, 1, 0, "estimated")
    second = figures(reported, "province", 2024)
    assert (second["C16.done"][0], second["C16.people"][0]) == (1, 80)  # of the latest report
    assert (second["C18.exists"][0], second["C18.people"][0], second["C22.units"][0]) == (1, 30, 0)
    assert second["C26.units"] == (1, 11, Fraction(100, 11), "estimated")
    assert figures(reported, "688@2023", 2024)["C22.units"] == (0, None, 0, "estimated")
    assert figures(reported, "AWE", 2024)["C28.people"] == (0, None, 0, "nil")
    assert figures(reported, "AWE", 2024)["C26.units"] == NOT_ASKED


def test_funds_are_those_of_one_department_a_source_and_what_units_spent_is_another_figure():
    def fund(source: str, amount: float, **credit) -> dict:
        return {"funding_source": source, "planned": amount, "allocated": amount, "disbursed": amount} | credit

    reported = ReportedRows(
        SEEDS,
        [
            report("DPI", 2023, sent(2023), n07=[fund("central", 10.5), fund("local", 4)]),
            report("DOF", 2023, sent(2023, 23), n07=[fund("local", 7)]),
            report("688", 2023, sent(2023, 21), n07=[fund("local", 2), fund("policy_bank", 5, borrowers=3)]),
            report("PCA", 2023, sent(2023, 22), n07=[fund("cooperative_fund", 40, borrowers=6)]),
        ],
        [],
    )
    found = figures(reported, "province", 2023)
    # Of the local budget DOF says 7 and DPI 4: one of them counts. 688 spent 2 of it.
    assert (found["C23.planned"][0], found["C23.disbursed"][0]) == (Fraction("17.5"), Fraction("17.5"))
    assert (found["C23.disbursed local"][0], found["C23.spent_by_units local"][0]) == (7, 2)
    assert found["C23.spent_by_units"][0] == 2
    assert numerators(reported, "DPI", 2023)["C23.planned"] == Fraction("14.5")
    assert figures(reported, "DPI", 2023)["C23.spent_by_units"] == NOT_ASKED
    assert (found["C24.borrowers"][0], found["C24.outstanding_loans"]) == (6, NEITHER_ROW_NOR_ANSWER)
    own = figures(reported, "688@2023", 2023)
    assert (own["C23.disbursed"], own["C24.borrowers"], own["C23.spent_by_units"][0]) == (NOT_ASKED, NOT_ASKED, 2)
    assert figures(reported, "PCA", 2023)["C23.spent_by_units"] == (0, None, 0, "estimated")


def test_groups_that_became_cooperatives_count_also_without_the_union_as_founder():
    reported = ReportedRows(
        SEEDS,
        [
            report(
                "688", 2023, sent(2023),
                n02=[
                    group("G1", "25216", union_supported_founding=False, became_cooperative="A"),
                    group("G2", "25216", founded_on=date(2023, 2, 1), sector="tourism"),
                    group("G3", "25216", founded_on=date(2023, 1, 2), sector="tourism", status="suspended"),
                ],
            ),
            report("689", 2024, sent(2024), nil="02",
                   n01=[cooperative("A", "689"), cooperative("B", "689", predecessor_group_code="G9")]),
            report("690", 2024, sent(2024, 21), n01=[cooperative("A", "689")]),
        ],
        [],
    )  # fmt: skip
    first = numerators(reported, "province", 2023)
    assert (first["C25.groups"], first["C02.union_founded"], first["C15.groups"]) == (1, 1, 1)
    assert numerators(reported, "province", 2024)["C25.groups"] == 2
    assert figures(reported, "689@2023", 2024)["C25.groups"] == (2, None, 2, "estimated")  # both live on in its own
    assert figures(reported, "690@2023", 2024)["C25.groups"] == NEITHER_ROW_NOR_ANSWER  # its sheet of groups is blank


def test_the_registry_speaks_for_every_unit_whether_it_reports_or_not():
    managers = tuple(
        {"registration_number": number, "manager_no": 1, "position": position, "sex": "F",
         "held_from": date(2020, 1, 1), "held_to": held_to}
        for number, position, held_to in (
            ("A", "director", None), ("B", "accountant", None), ("C", "supervisor", date(2023, 11, 30)),
        )
    )  # fmt: skip
    day = date(2019, 5, 5)
    entries = (
        entry("A", "25216", day, union_founded=True), entry("B", "25216", day), entry("C", "25195", day),
        entry("D", "25195", day, status="dissolved"), entry("G", "25195", day, kind="group"),
    )  # fmt: skip
    snapshot = Snapshot(date(2023, 11, 30), entries, managers)
    reported = ReportedRows(SEEDS, [report("690", 2023, sent(2023), nil="01")], [snapshot])
    found = numerators(reported, "province", 2023)
    measures = ("C01.cooperatives", "C01.all_cooperatives", "C01.members", "C01.union_founded", "C02.all_groups")
    assert [found[measure] for measure in measures] == [1, 3, 20, 1, 1]
    assert figures(reported, "688@2023", 2023)["C01.cooperatives"] == (1, None, 1, "reported")
    assert figures(reported, "PCA", 2023)["C01.cooperatives"] == NOT_ASKED


def test_a_model_counts_once_for_its_organisation_and_stays_counted():
    reported = ReportedRows(
        SEEDS,
        [
            report("688", 2023, sent(2023), n01=[cooperative("A", "688")], n03=[action("A", "model")]),
            report("PCA", 2024, sent(2024), n03=[action("A", "model"), action("nobody", "model")]),
            report("688", 2024, sent(2024, 21), n01=[cooperative("A", "688")]),
        ],
        [],
    )
    assert [numerators(reported, "province", year)["C08.organisations"] for year in (2023, 2024)] == [1, 1]
    assert figures(reported, "688@2023", 2024)["C08.organisations"] == (1, None, 1, "estimated")


# Maps ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def across_the_reform() -> ReportedRows:
    """688 and 698 share the ground of the commune 25220 of 2025: A was known in 688 before, B is new."""

    def tour(code: str, people: int) -> dict:
        return course("WU-C", code, 5, None) | {"course_kind": "study_tour", "people": people}

    return ReportedRows(
        SEEDS,
        [
            report("688", 2024, sent(2024), n01=[cooperative("A", "688", commune_code="25219")], n04=[tour("1", 30)]),
            report(
                "25220", 2025, sent(2025), value_kind="actual",
                n01=[cooperative("A", "688", commune_code="25220"), cooperative("B", "688", commune_code="25220")],
                n04=[tour("2", 20)],
            ),
            report("25217", 2025, sent(2025, 21),
                   n01=[cooperative("C", "688", commune_code="25217")], n04=[tour("3", 7)]),
            report("PCA", 2025, sent(2025, 22), n04=[tour("4", 11)]),
        ],
        [],
    )  # fmt: skip


def test_a_cooperative_on_ground_of_two_districts_lies_where_it_was_known_before(across_the_reform):
    districts = {
        unit: figures(across_the_reform, unit, 2025, "districts_2023").get("C11.members")
        for unit in ("688@2023", "698@2023", "unplaced", "province")
    }
    assert districts == {
        "688@2023": (40, None, 40, "estimated"),  # A and C; C comes from an estimate
        "698@2023": (0, None, 0, "reported"),
        "unplaced": (20, None, 20, "reported"),  # B
        "province": (60, None, 60, "estimated"),
    }
    communes = {
        unit: figures(across_the_reform, unit, 2025, "communes_2025").get("C11.members")
        for unit in ("25220@2025", "25217@2025", "unplaced")
    }
    assert communes == {
        "25220@2025": (40, None, 40, "reported"),
        "25217@2025": (20, None, 20, "estimated"),
        "unplaced": None,
    }
    assert figures(across_the_reform, "25220@2025", 2024, "communes_2025")["C11.members"] == (20, None, 20, "estimated")


def test_courses_belong_to_who_reports_them_and_districts_are_not_spread_over_communes(across_the_reform):
    districts = {
        unit: numerators(across_the_reform, unit, 2025, "districts_2023").get("T06.value")
        for unit in ("688@2023", "PCA", "unplaced")
    }
    assert districts == {"688@2023": 10, "PCA": 5, "unplaced": 5}  # 688's own and 25217's; 25220's could be of either
    communes = {
        unit: numerators(across_the_reform, unit, 2025, "communes_2025").get("T06.value")
        for unit in ("25220@2025", "25217@2025", "PCA", "unplaced")
    }
    assert communes == {"25220@2025": 5, "25217@2025": 5, "PCA": 5, "unplaced": 5}
    assert numerators(across_the_reform, "province", 2025)["C17.people"] == 38  # the tours of the year alone


def test_of_one_course_its_organisers_row_counts_and_one_code_on_two_days_is_two_courses():
    def held(organiser: str, code: str, members: int, day: int = 1) -> dict:
        return course(organiser, code, members, None) | {"course_kind": "law", "held_on": date(2023, 5, day)}

    reported = ReportedRows(
        SEEDS,
        [
            report("688", 2023, sent(2023, 20), n04=[held("PCA", "P1", 20), held("WU-D", "1", 3)]),
            report("689", 2023, sent(2023, 21), n04=[held("PCA", "P1", 7, day=2), held("WU-D", "1", 4)]),
            report("PCA", 2023, sent(2023, 22), n04=[held("PCA", "P1", 25)]),
        ],
        [],
    )
    # PCA's 25 and not 688's 20; the 7 of another day; WU-D is another office in each district.
    assert numerators(reported, "province", 2023)["T06.value"] == 25 + 7 + 3 + 4
    assert numerators(reported, "688@2023", 2023)["T06.value"] == 23


def test_ground_of_which_nobody_reports_is_not_reported_on_a_map_either(across_the_reform):
    assert figures(across_the_reform, "689@2023", 2025, "districts_2023")["T01.value"] == NEITHER_ROW_NOR_ANSWER
    assert figures(across_the_reform, "689@2023", 2025, "districts_2023")["C24.borrowers"] == NOT_ASKED
    assert "C04.supported" not in figures(across_the_reform, "province", 2025, "districts_2023")


# Bounds ----------------------------------------------------------------------------------------------------------


def test_a_missing_district_can_add_what_the_registry_or_last_year_has_on_its_ground():
    everybody = [unit for unit in SEEDS.units_of(2023) if unit.mandatory]
    rows = {
        "688": {
            "n01": [cooperative("A", "688", women_managers_trained=1, women_stable_jobs=6)],
            "n03": [action("A")],
            "n08": [duty("VI.a", "done")],
        },
        "689": {"n01": [cooperative("B", "689", women_stable_jobs=5)], "n03": [action("B")]},
    }
    first = [report(unit.code, 2023, sent(2023), nil="01", **rows.get(unit.code, {})) for unit in everybody]
    second = [
        report(unit.code, 2024, sent(2024), nil="01", **rows.get(unit.code, {}))
        for unit in everybody
        if unit.code != "689"
    ]
    known = (
        entry("A", "25216", date(2019, 5, 5)),
        entry("B", "25195", date(2019, 5, 5)),
        entry("N", "25195", date(2024, 2, 2)),
        entry("G", "25195", date(2019, 5, 5), kind="group", union_founded=True),
    )
    in_office = {"manager_no": 1, "position": "director", "sex": "F", "held_from": date(2020, 1, 1), "held_to": None}
    managers = tuple({"registration_number": number} | in_office for number in ("B", "N"))
    reported = ReportedRows(SEEDS, [*first, *second], [Snapshot(date(2024, 11, 30), known, managers)])
    settled = bounds(reported, "province", 2023)
    assert settled["T01.value"] == (2, 2, "exact")
    assert settled["C11.members"] == (40, 40, "exact")
    assert settled["C10.insured"] == (0, None, "open")  # no unit says how many it insures
    found = bounds(reported, "province", 2024)
    assert found["T01.value"] == (1, 3, "certain")  # B and N might both be strengthened
    assert found["T07.value"] == (0, 1, "certain")  # N alone is new
    assert found["T02.value"] == (0, 1, "certain")
    assert found["T03.value"] == (6, 17, "assumed")  # with them 5 jobs of B last year, and as many of N as A has: 6
    assert found["T08.value"] == (0, None, "open")  # no new cooperative has any
    assert found["T05.value"] == (50, 100, "assumed")  # 1 of 1 now; 689 had one manager last year
    assert found["T06.value"] == (0, None, "open")
    assert found["C11.members"] == (20, None, "open")
    assert found["C11.profit"] == found["C11.average_monthly_income"] == (None, None, "open")
    assert found["C26.units"] == (Fraction(100, 11), 100, "certain")  # the ten others might have one
    assert bounds(reported, "689@2023", 2024)["T01.value"] == (0, 2, "certain")
    assert bounds(reported, "689@2023", 2024)["T05.value"] == (None, None, "open")
    assert bounds(reported, "688@2023", 2024)["T01.value"] == (1, 1, "exact")
    assert bounds(reported, "PCA", 2024)["T01.value"] == (None, None, "")
    assert bounds(reported, "688@2023", 2024, "districts_2023")["T01.value"] == (None, None, "open")
    assert bounds(reported, "province", 2024, "districts_2023")["T01.value"] == (1, 3, "certain")


def test_officers_of_a_missing_unit_are_at_most_those_of_the_largest_of_its_kind():
    officers = {
        "688": {"officers": 8, "officers_skilled": 5, "assigned_officers": 3, "assigned_officers_trained": 3},
        "690": {"officers": 12, "officers_skilled": 9, "assigned_officers": 4, "assigned_officers_trained": 2},
        "WU-P": {"officers": 40, "officers_skilled": 40, "assigned_officers": 9, "assigned_officers_trained": 9},
    }
    everybody = [unit.code for unit in SEEDS.units_of(2023) if unit.is_territorial and unit.code != "689"]
    reported = ReportedRows(
        SEEDS,
        [
            report(code, 2023, sent(2023), nil="05", n05=[row | {"union_level": "district"}])
            if (row := officers.get(code))
            else report(code, 2023, sent(2023), nil="05")
            for code in (*everybody, "WU-P")
        ],
        [],
    )
    # 54 of 60; 689 has 12 at most, none of whom or all are skilled: 54 or 66 of 72
    assert figures(reported, "province", 2023)["T10.value"][:2] == (54, 60)
    assert bounds(reported, "province", 2023)["T10.value"] == (75, Fraction(6600, 72), "assumed")


def test_numbers_are_written_in_full_unless_they_never_end():
    numbers = (Fraction("100.10"), Fraction(2, 3), Fraction(0), Fraction("1234567.25"))
    assert [written(number) for number in numbers] == ["100.1", "0.666666666667", "0", "1234567.25"]
    assert written(None) == ""
