"""The container of a workbook, ZIP or OLE: what it is, and whether it is within the limits, before it is opened."""

import io
import re
import zipfile
import zlib

from ingestion.workbook.cells import column_index
from ingestion.workbook.limits import Limits
from ingestion.workbook.rejected_file import RejectedFile, unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"{\\rtf", "document"),
)
# No spreadsheet program writes one: entities can expand without bound, or read other files.
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell beyond column ZZ or row 9999. Without one a sheet is small enough to be opened before its cells are counted.
FAR_CELL = re.compile(rb'r="(?:[A-Z]{3}[0-9]|[A-Z]{0,2}[0-9]{5})')
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row[^>]*?\sr="(\d+)"')
COLUMN_LETTERS = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]+)')
ENCRYPTED_ENTRY = 0x1
LOCAL_HEADER_SIZE = 30
"""bytes of a ZIP entry's header, before its name"""


class ZippedWorkbook(zipfile.ZipFile):
    """An archive whose parts are inflated once, however often they are read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self.inflated: dict[str, bytes] = {}
        self.content = content

    def read(self, name, pwd=None) -> bytes:
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        text = self.inflated.get(part.filename)
        if text is None:
            text = self._inflate(part)
            self.inflated[part.filename] = text = super().read(part, pwd) if text is None else text
        return text

    def _inflate(self, part: zipfile.ZipInfo) -> bytes | None:
        """A deflated part in one step; None if it is not exactly as the directory describes it, and must be read by
        zipfile. A form has twenty parts, and zipfile's overhead exceeds their content."""
        head = part.header_offset
        if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & ENCRYPTED_ENTRY or head < 0:
            return None
        names = int.from_bytes(self.content[head + 26 : head + 28], "little")
        extra = int.from_bytes(self.content[head + 28 : head + 30], "little")
        start = head + LOCAL_HEADER_SIZE
        if self.content[start : start + names] != part.orig_filename.encode("utf-8", "replace"):
            return None
        start += names + extra
        try:
            text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(
                self.content[start : start + part.compress_size], part.file_size + 1
            )
        except zlib.error:
            return None
        return text if len(text) == part.file_size and zlib.crc32(text) == part.CRC else None


def require_workbook(content: bytes, limits: Limits) -> ZippedWorkbook | None:
    """The archive of a zipped workbook, None for an xls. Rejects (F01) what is not a workbook, or exceeds a limit."""
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


def _require_zipped_workbook(content: bytes, limits: Limits) -> ZippedWorkbook:
    try:
        archive = ZippedWorkbook(content)
        _require_accepted_format(archive)
        _require_within_limits(archive, limits)
        return archive
    except RejectedFile:
        raise
    except RuntimeError:  # an encrypted part
        raise unreadable("password") from None
    except Exception as error:  # zlib.error and whatever else a damaged archive causes
        raise unreadable("damaged") from error


def _require_accepted_format(archive: ZippedWorkbook) -> None:
    names = set(archive.namelist())
    if len(names) < len(archive.infolist()):
        raise unreadable("damaged")  # programs would differ on which of two parts with one name they read
    if "xl/workbook.xml" in names or _is_open_document(archive, names):
        return
    if "xl/workbook.bin" in names:
        raise unreadable("xlsb")
    raise unreadable("document" if "word/document.xml" in names else "archive")


def _require_within_limits(archive: ZippedWorkbook, limits: Limits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.expanded_bytes:
        raise unreadable("too_large", f"{limits.expanded_bytes // 1_000_000} MB")
    for part in parts:
        if part.filename.endswith((".xml", ".bin")):
            # Inflates at most the size in the directory: a part that holds more fails its checksum here.
            text = archive.read(part)
            if part.filename.endswith(".xml") and b"<!" in text and DOCUMENT_TYPE.search(text):
                raise unreadable("foreign_parts")
            if SHEET_PART.fullmatch(part.filename) and FAR_CELL.search(text):
                rows = max(map(int, ROW_NUMBER.findall(text)), default=1)
                letters = {each.decode() for each in COLUMN_LETTERS.findall(text)}
                columns = 1 + max(map(column_index, letters), default=0)
                if rows * columns > limits.cells:
                    raise unreadable("too_many_cells", limits.cells)


def _is_open_document(archive: ZippedWorkbook, names: set[str]) -> bool:
    if "mimetype" not in names or "content.xml" not in names:
        return False
    kind = archive.read("mimetype").strip()
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        raise unreadable("document")
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise unreadable("password")
    return kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _other_format(content: bytes) -> str:
    """What a file is that is neither ZIP nor OLE, as a reason for its rejection."""
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
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
