"""How a sheet of the form is printed and protected: A4 across, headings on each page, letters of 9 points or more."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

PRINTABLE_MM = 277
"""width of A4 across without its margins"""
LEAST_SCALE = 82
"""per cent at which letters of 11 points are printed with 9"""
PRINTED_WIDTH = 190
"""characters of columns on a page, in forms that are shrunk to fit"""
PIXEL_MM = 25.4 / 96


@dataclass(frozen=True)
class PageSetup:
    """What the pages of one sheet show above and below its cells."""

    title: str
    unit_name: str
    year: int
    signatures: tuple[str, ...]
    """left and right below the page; none in forms without a guide"""
    is_guided: bool

    def apply(self, sheet, widths: Iterable[float], header_rows: str | None = None, title: bool = True) -> None:
        """Set up the sheet, before its first row: Excel stores these settings before the rows. `widths`: of columns."""
        widths = list(widths)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        pages_wide = self._scale(sheet, widths)
        if header_rows:
            sheet.print_title_rows = header_rows
        if pages_wide > 1:
            sheet.print_title_cols = "A:B"
        # An ampersand begins a field code in headers and footers.
        name = self.unit_name.replace("&", "&&")
        sheet.HeaderFooter.oddHeader.center.text = f"{self.title} - {name} - {self.year}" if title else name
        sheet.HeaderFooter.oddFooter.center.text = "&P/&N"
        if self.signatures and title:
            sheet.page_margins.bottom = 1.2
            sheet.HeaderFooter.oddFooter.left.text, sheet.HeaderFooter.oddFooter.right.text = self.signatures

    def _scale(self, sheet, widths: list[float]) -> int:
        """Fit the columns to pages; returns how many pages stand side by side, about."""
        fits = 100 * PRINTABLE_MM / (sum(7 * width + 5 for width in widths) * PIXEL_MM)
        is_shrunk = not self.is_guided or fits >= LEAST_SCALE
        pages_wide = 1 if self.is_guided and is_shrunk else ceil(sum(widths) / PRINTED_WIDTH)
        sheet.sheet_properties.pageSetUpPr.fitToPage = is_shrunk
        if is_shrunk:
            sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
        else:
            sheet.page_setup.scale, pages_wide = LEAST_SCALE, max(2, pages_wide)
        return pages_wide


def protect(sheet, filtered: str | None = None) -> None:
    """Lock the locked cells, without a password: rows may be inserted, deleted, sorted and filtered, cells formatted.

    `filtered`: the cells that have filters."""
    protection = sheet.protection
    protection.sheet = True
    for allowed in ("insertRows", "deleteRows", "sort", "autoFilter", "formatCells", "formatColumns", "formatRows"):
        setattr(protection, allowed, False)
    if filtered:
        sheet.auto_filter.ref = filtered
