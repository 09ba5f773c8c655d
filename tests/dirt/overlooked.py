"""What a reader of values alone does not see: hidden rows, colours, comments, formulas and their errors."""

from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tests.dirt.figures import ALONE_AMOUNTS, ALONE_COUNTS
from tests.dirt.paper import LIST_SHEETS, Paper
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


def hidden_row(paper: Paper) -> list[Dirt]:
    """A row with figures that is hidden."""
    return _hidden_row(paper, is_filtered=False)


def filter_left_on(paper: Paper) -> list[Dirt]:
    """A filter that was left on and hides a row."""
    return _hidden_row(paper, is_filtered=True)


def hidden_column(paper: Paper) -> list[Dirt]:
    """A column with figures that is hidden."""
    for sheet, fields in HIDDEN_COLUMNS.items():
        if not paper.rows(sheet) or ("hidden", sheet) in paper.taken:
            continue
        field = paper.rng.choice(fields)
        paper.take("hidden", sheet)
        letter = paper.letter(sheet, field)
        paper.sheets[sheet].column_dimensions[letter].hidden = True
        return [Dirt(FOUND, sheet, None, field, letter, "the column is hidden", None, ("V08",))]
    return []


def hidden_sheet(paper: Paper) -> list[Dirt]:
    """A sheet with rows that is hidden."""
    for sheet in paper.rng.sample(LIST_SHEETS, len(LIST_SHEETS)):
        if paper.report.sheets.get(sheet) and paper.take("hidden", sheet):
            paper.sheets[sheet].sheet_state = "hidden"
            return [Dirt(FOUND, sheet, written="the sheet is hidden", rules=("V08",))]
    return []


def colour_as_data(paper: Paper) -> list[Dirt]:
    """One row's cell in yellow, which says something that no column does."""
    for sheet, place, field, value in paper.cells(HIDDEN_COLUMNS):
        if value is not None and len(paper.rows(sheet)) > 2 and paper.take("odd", sheet, "colour"):
            paper.cell(sheet, place, field).fill = YELLOW
            paper.take("cell", sheet, place, field)
            return [paper.said(FOUND, sheet, place, field, "yellow", canonical(value), "V08")]
    return []


def comment_as_data(paper: Paper) -> list[Dirt]:
    """A comment on a figure."""
    for sheet, place, field, value in paper.cells(ALONE_COUNTS):
        if value is not None and paper.take("odd", sheet, "comment"):
            paper.cell(sheet, place, field).comment = Comment("xem lại, đã thay đổi sau tháng 10", "Cán bộ tổng hợp")
            paper.take("cell", sheet, place, field)
            return [paper.said(FOUND, sheet, place, field, "a comment", canonical(value), "V08")]
    return []


def formula_without_value(paper: Paper) -> list[Dirt]:
    """A formula that no program has computed yet."""
    for sheet, place, field, _ in paper.cells(ALONE_COUNTS):
        if paper.take("odd", sheet, "formula"):
            formula = f"=SUM({paper.letter(sheet, field)}100:{paper.letter(sheet, field)}120)"
            paper.put(sheet, place, field, formula)
            return [paper.said(FOUND, sheet, place, field, formula, None, "V02", "V08")]
    return []


def formula_error(paper: Paper) -> list[Dirt]:
    """#REF!, #N/A, #DIV/0!, #VALUE!: what is left of a formula."""
    for sheet, place, field, _ in paper.cells(ALONE_COUNTS):
        if paper.take("odd", sheet, "error"):
            error = paper.rng.choice(("#REF!", "#N/A", "#DIV/0!", "#VALUE!"))
            paper.put(sheet, place, field, error).data_type = "e"
            return [paper.said(FOUND, sheet, place, field, error, None, "V02", "V08")]
    return []


def external_link(paper: Paper) -> list[Dirt]:
    """A figure taken from another workbook, with the value that the program saved."""
    for sheet, place, field, value in paper.cells(ALONE_COUNTS | ALONE_AMOUNTS):
        if value and paper.take("odd", sheet, "link"):
            formula = "='[So lieu chi tiet.xlsx]Sheet1'!C5"
            paper.compute(sheet, place, field, formula, canonical(value))
            return [paper.said(FOUND, sheet, place, field, formula, canonical(value), "V08")]
    return []


def formula_with_value(paper: Paper) -> list[Dirt]:
    """A formula with the value that the program computed: nothing is wrong with it."""
    for sheet, place, field, value in paper.cells(ALONE_COUNTS | ALONE_AMOUNTS):
        if value:
            formula = f"={canonical(value)}+0"
            paper.compute(sheet, place, field, formula, canonical(value))
            return [paper.said(READ, sheet, place, field, formula, canonical(value))]
    return []


def harmless_looks(paper: Paper) -> list[Dirt]:
    """Stripes, bold letters, wide columns, a comment on a header, an empty column hidden: looks that say nothing."""
    for sheet in paper.untouched():
        cells, numbers, columns = paper.sheets[sheet], paper.row_numbers[sheet], paper.columns[sheet].values()
        for number in numbers[::2] if len(numbers) >= FEWEST_STRIPED else numbers:
            for column in columns:
                cells.cell(number, column).fill = GREY
                cells.cell(number, column).font = Font(name="Arial", bold=True)
        cells.cell(2, 1).comment = Comment("xem hướng dẫn", "Cán bộ tổng hợp")
        cells.column_dimensions["BA"].hidden = True
        cells.row_dimensions[numbers[-1] + 30].hidden = True
        paper.take("shape", sheet)
        return [Dirt(UNCHANGED, sheet, written="stripes, bold letters, a comment on a header")]
    return []


def _hidden_row(paper: Paper, is_filtered: bool) -> list[Dirt]:
    for sheet in paper.rng.sample(LIST_SHEETS, len(LIST_SHEETS)):
        rows = paper.rows(sheet)
        if len(rows) < 2 or not paper.take("hidden", sheet):
            continue
        place, _ = rows[0]
        cells, number = paper.sheets[sheet], paper.row_number(sheet, place)
        cells.row_dimensions[number].hidden = True
        written = "the row is hidden"
        if is_filtered:
            first, last = paper.row_numbers[sheet][0], paper.row_numbers[sheet][-1]
            cells.auto_filter.ref = f"A{first - 1}:{cells.cell(1, len(paper.columns[sheet])).column_letter}{last}"
            cells.auto_filter.add_filter_column(0, [str(cells.cell(first, 1).value)])
            written = "a filter hides the row"
        return [Dirt(FOUND, sheet, number, "", paper.first_filled(sheet, place), written, None, ("V08",))]
    return []
