"""The authors of a document, taken out of what is kept and sent."""

import io
import zipfile

import openpyxl
import pytest
import xlrd

from ingestion.personal_data.authors import without_authors
from ingestion.workbook.own_markup import COMMENT_AUTHOR
from ingestion.workbook.reader import read_workbook
from tests.ingestion.workbook import old_formats

AUTHOR = "Trần Thị Ví Dụ"
PERSONS = f'<personList><person displayName="{AUTHOR}" id="{{1}}" userId="{AUTHOR}"/></personList>'
USERS = f'<users><userInfo guid="{{1}}" name="{AUTHOR}" id="1"/></users>'
SAVED_IN = f'<workbook><x15ac:absPath url="C:\\Users\\{AUTHOR}\\" xmlns:x15ac="urn:x"/></workbook>'
META = (
    "<office:document-meta><meta:initial-creator>{0}</meta:initial-creator><dc:creator><![CDATA[{0}]]></dc:creator>"
    "<dc:title>Báo cáo</dc:title></office:document-meta>"
)


@pytest.fixture
def authored(filled_form, edited) -> bytes:
    """A workbook with an author, a last author, a comment of theirs, and one of ours."""

    def write(workbook: openpyxl.Workbook) -> None:
        workbook.properties.creator = workbook.properties.lastModifiedBy = AUTHOR
        workbook["01_HTX"]["B3"].comment = openpyxl.comments.Comment("xem lại", AUTHOR)
        workbook["01_HTX"]["C3"].comment = openpyxl.comments.Comment("Kho dữ liệu HTX:", COMMENT_AUTHOR)

    parts = {"xl/persons/person.xml": PERSONS, "XL/REVISIONS/USERNAMES.XML": USERS, "xl/saved.xml": SAVED_IN}
    return with_parts(edited(filled_form(), write), parts)


def with_parts(content: bytes, parts: dict[str, str]) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_no_part_names_an_author_of_the_workbook(authored):
    before, after = parts_of(authored), parts_of(without_authors(authored))
    assert [name for name, part in before.items() if AUTHOR.encode() in part] != []
    assert [name for name, part in after.items() if AUTHOR.encode() in part] == []
    assert before.keys() == after.keys()


def test_nothing_else_changes(authored):
    before, after = read_workbook(authored), read_workbook(without_authors(authored))
    assert [(each.name, each.rows) for each in after] == [(each.name, each.rows) for each in before]
    assert after[1].annotations.comments == {(2, 1): "xem lại"}
    changed = {name for name, part in parts_of(authored).items() if parts_of(without_authors(authored))[name] != part}
    assert len(changed) == 5  # properties, comments, persons, users, folder


def test_the_compressed_bytes_of_the_old_part_are_gone(authored):
    with zipfile.ZipFile(io.BytesIO(authored)) as archive:
        entry = archive.getinfo("docProps/core.xml")
        compressed = authored[entry.header_offset :][:600]
    assert compressed[100:200] not in without_authors(authored)


def test_the_authors_of_an_open_document_are_taken_out():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("meta.xml", META.format(AUTHOR))
    [meta] = parts_of(without_authors(target.getvalue())).values()
    assert AUTHOR.encode() not in meta
    assert "Báo cáo".encode() in meta


def test_the_authors_of_an_old_workbook_are_taken_out():
    content = old_formats.xls({"a": [["x"]]}, comments={("a", 0, 0): "xem lại"})
    before, after = (
        xlrd.open_workbook(file_contents=each, formatting_info=True).sheet_by_index(0).cell_note_map[0, 0]
        for each in (content, without_authors(content))
    )
    assert (before.author, after.author.strip("\x00"), after.text) == ("ai", "", "xem lại")


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 damaged", b"%PDF", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_stays_as_it_is(content):
    assert without_authors(content) == content
