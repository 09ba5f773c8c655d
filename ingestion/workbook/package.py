"""The package of a zipped workbook (xlsx, xlsm, ods): its parts, their content types, and the relations between them.

Parts are found by relations and content types, as the standard requires (ISO/IEC 29500-2), not by the names that one
program gives them. Names are compared without regard to case, slashes and percent-encoding.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from ingestion.workbook.cells import parse_address
from ingestion.workbook.rejected_file import RejectedFile, unreadable

Element: TypeAlias = etree._Element
CONTENT_TYPES, MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"
"""where OOXML and OpenDocument declare the content types of parts"""
ODS_CONTENT = "content.xml"
USUAL_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "word/document.xml")
"""where the main part mostly is, for a package that does not say"""
# Another encoding than UTF-8, by a byte order mark, a zero byte at the start, or the declaration.
OTHER_ENCODING = re.compile(
    rb"\xff\xfe|\xfe\xff|<\x00|\x00+<|\s*<\?xml[^>]*\sencoding\s*=\s*[\"'](?!utf-?8\b|us-ascii\b)", re.IGNORECASE
)

# A cell beyond column ZZ or row 9999. Without one a sheet is small enough to be opened before its cells are counted.
FAR_CELL = re.compile(rb'r="(?:[A-Z]{3}[0-9]|[A-Z]{0,2}[0-9]{5})')
WITHOUT_ADDRESS = re.compile(rb"<(?:\w+:)?(?:c|row)(?=[\s/>])(?![^<>]*\sr=)")
EMPTY_CELL = re.compile(rb"<((?:\w+:)?)c\s[^<>]*(?:/>|>\s*(?:<\1v\s*/>|<\1v>\s*</\1v>)?\s*</\1c>)")
EMPTY_ROW = re.compile(rb"<((?:\w+:)?)row\s[^<>]*(?:/>|>\s*</\1row>)")
ODD_ATTRIBUTES = (b"='", b"= ", b" =", b"=\n", b"\n=", b"=\r", b"\r=", b"=\t", b"\t=")
"""attributes are valid in single quotes and with blanks too"""
PADDED_VALUE = re.compile(rb"(<(?:\w+:)?v>)(?:\s+([-+.:\w]*\d[-+.:\w]*)\s*|([-+.:\w]*\d[-+.:\w]*)\s+)(</)")


def parse_xml(content: bytes, *, recover: bool = False) -> Element:
    """A part as a tree, without comments and processing instructions. `recover`: accept what is not well-formed.
    Raises etree.XMLSyntaxError, and RejectedFile for declared entities, which can expand without bound, or read other
    files."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=recover
    )
    root = etree.fromstring(content, parser)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.iterentities()):
        raise unreadable("foreign_parts")
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]  # QName refuses names that only a damaged part has


class Package:
    """The parts of a zipped workbook, each inflated and parsed once, however often it is read."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.entries = {each.filename: each for each in self.archive.infolist() if not each.is_dir()}
        self.names = {key(name): name for name in self.entries}
        self.contents: dict[str, bytes] = {}
        self.trees: dict[str, Element] = {}
        self.sheet_texts: dict[str, bytes] = {}

    def __contains__(self, part: str) -> bool:
        return key(part) in self.names

    def read(self, part: str) -> bytes:
        """The bytes of a part. KeyError if there is none of that name."""
        name = self.names[key(part)]
        if name not in self.contents:
            self.contents[name] = self.archive.read(self.entries[name])
        return self.contents[name]

    def text(self, part: str) -> bytes:
        """An XML part in UTF-8, whatever its encoding."""
        content = self.read(part)
        return etree.tostring(self.tree(part), encoding="UTF-8") if OTHER_ENCODING.match(content) else content

    def tree(self, part: str) -> Element:
        """The part as an element, the same one each time."""
        name = self.names[key(part)]
        if name not in self.trees:
            self.trees[name] = self.parse(name)
        return self.trees[name]

    def parse(self, part: str) -> Element:
        """The part as an element of its own."""
        # Excel writes texts in drawings of comments and controls as HTML, with <br> that is never closed.
        return parse_xml(self.read(part), recover=part.lower().endswith(".vml"))

    # Content types -------------------------------------------------------------------------------------------

    def parts(self) -> Iterator[tuple[str, str]]:
        """The name of each part and its content type, as the package declares it; "" where it declares none."""
        for name in list(self.names.values()):
            yield name, self.content_type(name)

    def content_type(self, part: str) -> str:
        """The content type of a part, by its name or else by its extension; "" if the package declares none."""
        name = key(part)
        return self.content_types.get(f"/{name}") or self.content_types.get(name.rpartition(".")[2], "")

    def is_xml(self, part: str) -> bool:
        """Whether a part is declared as XML. Pictures may be, but are never opened."""
        declared = self.content_type(part)
        by_name = not declared and part.lower().endswith((".xml", ".rels"))
        return by_name or (declared.endswith("xml") and not declared.startswith("image/"))

    @cached_property
    def content_types(self) -> dict[str, str]:
        """Key of a part with a leading slash, or an extension in lower case -> content type. A list that is not
        well-formed declares none."""
        found = {}
        for source in (CONTENT_TYPES, MANIFEST):
            try:
                listed = self.tree(source) if source in self else ()
            except (etree.XMLSyntaxError, RejectedFile):
                listed = ()
            for each in listed:
                given = {name.rpartition("}")[2]: value for name, value in each.items()}
                part = given.get("PartName") or given.get("full-path", "")
                name = given["Extension"].lower() if "Extension" in given else f"/{key(part)}"
                found[name] = given.get("ContentType") or given.get("media-type", "")
        return found

    @cached_property
    def kind(self) -> str:
        """What the package contains: workbook (xlsx), binary (xlsb), spreadsheet (ods), document and text (Word), or
        the element of another office program; "" if there is no main part."""
        if ODS_CONTENT in self:
            contents = self.tree(ODS_CONTENT).findall("{*}body/*")
            return local(contents[0]) if contents else ""
        part = self.workbook_part
        if part not in self:
            return ""
        if part.lower().endswith(".bin") or "binary" in self.content_type(part):
            return "binary"
        return local(self.tree(part))

    # Relations -----------------------------------------------------------------------------------------------

    def related(self, part: str, *kinds: str) -> dict[str, str]:
        """Id of a relation -> the part that it leads to, of these kinds (worksheet, comments, vmlDrawing)."""
        relations = relations_part(part)
        found = {
            each.get("Id", ""): _target(part, each.get("Target", ""))
            for each in (self.tree(relations) if relations in self else ())
            if each.get("Type", "").rpartition("/")[2] in kinds and each.get("TargetMode") != "External"
        }
        return {id: self.names.get(key(target), target) for id, target in found.items()}

    @cached_property
    def workbook_part(self) -> str:
        """The main part: by relation, else by content type, else by its usual name."""
        related = self.related("", "officeDocument").values()
        declared = [name for name, kind in self.parts() if kind.endswith((".main+xml", "macroEnabled.main"))]
        return next((self.names[key(name)] for name in [*related, *declared, *USUAL_PARTS] if name in self), "")

    def sheets(self) -> dict[str, str]:
        """Name of each worksheet -> its part, in their order."""
        targets = self.related(self.workbook_part, "worksheet")
        found: dict[str, str] = {}
        for each in self.tree(self.workbook_part).iterfind("{*}sheets/{*}sheet"):
            if relation_id(each) in targets:
                found.setdefault(each.get("name", ""), targets[relation_id(each)])
        return found

    def shared_text(self, kind: str) -> bytes:
        """The styles or sharedStrings of the workbook in UTF-8: the part that is related, else that of the usual name;
        b"" if there is none."""
        parts = [*self.related(self.workbook_part, kind).values(), f"xl/{kind}.xml"]
        return next((self.text(part) for part in parts if part in self), b"")

    def sheet_text(self, part: str) -> bytes:
        """A worksheet in UTF-8 with attributes in double quotes, its numbers without blanks around them. If it reaches
        far, then without the cells and rows that hold nothing: formatting alone may fill a sheet up to its end."""
        if part not in self.sheet_texts:
            text = self.text(part)
            if any(sign in text for sign in ODD_ATTRIBUTES):
                text = etree.tostring(parse_xml(text), encoding="UTF-8")
            text = PADDED_VALUE.sub(rb"\1\2\3\4", text)
            if FAR_CELL.search(text) and not WITHOUT_ADDRESS.search(text):
                text = EMPTY_ROW.sub(b"", EMPTY_CELL.sub(b"", text))
            self.sheet_texts[part] = text
        return self.sheet_texts[part]


def walk_cells(sheet: Element) -> Iterator[tuple[tuple[int, int], Element]]:
    """The cells of a worksheet, each with its row and column from 0: a cell without an address follows the last one."""
    row = -1
    for line in sheet.iterfind("{*}sheetData/{*}row"):
        row, column = int(line.get("r")) - 1 if line.get("r", "").isdigit() else row + 1, -1
        for cell in line.iterchildren("{*}c"):
            row, column = parse_address(cell.get("r", "")) or (row, column + 1)
            yield (row, column), cell


def relation_id(element: Element) -> str:
    """The value of r:id, in the transitional or the strict namespace."""
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def relations_part(part: str) -> str:
    """The part with the relations of a part; of the package itself for an empty name."""
    folder, name = posixpath.split(part.replace("\\", "/"))
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _target(part: str, target: str) -> str:
    folder = posixpath.dirname(part.replace("\\", "/"))
    return posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))[1:]


def key(name: str) -> str:
    """The name of a part, as names are compared."""
    return unquote(name).replace("\\", "/").lstrip("/").lower()
