"""Personal data, recognised by headings and citizens' numbers."""

import pytest

from ingestion.form.personal_data import (
    find_personal_data,
    heading_words,
    identifies_a_person,
    is_personal_heading,
    mentions_personal_data,
)
from ingestion.workbook.reader import SheetCells


@pytest.mark.parametrize(
    "text",
    [
        "Họ và tên", "HỌ VÀ TÊN", "Họ tên", "Ho va ten", "Họ, tên", "CCCD", "Số CCCD/CMND", "CMND", "Căn cước công dân",
        "Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh", "Số điện thoại", "SĐT", "Điện thoại (di động)",
        "Họ và tên:", "Số định danh cá nhân", "Họ va\u0300 tên *",
    ],
)  # fmt: skip
def test_a_heading_of_personal_data_is_recognised(text):
    assert is_personal_heading(text)
    assert find_personal_data([SheetCells("Danh sách", False, [["TT", text]])]) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Tên hợp tác xã", "Tổng số thành viên", "Kỹ năng dùng điện thoại thông minh", "Điện thoại, máy tính bảng",
        "Chức vụ người ký", "Xã, phường", "Danh sách HTX", "Ngày thành lập", "Tên lớp", "Năm báo cáo",
        "Hội viên, phụ nữ",
    ],
)  # fmt: skip
def test_the_words_of_the_form_and_ordinary_text_are_not_headings_of_personal_data(text):
    assert not is_personal_heading(text)
    assert find_personal_data([SheetCells("01_HTX", False, [["x", text]])]) is None


def test_no_header_of_the_form_mentions_personal_data(reference):
    headers = [field.header_vi for sheet in reference.form_for(2023).sheets.values() for field in sheet.fields]
    assert [header for header in headers if is_personal_heading(header) or mentions_personal_data(header)] == []


def test_the_heading_is_named_with_its_cell_on_any_sheet_hidden_or_not():
    sheets = [SheetCells("01_HTX", False, [["a"]]), SheetCells("ds", True, [[], ["", "TT", "Họ  và tên", "Ghi chú"]])]
    assert find_personal_data(sheets) == ("ds", "C2", "Họ và tên")


def test_an_office_may_say_on_the_cover_whom_to_call():
    assert find_personal_data([SheetCells("00_BIA", False, [["", "Số điện thoại", "0271"]])]) is None
    assert find_personal_data([SheetCells("00_BIA", False, [["", "Họ và tên", "Ngày sinh"]])]) is not None


@pytest.mark.parametrize("text", ["070188000000", "Bà Ví Dụ, số 070188000000.", "001 299 000 001", "(096000000000)"])
def test_a_citizens_number_is_known_wherever_it_stands_and_not_repeated(text):
    for sheet in ("01_HTX", "00_BIA", "12_DANH_GIA"):
        found = find_personal_data([SheetCells(sheet, False, [["x"], ["Ghi chú", text]])])
        assert found == (sheet, "B2", "Số định danh cá nhân")


@pytest.mark.parametrize(
    "text",
    [
        "3800100009", "3800100009-001", "070988000000", "097188000000", "000188000000", "0701880000001",
        "12/070188000000", "44A070188000", "1.070.188.000.000", "0271 3879 001",
    ],
)  # fmt: skip
def test_other_long_numbers_are_no_citizens(text):
    assert find_personal_data([SheetCells("01_HTX", False, [["x", text]])]) is None


def test_the_header_of_an_added_column_may_mention_personal_data_in_more_words():
    assert mentions_personal_data("Số điện thoại của giám đốc")
    assert mentions_personal_data("Giám đốc (họ và tên)")
    assert not mentions_personal_data("Ý kiến của huyện")


@pytest.mark.parametrize(
    "text",
    ["Họ và tên chủ hộ", "Số CCCD của thành viên", "Họ tên người lao động", "Số điện thoại liên hệ", "SĐT giám đốc"],
)
def test_a_heading_may_say_whose_it_is(text):
    assert is_personal_heading(text)


@pytest.mark.parametrize("text", ["Điện thoại thông minh", "Tập huấn dùng điện thoại", "Hồ sơ", "Sinh kế bền vững"])
def test_the_name_of_a_course_is_no_heading(text):
    assert not is_personal_heading(text)


@pytest.mark.parametrize(
    "comment",
    [
        "CCCD: 070 184 001 234",
        "Bà Trần Thị Ví Dụ\n070184001234",
        "Họ tên: Trần Thị Ví Dụ",
        "giám đốc, sđt 0912.345.678",
        "Ngày sinh 12/05/1984 (giám đốc)",
    ],
)
def test_a_comment_that_tells_who_a_person_is_is_known(comment):
    assert identifies_a_person(comment)


@pytest.mark.parametrize(
    "comment",
    ["xem lại", "chưa có điện thoại", "ghi đủ họ tên theo mẫu", "mã số thuế 3800100009", "tăng 12.345.678 đồng"],
)
def test_a_comment_about_figures_identifies_no_person(comment):
    assert not identifies_a_person(comment)


def test_what_stands_beside_a_heading_in_its_cell_is_not_repeated():
    sheets = [SheetCells("Danh sách", False, [["Họ và tên: Trần Thị Ví Dụ"]])]
    assert find_personal_data(sheets) is None  # a sentence, not a heading
    assert heading_words("Số điện thoại của giám đốc: 0912345678") == "Số điện thoại của giám đốc"
    assert heading_words("CCCD (070123456789)") == "CCCD"
