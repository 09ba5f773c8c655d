"""A workbook's bytes as sheets of cells, exactly as they were sent: no library guesses what a cell means.

Accepted are xlsx, xlsm (macros are never run), xlsb, xls and ods. Anything else, what only pretends to be one of
these, and what is over a bound is a RejectedFile of rule F01, with a reason and what to do about it in words.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ingestion.workbook.annotations import Place, Unseen
from ingestion.workbook.annotations_xls import Encrypted
from ingestion.workbook.annotations_xlsx import marked_rows, read_unseen, texts_of_sheet
from ingestion.workbook.cells import EPOCH_1900, Cell
from ingestion.workbook.legacy_encodings import TextDecoder
from ingestion.workbook.limits import LIMITS, Limits
from ingestion.workbook.own_markup import LISTS_SHEET
from ingestion.workbook.rejected_file import RejectedFile

RESEND = "Đề nghị gửi lại bằng biểu mẫu Excel (.xlsx) do Hội LHPN tỉnh cấp."
REASONS = {
    "empty": (f"Tệp rỗng, không có dữ liệu. {RESEND}", "The file is empty. Send the form again as an Excel workbook."),
    "text": (
        f"Đây là tệp văn bản (.csv, .txt), không phải sổ tính Excel. {RESEND}",
        "This is a text file (csv, txt), not a workbook. Send the form itself as .xlsx.",
    ),
    "html": (
        "Đây là trang web được lưu với đuôi Excel. Mở tệp, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx)"
        " rồi gửi lại.",
        "This is a web page saved under an Excel name. Open it, save it as Excel Workbook (.xlsx) and send that.",
    ),
    "xml": (
        "Đây là tệp XML, không phải sổ tính Excel. Mở tệp, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx)"
        " rồi gửi lại.",
        "This is an XML file. Open it, save it as Excel Workbook (.xlsx) and send that.",
    ),
    "pdf": (f"Đây là tệp PDF. {RESEND}", "This is a PDF. Send the form itself as an Excel workbook (.xlsx)."),
    "image": (f"Đây là ảnh chụp. {RESEND}", "This is a picture. Send the form itself as an Excel workbook (.xlsx)."),
    "document": (
        f"Đây là tệp Word, không phải sổ tính Excel. {RESEND}",
        "This is a text document, not a workbook. Send the form itself as .xlsx.",
    ),
    "archive": (
        "Đây là tệp nén. Đề nghị giải nén và gửi từng sổ tính Excel (.xlsx).",
        "This is an archive. Unpack it and send each workbook (.xlsx) by itself.",
    ),
    "password": (
        "Tệp được đặt mật khẩu nên không đọc được. Bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi gửi lại.",
        "The file is protected by a password. Take the password off and send it again.",
    ),
    "damaged": (
        "Tệp bị hỏng hoặc gửi chưa trọn. Mở lại tệp trên máy, lưu lại rồi gửi lại.",
        "The file is damaged or cut off. Open it, save it again and send it again.",
    ),
    "unknown": (f"Không nhận ra định dạng của tệp. {RESEND}", "The format is not one that we read. Send .xlsx."),
    "no_sheets": (f"Sổ tính không có trang tính nào. {RESEND}", "The workbook has no sheets. Send the form as .xlsx."),
    "too_large": (
        "Tệp vượt quá dung lượng cho phép ({limit}). Xóa ảnh, trang tính và định dạng thừa rồi gửi lại.",
        "The file is larger than allowed ({limit}). Take out pictures and superfluous sheets and send it again.",
    ),
    "too_many_sheets": (
        "Sổ tính có quá nhiều trang tính (cho phép {limit}). Chỉ gửi các trang của biểu mẫu.",
        "The workbook has too many sheets (allowed: {limit}). Send the sheets of the form only.",
    ),
    "too_many_cells": (
        "Một trang tính trải rộng quá số ô cho phép ({limit}). Xóa các hàng, cột thừa ở cuối trang rồi gửi lại.",
        "A sheet spans more cells than allowed ({limit}). Delete superfluous rows and columns and send it again.",
    ),
    "too_many_rows": (
        "Các biểu có quá nhiều dòng số liệu (cho phép {limit}). Xóa các dòng thừa rồi gửi lại.",
        "The sheets have more rows than allowed ({limit}). Delete superfluous rows and send it again.",
    ),
    "too_much_text": (
        "Các ô chứa quá nhiều chữ (cho phép {limit} ký tự). Xóa phần chữ thừa rồi gửi lại.",
        "The cells hold more text than allowed ({limit} characters). Delete superfluous text and send it again.",
    ),
    "too_costly": (
        "Tệp đòi hỏi quá nhiều thời gian hoặc bộ nhớ để mở. Chép số liệu sang biểu mẫu mới rồi gửi lại.",
        "Opening the file takes more time or memory than allowed. Copy the figures into a new form and send that.",
    ),
    "unreadable": (
        "Không mở được tệp: chương trình đọc bị ngắt giữa chừng. Chép số liệu sang biểu mẫu mới rồi gửi lại.",
        "The file could not be opened: the program that reads it broke off. Copy the figures into a new form"
        " and send that.",
    ),
    "foreign_parts": (
        "Tệp có khai báo lạ (DTD) mà Excel không bao giờ ghi. Mở tệp bằng Excel, lưu lại rồi gửi lại.",
        "The file declares a document type (DTD), which no spreadsheet program writes. Save it anew and send that.",
    ),
}

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
# No spreadsheet program writes one: it is how entities are declared that grow, or that read other files.
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell beyond column ZZ or row 9999. Without one a sheet is small enough to be opened, and its cells counted then.
FAR_CELL = re.compile(rb'r="(?:[A-Z]{3}[0-9]|[A-Z]{0,2}[0-9]{5})')
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row[^>]*?\sr="(\d+)"')
ENCIPHERED = 0x1
COLUMN_LETTERS = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]+)')


@dataclass(frozen=True)
class SheetCells:
    """One sheet: `rows[0][0]` is A1; rows may differ in length; an empty cell is "" """

    name: str
    is_hidden: bool
    rows: list[list[Cell]]
    merged: tuple[tuple[Place, Place], ...] = ()
    """first and last cell of those that are merged into one"""
    unseen: Unseen | None = None
    """what it holds beside its values; None for a format of which that is not known"""
    epoch: date = EPOCH_1900
    """day 0 of the workbook's calendar"""


def read_workbook(
    content: bytes, limits: Limits = LIMITS, are_lists_read: Callable[[set[str]], bool] | None = None
) -> list[SheetCells]:
    """The worksheets of a workbook in their order, cells as they were typed.

    `are_lists_read`: says by the texts on the sheet of lists, most of a form's cells and none of its figures, whether
    its rows are given; they are for a format in which its texts cannot be told apart, and when it is not given.
    Dates are days in both calendars, 1900 and 1904. A formula gives the value that its program last saved; one
    without a value (in xls and xlsb "") and an error are Broken cells. Text of before Unicode is Decoded, or
    Doubtful where that is not certain. Raises RejectedFile (F01).
    """
    archive = _require_workbook(content, limits)
    try:
        workbook = CalamineWorkbook.from_object(io.BytesIO(content))
        worksheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        if not worksheets:
            raise rejected("no_sheets")
        if len(worksheets) > limits.sheets:
            raise rejected("too_many_sheets", limits.sheets)
        unseen, decoder = read_unseen(content, archive), TextDecoder()
        found, characters = [], 0
        for about in worksheets:
            hidden = about.visible != SheetVisibleEnum.Visible
            if about.name == LISTS_SHEET and are_lists_read and archive:
                texts = texts_of_sheet(archive, unseen.parts.get(LISTS_SHEET))
                if texts is not None and not are_lists_read(texts):
                    found.append(SheetCells(about.name, hidden, [], epoch=unseen.epoch))
                    continue
            sheet = workbook.get_sheet_by_name(about.name)
            if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > limits.cells:
                raise rejected("too_many_cells", limits.cells)
            beside = unseen.sheets.get(about.name)
            merged = sheet.merged_cell_ranges or (beside.merged if beside else ())
            rows = sheet.to_python(skip_empty_area=False)
            characters += sum(map(len, [cell for row in rows for cell in row if type(cell) is str]))
            if characters > limits.characters:
                raise rejected("too_much_text", limits.characters)
            if about.name != LISTS_SHEET:
                rows = marked_rows(rows, beside, decoder)
            found.append(SheetCells(about.name.replace("\x00", ""), hidden, rows, tuple(merged), beside, unseen.epoch))
        return found
    except RejectedFile:
        raise
    except (PasswordError, Encrypted):
        raise rejected("password") from None
    except MemoryError:
        raise rejected("too_costly") from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader is not Python: its panics are no Exception
        raise rejected("damaged") from error


def format_of(content: bytes) -> str:
    """xls, xlsb, or xlsx for everything else, of bytes that are a workbook."""
    if content.startswith(OLE):
        return "xls"
    return "xlsb" if b"xl/workbook.bin" in content else "xlsx"  # an archive names its parts in plain letters


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def rejected(reason: str, limit: int | str | None = None) -> RejectedFile:
    """Why a file is no workbook that we read, by one of REASONS, as rule F01 says it."""
    vietnamese, english = REASONS[reason]
    shown = "" if limit is None else f"{limit:,}".replace(",", ".") if isinstance(limit, int) else limit
    details = {
        "reason": reason,
        "limit": shown,
        "reason_vi": vietnamese.format(limit=shown),
        "reason_en": english.format(limit=shown),
    }
    return RejectedFile("F01", details=details)


class _Archive(zipfile.ZipFile):
    """An archive whose parts are expanded once, however often they are read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self.expanded: dict[str, bytes] = {}

        self.content = content

    def read(self, name, pwd=None) -> bytes:
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        text = self.expanded.get(part.filename)
        if text is None:
            text = self._inflated(part)
            self.expanded[part.filename] = text = super().read(part, pwd) if text is None else text
        return text

    def _inflated(self, part: zipfile.ZipInfo) -> bytes | None:
        """A deflated part in one go; None for one that is not exactly as the directory says, which is read with care.
        A form has twenty parts, and the careful way costs more than their content."""
        head = part.header_offset
        if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & ENCIPHERED or head < 0:
            return None
        names = int.from_bytes(self.content[head + 26 : head + 28], "little")
        extra = int.from_bytes(self.content[head + 28 : head + 30], "little")
        start = head + zipfile.sizeFileHeader
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


def _require_workbook(content: bytes, limits: Limits) -> zipfile.ZipFile | None:
    """Raises for everything that need not be opened to know that it is no workbook within the bounds. Gives the
    archive of one that is zipped."""
    if len(content) > limits.bytes:
        too_large = rejected("too_large", f"{limits.bytes // 1_000_000} MB")
        too_large.keep_content = False  # of what was not read whole a part is worth nothing
        raise too_large
    if not content.strip(b"\x00 \t\r\n"):
        raise rejected("empty")
    if content.startswith(OLE):
        _require_open_ole(content)
    elif content.startswith(b"PK"):
        return _require_zipped_workbook(content, limits)
    else:
        raise rejected(_pretence(content))
    return None


def _require_open_ole(content: bytes) -> None:
    """An Office 97 container: a workbook of that time, an encrypted one of today, or a document."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise rejected("password")
    names = ("Workbook", "Book")
    if not any(name.encode("utf-16-le") in content for name in names):
        is_document = "WordDocument".encode("utf-16-le") in content
        raise rejected("document" if is_document else "damaged")


def _require_zipped_workbook(content: bytes, limits: Limits) -> zipfile.ZipFile:
    try:
        archive = _Archive(content)
        _require_bounded(archive, limits)
        return archive
    except RejectedFile:
        raise
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        # RuntimeError: an encrypted entry.
        raise rejected("password" if isinstance(error, RuntimeError) else "damaged") from None
    except Exception as error:  # zlib.error and what else a damaged archive provokes
        raise rejected("damaged") from error


def _require_bounded(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(names) < len(parts):
        raise rejected("damaged")  # two parts of one name: who reads the one and who the other, nobody knows
    if not names & {"xl/workbook.xml", "xl/workbook.bin"} and not _is_open_document(archive, names):
        raise rejected("document" if "word/document.xml" in names else "archive")
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.expanded_bytes:
        raise rejected("too_large", f"{limits.expanded_bytes // 1_000_000} MB")
    for part in parts:
        if part.filename.endswith((".xml", ".bin")):
            # Reading stops at the size that the directory says: an entry that holds more fails its checksum here.
            text = archive.read(part)
            if part.filename.endswith(".xml") and b"<!" in text and DOCUMENT_TYPE.search(text):
                raise rejected("foreign_parts")
            if SHEET_PART.fullmatch(part.filename) and FAR_CELL.search(text):
                rows = max(map(int, ROW_NUMBER.findall(text)), default=1)
                columns = max((_column_number(letters) for letters in set(COLUMN_LETTERS.findall(text))), default=1)
                if rows * columns > limits.cells:
                    raise rejected("too_many_cells", limits.cells)


def _is_open_document(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if "mimetype" not in names or "content.xml" not in names:
        return False
    kind = archive.read("mimetype").strip()
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        raise rejected("document")
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise rejected("password")
    return kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _pretence(content: bytes) -> str:
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[4:8] == b"ftyp" or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return "image"  # of a telephone
    # Text of Windows programs: a mark of byte order, then two bytes a letter.
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    start = content[:4096].decode("utf-16", "ignore").encode() if is_utf16 else content[:4096]
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<html" in start or start.startswith((b"<!doctype html", b"<table", b"<head", b"<meta", b"mime-version")):
        return "html"
    if start.startswith(b"<"):
        return "xml"
    is_text = start and all(byte >= 32 or byte in b"\t\r\n\f" for byte in start)
    return "text" if is_text else "unknown"
