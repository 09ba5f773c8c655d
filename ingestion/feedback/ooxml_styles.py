"""The styles of an OOXML workbook, to which formats are added."""

from xml.etree.ElementTree import Element

from ingestion.feedback.ooxml_package import Package, child, children, local, parse_part

APPLIED = {"fillId": "applyFill", "fontId": "applyFont", "numFmtId": "applyNumberFormat", "borderId": "applyBorder"}


class Styles:
    """styles.xml. Cells refer to the number of a format; each new format is added once."""

    def __init__(self, package: Package) -> None:
        self.root = package.tree(package.related(package.workbook_part, "styles")[0])
        self.prefix = self.root.tag.removesuffix("styleSheet")
        self.formats = child(self.root, "cellXfs")
        self.fills = child(self.root, "fills")
        self.fonts = child(self.root, "fonts")
        self.borders = child(self.root, "borders")
        self.added: dict[tuple, int] = {}

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
        """The numbers of the fills in one of the colours."""
        return {
            number
            for number, fill in enumerate(self.fills)
            for each in fill.iter()
            if local(each.tag) == "fgColor" and each.get("rgb", "")[-6:].upper() in colours
        }

    def format_like(self, number: int, *, wrap: bool | None = None, **changes: str) -> int:
        """The number of a format equal to another one but for the changes (fillId, fontId, quotePrefix, numFmtId)."""
        key = (number, wrap, *sorted(changes.items()))
        if key not in self.added:
            new = _copy(self.formats[number if 0 <= number < len(self.formats) else 0])
            for name, value in changes.items():
                new.set(name, value)
                if name in APPLIED:
                    new.set(APPLIED[name], "1")
            if wrap is not None:
                for each in children(new, "alignment"):
                    new.remove(each)
                new.insert(0, Element(f"{self.prefix}alignment", {"vertical": "top", "wrapText": "1" if wrap else "0"}))
                new.set("applyAlignment", "1")
            self.formats.append(new)
            self.formats.set("count", str(len(self.formats)))
            self.added[key] = len(self.formats) - 1
        return self.added[key]

    def _add(self, group: Element, text: str) -> int:
        key = (group.tag, text)
        if key not in self.added:
            new = parse_part(text.encode())
            for each in new.iter():
                each.tag = f"{self.prefix}{each.tag}"
            group.append(new)
            group.set("count", str(len(group)))
            self.added[key] = len(group) - 1
        return self.added[key]


def _copy(element: Element) -> Element:
    new = Element(element.tag, dict(element.attrib))
    new.text, new.tail = element.text, element.tail
    new.extend(_copy(each) for each in element)
    return new
