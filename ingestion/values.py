"""One cell read as the type that its field has: with certainty, with a doubt that is said, or not at all.

What is read is canonical text: "45", "1234.5", "2024-11-30", C or K, a code, or text in NFC with blanks folded.
Nothing is guessed where a guess would change the value: such a cell stays as it was sent, and rule V02 or V04
fails on it. A blank is never 0.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from ingestion.reference import Field, Reference, RosterUnit
from ingestion.vietnamese import folded, name_key, repaired

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""what the reader of workbooks gives: text as typed, a number, a day; "" or None for an empty cell"""

# Signs for "nothing here". They mean neither 0 nor no.
NOTHING = frozenset({"-", "--", "---", "–", "—", "―", "−", ".", "..", "...", "…", "/", "n/a", "#n/a"})

YES = frozenset(map(name_key, ("C", "Có", "co")))
NO = frozenset(map(name_key, ("K", "Không", "khong", "ko")))
# A tick, a digit or "not yet" is clear to people, but it is not what the form asks for: read, and asked about.
PROBABLY_YES = frozenset(map(name_key, ("x", "X", "v", "✓", "✔", "☑", "√", "1", "đúng", "rồi", "yes", "y", "true")))
PROBABLY_NO = frozenset(map(name_key, ("0", "chưa", "chưa có", "không có", "no", "n", "false", "☐", "sai")))

# Words that people write behind a number and that say no more than the header does.
WORDS_BEHIND = {
    "person": ("người", "thành viên", "lao động", "nữ", "cán bộ", "lượt", "lượt người"),
    "attendance": ("lượt", "lượt người", "người"),
    "certificate": ("chứng chỉ",),
    "organisation": ("htx", "tht", "htx/tht", "đơn vị"),
    "event": ("lần", "cuộc", "lớp"),
    "month": ("tháng",),
    "star": ("sao",),
    "million VND": ("triệu", "triệu đồng", "tr", "trđ", "tr.đ", "triệu vnđ", "triệu vnd"),
}
PERCENT = "%"

FIRST_SERIAL, LAST_SERIAL = 18264, 73050
"""days of the 1900 calendar, 1950 to 2099: a number outside is not a day that a form can speak of"""

SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
PLAIN = re.compile(r"([+-]?)(\d[\d.,]*)")
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")


@dataclass(frozen=True)
class Reading:
    """What a cell was read as."""

    text: str | None
    """canonical text; the folded text as sent where it cannot be read; None where the cell means nothing"""
    is_read: bool = True
    """False where it cannot be read as its type"""
    other: str | None = None
    """what else it could mean, if that is in doubt (rule V03)"""
    repaired: bool = False
    """whether letters had to be mended to read it (rule V07)"""


BLANK = Reading(None)
Reader = Callable[[Cell], Reading]


def read_value(
    field: Field,
    cell: Cell,
    reference: Reference,
    year: int | None = None,
    unit: RosterUnit | None = None,
    day: date | None = None,
) -> Reading:
    """The cell read as the field's type.

    `year`, `unit` and `day` (data_to) say how code lists stand: which units report, which communes there are.
    """
    return reader_of(field, reference, year, unit, day)(cell)


def reader_of(
    field: Field,
    reference: Reference,
    year: int | None = None,
    unit: RosterUnit | None = None,
    day: date | None = None,
) -> Reader:
    """The function that reads the cells of one field of one file."""
    if field.type == "code" and field.code_list:
        about = {"reporting_units": (year, None, None), "communes": (None, unit.uid if unit else None, day)}
        codes = _codes_by_word(reference, field.code_list, *about.get(field.code_list, (None, None, None)))
        return lambda cell: _read_code(cell, codes)
    if field.type == "boolean":
        return _read_boolean
    if field.type == "date":
        return lambda cell: _read_date(cell, day.year if day else None)
    if field.type == "integer":
        labels = tuple(reference.code_lists.get(field.code_list or "", {}).items())
        return lambda cell: _read_integer(cell, field.unit, labels)
    if field.type in ("money", "number"):
        return lambda cell: _read_decimal(cell, field.unit, field.type == "number")
    return _read_text


def sent_text(cell: Cell) -> str:
    """The cell as text, as it was sent: what was typed, a number with all its digits, a day as in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def number_text(value: int | float | Decimal) -> str:
    """The number in plain decimals. A workbook keeps 15 digits: the binary noise behind them is nobody's figure."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        value = Decimal(f"{value:.15g}")
    if isinstance(value, int):
        return str(value)
    if not value.is_finite():
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


# Text -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000, typed=True)
def _read_text(cell: Cell) -> Reading:
    sent = folded(sent_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    mended = repaired(sent)
    return Reading(mended, repaired=mended != sent)


# Codes ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1_000)
def _codes_by_word(
    reference: Reference, code_list: str, year: int | None, unit_uid: str | None, day: date | None
) -> dict[str, str]:
    """Key of everything that may stand for a code -> the code. What could stand for two codes is not there."""
    codes = reference.codes(code_list, year, day)
    words: dict[str, set[str]] = {}
    for code, label in codes.items():
        for word in (label, f"{code} - {label}", f"{code} – {label}", f"{code} {label}", f"{code}. {label}"):
            words.setdefault(name_key(word), set()).add(code)
    if code_list == "communes" and day is not None:
        # Names are looked up inside the unit: the same name may be a commune of another district.
        for commune in reference.communes_at(day, unit_uid):
            for name in reference.names_of(commune.uid):
                if reference.commune_by_name(name, unit_uid, day) == commune.uid:
                    words[name_key(name)] = {commune.code}
    if code_list == "reporting_units":
        for unit in reference.roster_of(year) if year else ():
            for name in reference.unit_names(unit):
                words.setdefault(name_key(name), set()).add(unit.code)
    table = {word: found.pop() for word, found in words.items() if len(found) == 1}
    # A code itself always means itself.
    table.update({name_key(code): code for code in codes})
    return table


def _read_code(cell: Cell, codes: dict[str, str]) -> Reading:
    sent = folded(sent_text(cell))
    if not sent:
        return BLANK
    code = codes.get(name_key(sent))
    if code is not None:
        return Reading(code, repaired=repaired(sent) != sent)
    if sent.lower() in NOTHING:
        return BLANK
    if sent.isascii() and sent.isdigit():
        # A spreadsheet takes the zeros off a code that looks like a number.
        longer = {code for code in codes.values() if code.isdigit() and code.lstrip("0") == sent.lstrip("0")}
        if len(longer) == 1:
            return Reading(longer.pop(), other=sent)
    return Reading(sent, is_read=False)


# Yes and no -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1_000, typed=True)
def _read_boolean(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return Reading("C" if cell else "K")
    sent = folded(sent_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    key = name_key(sent)
    if key in YES or key in NO:
        return Reading("C" if key in YES else "K", repaired=repaired(sent) != sent)
    if key in PROBABLY_YES or key in PROBABLY_NO:
        return Reading("C" if key in PROBABLY_YES else "K", other=sent)
    return Reading(sent, is_read=False)


# Days -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000, typed=True)
def _read_date(cell: Cell, year_of_report: int | None) -> Reading:
    if isinstance(cell, datetime):
        return Reading(cell.date().isoformat())
    if isinstance(cell, date):
        return Reading(cell.isoformat())
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if FIRST_SERIAL <= cell <= LAST_SERIAL:
            return Reading((date(1899, 12, 30) + timedelta(days=int(cell))).isoformat())
        return Reading(sent_text(cell), is_read=False)
    sent = folded(sent_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    text = repaired(sent)
    mended = text != sent
    if match := YEAR_FIRST.fullmatch(text):
        found = _day(*map(int, match.groups()))
        return Reading(found, repaired=mended) if found else Reading(sent, is_read=False)
    match = DAY_FIRST.fullmatch(text.replace(" ", "")) or IN_WORDS.fullmatch(text.lower().rstrip("."))
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


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


# Numbers ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000, typed=True)
def _read_integer(cell: Cell, unit: str | None, labels: tuple[tuple[str, str], ...] = ()) -> Reading:
    if isinstance(cell, float):
        # A number cell with decimals is no count: it may be 1234 typed as 1.234 where the dot is decimal.
        return Reading(number_text(cell), is_read=cell.is_integer())
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Reading(str(cell))
    text, mended = _number_words(cell, unit)
    if text is None:
        return BLANK
    value, other = _parsed(text, decimal_expected=False)
    if value is not None and value == value.to_integral_value():
        return Reading(number_text(value), other=other, repaired=mended)
    for code, label in labels:
        if name_key(label) == name_key(sent_text(cell)):
            return Reading(code, repaired=mended)
    return Reading(folded(sent_text(cell)), is_read=False)


@lru_cache(maxsize=50_000, typed=True)
def _read_decimal(cell: Cell, unit: str | None, percent_allowed: bool = False) -> Reading:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Reading(number_text(cell))
    text, mended = _number_words(cell, unit)
    if text is None:
        return BLANK
    if percent_allowed and text.endswith(PERCENT):
        text = text.removesuffix(PERCENT).rstrip()
    value, other = _parsed(text, decimal_expected=True)
    if value is None:
        return Reading(folded(sent_text(cell)), is_read=False)
    return Reading(number_text(value), other=other, repaired=mended)


def _number_words(cell: Cell, unit: str | None) -> tuple[str | None, bool]:
    """The text of a number without the words behind it (None for nothing), and whether it had to be mended."""
    sent = folded(sent_text(cell))
    if not sent or sent.lower() in NOTHING:
        return None, False
    text = repaired(sent).replace("−", "-")
    mended = text != sent
    key = text.casefold()
    for word in sorted(WORDS_BEHIND.get(unit or "", ()), key=len, reverse=True):
        if key.endswith(word) and key[: -len(word)].strip():
            return text[: -len(word)].rstrip(), mended
    return text, mended


def _parsed(text: str, decimal_expected: bool) -> tuple[Decimal | None, str | None]:
    """The number that Vietnamese writing means (1.234,5), and the other one that it could be, if there is a doubt.

    One separator with three digits behind it is where the two ways of writing meet. A count has no decimals, so
    1.234 is 1234; an amount may have them, so it is asked about. A comma means thousands to nobody who writes
    Vietnamese, but spreadsheets put it: 1,234 is read and asked about.
    """
    if SPACED.fullmatch(text):
        text = text.replace(" ", "")
        grouped = True
    else:
        grouped = False
    match = PLAIN.fullmatch(text)
    if not match:
        return None, None
    sign, digits = match.groups()
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return _decimal(sign, digits), None
    if grouped:
        return _decimal(sign, digits.replace(",", ".")), None
    if dots and commas:
        thousands, point = (".", ",") if digits.rindex(",") > digits.rindex(".") else (",", ".")
        whole, _, part = digits.partition(point)
        if digits.count(point) > 1 or not part or not _is_grouped(whole, thousands):
            return None, None
        return _decimal(sign, f"{whole.replace(thousands, '')}.{part}"), None
    separator = "." if dots else ","
    if dots + commas > 1:
        return (_decimal(sign, digits.replace(separator, "")), None) if _is_grouped(digits, separator) else (None, None)
    whole, _, part = digits.partition(separator)
    if not part:
        return None, None
    as_decimal = _decimal(sign, f"{whole}.{part}")
    if not _is_grouped(digits, separator):
        return as_decimal, None
    as_thousands = _decimal(sign, whole + part)
    if separator == "." and not decimal_expected:
        return as_thousands, None
    if separator == "," and decimal_expected:
        return as_decimal, number_text(as_thousands)
    return as_thousands, number_text(as_decimal)


def _is_grouped(digits: str, separator: str) -> bool:
    first, *others = digits.split(separator)
    return 1 <= len(first) <= 3 and first[0] != "0" and all(len(each) == 3 and each.isdigit() for each in others)


def _decimal(sign: str, digits: str) -> Decimal | None:
    try:
        return Decimal(f"{sign}{digits}")
    except InvalidOperation:
        return None
