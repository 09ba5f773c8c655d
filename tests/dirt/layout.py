"""Sheets in another shape than the form's: moved, merged, headed otherwise, with totals and notes among the rows."""

import unicodedata

from openpyxl.styles import Font

from tests.dirt import letters
from tests.dirt.paper import Paper
from tests.dirt.truth import FOUND, READ, UNCHANGED, Dirt, canonical

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


def merged_codes(paper: Paper) -> list[Dirt]:
    """A code merged over two rows: it is that of both."""
    for sheet, fields in MERGED_CODES.items():
        for place, field in _alike_below(paper, sheet, fields):
            if not paper.take("odd", sheet, "merged"):
                break
            value = canonical(paper.report.sheets[sheet][place][field])
            _merge(paper, sheet, place, field)
            return [
                paper.said(FOUND, sheet, place, field, "merged with the cell below", value, "V08"),
                paper.said(READ, sheet, place + 1, field, "merged with the cell above", value),
            ]
    return []


def merged_figures(paper: Paper) -> list[Dirt]:
    """A figure merged over two rows: whose it is nobody knows, so that the second row has none."""
    for sheet, place, field, value in paper.cells(MERGED_FIGURES):
        below = place + 1
        if value is None or below >= len(paper.report.sheets[sheet]) or ("cell", sheet, below, field) in paper.taken:
            continue
        if ("row", sheet, below) in paper.taken or not paper.take("odd", sheet, "merged"):
            continue
        _merge(paper, sheet, place, field)
        return [
            paper.said(FOUND, sheet, place, field, "merged with the cell below", canonical(value), "V08"),
            paper.said(FOUND, sheet, below, field, "merged with the cell above", "", "V01"),
        ]
    return []


def two_row_header(paper: Paper) -> list[Dirt]:
    """Headers over two rows, the upper one over several columns."""
    for sheet in paper.untouched():
        if sheet in SPLIT_HEADERS:
            has_codes = paper.rng.random() < 0.5
            if not has_codes:
                paper.delete_code_row(sheet)
            top = 2 if has_codes else 1
            paper.insert_rows(sheet, top + 1)
            cells = paper.sheets[sheet]
            for field, upper, lower in SPLIT_HEADERS[sheet]:
                column = paper.columns[sheet][field]
                cells.cell(top, column).value = upper
                cells.cell(top + 1, column).value = lower
            return [_whole(paper, sheet, "headers over two rows")]
    return []


def retyped_headers(paper: Paper) -> list[Dirt]:
    """The row of codes gone and the headers typed anew: in capitals, broken over lines, with units, in TCVN3."""
    for sheet in paper.untouched():
        paper.delete_code_row(sheet)
        for column in paper.columns[sheet].values():
            cell = paper.sheets[sheet].cell(1, column)
            words = str(cell.value)
            written = letters.encoded(words, letters.TCVN3)
            form = paper.rng.randrange(5)
            if form == 4 and written and written != words:
                cell.value, cell.font = written, Font(name=".VnTime")
            else:
                apart = unicodedata.normalize("NFD", words)
                cell.value = (words.upper(), words.replace(" ", "\n", 1), f"{words} (*)", apart)[form % 4]
        return [_whole(paper, sheet, "headers typed anew")]
    return []


def column_numbers(paper: Paper) -> list[Dirt]:
    """A row (1), (2), (3) under the headers."""
    for sheet in paper.untouched():
        paper.insert_rows(sheet, 3)
        for column in range(1, len(paper.columns[sheet]) + 1):
            paper.sheets[sheet].cell(3, column).value = f"({column})"
        return [_whole(paper, sheet, "numbers under the headers")]
    return []


def numbered_rows(paper: Paper) -> list[Dirt]:
    """A column STT in front, numbered beyond the last row."""
    for sheet in paper.untouched():
        paper.insert_column(sheet, 1)
        paper.sheets[sheet]["A2"] = "STT"
        for number in range(1, len(paper.row_numbers[sheet]) + 6):
            paper.sheets[sheet].cell(2 + number, 1).value = number
        return [Dirt(FOUND, sheet, 2, "A", "A2", "STT", None, ("F08",)), _whole(paper, sheet, "a column STT")]
    return []


def dashed_rows(paper: Paper) -> list[Dirt]:
    """Spare rows crossed out with dashes."""
    for sheet in paper.untouched():
        last = paper.row_numbers[sheet][-1]
        for number in range(last + 1, last + 3):
            for column in range(1, len(paper.columns[sheet]) + 1):
                paper.sheets[sheet].cell(number, column).value = paper.rng.choice(("-", "—"))
        return [_whole(paper, sheet, "dashes below the rows")]
    return []


def copied_sheet(paper: Paper) -> list[Dirt]:
    """A copy of a sheet that somebody kept beside it."""
    for sheet in paper.untouched():
        copy = paper.workbook.copy_worksheet(paper.sheets[sheet])
        copy.title = f"{sheet} (2)"
        paper.workbook._sheets.remove(copy)
        paper.workbook._sheets.insert(1, copy)
        return [
            Dirt(FOUND, copy.title, written="a copy of the sheet", rules=("F08",)),
            _whole(paper, sheet, "its copy stands before it"),
        ]
    return []


def inserted_column(paper: Paper) -> list[Dirt]:
    """A column of remarks put in among those of the form."""
    for sheet in paper.untouched():
        number = paper.rng.randint(2, 5)
        paper.insert_column(sheet, number)
        cells, header = paper.sheets[sheet], paper.rng.choice(("Kiểm tra", "Theo dõi", "Cột phụ"))
        cells.cell(2, number).value = header
        cells.cell(3, number).value = "đã gọi"
        address = cells.cell(2, number).coordinate
        letter = address.rstrip("0123456789")
        return [Dirt(FOUND, sheet, 2, letter, address, header, None, ("F08",)), _whole(paper, sheet, "a column more")]
    return []


def note_rows(paper: Paper) -> list[Dirt]:
    """A note and the place for a signature below the rows."""
    for sheet in paper.untouched():
        last = paper.row_numbers[sheet][-1]
        cells = paper.sheets[sheet]
        lines = ((last + 2, "Ghi chú: số liệu đã làm tròn"), (last + 4, "Người lập biểu"))
        found = []
        for number, words in lines:
            cells.cell(number, 1).value = words
            found.append(Dirt(FOUND, sheet, number, "A", f"A{number}", words, None, ("F08",)))
        return [*found, _whole(paper, sheet, "a note and a signature below the rows")]
    return []


def renamed_sheets(paper: Paper) -> list[Dirt]:
    """Sheets under other names and in another order."""
    if not paper.take("names"):
        return []
    renamed = [code for code in paper.report.sheets if code in paper.sheets]
    for number, code in enumerate(renamed, start=1):
        forms = (f"Biểu {number}", f" {code.lower()} ", paper.seeds.sheet_titles[code], f"Sheet{number}")
        paper.sheets[code].title = paper.rng.choice(forms)[:31]
    sheets = paper.workbook._sheets
    sheets.reverse()
    paper.workbook.active = 0
    return [_whole(paper, code, "another name and place") for code in renamed if paper.report.sheets[code]]


def code_row_deleted(paper: Paper) -> list[Dirt]:
    """The hidden row of codes deleted: the headers must do."""
    for sheet in paper.untouched():
        paper.delete_code_row(sheet)
        return [_whole(paper, sheet, "without its row of codes")]
    return []


def blank_rows(paper: Paper) -> list[Dirt]:
    """Blank rows in the middle of the list."""
    for sheet in paper.untouched():
        rows = paper.row_numbers[sheet]
        if len(rows) > 1:
            paper.insert_rows(sheet, paper.rng.choice(rows[1:]), paper.rng.randint(1, 2))
            return [_whole(paper, sheet, "blank rows in the middle")]
    return []


def total_row(paper: Paper) -> list[Dirt]:
    """A total below the rows that is their sum."""
    return _totalled(paper, "total")


def subtotals(paper: Paper) -> list[Dirt]:
    """Subtotals among the rows and a grand total below them, each the sum of its own."""
    return _totalled(paper, "subtotals")


def wrong_total(paper: Paper) -> list[Dirt]:
    """A total that is not the sum of its rows: it is asked about, and no row."""
    return _totalled(paper, "wrong")


def same_twice(paper: Paper) -> list[Dirt]:
    """The same organisation a second time, its code with a blank behind it."""
    operating = paper.seeds.flagged("cooperative_statuses", "operating")
    for sheet, field in TWICE.items():
        if ("sheet", sheet) in paper.taken or not paper.report.sheets.get(sheet):
            continue
        for place, row in paper.rows(sheet):
            # What a second row adds would also change what the unit declares of the indicators.
            if row.get(field) is None or (sheet == "01_HTX" and row["status"] in operating):
                continue
            if any(each[:3] == ("cell", sheet, place) for each in paper.taken):
                continue
            cells, number = paper.sheets[sheet], paper.row_numbers[sheet][-1] + 1
            for name, column in paper.columns[sheet].items():
                old = paper.cell(sheet, place, name)
                if old.value is not None:
                    new = cells.cell(number, column)
                    new.value, new._style = old.value, old._style
            key = cells.cell(number, paper.columns[sheet][field])
            key.value = f"{key.value}\u00a0 "
            paper.take("row", sheet, place)
            paper.take("sheet", sheet)
            return [
                paper.said(FOUND, sheet, place, field, row[field], str(row[field]), "V06"),
                Dirt(FOUND, sheet, number, field, key.coordinate, key.value, str(row[field]), ("V06",)),
            ]
    return []


def _alike_below(paper: Paper, sheet: str, fields: tuple[str, ...]) -> list[tuple[int, str]]:
    """Place and field of the cells that say the same as the one below them, both still clean."""
    rows = paper.report.sheets.get(sheet, [])
    clean = {(place, field) for _, place, field, _ in paper.cells({sheet: fields})}
    return [
        (place, field)
        for place, field in sorted(clean)
        if (place + 1, field) in clean
        and rows[place][field] is not None
        and rows[place][field] == rows[place + 1][field]
        and paper.row_number(sheet, place) + 1 == paper.row_number(sheet, place + 1)
    ]


def _merge(paper: Paper, sheet: str, place: int, field: str) -> None:
    paper.cell(sheet, place + 1, field).value = None
    first, last = paper.address(sheet, place, field), paper.address(sheet, place + 1, field)
    paper.sheets[sheet].merge_cells(f"{first}:{last}")
    paper.take("cell", sheet, place, field)
    paper.take("cell", sheet, place + 1, field)


def _totalled(paper: Paper, kind: str) -> list[Dirt]:
    for sheet in paper.untouched():
        rows = paper.report.sheets[sheet]
        if sheet not in TOTALLED or len(rows) < 2 or not paper.take("sheet", sheet):
            continue
        label_field, fields = TOTALLED[sheet]
        column = paper.columns[sheet][label_field]
        lines: list[tuple[int, str, list]] = []
        if kind == "subtotals":
            middle = len(rows) // 2
            paper.insert_rows(sheet, paper.row_numbers[sheet][middle])
            lines.append((paper.row_numbers[sheet][middle] - 1, "Cộng phần I", rows[:middle]))
            lines.append((paper.row_numbers[sheet][-1] + 1, "Cộng phần II", rows[middle:]))
        lines.append((paper.row_numbers[sheet][-1] + 1 + bool(lines), paper.rng.choice(LABELS), rows))
        found = []
        for number, label, added in lines:
            cells = paper.sheets[sheet]
            cells.cell(number, column).value = label
            for field in fields:
                cells.cell(number, paper.columns[sheet][field]).value = round(sum(row[field] for row in added), 1)
            if kind == "wrong":
                cell = cells.cell(number, paper.columns[sheet][fields[0]])
                cell.value += paper.rng.randint(1, 9)
                found.append(Dirt(FOUND, sheet, number, fields[0], cell.coordinate, str(cell.value), None, ("V03",)))
                # A row that is no sum may be an organisation: then what every row must give is missing.
                key, rule = NO_TOTAL_HAS[sheet]
                address = f"{paper.letter(sheet, key)}{number}"
                found.append(Dirt(FOUND, sheet, number, key, address, label, None, (rule,)))
            else:
                address = cells.cell(number, column).coordinate
                found.append(Dirt(FOUND, sheet, number, address.rstrip("0123456789"), address, label, None, ("F08",)))
        return found if kind == "wrong" else [*found, _whole(paper, sheet, "rows of totals")]
    return []


LABELS = ("Tổng cộng", "Cộng", "TỔNG SỐ:", "Tổng cộng toàn đơn vị")


def _whole(paper: Paper, sheet: str, written: str) -> Dirt:
    paper.take("shape", sheet)
    return Dirt(UNCHANGED, sheet, written=written)
