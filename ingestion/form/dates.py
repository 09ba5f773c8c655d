"""Days as people here write them: day, month, year."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from ingestion.form.parsed_value import BLANK, NOTHING, Reading
from ingestion.workbook.cells import EPOCH_1900, Cell, meant_text
from warehouse.reference.names import folded, repaired

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2099, 12, 31)
"""a day outside is none that a form can speak of: it stays as it was written, and rule V02 asks for it again"""

TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
DAY_FIRST = re.compile(rf"(?:ngày )?(\d{{1,2}}) ?[/.\-] ?(\d{{1,2}}) ?[/.\-] ?(\d{{4}}|\d{{2}}){TIME}\.?")
YEAR_FIRST = re.compile(rf"(\d{{4}})[/.\-](\d{{1,2}})[/.\-](\d{{1,2}}){TIME}")
IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2})(?: năm |/)(\d{4})\.?")


@lru_cache(maxsize=50_000, typed=True)
def read_date(cell: Cell, year_of_report: int | None, epoch: date = EPOCH_1900) -> Reading:
    """The cell as a day, YYYY-MM-DD. `epoch`: day 0 of the workbook's calendar, for a day that is a bare number."""
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        if FIRST_DAY <= day <= LAST_DAY:
            return Reading(day.isoformat())
        return Reading(_no_day(day.year, day.month, day.day), is_read=False)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _numbered(cell, epoch)
    sent = folded(meant_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    text = repaired(sent)
    mended = text != sent
    if match := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
        found = _day(year, month, day)
        return Reading(found, repaired=mended) if found else Reading(_no_day(year, month, day), is_read=False)
    match = DAY_FIRST.fullmatch(text.lower()) or IN_WORDS.fullmatch(text.lower())
    if not match:
        return Reading(sent, is_read=False)
    first, second, year = map(int, match.groups())
    doubt = None
    if len(match.group(3)) == 2:
        # The century that lies nearest before the report.
        doubt, year = f"{1900 + year}", 2000 + year
        if year > (year_of_report or year):
            doubt, year = f"{year}", year - 100
    if found := _day(year, second, first):
        return Reading(found, other=doubt, repaired=mended)
    if found := _day(year, first, second):
        # Not a day as Vietnamese is written, but one with day and month exchanged.
        return Reading(found, other=sent, repaired=mended)
    return Reading(sent, is_read=False)


def exchanged(cells: list[Cell]) -> dict[int, str]:
    """Of the cells of one column, those days that may have day and month exchanged: place -> the other day.

    A program set to English takes 5/3 typed here for the third of May, and leaves 30/11 as the text that it cannot
    take for a day. So a column in which every text has a day over 12, and no true day has one, is suspect.
    """
    texts = [DAY_FIRST.fullmatch(folded(cell).lower()) for cell in cells if isinstance(cell, str)]
    days = {place: cell for place, cell in enumerate(cells) if isinstance(cell, date)}
    parts = [(int(text[1]), int(text[2])) for text in texts if text]
    if not parts or not days or any(first <= 12 or second > 12 for first, second in parts):
        return {}
    if any(day.day > 12 for day in days.values()):
        return {}
    return {place: f"{day.year}-{day.day:02}-{day.month:02}" for place, day in days.items() if day.day != day.month}


def _numbered(cell: float, epoch: date) -> Reading:
    if 0 < cell < 100_000:
        found = epoch + timedelta(days=int(cell))
        if FIRST_DAY <= found <= LAST_DAY:
            return Reading(found.isoformat())
    return Reading(meant_text(cell), is_read=False)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if FIRST_DAY <= found <= LAST_DAY else None


def _no_day(year: int, month: int, day: int) -> str:
    """Written so that nobody takes it for a day that was read."""
    return f"{day:02}/{month:02}/{year:04}"
