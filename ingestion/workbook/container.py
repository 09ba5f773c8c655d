"""The container of a workbook, ZIP or OLE: what it is, and whether it is within the limits, before it is opened."""

import contextlib
import io
import re

from lxml import etree
from python_calamine import PasswordError

from ingestion.workbook.cells import column_index
from ingestion.workbook.limits import Limits
from ingestion.workbook.package import CONTENT_TYPES, FAR_CELL, MANIFEST, ODS_CONTENT, USUAL_PARTS, Package
from ingestion.workbook.rejected_file import RejectedFile, unreadable, unreadable_after

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = {
    "pdf": (b"%PDF",),
    "image": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"),
    "archive": (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
    "document": (b"{\\rtf",),
}
# No spreadsheet program declares entities, which can expand without bound, or read other files. OpenOffice and
# LibreOffice name a document type in lists of macros and older manifests, without declarations.
DECLARATIONS = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[")
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s(?:[^<>]*?\s)?r="(\d+)')
COLUMN_LETTERS = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]+)')
ACCEPTED = ("workbook", "spreadsheet")
REASONS = {"binary": "xlsb", "document": "document", "text": "document"}
"""kind of a package -> why it is rejected"""
PASSWORD_OF_EXCEL = "VelvetSweatshop"
"""with which Excel encrypts where no one set a password ([MS-OFFCRYPTO] 2.3.7.6)"""
MIMETYPE, OPEN_DOCUMENT, APPLE = "mimetype", b"application/vnd.oasis", ".iwa"
"""the part that names a format, its value for OpenDocument, and what a package of Apple's Numbers consists of"""


def require_workbook(content: bytes, limits: Limits) -> Package | None:
    """The package of a zipped workbook, None for an xls. Rejects (F01) what is not a workbook, or exceeds a limit.
    PasswordError if it is encrypted as a whole."""
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
    return content.startswith(OLE) and not _has_stream(content, "EncryptedPackage")


def decrypted(content: bytes) -> bytes:
    """The workbook in an encrypted one that Excel opens without asking for a password; other bytes as they are.

    Excel encrypts so when the structure of a workbook is protected, or the file is marked as read-only."""
    if not content.startswith(OLE):
        return content
    import msoffcrypto  # imported here because few files need it

    target = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return content
        file.load_key(password=PASSWORD_OF_EXCEL)
        file.decrypt(target)
    except Exception:  # another password, or a container that is damaged in one of many ways
        return content
    return target.getvalue()


def _require_xls(content: bytes) -> None:
    """An OLE container holds an xls workbook, an encrypted xlsx, a document, or something else."""
    if _has_stream(content, "EncryptedPackage"):
        raise PasswordError("EncryptedPackage")
    if not _has_stream(content, "Workbook", "Book"):
        if _has_stream(content, "WordDocument"):
            raise unreadable("document")
        raise unreadable("unknown" if _has_stream(content, "Root Entry") else "damaged")


def _has_stream(content: bytes, *names: str) -> bool:
    """Whether the directory of an OLE container has an entry of one of these names."""
    return any((name + "\0").encode("utf-16-le") in content for name in names)


def _require_zipped_workbook(content: bytes, limits: Limits) -> Package:
    try:
        package = Package(content)
        _require_size(package, limits)
        _require_accepted_format(package)
        _require_harmless_parts(package)
        _require_few_cells(package, limits)
        return package
    except RejectedFile:
        raise
    except Exception as error:  # zlib.error and whatever else a damaged archive causes
        is_encrypted = isinstance(error, RuntimeError) and "password" in str(error)  # of zipfile
        raise (unreadable("password") if is_encrypted else unreadable_after(error)) from error


def _require_size(package: Package, limits: Limits) -> None:
    """Before any part is inflated."""
    sizes = [entry.file_size for entry in package.entries.values()]
    if len(sizes) > limits.parts or sum(sizes) > limits.expanded_bytes:
        if not any(part in package for part in (CONTENT_TYPES, ODS_CONTENT, *USUAL_PARTS)):
            raise unreadable("archive")
        raise unreadable("too_large", f"{limits.expanded_bytes // 1_000_000} MB")


def _require_accepted_format(package: Package) -> None:
    if len(package.names) < sum(not each.is_dir() for each in package.archive.infolist()):
        raise unreadable("damaged")  # programs would differ on which of two parts with one name they read
    if MANIFEST in package and b"encryption-data" in package.read(MANIFEST):
        raise unreadable("password")
    if package.kind in ACCEPTED:
        return
    if package.kind:
        raise unreadable(REASONS.get(package.kind, "unknown"))
    is_office = CONTENT_TYPES in package or (MIMETYPE in package and OPEN_DOCUMENT in package.read(MIMETYPE))
    is_other = MIMETYPE in package or any(name.endswith(APPLE) for name in package.names)
    raise unreadable("damaged" if is_office else "unknown" if is_other else "archive")


def _require_harmless_parts(package: Package) -> None:
    for name, _ in package.parts():
        # Inflates at most the size in the directory: a part that holds more, or is damaged, fails its checksum here.
        package.read(name)
        if package.is_xml(name):
            with contextlib.suppress(etree.XMLSyntaxError):  # of a part that no one reads
                if DECLARATIONS.search(package.text(name)):
                    raise unreadable("foreign_parts")


def _require_few_cells(package: Package, limits: Limits) -> None:
    for name, part in package.sheets().items() if package.kind == "workbook" else ():
        text = package.sheet_text(part)
        if FAR_CELL.search(text):
            rows = max(map(int, ROW_NUMBER.findall(text)), default=1)
            letters = {each.decode() for each in COLUMN_LETTERS.findall(text)}
            columns = 1 + max(map(column_index, letters), default=0)
            if rows * columns > limits.cells:
                raise unreadable("too_many_cells", limits.cells, sheet=name)


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
