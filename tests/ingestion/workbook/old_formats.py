"""The same cells in the formats of other years, byte by byte: no library at hand writes them.

xls: [MS-CFB] and [MS-XLS] (BIFF8). Only what holds values, and what tests of them need.
"""

import io
import struct
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

import openpyxl

Sheets = dict[str, list[list]]
"""name -> rows of cells: text, numbers, days, bools; an error as Error"""
DAY_STYLE, PERCENT_STYLE = 1, 2
ERRORS = {"#REF!": 0x17, "#N/A": 0x2A, "#DIV/0!": 0x07}


class Error(str):
    """An error as it stands in a cell."""


def cells_of(content: bytes) -> Sheets:
    """The cells of an xlsx workbook."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook.worksheets}


def serial(day: date) -> float:
    return float((date(day.year, day.month, day.day) - date(1899, 12, 30)).days)


# xls ------------------------------------------------------------------------------------------------------------


def xls(
    sheets: Sheets,
    *,
    is_encrypted: bool = False,
    hidden_rows: dict[str, set[int]] | None = None,
    hidden_columns: dict[str, set[int]] | None = None,
    fonts: dict[tuple[str, int, int], str] | None = None,
    percentages: frozenset[tuple[str, int, int]] = frozenset(),
    comments: dict[tuple[str, int, int], str] | None = None,
    is_1904: bool = False,
) -> bytes:
    """A workbook of Excel 97 to 2003. Rows and columns from 0; `fonts`: (sheet, row, column) -> name of a font;
    `comments`: (sheet, row, column) -> text."""
    fonts = fonts or {}
    names = ["Arial", *dict.fromkeys(fonts.values())]
    streams = [
        _biff_sheet(
            rows,
            (hidden_rows or {}).get(name, set()),
            (hidden_columns or {}).get(name, set()),
            {(row, column): 2 + names.index(font) for (sheet, row, column), font in fonts.items() if sheet == name}
            | {(row, column): PERCENT_STYLE for sheet, row, column in percentages if sheet == name},
            {(row, column): text for (sheet, row, column), text in (comments or {}).items() if sheet == name},
        )
        for name, rows in sheets.items()
    ]

    def globals_with(offsets: list[int]) -> bytes:
        parts = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0x0600))]
        if is_encrypted:
            parts.append(_record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678)))
        parts.append(_record(0x0042, struct.pack("<H", 1200)))
        parts.append(_record(0x0022, struct.pack("<H", int(is_1904))))
        # The fonts 0 to 3, then 5: there is no font 4.
        for name in [names[0]] * 5 + names[1:]:
            font = struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, len(name), 1)
            parts.append(_record(0x0031, font + name.encode("utf-16-le")))
        for font, shape in [(0, 0), (0, 14), (0, 10), *((5 + number, 0) for number in range(1, len(names)))]:
            parts.append(_record(0x00E0, struct.pack("<HHHBBBBIIH", font, shape, 0, 0, 0, 0, 0, 0, 0, 0)))
        for name, offset in zip(sheets, offsets, strict=True):
            named = struct.pack("<IBBBB", offset, 0, 0, len(name), 1) + name.encode("utf-16-le")
            parts.append(_record(0x0085, named))
        return b"".join(parts) + _record(0x000A)

    size = len(globals_with([0] * len(streams)))
    offsets = [size + sum(map(len, streams[:number])) for number in range(len(streams))]
    return compound_file("Workbook", globals_with(offsets) + b"".join(streams))


def _biff_sheet(
    rows: list[list], hidden_rows: set[int], hidden_columns: set[int], styles: dict, comments: dict
) -> bytes:
    width = max(map(len, rows), default=0)
    parts = [
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0x0600)),
        *(_record(0x007D, struct.pack("<HHHHHH", each, each, 2000, 0, 1, 0)) for each in sorted(hidden_columns)),
        _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)),
        *(
            _record(0x0208, struct.pack("<HHHHHHI", each, 0, width, 255, 0, 0, 0x20 | 0x100))
            for each in sorted(hidden_rows)
        ),
    ]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = styles.get((number, column), 0)
            at = struct.pack("<HHH", number, column, DAY_STYLE if isinstance(cell, date) else style)
            if cell is None or cell == "":
                continue
            if isinstance(cell, Error):
                parts.append(_record(0x0205, at + bytes([ERRORS[cell], 1])))
            elif isinstance(cell, bool):
                parts.append(_record(0x0205, at + bytes([cell, 0])))
            elif isinstance(cell, (int, float)):
                parts.append(_record(0x0203, at + struct.pack("<d", cell)))
            elif isinstance(cell, (date, datetime)):
                parts.append(_record(0x0203, at + struct.pack("<d", serial(cell))))
            else:
                parts.append(_record(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")))
    for number, ((row, column), text) in enumerate(comments.items(), start=1):
        parts.append(_record(0x005D, struct.pack("<HHHHH16x", 0x15, 18, 0x19, number, 0)))
        parts.append(_record(0x01B6, struct.pack("<HH6xHHH", 0, 0, len(text), 0, 0)))
        parts.append(_record(0x003C, b"\x01" + text.encode("utf-16-le")))
        parts.append(_record(0x001C, struct.pack("<HHHHHB", row, column, 0, number, 2, 0) + b"ai"))
    return b"".join(parts) + _record(0x000A)


def _record(kind: int, content: bytes = b"") -> bytes:
    assert len(content) <= 8224
    return struct.pack("<HH", kind, len(content)) + content


def compound_file(name: str, stream: bytes) -> bytes:
    """An OLE container with one stream."""
    stream = stream.ljust(4096, b"\0")  # a shorter one would lie among the small ones
    count = -(-len(stream) // 512)
    tables = -(-(count + 2) // 127)
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table] * tables + [end] + [tables + 2 + number for number in range(count - 1)] + [end]
    chain += [free] * (tables * 128 - len(chain))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0" * 16, 0x3E, 3, 0xFFFE, 9, 6, b"\0" * 6,
        0, tables, tables, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header = header[:76] + struct.pack("<109I", *range(tables), *[free] * (109 - tables))

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        encoded = (title + "\0").encode("utf-16-le") if title else b""
        return struct.pack(
            "<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, free, free, child, b"", 0, 0, 0, first, size
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, tables + 1, len(stream))
    directory += entry("", 0, free, 0, 0) * 2
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream.ljust(count * 512, b"\0")


# ods --------------------------------------------------------------------------------------------------------------


def ods(sheets: Sheets, *, styles: str = "", cells: dict[tuple[str, int, int], str] | None = None) -> bytes:
    """An open document spreadsheet. `cells`: (sheet, row, column) -> the whole cell as XML, in place of its value."""
    cells = cells or {}
    tables = []
    for name, rows in sheets.items():
        lines = "".join(
            "<table:table-row>"
            + "".join(
                cells.get((name, number, column)) or _open_cell(cell) for column, cell in enumerate([*row, None, None])
            )
            + "</table:table-row>"
            for number, row in enumerate(rows)
        )
        tables.append(f'<table:table table:name="{escape(name)}">{lines}</table:table>')
    spaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    declared = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in spaces.items())
    content = (
        f"<office:document-content {declared}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return target.getvalue()


def _open_cell(cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, Error):
        return (
            '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    if isinstance(cell, (int, float)):
        given, shown = f'office:value-type="float" office:value="{cell}"', str(cell)
    elif isinstance(cell, (date, datetime)):
        shown = f"{cell:%Y-%m-%d}"
        given = f'office:value-type="date" office:date-value="{shown}"'
    else:
        given, shown = 'office:value-type="string"', escape(cell)
    return f"<table:table-cell {given}><text:p>{shown}</text:p></table:table-cell>"
