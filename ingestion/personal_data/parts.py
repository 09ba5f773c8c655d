"""All text of a package, whatever part it stands in: text boxes, headers and footers, prompts, defined names, caches of
pivot tables and of links, properties, comments, parts that no program shows."""

import re
from collections.abc import Iterator

from lxml import etree

from ingestion.personal_data.names import FEWEST_NAMES, is_name
from ingestion.personal_data.numbers import GUID, contains_mobile_number
from ingestion.personal_data.texts import identifies_person, identity_number, is_personal_heading
from ingestion.personal_data.words import labels
from ingestion.workbook.package import Element, Package, local, parse_xml

PARAGRAPHS = frozenset({"p", "h", "si", "text", "textbox", "div"})
"""elements whose text is of one piece, in whatever runs it is written"""
BREAKS = frozenset({"s", "tab", "br", "line-break"})
ROWS = frozenset({"r", "row", "cacheField"})
"""elements with the cells of a row below them"""
CELLS = frozenset({"table-cell", "covered-table-cell", "annotation", "comments", "ThreadedComments", "sst"})
"""cells and comments, which are checked with their sheet: here for identity numbers only"""
LISTS = frozenset({"pivotCacheDefinition", "externalLink", "table"})
"""parts with headings of columns"""
PROPERTIES = frozenset({"coreProperties", "Properties", "document-meta"})
SHEET_DATA = re.compile(rb"<(?:\w+:)?sheetData[\s>].*</(?:\w+:)?sheetData\s*>", re.DOTALL)
NINE_DIGITS = re.compile(rb"[0-9](?:\x00?[ .\-]?\x00?[0-9]){8}")
"""in one byte a letter or in two"""
LETTERS = re.compile("[ -~\u00a0-\u024f\u1e00-\u1eff]{9,}")
BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""what may stand before XML"""


def find_in_package(package: Package) -> str | None:
    """Where in the package personal data stands outside of the cells, in words for the sender; None if nowhere."""
    for part, _ in package.parts():
        content = package.read(part)
        root = _root(content)
        if root is None:
            if has_identity_number(content):
                return labels("place")["part"]
            continue
        is_list, is_property = local(root) in LISTS, local(root) in PROPERTIES
        names = set()
        for text, element in _texts(root):
            if identifies_person(text) or (is_property and contains_mobile_number(text)):
                around = [local(element), *map(local, element.iterancestors())]
                if CELLS.isdisjoint(around) or identity_number(text):
                    return _label(around)
            elif is_list:
                names |= {text} if is_name(text) else set()
                if is_personal_heading(text) or len(names) >= FEWEST_NAMES:
                    return _label([local(root)])
    return None


def has_identity_number(content: bytes) -> bool:
    """Whether bytes that no parser reads contain an identity number, in one byte a letter or in two."""
    if not NINE_DIGITS.search(content):
        return False
    decoded = (content.decode("ascii", "replace"), *(content[at:].decode("utf-16-le", "replace") for at in (0, 1)))
    pieces = (text for each in decoded for text in LETTERS.findall(each))
    # the byte before a text may look like a letter of it
    return any(identity_number(text) or identity_number(text[1:]) for text in pieces)


def _root(content: bytes) -> Element | None:
    """The part as XML without the cells of a worksheet; None if it is not XML. Drawings of comments (VML) are often not
    well-formed."""
    if not content[:200].lstrip(BLANK).startswith(b"<"):
        return None
    content = SHEET_DATA.sub(b"", content)
    try:
        return parse_xml(content)
    except (etree.XMLSyntaxError, ValueError):
        return etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))


def _texts(root: Element) -> Iterator[tuple[str, Element]]:
    """Texts and attributes of each element, a paragraph in one piece, and the cells of a row together."""
    for element in root.iter(etree.Element):
        name = element.tag.rpartition("}")[2]
        yield _joined(element) if name in PARAGRAPHS else element.text or "", element
        yield element.tail or "", element
        for value in element.attrib.values():
            if not GUID.search(value):
                yield value, element
        if name in ROWS or len(element.attrib) > 1:
            inside = element.iterdescendants(etree.Element) if name in ROWS else ()
            yield (
                " · ".join(value for each in (element, *inside) for value in (*each.attrib.values(), each.text or "")),
                element,
            )


def _joined(paragraph: Element) -> str:
    pieces = [paragraph.text or ""]
    for each in paragraph.iterdescendants(etree.Element):
        pieces += [" " if local(each) in BREAKS else "", each.text or "", each.tail or ""]
    return "".join(pieces)


def _label(around: list[str]) -> str:
    known = labels("place")
    return next((known[name] for name in around if name in known), known["part"])
