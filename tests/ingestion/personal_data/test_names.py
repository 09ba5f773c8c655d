"""Names of files and sheets without persons."""

import pytest

from ingestion.personal_data.names import clean_name, is_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Danh sach Nguyen Thi Hoa CCCD 070301001234 0912345678.xlsx", "Danh sach … … ….xlsx"),
        ("bao_cao_nguyen_thi_hoa_285123456.xlsx", "bao_cao_…_….xlsx"),
        ("Báo cáo của bà Trần Mẫu 070.301.001.234.xls", "Báo cáo của bà … ….xls"),
        ("CMND 0703-0100-1234.ods", "CMND ….ods"),
        ("CCCD 70301001234.xlsx", "CCCD ….xlsx"),
    ],
)
def test_what_may_be_a_persons_is_taken_out_of_a_name(name, kept):
    assert clean_name(name) == kept


@pytest.mark.parametrize(
    "name",
    [
        "bao_cao_692_2024.xlsx", "BAO CAO KET QUA 2024-11-30 1530.xlsx", "Báo cáo xã Lộc Ninh (lần 2).xlsx",
        "123-2024-BC-UBND.xlsx", "HTX 3800100009.xlsx", "UBND thị trấn Lộc Ninh.xlsx", "Tổng hợp phần một.ods",
        "20241130153000.xlsx", "Bieu mau Hoi LHPN TP Ho Chi Minh.xlsx",
    ],
)  # fmt: skip
def test_other_names_stay_as_they_are(name):
    assert clean_name(name) == name


@pytest.mark.parametrize("text", ["Nguyễn Thị Ví Dụ", "TRẦN VĂN THỬ", "bà Lê Mẫu", "Điểu Thị Hoa", "nguyễn thị hoa"])
def test_the_name_of_a_person_is_known(text):
    assert is_name(text)


@pytest.mark.parametrize(
    "text",
    ["HTX Nguyễn Huệ", "Lộc Ninh", "Đoàn Thanh niên", "Trần Hưng Đạo", "Nguyễn Thị Hoa và 5 người", "Hà Nội", "x"],
)
def test_other_texts_are_no_names_of_persons(text):
    assert not is_name(text)
