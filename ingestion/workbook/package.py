"""The package of a zipped workbook (xlsx, xlsm, ods): its parts, and in OOXML the relations between them."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from lxml import etree

from ingestion.workbook.cells import parse_address

Element: TypeAlias = etree._Element
WORKBOOK_PART = "xl/workbook.xml"
CONTENT_TYPES, MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"
"""where OOXML and OpenDocument declare the content types of parts"""


def parse_xml(content: bytes) -> Element:
    """A part as a tree, without comments and processing instructions. Raises etree.XMLSyntaxError, and ValueError for
    a document type: entities can expand without bound, or read other files."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a part declares a document type")
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


class Package:
    """The parts of a zipped workbook, each inflated and parsed once, however often it is read."""

    def __init__(self, content: bytes) -> None:
        archive = zipfile.ZipFile(io.BytesIO(content))
        self.archive = archive
        self.entries = {each.filename: each for each in archive.infolist()}
        self.contents: dict[str, bytes] = {}
        self.trees: dict[str, Element] = {}

    def parts(self) -> Iterator[tuple[str, str]]:
        """The name of each part and its content type, as the package declares it; "" where it declares none."""
        for name, entry in self.entries.items():
            if not entry.is_dir():
                yield name, self.content_type(name)

    def content_type(self, part: str) -> str:
        """The content type of a part, by its name or else by its extension; "" if the package declares none."""
        extension = part.rpartition(".")[2].lower()
        return self.content_types.get(f"/{part}".lower()) or self.content_types.get(extension, "")

    @cached_property
    def content_types(self) -> dict[str, str]:
        """Name of a part with a leading slash, or an extension, in lower case -> content type."""
        found = {}
        for source in (CONTENT_TYPES, MANIFEST):
            for each in self.tree(source) if source in self else ():
                given = {etree.QName(name).localname: value for name, value in each.items()}
                name = given.get("PartName") or given.get("Extension") or f"/{given.get('full-path', '')}"
                found[name.lower()] = given.get("ContentType") or given.get("media-type", "")
        return found

    def __contains__(self, part: str) -> bool:
        return part in self.entries or part in self.contents

    def read(self, part: str) -> bytes:
        """The bytes of a part. KeyError if there is none of that name."""
        if part not in self.contents:
            self.contents[part] = self.archive.read(self.entries[part])
        return self.contents[part]

    def tree(self, part: str) -> Element:
        """The part as an element, the same one each time."""
        if part not in self.trees:
            self.trees[part] = parse_xml(self.read(part))
        return self.trees[part]

    def related(self, part: str, *kinds: str) -> dict[str, str]:
        """Id of a relation -> the part that it leads to, of these kinds (worksheet, comments, vmlDrawing)."""
        relations = relations_part(part)
        return {
            each.get("Id", ""): _target(part, each.get("Target", ""))
            for each in (self.tree(relations) if relations in self else ())
            if each.get("Type", "").rpartition("/")[2] in kinds and each.get("TargetMode") != "External"
        }

    @property
    def workbook_part(self) -> str:
        return next(iter(self.related("", "officeDocument").values()), WORKBOOK_PART)

    def sheets(self) -> dict[str, str]:
        """Name of each worksheet -> its part, in their order."""
        targets = self.related(self.workbook_part, "worksheet")
        found: dict[str, str] = {}
        for each in self.tree(self.workbook_part).iterfind("{*}sheets/{*}sheet"):
            if relation_id(each) in targets:
                found.setdefault(each.get("name", ""), targets[relation_id(each)])
        return found


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
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _target(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))[1:]
