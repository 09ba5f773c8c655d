"""Personal data in parts of a package outside of the cells, and in bytes that no parser reads."""

import io
import zipfile

import pytest

from ingestion.personal_data.parts import find_in_bytes
from ingestion.workbook.reader import SheetCells
from tests.ingestion.workbook import old_formats

NAME, NUMBER, MOBILE = "Trần Thị Ví Dụ", "070190001234", "0912345678"


def found_in(text: str | bytes) -> str | None:
    """Where personal data is found in a package with one part."""
    return find_in_bytes(package_of({"any/thing.xml": text}))


def package_of(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("part", "place"),
    [
        (
            f"<worksheet><headerFooter><oddFooter>&amp;C{NAME} {MOBILE}</oddFooter></headerFooter></worksheet>",
            "đầu trang",
        ),
        (f'<worksheet><dataValidation prompt="CCCD {NUMBER}"/></worksheet>', "lời nhắc"),
        (f'<workbook><definedName name="x">"{NUMBER}"</definedName></workbook>', "tên đặt"),
        ("<wsDr><p><r><t>CCCD 0701</t></r><r><t>90001234</t></r></p></wsDr>", "hộp chữ"),
        (f"<document-content><frame><p>{NAME}<s/>sinh<s/>năm<s/>1985</p></frame></document-content>", "hộp chữ"),
        (f"<document-meta><subject>gọi {MOBILE}</subject></document-meta>", "thuộc tính"),
        ("<Properties><property><lpwstr>CMND 285 123 456</lpwstr></property></Properties>", "thuộc tính"),
        (f'<pivotCacheRecords><r><s v="{NAME}"/><s v="{MOBILE}"/></r></pivotCacheRecords>', "PivotTable"),
        ('<pivotCacheDefinition><cacheField name="Họ và tên"/></pivotCacheDefinition>', "PivotTable"),
        ("<externalLink><v>Lê Mẫu</v><v>Trần Thử</v><v>Võ Ví Dụ</v></externalLink>", "tệp khác"),
        (f"<externalLink><row><cell><v>{NAME}</v></cell><cell><v>{MOBILE}</v></cell></row></externalLink>", "tệp khác"),
        (f'<personList><person displayName="{NAME}" userId="{MOBILE}"/></personList>', "ghi chú"),
        (f"<x><a>Họ tên: {NAME}</a></x>", "phần ẩn"),
        (f"<x>{NUMBER}<br></x>", "phần ẩn"),
        (f'<?xml version="1.0" encoding="UTF-16"?><x>{NUMBER}</x>'.encode("utf-16"), "phần ẩn"),
    ],
)
def test_persons_are_found_in_any_part_and_the_place_is_said(part, place):
    found = found_in(part)
    assert found is not None
    assert place in found


@pytest.mark.parametrize(
    "part",
    [
        f"<coreProperties><creator>{NAME}</creator><lastModifiedBy>{NAME}</lastModifiedBy></coreProperties>",
        f'<personList><person displayName="{NAME}" id="{{0070E190-0001-1A34-ABCD-070190001234}}"/></personList>',
        "<sst><si><t>Lê Mẫu</t></si><si><t>Trần Thử</t></si><si><t>Võ Ví Dụ</t></si></sst>",  # with its sheet
        "<wsDr><p><t>Hội LHPN huyện, ĐT 0271 3879 001, số 123/2024/QĐ-UBND</t></p></wsDr>",
        "<coreProperties><created>2024-11-30T01:02:03Z</created></coreProperties>",
    ],
)
def test_authors_offices_and_what_is_checked_with_its_sheet_are_none(part):
    assert found_in(part) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_persons_are_found_in_bytes(encoding):
    for start in (b"\x00\xff", b"\x00\xff\x01"):
        for text in (f"x {NUMBER};", "CMND 285.123.456", f"{NAME}, {MOBILE}"):
            assert find_in_bytes(start + text.encode(encoding) + start) is not None
        assert find_in_bytes(start + "MST 3800100009 12/070188000000".encode(encoding)) is None


@pytest.mark.parametrize(
    ("part", "place"),
    [
        (f"<x><!-- {NUMBER} --></x>", "phần ẩn"),
        (f"<?xml version='1.0'?><x><![CDATA[{NAME} {MOBILE}]]></x>", "phần ẩn"),
        ('<worksheet><oddFooter>0701&amp;"Arial,Bold"90001234</oddFooter></worksheet>', "phần ẩn"),
        (f"<worksheet><oddFooter>&amp;K000000{NUMBER}</oddFooter></worksheet>", "phần ẩn"),
        ("<queryTable><queryTableField name='HO_TEN'/></queryTable>", "phần ẩn"),
        ("<chartSpace><v>Lê Mẫu</v><v>Trần Thử</v><v>Võ Ví Dụ</v></chartSpace>", "biểu đồ"),
        (f"<chartSpace><v>{NAME}</v><v>{MOBILE}</v></chartSpace>", "biểu đồ"),
        (f'<worksheet><dataValidation><f>"{NAME},Lê Mẫu,Võ Thử"</f></dataValidation></worksheet>', "lời nhắc"),
        ("<slicerCacheDefinition><i n='Lê Mẫu'/><i n='Trần Thử'/><i n='Võ Ví Dụ'/></slicerCacheDefinition>", "phần ẩn"),
        (f"<worksheet><sheetData><row><c><is><t>{NAME} {MOBILE}</t></is></c></row></sheetData></worksheet>", "phần ẩn"),
        (f"<sst><si><t>{NAME} {MOBILE}</t></si></sst>", "chữ"),
    ],
)
def test_persons_are_found_where_no_program_shows_them(part, place):
    found = found_in(part)
    assert found is not None
    assert place in found


def test_a_text_that_was_read_as_a_cell_is_left_to_the_check_of_its_sheet():
    parts = {"any/thing.xml": f"<sst><si><t>{NAME} {MOBILE}</t></si></sst>"}
    cover = SheetCells("00_BIA", False, [[f"{NAME} {MOBILE}"]])
    assert find_in_bytes(package_of(parts)) is not None
    assert find_in_bytes(package_of(parts), [cover]) is None
    assert find_in_bytes(package_of({"any/thing.xml": f"<sst><si><t>{NUMBER}</t></si></sst>"}), [cover]) is not None


@pytest.mark.parametrize("text", [f"CCCD {NUMBER}", f"{NAME} {MOBILE}", "Họ và tên"])
def test_persons_are_found_in_embedded_files(text):
    inner = package_of({"word/document.xml": f"<document><p>{text}</p></document>"})
    for name, content in (("a.docx", inner), ("a.zip", package_of({"b.zip": inner})), ("a.bin", b"a.docx\0" + inner)):
        assert find_in_bytes(package_of({name: content})) == "tệp nhúng trong sổ tính"
    assert find_in_bytes(package_of({"a.docx": package_of({"word/document.xml": "<p>Vốn</p>"})})) is None
    assert find_in_bytes(package_of({"a.docx": inner[:-9]})) is None  # cannot be read


def test_persons_are_found_in_an_old_workbook_beside_its_cells():
    person = f"{NAME}, {MOBILE}"
    content = old_formats.xls({"a": [["x"]]}, comments={("a", 0, 0): person})
    assert find_in_bytes(content) is not None
    assert find_in_bytes(content, [SheetCells("a", False, [[person]])]) is None
    assert find_in_bytes(old_formats.xls({"a": [["x"]]}, comments={("a", 0, 0): "xem lại"})) is None
