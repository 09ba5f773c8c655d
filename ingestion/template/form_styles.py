"""The fonts, fills, borders and number formats of the form's cells."""

from functools import cache

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray

from ingestion.workbook.annotations.annotations import HEADER_FILLS
from warehouse.reference.forms import COVER, Field
from warehouse.reference.phrases import phrase

UNITS_SHOWN = (
    "person", "million VND", "year", "month", "star", "attendance", "certificate", "organisation", "event",
)  # fmt: skip
FORMATS = {"integer": "#,##0", "money": "#,##0.0##", "number": "General", "date": "dd/mm/yyyy", "text": "@"}


class FormStyles:
    """The styles of one workbook, each created once: setting fonts and fills cell by cell takes most of the time."""

    def __init__(self, workbook: Workbook) -> None:
        self._cell = WriteOnlyCell(workbook.create_sheet(COVER))
        line = Side(style="thin", color="BFBFBF")
        self._border = Border(left=line, right=line, top=line, bottom=line)
        self._style = cache(self._new_style)

    def header(self, field: Field, *, centre: bool = True) -> StyleArray:
        """Unit and * are part of the number format: the header's own text stays what the form says."""
        unit = f" ({phrase(f'unit.{field.unit}')})" if field.unit in UNITS_SHOWN else ""
        marks = unit + (" *" if field.required else "")
        fill = HEADER_FILLS[0] if field.required else HEADER_FILLS[1]
        return self._style(
            format=f'@"{marks}"' if marks else "@", bold=True, fill=fill, centre=centre, wrap=True, border=True
        )

    def data(
        self,
        field: Field,
        *,
        border: bool = True,
        escaped: bool = False,
        left: bool = False,
        locked: bool = False,
        fill: str | None = None,
    ) -> StyleArray:
        # A year is a number that nobody reads with a thousands separator.
        shape = "0" if field.unit == "year" else FORMATS.get(field.type, "General")
        wrap = field.type in ("text", "code")
        return self._style(format=shape, border=border, escaped=escaped, wrap=wrap, left=left, locked=locked, fill=fill)

    def text(self, *, bold: bool = False, size: int = 11, grey: bool = False, wrap: bool = False) -> StyleArray:
        return self._style(format="General", bold=bold, size=size, grey=grey, wrap=wrap)

    def heading(self) -> StyleArray:
        """Of a column of the guide."""
        return self._style(format="@", bold=True, fill=HEADER_FILLS[1], centre=True, border=True)

    def boxed(self) -> StyleArray:
        """Of a cell of the guide's table."""
        return self._style(format="@", wrap=True, border=True)

    def _new_style(
        self,
        format: str,
        bold: bool = False,
        size: int = 11,
        grey: bool = False,
        fill: str | None = None,
        centre: bool = False,
        wrap: bool = False,
        border: bool = False,
        escaped: bool = False,
        left: bool = False,
        locked: bool = True,
    ) -> StyleArray:
        cell = self._cell
        cell._style = StyleArray()
        cell.font = Font(name="Times New Roman", size=size, bold=bold, color="7F7F7F" if grey else "000000")
        cell.alignment = Alignment(
            horizontal="center" if centre else "left" if left else None,
            vertical="center" if centre else "top",
            wrap_text=wrap or centre,
        )
        cell.number_format = format
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        if border:
            cell.border = self._border
        cell.protection = Protection(locked=locked)
        # What Excel does with a leading apostrophe: the text stays text also when the cell is edited.
        cell.quotePrefix = escaped
        return cell._style
