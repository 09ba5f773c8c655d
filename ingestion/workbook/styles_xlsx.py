"""Cell styles of an xlsx workbook (styles.xml)."""

from functools import lru_cache

from ingestion.workbook.annotations import CellStyle, cell_style, parse_xml

PERCENT_FORMATS = {"9": "0%", "10": "0.00%"}
"""built-in number formats of percentages"""


@lru_cache(maxsize=64)
def read_styles(text: bytes) -> dict[int, CellStyle]:
    """Number of a cell style -> its meaning, without plain ones."""
    styles = _Styles()
    parse_xml(text, styles.start, styles.end)
    meanings = {number: styles.meaning(style) for number, style in enumerate(styles.styles)}
    return {number: meaning for number, meaning in meanings.items() if meaning != CellStyle()}


class _Styles:
    """The lists of styles.xml while it is parsed."""

    def __init__(self) -> None:
        self.fonts: list[dict[str, str]] = []
        self.fills: list[str | None] = []
        self.formats = dict(PERCENT_FORMATS)
        self.styles: list[dict[str, str]] = []
        self.within: list[str] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        path = self.within[-3:]
        self.within.append(tag)
        if tag == "font" and path[-1:] == ["fonts"]:
            self.fonts.append({})
        elif path[-2:] == ["fonts", "font"]:
            if tag in ("name", "strike"):
                self.fonts[-1][tag] = given.get("val", "1")
            elif tag == "color":
                self.fonts[-1][tag] = _colour(given)
        elif tag == "fill" and path[-1:] == ["fills"]:
            self.fills.append(None)
        elif tag == "patternFill" and path[-2:] == ["fills", "fill"] and given.get("patternType") == "solid":
            self.fills[-1] = ""
        elif tag == "fgColor" and "fills" in path and self.fills[-1] is not None:
            self.fills[-1] = _colour(given)
        elif tag == "numFmt" and path[-1:] == ["numFmts"]:
            self.formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif tag == "xf" and path[-1:] == ["cellXfs"]:
            self.styles.append(given)

    def end(self, _tag: str) -> None:
        self.within.pop()

    def meaning(self, style: dict[str, str]) -> CellStyle:
        font = _at(self.fonts, style.get("fontId")) or {}
        return cell_style(
            font.get("name", ""),
            _at(self.fills, style.get("fillId")),
            font.get("color", ""),
            font.get("strike", "0") not in ("0", "false"),
            self.formats.get(style.get("numFmtId", ""), ""),
        )


def _at(values: list, number: str | None):
    return values[int(number)] if number and number.isdigit() and int(number) < len(values) else None


def _colour(given: dict[str, str]) -> str:
    """RRGGBB, theme:N or indexed:N; empty for an automatic colour."""
    if "rgb" in given:
        return given["rgb"][-6:].upper()
    if "theme" in given:
        # The first two are background and text; a tint of them is decoration.
        return "" if given["theme"] in ("0", "1") else f"theme:{given['theme']}:{given.get('tint', '')}"
    return f"indexed:{given['indexed']}" if "indexed" in given else ""
