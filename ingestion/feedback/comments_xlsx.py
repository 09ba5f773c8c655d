"""Comments in a worksheet of an OOXML package: their text (comments.xml) and their boxes (VML drawing)."""

from xml.etree.ElementTree import Element, SubElement

from ingestion.feedback.ooxml_package import COMMENTS_TYPE, MAIN, VML_TYPE, Package, child, children, local, parse_part
from ingestion.feedback.ooxml_sheet import SheetPart
from ingestion.workbook.cells import address, parse_address
from ingestion.workbook.own_markup import COMMENT_AUTHOR, COMMENT_START

LETTERS_PER_LINE = 60
FIRST_SHAPE_NUMBER = 5_000
"""above those of other programs"""
VML_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
VML = (
    f'<xml {VML_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
SHAPE = (
    f'<v:shape {VML_NAMESPACES} id="_x0000_s{{number}}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;'
    'margin-top:5pt;width:320pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def write_comments(package: Package, sheet: SheetPart, texts: dict[str, str]) -> None:
    """Add comments by the address of their cells; a comment that is there already keeps its text before ours."""
    known = package.related(sheet.part, "comments")
    if not known:
        part = package.free_name("xl/comments{}.xml")
        package.put(part, f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>', COMMENTS_TYPE)
        package.relate(sheet.part, "comments", part)
        known = [part]
    root = package.tree(known[0])
    prefix = root.tag.removesuffix("comments")
    authors, listed = child(root, "authors"), child(root, "commentList")
    SubElement(authors, f"{prefix}author").text = COMMENT_AUTHOR
    author = str(len(authors) - 1)
    existing = {each.get("ref"): each for each in listed}
    new = []
    for place, words in texts.items():
        if place in existing:
            text = child(existing[place], "text")
            _set_text(text, f"{_text_of(text)}\n\n{words}")
        else:
            comment = SubElement(listed, f"{prefix}comment", {"ref": place, "authorId": author})
            _set_text(SubElement(comment, f"{prefix}text"), words)
            new.append((place, words))
    listed[:] = sorted(listed, key=lambda comment: parse_address(comment.get("ref", "")) or (-1, 0))
    _draw_boxes(package, sheet, new)


def remove_own_comments(package: Package, part: str) -> None:
    """Remove our comments from a worksheet, and our text from those of others."""
    for comments in package.related(part, "comments"):
        if COMMENT_START.encode() not in package.contents[comments]:
            continue
        listed = child(package.tree(comments), "commentList")
        removed = set()
        for comment in list(listed):
            text = child(comment, "text")
            theirs, is_ours, _ = _text_of(text).partition(COMMENT_START)
            if is_ours and theirs.strip():
                _set_text(text, theirs.rstrip())
            elif is_ours:
                listed.remove(comment)
                removed.add(comment.get("ref"))
        for drawing in package.related(part, "vmlDrawing"):
            root = package.tree(drawing)
            for shape in children(root, "shape"):
                if _cell_of(shape) in removed:
                    root.remove(shape)


def _draw_boxes(package: Package, sheet: SheetPart, comments: list[tuple[str, str]]) -> None:
    drawings = package.related(sheet.part, "vmlDrawing")
    has_drawing = any(local(each.tag) == "legacyDrawing" for each in sheet.root)
    if not (drawings and has_drawing):
        part = package.free_name("xl/drawings/vmlDrawing{}.vml")
        package.put(part, VML, VML_TYPE)
        sheet.insert_legacy_drawing(package.relate(sheet.part, "vmlDrawing", part))
        drawings = [part]
    root = package.tree(drawings[0])
    for number, (place, words) in enumerate(comments, start=len(root) + 1):
        row, column = parse_address(place) or (0, 0)
        lines = 1 + sum(1 + len(line) // LETTERS_PER_LINE for line in words.split("\n"))
        top = max(0, row - 1)
        anchor = f"{column + 1}, 15, {top}, 10, {column + 5}, 15, {top + lines}, 4"
        shape = SHAPE.format(number=FIRST_SHAPE_NUMBER + number, anchor=anchor, row=row, column=column)
        root.append(parse_part(shape.encode()))


def _cell_of(shape: Element) -> str | None:
    found = {local(each.tag): each.text for each in shape.iter()}
    if "Row" not in found or "Column" not in found:
        return None
    return address(int(found["Row"] or 0), int(found["Column"] or 0))


def _text_of(text: Element) -> str:
    return "".join(each.text or "" for each in text.iter() if local(each.tag) == "t")


def _set_text(text: Element, words: str) -> None:
    prefix = text.tag.removesuffix("text")
    for each in list(text):
        text.remove(each)
    run = SubElement(text, f"{prefix}r")
    SubElement(run, f"{prefix}t", {"xml:space": "preserve"}).text = words
