"""Sheets in another shape than the form's: moved, merged, headed otherwise, with totals and notes among the rows."""

import unicodedata

from openpyxl.styles import Font

from htx.example.seeds import SEEDS_FOLDER
from htx.example.tables import read_csv
from tests.dirt import letters
from tests.dirt.dirty_workbook import DirtyWorkbook
from tests.dirt.truth import FOUND, READ, UNCHANGED, Dirt, canonical

SHEET_TITLES = {row["sheet_code"]: row["sheet_title_vi"] for row in read_csv(SEEDS_FOLDER / "form_sheets.csv")}
# Upper and lower part of headers that offices like to spread over two rows.
SPLIT_HEADERS = {
    "01_HTX": (("members", "Thành viên", "Tổng số"), ("women_members", None, "Nữ"),
               ("workers", "Lao động", "Tổng số"), ("women_workers", None, "Nữ")),
    "02_THT": (("members", "Thành viên", "Tổng số"), ("women_members", None, "Nữ")),
}  # fmt: skip
MERGED_CODES = {
    "01_HTX": ("sector", "status", "commune_code", "union_supported_founding"),
    "02_THT": ("sector", "status", "commune_code", "union_supported_founding", "woman_leads"),
    "03_HO_TRO": ("support_kind", "supporting_agency"),
}
MERGED_FIGURES = {"01_HTX": ("women_stable_jobs",), "02_THT": ("women_stable_jobs",)}
TOTALLED = {
    "02_THT": ("group_name", ("members", "women_members", "workers", "women_workers", "women_stable_jobs")),
    "01_HTX": ("cooperative_name", ("members", "women_members", "workers", "women_workers")),
    "04_DAO_TAO": ("course_name", ("attendances", "people", "women")),
    "07_KINH_PHI": ("funding_source", ("planned", "allocated", "disbursed")),
}
"""lists with totals: the column of the label, and what is added up"""
NO_TOTAL_HAS = {
    "01_HTX": ("registration_number", "V01"),
    "02_THT": ("commune_code", "V01"),
    "04_DAO_TAO": ("course_code", "V01"),
    "07_KINH_PHI": ("funding_source", "V04"),
}
"""what a row that is no organisation, course or source lacks, and the rule that says so"""
TWICE = {
    "02_THT": "group_code",
    "01_HTX": "registration_number",
    "06_NO": "registration_number",
}


def merged_codes(book: DirtyWorkbook) -> list[Dirt]:
    """A code merged over two rows: it is that of both."""
    for sheet, fields in MERGED_CODES.items():
        for place, field in _alike_below(book, sheet, fields):
            if not book.take("odd", sheet, "merged"):
                break
            value = canonical(book.report.sheets[sheet][place][field])
            _merge(book, sheet, place, field)
            return [
                book.said(FOUND, sheet, place, field, "merged with the cell below", value, "V08"),
                book.said(READ, sheet, place + 1, field, "merged with the cell above", value),
            ]
    return []


def merged_figures(book: DirtyWorkbook) -> list[Dirt]:
    """A figure merged over two rows: whose it is nobody knows, so that the second row has none."""
    for sheet, place, field, value in book.cells(MERGED_FIGURES):
        below = place + 1
        if value is None or below >= len(book.report.sheets[sheet]) or ("cell", sheet, below, field) in book.taken:
            continue
        if ("row", sheet, below) in book.taken or not book.take("odd", sheet, "merged"):
            continue
        _merge(book, sheet, place, field)
        return [
            book.said(FOUND, sheet, place, field, "merged with the cell below", canonical(value), "V08"),
            book.said(FOUND, sheet, below, field, "merged with the cell above", "", "V01"),
        ]
    return []


def two_row_header(book: DirtyWorkbook) -> list[Dirt]:
    """Headers over two rows, the upper one over several columns."""
    for sheet in book.untouched():
        if sheet in SPLIT_HEADERS:
            has_codes = book.rng.random() < 0.5
            if not has_codes:
                book.delete_code_row(sheet)
            top = 2 if has_codes else 1
            book.insert_rows(sheet, top + 1)
            cells = book.sheets[sheet]
            for field, upper, lower in SPLIT_HEADERS[sheet]:
                column = book.columns[sheet][field]
                cells.cell(top, column).value = upper
                cells.cell(top + 1, column).value = lower
            return [_whole(book, sheet, "headers over two rows")]
    return []


def retyped_headers(book: DirtyWorkbook) -> list[Dirt]:
    """The row of codes gone and the headers retyped: in capitals, broken over lines, with units, in TCVN3."""
    for sheet in book.untouched():
        book.delete_code_row(sheet)
        for column in book.columns[sheet].values():
            cell = book.sheets[sheet].cell(1, column)
            words = str(cell.value)
            written = letters.encoded(words, letters.TCVN3)
            form = book.rng.randrange(5)
            if form == 4 and written and written != words:
                cell.value, cell.font = written, Font(name=".VnTime")
            else:
                apart = unicodedata.normalize("NFD", words)
                cell.value = (words.upper(), words.replace(" ", "\n", 1), f"{words} (*)", apart)[form % 4]
        return [_whole(book, sheet, "headers retyped")]
    return []


def column_numbers(book: DirtyWorkbook) -> list[Dirt]:
    """A row (1), (2), (3) under the headers."""
    for sheet in book.untouched():
        book.insert_rows(sheet, 3)
        for column in range(1, len(book.columns[sheet]) + 1):
            book.sheets[sheet].cell(3, column).value = f"({column})"
        return [_whole(book, sheet, "numbers under the headers")]
    return []


def numbered_rows(book: DirtyWorkbook) -> list[Dirt]:
    """A column STT in front, numbered beyond the last row."""
    for sheet in book.untouched():
        book.insert_column(sheet, 1)
        book.sheets[sheet]["A2"] = "STT"
        for number in range(1, len(book.row_numbers[sheet]) + 6):
            book.sheets[sheet].cell(2 + number, 1).value = number
        return [Dirt(FOUND, sheet, 2, "A", "A2", "STT", None, ("F08",)), _whole(book, sheet, "a column STT")]
    return []


def dashed_rows(book: DirtyWorkbook) -> list[Dirt]:
    """Spare rows crossed out with dashes."""
    for sheet in book.untouched():
        last = book.row_numbers[sheet][-1]
        for number in range(last + 1, last + 3):
            for column in range(1, len(book.columns[sheet]) + 1):
                book.sheets[sheet].cell(number, column).value = book.rng.choice(("-", "—"))
        return [_whole(book, sheet, "dashes below the rows")]
    return []


def copied_sheet(book: DirtyWorkbook) -> list[Dirt]:
    """A copy of a sheet that somebody kept beside it."""
    for sheet in book.untouched():
        copy = book.workbook.copy_worksheet(book.sheets[sheet])
        copy.title = f"{sheet} (2)"
        book.workbook._sheets.remove(copy)
        book.workbook._sheets.insert(1, copy)
        return [
            Dirt(FOUND, copy.title, written="a copy of the sheet", rules=("F08",)),
            _whole(book, sheet, "its copy stands before it"),
        ]
    return []


def inserted_column(book: DirtyWorkbook) -> list[Dirt]:
    """A column of remarks put in among those of the form."""
    for sheet in book.untouched():
        number = book.rng.randint(2, 5)
        book.insert_column(sheet, number)
        cells, header = book.sheets[sheet], book.rng.choice(("Kiểm tra", "Theo dõi", "Cột phụ"))
        cells.cell(2, number).value = header
        cells.cell(3, number).value = "đã gọi"
        address = cells.cell(2, number).coordinate
        letter = address.rstrip("0123456789")
        return [Dirt(FOUND, sheet, 2, letter, address, header, None, ("F08",)), _whole(book, sheet, "a column more")]
    return []


def note_rows(book: DirtyWorkbook) -> list[Dirt]:
    """A note and the place for a signature below the rows."""
    for sheet in book.untouched():
        last = book.row_numbers[sheet][-1]
        cells = book.sheets[sheet]
        lines = ((last + 2, "Ghi chú: số liệu đã làm tròn"), (last + 4, "Người lập biểu"))
        found = []
        for number, words in lines:
            cells.cell(number, 1).value = words
            found.append(Dirt(FOUND, sheet, number, "A", f"A{number}", words, None, ("F08",)))
        return [*found, _whole(book, sheet, "a note and a signature below the rows")]
    return []


def renamed_sheets(book: DirtyWorkbook) -> list[Dirt]:
    """Sheets under other names and in another order."""
    if not book.take("names"):
        return []
    renamed = [code for code in book.report.sheets if code in book.sheets]
    for number, code in enumerate(renamed, start=1):
        forms = (f"Biểu {number}", f" {code.lower()} ", SHEET_TITLES[code], f"Sheet{number}")
        book.sheets[code].title = book.rng.choice(forms)[:31]
    sheets = book.workbook._sheets
    sheets.reverse()
    book.workbook.active = 0
    return [_whole(book, code, "another name and place") for code in renamed if book.report.sheets[code]]


def code_row_deleted(book: DirtyWorkbook) -> list[Dirt]:
    """The hidden row of codes deleted: the headers must do."""
    for sheet in book.untouched():
        book.delete_code_row(sheet)
        return [_whole(book, sheet, "without its row of codes")]
    return []


def blank_rows(book: DirtyWorkbook) -> list[Dirt]:
    """Blank rows in the middle of the list."""
    for sheet in book.untouched():
        rows = book.row_numbers[sheet]
        if len(rows) > 1:
            book.insert_rows(sheet, book.rng.choice(rows[1:]), book.rng.randint(1, 2))
            return [_whole(book, sheet, "blank rows in the middle")]
    return []


def total_row(book: DirtyWorkbook) -> list[Dirt]:
    """A total below the rows that is their sum."""
    return _totalled(book, "total")


def subtotals(book: DirtyWorkbook) -> list[Dirt]:
    """Subtotals among the rows and a grand total below them, each the sum of its own."""
    return _totalled(book, "subtotals")


def wrong_total(book: DirtyWorkbook) -> list[Dirt]:
    """A total that is not the sum of its rows: it raises a query, its rows do not."""
    return _totalled(book, "wrong")


def same_twice(book: DirtyWorkbook) -> list[Dirt]:
    """The same organisation a second time, its code with a blank behind it."""
    operating = book.seeds.decided("A16", book.report.report_year).split()
    for sheet, field in TWICE.items():
        if ("sheet", sheet) in book.taken or not book.report.sheets.get(sheet):
            continue
        for place, row in book.rows(sheet):
            # What a second row adds would also change what the unit declares of the indicators.
            if row.get(field) is None or (sheet == "01_HTX" and row["status"] in operating):
                continue
            if any(each[:3] == ("cell", sheet, place) for each in book.taken):
                continue
            cells, number = book.sheets[sheet], book.row_numbers[sheet][-1] + 1
            for name, column in book.columns[sheet].items():
                old = book.cell(sheet, place, name)
                if old.value is not None:
                    new = cells.cell(number, column)
                    new.value, new._style = old.value, old._style
            key = cells.cell(number, book.columns[sheet][field])
            key.value = f"{key.value}\u00a0 "
            book.take("row", sheet, place)
            book.take("sheet", sheet)
            return [
                book.said(FOUND, sheet, place, field, row[field], str(row[field]), "V06"),
                Dirt(FOUND, sheet, number, field, key.coordinate, key.value, str(row[field]), ("V06",)),
            ]
    return []


def _alike_below(book: DirtyWorkbook, sheet: str, fields: tuple[str, ...]) -> list[tuple[int, str]]:
    """Place and field of the cells that say the same as the one below them, both still clean."""
    rows = book.report.sheets.get(sheet, [])
    clean = {(place, field) for _, place, field, _ in book.cells({sheet: fields})}
    return [
        (place, field)
        for place, field in sorted(clean)
        if (place + 1, field) in clean
        and rows[place][field] is not None
        and rows[place][field] == rows[place + 1][field]
        and book.row_number(sheet, place) + 1 == book.row_number(sheet, place + 1)
    ]


def _merge(book: DirtyWorkbook, sheet: str, place: int, field: str) -> None:
    book.cell(sheet, place + 1, field).value = None
    first, last = book.address(sheet, place, field), book.address(sheet, place + 1, field)
    book.sheets[sheet].merge_cells(f"{first}:{last}")
    book.take("cell", sheet, place, field)
    book.take("cell", sheet, place + 1, field)


def _totalled(book: DirtyWorkbook, kind: str) -> list[Dirt]:
    for sheet in book.untouched():
        rows = book.report.sheets[sheet]
        if sheet not in TOTALLED or len(rows) < 2 or not book.take("sheet", sheet):
            continue
        label_field, fields = TOTALLED[sheet]
        column = book.columns[sheet][label_field]
        lines: list[tuple[int, str, list]] = []
        if kind == "subtotals":
            middle = len(rows) // 2
            book.insert_rows(sheet, book.row_numbers[sheet][middle])
            lines.append((book.row_numbers[sheet][middle] - 1, "Cộng phần I", rows[:middle]))
            lines.append((book.row_numbers[sheet][-1] + 1, "Cộng phần II", rows[middle:]))
        lines.append((book.row_numbers[sheet][-1] + 1 + bool(lines), book.rng.choice(LABELS), rows))
        found = []
        for number, label, added in lines:
            cells = book.sheets[sheet]
            cells.cell(number, column).value = label
            for field in fields:
                cells.cell(number, book.columns[sheet][field]).value = round(sum(row[field] for row in added), 1)
            if kind == "wrong":
                cell = cells.cell(number, book.columns[sheet][fields[0]])
                cell.value += book.rng.randint(1, 9)
                found.append(Dirt(FOUND, sheet, number, fields[0], cell.coordinate, str(cell.value), None, ("V03",)))
                # A row that is no sum may be an organisation: then what every row must give is missing.
                key, rule = NO_TOTAL_HAS[sheet]
                address = f"{book.letter(sheet, key)}{number}"
                found.append(Dirt(FOUND, sheet, number, key, address, label, None, (rule,)))
            else:
                address = cells.cell(number, column).coordinate
                found.append(Dirt(FOUND, sheet, number, address.rstrip("0123456789"), address, label, None, ("F08",)))
        return found if kind == "wrong" else [*found, _whole(book, sheet, "rows of totals")]
    return []


LABELS = ("Tổng cộng", "Cộng", "TỔNG SỐ:", "Tổng cộng toàn đơn vị")


def _whole(book: DirtyWorkbook, sheet: str, written: str) -> Dirt:
    book.take("shape", sheet)
    return Dirt(UNCHANGED, sheet, written=written)
