"""The cells of one worksheet of an OOXML package."""

import bisect

from lxml import etree

from ingestion.feedback.ooxml_package import EditedPackage, add, child, tag_beside
from ingestion.workbook.cells import address, parse_address
from ingestion.workbook.package import Element, local, walk_cells

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Elements after the drawing of comments in a sheet: the schema fixes the order.
AFTER_LEGACY_DRAWING = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)


class SheetPart:
    """A worksheet, whose cells can be found, added and written. Rows and columns count from 0."""

    def __init__(self, package: EditedPackage, part: str) -> None:
        self.package, self.part = package, part
        self.root = package.tree(part)
        self.data = child(self.root, "sheetData")
        self.rows: dict[int, Element] = {}
        number = 0
        for row in self.data:
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self.rows[number - 1] = row
        self.order = sorted(self.rows)
        self.cells = dict(walk_cells(self.root))
        for place, cell in self.cells.items():
            cell.set("r", address(*place))  # optional in what other programs write

    def cell(self, place: str) -> Element:
        """The cell at an address; a new one, with the style of its row or column, if it does not exist."""
        found = parse_address(place)
        if found is None:
            raise ValueError(f"{place} is not the address of a cell")
        if found not in self.cells:
            self.cells[found] = self._add_cell(*found)
        return self.cells[found]

    def write(self, place: str, text: str) -> None:
        """Set a cell to a text, as text even if it begins like a formula."""
        cell = self.cell(place)
        del cell[:]
        cell.set("t", "inlineStr")
        add(add(cell, "is"), "t", text).set(SPACE, "preserve")

    def first_free_column(self) -> int:
        """The column after the last one with cells."""
        return max((column + 1 for _, column in self.cells), default=0)

    def insert_legacy_drawing(self, relation_id: str) -> None:
        """Refer to the drawing of comments."""
        element = etree.Element(tag_beside(self.root, "legacyDrawing"), {self.package.relation_id: relation_id})
        behind = [index for index, each in enumerate(self.root) if local(each) in AFTER_LEGACY_DRAWING]
        self.root.insert(behind[0] if behind else len(self.root), element)

    def _add_cell(self, row: int, column: int) -> Element:
        if row not in self.rows:
            place = bisect.bisect(self.order, row)
            self.rows[row] = etree.Element(tag_beside(self.root, "row"), {"r": str(row + 1)})
            self.data.insert(place, self.rows[row])
            self.order.insert(place, row)
        line = self.rows[row]
        cell = etree.Element(tag_beside(self.root, "c"), {"r": address(row, column)})
        style = line.get("s") if line.get("customFormat") in ("1", "true") else self._column_style(column)
        if style:
            cell.set("s", style)
        places = map(parse_address, (each.get("r") for each in line.iterchildren("{*}c")))
        line.insert(sum(1 for each in places if each and each[1] < column), cell)
        line.attrib.pop("spans", None)
        return cell

    def _column_style(self, index: int) -> str | None:
        for each in self.root.iterfind("{*}cols/{*}col"):
            if int(each.get("min", 0)) <= index + 1 <= int(each.get("max", 0)):
                return each.get("style")
        return None
