"""The form that explains itself (2027.1): guide, definitions, listed rows, locks, printing."""

import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from ingestion.form.submission import read_submission
from ingestion.template.form_workbook import write_workbook
from ingestion.template.prefill import listed_rows
from tests.ingestion.filled_in import COOPERATIVE, COVER

DAYS = {"data_from": date(2025, 11, 21), "data_to": date(2026, 11, 20), "signed_on": date(2026, 11, 21)}


@pytest.fixture
def guided(reference):
    """Writes the form 2027.1 of a unit, for 2026, with the rows that it lists."""

    def written(unit="25195", sheets=None) -> openpyxl.Workbook:
        form, of = reference.forms["2027.1"], reference.roster[2026, unit]
        content = write_workbook(
            form, reference, {**COVER, **DAYS}, listed_rows(form, of, reference) | (sheets or {}), of
        )
        return openpyxl.load_workbook(io.BytesIO(content))

    return written


def column(sheet, letter: str, first: int = 3) -> list:
    return [cell.value for cell in sheet[letter][first - 1 :] if cell.value]


def prompt(sheet, place: str) -> str:
    (check,) = [each for each in sheet.data_validations.dataValidation if place in each.sqref]
    return check.prompt


def test_each_cycle_names_its_form(reference):
    versions = {year: reference.form_for(year).version for year in (2023, 2026, 2027, 2030)}
    assert versions == {2023: "2023.1", 2026: "2023.1", 2027: "2027.1", 2030: "2027.1"}


def test_a_version_keeps_what_it_does_not_change(reference):
    old, new = reference.forms["2023.1"], reference.forms["2027.1"]
    assert new.sheets["01_HTX"] == old.sheets["01_HTX"]
    assert old.cover.by_code["nil_01_HTX"].type == "boolean"
    assert new.cover.by_code["nil_01_HTX"].type == "mark"
    assert "rest_08_HOAT_DONG" not in old.cover.by_code
    assert [field.field_code for field in new.cover.fields][-5:] == [
        "rest_07_KINH_PHI", "rest_08_HOAT_DONG", "rest_09_UU_TIEN", "request_number", "request_on",
    ]  # fmt: skip


def test_the_guide_comes_first_and_says_who_what_and_by_when(guided):
    workbook = guided()
    assert workbook.sheetnames[:2] == ["00_HUONG_DAN", "00_BIA"]
    guide = workbook["00_HUONG_DAN"]
    assert guide["A1"].value == "HƯỚNG DẪN LẬP BÁO CÁO NĂM 2026"
    assert guide["A2"].value == "Đơn vị báo cáo: Phường Bình Phước. Gửi trước ngày 30/11/2026."
    assert [cell.value for cell in guide[15]] == ["Biểu", "Dòng, cột", "Cách ghi"]
    assert "01_HTX" in column(guide, "A")
    assert guide["A13"].value == (
        "Người ký: Chủ tịch hoặc Phó Chủ tịch Ủy ban nhân dân, đóng dấu Ủy ban nhân dân. Số liệu về cán bộ Hội"
        " (biểu 05) do Hội Liên hiệp Phụ nữ cùng cấp cung cấp."
    )
    assert "01_HTX" not in column(guided("DOF")["00_HUONG_DAN"], "A")


def test_every_field_explains_itself_in_a_message_that_excel_shows_whole(guided):
    workbook = guided()
    jobs = prompt(workbook["01_HTX"], "S9")
    assert jobs == (
        "Số nữ làm việc ít nhất 06 tháng trong 12 tháng gần nhất hoặc có hợp đồng từ 12 tháng trở lên; mỗi người tính"
        " một lần. Là số hiện có, không phải số tăng thêm. Đơn vị: người. Bắt buộc, không có thì ghi 0."
    )
    prompts = [check.prompt for sheet in workbook for check in sheet.data_validations.dataValidation]
    assert max(map(len, prompts)) <= 255
    assert all(each.endswith(".") for each in prompts)


def test_each_field_has_a_definition_that_names_duties_as_the_form_shows_them(reference):
    form = reference.forms["2027.1"]
    fields = {(sheet.sheet_code, field.field_code) for sheet in form.sheets.values() for field in sheet.fields}
    assert fields == set(form.definitions)
    assert not [words for words in form.definitions.values() if re.search(r"\bVI\.[a-z]\b", words)]


def test_duties_levels_sources_groups_and_sections_are_listed(guided):
    workbook = guided()
    assert column(workbook["05_CAN_BO_HOI"], "A") == ["Cấp xã", "Chi hội, tổ phụ nữ"]
    assert len(column(workbook["08_HOAT_DONG"], "A")) == 26
    assert column(workbook["08_HOAT_DONG"], "A")[0] == "IV.1.a - Tuyên truyền, vận động nâng cao nhận thức"
    assert len(column(workbook["09_UU_TIEN"], "A")) == 12
    assert len(column(workbook["12_DANH_GIA"], "A")) == 7
    assert column(guided("DOF")["08_HOAT_DONG"], "A") == [
        "VI.2 - Tổng hợp nhu cầu, dự kiến phân bổ vốn", "VI.3 - Tham mưu bố trí kinh phí",
    ]  # fmt: skip
    assert column(guided("WU-P")["05_CAN_BO_HOI"], "A") == ["Cấp tỉnh"]


def test_headers_and_listed_codes_are_locked_without_a_password_and_rows_may_be_inserted(guided):
    sheet = guided()["08_HOAT_DONG"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert not (sheet.protection.insertRows)
    assert not (sheet.protection.autoFilter)
    assert not (sheet.protection.sort)
    assert (sheet["A2"].protection.locked, sheet["A3"].protection.locked) == (True, True)
    assert (sheet["B3"].protection.locked, sheet.column_dimensions["B"].protection.locked) == (False, False)
    assert sheet.auto_filter.ref == "A2:F529"


def test_sheets_print_across_with_letters_of_nine_points_or_more(guided):
    workbook = guided()
    wide, narrow = workbook["01_HTX"], workbook["06_NO"]
    assert (wide.page_setup.scale, wide.sheet_properties.pageSetUpPr.fitToPage) == (82, False)
    assert (wide.print_title_rows, wide.print_title_cols) == ("$2:$2", "$A:$B")
    assert (narrow.page_setup.fitToWidth, narrow.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
    assert wide.oddFooter.left.text == "NGƯỜI LẬP BIỂU (ký, ghi rõ họ tên)"
    assert wide.oddFooter.right.text == "TM. ỦY BAN NHÂN DÂN - CHỦ TỊCH (ký, đóng dấu)"
    assert guided("DOF")["07_KINH_PHI"].oddFooter.right.text == "THỦ TRƯỞNG ĐƠN VỊ (ký, đóng dấu)"
    assert guided("WU-P")["07_KINH_PHI"].oddFooter.right.text == "TM. BAN THƯỜNG VỤ - CHỦ TỊCH (ký, đóng dấu)"
    assert wide["A14"].border.bottom.style == "thin"
    assert min(cell.font.size for sheet in workbook for row in sheet for cell in row) == 11


def test_only_an_agency_gives_the_area_of_its_figures(guided):
    assert "data_scope" in column(guided("DOF")["00_BIA"], "A")
    assert "data_scope" not in column(guided()["00_BIA"], "A")


def test_only_the_provincial_union_counts_whom_it_honoured_and_says_what_it_asked_for_next_year(guided):
    asked = [
        "honoured_collectives",
        "honoured_individuals",
        "estimate_amount",
        "estimate_sent_on",
        "estimate_addressee",
    ]
    duties = ["duty_code", "duty_status", "events", "people", "evidence_document", "result"]
    assert [cell.value for cell in guided("WU-P")["08_HOAT_DONG"][1]] == [*duties, *asked]
    assert [cell.value for cell in guided()["08_HOAT_DONG"][1]] == duties
    assert "Dự toán năm sau: số tiền" not in column(guided()["00_HUONG_DAN"], "B")


def test_both_versions_are_read_in_one_year(guided, filled_form, received, reference):
    target = io.BytesIO()
    workbook = guided(sheets={"01_HTX": [{**COOPERATIVE, "commune_code": "25195"}]})
    workbook.save(target)
    new = read_submission(received(target.getvalue(), folder="25195"), reference)
    old = read_submission(received(filled_form(unit="25195", year=2026, cover=DAYS), folder="25195"), reference)
    assert (new.form.version, old.form.version) == ("2027.1", "2023.1")
    assert (new.report_year, old.report_year) == (2026, 2026)
    read = new.sheets["01_HTX"].rows[0].read
    assert {**old.sheets["01_HTX"].rows[0].read, "commune_code": "25195"} == read


def test_lists_offer_what_is_in_use_on_the_last_day_of_the_figures(guided, filled_form):
    def offered(workbook, sheet, place):
        (check,) = [each for each in workbook[sheet].data_validations.dataValidation if place in each.sqref]
        cells = check.formula1.rpartition("!")[2].replace("$", "")
        return [cell.value for (cell,) in workbook["90_DANH_MUC"][cells]]

    new = offered(guided(), "04_DAO_TAO", "E9")
    assert {"Sở Nông nghiệp và Môi trường", "UBND xã, phường"} <= set(new)
    assert not {"Sở Nông nghiệp và Phát triển nông thôn", "Hội LHPN cấp huyện", "UBND tỉnh"} & set(new)
    assert [each[:3] for each in offered(guided(), "10_TONG_HOP", "A3")] == [f"T{number:02}" for number in range(1, 15)]
    old = offered(openpyxl.load_workbook(io.BytesIO(filled_form())), "04_DAO_TAO", "E9")
    assert {"Sở Nông nghiệp và Phát triển nông thôn", "Hội LHPN cấp huyện"} <= set(old)
    assert not {"Sở Nông nghiệp và Môi trường", "UBND tỉnh"} & set(old)


def test_the_three_national_programmes_stand_apart_from_2027_on(reference):
    def sources(year):
        unit = replace(reference.roster[2026, "25195"], year=year)
        return reference.listed_codes(reference.forms["2027.1"], "07_KINH_PHI", unit)

    assert sources(2026)[:4] == ("central", "local", "national_programmes", "industry_promotion")
    assert sources(2027)[:6] == (
        "central", "local", "ntp_new_countryside", "ntp_poverty", "ntp_ethnic_minorities", "industry_promotion",
    )  # fmt: skip


def test_proposals_may_be_addressed_to_the_recipients_of_the_report_from_2027_on(reference):
    addressees = reference.codes("agencies", 2027, date(2027, 11, 20))
    assert (addressees["PC-P"], addressees["WU-VN"]) == ("UBND tỉnh", "Trung ương Hội LHPN Việt Nam")
    assert "PC-P" not in reference.codes("agencies", 2026, date(2026, 11, 20))


def test_a_duty_asks_only_for_what_it_counts(guided):
    sheet = guided()["08_HOAT_DONG"]
    rows = {cell.value.partition(" ")[0]: cell.row for cell in sheet["A"][2:] if cell.value}
    pilot, plan, awareness = rows["IV.5.c"], rows["Ban"], rows["IV.1.a"]
    nothing = "Nhiệm vụ này không có số liệu ở cột này, đề nghị để trống."
    assert prompt(sheet, f"C{pilot}") == "Ghi số HTX tham gia thí điểm trong kỳ số liệu."
    assert prompt(sheet, f"D{awareness}") == "Ghi số người dự trong kỳ số liệu."
    assert [prompt(sheet, place) for place in (f"D{pilot}", f"C{plan}")] == [nothing, nothing]
    assert [sheet[place].protection.locked for place in (f"C{pilot}", f"D{pilot}", f"C{plan}")] == [False, True, True]
