"""Every rule on one file: a report that is just right, and one that is wrong, with what is said of it by hand."""

from dataclasses import replace
from pathlib import Path
from random import Random
from string import Formatter

import pytest

from expectations.submissions.rule_frames import frames_of
from expectations.submissions.rules import rule_checks
from expectations.submissions.submission_checks import check_submissions
from ingestion.feedback.findings import REDACTED, make_finding
from ingestion.form.parse_warnings import ParseWarning
from tests.expectations.hand_made import COOPERATIVE, COVER_LINES, ROWS, report, spoiled
from warehouse.reference.forms import COVER
from warehouse.reference.reference_data import read_reference

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
REJECTED_BY_THE_PARSER = frozenset({"F01", "F02", "F11", "F12"})
WARNED_BY_THE_PARSER = frozenset({"F08", "F16", "V03", "V07", "V08"})
ASKED_WITH_THE_CLOCK = {"F06"}
SECOND = {**COOPERATIVE, "registration_number": "3800100016", "cooperative_name": "HTX Ví Dụ Hai"}
NO_WOMAN_MANAGER = {
    **SECOND,
    "woman_leads": "K",
    "women_managers": "0",
    "women_managers_trained": "0",
    "women_managers_certified": "0",
}
COURSE, GROUP = ROWS["04_DAO_TAO"][0], ROWS["02_THT"][0]
DISTRICT_OFFICERS, BRANCH_OFFICERS = ROWS["05_CAN_BO_HOI"]


def numbered(registration_number):
    """The clean cooperative under another number, in the list and where its debt is."""
    return {sheet: spoiled(sheet, registration_number=registration_number)[sheet] for sheet in ("01_HTX", "06_NO")}


# Right at the edge of what a rule allows: no finding at all.
RIGHT = {
    "F03": {
        "cover": {"reporting_unit_code": "DOIT", "reporting_unit_name": "Sở Công Thương"},
        "absent": ("01_HTX", "02_THT", "05_CAN_BO_HOI", "06_NO", "10_TONG_HOP"),
    },
    "F04": {"cover": {"reporting_unit_name": "TX. PHƯỚC LONG"}},
    "F05": {"cover": {"data_from": "2023-11-01", "data_to": "2024-12-31", "value_kind": "estimate"}},
    "F06": {"received_at": "2025-02-28T16:59:59+00:00"},
    "F07": {"cover": {"nil_06_NO": "C", "nil_07_KINH_PHI": "K"}, "rows": {"06_NO": []}},
    "F10": {"cover": {"signed_on": "2024-11-20"}},
    "F17": {"cover": {"data_scope": "programme_ground"}},
    "F18": {"cover": {"report_kind": "adhoc", "request_number": "45/HLHPN-CSLP"}, "version": "2027.1"},
    "V01": {"rows": spoiled("03_HO_TRO", ended_on=None, cost=None, funding_source=None)},
    "V02": {"rows": spoiled("01_HTX", revenue="3670.123456789", profit="-0.5", classification_year="2024")},
    "V04": {"cover": {"data_scope": "programme_ground"}, "rows": spoiled("01_HTX", ocop_stars="0")},
    "V05": {"rows": spoiled("06_NO", outstanding="0", months_overdue="0")},
    "V06": {"rows": {"06_NO": [ROWS["06_NO"][0], {**ROWS["06_NO"][0], "debt_kind": "state"}]}},
    "H01": {"rows": spoiled("01_HTX", members="12")},
    "H02": {"rows": spoiled("01_HTX", workers="15")},
    "H03": {"rows": spoiled("01_HTX", managers="3")},
    "H04": {"rows": spoiled("01_HTX", women_managers_trained="2", women_managers_certified="3")},
    "H05": {"rows": spoiled("01_HTX", women_in_cooperative="15")},
    "H06": {"rows": spoiled("01_HTX", women_stable_jobs="20", women_vocational_trained="20")},
    "H07": {"rows": spoiled("01_HTX", women_new_jobs="15")},
    "H08": {"rows": spoiled("01_HTX", members_ecommerce_trained="30")},
    "H09": {"rows": {"01_HTX": [COOPERATIVE, {**SECOND, "woman_leads": "K"}], "10_TONG_HOP": []}},
    "H10": {"rows": {"01_HTX": [COOPERATIVE, {**NO_WOMAN_MANAGER, "women_workers": "11"}]}},
    "H11": {"rows": spoiled("02_THT", commune_code="25245")},
    "H12": {"rows": spoiled("02_THT", founded_on="2024-11-20")},
    "H13": {
        "rows": {"01_HTX": [{**COOPERATIVE, "registration_number": "3800100009-001"}], "06_NO": []},
        "cover": {"nil_06_NO": "C"},
    },
    "H14": {"rows": spoiled("01_HTX", classification=None, classification_year=None)},
    "H15": {"rows": spoiled("01_HTX", revenue="0", charter_capital="10")},
    "G01": {"rows": spoiled("02_THT", women_members="10", women_workers="4")},
    "G02": {"rows": spoiled("02_THT", women_stable_jobs="12")},
    "S01": {"rows": spoiled("03_HO_TRO", started_on="2023-12-01", ended_on="2023-12-01")},
    "S02": {"rows": spoiled("03_HO_TRO", cost="0", funding_source=None)},
    "C01": {"rows": spoiled("04_DAO_TAO", attendances="30", women="30", certificates="30")},
    "C02": {"rows": spoiled("04_DAO_TAO", held_on="2024-11-20")},
    "C03": {"rows": spoiled("04_DAO_TAO", members_and_workers="15")},
    "O01": {
        "rows": {
            "05_CAN_BO_HOI": [
                {
                    **DISTRICT_OFFICERS,
                    "officers_skilled": "8",
                    "assigned_officers": "10",
                    "assigned_officers_trained": "10",
                }
            ]
        }
    },
    "O02": {
        "rows": {
            "05_CAN_BO_HOI": [DISTRICT_OFFICERS, BRANCH_OFFICERS, {**BRANCH_OFFICERS, "union_level": "commune"}],
            "10_TONG_HOP": [],
        }
    },
    "D01": {"cover": {"submission_kind": "partial_correction"}, "rows": {"01_HTX": [], "10_TONG_HOP": []}},
    "K01": {"rows": spoiled("07_KINH_PHI", disbursed="9", borrowers="0")},
    "P01": {"rows": spoiled("09_UU_TIEN", women_employed="13")},
    "A01": {"rows": spoiled("08_HOAT_DONG", duty_status="in_progress", evidence_document=None)},
    "A02": {"rows": spoiled("08_HOAT_DONG", duty_code="IV.5.c", events="1")},
    "T01": {"rows": spoiled("10_TONG_HOP", declared_value="66.666")},
}

# What is wrong, and every finding that follows from it: rule, cell, value.
WRONG = {
    "F03": (
        {"cover": {"reporting_unit_code": "999"}},
        [("F03", "C2", "999")],
    ),
    "F03 a year that nobody reports for": (
        {"cover": {"report_year": "2019"}},
        [("F03", "C2", "688")],
    ),
    "F04": (
        {"cover": {"reporting_unit_name": "Huyện Bù Đăng"}},
        [("F04", "C3", "Huyện Bù Đăng")],
    ),
    "F05 too early": (
        {"cover": {"data_from": "2023-10-31"}},
        [("F05", "C7", "31/10/2023")],
    ),
    "F05 too late": (
        {"cover": {"data_to": "2025-01-01", "value_kind": "estimate"}},
        [("F05", "C8", "01/01/2025")],
    ),
    "F05 the wrong way round": (
        {"cover": {"data_from": "2024-11-21"}},
        [("F05", "C8", "20/11/2024"), ("S01", "C3", "01/02/2024"), ("C02", "D3", "01/03/2024")],
    ),
    "F06": (
        {"received_at": "2025-02-28T17:00:00+00:00"},
        [("F06", "C4", "2024")],
    ),
    "F07 said nil": (
        {"cover": {"nil_09_UU_TIEN": "C"}},
        [("F07", "C22", "C")],
    ),
    "F07 empty": (
        {"rows": {"08_HOAT_DONG": []}},
        [("F07", "C21", None)],
    ),
    "F07 absent": (
        {"absent": ("09_UU_TIEN",)},
        [("F07", "C22", None)],
    ),
    "F10": (
        {"cover": {"signed_on": "2024-11-19"}},
        [("F10", "C11", "19/11/2024")],
    ),
    "F17": (
        {"cover": {"data_scope": "whole_province"}},
        [("F17", "C13", "whole_province")],
    ),
    "F18": (
        {"cover": {"report_kind": "adhoc"}, "version": "2027.1"},
        [("F18", "C26", None)],
    ),
    "V01": (
        {"rows": spoiled("04_DAO_TAO", women=None), "cover": {"document_number": None}},
        [("V01", "C10", None), ("V01", "H3", None)],
    ),
    "V02 integer": (
        {"rows": spoiled("01_HTX", members="ba mươi")},
        [("V02", "I3", "ba mươi")],
    ),
    "V02 an integer with a part": (
        {"rows": spoiled("01_HTX", women_new_jobs="4.5")},
        [("V02", "T3", "4.5")],
    ),
    "V02 longer than any count": (
        {"rows": spoiled("01_HTX", women_staff_insured="0912345678")},
        [("V02", "W3", "0912345678")],
    ),
    "V02 money": (
        {"rows": spoiled("01_HTX", revenue="1,234")},
        [("V02", "AA3", "1,234")],
    ),
    "V02 number": (
        {"rows": spoiled("10_TONG_HOP", declared_value="hai phần ba")},
        [("V02", "B3", "hai phần ba")],
    ),
    "V02 date": (
        {"rows": spoiled("01_HTX", registered_on="2020-02-30")},
        [("V02", "E3", "2020-02-30")],
    ),
    "V02 boolean": (
        {"rows": spoiled("01_HTX", value_chain="có lẽ")},
        [("V02", "AE3", "có lẽ")],
    ),
    "V04": (
        {"rows": spoiled("01_HTX", sector="bonsai"), "cover": {"report_kind": "weekly"}},
        [("V04", "C5", "weekly"), ("V04", "F3", "bonsai")],
    ),
    "V04 a commune that nobody knows": (
        # the rules that compare the commune stay silent
        {"rows": spoiled("02_THT", commune_code="99999")},
        [("V04", "C3", "99999")],
    ),
    "V04 a star": (
        {"rows": spoiled("01_HTX", ocop_stars="2")},
        [("V04", "AD3", "2")],
    ),
    "V05": (
        {"rows": spoiled("06_NO", outstanding="-1")},
        [("V05", "C3", "-1")],
    ),
    "V06": (
        {"rows": {"04_DAO_TAO": [COURSE, {**COURSE, "course_code": "L02"}, {**COURSE, "course_code": "l01"}]}},
        [("V06", "A3, A5", "L01")],
    ),
    "V06 a group by name and commune": (
        {"rows": {"02_THT": [GROUP, {**GROUP, "group_name": "TỔ ĐAN LÁT VÍ DỤ"}]}},
        [("V06", "B3, B4", "Tổ đan lát Ví Dụ")],
    ),
    "V06 a group by code": (
        {
            "rows": {
                "02_THT": [{**GROUP, "group_code": "THT-1"}, {**GROUP, "group_code": "THT-1", "group_name": "Tổ khác"}]
            }
        },
        [("V06", "A3, A4", "THT-1")],
    ),
    "H01": ({"rows": spoiled("01_HTX", members="11")}, [("H01", "J3", "12")]),
    "H02": ({"rows": spoiled("01_HTX", workers="14")}, [("H02", "L3", "15")]),
    "H03": ({"rows": spoiled("01_HTX", managers="2")}, [("H03", "N3", "3")]),
    "H04 trained": (
        {"rows": spoiled("01_HTX", women_managers_trained="4")},
        [("H04", "P3", "4")],
    ),
    "H04 certified": ({"rows": spoiled("01_HTX", women_managers_certified="4")}, [("H04", "Q3", "4")]),
    "H05 too few": ({"rows": spoiled("01_HTX", women_in_cooperative="14")}, [("H05", "R3", "14")]),
    "H05 too many": ({"rows": spoiled("01_HTX", women_in_cooperative="28")}, [("H05", "R3", "28")]),
    "H06 jobs": ({"rows": spoiled("01_HTX", women_stable_jobs="21")}, [("H06", "S3", "21")]),
    "H06 trained": ({"rows": spoiled("01_HTX", women_vocational_trained="21")}, [("H06", "U3", "21")]),
    "H07": ({"rows": spoiled("01_HTX", women_new_jobs="16")}, [("H07", "T3", "16")]),
    "H08": ({"rows": spoiled("01_HTX", members_ecommerce_trained="31")}, [("H08", "V3", "31")]),
    "H09": (
        {"rows": {"01_HTX": [COOPERATIVE, {**NO_WOMAN_MANAGER, "woman_leads": "C"}]}},
        [("H09", "O4", "C")],
    ),
    "H10": (
        {"rows": {"01_HTX": [COOPERATIVE, {**NO_WOMAN_MANAGER, "women_workers": "10"}]}},
        [("H10", "N4", "0")],
    ),
    "H11 in a cooperative's row": ({"rows": spoiled("01_HTX", commune_code="25195")}, [("H11", "C3", "25195")]),
    "H11 in a group's row": ({"rows": spoiled("02_THT", commune_code="25195")}, [("H11", "C3", "25195")]),
    "H12 registered": ({"rows": spoiled("01_HTX", registered_on="2024-11-21")}, [("H12", "E3", "21/11/2024")]),
    "H12 founded": ({"rows": spoiled("02_THT", founded_on="2024-11-21")}, [("H12", "E3", "21/11/2024")]),
    "H13 an older number": (
        {"rows": numbered("44.07.D-000123")},
        [("H13", "A3", "44.07.D-000123")],
    ),
    "H13 a wrong check digit": (
        {"rows": numbered("3800100008")},
        [("H13", "A3", "3800100008")],
    ),
    "H13 a serial that is never issued": (
        # nine digits for which the tenth would have to be 10
        {"rows": numbered("3800100070")},
        [("H13", "A3", "3800100070")],
    ),
    "H14 no year": ({"rows": spoiled("01_HTX", classification_year=None)}, [("H14", "Y3", None)]),
    "H14 no class": ({"rows": spoiled("01_HTX", classification=None)}, [("H14", "X3", None)]),
    "H15 in billions": ({"rows": spoiled("01_HTX", charter_capital="1.5")}, [("H15", "Z3", "1,5")]),
    "H15 in đồng": ({"rows": spoiled("01_HTX", revenue="3670500000")}, [("H15", "AA3", "3.670.500.000")]),
    "G01 members": ({"rows": spoiled("02_THT", women_members="11")}, [("G01", "K3", "11")]),
    "G01 workers": ({"rows": spoiled("02_THT", women_workers="5")}, [("G01", "M3", "5")]),
    "G02": ({"rows": spoiled("02_THT", women_stable_jobs="13")}, [("G02", "N3", "13")]),
    "S01 before": ({"rows": spoiled("03_HO_TRO", started_on="2023-11-30")}, [("S01", "C3", "30/11/2023")]),
    "S01 after": (
        {"rows": spoiled("03_HO_TRO", started_on="2024-11-21", ended_on=None)},
        [("S01", "C3", "21/11/2024")],
    ),
    "S01 ended first": ({"rows": spoiled("03_HO_TRO", ended_on="2024-01-31")}, [("S01", "D3", "31/01/2024")]),
    "S02": ({"rows": spoiled("03_HO_TRO", funding_source=None)}, [("S02", "G3", None)]),
    "C01 women": ({"rows": spoiled("04_DAO_TAO", women="31")}, [("C01", "H3", "31")]),
    "C01 certificates": ({"rows": spoiled("04_DAO_TAO", certificates="31")}, [("C01", "M3", "31")]),
    "C01 people": ({"rows": spoiled("04_DAO_TAO", attendances="29")}, [("C01", "G3", "30")]),
    "C01 women managers": (
        {"rows": spoiled("04_DAO_TAO", women="6", women_managers="7")},
        [("C01", "I3", "7"), ("C01", "K3", "8")],
    ),
    "C02": ({"rows": spoiled("04_DAO_TAO", held_on="2023-11-30")}, [("C02", "D3", "30/11/2023")]),
    "C03": ({"rows": spoiled("04_DAO_TAO", union_officers="8")}, [("C03", "I3", "5")]),
    "C03 with a blank": (
        {"rows": spoiled("04_DAO_TAO", women_managers=None, members_and_workers="21")},
        [("C03", "J3", "21")],
    ),
    "O01 skilled": (
        {"rows": spoiled("05_CAN_BO_HOI", officers_skilled="11")},
        [("O01", "C3", "11")],
    ),
    "O01 assigned": ({"rows": spoiled("05_CAN_BO_HOI", assigned_officers="11")}, [("O01", "D3", "11")]),
    "O01 assigned and trained": (
        {"rows": spoiled("05_CAN_BO_HOI", assigned_officers_trained="5")},
        [("O01", "E3", "5")],
    ),
    "O02": (
        {"rows": spoiled("05_CAN_BO_HOI", 1, union_level="province")},
        [("O02", "A4", "province")],
    ),
    "D01": ({"rows": spoiled("06_NO", registration_number="3800100016")}, [("D01", "A3", "3800100016")]),
    "D01 no cooperative at all": (
        {"cover": {"nil_01_HTX": "C"}, "rows": {"01_HTX": []}},
        [("D01", "A3", "3800100009")],
    ),
    "K01": ({"rows": spoiled("07_KINH_PHI", disbursed="9.5")}, [("K01", "D3", "9,5")]),
    "K01 borrowers of a grant": (
        {"rows": spoiled("07_KINH_PHI", borrowers="2", outstanding_loans="5")},
        [("K01", "E3", "2"), ("K01", "F3", "5")],
    ),
    "P01": ({"rows": spoiled("09_UU_TIEN", women_employed="14")}, [("P01", "C3", None)]),
    "A01": ({"rows": spoiled("08_HOAT_DONG", evidence_document=None)}, [("A01", "E3", None)]),
    "A02": ({"rows": spoiled("08_HOAT_DONG", duty_code="IV.5.c", events="2")}, [("A02", "C3", "2")]),
    "T01": ({"rows": spoiled("10_TONG_HOP", declared_value="66.6")}, [("T01", "B3", "66,6")]),
    "F16": (
        {
            "warnings": [
                ParseWarning(
                    "F16",
                    "08_HOAT_DONG",
                    5,
                    "duty_code",
                    "A5",
                    "IV.2.a",
                    {"blank": "24", "clause": "or_mark_the_rest", "rest": "Các dòng"},
                )
            ]
        },
        [("F16", "A5", "IV.2.a")],
    ),
    "F08": (
        {
            "warnings": (
                ParseWarning("F08", "01_HTX", cell="AN2", value="Khác", details={"unknown": "Khác", "kind": "column"}),
                ParseWarning(
                    "F08", "01_HTX", cell="AO2", value="Khác nữa", details={"unknown": "Khác nữa", "kind": "column"}
                ),
            )
        },
        [("F08", "AN2", "Khác"), ("F08", "AO2", "Khác nữa")],
    ),
    "V03": (
        {
            "warnings": (
                ParseWarning("V03", "01_HTX", 3, "revenue", "AA3", "1,234", {"read_as": "1.234", "other": "1234"}),
            )
        },
        [("V03", "AA3", "1,234")],
    ),
    "V07": (
        {
            "warnings": (
                ParseWarning("V07", "01_HTX", 3, "cooperative_name", "B3", "Ðồng Tâm", {"read_as": "Đồng Tâm"}),
            )
        },
        [("V07", "B3", "Ðồng Tâm")],
    ),
    "V08": (
        {"warnings": (ParseWarning("V08", "01_HTX", 3, "members", "I3", "#REF!", {"what": "error"}),)},
        [("V08", "I3", "#REF!")],
    ),
    "V08 a hidden sheet": (
        {"warnings": (ParseWarning("V08", "Sheet4", value="Sheet4", details={"what": "sheet", "unknown": "Sheet4"}),)},
        [("V08", None, "Sheet4")],
    ),
}


@pytest.fixture(scope="module")
def reference():
    return read_reference(SEEDS)


@pytest.fixture(scope="module")
def findings(reference):
    """The findings of all reports above, right and wrong, checked as one batch."""
    right = {("right", rule): wanted for rule, wanted in RIGHT.items()}
    wrong = {("wrong", case): wanted for case, (wanted, _) in WRONG.items()}
    batch = {
        name: report(reference, content=str(name).encode(), **wanted) for name, wanted in {**right, **wrong}.items()
    }
    found = check_submissions(batch.values(), reference)
    return {name: found[submission.submission_id] for name, submission in batch.items()}


def said(found):
    return [(each.rule_code, each.cell, each.value) for each in found]


def test_a_clean_report_has_no_findings(reference):
    clean = report(reference)
    assert check_submissions([clean], reference) == {clean.submission_id: []}


def test_no_submissions_have_no_findings(reference):
    assert check_submissions([], reference) == {}


def test_of_a_report_without_rows_only_the_cover_is_checked(reference):
    nil = {f"nil_{sheet}": "C" for sheet in list(ROWS)[:9]}
    empty = report(reference, rows={sheet: [] for sheet in ROWS}, cover=nil)
    assert check_submissions([empty], reference) == {empty.submission_id: []}


@pytest.mark.parametrize("rule", RIGHT)
def test_a_value_at_its_bound_has_no_finding(rule, findings):
    assert said(findings["right", rule]) == []


@pytest.mark.parametrize("case", WRONG)
def test_a_violation_is_reported_with_its_cell(case, findings):
    assert said(findings["wrong", case]) == WRONG[case][1]


def test_a_finding_names_sheet_row_and_field_and_says_what_to_do_in_both_languages(findings, reference):
    [found] = findings["wrong", "H01"]
    assert found == make_finding(
        reference,
        found.submission_id,
        "H01",
        "01_HTX",
        3,
        "women_members",
        "J3",
        "12",
        header="Thành viên nữ",
        other_header="Tổng số thành viên",
        other_value="11",
    )
    assert (found.severity, found.sheet_code, found.row_number, found.field_code) == (
        "error",
        "01_HTX",
        3,
        "women_members",
    )
    assert found.message_vi == (
        "«Thành viên nữ» (12, ô J3) không được lớn hơn «Tổng số thành viên» (11); đề nghị kiểm tra và sửa lại."
    )
    assert found.message_en == (
        "«Thành viên nữ» (12, cell J3) must not exceed «Tổng số thành viên» (11); please check and correct it."
    )


def test_the_words_of_a_computed_percentage_show_both_values_and_what_they_are_made_of(findings):
    [found] = findings["wrong", "T01"]
    assert found.message_vi.startswith("Giá trị khai 66,6 khác với 66,7% tính từ các biểu của tệp này (2/3);")


def test_rows_that_repeat_each_other_are_one_finding(findings):
    [found] = findings["wrong", "V06"]
    assert found.message_vi == (
        "Các dòng 3, 5 của biểu «Đào tạo, tập huấn» trùng nhau (mục «Mã lớp» ghi «L01»); mỗi đối tượng chỉ khai một"
        " dòng, đề nghị sửa mã nếu ghi nhầm, hoặc gộp lại và xóa dòng thừa."
    )


def test_of_many_cells_of_one_finding_twenty_are_named(reference):
    many = report(reference, rows={"07_KINH_PHI": [ROWS["07_KINH_PHI"][0]] * 900})
    [found] = check_submissions([many], reference)[many.submission_id]
    assert found.cell == ", ".join([*(f"A{row}" for row in range(3, 23)), "…"])
    assert found.message_en.startswith(f"The rows {found.cell.replace('A', '')} of sheet «Kinh phí và tín dụng» repeat")


def test_of_a_rule_that_a_file_breaks_everywhere_two_hundred_findings_are_reported_and_the_rest_counted(reference):
    many = report(reference, rows={"07_KINH_PHI": [{"funding_source": f"quỹ {number}"} for number in range(900)]})
    found = [each for each in check_submissions([many], reference)[many.submission_id] if each.rule_code == "V04"]
    assert len(found) == 200
    assert found[-1].message_vi.endswith(" Còn 700 chỗ khác mắc cùng lỗi này, không liệt kê ở đây.")
    assert found[-1].message_en.endswith(" The same holds for 700 more places, which are not listed here.")
    assert "không liệt kê" not in found[-2].message_vi


def test_the_blanks_of_a_row_are_one_finding(reference):
    blank = report(reference, rows=spoiled("01_HTX", cooperative_name=None, members=None, workers=None))
    [found] = check_submissions([blank], reference)[blank.submission_id]
    assert (found.rule_code, found.cell) == ("V01", "B3, I3, K3")
    assert found.message_vi == (
        "«Tên hợp tác xã», «Tổng số thành viên», «Tổng số lao động» (ô B3, I3, K3) là bắt buộc nhưng còn trống;"
        " đề nghị bổ sung; nếu không có, ghi 0 (ô trống không được tính là 0)."
    )


def test_sheets_without_rows_and_without_a_mark_are_one_finding(reference):
    empty = report(reference, rows={"08_HOAT_DONG": []}, absent=("09_UU_TIEN",))
    [found] = check_submissions([empty], reference)[empty.submission_id]
    assert (found.rule_code, found.cell) == ("F07", "C21, C22")
    assert found.message_vi == (
        "Biểu 08_HOAT_DONG, 09_UU_TIEN chưa có số liệu (ô C21, C22 trên Bìa). Nếu không phát sinh, ghi C vào các ô đó;"
        " nếu có, đề nghị bổ sung số liệu; nếu có lý do khác thì giải trình ở biểu 11_GIAI_TRINH."
    )


def test_a_rule_is_silent_where_a_cell_that_it_compares_is_itself_at_fault(reference):
    # 40 women members of 30: the number of women that follows from it is not known
    wrong = report(reference, rows=spoiled("01_HTX", women_members="40"))
    assert said(check_submissions([wrong], reference)[wrong.submission_id]) == [("H01", "J3", "40")]
    # what does not follow from it is a finding of the same round
    both = report(reference, rows=spoiled("01_HTX", women_members="40", women_stable_jobs="21"))
    assert said(check_submissions([both], reference)[both.submission_id]) == [("H01", "J3", "40"), ("H06", "S3", "21")]
    # a value that is wrong by itself has no other finding
    negative = report(reference, rows=spoiled("01_HTX", women_in_cooperative="-20"))
    assert said(check_submissions([negative], reference)[negative.submission_id]) == [("V05", "R3", "-20")]


def test_the_finding_on_a_commune_that_is_given_by_its_name_points_to_the_cell_of_the_name(reference):
    named = report(reference, rows=spoiled("02_THT", commune_code="25195", commune_name="Tân Phú"))
    del named.sheets["02_THT"].columns["commune_code"]
    [found] = check_submissions([named], reference)[named.submission_id]
    assert (found.rule_code, found.cell, found.value) == ("H11", "D3", "Tân Phú")


def test_a_finding_on_priority_groups_repeats_no_figure(reference):
    secret = report(
        reference,
        rows={
            "09_UU_TIEN": [
                {"priority_group": "poor", "women_supported": "4711", "women_employed": "4712"},
                {"priority_group": "disabled", "women_supported": "bốn nghìn", "women_employed": "-4713"},
                {"priority_group": "disabled", "women_supported": "4714", "women_employed": None},
                {"priority_group": "nobody4715", "women_supported": "1", "women_employed": "0"},
            ]
        },
        warnings=(
            ParseWarning(
                "V03", "09_UU_TIEN", 3, "women_supported", "B3", "4711", {"read_as": "4711", "other": "4,711"}
            ),
        ),
    )
    found = check_submissions([secret], reference)[secret.submission_id]
    assert [(each.rule_code, each.cell) for each in found] == [
        ("V03", "B3"),
        ("P01", "C3"),
        ("V06", "A4, A5"),
        ("V02", "B4"),
        ("V05", "C4"),
        ("V01", "C5"),
        ("V04", "A6"),
    ]
    everything = " ".join(f"{each.value} {each.message_vi} {each.message_en}" for each in found)
    assert not any(figure in everything for figure in ("471", "4,71", "bốn nghìn"))


def test_a_partial_correction_is_not_asked_what_only_a_whole_report_can_answer(reference):
    partial = report(
        reference,
        cover={"submission_kind": "partial_correction"},
        rows={**{sheet: [] for sheet in ROWS}, **spoiled("06_NO"), **spoiled("10_TONG_HOP", declared_value="50")},
    )
    assert check_submissions([partial], reference) == {partial.submission_id: []}


def test_of_a_partial_correction_the_rows_that_it_carries_are_checked(reference):
    partial = report(
        reference,
        cover={"submission_kind": "partial_correction"},
        rows={**{sheet: [] for sheet in ROWS}, **spoiled("01_HTX", members=None, women_workers="21")},
    )
    assert said(check_submissions([partial], reference)[partial.submission_id]) == [
        ("V01", "I3", None),
        ("H02", "L3", "21"),
    ]


def test_an_agency_answers_for_its_own_sheets_only(reference):
    territorial = ("01_HTX", "02_THT", "05_CAN_BO_HOI", "06_NO", "10_TONG_HOP")
    agency = report(
        reference,
        cover={"reporting_unit_code": "DOIT", "reporting_unit_name": "Sở Công Thương"},
        absent=territorial,
        folder="DOIT",
    )
    assert check_submissions([agency], reference) == {agency.submission_id: []}


def test_the_provincial_union_reports_the_level_of_the_province(reference):
    union = report(
        reference,
        cover={"reporting_unit_code": "WU-P", "reporting_unit_name": "Hội Liên hiệp Phụ nữ tỉnh"},
        rows=spoiled("05_CAN_BO_HOI", union_level="province"),
        absent=("01_HTX", "02_THT", "06_NO", "10_TONG_HOP"),
        folder="WU-P",
    )
    assert said(check_submissions([union], reference)[union.submission_id]) == [("O02", "A4", "branch")]


def test_a_commune_after_the_reform_reports_its_own_ground_by_the_code_of_that_day(reference):
    commune = report(
        reference,
        cover={
            "reporting_unit_code": "25195",
            "reporting_unit_name": "Phường Bình Phước",
            "report_year": "2025",
            "data_from": "2024-11-21",
            "data_to": "2025-11-20",
            "signed_on": "2025-11-25",
        },
        rows={
            "01_HTX": [{**COOPERATIVE, "commune_code": "25195"}],
            "02_THT": [{**GROUP, "commune_code": "25216"}],  # abolished in July 2025, not used again
            "03_HO_TRO": [{**ROWS["03_HO_TRO"][0], "started_on": "2025-01-02", "ended_on": None}],
            "04_DAO_TAO": [{**COURSE, "held_on": "2025-01-02"}],
            "05_CAN_BO_HOI": [{**DISTRICT_OFFICERS, "union_level": "commune"}],
        },
        received_at="2025-11-25T08:00:00+00:00",
        folder="25195",
    )
    assert said(check_submissions([commune], reference)[commune.submission_id]) == [("V04", "C3", "25216")]


def test_an_exception_lets_its_submission_into_a_locked_year_and_no_other(reference):
    late = report(reference, received_at="2025-06-01T00:00:00+00:00")
    other = report(reference, received_at="2025-06-01T00:00:00+00:00", content=b"another")
    found = check_submissions([late, other], reference, excepted=frozenset({late.submission_id}))
    assert {name: said(each) for name, each in found.items()} == {
        late.submission_id: [],
        other.submission_id: [("F06", "C4", "2024")],
    }


def test_a_report_that_is_not_yearly_comes_at_any_time(reference):
    adhoc = report(reference, cover={"report_kind": "adhoc"}, received_at="2025-06-01T00:00:00+00:00")
    assert check_submissions([adhoc], reference) == {adhoc.submission_id: []}


def test_estimates_may_be_signed_before_the_day_that_they_speak_of(reference):
    estimate = report(reference, cover={"value_kind": "estimate", "signed_on": "2024-11-01"})
    assert check_submissions([estimate], reference) == {estimate.submission_id: []}


def test_the_same_bytes_twice_in_a_batch_are_one_submission(reference):
    assert check_submissions([report(reference), report(reference)], reference) == {report(reference).submission_id: []}


def test_whatever_stands_in_the_cells_every_file_gets_its_answer(reference):
    draw = Random(1)
    odd = [
        "",
        "-1",
        "0",
        "999999999999999999999",
        "1e309",
        "NaN",
        "nan",
        "None",
        "C",
        "K",
        "x" * 5000,
        "=1+1",
        "«{value}»",
    ]
    odd += [
        "{0}",
        "%s",
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "2024-02-29",
        "\n",
        "🙂",
        "'; drop table",
        "1.5",
        "01/02/2024",
    ]
    batch = []
    for number in range(40):
        cover = {line: draw.choice([None, text, *odd]) for line, text in COVER_LINES.items()}
        rows = {
            sheet: [{field: draw.choice([None, text, *odd]) for field, text in row.items()} for row in found]
            for sheet, found in ROWS.items()
        }
        batch.append(report(reference, cover=cover, rows=rows, content=str(number).encode()))
    found = check_submissions(batch, reference)
    assert all(any(each.severity == "error" for each in found[submission.submission_id]) for submission in batch)


def test_a_column_that_the_file_does_not_have_has_no_cell(reference):
    without = report(reference, rows=spoiled("08_HOAT_DONG", evidence_document=None))
    del without.sheets["08_HOAT_DONG"].columns["evidence_document"]
    [found] = check_submissions([without], reference)[without.submission_id]
    assert (found.rule_code, found.row_number, found.cell) == ("A01", 3, None)


def test_findings_stand_in_the_order_of_the_form_whatever_the_order_of_the_batch(reference):
    wrong = report(
        reference,
        cover={"signed_on": "2024-11-01"},
        rows={
            **spoiled("09_UU_TIEN", women_employed="14"),
            "01_HTX": [{**COOPERATIVE, "members": "11", "sector": "bonsai"}, {**SECOND, "workers": "14"}],
        },
    )
    others = [report(reference, content=b"a"), report(reference, content=b"z")]
    expected = [("F10", "C11"), ("V04", "F3"), ("H01", "J3"), ("H02", "L4"), ("P01", "C3")]
    for batch in ([wrong, *others], [*others, wrong]):
        found = check_submissions(batch, reference)[wrong.submission_id]
        assert [(each.rule_code, each.cell) for each in found] == expected


def test_every_rule_on_one_file_is_said_in_exactly_one_place(reference):
    declared = {check.rule_code for check in rule_checks(reference)}
    assert declared.isdisjoint(REJECTED_BY_THE_PARSER | WARNED_BY_THE_PARSER)
    on_one_file = {rule.code for rule in reference.rules.values() if rule.depends_on == "file"}
    assert declared | REJECTED_BY_THE_PARSER | WARNED_BY_THE_PARSER == on_one_file | ASKED_WITH_THE_CLOCK


def test_every_rule_on_one_file_is_tried_on_what_is_right_and_on_what_is_wrong(reference):
    declared = {check.rule_code for check in rule_checks(reference)}
    assert set(RIGHT) == declared
    assert {case.split()[0] for case in WRONG} == declared | WARNED_BY_THE_PARSER


def test_every_column_that_a_rule_reads_is_filled_in_somewhere(reference):
    cases = [*RIGHT.values(), *(case for case, _ in WRONG.values())]
    frames = frames_of([report(reference, **case) for case in cases], reference)
    read = {(check.rule_code, check.frame, column) for check in rule_checks(reference) for column in check.columns}
    missing = {each for each in read if not frames[each[1]].data({each[2]})[each[2]].notna().any()}
    assert missing == set()


def test_every_rule_has_both_sentences_and_only_a_query_may_be_explained(reference):
    for rule in reference.rules.values():
        assert rule.message_vi, rule.code
        assert rule.message_en, rule.code
        for message in (rule.message_vi, rule.message_en):
            assert ("11_GIAI_TRINH" in message) == (rule.severity == "query"), rule.code


def test_every_sentence_can_be_said_with_what_its_rule_gives(findings):
    for found in findings.values():
        for each in found:
            if each.sheet_code != "09_UU_TIEN":
                for message in (each.message_vi, each.message_en):
                    assert not any(sign in message for sign in ("{", REDACTED, "None")), each


def said_by(findings, code: str) -> list[str]:
    return [each.message_vi.partition(": ")[2] for each in findings if each.rule_code == code]


def test_only_the_finding_on_a_blank_number_explains_zero(reference):
    blank = report(reference, rows={**spoiled("01_HTX", cooperative_name=None), **spoiled("02_THT", members=None)})
    found = [each for each in check_submissions([blank], reference)[blank.submission_id] if each.rule_code == "V01"]
    assert [each.message_vi.partition("; ")[2] for each in found] == [
        "đề nghị bổ sung.",
        "đề nghị bổ sung; nếu không có, ghi 0 (ô trống không được tính là 0).",
    ]


def test_the_finding_on_a_period_says_what_is_wrong(reference):
    wrong = report(reference, cover={"data_from": "2024-11-21"})
    assert said_by(check_submissions([wrong], reference)[wrong.submission_id], "F05") == [
        "kỳ số liệu không thể kết thúc trước ngày bắt đầu (21/11/2024); đề nghị sửa lại kỳ số liệu trên Bìa."
    ]
    late = report(reference, cover={"data_to": "2025-01-01", "value_kind": "estimate"})
    assert said_by(check_submissions([late], reference)[late.submission_id], "F05") == [
        "ngày phải trong khoảng 01/11/2023 đến 31/12/2024; đề nghị sửa lại kỳ số liệu trên Bìa."
    ]


def named_in(message):
    return {name for _, name, _, _ in Formatter().parse(message) if name}


GIVEN_BY_THE_READER = {
    "F01": {"reason_vi", "reason_en", "reason", "limit"},
    "F02": {"reason", "missing", "versions"},
    "F11": {"header"},
    "F12": {"folder", "unit"},
}
GIVEN_AT_EACH_BUILD = {"header", "cell", "value", "expected", "other_unit", "year"}


def test_sentences_of_rules_said_elsewhere_name_only_what_is_given_there(reference):
    for rule in reference.rules.values():
        named = named_in(rule.message_vi) | named_in(rule.message_en)
        if rule.code in GIVEN_BY_THE_READER:
            assert named <= GIVEN_BY_THE_READER[rule.code], rule.code
        elif rule.depends_on != "file":
            assert named <= GIVEN_AT_EACH_BUILD, rule.code


# What stands for it is worked out at each build, in Vietnamese words.
NAMED_IN_VIETNAMESE_ALONE = {"F09": {"expected"}}


def test_both_sentences_of_a_rule_name_the_same(reference):
    for rule in reference.rules.values():
        # Of some words (reason_vi, reason_en) each language has its own.
        vietnamese = {name.removesuffix("_vi") for name in named_in(rule.message_vi)}
        english = {name.removesuffix("_en") for name in named_in(rule.message_en)}
        assert vietnamese - NAMED_IN_VIETNAMESE_ALONE.get(rule.code, set()) == english, rule.code


def test_a_bound_that_somebody_chose_says_where_it_comes_from(reference):
    chosen = [row for row in reference.rule_comparisons if row["comparator"] == "between"]
    assert [row["rule_code"] for row in chosen] == ["H15", "H15"]
    assert all(row["notes"] for row in chosen)


def test_a_form_without_a_field_needs_no_change_of_the_rules(reference):
    newer = report(reference)
    sheet = newer.form.sheets["08_HOAT_DONG"]
    fields = tuple(each for each in sheet.fields if each.field_code != "evidence_document")
    form = replace(newer.form, sheets={**newer.form.sheets, "08_HOAT_DONG": replace(sheet, fields=fields)})
    newer.form = form
    assert check_submissions([newer], reference) == {newer.submission_id: []}


def test_the_cover_is_the_first_sheet_of_every_form(reference):
    assert all(form.sheets[COVER].position == 1 for form in reference.forms.values())
