"""Days as offices type them, and what calendars and languages of programs make of them."""

from dataclasses import replace
from datetime import date, datetime

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from tests.dirt.dirty_workbook import COVER, DirtyWorkbook
from tests.dirt.truth import FOUND, READ, Dirt, canonical

DAYS = {
    "01_HTX": ("registered_on",),
    "02_THT": ("founded_on",),
    "03_HO_TRO": ("started_on", "ended_on"),
    "04_DAO_TAO": ("held_on",),
}
DAY_ZERO = {CALENDAR_WINDOWS_1900: date(1899, 12, 30), CALENDAR_MAC_1904: date(1904, 1, 1)}
LAST_MONTH = 12


def date_text(book: DirtyWorkbook) -> list[Dirt]:
    """Days as text: 30/11/2024, 30.11.2024, in words, with two digits for the year, or as a bare serial."""
    found = []
    for sheet, place, field, day in book.cells(DAYS):
        if day is None or not book.take("days", sheet, field):
            continue
        forms = [f"{day:%d.%m.%Y}", f"ngày {day.day} tháng {day.month} năm {day.year}", "serial", "short"]
        # A text with a day over 12 beside true days up to 12 looks like a program that exchanged day and month.
        if day.day <= LAST_MONTH:
            forms += [f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m/%Y} 00:00:00"]
        if day.day > LAST_MONTH:
            forms = [form for form in forms if "." not in form and form != "short"]
        written = book.rng.choice(forms)
        if written == "serial":
            if not book.take("serials"):
                continue
            serial = (day - DAY_ZERO[book.workbook.epoch]).days
            book.put(sheet, place, field, serial)
            found.append(book.said(READ, sheet, place, field, serial, day.isoformat()))
        elif written == "short":
            written = f"{day.day}/{day.month}/{day:%y}"
            book.type_text(sheet, place, field, written)
            found.append(book.said(FOUND, sheet, place, field, written, day.isoformat(), "V03"))
        else:
            book.type_text(sheet, place, field, written)
            found.append(book.said(READ, sheet, place, field, written, day.isoformat()))
        if len(found) == 3:
            break
    return found


def american_date(book: DirtyWorkbook) -> list[Dirt]:
    """11/30/2024: the month first, as only a day over 12 shows."""
    for sheet, place, field, day in book.cells(DAYS):
        if day is not None and day.day > LAST_MONTH and book.take("days", sheet, field):
            written = f"{day.month}/{day.day}/{day.year}"
            book.type_text(sheet, place, field, written)
            return [book.said(FOUND, sheet, place, field, written, day.isoformat(), "V03")]
    return []


def cover_as_text(book: DirtyWorkbook) -> list[Dirt]:
    """The year and the days of the cover as text."""
    if not book.take("cover"):
        return []
    report, found = book.report, []
    for field, written, value in (
        ("report_year", f" {report.report_year}", str(report.report_year)),
        ("data_from", f"{report.data_from.day}/{report.data_from.month}/{report.data_from.year}", report.data_from),
        ("data_to", f"{report.data_to:%d.%m.%Y}", report.data_to),
    ):
        cell = book.cover_cell(field)
        cell.value, cell.number_format = written, "@"
        found.append(Dirt(READ, COVER, cell.row, field, cell.coordinate, written, canonical(value)))
    return found


def calendar_1904(book: DirtyWorkbook) -> list[Dirt]:
    """A workbook that counts its days from 1904, one of them a bare number."""
    for sheet, place, field, day in book.cells(DAYS):
        if day is not None and book.take("serials"):
            book.workbook.epoch = CALENDAR_MAC_1904
            serial = (day - DAY_ZERO[CALENDAR_MAC_1904]).days
            book.put(sheet, place, field, serial)
            return [book.said(READ, sheet, place, field, serial, day.isoformat())]
    return []


def day_month_swapped(book: DirtyWorkbook) -> list[Dirt]:
    """A column typed as day/month in a program set to English: it exchanges both or leaves a text."""
    for sheet, field in (("01_HTX", "registered_on"), ("02_THT", "founded_on")):
        rows = book.rows(sheet)
        days = {place: row[field] for place, row in rows if ("cell", sheet, place, field) not in book.taken}
        swapped = {place: day for place, day in days.items() if day.day <= LAST_MONTH and day.day != day.month}
        if not swapped or all(day.day <= LAST_MONTH for day in days.values()) or len(days) < len(rows):
            continue
        if any(_exchanged(day) > book.report.data_to for day in swapped.values()):
            continue  # the day would lie ahead, and reject the file
        if not book.take("days", sheet, field):
            continue
        found = []
        for place, day in days.items():
            if place in swapped:
                other = _exchanged(day)
                book.put(sheet, place, field, datetime.combine(other, datetime.min.time()), "m/d/yyyy")
                found.append(book.said(READ, sheet, place, field, other.isoformat(), other.isoformat()))
            elif day.day > LAST_MONTH:
                written = f"{day.day}/{day.month}/{day.year}"
                book.type_text(sheet, place, field, written)
                found.append(book.said(READ, sheet, place, field, written, day.isoformat()))
        # the first of the texts is the cell at fault: it says that the others may be swapped
        first = min((dirt for dirt in found if "/" in dirt.written), key=lambda dirt: dirt.row_number)
        return [replace(dirt, outcome=FOUND, rules=("V03",)) if dirt is first else dirt for dirt in found]
    return []


def momentary(book: DirtyWorkbook) -> list[Dirt]:
    """=TODAY() where a day was meant, with the value of the day on which it was saved."""
    for sheet, place, field, day in book.cells({"01_HTX": ("registered_on",), "02_THT": ("founded_on",)}):
        if day is not None and book.take("serials") and book.take("odd", sheet, "moment"):
            formula = f"=TODAY()-{(book.report.data_to - day).days}"
            saved = (day - DAY_ZERO[book.workbook.epoch]).days
            book.compute(sheet, place, field, formula, str(saved))
            return [book.said(FOUND, sheet, place, field, formula, day.isoformat(), "V08")]
    return []


def _exchanged(day: date) -> date:
    return date(day.year, day.day, day.month)
