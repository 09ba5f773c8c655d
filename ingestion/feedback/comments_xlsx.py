"""Comments in a worksheet of an OOXML package: their text (comments.xml) and their boxes (VML drawing)."""

from lxml import etree

from ingestion.feedback.ooxml_package import COMMENTS_TYPE, MAIN, VML_TYPE, EditedPackage, add, child
from ingestion.feedback.ooxml_sheet import SPACE, SheetPart
from ingestion.feedback.threaded_comments import remove_own_replies, reply_in_threads
from ingestion.workbook.cells import address, parse_address
from ingestion.workbook.own_markup import COMMENT_AUTHOR, COMMENT_STARTS, without_own
from ingestion.workbook.package import Element, relation_id

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


def write_comments(package: EditedPackage, sheet: SheetPart, texts: dict[str, str]) -> None:
    """Add comments by the address of their cells; a comment that is there already keeps its text before ours, and a
    thread gets a reply."""
    threads = reply_in_threads(package, sheet.part, texts)
    part = next(iter(package.related(sheet.part, "comments").values()), None)
    if part is None:
        empty = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
        part = package.put(package.free_name("xl/comments{}.xml"), empty, COMMENTS_TYPE)
        package.relate(sheet.part, "comments", part)
    authors, listed = (child(package.tree(part), name) for name in ("authors", "commentList"))
    existing = {each.get("ref"): each for each in listed}
    new = {place: words for place, words in texts.items() if place not in existing}
    for place, words in texts.items():
        if place in existing:
            text = child(existing[place], "text")
            _set_text(text, f"{_text_of(text)}\n\n{words}")
        else:
            # Excel knows the note that belongs to a thread by its author.
            author = _author_id(authors, f"tc={threads[place]}" if place in threads else COMMENT_AUTHOR)
            _set_text(add(add(listed, "comment", ref=place, authorId=author), "text"), words)
    listed[:] = sorted(listed, key=lambda comment: parse_address(comment.get("ref", "")) or (-1, 0))
    _draw_boxes(package, sheet, new)


def remove_own_comments(package: EditedPackage, part: str) -> None:
    """Remove our comments from a worksheet, and our text from those of others."""
    remove_own_replies(package, part)
    for comments in package.related(part, "comments").values():
        if not any(start.encode() in package.text(comments) for start in COMMENT_STARTS):
            continue
        listed = child(package.tree(comments), "commentList")
        removed = set()
        for comment in list(listed):
            text = child(comment, "text")
            theirs, is_ours = without_own(_text_of(text))
            if is_ours and theirs.strip():
                _set_text(text, theirs.rstrip())
            elif is_ours:
                listed.remove(comment)
                removed.add(comment.get("ref"))
        for drawing in package.related(part, "vmlDrawing").values() if removed else ():
            for shape in package.tree(drawing).findall("{*}shape"):
                if _cell_of(shape) in removed:
                    package.tree(drawing).remove(shape)


def _draw_boxes(package: EditedPackage, sheet: SheetPart, comments: dict[str, str]) -> None:
    # Pictures of headers have a drawing of the same kind: that of comments is the one that legacyDrawing refers to.
    existing = sheet.root.find("{*}legacyDrawing")
    part = "" if existing is None else package.related(sheet.part, "vmlDrawing").get(relation_id(existing), "")
    if part not in package:
        if existing is not None:
            sheet.root.remove(existing)
        part = package.put(package.free_name("xl/drawings/vmlDrawing{}.vml"), VML, VML_TYPE)
        sheet.insert_legacy_drawing(package.relate(sheet.part, "vmlDrawing", part))
    root = package.tree(part)
    for number, (place, words) in enumerate(comments.items(), start=FIRST_SHAPE_NUMBER + len(root) + 1):
        row, column = parse_address(place) or (0, 0)
        lines = 1 + sum(1 + len(line) // LETTERS_PER_LINE for line in words.split("\n"))
        top = max(0, row - 1)
        anchor = f"{column + 1}, 15, {top}, 10, {column + 5}, 15, {top + lines}, 4"
        root.append(etree.fromstring(SHAPE.format(number=number, anchor=anchor, row=row, column=column)))


def _author_id(authors: Element, name: str) -> str:
    """The number of an author, who is added if he is missing."""
    names = [each.text for each in authors]
    if name not in names:
        add(authors, "author", name)
        names.append(name)
    return str(names.index(name))


def _cell_of(shape: Element) -> str | None:
    row, column = (shape.findtext(f".//{{*}}{name}") for name in ("Row", "Column"))
    return None if row is None or column is None else address(int(row or 0), int(column or 0))


def _text_of(text: Element) -> str:
    return "".join(each.text or "" for each in text.iter("{*}t"))


def _set_text(text: Element, words: str) -> None:
    del text[:]
    add(add(text, "r"), "t", words).set(SPACE, "preserve")
