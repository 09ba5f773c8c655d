"""The container of a workbook, ZIP or OLE: what it is, and whether it is within the limits, before it is opened."""

import re

from ingestion.workbook.cells import column_index
from ingestion.workbook.limits import Limits
from ingestion.workbook.package import WORKBOOK_PART, Package
from ingestion.workbook.rejected_file import RejectedFile, unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = {
    "pdf": (b"%PDF",),
    "image": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"),
    "archive": (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
    "document": (b"{\\rtf",),
}
# No spreadsheet program writes one: entities can expand without bound, or read other files.
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell beyond column ZZ or row 9999. Without one a sheet is small enough to be opened before its cells are counted.
FAR_CELL = re.compile(rb'r="(?:[A-Z]{3}[0-9]|[A-Z]{0,2}[0-9]{5})')
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row[^>]*?\sr="(\d+)"')
COLUMN_LETTERS = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]+)')


def require_workbook(content: bytes, limits: Limits) -> Package | None:
    """The package of a zipped workbook, None for an xls. Rejects (F01) what is not a workbook, or exceeds a limit."""
    if len(content) > limits.bytes:
        too_large = unreadable("too_large", f"{limits.bytes // 1_000_000} MB")
        too_large.keep_content = False  # it was not read to its end
        raise too_large
    if not content.strip(b"\x00 \t\r\n"):
        raise unreadable("empty")
    if content.startswith(OLE):
        _require_xls(content)
        return None
    if content.startswith(b"PK"):
        return _require_zipped_workbook(content, limits)
    raise unreadable(_other_format(content))


def is_xls(content: bytes) -> bool:
    """Whether bytes that are a workbook are one of Excel 5 to 2003."""
    return content.startswith(OLE)


def _require_xls(content: bytes) -> None:
    """An OLE container holds an xls workbook, an encrypted xlsx, or a document."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise unreadable("password")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        is_document = "WordDocument".encode("utf-16-le") in content
        raise unreadable("document" if is_document else "damaged")


def _require_zipped_workbook(content: bytes, limits: Limits) -> Package:
    try:
        package = Package(content)
        _require_accepted_format(package)
        _require_within_limits(package, limits)
        return package
    except RejectedFile:
        raise
    except RuntimeError:  # an encrypted part
        raise unreadable("password") from None
    except Exception as error:  # zlib.error and whatever else a damaged archive causes
        raise unreadable("damaged") from error


def _require_accepted_format(package: Package) -> None:
    if len(package.entries) < len(package.archive.infolist()):
        raise unreadable("damaged")  # programs would differ on which of two parts with one name they read
    if WORKBOOK_PART in package or _is_open_document(package):
        return
    if "xl/workbook.bin" in package:
        raise unreadable("xlsb")
    raise unreadable("document" if "word/document.xml" in package else "archive")


def _is_open_document(package: Package) -> bool:
    if "mimetype" not in package or "content.xml" not in package:
        return False
    kind = package.read("mimetype").strip()
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        raise unreadable("document")
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise unreadable("password")
    return kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _require_within_limits(package: Package, limits: Limits) -> None:
    sizes = [entry.file_size for entry in package.entries.values()]
    if len(sizes) > limits.parts or sum(sizes) > limits.expanded_bytes:
        raise unreadable("too_large", f"{limits.expanded_bytes // 1_000_000} MB")
    for name in package.entries:
        if not name.endswith((".xml", ".bin")):
            continue
        # Inflates at most the size in the directory: a part that holds more fails its checksum here.
        text = package.read(name)
        if name.endswith(".xml") and DOCUMENT_TYPE.search(text):
            raise unreadable("foreign_parts")
        if SHEET_PART.fullmatch(name) and FAR_CELL.search(text):
            rows = max(map(int, ROW_NUMBER.findall(text)), default=1)
            letters = {each.decode() for each in COLUMN_LETTERS.findall(text)}
            columns = 1 + max(map(column_index, letters), default=0)
            if rows * columns > limits.cells:
                raise unreadable("too_many_cells", limits.cells)


def _other_format(content: bytes) -> str:
    """What a file is that is neither ZIP nor OLE, as a reason for its rejection."""
    for kind, signatures in SIGNATURES.items():
        if content.startswith(signatures):
            return kind
    if content[4:8] == b"ftyp" or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return "image"  # of a telephone
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    start = content[:4096].decode("utf-16", "ignore").encode() if is_utf16 else content[:4096]
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<html" in start or start.startswith((b"<!doctype html", b"<table", b"<head", b"<meta", b"mime-version")):
        return "html"
    if start.startswith(b"<"):
        return "xml"
    is_text = start and all(byte >= 32 or byte in b"\t\r\n\f" for byte in start)
    return "text" if is_text else "unknown"
