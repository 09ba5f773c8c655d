"""Cell styles of an xlsx workbook (styles.xml)."""

from functools import lru_cache
from xml.etree.ElementTree import Element

from ingestion.workbook.annotations import CellStyle, cell_style, parse_tree

PERCENT_FORMATS = {"9": "0%", "10": "0.00%"}
"""built-in number formats of percentages"""


@lru_cache(maxsize=64)
def read_styles(text: bytes) -> dict[int, CellStyle]:
    """Number of a cell style -> its meaning, without plain ones."""
    root = parse_tree(text)
    fonts, fills = root.findall("{*}fonts/{*}font"), root.findall("{*}fills/{*}fill")
    formats = dict(PERCENT_FORMATS)
    for each in root.findall("{*}numFmts/{*}numFmt"):
        formats[each.get("numFmtId", "")] = each.get("formatCode", "")
    styles = {}
    for number, style in enumerate(root.findall("{*}cellXfs/{*}xf")):
        font, fill = _at(fonts, style.get("fontId")), _at(fills, style.get("fillId"))
        name, strike = font.find("{*}name"), font.find("{*}strike")
        meaning = cell_style(
            name.get("val", "") if name is not None else "",
            _colour(fill.find("{*}patternFill[@patternType='solid']/{*}fgColor")),
            _colour(font.find("{*}color")),
            strike is not None and strike.get("val", "1") not in ("0", "false"),
            formats.get(style.get("numFmtId", ""), ""),
        )
        if meaning != CellStyle():
            styles[number] = meaning
    return styles


def _at(elements: list[Element], number: str | None) -> Element:
    """The element of that number; an empty one if there is none."""
    is_valid = number is not None and number.isdigit() and int(number) < len(elements)
    return elements[int(number or 0)] if is_valid else Element("none")


def _colour(element: Element | None) -> str:
    """RRGGBB, theme:N or indexed:N; empty for an automatic colour."""
    given = {} if element is None else element.attrib
    if "rgb" in given:
        return given["rgb"][-6:].upper()
    if "theme" in given:
        # The first two are background and text; a tint of them is decoration.
        return "" if given["theme"] in ("0", "1") else f"theme:{given['theme']}:{given.get('tint', '')}"
    return f"indexed:{given['indexed']}" if "indexed" in given else ""
