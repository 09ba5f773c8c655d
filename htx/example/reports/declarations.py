"""What territorial units declare of T01 to T14 in 10_TONG_HOP: their own figures, as each file has them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from htx.example.answer_key import target_figures
from htx.example.answer_key.figures import Figure
from htx.example.reports.report import ListRow, Report, Snapshot
from htx.example.reports.reported_rows import ReportedRows
from htx.example.reports.story import STORY
from htx.example.seeds import Seeds


def with_declarations(seeds: Seeds, reports: Sequence[Report], snapshots: Sequence[Snapshot]) -> list[Report]:
    """The reports, each with its 10_TONG_HOP. Corrections of single rows declare nothing.

    A file that was replaced later declares what follows from itself, not from what replaced it.
    """
    by_unit: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for report in reports:
        by_unit[report.report_year, report.unit_code].append(report)
    in_the_end = ReportedRows(seeds, reports, snapshots)
    declared = []
    for report in reports:
        key = (report.report_year, report.unit_code)
        unit = seeds.roster[key]
        if not seeds.sheets["10_TONG_HOP"].applies(unit) or report.submission_kind == "partial_correction":
            declared.append(report)
            continue
        reported = in_the_end
        if len(by_unit[key]) > 1:
            others = [each for each in reports if (each.report_year, each.unit_code) != key]
            reported = ReportedRows(seeds, [*others, replace(report, accepted=True)], snapshots)
        rows = [
            _declaration(code, figure)
            for code, figure in target_figures(reported, unit).items()
            if figure.value is not None
        ]
        for row in rows:
            if row["indicator_code"] == STORY["declares_wrongly"].get(key):
                row["declared_value"] += Decimal("6.5")
        declared.append(replace(report, sheets={**report.sheets, "10_TONG_HOP": rows}))
    return declared


def _declaration(indicator_code: str, figure: Figure) -> ListRow:
    """What the unit writes of its figure: counts of persons and things, percentages with one decimal."""
    row: ListRow = {"indicator_code": indicator_code, "declared_value": figure.value}
    if figure.denominator is None:
        row["declared_value"] = int(figure.value or 0)
    elif figure.numerator is not None:
        shown = Decimal(100 * int(figure.numerator)) / Decimal(int(figure.denominator))
        row["declared_value"] = shown.quantize(Decimal("0.1"), ROUND_HALF_UP)
        row["declared_numerator"] = int(figure.numerator)
        row["declared_denominator"] = int(figure.denominator)
    return row
