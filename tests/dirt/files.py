"""Whole files that are not the form, and are rejected with a sentence."""

import html
import io
import zipfile
from dataclasses import replace

from openpyxl import Workbook

from htx.example.reports.report import Report
from ingestion.template.reproducible_xlsx import as_bytes
from tests.dirt.dirty_workbook import COVER, DirtyWorkbook
from tests.dirt.truth import FOUND, REJECTED, Dirt

PERSONS = ("STT", "Họ và tên", "Ngày sinh", "CCCD", "Số điện thoại")
REQUIRED_COLUMNS = (("01_HTX", "women_members"), ("02_THT", "woman_leads"), ("04_DAO_TAO", "people"))
COPIED = ("01_HTX", "02_THT", "05_CAN_BO_HOI", "06_NO", "10_TONG_HOP")
"""lists of organisations and officers, and what follows from them"""
YEARLY = (
    ("01_HTX", "registration_number", "revenue"),
    ("07_KINH_PHI", "funding_source", "planned"),
    ("07_KINH_PHI", "funding_source", "allocated"),
    ("08_HOAT_DONG", "duty_code", "events"),
    ("08_HOAT_DONG", "duty_code", "people"),
)
"""sheet, what its rows are known by, a column of figures of one year that no other column bounds"""
FEWEST_ADDED, OWN_PART = 3, 0.75
"""rows, and part of last year's figures, below which nobody can tell a running total from a good year"""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG = b"\x89PNG\r\n\x1a\n"


def list_of_persons(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A sheet with names, numbers and telephones of persons."""
    sheet = book.workbook.create_sheet("Danh sách kèm theo")
    sheet.append(PERSONS)
    sheet.append((1, "Nguyễn Thị Ví Dụ", "01/02/1980", "070000000000", "0900000000"))
    return book.content(), [Dirt(REJECTED, sheet.title, cell="B1", written="a list of persons", rules=("F11",))]


def html_as_xls(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A web page with the suffix of a workbook, as many programs of offices export it."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell.value or ''))}</td>" for cell in row) + "</tr>"
        for row in book.sheets[COVER].iter_rows()
    )
    return f"<html><body><table>{rows}</table></body></html>".encode(), _file("a web page saved under an Excel name")


def truncated(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A workbook whose end did not arrive."""
    content = book.content()
    return content[: int(len(content) * book.rng.uniform(0.3, 0.9))], _file("the end of the file is missing")


def not_a_workbook(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A csv, a PDF, a picture, an archive, an empty file."""
    kind = book.rng.choice(("csv", "pdf", "picture", "archive", "empty"))
    if kind == "csv":
        lines = (",".join(str(cell.value or "") for cell in row) for row in book.sheets[COVER].iter_rows())
        content = "\n".join(lines).encode()
    elif kind == "archive":
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(zipfile.ZipInfo("bao cao.xlsx"), book.content())
        content = target.getvalue()
    else:
        content = {"pdf": b"%PDF-1.7\n%\xe2\xe3\n", "picture": PNG + bytes(64), "empty": b""}[kind]
    return content, _file(kind)


def password(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A workbook behind a password."""
    return OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1024), _file("behind a password")


def hostile(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A workbook that claims every cell of a sheet, or declares entities that read other files."""
    if book.rng.random() < 0.5:
        book.workbook.create_sheet("Phụ lục")["XFD1048576"] = "x"
        return book.content(), _file("a cell at the far end of a sheet")
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book.content())) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            if entry.filename == "xl/workbook.xml":
                head, _, rest = text.partition(b"<workbook")
                text = head + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><workbook' + rest
            new.writestr(entry, text)
    return target.getvalue(), _file("entities that read other files")


def another_form(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A workbook that is not our form."""
    workbook = Workbook()
    workbook.active.append(("STT", "Tên HTX", "Doanh thu"))
    workbook.active.append((1, "HTX Ví Dụ", 12))
    return as_bytes(workbook), [Dirt(REJECTED, COVER, written="a workbook of another kind", rules=("F02",))]


def column_deleted(book: DirtyWorkbook) -> tuple[bytes, list[Dirt]]:
    """A column that every row must fill in was deleted."""
    sheet, field = book.rng.choice(
        [each for each in REQUIRED_COLUMNS if book.report.sheets.get(each[0])] or [("08_HOAT_DONG", "duty_status")]
    )
    book.sheets[sheet].delete_cols(book.columns[sheet][field])
    return book.content(), [Dirt(REJECTED, sheet, cell="A2", written=f"without {field}", rules=("F02",))]


def year_changed(before: Report, book: DirtyWorkbook, year: int) -> tuple[bytes, list[Dirt]]:
    """Last year's file with the year changed on its cover, and nothing else."""
    cell = book.cover_cell("report_year")
    cell.value = year
    address = book.cover_cell("data_from").coordinate
    written = f"the file of {before.report_year}"
    return book.content(), [Dirt(REJECTED, COVER, int(address[1:]), "data_from", address, written, None, ("F05",))]


def running_total(before: Report, book: DirtyWorkbook) -> tuple[bytes, list[Dirt]] | None:
    """In one column of yearly figures what was reported last year and this year's on top of it."""
    columns = [each for each in YEARLY if _shows(_beside_last_year(before, book.report, *each))]
    if not columns:
        return None
    sheet, key, field = book.rng.choice(columns)
    pairs = _beside_last_year(before, book.report, sheet, key, field)
    for place, (own, last) in pairs.items():
        book.put(sheet, place, field, own + last)
    first = min(place for place, (_, last) in pairs.items() if last > 0)
    written = f"the sums since {before.report_year}"
    return book.content(), [book.said(FOUND, sheet, first, field, written, None, "Y06")]


def _beside_last_year(before: Report, report: Report, sheet: str, key: str, field: str) -> dict[int, tuple]:
    """Place of a row in its list -> its own figure, and last year's, 0 where there was none."""
    last = {row[key]: row.get(field) or 0 for row in before.sheets.get(sheet, ())}
    return {
        place: (row[field], last.get(row[key], 0))
        for place, row in enumerate(report.sheets.get(sheet, ()))
        if row.get(field) is not None
    }


def _shows(pairs: dict[int, tuple]) -> bool:
    """Whether enough rows had a figure last year, and this year's own are not next to nothing beside them."""
    had = [(own, last) for own, last in pairs.values() if last > 0]
    return len(had) >= FEWEST_ADDED and sum(own for own, _ in had) >= OWN_PART * sum(last for _, last in had)


def figures_of_last_year(before: Report, report: Report) -> tuple[Report, list[Dirt]]:
    """Last year's lists of organisations and officers under this year's cover."""
    sheets = {**report.sheets, **{code: before.sheets.get(code, []) for code in COPIED}}
    nil = {code for code in report.nil - set(COPIED)} | {code for code in COPIED if not sheets[code]}
    written = f"the figures of {before.report_year}"
    said = Dirt(FOUND, COVER, field_code="report_year", written=written, rules=("Y03",))
    return replace(report, sheets=sheets, nil=frozenset(nil)), [said]


def _file(written: str) -> list[Dirt]:
    return [Dirt(REJECTED, written=written, rules=("F01",))]
