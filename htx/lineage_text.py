"""The lineage of a figure in Vietnamese, for a terminal: what `htx explain` prints."""

from decimal import Decimal

from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.phrases import phrase

PERCENT, YES_OR_NO = "percent", "0/1"
MEAN_DECIMALS = 2
PARTS = ("numerator", "denominator")


def as_text(explained: dict) -> str:
    """Each figure, then its rows, and their sum; `explained` is what lineage.explain gives."""
    where = [phrase("explained_year", year=explained["report_year"]), explained["unit_name"], explained["basis_name"]]
    if explained["breakdown"] != "total":
        where.append(f"{explained['breakdown']} = {explained['breakdown_code']}")
    lines = [f"{explained['indicator_code']} {explained['indicator_name_vi']}", ", ".join(where)]
    for figure in explained["figures"]:
        lines += ["", *_figure_lines(figure, explained["target"] if figure["measure_code"] == "value" else None)]
        for part in PARTS:
            rows = [row for row in figure["evidence"] if row["part"] == part]
            if rows or (part == "numerator" and figure["numerator"] is not None):
                lines += [phrase(f"part.{part}"), *_evidence_lines(rows)]
    if explained["decisions"]:
        lines += ["", phrase("explained_decisions")]
        for each in explained["decisions"]:
            switch = f" [{each['parameter_value']}]" if each["parameter_value"] else ""
            lines.append(f"  {each['decision_code']} {each['default_vi']}{switch}")
            lines.append(f"     {phrase('decision_from', year=each['valid_from_year'])}: {each['source_vi']}")
    return "\n".join(lines)


def _figure_lines(figure: dict, target: dict | None) -> list[str]:
    is_percent, is_quotient = figure["unit"] == PERCENT, figure["denominator"] is not None
    decimals = figure["percent_decimals"] if is_percent else MEAN_DECIMALS if is_quotient else None

    def written(value: Decimal | None) -> str:
        return number_vi(value, decimals) + "%" * is_percent if value is not None else phrase("unknown")

    name = (
        phrase("value")
        if figure["measure_code"] == "value"
        else f"{figure['measure_name_vi']} ({figure['measure_code']})"
    )
    value = written(figure["value"]) if figure["value"] is not None else "–"
    named = f"({figure['unit_name_vi']})" if figure["unit"] == YES_OR_NO else figure["unit_name_vi"]
    unit = f" {named}" if named and not is_percent else ""
    quotient = f" = {number_vi(figure['numerator'], None)} / {number_vi(figure['denominator'], None)}"
    lines = [f"{name}: {value}{unit}{quotient if is_quotient else ''}; {figure['value_status_vi'].lower()}"]
    if figure["units_reported"] < figure["units_expected"]:
        lines.append(phrase("figure_coverage", reported=figure["units_reported"], expected=figure["units_expected"]))
    if figure["bound_kind"] not in (None, "exact"):
        least, most = written(figure["value_low"]), written(figure["value_high"])
        lines.append(phrase("figure_bounds", least=least, most=most, kind=figure["bound_kind_vi"].lower()))
    if target:
        aim = f"{target['comparator']} {number_vi(target['target'], None)} ({target['target_year']}): "
        lines.append(
            phrase("figure_target", target=(aim if target["target"] is not None else "") + target["verdict_vi"])
        )
    return lines


def _evidence_lines(rows: list[dict]) -> list[str]:
    amounts = [number_vi(row["contribution"], None) for row in rows]
    total = number_vi(sum((row["contribution"] for row in rows), Decimal(0)), None)
    width = max(map(len, [*amounts, total]))
    lines = [f"  {amount:>{width}}  {_source(row)}" for amount, row in zip(amounts, rows, strict=True)]
    return [*lines, f"  {total:>{width}}  {phrase('evidence_sum', count=len(rows))}"]


def _source(row: dict) -> str:
    """The organisation, the file with its unit, and the cell with its header."""
    thing = " ".join(filter(None, [row["organisation_id"], row["organisation_name"]]))
    if row["source"] == "registry":
        day = day_vi(row["snapshot_speaks_of"])
        return phrase("from_registry", thing=thing, day=day, field=row["field_code"])
    file = None
    if row["file_name"]:
        file = phrase("file_with_receipt", file=row["file_name"], receipt=row["receipt_number"])
    if row["source"] == "calendar":
        sent = phrase("report_sent", publication_id=row["publication_id"]) if row["publication_id"] else None
        return "; ".join(filter(None, [row["reporting_unit_name"], file or sent or phrase("calendar")]))
    sheet = f"{row['sheet_code']} {row['sheet_title']}"
    place = phrase("evidence_cell", sheet=sheet, cell=row["cell"], header=row["header"])
    return "; ".join(filter(None, [thing, row["reporting_unit_name"], file, place]))
