"""A zipped workbook as the reader of values (calamine) expects it: usual names of parts, UTF-8, no blanks of layout.

Programs write packages in many valid ways, of which that reader accepts some and misreads others. So it gets a package
of its own, made of the parts with values, in one way.
"""

import io
import zipfile
from xml.sax.saxutils import quoteattr

from lxml import etree

from ingestion.workbook.package import ODS_CONTENT, Element, Package, relation_id

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEETS = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
VALUES = ("sharedStrings", "styles")
"""the parts beside the worksheets on which values depend"""
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MANIFEST_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def canonical_workbook(package: Package) -> bytes:
    """The values of an xlsx or ods as the bytes of a package. Raises KeyError for a sheet without a part."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _ods(package) if package.kind == "spreadsheet" else _xlsx(package):
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _xlsx(package: Package) -> list[tuple[str, bytes]]:
    root = package.tree(package.workbook_part)
    targets = package.related(package.workbook_part, *SHEETS)
    worksheets = package.related(package.workbook_part, "worksheet")
    sheets, relations, parts = "", "", []
    for number, each in enumerate(root.iterfind("{*}sheets/{*}sheet"), start=1):
        part = targets[relation_id(each)]
        if relation_id(each) not in worksheets:
            continue
        state = each.get("state") if each.get("state") in ("hidden", "veryHidden") else "visible"
        sheets += f'<sheet name={quoteattr(each.get("name", ""))} sheetId="{number}" state="{state}" r:id="s{number}"/>'
        relations += _relation(f"s{number}", "worksheet", f"worksheets/sheet{number}.xml")
        parts.append((f"xl/worksheets/sheet{number}.xml", package.sheet_text(part)))
    for kind in VALUES:
        if text := package.shared_text(kind):
            relations += _relation(kind, kind, f"{kind}.xml")
            parts.append((f"xl/{kind}.xml", text))
    properties = root.find("{*}workbookPr")
    calendar = quoteattr(properties.get("date1904", "0") if properties is not None else "0")
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904={calendar}/>'
        f"<sheets>{sheets}</sheets></workbook>"
    )
    return [
        ("_rels/.rels", _relations(_relation("w", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", workbook.encode()),
        ("xl/_rels/workbook.xml.rels", _relations(relations)),
        *parts,
    ]


def _relations(listed: str) -> bytes:
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{listed}</Relationships>'.encode()


def _relation(id: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"/>'


def _ods(package: Package) -> list[tuple[str, bytes]]:
    content = package.tree(ODS_CONTENT)
    _drop_layout(content)
    manifest = f'<manifest:manifest xmlns:manifest="{MANIFEST_NAMESPACE}"/>'
    return [
        ("mimetype", ODS_TYPE),
        ("META-INF/manifest.xml", manifest.encode()),
        (ODS_CONTENT, etree.tostring(content, encoding="UTF-8")),
    ]


def _drop_layout(root: Element) -> None:
    """Remove blanks between elements, but for those of a text."""
    for parent in root.iter():
        if not str(parent.tag).startswith(TEXT):
            if (parent.text or "").isspace():
                parent.text = None
            for each in parent:
                if (each.tail or "").isspace():
                    each.tail = None
