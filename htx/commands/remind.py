"""`htx remind`: each unit what it still owes, the Union all of it."""

import json

import click

from htx import environment
from htx.commands.instants import clock_of


@click.command()
@click.option("--as-of", help="The instant to judge by, of Viet Nam where it names no zone; else now.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: sent, nothing_owed.")
def remind(as_of: str | None, as_json: bool) -> None:
    """Send each unit what it still owes, at the dates of reminder_schedule.csv, and the Union an overview.

    By the mail server of SMTP_URL; without one the letters lie in the outbox. The same letter never goes twice. A unit
    that owes nothing hears nothing."""
    from htx.mail import reminders

    at = clock_of(as_of)
    counts = reminders.remind_units(environment.warehouse_url(), at, environment.outbox_url(), environment.smtp_url())
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(f"letters sent: {counts['sent']}; units that owe nothing: {counts['nothing_owed']}")
