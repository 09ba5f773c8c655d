"""All text of a package, whatever part it stands in: text boxes, headers and footers, prompts, defined names, caches of
pivot tables and of links, properties, comments, parts that no program shows."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

import olefile
from lxml import etree

from ingestion.personal_data.names import FEWEST_NAMES, is_name
from ingestion.personal_data.numbers import GUID, contains_mobile_number
from ingestion.personal_data.texts import identifies_person, identity_number, is_personal_heading
from ingestion.personal_data.words import labels
from ingestion.workbook.container import OLE
from ingestion.workbook.package import Element, Package, local
from ingestion.workbook.reader import SheetCells
from warehouse.reference.names import folded

PARAGRAPHS = frozenset({"p", "h", "si", "text", "textbox", "div"})
"""elements whose text is of one piece, in whatever runs it is written"""
BREAKS = frozenset({"s", "tab", "br", "line-break"})
ROWS = frozenset({"r", "row", "cacheField"})
"""elements with the cells of a row below them"""
CELLS = frozenset({"table-cell", "covered-table-cell", "annotation", "comments", "ThreadedComments", "sst"})
"""cells and comments, whose names are checked with their sheet"""
LISTS = frozenset({"pivotCacheDefinition", "externalLink", "table", "queryTable", "chartSpace"})
"""parts with headings of columns"""
PROPERTIES = frozenset({"coreProperties", "Properties", "document-meta"})
NAMES_ELSEWHERE = PROPERTIES | CELLS | {"personList"}
"""parts with names of authors, and those with cells"""
HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|K\d\d[+-]\d{3}|\d{1,2}|[BIUESXY])')
"""font, colour and size within a header or footer"""
HEADERS = frozenset(f"{page}{place}" for page in ("odd", "even", "first") for place in ("Header", "Footer"))
SHEET_DATA = re.compile(rb"<(?:\w+:)?sheetData[\s>].*</(?:\w+:)?sheetData\s*>", re.DOTALL)
LETTERS = re.compile("[ -~\u00a0-\u024f\u1e00-\u1eff]{9,}")
BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""what may stand before XML"""
XML, END_OF_ARCHIVE = (".xml", ".rels", ".vml"), b"PK\x05\x06"
DEEPEST = 3
"""levels of files in files that are opened"""


def find_in_bytes(content: bytes, sheets: Sequence[SheetCells] = ()) -> str | None:
    """Where personal data stands in a file and the files in it, outside of the cells and comments of `sheets`, in words
    for the sender; None if nowhere. Raises the errors of zipfile."""
    place = find_in_package(Package(content), sheets) if content.startswith(b"PK") else _find_in_other(content, sheets)
    if place is None and any(map(_find_in_embedded, embedded_files(content))):
        return labels("place")["embedded"]
    return place


def find_in_package(package: Package, sheets: Sequence[SheetCells] = (), *, is_list: bool = False) -> str | None:
    """The same for the parts of a package. `is_list`: any part may have headings of columns."""
    read = set(package.sheets().values()) if sheets and package.kind == "workbook" else set()
    for part, _ in package.parts():
        content = package.read(part)
        root = _root(SHEET_DATA.sub(b"", content) if part in read else content)
        if root is not None:
            place = _find_in_part(root, sheets, is_list=is_list or local(root) in LISTS)
        else:
            place = _find_in_other(content, sheets)
        if place is not None:
            return place
    return None


def embedded_files(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The files of an office program, and archives, that stand in another one, at any level."""
    for _, part in _parts(content) if depth < DEEPEST else ():
        if part.startswith(OLE) or END_OF_ARCHIVE in part:
            yield part
            yield from embedded_files(part, depth + 1)


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each part of an archive or OLE container that is not XML, as far as it can be read."""
    try:
        if content.startswith(OLE):
            with olefile.OleFileIO(io.BytesIO(content)) as container:
                for path in container.listdir():
                    yield path[-1], container.openstream(path).read()
        elif END_OF_ARCHIVE in content:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for each in archive.infolist():
                    if not each.filename.lower().endswith(XML):
                        yield each.filename, archive.read(each)
    except MemoryError:
        raise
    except Exception:  # whatever a damaged file causes
        return


def _find_in_embedded(content: bytes) -> bool:
    if content.startswith(OLE):
        return _find_in_other(content) is not None
    try:
        return find_in_package(Package(content), is_list=True) is not None
    except MemoryError:
        raise
    except Exception:  # whatever a damaged file causes
        return _find_in_other(content) is not None


def _find_in_part(root: Element, sheets: Sequence[SheetCells], *, is_list: bool) -> str | None:
    """Where in a part in XML."""
    is_property, counts_names = local(root) in PROPERTIES, is_list or local(root) not in NAMES_ELSEWHERE
    seen, names, has_number = set[str](), set[str](), False
    for text, element in _texts(root):
        if text in seen:
            continue
        seen.add(text)
        if _is_new(text, sheets) or (is_property and contains_mobile_number(text)):
            return _label([local(element), *map(local, element.iterancestors())])
        if is_list:
            if is_personal_heading(text):
                return _label([local(root)])
            has_number = has_number or contains_mobile_number(text)
        if " " in text and counts_names and is_name(text):
            names |= {text} if is_list or CELLS.isdisjoint(map(local, element.iterancestors())) else set()
        if len(names) >= FEWEST_NAMES or (names and has_number):
            return _label([local(root)])
    return None


def _find_in_other(content: bytes, sheets: Sequence[SheetCells] = ()) -> str | None:
    """Where in bytes that are neither XML nor a package: in texts of one byte a letter or of two."""
    for name, stream in list(_parts(content)) or [("", content)]:
        is_property = name.startswith("\x05")
        decoded = stream.decode("utf-8", "replace"), *(stream[at:].decode("utf-16-le", "replace") for at in (0, 1))
        for text in (text for each in decoded for text in LETTERS.findall(each)):
            # the byte before a text may look like a letter of it
            if any(_is_new(each, sheets) for each in (text, text[1:])):
                return labels("place")["part"]
            if is_property and contains_mobile_number(text):
                return labels("place")["Properties"]
    return None


def _is_new(text: str, sheets: Sequence[SheetCells]) -> bool:
    """Whether a text identifies a person, and is none that was read as a cell or comment and is checked there."""
    if not identifies_person(text):
        return False
    if sheets and not identity_number(text):
        text = folded(text)
        for sheet in sheets:
            comments = sheet.annotations.comments.values() if sheet.annotations else ()
            for each in (*(cell for row in sheet.rows for cell in row if isinstance(cell, str)), *comments):
                if identifies_person(each):
                    text = text.replace(folded(each), "")
    return identifies_person(text)


def _root(content: bytes) -> Element | None:
    """The part as XML; None if it is not XML. Drawings of comments (VML) are often not well-formed."""
    if not content[:200].lstrip(BLANK).startswith(b"<"):
        return None
    try:
        return etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _texts(root: Element) -> Iterator[tuple[str, Element]]:
    """Texts and attributes of each element, a paragraph in one piece, and the cells of a row together."""
    for element in root.iter():
        name = local(element)
        text = _joined(element) if name in PARAGRAPHS else element.text or ""
        yield HEADER_CODE.sub("", text) if name in HEADERS else text, element
        yield element.tail or "", element
        for value in element.attrib.values():
            if not GUID.search(value):
                yield value, element
        if name in ROWS or len(element.attrib) > 1:
            inside = element.iterdescendants(etree.Element) if name in ROWS else ()
            yield (
                " · ".join(value for each in (element, *inside) for value in (*each.attrib.values(), each.text or "")),
                element,
            )


def _joined(paragraph: Element) -> str:
    pieces = [paragraph.text or ""]
    for each in paragraph.iterdescendants(etree.Element):
        pieces += [" " if local(each) in BREAKS else "", each.text or "", each.tail or ""]
    return "".join(pieces)


def _label(around: list[str]) -> str:
    known = labels("place")
    return next((known[name] for name in around if name in known), known["part"])
