"""What a reader of values alone does not see: hidden rows, colours, comments, formulas and their errors."""

from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tests.dirt.dirty_workbook import LIST_SHEETS, DirtyWorkbook
from tests.dirt.figures import ALONE_AMOUNTS, ALONE_COUNTS
from tests.dirt.truth import FOUND, READ, UNCHANGED, Dirt, canonical

YELLOW = PatternFill("solid", fgColor="FFFF00")
GREY = PatternFill("solid", fgColor="DDDDDD")
FEWEST_STRIPED = 4
"""rows from which on stripes look like stripes"""
HIDDEN_COLUMNS = {
    "01_HTX": ("women_workers", "women_stable_jobs"),
    "02_THT": ("members", "woman_leads"),
    "03_HO_TRO": ("support_kind",),
    "04_DAO_TAO": ("people", "women"),
}


def hidden_row(book: DirtyWorkbook) -> list[Dirt]:
    """A row with figures that is hidden."""
    return _hidden_row(book, is_filtered=False)


def filter_left_on(book: DirtyWorkbook) -> list[Dirt]:
    """A filter that was left on and hides a row."""
    return _hidden_row(book, is_filtered=True)


def hidden_column(book: DirtyWorkbook) -> list[Dirt]:
    """A column with figures that is hidden."""
    for sheet, fields in HIDDEN_COLUMNS.items():
        if not book.rows(sheet) or ("hidden", sheet) in book.taken:
            continue
        field = book.rng.choice(fields)
        book.take("hidden", sheet)
        letter = book.letter(sheet, field)
        book.sheets[sheet].column_dimensions[letter].hidden = True
        return [Dirt(FOUND, sheet, None, field, letter, "the column is hidden", None, ("V08",))]
    return []


def hidden_sheet(book: DirtyWorkbook) -> list[Dirt]:
    """A sheet with rows that is hidden."""
    for sheet in book.rng.sample(LIST_SHEETS, len(LIST_SHEETS)):
        if book.report.sheets.get(sheet) and book.take("hidden", sheet):
            book.sheets[sheet].sheet_state = "hidden"
            return [Dirt(FOUND, sheet, written="the sheet is hidden", rules=("V08",))]
    return []


def colour_as_data(book: DirtyWorkbook) -> list[Dirt]:
    """One row's cell in yellow, which says something that no column does."""
    for sheet, place, field, value in book.cells(HIDDEN_COLUMNS):
        if value is not None and len(book.rows(sheet)) > 2 and book.take("odd", sheet, "colour"):
            book.cell(sheet, place, field).fill = YELLOW
            book.take("cell", sheet, place, field)
            return [book.said(FOUND, sheet, place, field, "yellow", canonical(value), "V08")]
    return []


def comment_as_data(book: DirtyWorkbook) -> list[Dirt]:
    """A comment on a figure."""
    for sheet, place, field, value in book.cells(ALONE_COUNTS):
        if value is not None and book.take("odd", sheet, "comment"):
            book.cell(sheet, place, field).comment = Comment("xem lại, đã thay đổi sau tháng 10", "Cán bộ tổng hợp")
            book.take("cell", sheet, place, field)
            return [book.said(FOUND, sheet, place, field, "a comment", canonical(value), "V08")]
    return []


def formula_without_value(book: DirtyWorkbook) -> list[Dirt]:
    """A formula that no program has computed yet."""
    for sheet, place, field, _ in book.cells(ALONE_COUNTS):
        if book.take("odd", sheet, "formula"):
            formula = f"=SUM({book.letter(sheet, field)}100:{book.letter(sheet, field)}120)"
            book.put(sheet, place, field, formula)
            return [book.said(FOUND, sheet, place, field, formula, None, "V02", "V08")]
    return []


def formula_error(book: DirtyWorkbook) -> list[Dirt]:
    """#REF!, #N/A, #DIV/0!, #VALUE!: what is left of a formula."""
    for sheet, place, field, _ in book.cells(ALONE_COUNTS):
        if book.take("odd", sheet, "error"):
            error = book.rng.choice(("#REF!", "#N/A", "#DIV/0!", "#VALUE!"))
            book.put(sheet, place, field, error).data_type = "e"
            return [book.said(FOUND, sheet, place, field, error, None, "V02", "V08")]
    return []


def external_link(book: DirtyWorkbook) -> list[Dirt]:
    """A figure taken from another workbook, with the value that the program saved."""
    for sheet, place, field, value in book.cells(ALONE_COUNTS | ALONE_AMOUNTS):
        if value and book.take("odd", sheet, "link"):
            formula = "='[So lieu chi tiet.xlsx]Sheet1'!C5"
            book.compute(sheet, place, field, formula, canonical(value))
            return [book.said(FOUND, sheet, place, field, formula, canonical(value), "V08")]
    return []


def formula_with_value(book: DirtyWorkbook) -> list[Dirt]:
    """A formula with the value that the program computed: nothing is wrong with it."""
    for sheet, place, field, value in book.cells(ALONE_COUNTS | ALONE_AMOUNTS):
        if value:
            formula = f"={canonical(value)}+0"
            book.compute(sheet, place, field, formula, canonical(value))
            return [book.said(READ, sheet, place, field, formula, canonical(value))]
    return []


def harmless_looks(book: DirtyWorkbook) -> list[Dirt]:
    """Stripes, bold letters, wide columns, a comment on a header, an empty column hidden: looks that say nothing."""
    for sheet in book.untouched():
        cells, numbers, columns = book.sheets[sheet], book.row_numbers[sheet], book.columns[sheet].values()
        for number in numbers[::2] if len(numbers) >= FEWEST_STRIPED else numbers:
            for column in columns:
                cells.cell(number, column).fill = GREY
                cells.cell(number, column).font = Font(name="Arial", bold=True)
        cells.cell(2, 1).comment = Comment("xem hướng dẫn", "Cán bộ tổng hợp")
        cells.column_dimensions["BA"].hidden = True
        cells.row_dimensions[numbers[-1] + 30].hidden = True
        book.take("shape", sheet)
        return [Dirt(UNCHANGED, sheet, written="stripes, bold letters, a comment on a header")]
    return []


def _hidden_row(book: DirtyWorkbook, is_filtered: bool) -> list[Dirt]:
    for sheet in book.rng.sample(LIST_SHEETS, len(LIST_SHEETS)):
        rows = book.rows(sheet)
        if len(rows) < 2 or not book.take("hidden", sheet):
            continue
        place, _ = rows[0]
        cells, number = book.sheets[sheet], book.row_number(sheet, place)
        cells.row_dimensions[number].hidden = True
        written = "the row is hidden"
        if is_filtered:
            first, last = book.row_numbers[sheet][0], book.row_numbers[sheet][-1]
            cells.auto_filter.ref = f"A{first - 1}:{cells.cell(1, len(book.columns[sheet])).column_letter}{last}"
            cells.auto_filter.add_filter_column(0, [str(cells.cell(first, 1).value)])
            written = "a filter hides the row"
        return [Dirt(FOUND, sheet, number, "", book.first_filled(sheet, place), written, None, ("V08",))]
    return []
