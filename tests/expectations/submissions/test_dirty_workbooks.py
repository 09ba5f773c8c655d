"""Dirty workbooks from their cells to their findings: what rejects a file, what raises a query, and its sentence."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from expectations.submissions.submission_checks import check_submissions
from ingestion.form.submission import read_submission
from ingestion.template.form_workbook import write_workbook
from ingestion.workbook.received_file import ReceivedFile
from warehouse.reference.reference_data import Reference, read_reference

COVER = {
    "report_kind": "annual",
    "submission_kind": "first",
    "data_from": date(2023, 1, 3),
    "data_to": date(2023, 11, 20),
    "value_kind": "actual",
    "document_number": "12/BC-UBND",
    "signed_on": date(2023, 11, 21),
    **{
        f"nil_{sheet}": True
        for sheet in ("02_THT", "03_HO_TRO", "04_DAO_TAO", "05_CAN_BO_HOI", "06_NO", "07_KINH_PHI", "08_HOAT_DONG")
    },
}
COOPERATIVE = {
    "registration_number": "3800100376",
    "cooperative_name": "HTX Hoa Lan",
    "commune_code": "25280",
    "registered_on": date(2019, 5, 6),
    "sector": "crop",
    "status": "active",
    "union_supported_founding": True,
    "members": 30,
    "women_members": 12,
    "workers": 10,
    "women_workers": 6,
    "managers": 3,
    "women_managers": 1,
    "woman_leads": True,
    "women_managers_trained": 0,
    "women_managers_certified": 0,
    "women_in_cooperative": 14,
    "women_stable_jobs": 5,
    "women_new_jobs": 0,
    "women_vocational_trained": 0,
    "members_ecommerce_trained": 0,
}
PRIORITY = {"priority_group": "ethnic_minority", "women_supported": 73, "women_employed": 41}
SECRET = ("73", "41", "7391")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(Path(__file__).parents[3] / "dbt_project" / "seeds")


def said(findings) -> list[tuple[str, str, str]]:
    return [(each.rule_code, each.cell, each.severity) for each in findings]


def put(sheet, **cells):
    def edit(workbook):
        for cell, value in cells.items():
            workbook[sheet][cell] = value

    return edit


def broken(sheet, cell):
    def edit(workbook):
        workbook[sheet][cell] = "#REF!"
        workbook[sheet][cell].data_type = "e"

    return edit


def unchanged(workbook):
    pass


wrong_total = put("01_HTX", B4="Tổng cộng", I4=31, J4=12)


def repeat_the_row(workbook):
    sheet = workbook["01_HTX"]
    for cell in sheet[3]:
        sheet.cell(4, cell.column, cell.value)
    sheet["A4"], sheet["B4"] = "3800100376 ", "HTX Hoa  Lan"


def test_the_clean_form_has_no_finding(found):
    assert found(unchanged) == []


ANSWERS = [
    (put("01_HTX", I3="1.234,5"), [("V02", "I3", "error")]),
    (put("01_HTX", I3="không"), [("V02", "I3", "error")]),
    (put("01_HTX", I3="—"), [("V01", "I3", "error")]),
    (put("01_HTX", I3="1,234"), [("V03", "I3", "query")]),
    (put("01_HTX", O3="x"), [("V03", "O3", "query")]),
    (put("01_HTX", AA3="1.234.500.000 đồng"), []),
    (put("01_HTX", AA3="1 tỷ 2"), [("V02", "AA3", "error")]),
    (put("01_HTX", E3="tháng 5"), [("V02", "E3", "error")]),
    (put("01_HTX", E3="5/26/2019"), [("V03", "E3", "query")]),
    (put("01_HTX", B3="HTX Hîp Ph¸t"), [("V07", "B3", "query")]),
    (put("01_HTX", C3="Loc Thanh"), [("V04", "C3", "error")]),
    (put("01_HTX", A3=301464823), [("H13", "A3", "query")]),
    (put("01_HTX", A3="3.80E+09"), [("H13", "A3", "query")]),
    (put("01_HTX", I3="=SUM(J3:K3)"), [("V02", "I3", "error"), ("V08", "I3", "query")]),
    (broken("01_HTX", "I3"), [("V02", "I3", "error"), ("V08", "I3", "query")]),
    (broken("01_HTX", "F3"), [("V04", "F3", "error"), ("V08", "F3", "query")]),
    (broken("01_HTX", "B3"), [("V01", "B3", "error"), ("V08", "B3", "query")]),
    (put("01_HTX", B4="Tổng cộng", I4=30, J4=12), [("F08", "B4", "info")]),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), ANSWERS)
def test_each_cell_gets_its_answer(found, edit, expected):
    assert said(found(edit)) == expected


def test_a_total_that_is_wrong_rejects_the_file_and_says_which_figure(found):
    findings = found(wrong_total)
    assert ("V03", "I4", "query") in said(findings)
    assert "error" in {each.severity for each in findings}
    (sum_finding,) = [each for each in findings if each.rule_code == "V03"]
    assert "hệ thống hiểu là «31»; nếu là «30», đề nghị sửa lại" in sum_finding.message_vi


def test_the_same_cooperative_twice_with_a_trailing_blank_is_one_too_many(found):
    assert said(found(repeat_the_row)) == [("V06", "A3, A4", "error")]


MEANT = [
    (put("01_HTX", C3="Loc Thanh"), "có thể là «25280 - Xã Lộc Thạnh, 25294 - Xã Lộc Thành", "perhaps «25280"),
    (put("01_HTX", A3=301464823), "; có thể là «0301464823»; đề nghị", "; perhaps «0301464823» is meant; please"),
    (put("01_HTX", A3="3.80E+09"), "các chữ số cuối đã mất", "last digits are lost"),
    (put("01_HTX", A3="44.07.D-000123"), "(chi nhánh thêm -001, -002); đề nghị", "for a branch); please"),
    (broken("01_HTX", "I3"), "ô báo lỗi công thức: I3", "cells that show a formula error: I3"),
]


@pytest.mark.parametrize(("edit", "vietnamese", "english"), MEANT)
def test_the_answer_says_what_was_probably_meant(found, edit, vietnamese, english):
    words = " ".join(f"{each.message_vi} {each.message_en}" for each in found(edit))
    assert vietnamese in words
    assert english in words
    assert "…" not in words


def hide(workbook):
    workbook["09_UU_TIEN"].row_dimensions[3].hidden = True


def colour(workbook):
    workbook["09_UU_TIEN"]["B3"].fill = PatternFill("solid", fgColor="FFFF00")


def comment(workbook):
    workbook["09_UU_TIEN"]["B3"].comment = Comment("7391", "Huyện")


def copy_sheet(workbook):
    workbook.copy_worksheet(workbook["09_UU_TIEN"]).title = "09 cũ"


def rename_beyond_knowing(workbook):
    workbook["09_UU_TIEN"].title = "Sheet9"
    put("Sheet9", D2="Ghi chú", D3="7391")(workbook)


PRIVATE = [
    put("09_UU_TIEN", B3="7391 người?", C3="khoảng 7391"),
    put("09_UU_TIEN", B3="7,391"),
    put("09_UU_TIEN", B3="=7391", C3="=TODAY()+7391"),
    put("09_UU_TIEN", A3="nhóm 7391"),
    put("09_UU_TIEN", A3="d©n téc 7391 thiÓu sè"),
    put("09_UU_TIEN", B3=41, C3=73),
    put("09_UU_TIEN", A4="Tổng cộng", B4=7391, C4=41),
    put("09_UU_TIEN", A4="Tổng cộng", B4=73, C4=41),
    put("09_UU_TIEN", A5="Ghi chú: 7391 người"),
    put("09_UU_TIEN", D2="Năm trước", D3=7391),
    put("09_UU_TIEN", D5="7391"),
    put("09_UU_TIEN", B3=-7391),
    broken("09_UU_TIEN", "B3"),
    hide,
    colour,
    comment,
    copy_sheet,
    rename_beyond_knowing,
]


@pytest.mark.parametrize("edit", PRIVATE)
def test_no_finding_repeats_a_value_of_the_priority_groups(found, edit):
    findings = found(edit)
    words = [f"{each.value} {each.message_vi} {each.message_en}" for each in findings]
    assert [each for each in words if any(secret in each for secret in SECRET)] == []


@pytest.fixture(scope="module")
def found(reference):
    """The findings on the form after each of the edits, all checked in one go."""
    unit = reference.roster[2023, "692"]
    rows = {"01_HTX": [COOPERATIVE], "09_UU_TIEN": [PRIORITY]}
    clean = write_workbook(reference.form_for(2023), reference, COVER, rows, unit)
    edits = [unchanged, wrong_total, repeat_the_row, *PRIVATE, *(case[0] for case in (*ANSWERS, *MEANT))]
    submissions = {}
    for edit in edits:
        workbook = openpyxl.load_workbook(io.BytesIO(clean))
        edit(workbook)
        target = io.BytesIO()
        workbook.save(target)
        file = ReceivedFile("692", "bc.xlsx", datetime(2023, 11, 22, tzinfo=UTC), target.getvalue())
        submissions[edit] = read_submission(file, reference)
    findings = check_submissions(submissions.values(), reference)
    return lambda edit: findings[submissions[edit].submission_id]
