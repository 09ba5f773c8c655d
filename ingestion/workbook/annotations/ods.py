"""Annotations of an OpenDocument spreadsheet (ods)."""

from ingestion.workbook.annotations.annotations import (
    LAST_COLUMN,
    LAST_ROW,
    CellStyle,
    SheetAnnotations,
    WorkbookAnnotations,
    cell_style,
    record_cell,
    record_comment,
)
from ingestion.workbook.package import Element, local

BLANKS = {"s": " ", "tab": "\t", "line-break": "\n"}
HIDDEN = ("collapse", "filter")


def read_ods(content: Element) -> WorkbookAnnotations:
    """Annotations from content.xml."""
    styles = {_given(each).get("name", ""): _properties(each) for each in content.iter("{*}style")}
    found = WorkbookAnnotations()
    for table in content.iter("{*}table"):
        annotations = found.sheets.setdefault(_given(table).get("name", ""), SheetAnnotations())
        _add_hidden_columns(table, annotations)
        number = 0
        for row in table.iter("{*}table-row"):
            given = _given(row)
            repeats = _count(given.get("number-rows-repeated"))
            if given.get("visibility") in HIDDEN:
                annotations.hidden_rows.update(range(number, min(number + repeats, LAST_ROW)))
                annotations.is_filtered |= given["visibility"] == "filter"
            _add_cells(row, number, annotations, styles)
            number += repeats
    return found


def _add_hidden_columns(table: Element, annotations: SheetAnnotations) -> None:
    number = 0
    for given in map(_given, table.iter("{*}table-column")):
        repeats = _count(given.get("number-columns-repeated"))
        if given.get("visibility") in HIDDEN:
            annotations.hidden_columns.update(range(number, min(number + repeats, LAST_COLUMN)))
        number += repeats


def _add_cells(row: Element, number: int, annotations: SheetAnnotations, styles: dict[str, dict[str, str]]) -> None:
    first = 0
    for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        given = _given(cell)
        rows, columns = _count(given.get("number-rows-spanned")), _count(given.get("number-columns-spanned"))
        if rows * columns > 1:
            annotations.merged.append(((number, first), (number + rows - 1, first + columns - 1)))
        for note in cell.iterchildren("{*}annotation"):
            author = "".join(text for creator in note.iter("{*}creator") for text in creator.itertext())
            paragraphs = note.iter("{*}p", "{*}h")  # also of a list
            record_comment(annotations, (number, first), "\n".join(map(_words, paragraphs)), author)
        value, formula = _text(cell), given.get("formula")
        last = first + _count(given.get("number-columns-repeated"))
        for column in range(first, min(last, LAST_COLUMN) if (value or formula) and number < LAST_ROW else 0):
            record_cell(
                annotations,
                (number, column),
                value or given.get("value"),
                None if formula is None else formula.partition(":")[2] or formula,
                is_error=any(each == "error" for name, each in cell.items() if name.endswith("}value-type")),
                may_be_empty=given.get("value-type") == "string",
                style=_style(styles.get(given.get("style-name", ""), {}), given.get("value-type") == "percentage"),
            )
        first = last


def _text(parent: Element) -> str:
    """The paragraphs of a cell."""
    return "\n".join(map(_words, parent.iterchildren("{*}p")))


def _words(paragraph: Element) -> str:
    """A paragraph as text; blanks, tabs and line breaks are elements."""
    words = paragraph.text or ""
    for each in paragraph:
        name = local(each)
        blanks = BLANKS.get(name, "") * (_count(_given(each).get("c")) if name == "s" else 1)
        words += (blanks or _words(each)) + (each.tail or "")
    return words


def _properties(style: Element) -> dict[str, str]:
    parts = style.iterchildren("{*}table-cell-properties", "{*}text-properties")
    return {name: value for each in parts for name, value in _given(each).items()}


def _style(properties: dict[str, str], is_percentage: bool) -> CellStyle:
    is_struck = properties.get("text-line-through-style", "none") != "none"
    fill, font_colour = _rgb(properties.get("background-color", "")), _rgb(properties.get("color", ""))
    return cell_style(properties.get("font-name", ""), fill, font_colour, is_struck, "%" if is_percentage else "")


def _given(element: Element) -> dict[str, str]:
    """Its attributes by their names without namespaces."""
    return {name.rpartition("}")[2]: value for name, value in element.items()}


def _rgb(colour: str) -> str:
    return colour.lstrip("#").upper() if colour.startswith("#") else ""


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdigit() else 1
