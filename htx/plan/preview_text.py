"""A preview as text for a terminal: each figure of the province that moves, with target and verdict, by year."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from htx.plan.preview import Preview
from reporting.content.keys import VALUE, FigureKey
from warehouse.editions.records import FIGURE_TABLES, VALUE_KEY, Figures
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.numbers_vi import MISSING, number_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder, read_reference

Columns = Mapping[str, Any]


def as_lines(preview: Preview) -> Iterator[str]:
    """What an edited plan moves, before → after."""
    if preview.unchanged:
        yield preview.unchanged
        return
    yield from preview.plan or [phrase("preview.first" if preview.plan is None else "preview.no_edit")]
    if preview.beside:
        counted = [phrase(f"preview.beside.{name}", count=count) for name, count in preview.beside.items()]
        yield phrase("preview.beside", what="; ".join(counted))
    labels = read_reference(plan_folder()).code_lists["verdicts"]
    measures = read_rows(plan_folder() / "measures.csv")
    percentages = {(row["indicator_code"], row["measure_code"]) for row in measures if row["unit"] == "percent"}
    old, new = _of_province(preview.old), _of_province(preview.new)
    judged = {key for key in old.keys() | new.keys() if "verdict" in {**old.get(key, {}), **new.get(key, {})}}
    keys = sorted(old.keys() | new.keys(), key=lambda key: (key.report_year, key not in judged, str(key)))
    for year, of_year in groupby(keys, attrgetter("report_year")):
        issued = ", ".join(preview.issued.get(year, ()))
        yield phrase("explained_year", year=year) + (phrase("preview.issued", editions=issued) if issued else "")
        for key in of_year:
            sign = "%" if (key.indicator_code, key.measure_code) in percentages else ""
            yield f"  {key!s:<20} {'; '.join(_moves(old.get(key, {}), new.get(key, {}), sign, labels))}"
    if others := len({key for key in preview.old.keys() | preview.new.keys() if not _is_of_province(key)}):
        yield phrase("preview.others", count=others)
    elif not keys:
        yield phrase("preview.no_move")
    yield from (phrase("preview.refused", sentence=each) for each in preview.refused)


def _of_province(figures: Figures) -> dict[FigureKey, dict[str, Any]]:
    """Columns of its figures, each with those of its verdict."""
    found: dict[FigureKey, dict[str, Any]] = {}
    for (figure, *key), columns in figures.items():
        if _is_of_province((figure, *key)):
            of_total = [*key] if figure == "value" else [key[0], VALUE, "total", "total", key[1]]
            named = FigureKey(**dict(zip(VALUE_KEY, of_total, strict=False)))
            found.setdefault(named, {}).update(zip(FIGURE_TABLES[figure][2], columns, strict=True))
    return found


def _is_of_province(key: tuple) -> bool:
    return key[0] == "verdict" or (key[3], *key[6:]) == ("total", "province", "as_reported")


def _moves(old: Columns, new: Columns, sign: str, labels: Mapping[str, str]) -> Iterator[str]:
    yield f"{phrase('achieved')} {_move(_figure(old, sign), _figure(new, sign))}"
    if "verdict" in {**old, **new}:
        yield f"{phrase('target')} {_move(_target(old), _target(new))}"
        yield f"{phrase('judgement')} {_move(*(labels.get(each.get('verdict', ''), MISSING) for each in (old, new)))}"


def _move(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _figure(columns: Columns, sign: str) -> str:
    value, bounds = columns.get("value"), [columns.get("value_low"), columns.get("value_high")]
    if value is None:
        return MISSING
    least, most = (number_vi(each, 2, fixed=False) for each in bounds)
    between = "" if None in bounds or bounds == [value, value] else f" ({least}–{most})"
    return f"{number_vi(value, 2, fixed=False)}{sign}{between}"


def _target(columns: Columns) -> str:
    if columns.get("target") is None:
        return MISSING
    return f"{columns['comparator']} {number_vi(columns['target'], None)} ({columns['target_year']})"
