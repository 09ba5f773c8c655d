"""Parsers for the cells of each type of field.

The result is canonical text: "45", "1234.5", "YYYY-MM-DD", C or K (a mark is C), a code, or text in NFC with folded
blanks. A cell that cannot be parsed with certainty stays as sent, and fails rule V02 or V04. A blank is never 0.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from ingestion.form.dates import parse_date
from ingestion.form.numbers import MILLION, parse_amount, parse_integer, parse_number
from ingestion.form.parsed_value import BLANK, NOTHING, CellParser, ParsedValue
from ingestion.workbook.cells import EPOCH_1900, AmbiguousText, BrokenValue, Cell, DecodedText, meant_text
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import Field
from warehouse.reference.names import folded, name_key, repaired, typed
from warehouse.reference.reference_data import Reference

YES = frozenset(map(name_key, ("C", "Có", "co")))
NO = frozenset(map(name_key, ("K", "Không", "khong", "ko")))
# A tick, a digit or "not yet" is clear enough to be parsed, but not what the form requires: ambiguous.
PROBABLY_YES = frozenset(map(name_key, ("x", "X", "v", "✓", "✔", "☑", "√", "1", "đúng", "rồi", "yes", "y", "true")))
PROBABLY_NO = frozenset(map(name_key, ("0", "chưa", "chưa có", "không có", "no", "n", "false", "☐", "sai")))
# Text fields for a code, if one exists: "not yet" means none.
CODES_IF_ANY = frozenset({"group_code", "predecessor_group_code", "became_cooperative"})
NO_CODE = NO | PROBABLY_NO
NOTHING_TO_REPORT = frozenset(
    map(
        name_key,
        (
            "không phát sinh", "không có", "không", "không có số liệu", "không phát sinh số liệu", "không có phát sinh",
            "không có dữ liệu", "chưa phát sinh", "chưa có", "chưa có số liệu",
        ),
    )
)  # fmt: skip


def parser_for(
    field: Field,
    reference: Reference,
    year: int | None = None,
    unit: RosterUnit | None = None,
    day: date | None = None,
    epoch: date = EPOCH_1900,
    scale: Decimal = MILLION,
) -> CellParser:
    """The parser for the cells of one field of one file.

    `year`, `unit` and `day` (data_to): the code lists of units and communes depend on them. `epoch`: day 0 of the
    workbook's calendar. `scale`: the unit of plain amounts in this column, in million đồng.
    """
    plain: CellParser = _parse_code_if_any if field.field_code in CODES_IF_ANY else _parse_text
    if field.type == "code" and field.code_list:
        about = {"reporting_units": (year, None, None), "communes": (None, unit.uid if unit else None, day)}
        plain = _code_parser(reference, field.code_list, *about.get(field.code_list, (None, None, None)))
    elif field.type == "boolean":
        plain = _parse_nil if field.field_code.startswith("nil_") else _parse_boolean
    elif field.type == "mark":
        plain = _parse_mark
    elif field.type == "date":
        plain = partial(parse_date, year_of_report=day.year if day else None, epoch=epoch)
    elif field.type == "integer":
        labels = tuple(reference.code_lists.get(field.code_list or "", {}).items())
        plain = partial(parse_integer, unit=field.unit, labels=labels)
    elif field.type == "money":
        plain = partial(parse_amount, scale=scale, is_monthly="tháng" in field.header_vi.casefold())
    elif field.type == "number":
        plain = parse_number
    holds_text = field.type == "text"

    def parse(cell: Cell) -> ParsedValue:
        return _parse_annotated(cell, plain, holds_text) if type(cell) in ANNOTATED else plain(cell)

    return parse


# Cells that the workbook annotates --------------------------------------------------------------------------

ANNOTATED = frozenset({BrokenValue, DecodedText, AmbiguousText})


def _parse_annotated(cell: Cell, plain: Callable[[Cell], ParsedValue], holds_text: bool) -> ParsedValue:
    if isinstance(cell, BrokenValue):
        # An error is not a name or note; in a field of another type it fails rule V02 or V04.
        return BLANK if holds_text else ParsedValue(str.__str__(cell), is_parsed=False)
    parsed = plain(cell)
    if isinstance(cell, DecodedText):
        return parsed if parsed.text is None else replace(parsed, repaired=True)
    if not isinstance(cell, AmbiguousText):
        return parsed
    if holds_text and parsed.text is not None:
        return replace(parsed, alternative=cell.alternative)
    if not parsed.is_parsed:
        # Only the alternative is a valid value: it is the one that was meant.
        meant = plain(cell.alternative)
        return replace(meant, repaired=True) if meant.is_parsed and meant.text is not None else parsed
    return parsed


# Text -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000, typed=True)
def _parse_text(cell: Cell) -> ParsedValue:
    sent = typed(folded(meant_text(cell)))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    fixed = repaired(sent)
    return ParsedValue(fixed, repaired=fixed != sent)


def _parse_code_if_any(cell: Cell) -> ParsedValue:
    parsed = _parse_text(cell)
    return BLANK if parsed.text and name_key(parsed.text) in NO_CODE else parsed


# Codes ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1_000)
def _codes_by_word(
    reference: Reference, code_list: str, year: int | None, unit_uid: str | None, day: date | None
) -> dict[str, str]:
    """Key of every word for a code -> the code; without words for two codes."""
    codes = reference.codes(code_list, year, day)
    words: dict[str, set[str]] = {}
    for code, label in codes.items():
        for word in (label, f"{code} - {label}", f"{code} – {label}", f"{code} {label}", f"{code}. {label}"):
            words.setdefault(name_key(word), set()).add(code)
    if code_list == "communes" and day is not None:
        # Names are looked up within the unit: another district may have a commune of the same name.
        for commune in reference.units.communes_at(day, unit_uid):
            for name in reference.units.names_of(commune.uid):
                if reference.units.commune_by_name(name, unit_uid, day) == commune.uid:
                    words[name_key(name)] = {commune.code}
    if code_list == "reporting_units":
        for unit in reference.roster_of(year) if year else ():
            for name in reference.unit_names(unit):
                words.setdefault(name_key(name), set()).add(unit.code)
    table = {word: found.pop() for word, found in words.items() if len(found) == 1}
    # A code takes precedence over a label.
    table.update({name_key(code): code for code in codes})
    return table


@lru_cache(maxsize=1_000)
def _code_parser(
    reference: Reference, code_list: str, year: int | None, unit_uid: str | None, day: date | None
) -> Callable[[Cell], ParsedValue]:
    codes = _codes_by_word(reference, code_list, year, unit_uid, day)
    # of a commune or unit the name must agree: codes are given again
    names = code_list in ("communes", "reporting_units")
    return lru_cache(maxsize=2_000, typed=True)(lambda cell: _parse_code(cell, codes, names))


def _parse_code(cell: Cell, codes: dict[str, str], names_must_agree: bool) -> ParsedValue:
    sent = typed(folded(meant_text(cell)))
    if not sent:
        return BLANK
    code = codes.get(name_key(sent))
    if code is not None:
        return ParsedValue(code, repaired=repaired(sent) != sent)
    if sent.lower() in NOTHING:
        return BLANK
    before, dash, _ = sent.partition(" - ")
    if dash and not names_must_agree and name_key(before) in codes:
        return ParsedValue(codes[name_key(before)])  # with a label of another edition of the list
    if sent.isascii() and sent.isdigit():
        # A spreadsheet drops leading zeros of a code that looks like a number.
        longer = {code for code in codes.values() if code.isdigit() and code.lstrip("0") == sent.lstrip("0")}
        if len(longer) == 1:
            return ParsedValue(longer.pop(), alternative=sent)
    return ParsedValue(sent, is_parsed=False)


# Yes and no -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1_000, typed=True)
def _parse_boolean(cell: Cell) -> ParsedValue:
    if isinstance(cell, bool):
        return ParsedValue("C" if cell else "K")
    sent = folded(meant_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    key = name_key(sent)
    if key in YES or key in NO:
        return ParsedValue("C" if key in YES else "K", repaired=repaired(sent) != sent)
    if key in PROBABLY_YES or key in PROBABLY_NO:
        return ParsedValue("C" if key in PROBABLY_YES else "K", alternative=sent)
    return ParsedValue(sent, is_parsed=False)


def _parse_nil(cell: Cell) -> ParsedValue:
    """Whether a sheet has nothing to report, by yes or no (forms without a guide), a mark or words; where the sheet has
    rows, F07 queries it."""
    parsed = _parse_boolean(cell)
    return replace(parsed, alternative=None) if parsed.is_parsed or not says_nothing(cell) else ParsedValue("C")


@lru_cache(maxsize=1_000, typed=True)
def _parse_mark(cell: Cell) -> ParsedValue:
    """A cell to be marked where there is nothing to report. Yes is ambiguous: it may mean that there is something."""
    parsed = _parse_boolean(cell)
    if says_nothing(cell):
        return ParsedValue("C")
    if parsed.text == "C" and name_key(folded(meant_text(cell))) != name_key("Có"):
        return ParsedValue("C", repaired=parsed.repaired)
    return replace(parsed, alternative="K" if parsed.text == "C" else None)


def says_nothing(cell: Cell) -> bool:
    """Whether a cell says in words that there is nothing to report."""
    return isinstance(cell, str) and name_key(folded(meant_text(cell)).strip(" .")) in NOTHING_TO_REPORT
