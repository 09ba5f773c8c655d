"""The targets as a page for a terminal: what `make run` ends with."""

from itertools import groupby

from warehouse.connection import connect
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.phrases import phrase

VERDICTS = """
    select targets.report_year, targets.indicator_code, targets.indicator_name_vi, targets.unit, targets.value,
           targets.comparator, targets.target, targets.target_year, verdicts.label_vi, decisions.value::integer
    from reports.rpt_annual_targets as targets
    inner join reference.code_lists as verdicts
        on verdicts.code_list = 'verdicts' and verdicts.code = targets.verdict
    cross join lateral (
        select value from reference.decisions
        where parameter = 'percent_decimals_shown' and valid_from_year <= targets.report_year
        order by valid_from_year desc limit 1
    ) as decisions
    order by targets.report_year, targets.indicator_code
"""
BASELINE = """
    select indicator_code, measure_code, plan_value, registry_value, to_char(measured_on, 'DD/MM/YYYY')
    from reports.rpt_baseline
    order by 1, 2
"""
NAME_WIDTH = 62


def as_text(url: str) -> str:
    """All years of reports.rpt_annual_targets, with the plan's baseline beside the registry's."""
    with connect(url) as connection:
        rows = connection.execute(VERDICTS).fetchall()
        baseline = connection.execute(BASELINE).fetchall()
    measured = phrase("baseline_of", day=baseline[0][4]) if baseline else ""
    lines = [f"{measured:<30} {phrase('of_plan'):>10} {phrase('of_registry'):>12}"]
    headings = f"{phrase('achieved'):>10} {phrase('target'):>16}  {phrase('judgement')}"
    for indicator, measure, plan, registry, _ in baseline:
        lines.append(f"  {indicator} {measure:<24} {number_vi(plan):>10} {number_vi(registry):>12}")
    for year, of_year in groupby(rows, key=lambda row: row[0]):
        lines += ["", phrase("explained_year", year=year), f"  {'':4}{'':{NAME_WIDTH}} {headings}"]
        for _, code, name, unit, value, comparator, target, target_year, verdict, decimals in of_year:
            shown = number_vi(value, decimals) + "%" if unit == "percent" and value is not None else number_vi(value)
            aim = f"{comparator} {number_vi(target)} ({target_year})" if target is not None else ""
            short = name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"
            lines.append(f"  {code} {short:{NAME_WIDTH}} {shown:>10} {aim:>16}  {verdict}")
    return "\n".join(lines)
