"""`htx status`: who has reported."""

import json
from datetime import UTC, datetime

import click

from htx import environment
from htx.commands.instants import instant_of


@click.command()
@click.option("--year", required=True, type=int, help="Report year.")
@click.option("--as-of", help="The instant to judge by; now by default.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per unit.")
def status(year: int, as_of: str | None, as_json: bool) -> None:
    """List who has reported for a year, when, the status of the files, and open queries."""
    from htx import submission_status

    rows = submission_status.of_year(environment.warehouse_url(), year, instant_of(as_of) or datetime.now(UTC))
    if not rows:
        raise click.UsageError(f"The roster (reporting_roster.csv) has no units for {year}.")
    click.echo(json.dumps(rows, default=str, ensure_ascii=False) if as_json else submission_status.as_table(rows))
