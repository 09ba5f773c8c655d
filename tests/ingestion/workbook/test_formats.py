"""The form in every format that is accepted, and what only pretends to be one."""

import io
import zipfile

import pytest

from ingestion.form.submission import read_submission
from ingestion.workbook.reader import read_workbook
from ingestion.workbook.rejected_file import RejectedFile, reasons
from tests.ingestion.workbook import hostile
from tests.ingestion.workbook.old_formats import Error, cells_of, ods, xls

MACRO_BOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def with_macros(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as plain, zipfile.ZipFile(target, "w") as archive:
        for name in plain.namelist():
            book = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            archive.writestr(name, plain.read(name).replace(book, MACRO_BOOK))
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Sub Auto_Open() Kill ThisWorkbook")
    return target.getvalue()


FORMATS = {
    "xlsm": with_macros,
    "xls": lambda content: xls(cells_of(content)),
    "ods": lambda content: ods(cells_of(content)),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_form_has_the_same_content_in_every_format(filled_form, received, reference, kind):
    content = filled_form()
    expected = read_submission(received(content), reference)
    found = read_submission(received(FORMATS[kind](content), name="bao cao.bin"), reference)
    assert found.cover == expected.cover
    assert {code: sheet.rows for code, sheet in found.sheets.items()} == {
        code: sheet.rows for code, sheet in expected.sheets.items()
    }
    assert found.content_sha256 == expected.content_sha256
    assert [(each.rule_code, each.details["unknown"]) for each in found.warnings] == (
        [("F08", ".xls")] if kind == "xls" else []
    )


def test_a_workbook_of_today_under_an_old_name_is_what_it_is(filled_form, received, reference):
    assert read_submission(received(filled_form(), name="BC (1) final.xls"), reference).unit_code == "692"


def test_an_encrypted_xls_is_rejected_for_its_password():
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(xls({"01_HTX": [["x"]]}, is_encrypted=True))
    assert rejection.value.details["reason"] == "password"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n", "text"),
        (b"%PDF-1.4", "pdf"),
        (b"\x00\x00\x00\x18ftypheic....", "image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image"),
        (b"7z\xbc\xaf\x27\x1c....", "archive"),
        (b"BZh91AY&SY....", "archive"),
        (b"\x1f\x8b\x08....", "archive"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "html"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "html"),
        (b"{\\rtf1", "document"),
        (b'{"url": "https://example.org/sheet"}', "text"),
        (b"MZ\x90\x00\x03\x00", "unknown"),
        (b"", "empty"),
    ],
)
def test_what_pretends_to_be_a_workbook_is_known_for_what_it_is(content, reason):
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(content)
    assert rejection.value.details["reason"] == reason


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsm"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_workbook_that_was_cut_off_is_damaged_in_every_format(filled_form, kind, part):
    content = FORMATS[kind](filled_form())
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(content[: int(part * len(content))])
    assert rejection.value.details["reason"] == "damaged"


def test_every_reason_is_said_in_both_languages_with_what_to_do():
    for vietnamese, english in reasons().values():
        assert any(word in vietnamese for word in ("gửi", "Xóa", "Bỏ"))
        assert any(word in english.lower() for word in ("send", "save"))


@pytest.mark.parametrize("write", [xls, ods])
def test_an_error_is_not_lost_in_any_format(write):
    (sheet,) = read_workbook(write({"01_HTX": [["a", 1.0], [Error("#REF!"), 2.0]]}))
    assert sheet.rows == [["a", 1.0], ["#REF!", 2.0]]
    assert sheet.annotations.broken == {(1, 0): "#REF!"}


def test_annotations_of_an_xls_are_read():
    cells = {"01_HTX": [["a", "b"], ["c", "Hîp t¸c"], ["tá", "e"], [0.85, 0.85]]}
    (old,) = read_workbook(
        xls(
            cells,
            hidden_rows={"01_HTX": {1}},
            hidden_columns={"01_HTX": {1}},
            fonts={("01_HTX", 1, 1): ".VnTime", ("01_HTX", 2, 0): ".VnTime"},
            percentages=frozenset({("01_HTX", 3, 0)}),
            comments={("01_HTX", 2, 1): "xem lại"},
        )
    )
    assert (old.annotations.hidden_rows, old.annotations.hidden_columns) == ({1}, {1})
    assert old.rows == [["a", "b"], ["c", "Hợp tác"], ["tỏ", "e"], [0.85, 0.85]]
    assert old.annotations.percentages == {(3, 0)}
    assert old.annotations.comments == {(2, 1): "xem lại"}


def test_a_binary_workbook_of_today_is_rejected_with_how_to_save_it():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(content.getvalue())
    assert rejection.value.details["reason_vi"] == (
        "Tệp kiểu .xlsb (Excel Binary Workbook) không được tiếp nhận. Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu"
        " Excel Workbook (.xlsx) rồi gửi lại."
    )


def test_annotations_of_an_ods_are_read():
    style = '<style:style style:name="ce1" style:family="table-cell">{}</style:style>'
    old = style.format('<style:text-properties style:font-name=".VnTime" fo:color="#ff0000"/>')
    cell = (
        '<table:table-cell table:style-name="ce1" office:value-type="string"><office:annotation><dc:creator>Huyện'
        "</dc:creator><text:p>xem</text:p></office:annotation><text:p>Hîp t¸c</text:p></table:table-cell>"
    )
    linked = (
        '<table:table-cell table:formula="of:=\'file:///a.ods\'#$Sheet1.A1" office:value-type="float"'
        ' office:value="3"><text:p>3</text:p></table:table-cell>'
    )
    content = ods({"s": [["a", "b"], ["c", "d"]]}, styles=old, cells={("s", 1, 0): cell, ("s", 1, 1): linked})
    (sheet,) = read_workbook(content)
    assert sheet.rows == [["a", "b"], ["Hợp tác", 3.0]]
    assert sheet.annotations.comments == {(1, 0): "xem"}
    assert sheet.annotations.coloured == {(1, 0): "ink FF0000"}
    assert sheet.annotations.linked == {(1, 1)}


def test_an_ods_with_macros_of_libreoffice_is_read(filled_form, received, reference):
    library = (
        b'<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd"><library/>'
    )
    content = hostile.with_part(ods(cells_of(filled_form())), "Basic/Standard/script-lb.xml", library)
    assert read_submission(received(content), reference).unit_code == "692"


def test_a_workbook_zipped_again_on_a_mac_is_read(filled_form, received, reference):
    content = hostile.with_part(filled_form(), "__MACOSX/xl/._workbook.xml", b"\x00\x05\x16\x07\x00\x02Mac OS X")
    assert read_submission(received(content), reference).unit_code == "692"
