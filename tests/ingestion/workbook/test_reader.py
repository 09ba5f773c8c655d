"""A workbook's bytes as sheets of cells."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingestion.workbook.cells import column_letter
from ingestion.workbook.reader import Limits, read_workbook
from ingestion.workbook.rejected_file import RejectedFile

SLIDES = b'<r><r Id="1" Type="x/officeDocument" Target="ppt/presentation.xml"/></r>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def saved(workbook: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def one_sheet(**cells) -> bytes:
    workbook = openpyxl.Workbook()
    for place, value in cells.items():
        workbook.active[place] = value
    return saved(workbook)


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


ODS = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    b'<office:body><office:spreadsheet><table:table table:name="01_HTX"><table:table-row>'
    b'<table:table-cell office:value-type="string"><text:p>001</text:p></table:table-cell>'
    b'<table:table-cell office:value-type="float" office:value="45"><text:p>45</text:p></table:table-cell>'
    b"</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)

ODS_MANIFEST = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="/"'
    b' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def open_document(**parts: bytes) -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(**{"mimetype": kind, "content_xml": ODS, "META-INF__manifest_xml": ODS_MANIFEST, **parts})


def test_cells_come_as_they_were_typed():
    content = one_sheet(A1="001", B1=45, C1=0.85, D1=True, E1=date(2024, 11, 30), F1=datetime(2024, 11, 30, 8, 15))
    (sheet,) = read_workbook(content)
    assert sheet.rows == [["001", 45.0, 0.85, True, date(2024, 11, 30), datetime(2024, 11, 30, 8, 15)]]


def test_the_first_cell_is_a1_also_where_the_sheet_begins_below_and_right_of_it():
    (sheet,) = read_workbook(one_sheet(C4="x"))
    assert sheet.rows == [["", "", ""], ["", "", ""], ["", "", ""], ["", "", "x"]]


def test_sheets_keep_their_order_and_say_whether_they_are_hidden():
    workbook = openpyxl.Workbook()
    workbook.active.title = "Bìa"
    workbook.create_sheet("ẩn").sheet_state = "hidden"
    workbook.create_sheet("ẩn hẳn").sheet_state = "veryHidden"
    workbook.create_chartsheet("biểu đồ")
    found = [(sheet.name, sheet.is_hidden, sheet.rows) for sheet in read_workbook(saved(workbook))]
    assert found == [("Bìa", False, []), ("ẩn", True, []), ("ẩn hẳn", True, [])]


def test_days_are_days_in_the_calendar_of_1904_too():
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = date(2024, 11, 30)
    assert read_workbook(saved(workbook))[0].rows == [[date(2024, 11, 30)]]


def test_an_open_document_spreadsheet_is_read():
    assert [(sheet.name, sheet.rows) for sheet in read_workbook(open_document())] == [("01_HTX", [["001", 45.0]])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\r\n  \x00", "empty"),
        ("Mã số HTX;Tên\n3800100009;Hoa Lan\n".encode(), "text"),
        ("\ufeffMã số\tTên\n".encode("utf-16"), "text"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0....", "image"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml"),
        (b"Rar!\x1a\x07\x00....", "archive"),
        (zipped(bc_xml=b"<a/>"), "archive"),
        (zipped(word__document_xml=b"<document/>"), "document"),
        (zipped(content_xml=b"<content><body><text/></body></content>"), "document"),
        (open_document(**{"META-INF__manifest_xml": b"<manifest:encryption-data/>"}), "password"),
        (OLE + b"\x00" * 600 + "EncryptedPackage\0".encode("utf-16-le"), "password"),
        (OLE + b"\x00" * 600 + "WordDocument\0".encode("utf-16-le"), "document"),
        (OLE + b"\x00" * 600 + "Workbook\0".encode("utf-16-le"), "damaged"),
        (OLE + b"\x00" * 600, "damaged"),
        (OLE + b"\x00" * 600 + "Root Entry\0PowerPoint Document\0".encode("utf-16-le"), "unknown"),
        (zipped(ppt__presentation_xml=b"<presentation/>", **{"_rels/.rels": SLIDES}), "unknown"),
        (zipped(mimetype=b"application/epub+zip", OEBPS__content_opf=b"<a/>"), "unknown"),
        (zipped(**{"Index/Document.iwa": b"\x00"}), "unknown"),
        (zipped(**{"[Content_Types].xml": b"<Types/>"}), "damaged"),
        (zipped(xl__workbook_xml=b"<workbook"), "damaged"),
        (one_sheet(A1="x")[:-200], "damaged"),
        (one_sheet(A1="x")[:2000], "damaged"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 100, "unknown"),
    ],
)
def test_a_file_that_is_not_a_workbook_is_rejected_with_a_reason(content, reason):
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(content)
    assert (rejection.value.rule_code, rejection.value.details["reason"]) == ("F01", reason)
    assert rejection.value.details["reason_vi"].endswith((".", ")"))
    assert rejection.value.keep_content


def wide_and_tall() -> bytes:
    return one_sheet(A1="x", XFD1048576="y")


def many_sheets() -> bytes:
    workbook = openpyxl.Workbook()
    for number in range(4):
        workbook.create_sheet(f"{number}")
    return saved(workbook)


@pytest.mark.parametrize(
    ("content", "limits", "reason", "limit"),
    [
        (one_sheet(A1="x"), Limits(bytes=1_000_000 // 1_000), "too_large", "0 MB"),
        (zipped(xl__workbook_xml=b"<a/>" * 1_000_000), Limits(expanded_bytes=1_000_000), "too_large", "1 MB"),
        (one_sheet(A1="x"), Limits(parts=3), "too_large", "200 MB"),
        (wide_and_tall(), Limits(), "too_many_cells", "2.000.000"),
        (many_sheets(), Limits(sheets=4), "too_many_sheets", "4"),
    ],
)
def test_what_is_over_a_bound_is_not_opened(content, limits, reason, limit):
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(content, limits)
    assert (rejection.value.details["reason"], rejection.value.details["limit"]) == (reason, limit)
    assert limit in rejection.value.details["reason_vi"]


def test_a_sheet_that_is_too_large_is_named():
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(wide_and_tall())
    assert rejection.value.details["reason_vi"] == (
        "Trang tính «Sheet» trải rộng quá số ô cho phép (2.000.000): có ô chứa dữ liệu nằm quá xa. Xóa các ô ở ngoài"
        " bảng của trang này rồi gửi lại."
    )


def test_a_part_larger_than_its_directory_entry_is_rejected():
    content = bytearray(one_sheet(A1="x"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    entry = content.index(b"xl/worksheets/sheet1.xml", part.header_offset + 60) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(RejectedFile) as rejection:
        read_workbook(bytes(content))
    assert rejection.value.details["reason"] == "damaged"


def test_columns_have_letters():
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702, 16383)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
