"""The parts of an xlsx or xlsm workbook, changed where they must be and otherwise left as they are.

A library that reads a workbook and writes it anew loses what it does not know: saved values of formulas, pictures,
charts, lists of newer Excels. Here a part that nobody touches keeps its bytes, and of one that is touched every
element, attribute and prefix stays. Raises KeyError, ValueError or expat's error where a package is not as expected.
"""

import bisect
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from ingestion.workbook.reader import column_letter

Element = ElementTree.Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
CONTENT_TYPES = "[Content_Types].xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What stands behind the drawing of comments in a sheet: the schema fixes the order.
BEHIND_LEGACY_DRAWING = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def local(tag: str) -> str:
    """The name of an element without its prefix."""
    return tag.rpartition(":")[2]


def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def parsed(content: bytes) -> Element:
    """An element whose names stand as they are written, prefixes and declarations included."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.Parse(content, True)
    return builder.close()


def _refuse_document_type(*_about: object) -> None:
    raise ValueError("a part declares a document type")


def children(parent: Element, name: str) -> list[Element]:
    return [each for each in parent if local(each.tag) == name]


def child(parent: Element, name: str) -> Element:
    """The first child of the name. KeyError when there is none."""
    for each in parent:
        if local(each.tag) == name:
            return each
    raise KeyError(f"{parent.tag} has no {name}")


def require_well_formed(content: bytes) -> None:
    """Raises ExpatError for a part that is no XML, which a lenient reader may have taken all the same."""
    expat.ParserCreate().Parse(content, True)


class Package:
    """A workbook as its parts. All that is XML in it is well-formed."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.entries = {each.filename: each for each in archive.infolist()}
            self.contents = {name: archive.read(name) for name in self.entries}
        for name, content in self.contents.items():
            if name.endswith((".xml", ".rels")):
                require_well_formed(content)
        self.trees: dict[str, Element] = {}
        start = self.related("", "officeDocument")
        self.workbook_part = start[0]
        self.workbook = self.tree(self.workbook_part)
        self.prefix = self.workbook.tag.removesuffix("workbook")

    def tree(self, part: str) -> Element:
        """The part as an element; what is changed in it is saved."""
        if part not in self.trees:
            self.trees[part] = parsed(self.contents[part])
        return self.trees[part]

    def put(self, part: str, content: str, content_type: str) -> None:
        """Add a part, or write one anew."""
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
        """A name of a part that is not taken, of a pattern such as xl/comments{}.xml."""
        taken = {name.lower() for name in self.contents}
        return next(name for name in map(pattern.format, range(1, 10_000)) if name.lower() not in taken)

    # Relations between parts ---------------------------------------------------------------------------------

    def relations(self, part: str) -> Element:
        name = _relations_part(part)
        if name not in self.contents:
            self.contents[name] = f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}"/>'.encode()
        return self.tree(name)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of a kind (worksheet, comments, vmlDrawing) that the part relates to."""
        if _relations_part(part) not in self.contents:
            return []
        return [_target(part, each) for each in self.relations(part) if each.get("Type", "").endswith(f"/{kind}")]

    def target(self, part: str, relation_id: str) -> str:
        return next(_target(part, each) for each in self.relations(part) if each.get("Id") == relation_id)

    def relate(self, part: str, kind: str, target: str) -> str:
        """The id of a new relation."""
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
        """Add a worksheet before or behind all others; the part that it became."""
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
        """Take a worksheet out, if there is one of the name."""
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
        """Names that hold on one sheet only say which by its place."""
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
        """The workbook; the same for the same changes."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in self.contents.items():
                tree = self.trees.get(name)
                if tree is not None:
                    content = (DECLARATION + ElementTree.tostring(tree, encoding="unicode")).encode()
                moment = self.entries[name].date_time if name in self.entries else (1980, 1, 1, 0, 0, 0)
                archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED, 1)
        return target.getvalue()


class SheetPart:
    """The cells of one worksheet."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part = package, part
        self.root = package.tree(part)
        self.prefix = self.root.tag.removesuffix("worksheet")
        self.data = child(self.root, "sheetData")
        self.rows: dict[int, Element] = {}
        last = 0
        for row in self.data:
            last = int(row.get("r") or last + 1)
            row.set("r", str(last))
            self.rows[last] = row
        self.numbers = sorted(self.rows)
        self.numbered: set[int] = set()

    def cells(self) -> Iterator[Element]:
        for row in self.data:
            yield from children(row, "c")

    def cell(self, place: str) -> Element:
        """The cell at a place such as B3; a new one, of its column's style, where nothing stands yet."""
        match = CELL.fullmatch(place)
        if not match or int(match[2]) > 1_048_576 or column_number(match[1]) > 16_384:
            raise ValueError(f"{place} is no cell")
        column, row = column_number(match[1]), self._row(int(match[2]))
        index = len(row)
        for here, each in enumerate(row):
            number = column_number(CELL.fullmatch(each.get("r", ""))[1]) if local(each.tag) == "c" else column + 1
            if number == column:
                return each
            if number > column:
                index = here
                break
        new = ElementTree.Element(f"{self.prefix}c", {"r": place})
        style = row.get("s") if row.get("customFormat") in ("1", "true") else self._column_style(column)
        if style:
            new.set("s", style)
        row.insert(index, new)
        row.attrib.pop("spans", None)
        return new

    def write(self, place: str, text: str, style: int | None = None) -> None:
        """Put a text into a cell, as text whatever it begins with."""
        cell = self.cell(place)
        for each in list(cell):
            cell.remove(each)
        cell.set("t", "inlineStr")
        if style is not None:
            cell.set("s", str(style))
        inline = ElementTree.SubElement(cell, f"{self.prefix}is")
        ElementTree.SubElement(inline, f"{self.prefix}t", {"xml:space": "preserve"}).text = text

    def _row(self, number: int) -> Element:
        if number not in self.rows:
            place = bisect.bisect(self.numbers, number)
            row = ElementTree.Element(f"{self.prefix}row", {"r": str(number)})
            self.data.insert(place, row)
            self.numbers.insert(place, number)
            self.rows[number] = row
        row = self.rows[number]
        if number not in self.numbered:
            self.numbered.add(number)
            column = 0
            for each in children(row, "c"):
                match = CELL.fullmatch(each.get("r", ""))
                column = column_number(match[1]) if match else column + 1
                each.set("r", f"{column_letter(column - 1)}{number}")
        return row

    def _column_style(self, number: int) -> str | None:
        for columns in children(self.root, "cols"):
            for each in columns:
                if int(each.get("min", 0)) <= number <= int(each.get("max", 0)):
                    return each.get("style")
        return None

    def insert_legacy_drawing(self, relation_id: str) -> None:
        name = relation_attribute(self.root)
        element = ElementTree.Element(f"{self.prefix}legacyDrawing", {name: relation_id})
        for index, each in enumerate(self.root):
            if local(each.tag) in BEHIND_LEGACY_DRAWING:
                self.root.insert(index, element)
                return
        self.root.append(element)


class Styles:
    """The styles of a workbook: cells take the number of a format, and each format here is made once."""

    def __init__(self, package: Package) -> None:
        self.root = package.tree(package.related(package.workbook_part, "styles")[0])
        self.prefix = self.root.tag.removesuffix("styleSheet")
        self.formats = child(self.root, "cellXfs")
        self.fills = child(self.root, "fills")
        self.fonts = child(self.root, "fonts")
        self.borders = child(self.root, "borders")
        self.made: dict[tuple, int] = {}

    def fill(self, colour: str) -> int:
        """The number of a fill of one colour, RRGGBB."""
        colours = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
        return self._add(self.fills, f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>')

    def font(self, *, bold: bool = False, size: int = 11, colour: str = "000000", underlined: bool = False) -> int:
        marks = ("<b/>" if bold else "") + ("<u/>" if underlined else "")
        text = f'<font>{marks}<sz val="{size}"/><color rgb="FF{colour}"/><name val="Times New Roman"/></font>'
        return self._add(self.fonts, text)

    def border(self) -> int:
        """The number of a thin grey border on all sides."""
        sides = "".join(
            f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in ("left", "right", "top", "bottom")
        )
        return self._add(self.borders, f"<border>{sides}<diagonal/></border>")

    def fills_of(self, colours: set[str]) -> set[int]:
        """The numbers of the fills of one of the colours."""
        found = set()
        for number, fill in enumerate(self.fills):
            for each in fill.iter():
                if local(each.tag) == "fgColor" and each.get("rgb", "")[-6:].upper() in colours:
                    found.add(number)
        return found

    def format_like(self, number: int, *, wrap: bool | None = None, **changes: str) -> int:
        """The number of a format that is another one but for the changes (fillId, fontId, quotePrefix, numFmtId)."""
        key = (number, wrap, *sorted(changes.items()))
        if key not in self.made:
            known = self.formats[number if 0 <= number < len(self.formats) else 0]
            new = _copied(known)
            for name, value in changes.items():
                new.set(name, value)
                if name in APPLIED:
                    new.set(APPLIED[name], "1")
            if wrap is not None:
                for each in children(new, "alignment"):
                    new.remove(each)
                about = {"vertical": "top", "wrapText": "1" if wrap else "0"}
                new.insert(0, ElementTree.Element(f"{self.prefix}alignment", about))
                new.set("applyAlignment", "1")
            self.formats.append(new)
            self.formats.set("count", str(len(self.formats)))
            self.made[key] = len(self.formats) - 1
        return self.made[key]

    def _add(self, group: Element, text: str) -> int:
        key = (group.tag, text)
        if key not in self.made:
            new = parsed(text.encode())
            for each in new.iter():
                each.tag = f"{self.prefix}{each.tag}"
            group.append(new)
            group.set("count", str(len(group)))
            self.made[key] = len(group) - 1
        return self.made[key]


APPLIED = {"fillId": "applyFill", "fontId": "applyFont", "numFmtId": "applyNumberFormat", "borderId": "applyBorder"}


def relation_attribute(root: Element) -> str:
    """How an element of the part names a relation: r:id, by the part's own prefix for it."""
    for name, value in root.attrib.items():
        if value == RELATIONS and name.startswith("xmlns:"):
            return f"{name.removeprefix('xmlns:')}:id"
    root.set("xmlns:r", RELATIONS)
    return "r:id"


def _copied(element: Element) -> Element:
    new = ElementTree.Element(element.tag, dict(element.attrib))
    new.text, new.tail = element.text, element.tail
    new.extend(_copied(each) for each in element)
    return new


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
