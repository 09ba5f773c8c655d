"""Annotations of an OpenDocument spreadsheet (ods)."""

from ingestion.workbook.annotations import (
    LAST_COLUMN,
    LAST_ROW,
    CellStyle,
    SheetAnnotations,
    WorkbookAnnotations,
    cell_style,
    parse_xml,
    record_cell,
    record_comment,
)


def read_ods(text: bytes) -> WorkbookAnnotations:
    """Annotations from content.xml. Raises expat.ExpatError."""
    reader = _ContentReader()
    parse_xml(text, reader.start, reader.end, reader.letters.append)
    return reader.found


class _ContentReader:
    """Reads content.xml, event by event: first the styles, then the sheets."""

    def __init__(self) -> None:
        self.found = WorkbookAnnotations()
        self.letters: list[str] = []
        self.styles: dict[str, dict[str, str]] = {}
        self.style = ""
        self.sheet = SheetAnnotations()
        self.in_sheet = False
        self.row = self.column = self.column_number = 0
        self.row_repeats = 1
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.creator: list[str] | None = None
        self.note: list[str] = []

    def start(self, tag: str, qualified: dict[str, str]) -> None:
        given = {name.rpartition(":")[2]: value for name, value in qualified.items() if "asian" not in name}
        self.letters.clear()
        if tag == "style":
            self.style = given.get("name", "")
            self.styles[self.style] = {"kind": given.get("data-style-name", "")}
        elif tag == "percentage-style":
            self.styles[given.get("name", "")] = {"percentage": "yes"}
        elif tag in ("table-cell-properties", "text-properties") and not self.in_sheet:
            self.styles.setdefault(self.style, {}).update(given)
        elif tag == "table":
            self.sheet = self.found.sheets.setdefault(given.get("name", ""), SheetAnnotations())
            self.in_sheet = True
            self.row = self.column_number = 0
        elif self.in_sheet:
            self._start_in_sheet(tag, given, qualified)

    def _start_in_sheet(self, tag: str, given: dict[str, str], qualified: dict[str, str]) -> None:
        repeats = _count(given.get("number-columns-repeated"))
        if tag == "table-column":
            if given.get("visibility") in ("collapse", "filter"):
                last = min(self.column_number + repeats, LAST_COLUMN)
                self.sheet.hidden_columns.update(range(self.column_number, last))
            self.column_number += repeats
        elif tag == "table-row":
            self.row_repeats = _count(given.get("number-rows-repeated"))
            self.column = 0
            if given.get("visibility") in ("collapse", "filter"):
                self.sheet.hidden_rows.update(range(self.row, min(self.row + self.row_repeats, LAST_ROW)))
                self.sheet.is_filtered |= given["visibility"] == "filter"
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell = {**given, "repeats": str(repeats), "type": qualified.get("calcext:value-type", "")}
            self.text = []
            rows, columns = _count(given.get("number-rows-spanned")), _count(given.get("number-columns-spanned"))
            if rows * columns > 1:
                self.sheet.merged.append(((self.row, self.column), (self.row + rows - 1, self.column + columns - 1)))
        elif tag == "annotation":
            self.creator, self.note = [], []

    def end(self, tag: str) -> None:
        if not self.in_sheet:
            return
        if tag == "creator" and self.creator is not None:
            self.creator.append("".join(self.letters))
        elif tag == "annotation":
            record_comment(self.sheet, (self.row, self.column), "\n".join(self.note), "".join(self.creator or []))
            self.creator = None
        elif tag == "p" and self.creator is not None:
            self.note.append("".join(self.letters))
        elif tag == "p" and self.cell is not None:
            self.text.append("".join(self.letters))
        elif tag in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._end_cell(self.cell)
            self.column += int(self.cell["repeats"])
            self.cell = None
        elif tag == "table-row":
            self.row += self.row_repeats
        elif tag == "table":
            self.in_sheet = False

    def _end_cell(self, cell: dict[str, str]) -> None:
        value = "\n".join(self.text)
        formula = cell.get("formula")
        if self.row >= LAST_ROW or self.column >= LAST_COLUMN or not (value or formula):
            return
        style = self._style(cell.get("style-name", ""), cell.get("value-type") == "percentage")
        for column in range(self.column, min(self.column + int(cell["repeats"]), LAST_COLUMN)):
            record_cell(
                self.sheet,
                (self.row, column),
                value or cell.get("value"),
                None if formula is None else formula.partition(":")[2] or formula,
                is_error=cell.get("type") == "error",
                may_be_empty=cell.get("value-type") == "string",
                style=style,
            )

    def _style(self, name: str, is_percentage: bool) -> CellStyle:
        style = self.styles.get(name, {})
        is_struck = style.get("text-line-through-style", "none") != "none"
        fill, font_colour = _rgb(style.get("background-color", "")), _rgb(style.get("color", ""))
        return cell_style(style.get("font-name", ""), fill, font_colour, is_struck, "%" if is_percentage else "")


def _rgb(colour: str) -> str:
    return colour.lstrip("#").upper() if colour.startswith("#") else ""


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdigit() else 1
