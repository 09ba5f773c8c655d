"""What a workbook of the binary formats, xls and xlsb, holds beside its values: hidden rows and columns, errors,
comments, fonts of before Unicode, the calendar.

Formats: [MS-CFB], [MS-XLS] (BIFF5 and BIFF8) and [MS-XLSB]. Only the records that say one of these are looked at.
"""

import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from posixpath import join, normpath
from xml.parsers import expat

from ingestion.workbook.annotations import Unseen, UnseenWorkbook, note_comment, parse
from ingestion.workbook.cells import EPOCH_1904
from ingestion.workbook.legacy_encodings import LegacyFont, legacy_font

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
LAST_SECTOR = 0xFFFFFFFA
WIDEST = 16_384


class Encrypted(Exception):
    """The workbook's records are enciphered with a password."""


def read_xls(content: bytes) -> UnseenWorkbook:
    """What stands beside the values of a workbook of Excel 5 to 2003. Raises Encrypted.

    A container that is not as described says nothing here: whether it can be read is for the reader of values.
    """
    found = UnseenWorkbook()
    try:
        _read_records(_stream(content, ("Workbook", "Book")), found)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return found
    return found


def read_xlsb(archive: zipfile.ZipFile, names: set[str]) -> UnseenWorkbook:
    """What stands beside the values of a binary workbook of Excel 2007 and later."""
    found = UnseenWorkbook()
    try:
        styles = archive.read("xl/styles.bin") if "xl/styles.bin" in names else b""
        fonts, percentages = _binary_fonts(styles), _binary_percentages(styles)
        for name, part in _binary_sheets(archive, names, found):
            if part in names:
                found.sheets[name] = _binary_sheet(archive.read(part), fonts, percentages)
                for commented in _parts_of(archive, names, part, "comments"):
                    _add_binary_comments(archive.read(commented), found.sheets[name])
    except (struct.error, IndexError, ValueError, UnicodeDecodeError, KeyError, expat.ExpatError):
        return found
    return found


# The container of xls ---------------------------------------------------------------------------------------------


def _stream(content: bytes, names: tuple[str, ...]) -> bytes:
    """The bytes of the first stream of these names; nothing when there is none."""
    (shift, small_shift), first, (cutoff, first_small) = (
        struct.unpack_from("<HH", content, 30),
        struct.unpack_from("<I", content, 48)[0],
        struct.unpack_from("<II", content, 56),
    )
    size = 1 << shift
    table_sectors = [each for each in struct.unpack_from("<109I", content, 76) if each < LAST_SECTOR]
    further = struct.unpack_from("<I", content, 68)[0]
    most = len(content) // size + 1

    sector = partial(_slice, content[size:], size)
    while further < LAST_SECTOR and len(table_sectors) <= most:
        *listed, further = struct.unpack(f"<{size // 4}I", sector(further))
        table_sectors += [each for each in listed if each < LAST_SECTOR]
    table: list[int] = []
    for number in table_sectors:
        table += struct.unpack(f"<{size // 4}I", sector(number))

    def chained(number: int, links: list[int], read: Callable[[int], bytes]) -> bytes:
        parts = []
        while number < LAST_SECTOR and len(parts) <= len(links):
            parts.append(read(number))
            number = links[number]
        return b"".join(parts)

    directory = chained(first, table, sector)
    root = b""
    for place in range(0, len(directory) - 127, 128):
        entry = directory[place : place + 128]
        start, length = struct.unpack_from("<II", entry, 116)
        title = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        if place == 0:
            root = entry
        if title in names:
            if length >= cutoff:
                return chained(start, table, sector)[:length]
            small = chained(struct.unpack_from("<I", root, 116)[0], table, sector)
            small_table = chained(first_small, table, sector)
            links = list(struct.unpack(f"<{len(small_table) // 4}I", small_table))
            return chained(start, links, partial(_slice, small, 1 << small_shift))[:length]
    return b""


def _slice(content: bytes, size: int, number: int) -> bytes:
    return content[number * size : (number + 1) * size]


# xls ------------------------------------------------------------------------------------------------------------


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, kind and content of each record."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _read_records(stream: bytes, found: UnseenWorkbook) -> None:
    names: dict[int, str] = {}
    fonts: list[LegacyFont | None] = []
    styles: list[tuple[int, bool]] = []
    shapes = {9, 10}
    version, unseen = 0x0600, None
    texts = _NoteTexts()
    for place, kind, content in _records(stream):
        if kind == 0x0809:
            version = struct.unpack_from("<H", content)[0]
            unseen = found.sheets.setdefault(names[place], Unseen()) if place in names else None
        elif kind == 0x002F:
            raise Encrypted
        elif kind == 0x0022 and content[:1] == b"\x01":
            found.epoch = EPOCH_1904
        elif kind == 0x0031:
            fonts.append(legacy_font(_short_text(content, 14, version)))
        elif kind == 0x00E0:
            font, shape = struct.unpack_from("<HH", content)
            styles.append((font, shape in shapes))
        elif kind == 0x041E and b"%" in content:
            shapes.add(struct.unpack_from("<H", content)[0])
        elif kind == 0x0085:
            names[struct.unpack_from("<I", content)[0]] = _short_text(content, 6, version)
        elif kind in (0x005D, 0x01B6, 0x003C):
            texts.take(kind, content)
        elif kind == 0x001C and unseen is not None:
            row, column, _, number = struct.unpack_from("<HHHH", content)
            note_comment(unseen, (row, column), texts.found.get(number, ""))
        elif unseen is not None:
            _note_record(unseen, kind, content, fonts, styles)


class _NoteTexts:
    """The words of comments: an object with its number, then its text in records that continue it."""

    def __init__(self) -> None:
        self.found: dict[int, str] = {}
        self.number = self.missing = 0

    def take(self, kind: int, content: bytes) -> None:
        if kind == 0x005D:
            self.number, self.missing = struct.unpack_from("<H", content, 6)[0], 0
        elif kind == 0x01B6:
            self.missing = struct.unpack_from("<H", content, 10)[0]
            self.found[self.number] = ""
        elif self.missing > 0 and content:
            words = content[1:].decode("utf-16-le" if content[0] & 1 else "latin-1", "replace")[: self.missing]
            self.found[self.number] += words
            self.missing -= len(words)


def _note_record(
    unseen: Unseen, kind: int, content: bytes, fonts: list[LegacyFont | None], styles: list[tuple[int, bool]]
) -> None:
    if kind == 0x0208 and struct.unpack_from("<I", content, 12)[0] & 0x20:
        unseen.hidden_rows.add(struct.unpack_from("<H", content)[0])
    elif kind == 0x007D and content[8] & 1:
        first, last = struct.unpack_from("<HH", content)
        unseen.hidden_columns.update(range(first, min(last + 1, WIDEST)))
    elif kind == 0x009B:
        unseen.is_filtered = True
    elif kind == 0x0205 and content[7]:
        unseen.broken[struct.unpack_from("<HH", content)] = ERRORS.get(content[6], "#ERROR")
    elif kind == 0x0006 and content[12:14] == b"\xff\xff" and content[6] == 2:
        unseen.broken[struct.unpack_from("<HH", content)] = ERRORS.get(content[8], "#ERROR")
    elif kind in (0x0203, 0x027E, 0x0006):
        row, column, style = struct.unpack_from("<HHH", content)
        if style < len(styles) and styles[style][1]:
            unseen.percentages.add((row, column))
    elif kind in (0x00FD, 0x0204, 0x00D6):
        row, column, style = struct.unpack_from("<HHH", content)
        number = styles[style][0] if style < len(styles) else 0
        number -= number > 4  # there is no font 4
        font = fonts[number] if number < len(fonts) else None
        if font:
            unseen.fonts[row, column] = font


def _short_text(content: bytes, place: int, version: int) -> str:
    length = content[place]
    if version < 0x0600:
        return content[place + 1 : place + 1 + length].decode("cp1252", "replace")
    if content[place + 1] & 1:
        return content[place + 2 : place + 2 + 2 * length].decode("utf-16-le")
    return content[place + 2 : place + 2 + length].decode("latin-1")


# xlsb ------------------------------------------------------------------------------------------------------------


def _binary_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        kind = content[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (content[place] & 0x7F) << 7
            place += 1
        length = shift = 0
        while True:
            low = content[place]
            place += 1
            length |= (low & 0x7F) << shift
            shift += 7
            if not low & 0x80 or shift > 21:
                break
        yield kind, content[place : place + length]
        place += length


def _binary_sheets(archive: zipfile.ZipFile, names: set[str], found: UnseenWorkbook) -> list[tuple[str, str]]:
    targets: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    parse(archive.read("xl/_rels/workbook.bin.rels"), start)
    sheets = []
    for kind, content in _binary_records(archive.read("xl/workbook.bin")):
        if kind == 153 and content[0] & 1:
            found.epoch = EPOCH_1904
        elif kind == 156:
            relation, place = _wide_text(content, 8)
            sheets.append((_wide_text(content, place)[0], targets.get(relation, "")))
    return sheets


def _binary_fonts(content: bytes) -> dict[int, LegacyFont]:
    """Number of a cell style -> its font of before Unicode."""
    fonts: list[LegacyFont | None] = []
    styles: list[int] = []
    is_within = False
    for kind, record in _binary_records(content):
        if kind == 43:
            fonts.append(legacy_font(_wide_text(record, 21)[0]))
        elif kind in (617, 618):
            is_within = kind == 617
        elif kind == 47 and is_within:
            styles.append(struct.unpack_from("<H", record, 4)[0])
    found = {number: fonts[font] for number, font in enumerate(styles) if font < len(fonts)}
    return {number: font for number, font in found.items() if font}


def _binary_percentages(content: bytes) -> set[int]:
    """The numbers of the cell styles that show a percentage."""
    formats, styles, is_within = {9, 10}, [], False
    for kind, record in _binary_records(content):
        if kind == 44 and "%" in _wide_text(record, 2)[0]:
            formats.add(struct.unpack_from("<H", record)[0])
        elif kind in (617, 618):
            is_within = kind == 617
        elif kind == 47 and is_within:
            styles.append(struct.unpack_from("<H", record, 2)[0])
    return {number for number, each in enumerate(styles) if each in formats}


def _parts_of(archive: zipfile.ZipFile, names: set[str], part: str, kind: str) -> list[str]:
    """The parts of a kind that a part relates to."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    targets: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given.get("Type", "").endswith(f"/{kind}"):
            target = given.get("Target", "")
            targets.append(target[1:] if target.startswith("/") else normpath(join(folder, target)))

    if path in names:
        parse(archive.read(path), start)
    return [each for each in targets if each in names]


def _add_binary_comments(content: bytes, unseen: Unseen) -> None:
    place = (0, 0)
    for kind, record in _binary_records(content):
        if kind == 635:
            row, _, column = struct.unpack_from("<III", record, 4)
            place = (row, column)
        elif kind == 637:
            note_comment(unseen, place, _wide_text(record, 1)[0])


def _binary_sheet(content: bytes, fonts: dict[int, LegacyFont], percentages: set[int]) -> Unseen:
    unseen, row = Unseen(), -1
    for kind, record in _binary_records(content):
        if kind == 0:
            row = struct.unpack_from("<I", record)[0]
            if len(record) > 11 and record[11] & 0x10:
                unseen.hidden_rows.add(row)
        elif kind == 60 and record[16] & 1:
            first, last = struct.unpack_from("<II", record)
            unseen.hidden_columns.update(range(first, min(last + 1, WIDEST)))
        elif kind in (3, 11):
            unseen.broken[row, struct.unpack_from("<I", record)[0]] = ERRORS.get(record[8], "#ERROR")
        elif kind in (6, 7, 8) and fonts:
            column, style = struct.unpack_from("<II", record)
            if style & 0xFFFFFF in fonts:
                unseen.fonts[row, column] = fonts[style & 0xFFFFFF]
        elif kind in (2, 5, 9) and percentages:
            column, style = struct.unpack_from("<II", record)
            if style & 0xFFFFFF in percentages:
                unseen.percentages.add((row, column))
        elif kind == 165:
            unseen.is_filtered = True
    return unseen


def _wide_text(content: bytes, place: int) -> tuple[str, int]:
    """A text, and the place behind it."""
    end = place + 4 + 2 * struct.unpack_from("<I", content, place)[0]
    return content[place + 4 : end].decode("utf-16-le"), end
