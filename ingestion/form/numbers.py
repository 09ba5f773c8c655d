"""Counts, amounts and percentages, as people here write them: 1.234,5 and 2.786 người and 1,2 tỷ đồng."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from ingestion.form.parsed_value import BLANK, NOTHING, Reading
from ingestion.workbook.cells import Cell, Percentage, meant_text, number_text
from warehouse.reference.names import folded, name_key, repaired

# Words that people write behind a number and that say no more than the header does.
WORDS_BEHIND = {
    "person": ("người", "thành viên", "lao động", "nữ", "cán bộ", "lượt", "lượt người"),
    "attendance": ("lượt", "lượt người", "người"),
    "certificate": ("chứng chỉ",),
    "organisation": ("htx", "tht", "htx/tht", "đơn vị"),
    "event": ("lần", "cuộc", "lớp"),
    "month": ("tháng",),
    "star": ("sao",),
}
PERCENT = "%"
MONEY = "million VND"

# What the words of money are in million đồng, the form's unit.
DONG, THOUSAND, MILLION, BILLION = (Decimal(1).scaleb(power) for power in (-6, -3, 0, 3))
SCALES = {
    **dict.fromkeys(("đồng", "đ", "vnđ", "vnd", "việt nam đồng"), DONG),
    **dict.fromkeys(("nghìn", "ngàn", "nghìn đồng", "ngàn đồng", "nghìn đ", "ngàn đ", "nghìn vnđ"), THOUSAND),
    **dict.fromkeys(("triệu", "triệu đồng", "tr", "trđ", "tr.đ", "tr đ", "tr đồng", "triệu vnđ", "triệu vnd"), MILLION),
    **dict.fromkeys(("triệu đ",), MILLION),
    **dict.fromkeys(("tỷ", "tỉ", "tỷ đồng", "tỉ đồng", "tỷ đ", "tỉ đ", "tỷ vnđ", "tỉ vnđ"), BILLION),
}
SCALE_WORDS = "|".join(re.escape(word) for word in sorted(SCALES, key=len, reverse=True))
AMOUNT_PART = re.compile(rf"([+-]?\d[\d., ]*?) ?({SCALE_WORDS})(?![^\W\d_])[ .]*")
A_MONTH = re.compile(r" ?/ ?(?:(?:người|1 người|lđ|lao động) ?/ ?)?(?:1 )?tháng$")
# Where a header or a line above it says in which unit its amounts are: "(nghìn đồng)", "ĐVT: 1.000 đ".
UNIT_NOTE = re.compile(r"^\(?(?:đvt|đơn vị tính|đơn vị|dvt) ?[:.]? ?(.+?)\)?$")
IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*\*?$")
POWERS = {"1000": THOUSAND, "1000000": MILLION, "1000000000": BILLION}

SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
PLAIN = re.compile(r"([+-]?)(\d[\d.,]*)")


@lru_cache(maxsize=50_000, typed=True)
def read_integer(cell: Cell, unit: str | None, labels: tuple[tuple[str, str], ...] = ()) -> Reading:
    """The cell as a count. `labels`: words of a list that stand for a number, as (number, word)."""
    if isinstance(cell, Percentage):
        return Reading(meant_text(cell), is_read=False)
    if isinstance(cell, float):
        # A number cell with decimals is no count: it may be 1234 typed as 1.234 where the dot is decimal.
        return Reading(number_text(cell), is_read=cell.is_integer())
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Reading(str(cell))
    text, mended = _without_words(cell, unit)
    if text is None:
        return BLANK
    value, other = parsed(text, decimal_expected=False)
    if value is not None and value == value.to_integral_value():
        return Reading(number_text(value), other=other, repaired=mended)
    for code, label in labels:
        if name_key(label) == name_key(meant_text(cell)):
            return Reading(code, repaired=mended)
    return Reading(folded(meant_text(cell)), is_read=False)


@lru_cache(maxsize=50_000, typed=True)
def read_number(cell: Cell) -> Reading:
    """The cell as a figure; a percentage as what stands before its sign, 85 for 85%."""
    if isinstance(cell, Percentage):
        return Reading(number_text(Decimal(f"{cell:.15g}") * 100))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Reading(number_text(cell))
    text, mended = _without_words(cell, None)
    if text is None:
        return BLANK
    value, other = parsed(text.removesuffix(PERCENT).rstrip(), decimal_expected=True)
    if value is None:
        return Reading(folded(meant_text(cell)), is_read=False)
    return Reading(number_text(value), other=other, repaired=mended)


@lru_cache(maxsize=50_000, typed=True)
def read_amount(cell: Cell, scale: Decimal = MILLION, is_monthly: bool = False) -> Reading:
    """The cell as million đồng. An amount that names its own unit (1,2 tỷ) is taken at its word.

    `scale`: what a bare number of this column is in million đồng, by its header; where that is not the form's unit
    the number is converted and asked about. `is_monthly`: the column asks for an amount a month.
    """
    if isinstance(cell, (Percentage, bool)):
        return Reading(meant_text(cell), is_read=False)
    if isinstance(cell, (int, float)):
        return _scaled(Decimal(number_text(cell)), None, scale, False)
    text, mended = _without_words(cell, None)
    if text is None:
        return BLANK
    key = text.casefold()
    key = A_MONTH.sub("", key) if is_monthly else key
    value, other = parsed(key, decimal_expected=True)
    if value is not None:
        return _scaled(value, other, scale, mended)
    value, other = _in_words(key)
    if value is None:
        return Reading(folded(meant_text(cell)), is_read=False)
    return Reading(number_text(value), other=other, repaired=mended)


def scale_of_header(header: str, lines_above: Iterable[str] = ()) -> Decimal:
    """What a bare amount under the header is in million đồng: by the unit in its brackets, else by a line above
    that names one, else 1."""
    bracket = IN_BRACKETS.search(folded(header))
    found = _scale(bracket[1]) if bracket else None
    if found is not None:
        return found
    for line in lines_above:
        found = _scale_of_line(line)
        if found is not None:
            return found
    return MILLION


@lru_cache(maxsize=10_000)
def _scale_of_line(line: str) -> Decimal | None:
    note = UNIT_NOTE.match(folded(line).casefold())
    return _scale(note[1]) if note else None


def _scale(words: str) -> Decimal | None:
    words = repaired(words).casefold().split("/")[0].strip()
    number = re.match(r"(\d[\d.]*) ?(?:đồng|đ|vnđ|vnd)$", words)
    if number:
        return POWERS.get(number[1].replace(".", ""))
    return SCALES.get(words)


def _scaled(value: Decimal, other: str | None, scale: Decimal, mended: bool) -> Reading:
    if scale == MILLION or not value:
        return Reading(number_text(value), other=other, repaired=mended)
    return Reading(number_text(value * scale), other=number_text(value), repaired=mended)


def _in_words(text: str) -> tuple[Decimal | None, str | None]:
    """1,2 tỷ; 1.234.500.000 đồng; 1 tỷ 200 triệu: the amount, and what else it could be."""
    parts, place = [], 0
    while match := AMOUNT_PART.match(text, place):
        parts.append((match[1].strip(), SCALES[match[2]]))
        place = match.end()
    scales = [scale for _, scale in parts]
    if not parts or place != len(text) or scales != sorted(set(scales), reverse=True):
        return None, None
    # Đồng have no decimals, so the point in 1.234 đồng parts thousands.
    read = [(*parsed(number, decimal_expected=scale != DONG), scale) for number, scale in parts]
    if any(value is None for value, _, _ in read):
        return None, None
    total = sum(value * scale for value, _, scale in read)
    if all(other is None for _, other, _ in read):
        return total, None
    return total, number_text(sum((value if other is None else Decimal(other)) * scale for value, other, scale in read))


def _without_words(cell: Cell, unit: str | None) -> tuple[str | None, bool]:
    """The text of a number without the words behind it (None for nothing), and whether it had to be mended."""
    sent = folded(meant_text(cell))
    if not sent or sent.lower() in NOTHING:
        return None, False
    text = repaired(sent).replace("−", "-")
    mended = text != sent
    key = text.casefold()
    for word in sorted(WORDS_BEHIND.get(unit or "", ()), key=len, reverse=True):
        if key.endswith(word) and key[: -len(word)].strip():
            return text[: -len(word)].rstrip(), mended
    return text, mended


def parsed(text: str, decimal_expected: bool) -> tuple[Decimal | None, str | None]:
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
