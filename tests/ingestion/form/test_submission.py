"""A file read by the form that its cover names, or sent back with the reason."""

import io
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from ingestion.feedback.findings import finding_from
from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.submission import read_submission
from ingestion.workbook.rejected_file import RejectedFile
from tests.ingestion.filled_in import COOPERATIVE


def read(file, reference):
    return read_submission(file, reference)


def rejection_of(file, reference) -> RejectedFile:
    with pytest.raises(RejectedFile) as rejected:
        read_submission(file, reference)
    return rejected.value


# What is read ------------------------------------------------------------------------------------------------


def test_a_filled_in_form_is_read_cell_by_cell(filled_form, received, reference):
    submission = read(received(filled_form()), reference)
    assert submission.cover == {
        "form_version": "2023.1",
        "reporting_unit_code": "692",
        "reporting_unit_name": "Huyện Lộc Ninh",
        "report_year": "2023",
        "report_kind": "annual",
        "submission_kind": "first",
        "data_from": "2023-01-03",
        "data_to": "2023-11-20",
        "value_kind": "actual",
        "document_number": "12/BC-UBND",
        "signed_on": "2023-11-21",
        "nil_04_DAO_TAO": "C",
    }
    (row,) = submission.sheets["01_HTX"].rows
    assert row.row_number == 3
    assert row.read == {
        "registration_number": "3800100009",
        "cooperative_name": "HTX Hoa Lan",
        "commune_code": "25280",
        "registered_on": "2019-05-06",
        "sector": "crop",
        "status": "active",
        "union_supported_founding": "C",
        "members": "30",
        "women_members": "12",
        "revenue": "1234.5",
    }
    assert row.sent == {
        "A": "3800100009",
        "B": "HTX Hoa Lan",
        "C": "25280 - Xã Lộc Thạnh",
        "E": "2019-05-06",
        "F": "Trồng trọt",
        "G": "Đang hoạt động",
        "H": "C",
        "I": "30",
        "J": "12",
        "AA": "1234.5",
    }
    assert submission.warnings == []


def test_every_value_has_its_cell(filled_form, received, reference):
    submission = read(received(filled_form()), reference)
    assert submission.cover_cells["reporting_unit_code"] == "C5"
    assert submission.sheets["01_HTX"].header_row == 2
    assert submission.sheets["01_HTX"].columns["revenue"] == "AA"
    assert submission.sheets["02_THT"].columns["group_name"] == "B"


def test_name_and_time_of_receipt_do_not_change_the_content(filled_form, received, reference):
    one = read(received(filled_form(), name="bc.xlsx"), reference)
    other = read(received(filled_form(), name="BC (1) final.xlsx"), reference)
    assert one.submission_id == other.submission_id
    assert one.file.receipt_number(one.cover) == f"2023-692-{one.submission_id[:6].upper()}"


def test_the_same_bytes_in_two_folders_are_two_submissions_with_one_content(filled_form, received, reference):
    one = read(received(filled_form(), folder="692"), reference)
    other = read(received(filled_form(), folder="union"), reference)
    assert one.submission_id != other.submission_id
    assert one.content_sha256 == other.content_sha256


def test_other_bytes_with_the_same_content_have_the_same_content_hash(filled_form, edited, received, reference):
    def coloured(workbook):
        workbook["01_HTX"]["A3"].font = openpyxl.styles.Font(bold=True)

    one = read(received(filled_form()), reference)
    other = read(received(edited(filled_form(), coloured)), reference)
    changed = read(received(filled_form(sheets={"01_HTX": [{**COOPERATIVE, "members": 31}]})), reference)
    assert one.file.sha256 != other.file.sha256
    assert one.content_sha256 == other.content_sha256 != changed.content_sha256


def test_codes_and_labels_are_read_alike(filled_form, edited, received, reference):
    def typed(workbook):
        workbook["01_HTX"]["C3"], workbook["01_HTX"]["F3"] = "xã lộc thạnh", "crop"
        workbook["00_BIA"]["C8"] = "ĐỊNH KỲ NĂM"

    submission = read(received(edited(filled_form(), typed)), reference)
    assert submission.sheets["01_HTX"].rows[0].read["commune_code"] == "25280"
    assert submission.sheets["01_HTX"].rows[0].read["sector"] == "crop"
    assert submission.cover["report_kind"] == "annual"


def test_blank_rows_in_the_middle_are_left_out_and_rows_keep_their_numbers(filled_form, edited, received, reference):
    def spread(workbook):
        workbook["01_HTX"].insert_rows(3, 2)
        workbook["01_HTX"]["A9"] = "3800100010"
        workbook["01_HTX"]["A7"], workbook["01_HTX"]["B7"] = "-", " \u00a0"

    submission = read(received(edited(filled_form(), spread)), reference)
    assert [row.row_number for row in submission.sheets["01_HTX"].rows] == [5, 9]
    assert submission.warnings == []


def test_columns_are_found_by_their_codes_in_any_order(filled_form, edited, received, reference):
    def reordered(workbook):
        sheet = workbook["01_HTX"]
        sheet.insert_cols(1)
        sheet["A2"], sheet["A3"] = "TT", 1

    submission = read(received(edited(filled_form(), reordered)), reference)
    assert submission.sheets["01_HTX"].columns["registration_number"] == "B"
    assert submission.sheets["01_HTX"].rows[0].read["members"] == "30"
    assert submission.sheets["01_HTX"].unknown_columns == {"A": "TT"}


def test_columns_are_found_by_their_headers_when_the_codes_are_gone(filled_form, edited, received, reference):
    def without_codes(workbook):
        for sheet in workbook.worksheets[1:]:
            sheet.delete_rows(1)
        sheet = workbook["01_HTX"]
        sheet["I1"] = "TỔNG SỐ  THÀNH VIÊN (*)"
        sheet["AA1"] = "Doanh thu trong năm (triệu đồng)"
        sheet.insert_rows(1, 3)
        sheet["B1"] = "BIỂU SỐ 01: HỢP TÁC XÃ"

    submission = read(received(edited(filled_form(), without_codes)), reference)
    sheet = submission.sheets["01_HTX"]
    assert (sheet.header_row, sheet.columns["members"], sheet.columns["revenue"]) == (4, "I", "AA")
    assert (sheet.rows[0].row_number, sheet.rows[0].read["revenue"]) == (5, "1234.5")


def test_the_cover_is_read_right_of_its_labels_where_a_column_was_put_in(filled_form, edited, received, reference):
    content = filled_form()
    moved = read_submission(received(edited(content, lambda book: book["00_BIA"].insert_cols(2))), reference)
    assert moved.cover == read_submission(received(content), reference).cover
    assert moved.cover_cells["report_year"] == "D7"


def test_headers_moved_without_their_hidden_codes_are_ambiguous(filled_form, edited, received, reference):
    def exchange(workbook):
        sheet = workbook["01_HTX"]
        for row in range(2, sheet.max_row + 1):  # row 1, with the codes, is hidden and stays
            members, workers = sheet.cell(row, 9), sheet.cell(row, 11)
            members.value, workers.value = workers.value, members.value

    submission = read_submission(received(edited(filled_form(), exchange)), reference)
    asked = [each for each in submission.warnings if each.rule_code == "V03"]
    assert [(each.sheet_code, each.field_code, each.cell, each.value) for each in asked] == [
        ("01_HTX", "members", "I2", "Tổng số lao động"),
        ("01_HTX", "workers", "K2", "Tổng số thành viên"),
    ]
    assert asked[0].details == {
        "read_as": "cột «Tổng số thành viên» theo mã ở dòng ẩn phía trên",
        "other": "cột «Tổng số lao động» theo tiêu đề",
    }


def test_the_cover_is_read_by_its_labels_when_its_codes_are_gone(filled_form, edited, received, reference):
    def without_codes(workbook):
        workbook["00_BIA"].delete_cols(1)
        workbook["00_BIA"].title = "Trang bìa"

    submission = read(received(edited(filled_form(), without_codes)), reference)
    assert submission.cover["reporting_unit_code"] == "692"
    assert submission.cover_cells["reporting_unit_code"] == "B5"
    assert submission.cover_sheet_name == "Trang bìa"


def test_a_renamed_sheet_is_known_by_its_columns(filled_form, edited, received, reference):
    def renamed(workbook):
        workbook["01_HTX"].title = "Sheet1"
        workbook["02_THT"].title = "Tổ hợp tác"

    submission = read(received(edited(filled_form(), renamed)), reference)
    assert submission.sheets["01_HTX"].sheet_name == "Sheet1"
    assert submission.sheets["02_THT"].sheet_name == "Tổ hợp tác"
    assert len(submission.sheets["01_HTX"].rows) == len(submission.sheets["02_THT"].rows) == 1


def test_the_line_of_column_numbers_under_the_headers_is_no_row(filled_form, edited, received, reference):
    def numbered(workbook):
        workbook["01_HTX"].insert_rows(3)
        for column in range(1, 41):
            workbook["01_HTX"].cell(3, column, f"({column})")

    submission = read(received(edited(filled_form(), numbered)), reference)
    assert [row.row_number for row in submission.sheets["01_HTX"].rows] == [4]


def test_a_commune_given_by_name_alone_gets_its_code(filled_form, received, reference):
    row = {**COOPERATIVE, "commune_code": None, "commune_name": "Xã Lộc Thành"}
    submission = read(received(filled_form(sheets={"01_HTX": [row]})), reference)
    assert submission.sheets["01_HTX"].rows[0].read["commune_code"] == "25294"
    assert submission.warnings == []


def test_a_commune_with_disagreeing_name_and_code_is_ambiguous(filled_form, received, reference):
    row = {**COOPERATIVE, "commune_code": "25280", "commune_name": "Xã Lộc Thành"}
    submission = read(received(filled_form(sheets={"01_HTX": [row]})), reference)
    assert submission.sheets["01_HTX"].rows[0].read["commune_code"] == "25280"
    assert submission.warnings == [
        ParseWarning(
            "V03", "01_HTX", 3, "commune_code", "C3", "25280 - Xã Lộc Thạnh",
            {"read_as": "25280 - Xã Lộc Thạnh", "other": "25294 - Xã Lộc Thành"},
        )
    ]  # fmt: skip


# Warnings ----------------------------------------------------------------------------------------------------


def test_ambiguous_and_repaired_values_get_warnings_with_their_cells(filled_form, received, reference):
    row = {**COOPERATIVE, "members": "1,234", "cooperative_name": "HTX \u00d0ồng Tâm"}
    submission = read(received(filled_form(sheets={"01_HTX": [row]})), reference)
    assert submission.warnings == [
        ParseWarning(
            "V07", "01_HTX", 3, "cooperative_name", "B3", "HTX \u00d0ồng Tâm", {"read_as": "HTX Đồng Tâm"},
        ),
        ParseWarning("V03", "01_HTX", 3, "members", "I3", "1,234", {"read_as": "1234", "other": "1.234"}),
    ]  # fmt: skip


def test_a_value_that_cannot_be_read_stays_as_it_was_sent(filled_form, received, reference):
    row = {**COOPERATIVE, "members": "khoảng 30", "sector": "Trồng cây"}
    submission = read(received(filled_form(sheets={"01_HTX": [row]})), reference)
    assert submission.sheets["01_HTX"].rows[0].read["members"] == "khoảng 30"
    assert submission.sheets["01_HTX"].rows[0].read["sector"] == "Trồng cây"
    assert submission.warnings == []


def test_columns_and_sheets_that_the_form_does_not_know_are_kept_and_said(filled_form, edited, received, reference):
    def added(workbook):
        workbook["01_HTX"]["AO2"], workbook["01_HTX"]["AO3"] = "Ý kiến", "đạt"
        workbook.create_sheet("Phụ lục")["A1"] = "tự do"
        workbook.create_sheet("Sheet2")

    submission = read(received(edited(filled_form(), added)), reference)
    assert submission.sheets["01_HTX"].unknown_columns == {"AO": "Ý kiến"}
    assert submission.sheets["01_HTX"].rows[0].sent["AO"] == "đạt"
    assert submission.warnings == [
        ParseWarning("F08", "01_HTX", 2, "AO", "AO2", "Ý kiến", {"unknown": "Ý kiến", "kind": "column"}),
        ParseWarning("F08", "Phụ lục", value="Phụ lục", details={"unknown": "Phụ lục", "kind": "sheet"}),
    ]


def test_rows_on_a_sheet_that_other_units_fill_in_are_said(filled_form, received, reference):
    content = filled_form(unit="DOF", sheets={"02_THT": []})
    submission = read(received(content, folder="DOF"), reference)
    assert submission.warnings == [
        ParseWarning("F08", "01_HTX", 3, None, "A3", None, {"unknown": "1", "kind": "others"}),
    ]
    assert finding_from(reference, "s", submission.warnings[0]).message_vi == (
        "Biểu «Hợp tác xã» không thuộc phần đơn vị phải báo cáo: 1 dòng ở đây được giữ lại nhưng không tính"
        " cho đơn vị; nếu là số liệu của đơn vị khác, đề nghị để đơn vị đó báo cáo."
    )


def test_a_comment_that_names_a_person_sends_the_file_back_unrepeated(filled_form, edited, received, reference):
    def commented(workbook):
        workbook["01_HTX"]["B3"].comment = openpyxl.comments.Comment("Giám đốc, CCCD: 070184001234", "A")

    rejection = rejection_of(received(edited(filled_form(), commented)), reference)
    assert (rejection.rule_code, rejection.sheet_code, rejection.cell, rejection.keep_content) == (
        "F11", "01_HTX", "B3", False,
    )  # fmt: skip
    assert "070" not in finding_from(reference, "s", rejection).message_vi


def test_a_text_of_which_a_part_stands_in_an_old_font_is_read_by_its_parts(filled_form, edited, received, reference):
    def mixed(workbook):
        old, new = InlineFont(rFont=".VnTime"), InlineFont(rFont="Times New Roman")
        workbook["01_HTX"]["B3"].value = CellRichText(TextBlock(new, "HTX Hoà Bình "), TextBlock(old, "Hîp Ph¸t"))

    content = edited(filled_form(), mixed)
    submission = read(received(content), reference)
    assert submission.sheets["01_HTX"].rows[0].read["cooperative_name"] == "HTX Hoà Bình Hợp Phát"
    assert [(each.rule_code, each.cell) for each in submission.warnings] == [("V07", "B3")]


def test_a_hidden_sheet_with_rows_gets_a_warning_but_not_the_forms_own_lists(filled_form, edited, received, reference):
    def hidden(workbook):
        workbook["02_THT"].sheet_state = "hidden"
        workbook["06_NO"].sheet_state = "hidden"

    submission = read(received(edited(filled_form(), hidden)), reference)
    assert [(warning.rule_code, warning.sheet_code) for warning in submission.warnings] == [("V08", "02_THT")]


# What goes back -----------------------------------------------------------------------------------------------


def test_a_workbook_without_a_cover_is_not_the_form(edited, filled_form, received, reference):
    def uncovered(workbook):
        del workbook["00_BIA"]

    rejection = rejection_of(received(edited(filled_form(), uncovered)), reference)
    assert (rejection.rule_code, rejection.sheet_code, rejection.details["reason"]) == ("F02", "00_BIA", "cover")


def test_an_archive_whose_part_ends_before_its_size_is_damaged(received, reference):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    content = bytearray(archive.getvalue())
    sizes = content.index(b"PK\x01\x02") + 20
    content[sizes : sizes + 8] = struct.pack("<II", 100_000, 100_000)
    assert rejection_of(received(bytes(content)), reference).details["reason"] == "damaged"


def test_a_version_that_was_never_published_is_named_with_its_cell(filled_form, received, reference):
    rejection = rejection_of(received(filled_form(cover={"form_version": "2022.9"})), reference)
    assert (rejection.rule_code, rejection.cell, rejection.value) == ("F02", "C4", "2022.9")
    assert rejection.details["versions"] == "2023.1, 2027.1"
    assert rejection.cover == {"reporting_unit_code": "692", "report_year": "2023"}


def test_every_missing_sheet_column_and_line_is_named(filled_form, edited, received, reference):
    def incomplete(workbook):
        del workbook["06_NO"]
        workbook["01_HTX"].delete_cols(9)
        workbook["00_BIA"].delete_rows(13)

    rejection = rejection_of(received(edited(filled_form(), incomplete)), reference)
    assert (rejection.rule_code, rejection.details["reason"]) == ("F02", "missing")
    assert rejection.details["missing_codes"] == "00_BIA.document_number, 01_HTX.members, 06_NO"
    assert rejection.details["missing"] == (
        "dòng “Số, ký hiệu văn bản” của trang 00_BIA; cột “Tổng số thành viên” của trang 01_HTX;"
        " trang 06_NO (Nợ tồn đọng)"
    )


def test_a_sheet_that_is_declared_nil_may_be_absent(filled_form, edited, received, reference):
    def without(workbook):
        del workbook["04_DAO_TAO"]
        del workbook["11_GIAI_TRINH"]

    assert "04_DAO_TAO" not in read(received(edited(filled_form(), without)), reference).sheets


def test_a_partial_correction_may_bring_one_sheet_alone(filled_form, edited, received, reference):
    def one_sheet(workbook):
        for name in workbook.sheetnames:
            if name not in ("00_BIA", "02_THT"):
                del workbook[name]

    content = edited(filled_form(cover={"submission_kind": "partial_correction"}), one_sheet)
    assert list(read(received(content), reference).sheets) == ["02_THT"]


def test_an_agency_may_leave_out_or_leave_empty_what_does_not_apply_to_it(filled_form, edited, received, reference):
    agency = filled_form(unit="DOIT", sheets={"01_HTX": [], "02_THT": []})
    assert "01_HTX" not in read(received(agency, folder="DOIT"), reference).sheets

    def with_empty_sheet(workbook):
        workbook.create_sheet("01_HTX")

    submission = read(received(edited(agency, with_empty_sheet), folder="DOIT"), reference)
    assert "01_HTX" not in submission.sheets
    assert submission.warnings == []


def test_the_folder_of_another_unit_is_refused_and_the_unions_desk_holds_any(filled_form, received, reference):
    rejection = rejection_of(received(filled_form(), folder="691"), reference)
    assert (rejection.rule_code, rejection.cell, rejection.value) == ("F12", "C5", "692")
    assert rejection.details == {"folder": "691", "unit": "692"}
    assert read(received(filled_form(), folder="union"), reference).unit_code == "692"


@pytest.mark.parametrize(
    ("sheet", "cell", "heading", "shown"),
    [
        ("Danh sách", "B4", "Họ và tên", "Họ và tên"),
        ("01_HTX", "AO2", "Số điện thoại của bà Ví Dụ", "Số điện thoại"),
        ("04_DAO_TAO", "H30", "CCCD", "CCCD"),
    ],
)
def test_a_list_of_persons_is_rejected_and_only_the_word_for_its_heading_is_repeated(
    filled_form, edited, received, reference, sheet, cell, heading, shown
):
    def with_persons(workbook):
        target = workbook[sheet] if sheet in workbook.sheetnames else workbook.create_sheet(sheet)
        target[cell] = heading
        below = target[cell].offset(1, 0)
        below.value = "Trần Thị Ví Dụ"

    rejection = rejection_of(received(edited(filled_form(), with_persons)), reference)
    assert (rejection.rule_code, rejection.cell, rejection.value) == ("F11", cell, "…")
    assert rejection.details["header"] == shown
    assert not rejection.keep_content
    assert rejection.cover == {"reporting_unit_code": "692", "report_year": "2023"}
    assert "Ví Dụ" not in f"{rejection} {rejection.details}"


def test_a_list_of_persons_is_rejected_before_the_form_is_recognised(received, reference, edited):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "CMND"
    target = io.BytesIO()
    workbook.save(target)
    rejection = rejection_of(received(target.getvalue()), reference)
    assert (rejection.rule_code, rejection.keep_content) == ("F11", False)


@pytest.mark.parametrize(
    ("content", "is_kept"),
    [
        ("STT,Tên\n1,bà Ví Dụ 0912345678".encode(), False),
        ("CCCD 070.190.001.234".encode("utf-16"), False),
        (b"%PDF-1.7 \x00\xff 070190001234", False),
        (b"%PDF-1.7 \x00\xff 3800100009", True),
        (b"HTX,doanh thu\nHoa Lan,12", True),
    ],
)
def test_a_file_that_is_no_workbook_is_kept_unless_persons_can_be_seen_in_it(content, is_kept, received, reference):
    rejection = rejection_of(received(content), reference)
    assert (rejection.rule_code, rejection.keep_content) == ("F01", is_kept)


def test_a_word_document_with_persons_is_not_kept(received, reference):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w><p><t>CCCD 0701</t><t>90001234</t></p></w>")
    rejection = rejection_of(received(target.getvalue()), reference)
    assert (rejection.rule_code, rejection.keep_content) == ("F01", False)


def test_the_reading_depends_on_no_clock(filled_form, received, reference):
    assert date.today() > date(2023, 11, 20)  # the report is in the past, and is read all the same
    assert read(received(filled_form()), reference).warnings == []


@pytest.mark.parametrize(
    ("heading", "font"),
    [("Hä vµ tªn", ".VnTime"), ("Hä vµ tªn", None), ("Hoï vaø teân", "VNI-Times"), ("Há»\u008d vÃ  tÃªn", None)],
)
def test_a_list_of_persons_in_a_legacy_encoding_is_rejected_too(
    filled_form, edited, received, reference, heading, font
):
    def with_persons(workbook):
        sheet = workbook.create_sheet("DS")
        sheet.sheet_state = "hidden"
        sheet["B2"] = heading
        if font:
            sheet["B2"].font = openpyxl.styles.Font(name=font)

    rejection = rejection_of(received(edited(filled_form(), with_persons)), reference)
    assert (rejection.rule_code, rejection.cell, rejection.keep_content) == ("F11", "B2", False)
