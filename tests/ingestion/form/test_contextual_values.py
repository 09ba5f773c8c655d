"""Nothing to report, and rows that the form lists (2027.1)."""

import io
from datetime import date

import openpyxl
import pytest

from expectations.submissions.submission_checks import check_submissions
from ingestion.form.submission import read_submission
from ingestion.form.values import parser_for
from ingestion.template.form_workbook import write_workbook
from ingestion.template.prefill import listed_rows
from tests.ingestion.filled_in import COVER as OF_2023

DAYS = {"data_from": date(2025, 11, 21), "data_to": date(2026, 11, 20), "signed_on": date(2026, 11, 21)}
COVER = {code: value for code, value in OF_2023.items() if not code.startswith("nil_")} | DAYS
LISTS = ("01_HTX", "02_THT", "03_HO_TRO", "04_DAO_TAO", "06_NO")


@pytest.fixture
def sent(reference, received):
    """What is read of a commune's form 2027.1 with these filled in: `lines` of the cover, (sheet, place) of a list."""

    def read(lines, cells, version="2027.1", year=2026):
        form, unit = reference.forms[version], reference.roster[year, "25195"]
        days = {code: day.replace(year=day.year + year - 2026) for code, day in DAYS.items()}
        content = write_workbook(form, reference, COVER | days, listed_rows(form, unit, reference), unit)
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        row_of = {cell.value: cell.row for cell in workbook["00_BIA"]["A"]}
        for code, value in lines.items():
            workbook["00_BIA"].cell(row_of[code], 3).value = value
        for (sheet, place), value in cells.items():
            workbook[sheet][place] = value
        target = io.BytesIO()
        workbook.save(target)
        return read_submission(received(target.getvalue(), folder="25195"), reference)

    return read


def nil(submission) -> list[str]:
    return sorted(code for code, value in submission.cover.items() if code.startswith("nil_") and value == "C")


@pytest.mark.parametrize("word", ["x", "X", "✓", "C", "Không phát sinh", "không có số liệu", "Không"])
def test_a_mark_says_that_there_is_nothing(reference, word):
    parse = parser_for(reference.forms["2027.1"].cover.by_code["nil_01_HTX"], reference)
    assert (parse(word).text, parse(word).alternative) == ("C", None)


def test_yes_beside_the_question_may_mean_that_there_is_something(reference):
    parse = parser_for(reference.forms["2027.1"].cover.by_code["nil_01_HTX"], reference)
    assert (parse("Có").text, parse("Có").alternative) == ("C", "K")


@pytest.mark.parametrize("mark", ["x", "C", "K", "Không phát sinh"])
def test_a_commune_without_cooperatives_is_done_in_one_round(sent, reference, mark):
    officers = {("05_CAN_BO_HOI", f"{letter}{row}"): 2 for letter in "BCDE" for row in (3, 4)}
    lines = {f"nil_{code}": mark for code in (*LISTS, "07_KINH_PHI", "08_HOAT_DONG", "09_UU_TIEN")}
    submission = sent(lines, officers)
    assert len(nil(submission)) == 8
    assert check_submissions([submission], reference)[submission.submission_id] == []


def test_the_words_in_a_first_row_declare_the_sheet_nil(sent):
    submission = sent({}, {("01_HTX", "A3"): "Không phát sinh", ("09_UU_TIEN", "B3"): "không có."})
    assert nil(submission) == ["nil_01_HTX", "nil_09_UU_TIEN"]
    assert (submission.sheets["01_HTX"].rows, submission.sheets["09_UU_TIEN"].rows) == ([], [])


@pytest.mark.parametrize("said", ["x", "C", "Không phát sinh", None])
def test_on_the_form_before_marks_and_words_declare_a_sheet_nil_too(sent, reference, said):
    codes = (*LISTS, "07_KINH_PHI", "08_HOAT_DONG", "09_UU_TIEN")
    officers = {("05_CAN_BO_HOI", f"{letter}{row}"): 2 for letter in "BCDE" for row in (3, 4)}
    levels = {("05_CAN_BO_HOI", "A3"): "commune", ("05_CAN_BO_HOI", "A4"): "branch"}
    in_sheets = {} if said else {(code, "A3"): "Không phát sinh" for code in codes}
    submission = sent({f"nil_{code}": said for code in codes if said}, officers | levels | in_sheets, version="2023.1")
    assert len(nil(submission)) == 8
    assert check_submissions([submission], reference)[submission.submission_id] == []


def test_no_on_the_form_before_raises_one_query(sent, reference):
    submission = sent({f"nil_{code}": "K" for code in LISTS}, {}, version="2023.1")
    found = check_submissions([submission], reference)[submission.submission_id]
    assert [(each.rule_code, each.cell) for each in found] == [("F07", "C17, C18, C19, C20, C21, C22, C23, C24, C25")]


def test_rows_left_blank_say_nothing_and_raise_a_query(sent, reference):
    submission = sent({}, {("08_HOAT_DONG", "B3"): "Đã hoàn thành", ("08_HOAT_DONG", "C3"): 2})
    assert [row.read for row in submission.sheets["08_HOAT_DONG"].rows] == [
        {"duty_code": "IV.1.a", "duty_status": "done", "events": "2"}
    ]
    found = check_submissions([submission], reference)[submission.submission_id]
    (blank,) = [each for each in found if each.rule_code == "F16"]
    assert (blank.severity, blank.sheet_code, blank.cell) == ("query", "08_HOAT_DONG", "A4")
    assert "còn 25 dòng ghi sẵn chưa điền" in blank.message_vi
    assert "hoặc đánh dấu x vào ô «Các nhiệm vụ còn lại của biểu 08_HOAT_DONG" in blank.message_vi


def test_a_row_left_blank_asks_for_no_mark_where_the_cover_has_none(sent, reference):
    submission = sent({}, {("05_CAN_BO_HOI", f"{letter}3"): 2 for letter in "BCDE"})
    found = check_submissions([submission], reference)[submission.submission_id]
    assert [each.message_vi for each in found if each.sheet_code == "05_CAN_BO_HOI"] == [
        "Biểu «Cán bộ Hội» còn 1 dòng ghi sẵn chưa điền (từ ô A4); đề nghị điền; nếu không có, ghi 0 (ô trống không"
        " được tính là 0), nếu có lý do khác thì giải trình ở biểu 11_GIAI_TRINH."
    ]


def test_one_mark_says_that_all_other_rows_have_nothing(sent, reference):
    filled = {("07_KINH_PHI", f"{letter}4"): 5 for letter in "BCD"}
    submission = sent(
        {"rest_07_KINH_PHI": "x", "rest_08_HOAT_DONG": "x"}, {**filled, ("08_HOAT_DONG", "B3"): "Đã hoàn thành"}
    )
    rows = [row.read for row in submission.sheets["07_KINH_PHI"].rows]
    assert len(rows) == 9
    assert rows[:2] == [
        {"funding_source": "central", "planned": "0", "allocated": "0", "disbursed": "0", "borrowers": "0",
         "outstanding_loans": "0"},
        {"funding_source": "local", "planned": "5", "allocated": "5", "disbursed": "5"},
    ]  # fmt: skip
    assert submission.sheets["08_HOAT_DONG"].rows[25].read == {
        "duty_code": "VI.d", "duty_status": "not_started", "events": "0", "people": "0",
    }  # fmt: skip
    assert not [each for each in submission.warnings if each.rule_code == "F16"]


def test_a_document_is_required_only_where_a_paper_must_exist(sent, reference):
    cells = {("08_HOAT_DONG", f"B{row}"): "Đã hoàn thành" for row in range(3, 29)}
    submission = sent({}, cells)
    found = check_submissions([submission], reference)[submission.submission_id]
    asked = [each.cell for each in found if each.rule_code == "A01"]
    duties = {row.row_number: row.read["duty_code"] for row in submission.sheets["08_HOAT_DONG"].rows}
    assert [duties[int(cell[1:])] for cell in asked] == ["VI.a"]


COURSE = {"A3": "L1", "B3": "Quản trị HTX", "C3": "Quản trị, điều hành", "F3": 20, "G3": 20, "H3": 15}


@pytest.mark.parametrize(
    ("version", "held_on", "cells"),
    [("2027.1", date(2025, 6, 30), []), ("2027.1", date(2025, 7, 1), ["E3"]), ("2023.1", date(2025, 7, 1), [])],
)
def test_a_code_is_accepted_when_it_was_in_use_on_the_day_of_the_row(sent, reference, version, held_on, cells):
    course = {("04_DAO_TAO", place): value for place, value in COURSE.items()}
    of_district = {("04_DAO_TAO", "D3"): held_on, ("04_DAO_TAO", "E3"): "Hội LHPN cấp huyện"}
    submission = sent({}, course | of_district, version, 2025)
    found = check_submissions([submission], reference)[submission.submission_id]
    unknown = [each for each in found if each.rule_code == "V04"]
    assert [each.cell for each in unknown] == cells
    assert not any("Hội LHPN cấp huyện»" in each.message_vi.partition(";")[2] for each in unknown)


def test_a_code_is_accepted_when_it_is_in_use_at_data_to_where_a_row_has_no_day(sent, reference):
    levels = {("05_CAN_BO_HOI", "A3"): "Cấp huyện"} | {("05_CAN_BO_HOI", f"{letter}3"): 2 for letter in "BCDE"}
    submission = sent({}, levels)
    found = check_submissions([submission], reference)[submission.submission_id]
    assert [each.cell for each in found if each.rule_code == "V04"] == ["A3"]
