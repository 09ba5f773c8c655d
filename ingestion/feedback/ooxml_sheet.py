"""The cells of one worksheet of an OOXML package."""

import bisect
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from ingestion.feedback.ooxml_package import Package, child, children, local, relation_attribute
from ingestion.workbook.cells import address, parse_address

# Elements after the drawing of comments in a sheet: the schema fixes the order.
AFTER_LEGACY_DRAWING = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)


class SheetPart:
    """A worksheet, whose cells can be found, added and written. Rows and columns count from 0."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part = package, part
        self.root = package.tree(part)
        self.prefix = self.root.tag.removesuffix("worksheet")
        self.data = child(self.root, "sheetData")
        self.rows: dict[int, Element] = {}
        number = 0
        for row in self.data:
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self.rows[number - 1] = row
        self.order = sorted(self.rows)
        self.addressed: set[int] = set()
        """rows whose cells all have their address, which is optional"""

    def cells(self) -> Iterator[Element]:
        for row in self.data:
            yield from children(row, "c")

    def cell(self, place: str) -> Element:
        """The cell at an address; a new one, with the style of its row or column, if it does not exist."""
        found = parse_address(place)
        if found is None:
            raise ValueError(f"{place} is not the address of a cell")
        row, column = self._row(found[0]), found[1]
        index = len(row)
        for here, each in enumerate(row):
            other = _column_of(each) if local(each.tag) == "c" else column + 1
            if other == column:
                return each
            if other > column:
                index = here
                break
        new = Element(f"{self.prefix}c", {"r": place})
        style = row.get("s") if row.get("customFormat") in ("1", "true") else self._column_style(column)
        if style:
            new.set("s", style)
        row.insert(index, new)
        row.attrib.pop("spans", None)
        return new

    def write(self, place: str, text: str) -> None:
        """Set a cell to a text, as text even if it begins like a formula."""
        cell = self.cell(place)
        for each in list(cell):
            cell.remove(each)
        cell.set("t", "inlineStr")
        inline = SubElement(cell, f"{self.prefix}is")
        SubElement(inline, f"{self.prefix}t", {"xml:space": "preserve"}).text = text

    def first_free_column(self) -> int:
        """The column after the last one with cells."""
        return max((_column_of(each) + 1 for each in self.cells() if each.get("r")), default=0)

    def insert_legacy_drawing(self, relation_id: str) -> None:
        """Refer to the drawing of comments."""
        element = Element(f"{self.prefix}legacyDrawing", {relation_attribute(self.root): relation_id})
        behind = [index for index, each in enumerate(self.root) if local(each.tag) in AFTER_LEGACY_DRAWING]
        self.root.insert(behind[0] if behind else len(self.root), element)

    def _row(self, number: int) -> Element:
        if number not in self.rows:
            place = bisect.bisect(self.order, number)
            row = Element(f"{self.prefix}row", {"r": str(number + 1)})
            self.data.insert(place, row)
            self.order.insert(place, number)
            self.rows[number] = row
        row = self.rows[number]
        if number not in self.addressed:
            self.addressed.add(number)
            column = -1
            for each in children(row, "c"):
                found = parse_address(each.get("r", ""))
                column = found[1] if found else column + 1
                each.set("r", address(number, column))
        return row

    def _column_style(self, index: int) -> str | None:
        for columns in children(self.root, "cols"):
            for each in columns:
                if int(each.get("min", 0)) <= index + 1 <= int(each.get("max", 0)):
                    return each.get("style")
        return None


def _column_of(cell: Element) -> int:
    found = parse_address(cell.get("r", ""))
    if found is None:
        raise ValueError(f"{cell.get('r')} is not the address of a cell")
    return found[1]
