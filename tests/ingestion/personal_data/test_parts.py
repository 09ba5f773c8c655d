"""Personal data in parts of a package outside of the cells, and in bytes that no parser reads."""

import io
import zipfile

import pytest

from ingestion.personal_data.parts import find_in_package, has_identity_number
from ingestion.workbook.package import Package

NAME, NUMBER, MOBILE = "Trần Thị Ví Dụ", "070190001234", "0912345678"


def found_in(text: str | bytes) -> str | None:
    """Where personal data is found in a package with one part."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("any/thing.xml", text)
    return find_in_package(Package(target.getvalue()))


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
        f"<comments><comment><text><t>gọi {NAME}, {MOBILE}</t></text></comment></comments>",  # with its sheet
        f"<worksheet><sheetData><row><c><v>{NUMBER}</v></c></row></sheetData></worksheet>",  # a cell
        "<wsDr><p><t>Hội LHPN huyện, ĐT 0271 3879 001, số 123/2024/QĐ-UBND</t></p></wsDr>",
        "<coreProperties><created>2024-11-30T01:02:03Z</created></coreProperties>",
    ],
)
def test_authors_offices_and_what_is_checked_with_its_sheet_are_none(part):
    assert found_in(part) is None


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le"])
def test_identity_numbers_are_found_in_bytes(encoding):
    for start in (b"\x00\xff", b"\x00\xff\x01"):
        assert has_identity_number(start + f"x {NUMBER};".encode(encoding) + start)
        assert has_identity_number(start + "CMND 285.123.456".encode(encoding))
        assert not has_identity_number(start + "MST 3800100009 12/070188000000".encode(encoding))
