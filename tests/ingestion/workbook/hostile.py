"""Files that mean harm, each made in memory: what they claim or swell to is far larger than they are."""

import io
import zipfile
from collections.abc import Callable

import openpyxl

SHEET_1 = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook() -> bytes:
    """A small workbook of another program, with one text cell."""
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes | Callable[[bytes], bytes]) -> bytes:
    """The archive with another part of that name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        was = old.read(name) if name in old.namelist() else b""
        new.writestr(name, part(was) if callable(part) else part)
    return target.getvalue()


def without_part(content: bytes, name: str) -> bytes:
    """The archive without the part of that name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
    return target.getvalue()


def sheet(rows: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'.encode()


def zip_bomb() -> bytes:
    """300 MB of blanks in a part, in a file of 300 kB."""
    return with_part(workbook(), "xl/media/image1.xml", b" " * 300_000_000)


def zip_bomb_of_many_parts() -> bytes:
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(2_500):
            archive.writestr(f"xl/media/{number}.xml", b"")
    return target.getvalue()


def overlapping_parts() -> bytes:
    """Many entries of the directory that share the same compressed bytes."""
    content = bytearray(with_part(workbook(), "xl/media/a.xml", b" " * 20_000_000))
    end = content.rindex(b"PK\x05\x06")
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    directory = bytes(content[start:end])
    entry = directory[directory.rindex(b"PK\x01\x02") :]
    copies = b"".join(entry.replace(b"xl/media/a.xml", b"xl/media/%c.xml" % (98 + n)) for n in range(12))
    count = int.from_bytes(content[end + 10 : end + 12], "little") + 12
    tail = bytearray(content[end:])
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (len(directory) + len(copies)).to_bytes(4, "little")
    return bytes(content[:start]) + directory + copies + bytes(tail)


def endless_sheet() -> bytes:
    """Two cells, at the two ends of the largest sheet that there is: 1,048,576 x 16,384 cells between them."""
    return with_part(workbook(), SHEET_1, sheet(CORNERS))


def endless_sheet_in_another_folder() -> bytes:
    """The same, where only the relations of the workbook tell that the part is a sheet."""
    moved = with_part(workbook(), "xl/elsewhere/s.xml", sheet(CORNERS))
    relations = "xl/_rels/workbook.xml.rels"
    return with_part(moved, relations, lambda was: was.replace(b"/xl/worksheets/sheet1.xml", b"/xl/elsewhere/s.xml"))


def claimed_dimension() -> bytes:
    """One cell, on a sheet that declares the largest possible dimension: harmless, as it is not used."""
    return with_part(
        workbook(), SHEET_1, lambda was: was.replace(b'<dimension ref="A1"', b'<dimension ref="A1:XFD1048576"')
    )


def deep_xml() -> bytes:
    return with_part(workbook(), SHEET_1, sheet("<x>" * 2_000_000 + "</x>" * 2_000_000))


def external_entity() -> bytes:
    kind = '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    part = f'<?xml version="1.0"?>{kind}<sst {MAIN}><si><t>&x;</t></si></sst>'
    return with_part(workbook(), STRINGS, part.encode())


def entities_that_grow() -> bytes:
    lines = ['<!ENTITY a0 "ha ha ha ha ha ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    part = f'<?xml version="1.0"?><!DOCTYPE sst [{"".join(lines)}]><sst {MAIN}><si><t>&a9;</t></si></sst>'
    return with_part(workbook(), STRINGS, part.encode())


def shared_string_bomb(rows: int = 5_000) -> bytes:
    """One long text that each of many cells repeats: a gigabyte and a half of text in 100 kB."""
    text = f'<?xml version="1.0"?><sst {MAIN}><si><t>{"x" * 32_000}</t></si></sst>'
    cells = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}" t="s"><v>0</v></c>' for column in "ABCDEFGHIJ") + "</row>"
        for row in range(1, rows + 1)
    )
    return with_part(with_part(workbook(), STRINGS, text.encode()), SHEET_1, sheet(cells))


def shared_string_bomb_that_fits_once() -> bytes:
    """Texts for which there is memory in the reader of values, and not again for cells of Python."""
    return shared_string_bomb(rows=1_800)


def parts_with_tricky_names() -> bytes:
    """Names that climb out of the folder in which somebody might unpack them. Nobody does: it is an empty form."""
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("../../../tmp/htx-was-here", b"x")
        archive.writestr("/tmp/htx-was-here", b"x")
        archive.writestr("C:\\htx-was-here", b"x")
    return target.getvalue()


def open_document_of_repeated_cells() -> bytes:
    """An ods of a few hundred bytes whose one cell is repeated over the whole sheet."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="01_HTX"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/"'
            ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return target.getvalue()


REASONS = {
    zip_bomb: "too_large",
    zip_bomb_of_many_parts: "too_large",
    overlapping_parts: "too_large",
    endless_sheet: "too_many_cells",
    endless_sheet_in_another_folder: "too_many_cells",
    deep_xml: "damaged",
    external_entity: "foreign_parts",
    entities_that_grow: "foreign_parts",
    shared_string_bomb: "too_costly",
    shared_string_bomb_that_fits_once: "too_costly",
    open_document_of_repeated_cells: "damaged",  # the reader itself refuses to repeat that often
}
"""What each is rejected for (F01)."""
HARMLESS = (claimed_dimension, parts_with_tricky_names)
"""What is read like any other file, and is not our form (F02)."""
