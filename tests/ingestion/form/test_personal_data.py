"""Personal data in the cells of a workbook, recognised by headings, numbers and names."""

import pytest

from ingestion.form.personal_data import find_personal_data
from ingestion.personal_data.texts import identifies_person, is_personal_heading, personal_word
from ingestion.workbook.reader import SheetCells


@pytest.fixture
def found(reference):
    """A function that gives sheet, cell and kind of the first personal data on sheets of these names and rows."""

    def find(*sheets: tuple[str, list[list]]) -> tuple | None:
        first = find_personal_data([SheetCells(name, False, rows) for name, rows in sheets], reference)
        return first and (first.sheet_name, first.cell, first.kind)

    return find


@pytest.mark.parametrize(
    "text",
    [
        "Họ và tên", "HỌ VÀ TÊN", "Họ tên", "Ho va ten", "Họ, tên", "CCCD", "Số CCCD/CMND", "CMND", "Căn cước công dân",
        "Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh", "Số điện thoại", "SĐT", "Điện thoại (di động)",
        "Họ và tên:", "Số định danh cá nhân", "Họ va\u0300 tên *",
    ],
)  # fmt: skip
def test_a_heading_of_personal_data_is_recognised(text, found):
    assert is_personal_heading(text)
    assert found(("Danh sách", [["TT", text]])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Tên hợp tác xã", "Tổng số thành viên", "Kỹ năng dùng điện thoại thông minh", "Điện thoại, máy tính bảng",
        "Chức vụ người ký", "Xã, phường", "Danh sách HTX", "Ngày thành lập", "Tên lớp", "Năm báo cáo",
        "Hội viên, phụ nữ",
    ],
)  # fmt: skip
def test_the_words_of_the_form_and_ordinary_text_are_not_headings_of_personal_data(text, found):
    assert not is_personal_heading(text)
    assert found(("01_HTX", [["x", text]])) is None


def test_no_header_of_the_form_mentions_personal_data(reference):
    headers = [field.header_vi for sheet in reference.form_for(2023).sheets.values() for field in sheet.fields]
    assert [header for header in headers if is_personal_heading(header) or personal_word(header)] == []


def test_the_heading_is_named_with_its_cell_on_any_sheet_hidden_or_not(found):
    assert found(("01_HTX", [["a"]]), ("ds", [[], ["", "TT", "Họ  và tên", "Ghi chú"]])) == ("ds", "C2", "Họ và tên")


def test_an_office_may_say_on_the_cover_whom_to_call(found):
    assert found(("00_BIA", [["", "Số điện thoại", "0912345678"], ["", "bà Hoa, 0912345678"]])) is None
    assert found(("00_BIA", [["", "Họ và tên", "Ngày sinh"]])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "070188000000", "Bà Ví Dụ, số 070188000000.", "001 299 000 001", "(096000000000)", "070.301.001.234",
        "0703-0100-1234", "070 1 88 000000", "0 7 0 1 8 8 0 0 0 0 0 0", "năm 2024 070188000000", "CCCD-070188000000",
        "CMND số 285123456", "căn cước 285 123 456", "số ０７０１９０００１２３４", "070190\u200b001234",
        "070190\n001234",
        "070\u202f190\u202f001\u202f234", "070  190  001  234", "0701\u20119000\u20111234", "070190001234/0912345678",
        "070,190,001,234", "070190001234-12/03/2021",
        "CCCD 70190001234",
        "CCCD 070190001234-0912345678", "CMND: 285123456 12/03/2010", "070 190 001 234 0912 345 678",
    ],
)  # fmt: skip
def test_a_number_of_identity_is_known_wherever_it_stands_and_not_repeated(text, found):
    for sheet in ("01_HTX", "00_BIA", "12_DANH_GIA"):
        assert found((sheet, [["x"], ["Ghi chú", text]])) == (sheet, "B2", "Số định danh cá nhân")


@pytest.mark.parametrize(
    "text",
    [
        "3800100009", "3800100009-001", "070988000000", "097188000000", "000188000000", "0701880000001",
        "12/070188000000", "44A070188000", "1.070.188.000.000", "0271 3879 001", "123/2024/QĐ-UBND", "285123456",
        "285.123.456 đồng", "0271.3879001-2", "701880012345", "701.880.012.345 đồng", "F-070190001234",
        "chứng minh năng lực tài chính 500.123.456 đồng", "CMND kèm theo, 285.123.456.000 đồng", "01 02 2024 1234",
        "0271 3879 001 - 0271 3879 002", "01/01/2024-30/11/2024",
    ],
)  # fmt: skip
def test_other_long_numbers_are_no_citizens(text, found):
    assert found(("01_HTX", [["x", text]])) is None


@pytest.mark.parametrize(
    ("header", "is_found"),
    [
        ("Ghi chú", True),
        ("Tổng số thành viên", True),
        ("Vốn điều lệ", False),
        ("Doanh thu trong năm", False),
        ("?", False),
    ],
)
def test_a_number_that_lost_its_zero_counts_where_the_form_has_no_amounts(header, is_found, found):
    for number in (70190001234.0, "70190001234", "70190001234.0"):
        assert (found(("02_THT", [["x", header], ["x", number]])) is not None) == is_found


def test_numbers_below_each_other_that_are_all_valid_are_citizens(found):
    citizens, amounts = [70190001234.0, 79178001111.0], [70190001234.0, 12345678901.0]
    assert found(("a", [[each] for each in citizens])) == ("a", "A1", "Số định danh cá nhân")
    assert found(("a", [[each] for each in amounts])) is None


@pytest.mark.parametrize("header", ["Vốn vay (đồng)", "Doanh thu năm", "Mã số thuế", "Số tài khoản"])
def test_amounts_and_codes_below_each_other_are_no_citizens(header, found):
    assert found(("a", [["HTX", header], ["A", 70190001234.0], ["B", 79178001111]])) is None


@pytest.mark.parametrize("amount", [701880012345.0, 123456789012.0, 70190001234000.0])
def test_an_amount_of_twelve_digits_or_more_is_no_citizen_wherever_it_stands(amount, found):
    for header in ("?", "Ghi chú", "Tổng số thành viên"):
        assert found(("02_THT", [["x", header], ["x", amount], ["x", amount]])) is None


@pytest.mark.parametrize(
    "row",
    [
        ["Nguyễn Thị Ví Dụ", "ĐT: 0912345678"], ["Nguyễn Thị Ví Dụ", "0912345678/0987654321"],
        ["Trần Văn Thử", "sinh năm 1985"], ["Trần Văn Thử", "SN 1985"], ["Trần Văn Thử", "1985-03-12"],
        ["Trần Văn Thử", "(+84) 912345678"],
        ["Trần Văn Thử", 1985], ["Trần Văn Thử", 350123456], ["Trần Văn Thử", 285123456],
        ["Nguyễn Thị Ví Dụ", "0912345678"], ["1", "NGUYỄN THỊ VÍ DỤ", 912345678.0], ["Trần Văn Thử", "12/03/1985"],
        ["Bà Lê Thị Mẫu", 1985.0], ["Nguyen Thi Vi Du", "", "285123456"], ["Lê Mẫu", "070190001234"],
    ],
)  # fmt: skip
def test_a_list_without_headings_is_found_by_a_name_beside_what_belongs_to_a_person(row, found):
    assert found(("Phụ lục", [row])) is not None


def test_three_names_below_each_other_are_a_list_of_persons(found):
    names = [["1", "Nguyễn Thị Ví Dụ"], ["2", "Trần Văn Thử"], ["3", "Lê Thị Mẫu"]]
    assert found(("Phụ lục", names)) == ("Phụ lục", "B3", "Danh sách người")
    assert found(("Phụ lục", names[:2])) is None


@pytest.mark.parametrize(
    ("headings", "is_found"),
    [
        (["STT", "Tên", "Tuổi", "Địa chỉ"], True),
        (["Họ", "Tên"], True),
        (["Tên thành viên", "Giới tính"], True),
        (["Tên", "Địa chỉ"], False),
        (["STT", "HO_TEN", "NGAY_SINH"], True),
        (["stt", "hoTen"], True),
        (["Độ tuổi", "Giới tính", "Số người"], False),
    ],
)
def test_headings_that_mean_persons_only_together(headings, is_found, found):
    assert (found(("Phụ lục", [headings])) is not None) == is_found


def test_a_list_on_the_cover_is_more_than_the_contacts_of_an_office(found):
    contacts = [["Người liên hệ", name, "0912345678"] for name in ("Nguyễn Thị Ví Dụ", "Trần Văn Thử", "Lê Thị Mẫu")]
    assert found(("00_BIA", contacts[:2])) is None
    assert found(("00_BIA", contacts)) == ("00_BIA", "B3", "Danh sách người")


def test_cooperatives_that_are_called_like_persons_are_none(found):
    assert found(("01_HTX", [["Tên hợp tác xã", "Ghi chú"], ["Nguyễn Huệ", "0912345678"]])) is None
    assert found(("Phụ lục", [["HTX Trần Phú", 1985.0], ["HTX Lê Lợi", 1990.0]])) is None


@pytest.mark.parametrize(
    ("heading", "is_found"),
    [
        ("Tên HTX", False), ("Hợp tác xã", False), ("Xã, phường", False), ("Tên tổ hợp tác (THT)", False),
        ("Giám đốc HTX", True), ("Xã viên", True), ("Tổ trưởng", True), ("?", True),
    ],
)  # fmt: skip
def test_in_a_column_of_organisations_a_name_is_one_of_them(heading, is_found, found):
    assert (found(("Phụ lục", [["STT", heading, "Năm"], [1, "Mai Vàng", 2015]])) is not None) == is_found


@pytest.mark.parametrize(
    "text",
    [
        "Tổng vệ sinh ngày 08/03/2024, 120 hội viên tham gia", "Xây nhà vệ sinh năm 2024 cho 12 hội viên",
        "Tặng quà học sinh năm 2019 là con thành viên", "gia đình hội viên có người hy sinh ngày 27/07/1972",
        "Giáng sinh năm 2024, chủ tịch Hội thăm hội viên",
    ],
)  # fmt: skip
def test_the_year_of_something_else_than_a_birth_is_none(text, found):
    assert found(("12_DANH_GIA", [["x", text]])) is None


def test_the_numbers_of_a_list_and_what_is_grown_make_no_difference(found):
    numbered = ["1. Nguyễn Thị Ví Dụ", "2) Trần Văn Thử", "- Lê Thị Mẫu"]
    assert found(("Phụ lục", [[each] for each in numbered])) == ("Phụ lục", "A3", "Danh sách người")
    for text in ("\n".join(numbered), "Nguyễn Thị Ví Dụ, bà Trần Thử và Lê Mẫu"):
        assert found(("Phụ lục", [[text]])) is not None
    assert found(("Phụ lục", [["Hồ Tiêu", 1999], ["Cao Su", 2010]])) is None


def test_the_header_of_an_added_column_may_mention_personal_data_in_more_words():
    assert personal_word("Số điện thoại của giám đốc") == "so dien thoai"
    assert personal_word("Giám đốc (họ và tên)") == "ho va ten"
    assert personal_word("Ý kiến của huyện") is None


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
        "Bà Ví Dụ, sinh ngày 12/03/1985, số điện thoại 0912345678",
        "bà Hoa sinh năm 1985",
        "Họ và tên: Trần Thị Ví Dụ",
        "họ tên: trần thị ví dụ",
        "Trần Thị Ví Dụ, Lê Mẫu; Trần Văn Thử",
        "Trần Thị Ví Dụ\nLê Mẫu\nTrần Văn Thử",
        "Trần Thị Ví Dụ, https://zalo.me/0912345678",
        "Trần Thị Ví Dụ 0912345678/0987654321",
        "Trần Thị Ví Dụ sinh ngày 12 tháng 3 năm 1985",
    ],
)
def test_a_text_that_tells_who_a_person_is_is_known(comment):
    assert identifies_person(comment)


@pytest.mark.parametrize(
    "comment",
    [
        "xem lại", "chưa có điện thoại", "ghi đủ họ tên theo mẫu", "mã số thuế 3800100009", "tăng 12.345.678 đồng",
        "Hội LHPN huyện, ĐT 0271 3879 001", "giám đốc, mã số thuế 0312345678", "phát sinh ngày 12/03/2024, giám đốc ký",
        "Nguyễn Thị Ví Dụ", "Điện thoại: 0912345678", "họ tên: xem hướng dẫn",
        "Lê Lai, Phan Đình Phùng, Bùi Thị Xuân và các đường khác", "Nguyễn Trãi, Lê Lai, Phan Đình Phùng",
        "Trần Thị Ví Dụ, Lê Mẫu", "F-AE0755281220 · C17 · Thành viên nữ",
    ],
)  # fmt: skip
def test_a_text_about_figures_or_offices_identifies_no_person(comment):
    assert not identifies_person(comment)
