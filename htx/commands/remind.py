"""`htx remind`: send units their outstanding items, and the Union an overview."""

import json

import click

from htx import environment
from htx.commands.instants import clock_of


@click.command()
@click.option("--as-of", help="The instant to judge by, in Viet Nam's time by default; now if not given.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: sent, nothing_owed.")
def remind(as_of: str | None, as_json: bool) -> None:
    """Send each unit its outstanding items on the dates of reminder_schedule.csv, and the Union an overview.

    Letters go through the mail server of SMTP_URL, or else into the outbox. The same letter is never sent twice. A
    unit with nothing outstanding gets none."""
    from htx.mail import reminders

    at = clock_of(as_of)
    counts = reminders.remind_units(environment.warehouse_url(), at, environment.outbox_url(), environment.smtp_url())
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(f"letters sent: {counts['sent']}; units with nothing outstanding: {counts['nothing_owed']}")
