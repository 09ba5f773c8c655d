"""Dates as Vietnamese offices write them: day, month, year."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from ingestion.form.parsed_value import BLANK, NOTHING, ParsedValue
from ingestion.workbook.cells import EPOCH_1900, Cell, meant_text
from warehouse.reference.names import folded, repaired
from warehouse.reference.time_zone import VIET_NAM

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2099, 12, 31)
"""no form contains a date outside: it stays as sent, and rule V02 rejects it"""

TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})")
"""a day with a zone, as some programs store it"""
A_MINUTE = timedelta(minutes=1)
"""by less than this SheetJS misses midnight: it counts from local time of 1899"""
DAY_FIRST = re.compile(rf"(?:ngày )?(\d{{1,2}}) ?[/.\-] ?(\d{{1,2}}) ?[/.\-] ?(\d{{4}}|\d{{2}}){TIME}\.?")
YEAR_FIRST = re.compile(rf"(\d{{4}})[/.\-](\d{{1,2}})[/.\-](\d{{1,2}}){TIME}")
IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2})(?: năm |/)(\d{4})\.?")


@lru_cache(maxsize=50_000, typed=True)
def parse_date(cell: Cell, year_of_report: int | None, epoch: date = EPOCH_1900) -> ParsedValue:
    """The cell as YYYY-MM-DD. `epoch`: day 0 of the workbook's calendar, for a date given as a plain number."""
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        if FIRST_DAY <= day <= LAST_DAY:
            return ParsedValue(day.isoformat())
        return ParsedValue(_no_day(day.year, day.month, day.day), is_parsed=False)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _numbered(cell, epoch)
    sent = folded(meant_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    text = repaired(sent)
    is_repaired = text != sent
    if INSTANT.fullmatch(text):
        return _instant(text)
    if match := YEAR_FIRST.fullmatch(text):
        parts = tuple(map(int, match.groups()))
        found = _day(*parts)
        return ParsedValue(found, repaired=is_repaired) if found else ParsedValue(_no_day(*parts), is_parsed=False)
    match = DAY_FIRST.fullmatch(text.lower()) or IN_WORDS.fullmatch(text.lower())
    if not match:
        return ParsedValue(sent, is_parsed=False)
    first, second, year = map(int, match.groups())
    alternative = None
    if len(match.group(3)) == 2:
        # The century that is not after the report.
        alternative, year = f"{1900 + year}", 2000 + year
        if year > (year_of_report or year):
            alternative, year = f"{year}", year - 100
    if found := _day(year, second, first):
        return ParsedValue(found, alternative=alternative, repaired=is_repaired)
    if found := _day(year, first, second):
        # Not a date in Vietnamese order, but one with day and month swapped.
        return ParsedValue(found, alternative=sent, repaired=is_repaired)
    return ParsedValue(sent, is_parsed=False)


def swapped_dates(cells: list[Cell]) -> tuple[list[int], list[int]]:
    """Of the cells of one column, the places of those with a day as text, and of the dates whose day and month may
    therefore be swapped; none where no date is suspect.

    A program set to English stores 5/3 as the third of May, and leaves 30/11 as text. So a column is suspect if all
    its texts have a day above 12 and none of its date cells has.
    """
    texts = {place: found for place, cell in enumerate(cells) if (found := _typed_day(cell))}
    days = {place: cell for place, cell in enumerate(cells) if isinstance(cell, date)}
    if any(int(text[1]) <= 12 or int(text[2]) > 12 for text in texts.values()):
        return [], []
    if any(day.day > 12 for day in days.values()):
        return [], []
    swapped = [place for place, day in days.items() if day.day != day.month]
    return ([*texts], swapped) if texts and swapped else ([], [])


def _typed_day(cell: Cell) -> re.Match[str] | None:
    return DAY_FIRST.fullmatch(folded(cell).lower()) if isinstance(cell, str) else None


def date_or_none(text: str | None) -> date | None:
    """A canonical text as a date; None if it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _numbered(cell: float, epoch: date) -> ParsedValue:
    if 0 < cell < 100_000:
        found = epoch + timedelta(days=int(cell))
        if FIRST_DAY <= found <= LAST_DAY:
            return ParsedValue(found.isoformat())
    return ParsedValue(meant_text(cell), is_parsed=False)


def _instant(text: str) -> ParsedValue:
    """A midnight is a day. One of Viet Nam that is written in another zone may mean either day, and so may any other
    time that is not of the same day in Viet Nam."""
    try:
        written = datetime.fromisoformat(text) + A_MINUTE
        local = written.astimezone(VIET_NAM)
    except (ValueError, OverflowError):
        return ParsedValue(text, is_parsed=False)
    if not FIRST_DAY <= written.date() <= LAST_DAY:
        return ParsedValue(text, is_parsed=False)
    days = [written.date().isoformat(), local.date().isoformat()]
    if _is_midnight(written) or days[0] == days[1]:
        return ParsedValue(days[0])
    meant, other = reversed(days) if _is_midnight(local) else days
    return ParsedValue(meant, alternative=other)


def _is_midnight(moment: datetime) -> bool:
    return moment - moment.replace(hour=0, minute=0, second=0, microsecond=0) <= 2 * A_MINUTE


def _day(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if FIRST_DAY <= found <= LAST_DAY else None


def _no_day(year: int, month: int, day: int) -> str:
    """In another notation than a parsed date."""
    return f"{day:02}/{month:02}/{year:04}"
