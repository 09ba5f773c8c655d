"""The package of an xlsx or xlsm workbook, edited in place.

Libraries that read and write a workbook lose what they do not support: cached values of formulas, pictures, charts,
validation lists of newer versions. Here an unchanged part keeps its bytes, and a changed one every element, attribute
and namespace. Raises KeyError, ValueError or XMLSyntaxError for a package that is not as expected.
"""

import io
import zipfile

from lxml import etree

from ingestion.workbook.canonical_workbook import MAIN, PACKAGE_RELATIONS, RELATIONS
from ingestion.workbook.package import CONTENT_TYPES, Element, Package, key, relation_id, relations_part

STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument"
STRICT = {MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main", RELATIONS: f"{STRICT_OFFICE}/relationships"}
"""namespaces of a workbook, and the same in a strict one (ISO/IEC 29500-1)"""
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
EXTENSIONS = {"template.macroEnabled": "xltm", "addin": "xlam", "macroEnabled": "xlsm", "template": "xltx"}
"""part of the content type of a workbook -> the extension with which Excel opens it"""
TRUE = ("1", "true")
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
etree.register_namespace("r", RELATIONS)  # where a part has no prefix for it, the usual one


def child(parent: Element, name: str) -> Element:
    """The first child of that name, in any namespace. KeyError if there is none."""
    found = parent.find(f"{{*}}{name}")
    if found is None:
        raise KeyError(f"{parent.tag} has no {name}")
    return found


def add(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
    """Add a child as the last, in the namespace of its parent."""
    new = etree.SubElement(parent, tag_beside(parent, name), attributes)
    new.text = text
    return new


def tag_beside(element: Element, name: str) -> str:
    """The tag of that name in the namespace of an element."""
    return str(etree.QName(etree.QName(element).namespace, name))


class EditedPackage(Package):
    """The parts of a workbook, all of which are kept."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        for name, _ in self.parts():
            self.read(name)
        self.workbook = self.tree(self.workbook_part)
        is_strict = etree.QName(self.workbook).namespace == STRICT[MAIN]
        self.namespaces = STRICT if is_strict else {each: each for each in STRICT}
        self.relation_id = f"{{{self.namespaces[RELATIONS]}}}id"
        declared = self.content_type(self.workbook_part)
        self.extension = next((each for kind, each in EXTENSIONS.items() if kind in declared), "xlsx")

    def put(self, part: str, content: str, content_type: str) -> str:
        """Add or replace a part; its name."""
        self.drop(part)
        for usual, here in self.namespaces.items():
            content = content.replace(f'"{usual}"', f'"{here}"')
        self.names[key(part)] = part
        self.contents[part] = (DECLARATION + content).encode()
        add(self.tree(CONTENT_TYPES), "Override", PartName=f"/{part}", ContentType=content_type)
        return part

    def drop(self, part: str) -> None:
        for each in (part, relations_part(part)):
            name = self.names.pop(key(each), "")
            self.contents.pop(name, None)
            self.entries.pop(name, None)
            self.trees.pop(name, None)
        types = self.tree(CONTENT_TYPES)
        for each in list(types):
            if key(each.get("PartName", "")) == key(part):
                types.remove(each)

    def free_name(self, pattern: str) -> str:
        """An unused part name of a pattern such as xl/comments{}.xml."""
        return next(name for name in map(pattern.format, range(1, 10_000)) if name not in self)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation, of a kind or the URI of one; its id."""
        name = relations_part(part)
        if name not in self:
            self.names[key(name)] = name
            self.contents[name] = f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}"/>'.encode()
        taken = {each.get("Id") for each in self.tree(name)}
        new = next(each for each in (f"rIdHtx{number}" for number in range(1, 10_000)) if each not in taken)
        uri = kind if ":" in kind else f"{self.namespaces[RELATIONS]}/{kind}"
        add(self.tree(name), "Relationship", Id=new, Type=uri, Target=f"/{target}")
        return new

    # Sheets --------------------------------------------------------------------------------------------------

    def add_sheet(self, name: str, content: str, *, first: bool) -> str:
        """Add a worksheet as the first or last; its part."""
        sheets = child(self.workbook, "sheets")
        part = self.put(self.free_name("xl/worksheets/sheet{}.xml"), content, SHEET_TYPE)
        number = max((int(each.get("sheetId", 0)) for each in sheets), default=0) + 1
        element = add(sheets, "sheet", name=name, sheetId=str(number))
        element.set(self.relation_id, self.relate(self.workbook_part, "worksheet", part))
        if first:
            sheets.insert(0, element)
            self._renumber({old: old + 1 for old in range(len(sheets) - 1)})
            self._open_at_first(part)
        return part

    def drop_sheet(self, name: str) -> None:
        """Remove a worksheet, if there is one of that name."""
        sheets = child(self.workbook, "sheets")
        for place, each in enumerate(sheets):
            if each.get("name") == name:
                part = self.related(self.workbook_part, "worksheet")[relation_id(each)]
                relations = self.tree(relations_part(self.workbook_part))
                relations.remove(next(one for one in relations if one.get("Id") == relation_id(each)))
                sheets.remove(each)
                self.drop(part)
                behind = range(place + 1, len(sheets) + 1)
                self._renumber({**{old: old for old in range(place)}, **{old: old - 1 for old in behind}})
                return

    def _renumber(self, places: dict[int, int]) -> None:
        """Update defined names of single sheets, which refer to them by position."""
        for names in self.workbook.findall("{*}definedNames"):
            for name in names.findall("{*}definedName[@localSheetId]"):
                place = places.get(int(name.get("localSheetId")))
                if place is None:
                    names.remove(name)
                else:
                    name.set("localSheetId", str(place))
            if not len(names):
                self.workbook.remove(names)

    def _open_at_first(self, part: str) -> None:
        for view in self.workbook.iterfind("{*}bookViews/{*}workbookView"):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", None)
        for other in self.sheets().values():
            if other != part and b"tabSelected" in self.text(other):
                for view in self.tree(other).iterfind("{*}sheetViews/{*}sheetView"):
                    if view.get("tabSelected") in TRUE:
                        del view.attrib["tabSelected"]

    # ---------------------------------------------------------------------------------------------------------

    def as_bytes(self) -> bytes:
        """The workbook; the same bytes for the same changes."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in self.contents.items():
                if name in self.trees:
                    text = etree.tostring(self.trees[name], encoding="unicode")
                    if text != etree.tostring(self.parse(name), encoding="unicode"):
                        content = (DECLARATION + text).encode()
                moment = self.entries[name].date_time if name in self.entries else (1980, 1, 1, 0, 0, 0)
                archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED, 1)
        return target.getvalue()
