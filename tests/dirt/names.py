"""Units by other names than their codes, and registration numbers that programs and hands damaged."""

import csv
import unicodedata
from functools import lru_cache

from htx.example.seeds import SEEDS_FOLDER, Place
from tests.dirt.dirty_workbook import COVER, DirtyWorkbook
from tests.dirt.truth import FOUND, READ, Dirt

COMMUNES = {"01_HTX": ("commune_code",), "02_THT": ("commune_code",)}
CHECK_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""of the first nine digits of a tax code (TT 105/2020/TT-BTC, annex I)"""
OF_ANOTHER_PROVINCE = "03"
"""tax codes of this province begin with 38: none could lose a zero"""


def unit_alias(book: DirtyWorkbook) -> list[Dirt]:
    """A commune by one of its known names where its code should stand, and the unit's own name on the cover."""
    found = []
    siblings = _communes(book)
    for sheet, place, field, code in book.cells(COMMUNES):
        commune = siblings.get(str(code))
        if commune is None:
            continue
        taken = {_key(name) for each in siblings.values() if each is not commune for name in _names(each)}
        names = [name for name in _names(commune) if _key(name) not in taken]
        if names:
            written = book.rng.choice(names)
            book.type_text(sheet, place, field, written)
            found.append(book.said(READ, sheet, place, field, written, str(code)))
            break
    unit = book.seeds.roster[book.report.report_year, book.report.unit_code]
    if unit.uid in book.seeds.places and book.take("unit_name"):
        cell, written = book.cover_cell("reporting_unit_name"), book.rng.choice(_names(book.seeds.places[unit.uid]))
        cell.value = written
        value = unicodedata.normalize("NFC", " ".join(written.split()))
        found.append(Dirt(READ, COVER, cell.row, "reporting_unit_name", cell.coordinate, written, value))
    return found


def unknown_unit(book: DirtyWorkbook) -> list[Dirt]:
    """The name of a commune with a letter too few: nobody guesses, but the likely ones are shown."""
    for sheet, place, field, code in book.cells(COMMUNES):
        commune = _communes(book).get(str(code))
        if commune is not None and len(commune.name_short) > 5:
            written = commune.name_full[:-2] + commune.name_full[-1]
            book.type_text(sheet, place, field, written)
            return [book.said(FOUND, sheet, place, field, written, None, "V04")]
    return []


def code_used_again(book: DirtyWorkbook) -> list[Dirt]:
    """The name that a commune's code bore before the reform beside the code of today."""
    for sheet, place, field, code in book.cells({"01_HTX": ("commune_name",), "02_THT": ("commune_name",)}):
        code = str(book.report.sheets[sheet][place]["commune_code"])
        now = book.seeds.commune_at(code, book.report.data_to)
        before = book.seeds.places.get(f"{code}@2023")
        if now is None or before is None or before is now or ("cell", sheet, place, "commune_code") in book.taken:
            continue
        if _key(before.name_full) in {_key(name) for name in _names(now)}:
            continue
        book.type_text(sheet, place, field, before.name_full)
        book.take("cell", sheet, place, "commune_code")
        return [
            book.said(FOUND, sheet, place, "commune_code", code, code, "V03"),
            book.said(READ, sheet, place, field, before.name_full, before.name_full),
        ]
    return []


def registration_lost_zeros(book: DirtyWorkbook) -> list[Dirt]:
    """A registration number that begins with a zero, kept as a number: the zero is gone."""
    for place, number in _numbers(book):
        digits = OF_ANOTHER_PROVINCE + number[2:9]
        while (check := _check_digit(digits)) is None:
            digits = f"{int(digits) + 1:09}"
        return [_number(book, place, int(digits + check))]
    return []


def registration_as_number(book: DirtyWorkbook) -> list[Dirt]:
    """A registration number kept as a number, nothing lost."""
    for place, number in _numbers(book):
        sheet, field = "01_HTX", "registration_number"
        book.put(sheet, place, field, int(number))
        return [book.said(READ, sheet, place, field, number, number)]
    return []


def registration_rounded(book: DirtyWorkbook) -> list[Dirt]:
    """3.80E+09: what a narrow column showed was copied."""
    for place, number in _numbers(book):
        if book.take("rounded"):
            return [_number(book, place, f"{int(number):.2E}")]
    return []


def registration_check_digit(book: DirtyWorkbook) -> list[Dirt]:
    """A registration number with its check digit mistyped."""
    for place, number in _numbers(book):
        return [_number(book, place, number[:9] + str((int(number[9]) + book.rng.randint(1, 9)) % 10))]
    return []


def _numbers(book: DirtyWorkbook) -> list[tuple[int, str]]:
    """Place and number of the cooperatives that no other sheet of the file names."""
    sheet = "01_HTX"
    owing = {row["registration_number"] for row in book.report.sheets.get("06_NO", ())}
    return [
        (place, number)
        for _, place, _, number in book.cells({sheet: ("registration_number",)})
        if number.isdigit() and len(number) == 10 and number not in owing
    ]


def _number(book: DirtyWorkbook, place: int, written: int | str) -> Dirt:
    sheet, field = "01_HTX", "registration_number"
    if isinstance(written, int):
        book.put(sheet, place, field, written)
    else:
        book.type_text(sheet, place, field, written)
    return book.said(FOUND, sheet, place, field, written, str(written), "H13")


def _check_digit(digits: str) -> str | None:
    """The tenth digit; None where it would have two."""
    check = 10 - sum(weight * int(digit) for weight, digit in zip(CHECK_WEIGHTS, digits, strict=True)) % 11
    return str(check) if check < 10 else None


def _communes(book: DirtyWorkbook) -> dict[str, Place]:
    """Code -> commune inside the unit, or the unit itself, at the end of the report's window."""
    seeds, day = book.seeds, book.report.data_to
    unit = seeds.roster[book.report.report_year, book.report.unit_code]
    return {
        place.code: place
        for place in seeds.places.values()
        if place.level == "commune" and unit.uid in (place.uid, place.parent_uid) and place.stands_at(day)
    }


def _names(place: Place) -> list[str]:
    """What the table of aliases says that a unit may be called; initialisms and old encodings are other dirt."""
    return [place.name_full, *(alias for alias, kind in _aliases().get(place.uid, ()) if kind in ALIAS_KINDS)]


ALIAS_KINDS = ("bare_name", "abbrev", "abbrev_nospace", "nfd", "upper", "lower", "whitespace", "nbsp", "tone_position")


@lru_cache(maxsize=1)
def _aliases() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    with (SEEDS_FOLDER / "administrative_unit_aliases.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["uid"], []).append((row["alias"], row["kind"]))
    return found


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()
