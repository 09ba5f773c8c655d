"""What territorial units declare of T01 to T14 in 10_TONG_HOP: their own figures, as each file has them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from htx.example.answer_key import Figure, IndicatorValue, unit_values
from htx.example.books import open_books
from htx.example.reports import ListRow, Report, Snapshot
from htx.example.seeds import Seeds

DECLARES_WRONGLY = (2024, "698", "T12")
"""a unit whose declared value is not what its lists say"""


def with_declarations(seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot]) -> list[Report]:
    """The reports, each with its 10_TONG_HOP. Corrections of single rows declare nothing.

    A file that was replaced later declares what follows from itself, not from what replaced it.
    """
    by_unit: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for report in reports:
        by_unit[report.report_year, report.unit_code].append(report)
    in_the_end = open_books(seeds, reports, snapshots)
    declared = []
    for report in reports:
        key = (report.report_year, report.unit_code)
        unit = seeds.roster[key]
        if not seeds.sheets["10_TONG_HOP"].applies(unit) or report.submission_kind == "partial_correction":
            declared.append(report)
            continue
        books = in_the_end
        if len(by_unit[key]) > 1:
            others = [each for each in reports if (each.report_year, each.unit_code) != key]
            books = open_books(seeds, [*others, replace(report, accepted=True)], snapshots)
        rows = [_declaration(value) for value in unit_values(books, unit) if value.figure.value is not None]
        for row in rows:
            if (*key, row["indicator_code"]) == DECLARES_WRONGLY:
                row["declared_value"] += Decimal("6.5")
        declared.append(replace(report, sheets={**report.sheets, "10_TONG_HOP": rows}))
    return declared


def _declaration(value: IndicatorValue) -> ListRow:
    figure: Figure = value.figure
    row: ListRow = {"indicator_code": value.indicator_code, "declared_value": figure.value}
    if figure.denominator is not None:
        shown = Decimal(100) * Decimal(figure.numerator) / Decimal(figure.denominator)
        row["declared_value"] = shown.quantize(Decimal("0.1"), ROUND_HALF_UP)
        row["declared_numerator"] = figure.numerator
        row["declared_denominator"] = figure.denominator
    return row
