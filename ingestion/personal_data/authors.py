"""The authors of a document and of its comments, taken out of the bytes that are kept or sent."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator

import xlrd.compdoc
from lxml import etree

from ingestion.workbook.container import decrypted
from ingestion.workbook.own_markup import COMMENT_AUTHOR
from ingestion.workbook.package import OTHER_ENCODING, parse_xml

NAMES = rb"creator|lastModifiedBy|initial-creator|printed-by|author|Manager|manager|sender-initials|creator-initials"
ELEMENT = re.compile(
    rb"(<((?:[\w.-]+:)?(?:" + NAMES + rb"))(?:\s[^<>]*)?>)((?:[^<]|<!\[CDATA\[.*?\]\]>)+)(?=</\2>)", re.DOTALL
)
PERSON = re.compile(rb"<(?:[\w.-]+:)?(?:person|userInfo|absPath)\s[^<>]*>")
"""authors of threads and of revisions, and the folder in which a workbook was saved: C:\\Users\\name"""
PERSON_NAME = re.compile(rb"""(\s(?:displayName|userId|name|url)=)(?:"[^"]*"|'[^']*')""")
USER_NAME = re.compile(rb"""(\s(?:userName|refreshedBy)=)(?:"[^"]*"|'[^']*')""")
LOCAL_HEADER_BYTES = 30
SUMMARIES = {"\x05SummaryInformation": (4, 8), "\x05DocumentSummaryInformation": (14,)}
"""streams of an xls -> properties with names: author, last author; manager"""
NOTE, WRITE_ACCESS = 0x1C, 0x5C
"""records of an xls that name the author of a comment, and the user who saved the workbook"""


def without_authors(content: bytes) -> bytes:
    """The same workbook without the names of its authors, decrypted if anybody can open it; what is no workbook, or is
    damaged, as it is."""
    content = decrypted(content)
    try:
        if content.startswith(b"PK"):
            return _zipped_without_authors(content)
        return _xls_without_authors(content) if content.startswith(b"\xd0\xcf\x11\xe0") else content
    except Exception:  # whatever a damaged file causes
        return content


def _zipped_without_authors(content: bytes) -> bytes:
    """Other parts keep their bytes; those of a changed part are overwritten, and the part is written again."""
    buffer = io.BytesIO(content)
    zipfile.ZipFile(buffer)  # what is opened to be added to need not be an archive
    with zipfile.ZipFile(buffer, "a") as archive:
        for entry in list(archive.infolist()):  # entries are replaced on the way
            if entry.filename.lower().endswith((".xml", ".vml")):
                part = archive.read(entry)
                if (changed := _without_names(part)) != part:
                    _overwrite(buffer, entry)
                    archive.filelist.remove(entry)
                    del archive.NameToInfo[entry.filename]
                    archive.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), changed, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _without_names(part: bytes) -> bytes:
    if OTHER_ENCODING.match(part):
        part = etree.tostring(parse_xml(part), encoding="UTF-8")
    part = ELEMENT.sub(lambda match: match[0] if match[3] == COMMENT_AUTHOR.encode() else match[1], part)
    part = PERSON.sub(lambda match: PERSON_NAME.sub(rb'\1""', match[0]), part)
    return USER_NAME.sub(rb'\1""', part)


def _overwrite(buffer: io.BytesIO, entry: zipfile.ZipInfo) -> None:
    """Zeros over the compressed bytes of a part."""
    end = buffer.tell()
    buffer.seek(entry.header_offset + LOCAL_HEADER_BYTES - 4)
    lengths = struct.unpack("<HH", buffer.read(4))
    buffer.seek(sum(lengths), io.SEEK_CUR)
    buffer.write(bytes(entry.compress_size))
    buffer.seek(end)


def _xls_without_authors(content: bytes) -> bytes:
    """Zeros over the names, in streams that lie in one piece."""
    changed = bytearray(content)
    document = xlrd.compdoc.CompDoc(content, logfile=io.StringIO())
    for name, numbers in SUMMARIES.items():
        stream = document.get_named_stream(name)
        if stream and (start := content.find(stream)) >= 0:
            for place, length in _texts_of_properties(stream, numbers):
                changed[start + place : start + place + length] = bytes(length)
    memory, start, size = document.locate_named_stream("Workbook")
    if memory is content:
        for place, length in _authors_in_records(content, start, start + size):
            changed[place : place + length] = bytes(length)
    return bytes(changed)


def _texts_of_properties(stream: bytes, numbers: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Place and length of these properties of a property set ([MS-OLEPS] 2.21)."""
    [section] = struct.unpack_from("<I", stream, 44)
    [count] = struct.unpack_from("<I", stream, section + 4)
    for each in range(count):
        number, offset = struct.unpack_from("<II", stream, section + 8 + 8 * each)
        if number in numbers:
            _, length = struct.unpack_from("<II", stream, section + offset)
            yield section + offset + 8, length


def _authors_in_records(content: bytes, place: int, end: int) -> Iterator[tuple[int, int]]:
    """Place and length of the names in a stream of records ([MS-XLS] 2.4.179, 2.4.349)."""
    while place + 4 <= end:
        kind, length = struct.unpack_from("<HH", content, place)
        place += 4
        if kind == WRITE_ACCESS:
            yield place, length
        elif kind == NOTE and length > 11:
            letters, is_wide = struct.unpack_from("<HB", content, place + 8)
            yield place + 11, min(letters * (1 + is_wide), length - 11)
        place += length
