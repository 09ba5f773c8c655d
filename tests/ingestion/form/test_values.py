"""One cell as the type of its field."""

from datetime import date, datetime

import pytest

from ingestion.form.parsed_value import ParsedValue
from ingestion.form.values import parser_for
from ingestion.workbook.cells import sent_text
from warehouse.reference.forms import Field

YEAR, DAY = 2024, date(2024, 11, 20)


def field(kind, unit=None, code_list=None) -> Field:
    return Field("01_HTX", "any", "Cột", kind, unit, True, code_list, None, None, 1)


def read(reference, cell, kind, unit=None, code_list=None, unit_code="692") -> ParsedValue:
    about = field(kind, unit, code_list)
    return parser_for(about, reference, YEAR, reference.roster[YEAR, unit_code], DAY)(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (45.0, "45"),
        (45, "45"),
        ("45", "45"),
        (" 45\u00a0", "45"),
        ("0", "0"),
        ("007", "7"),
        ("-5", "-5"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("2 786", "2786"),
        ("2\u00a0786", "2786"),
        ("2.786 người", "2786"),
        ("12,0", "12"),
        ("12.0", "12"),
        (2786000000.0, "2786000000"),
    ],
)
def test_a_count_is_read_with_certainty(reference, cell, expected):
    assert read(reference, cell, "integer", "person") == ParsedValue(expected)


@pytest.mark.parametrize(
    "cell",
    ["12.5", "1.234,5", "1 23", "12,", "không", "khoảng 20", "3.80E+09", "1.234.56", "0.850", "85%", 1.234, True],
)
def test_what_is_no_count_stays_as_it_was_sent(reference, cell):
    assert read(reference, cell, "integer", "person") == ParsedValue(sent_text(cell), is_parsed=False)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (1234.5, "1234.5"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234 567,5", "1234567.5"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0,850", "0.85"),
        ("1.234.567", "1234567"),
        ("3.500.000 triệu đồng", "3500000"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_read_with_certainty(reference, cell, expected):
    assert read(reference, cell, "money", "million VND") == ParsedValue(expected)


@pytest.mark.parametrize(
    ("cell", "kind", "unit", "read_as", "other"),
    [
        ("1,234", "integer", "person", "1234", "1.234"),
        ("1,234", "money", "million VND", "1.234", "1234"),
        ("1.234", "money", "million VND", "1234", "1.234"),
        ("11/30/2024", "date", None, "2024-11-30", "11/30/2024"),
        ("30/11/24", "date", None, "2024-11-30", "1924"),
        ("5/6/98", "date", None, "1998-06-05", "2098"),
        ("x", "boolean", None, "C", "x"),
        ("0", "boolean", None, "K", "0"),
        ("chưa có", "boolean", None, "K", "chưa có"),
    ],
)
def test_what_could_mean_two_things_is_read_and_the_other_is_named(reference, cell, kind, unit, read_as, other):
    assert read(reference, cell, kind, unit) == ParsedValue(read_as, alternative=other)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'3800100009", "3800100009"),
        ("\u20193800100009 ", "3800100009"),
        ("'44A000123", "44A000123"),
        ("'Hoa Lan' và bạn", "'Hoa Lan' và bạn"),
        ("'", "'"),
    ],
)
def test_the_apostrophe_that_keeps_a_number_a_text_is_no_part_of_it(reference, cell, text):
    assert read(reference, cell, "text") == ParsedValue(text)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("01/01/0001", "01/01/0001"),
        (date(1, 1, 1), "01/01/0001"),
        (datetime(9999, 12, 31), "31/12/9999"),
        ("0001-01-01", "01/01/0001"),
        ("31/12/1949", "31/12/1949"),
        ("1/1/2100", "1/1/2100"),
    ],
)
def test_a_day_that_no_form_can_speak_of_is_not_read(reference, cell, kept):
    assert read(reference, cell, "date") == ParsedValue(kept, is_parsed=False)


@pytest.mark.parametrize("kind", ["integer", "money", "number", "date", "boolean", "text"])
@pytest.mark.parametrize("cell", ["", None, "  ", "\u00a0", "-", "—", "–", "…", "N/A", "\u200b"])
def test_signs_for_nothing_mean_neither_zero_nor_no(reference, cell, kind):
    assert read(reference, cell, kind, "person") == ParsedValue(None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (date(2024, 11, 30), "2024-11-30"),
        (datetime(2024, 11, 30, 8, 15), "2024-11-30"),
        (45626.0, "2024-11-30"),
        ("2024-11-30", "2024-11-30"),
        ("2024-11-30 00:00:00", "2024-11-30"),
        ("30/11/2024", "2024-11-30"),
        ("30.11.2024", "2024-11-30"),
        ("3-4-2024", "2024-04-03"),
        ("30 / 11 / 2024", "2024-11-30"),
        ("ngày 30 tháng 11 năm 2024", "2024-11-30"),
        ("Ngày 3 tháng 4 năm 2024.", "2024-04-03"),
    ],
)
def test_a_day_is_read_as_it_is_written_here(reference, cell, expected):
    assert read(reference, cell, "date") == ParsedValue(expected)


@pytest.mark.parametrize("cell", ["31/02/2024", "2024", 2024.0, "tháng 11", "30/13/2024", "hôm qua"])
def test_what_is_no_day_stays_as_it_was_sent(reference, cell):
    assert read(reference, cell, "date") == ParsedValue(sent_text(cell), is_parsed=False)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("C", "C"), ("c ", "C"), ("Có", "C"), ("CÓ", "C"), ("K", "K"), ("không", "K"), (True, "C"), (False, "K")],
)
def test_yes_and_no_are_read_with_certainty(reference, cell, expected):
    assert read(reference, cell, "boolean") == ParsedValue(expected)


@pytest.mark.parametrize(
    ("cell", "code_list", "expected"),
    [
        ("crop", "sectors", "crop"),
        ("CROP", "sectors", "crop"),
        ("Trồng trọt", "sectors", "crop"),
        ("  trồng   TRỌT ", "sectors", "crop"),
        ("Thuỷ sản", "sectors", "aquaculture"),
        ("IV.1.c", "duties", "IV.1.c"),
        ("T05 - Tỷ lệ nữ quản lý HTX được đào tạo, bồi dưỡng", "indicators", "T05"),
        ("692", "reporting_units", "692"),
        (692.0, "reporting_units", "692"),
        ("Huyện Lộc Ninh", "reporting_units", "692"),
        ("25280", "communes", "25280"),
        (25280.0, "communes", "25280"),
        ("25280 - Xã Lộc Thạnh", "communes", "25280"),
        ("Xã Lộc Thành", "communes", "25294"),
        ("lộc thạnh", "communes", "25280"),
    ],
)
def test_a_code_is_read_from_itself_or_its_label(reference, cell, code_list, expected):
    assert read(reference, cell, "code", code_list=code_list) == ParsedValue(expected)


@pytest.mark.parametrize(
    ("cell", "code_list"),
    [
        ("Trồng cây", "sectors"),
        ("Loc Thanh", "communes"),  # two communes of this district without their diacritics
        ("25999", "communes"),
        ("Phường Bình Phước", "communes"),  # a name of the next year
    ],
)
def test_what_is_in_no_list_stays_as_it_was_sent(reference, cell, code_list):
    assert read(reference, cell, "code", code_list=code_list) == ParsedValue(cell, is_parsed=False)


def test_the_name_of_a_commune_is_looked_up_inside_the_unit(reference):
    # Tân Lợi is a commune of Hớn Quản and of Đồng Phú.
    assert read(reference, "Xã Tân Lợi", "code", code_list="communes", unit_code="694").text == "25342"
    assert read(reference, "Xã Tân Lợi", "code", code_list="communes", unit_code="695").text == "25378"
    assert not read(reference, "Xã Tân Lợi", "code", code_list="communes", unit_code="692").is_parsed


def test_repaired_letters_are_marked_as_such(reference):
    assert read(reference, "\u00d0an lát", "text") == ParsedValue("Đan lát", repaired=True)
    assert read(reference, "\uff14\uff15", "integer") == ParsedValue("45", repaired=True)


def test_a_text_keeps_what_a_number_would_lose(reference):
    assert read(reference, "0012", "text") == ParsedValue("0012")
    assert read(reference, 3800100009.0, "text") == ParsedValue("3800100009")


def test_the_stars_of_ocop_are_numbers_with_labels(reference):
    assert read(reference, "4 sao", "integer", "star", "ocop_stars") == ParsedValue("4")
    assert read(reference, "Chưa có sao", "integer", "star", "ocop_stars") == ParsedValue("0")


def test_a_percentage_sign_does_not_change_the_number(reference):
    assert read(reference, "85%", "number") == ParsedValue("85")


def test_what_was_sent_is_kept_as_text():
    cells = ["001", 45.0, 0.85, True, date(2024, 11, 30), datetime(2024, 11, 30, 8, 15), None]
    assert [sent_text(cell) for cell in cells] == ["001", "45", "0.85", "TRUE", "2024-11-30", "2024-11-30 08:15:00", ""]


def test_one_parser_serves_all_cells_of_a_field(reference):
    parse = parser_for(field("code", code_list="sectors"), reference)
    assert [parse(cell).text for cell in ("Trồng trọt", "crop", "")] == ["crop", "crop", None]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-11-30T00:00:00Z", ParsedValue("2024-11-30")),
        ("2024-11-30T00:00:00.000Z", ParsedValue("2024-11-30")),
        ("2024-11-30T00:00:00+07:00", ParsedValue("2024-11-30")),
        ("2024-11-30T08:30Z", ParsedValue("2024-11-30")),
        ("2024-11-29T23:59:30.000Z", ParsedValue("2024-11-30")),
        # Midnight in Viet Nam, as a program there stores a day in UTC.
        ("2024-11-29T17:00:00.000Z", ParsedValue("2024-11-30", alternative="2024-11-29")),
        ("2024-11-29T20:00:00Z", ParsedValue("2024-11-29", alternative="2024-11-30")),
        ("2024-11-31T00:00:00Z", ParsedValue("2024-11-31T00:00:00Z", is_parsed=False)),
        ("9999-12-31T23:00:00Z", ParsedValue("9999-12-31T23:00:00Z", is_parsed=False)),
    ],
)
def test_a_day_with_a_time_zone_is_a_day(reference, cell, expected):
    assert read(reference, cell, "date") == expected
