"""`htx explain`: the lineage of a figure, down to its cells."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import click

from htx import environment
from htx.commands.instants import YEAR


@click.command()
@click.argument("indicator", metavar="INDICATOR|KEY")
@click.option("--year", type=YEAR, help="Report year; a key has its own.")
@click.option("--unit", help="Code of a unit of that year; the province by default.")
@click.option("--measure", help="One figure of the indicator only (measures.csv).")
@click.option("--breakdown", metavar="DIM=CODE", help="A part of the figure, such as sector=consumer.")
@click.option("--basis", help="The map: as_reported (the default), districts_2023 or communes_2025.")
@click.option(
    "--json", "as_json", is_flag=True, help="A JSON object, with one figure per measure; of several years one a line."
)
def explain(
    indicator: str,
    year: int | None,
    unit: str | None,
    measure: str | None,
    breakdown: str | None,
    basis: str | None,
    as_json: bool,
) -> None:
    """Show a figure, its rows, and the file, sheet and cell of each.

    Give an indicator with its year (T01 --year 2025), or the key printed beside a figure in a report:
    T01-2025, C04.supported-2025-25195@2025[priority_group=poor], T01-2025-688@2023#districts_2023. Of a sum over years
    (C23.allocated-2023..2025) each year is shown."""
    from htx import lineage, lineage_text

    years: Iterable[int] = () if year is None else (year,)
    if year is None:
        if any((unit, measure, breakdown, basis)):
            raise click.UsageError("Give --year with an indicator; a key identifies a figure by itself.")
        years, params = _params_of_key(indicator)
    else:
        part = tuple((breakdown or "total=total").split("=", 1))
        if len(part) != 2:
            raise click.UsageError(f"{breakdown!r} is not a dimension and a code such as sector=consumer.")
        params = {
            "indicator": indicator, "unit": unit or "province", "measure": measure, "breakdown": part,
            "basis": basis or "as_reported",
        }  # fmt: skip
    for each in years:
        found = lineage.explain(environment.warehouse_url(), year=each, **params)
        click.echo(json.dumps(found, default=_plain, ensure_ascii=False) if as_json else lineage_text.as_text(found))


def _plain(value: date | Decimal) -> str | int | float:
    """A day or an instant in ISO format, a plain number."""
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if value == value.to_integral_value() else float(value)


def _params_of_key(text: str) -> tuple[range, dict]:
    """The years of a key, and all else that it says."""
    from reporting.content.keys import VALUE, parse_key

    try:
        key = parse_key(text)
    except ValueError as error:
        raise click.UsageError(f"Give --year with an indicator, or the key of a figure: {error}") from error
    return range(key.first_year or key.report_year, key.report_year + 1), {
        "indicator": key.indicator_code,
        "unit": key.unit_uid,
        # a key without a measure means the one figure of an indicator; typed by hand, all of them
        "measure": None if key.measure_code == VALUE else key.measure_code,
        "breakdown": (key.breakdown, key.breakdown_code),
        "basis": key.basis,
    }
