"""Text of before Unicode, and text garbled on its way."""

import csv

import pytest

from ingestion.workbook.cells import AmbiguousText, DecodedText
from ingestion.workbook.legacy_encodings import LegacyFont, TextDecoder, decode, fix_mojibake, legacy_font
from warehouse.reference.names import name_key

VN_TIME = LegacyFont("tcvn3", False)


def read(text, font=None):
    found = TextDecoder().decode(text, font)
    return type(found).__name__, getattr(found, "other", str(found))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".VnTime", LegacyFont("tcvn3", False)),
        (".VnTimeH", LegacyFont("tcvn3", True)),
        (".vnarial", LegacyFont("tcvn3", False)),
        ("VNI-Times", LegacyFont("vni", False)),
        ("Times New Roman", None),
    ],
)
def test_the_name_of_a_font_gives_its_encoding(name, expected):
    assert legacy_font(name) == expected


@pytest.mark.parametrize(
    ("sent", "encoding", "expected"),
    [
        ("Hîp t¸c x· Hoa Lan", "tcvn3", "Hợp tác xã Hoa Lan"),
        ("Huyện", "tcvn3", None),
        ("§ång Xoµi, B×nh Ph\u00adíc", "tcvn3", "Đồng Xoài, Bình Phước"),
        ("Hôïp taùc xaõ Ñoàng Taâm", "vni", "Hợp tác xã Đồng Tâm"),
        ("TOÅ HÔÏP TAÙC", "vni", "TỔ HỢP TÁC"),
        ("Aân", "vni", "Ân"),
    ],
)
def test_each_encoding_has_its_table(sent, encoding, expected):
    assert decode(sent, encoding) == expected


def test_every_old_spelling_of_a_units_name_is_that_name(seeds):
    with (seeds / "administrative_unit_aliases.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["encoding"] in ("tcvn3", "vni")]
    wrong = [row for row in rows if name_key(decode(row["alias"], row["encoding"])) != name_key(row["name_full"])]
    assert (len(rows), wrong) == (440, [])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("HTX Hîp Ph¸t", "HTX Hợp Phát"),
        ("Hôïp taùc xaõ", "Hợp tác xã"),
        ("Ph\u00adêng B×nh Ph\u00adíc", "Phường Bình Phước"),
        ("H§QT HTX Thµnh C«ng", "HĐQT HTX Thành Công"),
        ("Há»£p tÃ¡c xÃ£", "Hợp tác xã"),
        ("Ä\u0090Æ°á»\u009dng", "Đường"),
        ("Há»£p tĂ¡c xĂ£", "Hợp tác xã"),
        ("LÃ  nhÃ  vÆ°á»\u009dn", "Là nhà vườn"),
        ("lÃ  hoa", "là hoa"),
    ],
)
def test_letters_that_can_be_nothing_else_are_decoded_without_a_font(sent, expected):
    found = TextDecoder().decode(sent)
    assert (type(found), str(found), found.sent) == (DecodedText, expected, sent)


@pytest.mark.parametrize(
    "text",
    [
        "Hợp tác xã", "Xã Phú", "Hà", "cà phê", "«Sao Mai»", "100 m²", "37°C", "5 × 3 m", "½", "Café Sài Gòn",
        "München", "© 2024", "Đăk Ơ", "Hợp ta\u0301c xa\u0303", "HĐQT", "Thôn 3", "quý IV",
        "XÃ PHÚ", "XÃ\u00a0PHÚ", "XÃ LỘC NINH", "XÃ\u00a0LỘC NINH", "Tô Thị Ví Dụ", "Bình Ph\u00adước",
    ],
)  # fmt: skip
def test_genuine_unicode_is_never_decoded_whatever_its_font(text):
    assert TextDecoder().decode(text) == text
    assert type(TextDecoder().decode(text)) is str
    if text not in ("«Sao Mai»", "5 × 3 m", "½", "© 2024", "München"):  # in that font they show as other letters
        assert not isinstance(TextDecoder().decode(text, VN_TIME), DecodedText)


def test_every_name_and_label_of_the_reference_data_is_genuine(reference):
    texts = [name for unit in reference.units.values() for name in (unit.name_full, unit.name_full.upper())]
    texts += [alias.alias for alias in reference.units.aliases if alias.encoding.startswith("unicode")]
    texts += [label for labels in reference.code_lists.values() for label in labels.values()]
    texts += [field.header_vi for sheet in reference.form_for(2023).sheets.values() for field in sheet.fields]
    assert [text for text in texts if type(TextDecoder().decode(text)) is not str] == []


@pytest.mark.parametrize(
    ("sent", "other"),
    [
        ("x·", "xã"),  # one short word is no proof
        ("25 µm", "25 àm"),
        ("B×nh Phíc", "Bình Phước"),  # its ư was lost
    ],
)
def test_what_is_no_proof_stays_and_the_other_reading_is_named(sent, other):
    found = TextDecoder().decode(sent)
    assert (type(found), str(found), found.alternative) == (AmbiguousText, sent, other)


def test_a_font_decides_what_letters_leave_open():
    assert read("x·", VN_TIME) == ("DecodedText", "xã")
    assert read("¥", VN_TIME) == ("DecodedText", "Ơ")
    assert read("héi phô n÷", LegacyFont("tcvn3", True)) == ("DecodedText", "HỘI PHỤ NỮ")


def test_text_that_is_vietnamese_both_ways_is_ambiguous_until_its_font_is_proven():
    decoder = TextDecoder()
    assert decoder.decode("tá", VN_TIME) == "tá"
    assert decoder.decode("tá", VN_TIME).alternative == "tỏ"
    decoder.learn("Hîp t¸c x·", VN_TIME)
    assert (decoder.decode("tá", VN_TIME), decoder.decode("tá", VN_TIME).sent) == ("tỏ", "tá")
    decoder.learn("Hợp tác xã", VN_TIME)
    assert isinstance(decoder.decode("tá", VN_TIME), AmbiguousText)


def test_mojibake_that_cannot_be_repaired_is_kept_and_reported():
    assert read("H\ufffd£p tÃ¡c") == ("DecodedText", "H\ufffd£p tÃ¡c")
    assert fix_mojibake("Hợp tác xã") is None
    assert fix_mojibake("".join(bytes([byte]).decode("cp1252") for byte in "Há»£p".encode())) == "Hợp"
