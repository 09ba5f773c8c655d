"""The dirt of real workbooks, one kind at a time: how it is parsed, and which warnings it gets."""

import io
import re
import unicodedata
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.submission import read_submission
from tests.ingestion.filled_in import COOPERATIVE, GROUP

SHEET = "01_HTX"
SECOND = {**COOPERATIVE, "registration_number": "3800100016", "cooperative_name": "HTX Sao Mai", "members": 12}
THIRD = {**COOPERATIVE, "registration_number": "3800100023", "cooperative_name": "HTX Hương Sen", "members": 8}


@pytest.fixture
def read_edited(filled_form, edited, received, reference):
    """What is read of the form as someone changed it."""

    def read(edit, **content):
        return read_submission(received(edited(filled_form(**content), edit)), reference)

    return read


@pytest.fixture
def read_row(filled_form, received, reference):
    """What is read of one cooperative with these values: its row, and the warnings."""

    def read(**values):
        submission = read_submission(received(filled_form(sheets={SHEET: [{**COOPERATIVE, **values}]})), reference)
        return submission.sheets[SHEET].rows[0].read, submission.warnings

    return read


def said(warnings) -> list[tuple]:
    return [(warning.rule_code, warning.cell, warning.details) for warning in warnings]


# Numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "members", "doubt"),
    [
        ("1.234", "1234", None),
        ("2 786", "2786", None),
        ("2.786 người", "2786", None),
        ("1,234", "1234", "1.234"),
        ("０４５", "45", None),
    ],
)
def test_a_count_typed_as_text(read_row, typed, members, doubt):
    row, warnings = read_row(members=typed)
    assert row["members"] == members
    assert [each.details.get("other") for each in warnings if each.rule_code == "V03"] == ([doubt] if doubt else [])


@pytest.mark.parametrize("typed", ["1.234,5", "không", "x", "chưa có", "K", "85%", "khoảng 30"])
def test_what_is_no_count_stays_as_sent_for_rule_v02(read_row, typed):
    row, warnings = read_row(members=typed)
    assert (row["members"], warnings) == (typed, [])


@pytest.mark.parametrize("typed", ["-", "—", "N/A", " ", "…"])
def test_a_dash_is_blank_and_never_zero(read_row, typed):
    row, warnings = read_row(members=typed)
    assert ("members" in row, warnings) == (False, [])


def test_zero_is_zero(read_row):
    assert read_row(members=0)[0]["members"] == read_row(members="0")[0]["members"] == "0"


@pytest.mark.parametrize(
    ("typed", "leads", "doubt"),
    [("x", "C", "x"), ("K", "K", None), ("không", "K", None), ("chưa có", "K", "chưa có"), ("0", "K", "0")],
)
def test_yes_and_no_in_other_words(read_row, typed, leads, doubt):
    row, warnings = read_row(woman_leads=typed)
    assert row["woman_leads"] == leads
    assert [each.details["other"] for each in warnings] == ([doubt] if doubt else [])


def test_a_code_that_is_said_not_to_be_there_is_blank(filled_form, received, reference):
    groups = [{**GROUP, "group_code": "chưa có", "became_cooperative": "Không"}]
    submission = read_submission(received(filled_form(sheets={"02_THT": groups})), reference)
    assert {"group_code", "became_cooperative"} & set(submission.sheets["02_THT"].rows[0].read) == set()


@pytest.mark.parametrize(
    ("typed", "million", "other"),
    [
        ("1.234.500.000 đồng", "1234.5", None),
        ("500 nghìn", "0.5", None),
        ("750 ngàn đồng", "0.75", None),
        ("1,5 tỷ", "1500", None),
        ("1 tỉ 200 triệu đồng", "1200", None),
        ("1.234,5 triệu đồng", "1234.5", None),
        ("1.234 tỷ đồng", "1234000", "1234"),
        ("1,234", "1.234", "1234"),
        ("2.000.000đ", "2", None),
    ],
)
def test_an_amount_that_names_its_unit_is_taken_at_its_word(read_row, typed, million, other):
    row, warnings = read_row(revenue=typed)
    assert row["revenue"] == million
    assert [each.details["other"] for each in warnings] == ([other] if other else [])


@pytest.mark.parametrize("typed", ["1 tỷ 2", "vài trăm triệu", "5 triệu/tháng", "200 triệu 1 tỷ", "12 USD"])
def test_an_amount_that_could_be_several_stays_as_sent(read_row, typed):
    assert read_row(revenue=typed)[0]["revenue"] == typed


def test_a_monthly_income_may_say_that_it_is_monthly(read_row):
    assert read_row(average_monthly_income="6,5 triệu đồng/người/tháng") == (
        {**read_row()[0], "average_monthly_income": "6.5"},
        [],
    )


@pytest.mark.parametrize(
    ("header", "above", "read_as"),
    [("Doanh thu trong năm (nghìn đồng)", None, "1.2345"), ("Doanh thu trong năm", "ĐVT: 1.000 đồng", "1.2345")],
)
def test_a_header_in_another_unit_is_followed_and_ambiguous(read_edited, header, above, read_as):
    def in_thousands(workbook):
        sheet = workbook[SHEET]
        sheet["AA2"] = header
        if above:
            sheet.insert_rows(1)
            sheet["A1"] = above

    submission = read_edited(in_thousands)
    row = submission.sheets[SHEET].rows[0]
    assert row.read["revenue"] == read_as
    assert said(submission.warnings) == [("V03", f"AA{row.row_number}", {"read_as": read_as, "other": "1234.5"})]


@pytest.mark.parametrize(
    ("typed", "format", "value", "other"),
    [
        (85, "General", "85", None),
        ("85%", "@", "85", None),
        (0.85, "0%", "85", None),
        (0.85, "General", "0.85", "85"),
        ("0,85", "@", "0.85", "85"),
        (1, "General", "1", "100"),
        ("0,5%", "@", "0.5", None),
    ],
)
def test_a_percentage_in_each_of_its_ways(read_edited, typed, format, value, other):
    def typed_in(workbook):
        sheet = workbook["10_TONG_HOP"]
        sheet["A3"], sheet["B3"] = "T05", typed
        sheet["B3"].number_format = format

    submission = read_edited(typed_in)
    assert submission.sheets["10_TONG_HOP"].rows[0].read == {"indicator_code": "T05", "declared_value": value}
    assert said(submission.warnings) == ([("V03", "B3", {"read_as": value, "other": other})] if other else [])


def test_a_small_percentage_that_its_own_figures_show_is_no_doubt(filled_form, received, reference):
    declared = [{"indicator_code": "T05", "declared_value": 0.5, "declared_numerator": 1, "declared_denominator": 200}]
    submission = read_submission(received(filled_form(sheets={"10_TONG_HOP": declared})), reference)
    assert submission.warnings == []


# Days ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day", "other"),
    [
        ("6/5/2019", "2019-05-06", None),
        ("06.05.2019", "2019-05-06", None),
        ("06/05/2019 00:00:00", "2019-05-06", None),
        ("ngày 6 tháng 5 năm 2019", "2019-05-06", None),
        ("6/5/19", "2019-05-06", "1919"),
        ("5/26/2019", "2019-05-26", "5/26/2019"),
        (43591, "2019-05-06", None),
    ],
)
def test_a_day_in_each_of_its_ways(read_edited, typed, day, other):
    def typed_in(workbook):
        workbook[SHEET]["E3"] = typed
        workbook[SHEET]["E3"].number_format = "General"

    submission = read_edited(typed_in)
    assert submission.sheets[SHEET].rows[0].read["registered_on"] == day
    assert [each.details["other"] for each in submission.warnings] == ([other] if other else [])


def test_a_bare_serial_counts_in_the_calendar_of_its_workbook(read_edited):
    def of_1904(workbook):
        workbook.epoch = CALENDAR_MAC_1904
        workbook[SHEET]["E3"] = 42129  # 43591 less the 1462 days between the calendars
        workbook[SHEET]["E3"].number_format = "General"

    assert read_edited(of_1904).sheets[SHEET].rows[0].read["registered_on"] == "2019-05-06"


def test_dates_with_swapped_day_and_month_are_ambiguous(read_edited):
    def in_english(workbook):
        sheet = workbook[SHEET]
        sheet["E3"], sheet["E4"], sheet["E5"] = datetime(2019, 5, 3), "30/11/2020", date(2021, 4, 4)

    submission = read_edited(in_english, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]})
    assert [row.read["registered_on"] for row in submission.sheets[SHEET].rows] == [
        "2019-05-03", "2020-11-30", "2021-04-04",
    ]  # fmt: skip
    assert said(submission.warnings) == [
        ("V03", "E4", {"read_as": "2020-11-30", "clause": "dates_as_text", "suspects": "E3"})
    ]


# Letters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "font", "name", "rules"),
    [
        (unicodedata.normalize("NFD", "HTX Hòa Lợi"), None, "HTX Hòa Lợi", []),
        ("HTX\u00a0Hòa\u200b  Lợi ", None, "HTX Hòa Lợi", []),
        ("HTX \u0189ồng Tâm", None, "HTX Đồng Tâm", ["V07"]),
        ("HTX Hîp Ph¸t", ".VnTime", "HTX Hợp Phát", ["V07"]),
        ("HTX Hîp Ph¸t", None, "HTX Hợp Phát", ["V07"]),
        ("HTX Ph\u00adíc An", ".VnTime", "HTX Phước An", ["V07"]),
        ("HTX Höng Thònh", "VNI-Times", "HTX Hưng Thịnh", ["V07"]),
        ("HTX Há»£p PhÃ¡t", None, "HTX Hợp Phát", ["V07"]),
        ("HTX Hợp Phát", ".VnTime", "HTX Hợp Phát", []),
        ("HTX Phíc An", ".VnTime", "HTX Phíc An", ["V03"]),
    ],
)
def test_a_name_in_old_letters(read_edited, typed, font, name, rules):
    def typed_in(workbook):
        workbook[SHEET]["B3"] = typed
        if font:
            workbook[SHEET]["B3"].font = Font(name=font)

    submission = read_edited(typed_in)
    row = submission.sheets[SHEET].rows[0]
    assert (row.read["cooperative_name"], row.sent["B"]) == (name, typed)
    assert [each.rule_code for each in submission.warnings] == rules
    assert {each.value for each in submission.warnings} <= {typed, typed.replace("\u00ad", "")}


def test_a_whole_sheet_in_an_old_font_is_found_by_its_headers(read_edited):
    def retyped(workbook):
        sheet = workbook["05_CAN_BO_HOI"]
        sheet.delete_rows(1)
        headers = ["CÊp Héi", "Tæng sè c¸n bé Héi", "§\u00b7 ®\u00adîc n©ng cao kü n¨ng tõ 2023"]
        headers += ["C¸n bé ®\u00adîc ph©n c«ng hç trî ph¸t triÓn KTTT, HTX", "Trong ®ã ®· ®\u00adîc tËp huÊn tõ 2023"]
        for column, header in enumerate([*headers], start=1):
            sheet.cell(1, column, header).font = Font(name=".VnTime")
        sheet["A2"], sheet["B2"] = "CÊp huyÖn", 12
        sheet["A2"].font = Font(name=".VnTime")

    submission = read_edited(retyped)
    rows = submission.sheets["05_CAN_BO_HOI"].rows
    assert [row.read for row in rows] == [{"union_level": "district", "officers": "12"}]
    assert said(submission.warnings) == [("V07", "A2", {"read_as": "district"})]


# Units ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("xã lộc thạnh", "25280"),
        ("X. Lộc Thành", "25294"),
        ("X· Léc Th¹nh", "25280"),
        ("Xaõ Loäc Thaønh", "25294"),
        ("Loc Thanh", "Loc Thanh"),
        ("Xã Tân Lợi", "Xã Tân Lợi"),
        ("25195 - Phường Bình Phước", "25195 - Phường Bình Phước"),  # its name of two years later
    ],
)
def test_the_name_of_a_commune_is_known_inside_its_unit_or_stays_for_rule_v04(read_edited, typed, code):
    def typed_in(workbook):
        workbook[SHEET]["C3"] = typed

    assert read_edited(typed_in).sheets[SHEET].rows[0].read["commune_code"] == code


def test_a_code_that_was_used_again_is_ambiguous_if_its_name_is_the_old_one(filled_form, received, reference):
    row = {**COOPERATIVE, "commune_code": "25195", "commune_name": "Phường Tân Phú"}
    cover = {"data_from": date(2025, 1, 1), "data_to": date(2025, 11, 15), "nil_02_THT": True}
    content = filled_form(unit="25195", year=2025, cover=cover, sheets={SHEET: [row], "02_THT": []})
    warnings = read_submission(received(content, folder="25195"), reference).warnings
    assert said(warnings) == [
        ("V03", "C3", {"read_as": "25195 - Phường Bình Phước", "other": "Phường Tân Phú"}),
    ]  # fmt: skip


# The sheet -------------------------------------------------------------------------------------------------------


def test_cells_merged_over_rows_hold_their_code_for_each_of_them(read_edited):
    def merged(workbook):
        workbook[SHEET]["C4"] = None
        workbook[SHEET].merge_cells("C3:C4")

    submission = read_edited(merged, sheets={SHEET: [COOPERATIVE, SECOND]})
    assert [row.read["commune_code"] for row in submission.sheets[SHEET].rows] == ["25280", "25280"]
    assert said(submission.warnings) == [("V08", "C3", {"what": "merged", "where": "C3"})]


def test_a_figure_merged_over_rows_is_not_that_of_each(read_edited):
    def merged(workbook):
        workbook[SHEET]["I4"] = None
        workbook[SHEET].merge_cells("I3:I4")

    submission = read_edited(merged, sheets={SHEET: [COOPERATIVE, SECOND]})
    assert [row.read.get("members") for row in submission.sheets[SHEET].rows] == ["30", None]
    assert said(submission.warnings) == [("V08", "I3", {"what": "merged", "where": "I3"})]


def test_headers_over_two_rows_are_read_together(read_edited):
    def split(workbook):
        sheet = workbook["05_CAN_BO_HOI"]
        sheet.delete_rows(1)
        sheet.insert_rows(1)
        upper = ["Cấp Hội", "Tổng số cán bộ Hội", None, "Cán bộ được phân công", None]
        lower = [
            None,
            None,
            "Đã được nâng cao kỹ năng từ 2023",
            "hỗ trợ phát triển KTTT, HTX",
            "Trong đó đã được tập huấn từ 2023",
        ]
        for column, (above, below) in enumerate(zip(upper, lower, strict=True), start=1):
            sheet.cell(1, column, above)
            sheet.cell(2, column, below)
        for column, value in enumerate(["Cấp huyện", 12, 9, 4, 3], start=1):
            sheet.cell(3, column, value)

    sheet = read_edited(split).sheets["05_CAN_BO_HOI"]
    assert (sheet.header_row, sheet.columns["officers"], sheet.columns["assigned_officers"]) == (2, "B", "D")
    assert [row.read for row in sheet.rows] == [
        {"union_level": "district", "officers": "12", "officers_skilled": "9", "assigned_officers": "4",
         "assigned_officers_trained": "3"},
    ]  # fmt: skip


def test_a_second_row_of_headers_below_the_codes_is_no_row(read_edited):
    def split(workbook):
        sheet = workbook[SHEET]
        sheet.insert_rows(3)
        sheet["I2"], sheet["J2"], sheet["I3"], sheet["J3"] = "Thành viên", None, "Tổng số", "Nữ"

    submission = read_edited(split)
    assert [row.row_number for row in submission.sheets[SHEET].rows] == [4]
    assert submission.sheets[SHEET].header_row == 3
    assert submission.warnings == []


def test_columns_and_rows_that_were_put_in_are_kept_and_said(read_edited):
    def noted(workbook):
        sheet = workbook[SHEET]
        sheet.insert_cols(2)
        sheet["B2"] = "Kiểm tra"
        sheet["B3"] = "đã gọi"
        sheet["A5"] = "Ghi chú: số liệu ước đến 30/11"
        sheet["A7"], sheet["J7"] = "Người lập biểu", "Chủ tịch"
        sheet["A9"], sheet["J9"] = "Trần Thị Ví Dụ", "Lê Văn Mẫu"

    submission = read_edited(noted)
    assert [row.row_number for row in submission.sheets[SHEET].rows] == [3]
    assert [(each.cell, each.details) for each in submission.warnings] == [
        ("B2", {"unknown": "Kiểm tra", "kind": "column"}),
        ("A5", {"unknown": "Ghi chú: số liệu ước đến 30/11", "kind": "note"}),
        ("A7", {"unknown": "Người lập biểu", "kind": "signature"}),
        ("A9", {"unknown": "…", "kind": "signature"}),
    ]
    assert "Ví Dụ" not in str(submission.warnings)


def test_sheets_renamed_and_in_another_order_without_their_codes_are_the_same_sheets(read_edited):
    def shuffled(workbook):
        for number, sheet in enumerate(workbook.worksheets[1:13]):
            sheet.delete_rows(1)
            sheet.title = f"Bieu{number}"
        workbook._sheets = workbook._sheets[::-1]

    submission = read_edited(shuffled)
    assert [row.read["registration_number"] for row in submission.sheets[SHEET].rows] == ["3800100009"]
    assert len(submission.sheets) == 12


@pytest.mark.parametrize("label", ["Tổng cộng", "Cộng", "TỔNG SỐ:", "Total"])
def test_a_total_that_is_the_sum_of_its_rows_is_dropped_and_said(read_edited, label):
    def totalled(workbook):
        sheet = workbook[SHEET]
        sheet["B6"], sheet["I6"], sheet["J6"], sheet["AA6"] = label, 50, 36, 3703.5

    submission = read_edited(totalled, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]})
    assert [row.row_number for row in submission.sheets[SHEET].rows] == [3, 4, 5]
    assert said(submission.warnings) == [("F08", "B6", {"unknown": label, "kind": "total"})]


def test_subtotals_and_the_grand_total_are_each_the_sum_of_their_own_rows(read_edited):
    def totalled(workbook):
        sheet = workbook[SHEET]
        sheet.insert_rows(5)
        sheet["A5"], sheet["I5"] = "Cộng xã Lộc Thạnh", 42
        sheet["A7"], sheet["I7"] = "Cộng xã Lộc Thành", 8
        sheet["A8"], sheet["I8"] = "Tổng cộng", 50

    submission = read_edited(totalled, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]})
    assert [row.row_number for row in submission.sheets[SHEET].rows] == [3, 4, 6]
    assert [each.cell for each in submission.warnings] == ["A5", "A7", "A8"]


def test_a_total_that_is_not_the_sum_is_kept_with_a_warning(read_edited):
    def totalled(workbook):
        sheet = workbook[SHEET]
        sheet["B6"], sheet["I6"], sheet["J6"] = "Tổng cộng", 51, 36

    submission = read_edited(totalled, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]})
    assert [row.row_number for row in submission.sheets[SHEET].rows] == [3, 4, 5, 6]
    assert submission.sheets[SHEET].rows[-1].read == {
        "cooperative_name": "Tổng cộng", "members": "51", "women_members": "36",
    }  # fmt: skip
    assert said(submission.warnings) == [("V03", "I6", {"read_as": "51", "other": "50"})]


def test_a_group_that_is_called_like_a_total_is_a_group(filled_form, received, reference):
    groups = [{**GROUP, "members": 5}, {**GROUP, "group_name": "Cộng Hòa", "members": 5}]
    submission = read_submission(received(filled_form(sheets={"02_THT": groups})), reference)
    assert (len(submission.sheets["02_THT"].rows), submission.warnings) == (2, [])


# What is easily overlooked ------------------------------------------------------------------------------------------


def hide_rows(workbook):
    workbook[SHEET].row_dimensions[4].hidden = True


def filter_rows(workbook):
    hide_rows(workbook)
    workbook[SHEET].auto_filter.ref = "A2:AN5"
    workbook[SHEET].auto_filter.add_filter_column(1, ["HTX Hoa Lan"])


def hide_columns(workbook):
    workbook[SHEET].column_dimensions["I"].hidden = True
    workbook[SHEET].column_dimensions["AG"].hidden = True  # with nothing in it


def colour_cells(workbook):
    workbook[SHEET]["B4"].fill = PatternFill("solid", fgColor="FFFF00")


def strike_out(workbook):
    for cell in workbook[SHEET][4]:
        cell.font = Font(strike=True)


def comment_on(workbook):
    workbook[SHEET]["I4"].comment = Comment("đã giải thể", "Huyện")


def look_elsewhere(workbook):
    workbook[SHEET]["I4"] = "='[So lieu.xlsx]Sheet1'!A1"


def look_at_the_clock(workbook):
    workbook[SHEET]["E4"] = "=TODAY()"


def break_a_formula(workbook):
    workbook[SHEET]["I4"] = "#REF!"
    workbook[SHEET]["I4"].data_type = "e"


def compute(workbook):
    workbook[SHEET]["I4"] = "=SUM(J4:K4)"


@pytest.mark.parametrize(
    ("edit", "row", "field", "cell", "details"),
    [
        (hide_rows, 4, None, "A4", {"what": "row", "where": "4"}),
        (filter_rows, 4, None, "A4", {"what": "filter", "where": "4"}),
        (hide_columns, None, "members", "I", {"what": "column", "where": "I"}),
        (colour_cells, 4, "cooperative_name", "B4", {"what": "colour", "where": "B4"}),
        (strike_out, 4, "registration_number", "A4",
         {"what": "colour", "where": "A4, B4, C4, E4, F4, G4, H4, I4, …"}),
        (comment_on, 4, "members", "I4", {"what": "comment", "where": "I4"}),
        (look_elsewhere, 4, "members", "I4", {"what": "formula, link", "where": "I4"}),
        (look_at_the_clock, 4, "registered_on", "E4", {"what": "formula, moment", "where": "E4"}),
        (break_a_formula, 4, "members", "I4", {"what": "error", "where": "I4"}),
        (compute, 4, "members", "I4", {"what": "formula", "where": "I4"}),
    ],
)  # fmt: skip
def test_hidden_content_gets_a_warning(read_edited, edit, row, field, cell, details):
    submission = read_edited(edit, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]})
    assert len(submission.sheets[SHEET].rows) == 3
    assert [
        (each.rule_code, each.row_number, each.field_code, each.cell, each.details) for each in submission.warnings
    ] == [("V08", row, field, cell, details)]


@pytest.mark.parametrize(("edit", "text"), [(break_a_formula, "#REF!"), (compute, "=SUM(J4:K4)")])
def test_a_figure_that_is_not_there_stays_as_sent_for_rule_v02(read_edited, edit, text):
    row = read_edited(edit, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]}).sheets[SHEET].rows[1]
    assert (row.read["members"], row.sent["I"]) == (text, text)


def test_a_name_that_is_an_error_is_no_name(read_edited):
    def broken(workbook):
        workbook[SHEET]["B3"] = "#N/A"
        workbook[SHEET]["B3"].data_type = "e"

    submission = read_edited(broken)
    assert "cooperative_name" not in submission.sheets[SHEET].rows[0].read
    assert [each.cell for each in submission.warnings] == ["B3"]


def test_a_formula_with_its_value_is_a_value(filled_form, received, reference, with_values):
    content = with_values(filled_form(), SHEET, "I3", "=15*2", "30")
    submission = read_submission(received(content), reference)
    assert (submission.sheets[SHEET].rows[0].read["members"], submission.warnings) == ("30", [])


def test_what_a_formula_takes_from_another_file_is_read_with_a_warning(filled_form, received, reference, with_values):
    content = with_values(filled_form(), SHEET, "I3", "[1]Sheet1!$A$1+TODAY()", "30")
    submission = read_submission(received(content), reference)
    assert submission.sheets[SHEET].rows[0].read["members"] == "30"
    assert said(submission.warnings) == [("V08", "I3", {"what": "link, moment", "where": "I3"})]


def test_the_cover_is_looked_at_as_closely(read_edited):
    def broken(workbook):
        cover = workbook["00_BIA"]
        cover["C13"] = "=VLOOKUP(1,A1:B2,2)"
        cover["C14"].comment = Comment("xem lại", "Huyện")
        cover.row_dimensions[15].hidden = True

    submission = read_edited(broken, cover={"signer_title": "Chủ tịch"})
    assert "document_number" not in submission.cover
    assert [(each.rule_code, each.field_code, each.cell, each.details) for each in submission.warnings] == [
        ("V08", "document_number", "C13", {"what": "formula", "where": "C13"}),
        ("V08", "signed_on", "C14", {"what": "comment", "where": "C14"}),
        ("V08", "signer_title", "C15", {"what": "row", "where": "C15"}),
    ]


def test_formatting_without_meaning_gets_no_warning(read_edited):
    def dressed(workbook):
        sheet = workbook[SHEET]
        for row in sheet.iter_rows(min_row=1, max_row=5):
            for cell in row:
                cell.fill = PatternFill("solid", fgColor="E2EFDA")
        sheet["B3"].font = Font(bold=True, italic=True, name="Arial")
        sheet["A2"].comment = Comment("mã số trên giấy chứng nhận", "Huyện")  # on a header
        sheet.column_dimensions["AN"].hidden = True  # empty
        sheet.row_dimensions[40].hidden = True
        sheet["I4"].comment = Comment("Số này phải sửa", "htx")  # of the annotated copy that we sent

    assert read_edited(dressed, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]}).warnings == []


def test_stripes_get_no_warning(read_edited):
    def striped(workbook):
        for row in (4, 6):
            for cell in workbook[SHEET][row]:
                cell.fill = PatternFill("solid", fgColor="DDDDDD")

    fourth = {**THIRD, "registration_number": "3800100030"}
    assert read_edited(striped, sheets={SHEET: [COOPERATIVE, SECOND, THIRD, fourth]}).warnings == []


# What is the same, or nearly -----------------------------------------------------------------------------------------


def test_a_trailing_blank_makes_no_other_cooperative(read_row):
    assert read_row(registration_number="3800100009 \u00a0")[0]["registration_number"] == "3800100009"


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [(3800100009, "3800100009"), (300100009, "300100009"), ("3.80E+09", "3.80E+09"), ("0012", "0012")],
)
def test_a_registration_number_is_never_completed_by_the_reader(read_row, typed, read_as):
    assert read_row(registration_number=typed)[0]["registration_number"] == read_as


def test_every_warning_of_the_parser_has_a_rule(read_edited):
    submission = read_edited(comment_on, sheets={SHEET: [COOPERATIVE, SECOND, THIRD]})
    assert submission.warnings == [
        ParseWarning("V08", SHEET, 4, "members", "I4", "12", {"what": "comment", "where": "I4"}),
    ]  # fmt: skip


@pytest.fixture
def with_values():
    """A workbook with a formula and the value that its program saved for it, which openpyxl cannot write."""

    def written(content: bytes, sheet: str, cell: str, formula: str, value: str) -> bytes:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        workbook[sheet][cell] = "=1"
        part = f"xl/worksheets/sheet{workbook.sheetnames.index(sheet) + 1}.xml"
        plain = io.BytesIO()
        workbook.save(plain)
        target = io.BytesIO()
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if name == part:
                    saved = f"<f>{formula}</f><v>{value}</v>".encode()
                    text, count = re.subn(rb"<f>1</f><v>?\s*(?:/>|</v>)", saved, text)
                    assert count == 1
                new.writestr(name, text)
        return target.getvalue()

    return written
