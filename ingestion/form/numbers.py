"""Counts, amounts and percentages as Vietnamese offices write them: 1.234,5 or 2.786 người or 1,2 tỷ đồng."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain

from ingestion.form.parsed_value import BLANK, NOTHING, ParsedValue
from ingestion.workbook.cells import Cell, Percentage, meant_text, number_text
from warehouse.reference.names import folded, name_key, repaired

# Units that people write after a number; the header already gives them.
UNIT_WORDS = {
    "person": ("người", "thành viên", "lao động", "nữ", "cán bộ", "lượt", "lượt người"),
    "attendance": ("lượt", "lượt người", "người"),
    "certificate": ("chứng chỉ",),
    "organisation": ("htx", "tht", "htx/tht", "đơn vị"),
    "event": ("lần", "cuộc", "lớp"),
    "month": ("tháng",),
    "star": ("sao",),
}
PERCENT = "%"

# Words for amounts of money in million đồng, the unit of the form.
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
# The unit of amounts in a header or in a line above it: "(nghìn đồng)", "ĐVT: 1.000 đ".
UNIT_NOTE = re.compile(r"^\(?(?:đvt|đơn vị tính|đơn vị|dvt) ?[:.]? ?(.+?)\)?$")
IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*\*?$")
POWERS = {"1000": THOUSAND, "1000000": MILLION, "1000000000": BILLION}

SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
PLAIN = re.compile(r"([+-]?)(\d[\d.,]*)")


@lru_cache(maxsize=50_000, typed=True)
def parse_integer(cell: Cell, unit: str | None, labels: tuple[tuple[str, str], ...] = ()) -> ParsedValue:
    """The cell as a count. `labels`: words of a code list that mean a number, as (number, word)."""
    if isinstance(cell, Percentage):
        return ParsedValue(meant_text(cell), is_parsed=False)
    if isinstance(cell, float):
        # With decimals it is not a count: it may be 1234 typed as 1.234 on a computer with decimal points.
        return ParsedValue(number_text(cell), is_parsed=cell.is_integer())
    if isinstance(cell, int) and not isinstance(cell, bool):
        return ParsedValue(str(cell))
    text, is_repaired = _without_words(cell, unit)
    if text is None:
        return BLANK
    value, other = parse_decimal(text, decimal_expected=False)
    if value is not None and value == value.to_integral_value():
        return ParsedValue(number_text(value), alternative=other, repaired=is_repaired)
    for code, label in labels:
        if name_key(label) == name_key(meant_text(cell)):
            return ParsedValue(code, repaired=is_repaired)
    return ParsedValue(folded(meant_text(cell)), is_parsed=False)


@lru_cache(maxsize=50_000, typed=True)
def parse_number(cell: Cell) -> ParsedValue:
    """The cell as a figure; a percentage as the number before its sign, 85 for 85%."""
    if isinstance(cell, Percentage):
        return ParsedValue(number_text(Decimal(f"{cell:.15g}") * 100))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return ParsedValue(number_text(cell))
    text, is_repaired = _without_words(cell, None)
    if text is None:
        return BLANK
    value, other = parse_decimal(text.removesuffix(PERCENT).rstrip(), decimal_expected=True)
    if value is None:
        return ParsedValue(folded(meant_text(cell)), is_parsed=False)
    return ParsedValue(number_text(value), alternative=other, repaired=is_repaired)


@lru_cache(maxsize=50_000, typed=True)
def parse_amount(cell: Cell, scale: Decimal = MILLION, is_monthly: bool = False) -> ParsedValue:
    """The cell in million đồng. An amount with a unit of its own (1,2 tỷ) is converted.

    `scale`: the unit of plain numbers in this column, in million đồng, by its header. If it is not the form's unit the
    number is converted, and ambiguous. `is_monthly`: the column is for monthly amounts.
    """
    if isinstance(cell, (Percentage, bool)):
        return ParsedValue(meant_text(cell), is_parsed=False)
    if isinstance(cell, (int, float)):
        return _scaled(Decimal(number_text(cell)), None, scale, False)
    text, is_repaired = _without_words(cell, None)
    if text is None:
        return BLANK
    key = text.casefold()
    key = A_MONTH.sub("", key) if is_monthly else key
    value, other = parse_decimal(key, decimal_expected=True)
    if value is not None:
        return _scaled(value, other, scale, is_repaired)
    value, other = _in_words(key)
    if value is None:
        return ParsedValue(folded(meant_text(cell)), is_parsed=False)
    return ParsedValue(number_text(value), alternative=other, repaired=is_repaired)


def scale_of_header(header: str, lines_above: Iterable[str] = ()) -> Decimal:
    """The unit of plain amounts below a header, in million đồng: given in its brackets, else in a line above it, else
    1."""
    bracket = IN_BRACKETS.search(folded(header))
    scales = chain([_scale(bracket[1]) if bracket else None], map(_scale_of_line, lines_above))
    return next((scale for scale in scales if scale is not None), MILLION)


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


def _scaled(value: Decimal, other: str | None, scale: Decimal, is_repaired: bool) -> ParsedValue:
    if scale == MILLION or not value:
        return ParsedValue(number_text(value), alternative=other, repaired=is_repaired)
    return ParsedValue(number_text(value * scale), alternative=number_text(value), repaired=is_repaired)


def _in_words(text: str) -> tuple[Decimal | None, str | None]:
    """The amount and its alternative in 1,2 tỷ; 1.234.500.000 đồng; 1 tỷ 200 triệu."""
    parts, place = [], 0
    while match := AMOUNT_PART.match(text, place):
        parts.append((match[1].strip(), SCALES[match[2]]))
        place = match.end()
    scales = [scale for _, scale in parts]
    if not parts or place != len(text) or scales != sorted(set(scales), reverse=True):
        return None, None
    total = alternative = Decimal()
    for number, scale in parts:
        # Đồng have no decimals, so the point in 1.234 đồng separates thousands.
        value, other = parse_decimal(number, decimal_expected=scale != DONG)
        if value is None:
            return None, None
        total += value * scale
        alternative += (value if other is None else Decimal(other)) * scale
    return total, None if alternative == total else number_text(alternative)


def _without_words(cell: Cell, unit: str | None) -> tuple[str | None, bool]:
    """The text of a number without its unit (None for nothing), and whether it had to be repaired."""
    sent = folded(meant_text(cell))
    if not sent or sent.lower() in NOTHING:
        return None, False
    text = repaired(sent).replace("−", "-")
    is_repaired = text != sent
    key = text.casefold()
    for word in sorted(UNIT_WORDS.get(unit or "", ()), key=len, reverse=True):
        if key.endswith(word) and key[: -len(word)].strip():
            return text[: -len(word)].rstrip(), is_repaired
    return text, is_repaired


def parse_decimal(text: str, decimal_expected: bool) -> tuple[Decimal | None, str | None]:
    """The number in Vietnamese notation (1.234,5), and its alternative if it is ambiguous.

    A number with one separator before three digits may be in either notation. A count has no decimals, so 1.234 is
    1234; for an amount it is ambiguous. Vietnamese has no comma for thousands, but spreadsheets write it: 1,234 is
    ambiguous too.
    """
    if SPACED.fullmatch(text):
        return _decimal("", text.replace(" ", "").replace(",", ".")), None
    match = PLAIN.fullmatch(text)
    if not match:
        return None, None
    sign, digits = match.groups()
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return _decimal(sign, digits), None
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
    if (separator == "." and not decimal_expected) or as_decimal is None or as_thousands is None:
        return as_thousands, None
    if separator == "," and decimal_expected:
        return as_decimal, number_text(as_thousands)
    return as_thousands, number_text(as_decimal)


def decimal_or_none(text: str | None) -> Decimal | None:
    """A canonical text as a number; None if it is none."""
    return _decimal("", text) if text else None


def _is_grouped(digits: str, separator: str) -> bool:
    first, *others = digits.split(separator)
    return 1 <= len(first) <= 3 and first[0] != "0" and all(len(each) == 3 and each.isdigit() for each in others)


def _decimal(sign: str, digits: str) -> Decimal | None:
    try:
        return Decimal(f"{sign}{digits}")
    except InvalidOperation:
        return None
