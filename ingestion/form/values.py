"""One cell read as the type that its field has: with certainty, with a doubt that is said, or not at all.

What is read is canonical text: "45", "1234.5", "YYYY-MM-DD", C or K, a code, or text in NFC with blanks folded.
Nothing is guessed where a guess would change the value: such a cell stays as it was sent, and rule V02 or V04
fails on it. A blank is never 0.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from ingestion.form.dates import read_date
from ingestion.form.numbers import MILLION, read_amount, read_integer, read_number
from ingestion.form.parsed_value import BLANK, NOTHING, Reader, Reading
from ingestion.workbook.cells import EPOCH_1900, Broken, Cell, Decoded, Doubtful, meant_text, sent_text
from warehouse.reference.catalogue import Reference
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import Field
from warehouse.reference.names import folded, name_key, repaired, typed

__all__ = ["Cell", "Reader", "Reading", "read_value", "reader_of", "sent_text"]

YES = frozenset(map(name_key, ("C", "Có", "co")))
NO = frozenset(map(name_key, ("K", "Không", "khong", "ko")))
# A tick, a digit or "not yet" is clear to people, but it is not what the form asks for: read, and asked about.
PROBABLY_YES = frozenset(map(name_key, ("x", "X", "v", "✓", "✔", "☑", "√", "1", "đúng", "rồi", "yes", "y", "true")))
PROBABLY_NO = frozenset(map(name_key, ("0", "chưa", "chưa có", "không có", "no", "n", "false", "☐", "sai")))
# Texts that hold a code where there is one: "not yet" says that there is none, and is no code.
CODES_IF_ANY = frozenset({"group_code", "predecessor_group_code", "became_cooperative"})
NO_CODE = NO | PROBABLY_NO


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
    epoch: date = EPOCH_1900,
    scale: Decimal = MILLION,
) -> Reader:
    """The function that reads the cells of one field of one file.

    `epoch`: day 0 of the workbook's calendar. `scale`: what a bare amount of this column is in million đồng.
    """
    plain = _plain_reader(field, reference, year, unit, day, epoch, scale)
    holds_text = field.type == "text"

    def reader(cell: Cell) -> Reading:
        return _read_marked(cell, plain, holds_text) if type(cell) in MARKED else plain(cell)

    return reader


def _plain_reader(
    field: Field,
    reference: Reference,
    year: int | None,
    unit: RosterUnit | None,
    day: date | None,
    epoch: date,
    scale: Decimal,
) -> Reader:
    if field.type == "code" and field.code_list:
        about = {"reporting_units": (year, None, None), "communes": (None, unit.uid if unit else None, day)}
        return _code_reader(reference, field.code_list, *about.get(field.code_list, (None, None, None)))
    if field.type == "boolean":
        return _read_boolean
    if field.type == "date":
        return lambda cell: read_date(cell, day.year if day else None, epoch)
    if field.type == "integer":
        labels = tuple(reference.code_lists.get(field.code_list or "", {}).items())
        return lambda cell: read_integer(cell, field.unit, labels)
    if field.type == "money":
        return partial(read_amount, scale=scale, is_monthly="tháng" in field.header_vi.casefold())
    if field.type == "number":
        return read_number
    return _read_code_if_any if field.field_code in CODES_IF_ANY else _read_text


# Cells about which the workbook says more than its value ----------------------------------------------------

MARKED = frozenset({Broken, Decoded, Doubtful})


def _read_marked(cell: Cell, plain: Callable[[Cell], Reading], holds_text: bool) -> Reading:
    if isinstance(cell, Broken):
        # An error is no name and no note; where a number, day or code should stand, rules V02 and V04 say so.
        return BLANK if holds_text else Reading(str.__str__(cell), is_read=False)
    reading = plain(cell)
    if isinstance(cell, Decoded):
        return reading if reading.text is None else replace(reading, repaired=True)
    if holds_text and reading.text is not None:
        return replace(reading, other=cell.other)
    if not reading.is_read:
        # Only one way of reading it gives anything: that is what was meant.
        meant = plain(cell.other)
        return replace(meant, repaired=True) if meant.is_read and meant.text is not None else reading
    return reading


# Text -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000, typed=True)
def _read_text(cell: Cell) -> Reading:
    sent = typed(folded(meant_text(cell)))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    mended = repaired(sent)
    return Reading(mended, repaired=mended != sent)


def _read_code_if_any(cell: Cell) -> Reading:
    reading = _read_text(cell)
    return BLANK if reading.text and name_key(reading.text) in NO_CODE else reading


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
        for commune in reference.units.communes_at(day, unit_uid):
            for name in reference.units.names_of(commune.uid):
                if reference.units.commune_by_name(name, unit_uid, day) == commune.uid:
                    words[name_key(name)] = {commune.code}
    if code_list == "reporting_units":
        for unit in reference.roster_of(year) if year else ():
            for name in reference.unit_names(unit):
                words.setdefault(name_key(name), set()).add(unit.code)
    table = {word: found.pop() for word, found in words.items() if len(found) == 1}
    # A code itself always means itself.
    table.update({name_key(code): code for code in codes})
    return table


@lru_cache(maxsize=1_000)
def _code_reader(
    reference: Reference, code_list: str, year: int | None, unit_uid: str | None, day: date | None
) -> Callable[[Cell], Reading]:
    codes = _codes_by_word(reference, code_list, year, unit_uid, day)
    return lru_cache(maxsize=2_000, typed=True)(lambda cell: _read_code(cell, codes))


def _read_code(cell: Cell, codes: dict[str, str]) -> Reading:
    sent = typed(folded(meant_text(cell)))
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
    sent = folded(meant_text(cell))
    if not sent or sent.lower() in NOTHING:
        return BLANK
    key = name_key(sent)
    if key in YES or key in NO:
        return Reading("C" if key in YES else "K", repaired=repaired(sent) != sent)
    if key in PROBABLY_YES or key in PROBABLY_NO:
        return Reading("C" if key in PROBABLY_YES else "K", other=sent)
    return Reading(sent, is_read=False)
