"""The styles of an OOXML workbook, to which formats are added."""

import copy

from lxml import etree

from ingestion.feedback.ooxml_package import MAIN, STYLES_TYPE, EditedPackage, child, tag_beside
from ingestion.workbook.package import Element, local

APPLIED = {"fillId": "applyFill", "fontId": "applyFont", "numFmtId": "applyNumberFormat", "borderId": "applyBorder"}
STYLES = "xl/styles.xml"
GROUPS = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
}
"""groups of styles in the order of the schema -> their first elements, for a workbook that has none"""


class Styles:
    """styles.xml. Cells refer to the number of a format; each new format is added once."""

    def __init__(self, package: EditedPackage) -> None:
        part = next(iter(package.related(package.workbook_part, "styles").values()), "")
        if part not in package:
            part = STYLES if STYLES not in package else package.free_name("xl/styles{}.xml")
            package.put(part, f'<styleSheet xmlns="{MAIN}"/>', STYLES_TYPE)
            package.relate(package.workbook_part, "styles", part)
        root = package.tree(part)
        for name in GROUPS:
            _require_group(root, name)
        self.fonts, self.fills, self.borders, _, self.formats = (child(root, name) for name in GROUPS)
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
            for each in fill.iter("{*}fgColor")
            if each.get("rgb", "")[-6:].upper() in colours
        }

    def format_like(self, number: int, *, wrap: bool | None = None, **changes: str) -> int:
        """The number of a format equal to another one but for the changes (fillId, fontId, quotePrefix, numFmtId)."""
        key = (number, wrap, *sorted(changes.items()))
        if key not in self.added:
            new = copy.copy(self.formats[number if 0 <= number < len(self.formats) else 0])
            for name, value in changes.items():
                new.set(name, value)
                if name in APPLIED:
                    new.set(APPLIED[name], "1")
            if wrap is not None:
                for each in new.findall("{*}alignment"):
                    new.remove(each)
                look = {"vertical": "top", "wrapText": "1" if wrap else "0"}
                new.insert(0, etree.Element(tag_beside(new, "alignment"), look))
                new.set("applyAlignment", "1")
            self.formats.append(new)
            self.formats.set("count", str(len(self.formats)))
            self.added[key] = len(self.formats) - 1
        return self.added[key]

    def _add(self, group: Element, text: str) -> int:
        key = (group.tag, text)
        if key not in self.added:
            new = etree.fromstring(text)
            for each in new.iter():
                each.tag = tag_beside(group, each.tag)
            group.append(new)
            group.set("count", str(len(group)))
            self.added[key] = len(group) - 1
        return self.added[key]


def _require_group(root: Element, name: str) -> None:
    """Add a group with its first elements if it is missing or empty."""
    found = root.find(f"{{*}}{name}")
    if found is None:
        found = etree.Element(tag_beside(root, name))
        before = [*list(GROUPS)[: list(GROUPS).index(name)], "numFmts"]
        root.insert(sum(local(each) in before for each in root), found)
    if not len(found):
        for each in etree.fromstring(f"<none>{GROUPS[name]}</none>"):
            for one in each.iter():
                one.tag = tag_beside(root, one.tag)
            found.append(each)
        found.set("count", str(len(found)))
