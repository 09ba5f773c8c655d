"""`htx explain`: a figure down to its cells."""

import json

import click

from htx import environment


@click.command()
@click.argument("indicator")
@click.option("--year", required=True, type=int, help="Report year.")
@click.option("--unit", default="province", help="Code of a unit of that year; the province when not given.")
@click.option("--measure", help="One figure of the indicator only (measures.csv).")
@click.option("--breakdown", metavar="DIM=CODE", help="A part of the figure, such as sector=consumer.")
@click.option("--basis", default="as_reported", show_default=True,
              help="The map: as_reported, districts_2023 or communes_2025.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="A JSON object, with one figure per measure.")
def explain(
    indicator: str, year: int, unit: str, measure: str | None, breakdown: str | None, basis: str, as_json: bool
) -> None:
    """A figure, the rows that make it, and the file, sheet and cell of each."""
    from htx import explain as explanation

    part = tuple((breakdown or "total=total").split("=", 1))
    if len(part) != 2:
        raise click.UsageError(f"{breakdown!r} is not a dimension and a code such as sector=consumer.")
    try:
        found = explanation.explain(
            environment.warehouse_url(), indicator, year, unit, measure=measure, breakdown=part, basis=basis
        )
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error
    plain = explanation.as_plain
    click.echo(json.dumps(plain(found), ensure_ascii=False) if as_json else explanation.as_text(found))
