"""The package of an xlsx or xlsm workbook (OOXML), edited in place.

Libraries that read and write a workbook lose what they do not support: cached values of formulas, pictures, charts,
validation lists of newer versions. Here an unchanged part keeps its bytes, and a changed one every element, attribute
and prefix. Raises KeyError, ValueError or ExpatError for a package that is not as expected.
"""

import io
import posixpath
import zipfile
from xml.etree import ElementTree
from xml.parsers import expat

Element = ElementTree.Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
CONTENT_TYPES = "[Content_Types].xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def local(tag: str) -> str:
    """The name of an element without its prefix."""
    return tag.rpartition(":")[2]


def parse_part(content: bytes) -> Element:
    """A part as an element whose names keep their prefixes and declarations."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.Parse(content, True)
    return builder.close()


def _refuse_document_type(*_args: object) -> None:
    raise ValueError("a part declares a document type")


def children(parent: Element, name: str) -> list[Element]:
    return [each for each in parent if local(each.tag) == name]


def child(parent: Element, name: str) -> Element:
    """The first child of that name. KeyError if there is none."""
    for each in parent:
        if local(each.tag) == name:
            return each
    raise KeyError(f"{parent.tag} has no {name}")


class Package:
    """The parts of a workbook. Raises ExpatError for a part that is not well-formed: readers may be lenient."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.entries = {each.filename: each for each in archive.infolist()}
            self.contents = {name: archive.read(name) for name in self.entries}
        for name, content in self.contents.items():
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(content, True)
        self.trees: dict[str, Element] = {}
        start = self.related("", "officeDocument")
        self.workbook_part = start[0]
        self.workbook = self.tree(self.workbook_part)
        self.prefix = self.workbook.tag.removesuffix("workbook")

    def tree(self, part: str) -> Element:
        """The part as an element; changes are saved with the package."""
        if part not in self.trees:
            self.trees[part] = parse_part(self.contents[part])
        return self.trees[part]

    def put(self, part: str, content: str, content_type: str) -> None:
        """Add or replace a part."""
        self.contents[part] = (DECLARATION + content).encode()
        self.trees.pop(part, None)
        types = self.tree(CONTENT_TYPES)
        name = f"/{part}"
        if not any(each.get("PartName", "").lower() == name.lower() for each in types):
            ElementTree.SubElement(types, _beside(types, "Override"), {"PartName": name, "ContentType": content_type})

    def drop(self, part: str) -> None:
        self.contents.pop(part, None)
        self.trees.pop(part, None)
        self.contents.pop(_relations_part(part), None)
        self.trees.pop(_relations_part(part), None)
        types = self.tree(CONTENT_TYPES)
        for each in list(types):
            if each.get("PartName", "").lower() == f"/{part}".lower():
                types.remove(each)

    def free_name(self, pattern: str) -> str:
        """An unused part name of a pattern such as xl/comments{}.xml."""
        taken = {name.lower() for name in self.contents}
        return next(name for name in map(pattern.format, range(1, 10_000)) if name.lower() not in taken)

    # Relations between parts ---------------------------------------------------------------------------------

    def relations(self, part: str) -> Element:
        name = _relations_part(part)
        if name not in self.contents:
            self.contents[name] = f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}"/>'.encode()
        return self.tree(name)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that the part relates to, of a kind (worksheet, comments, vmlDrawing)."""
        if _relations_part(part) not in self.contents:
            return []
        return [_target(part, each) for each in self.relations(part) if each.get("Type", "").endswith(f"/{kind}")]

    def target(self, part: str, relation_id: str) -> str:
        return next(_target(part, each) for each in self.relations(part) if each.get("Id") == relation_id)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation; its id."""
        relations = self.relations(part)
        taken = {each.get("Id") for each in relations}
        new = next(each for each in (f"rIdHtx{number}" for number in range(1, 10_000)) if each not in taken)
        about = {"Id": new, "Type": f"{RELATIONS}/{kind}", "Target": f"/{target}"}
        ElementTree.SubElement(relations, _beside(relations, "Relationship"), about)
        return new

    # Sheets --------------------------------------------------------------------------------------------------

    def sheets(self) -> dict[str, str]:
        """Name of each worksheet -> its part, in their order."""
        found = {}
        relation = relation_attribute(self.workbook)
        worksheets = set(self.related(self.workbook_part, "worksheet"))
        for each in child(self.workbook, "sheets"):
            part = self.target(self.workbook_part, each.get(relation, ""))
            if part in worksheets:
                found[each.get("name", "")] = part
        return found

    def add_sheet(self, name: str, content: str, *, first: bool) -> str:
        """Add a worksheet as the first or last; its part."""
        sheets = child(self.workbook, "sheets")
        part = self.free_name("xl/worksheets/sheet{}.xml")
        self.put(part, content, SHEET_TYPE)
        number = max((int(each.get("sheetId", 0)) for each in sheets), default=0) + 1
        about = {
            "name": name,
            "sheetId": str(number),
            relation_attribute(self.workbook): self.relate(self.workbook_part, "worksheet", part),
        }
        element = ElementTree.Element(f"{self.prefix}sheet", about)
        sheets.insert(0 if first else len(sheets), element)
        if first:
            self._renumber({old: old + 1 for old in range(len(sheets) - 1)})
            self._open_at_first(part)
        return part

    def drop_sheet(self, name: str) -> None:
        """Remove a worksheet, if there is one of that name."""
        sheets = child(self.workbook, "sheets")
        for place, each in enumerate(sheets):
            if each.get("name") == name:
                relation_id = each.get(relation_attribute(self.workbook), "")
                part = self.target(self.workbook_part, relation_id)
                sheets.remove(each)
                relations = self.relations(self.workbook_part)
                relations.remove(next(one for one in relations if one.get("Id") == relation_id))
                self.drop(part)
                behind = range(place + 1, len(sheets) + 1)
                self._renumber({**{old: old for old in range(place)}, **{old: old - 1 for old in behind}})
                return

    def _renumber(self, places: dict[int, int]) -> None:
        """Update defined names of single sheets, which refer to them by position."""
        for names in children(self.workbook, "definedNames"):
            for each in list(names):
                if each.get("localSheetId") is not None:
                    place = places.get(int(each.get("localSheetId", -1)))
                    if place is None:
                        names.remove(each)
                    else:
                        each.set("localSheetId", str(place))
            if not len(names):
                self.workbook.remove(names)

    def _open_at_first(self, part: str) -> None:
        for views in children(self.workbook, "bookViews"):
            for view in views:
                view.set("activeTab", "0")
                view.attrib.pop("firstSheet", None)
        for other in self.sheets().values():
            if other != part and b"tabSelected" in self.contents[other]:
                for views in children(self.tree(other), "sheetViews"):
                    for view in views:
                        view.attrib.pop("tabSelected", None)

    # ---------------------------------------------------------------------------------------------------------

    @property
    def has_macros(self) -> bool:
        return b"macroEnabled" in self.contents[CONTENT_TYPES]

    def as_bytes(self) -> bytes:
        """The workbook; the same bytes for the same changes."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in self.contents.items():
                tree = self.trees.get(name)
                if tree is not None:
                    content = (DECLARATION + ElementTree.tostring(tree, encoding="unicode")).encode()
                moment = self.entries[name].date_time if name in self.entries else (1980, 1, 1, 0, 0, 0)
                archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED, 1)
        return target.getvalue()


def relation_attribute(root: Element) -> str:
    """The attribute with which elements of the part refer to a relation: r:id, with the part's own prefix."""
    for name, value in root.attrib.items():
        if value == RELATIONS and name.startswith("xmlns:"):
            return f"{name.removeprefix('xmlns:')}:id"
    root.set("xmlns:r", RELATIONS)
    return "r:id"


def _beside(parent: Element, name: str) -> str:
    prefix = parent.tag.rpartition(":")[0]
    return f"{prefix}:{name}" if prefix else name


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _target(part: str, relation: Element) -> str:
    target = relation.get("Target", "")
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
