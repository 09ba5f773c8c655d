"""`htx status`, `htx remind`, `htx notices`, `htx health`: who has reported, what is outstanding, who must act."""

from datetime import UTC, datetime

import click

from htx import environment
from htx.commands.instants import YEAR, as_of
from htx.commands.output import print_found


@click.command()
@click.option("--year", required=True, type=YEAR, help="Report year.")
@as_of("The instant to judge by", only_looks=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per unit.")
def status(year: int, as_of: datetime, as_json: bool) -> None:
    """List who has reported for a year, when, the status of the files, and open queries."""
    from htx import submission_status

    rows = submission_status.of_year(environment.warehouse_url(), year, as_of)
    if not rows:
        raise click.UsageError(f"The roster (reporting_roster.csv) has no units for {year}.")
    print_found(rows, as_json, submission_status.as_table(rows))


@click.command()
@as_of("The instant to judge by")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: sent, nothing_owed.")
def remind(as_of: datetime, as_json: bool) -> None:
    """Send each unit its outstanding items on the dates of reminder_schedule.csv, and the Union an overview.

    Letters go through the mail server of SMTP_URL, or else into the outbox. The same letter is never sent twice. A
    unit with nothing outstanding gets none."""
    from htx.mail import command_server, reminders

    mail = environment.outbox_url(), command_server.smtp_url()
    counts = reminders.remind_units(environment.warehouse_url(), as_of, *mail)
    print_found(
        counts, as_json, [f"letters sent: {counts['sent']}; units with nothing outstanding: {counts['nothing_owed']}"]
    )


@click.command()
@as_of("The instant to judge by", only_looks=True)
@click.option("--send", is_flag=True, help="Send those that are due.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per notice.")
def notices(as_of: datetime, send: bool, as_json: bool) -> None:
    """List who of the Union must act, since when, and whether they were notified; with --send, notify them.

    Papers that wait, files and answers by mail that do, and what failed, is overdue or ends soon in operations.
    Who is notified, and after how many working days, are rows of escalations.csv. No notice is sent twice; one that was
    interrupted while it was sent is uncertain: it may have arrived."""
    from htx import matters
    from htx.mail import command_server
    from htx.operations import places

    url, where = environment.warehouse_url(), places.of_environment()
    if send and as_of > datetime.now(UTC):
        raise click.UsageError("A notice is sent when its day has come: leave --send out to look ahead.")
    if send:
        to_mail = places.of_environment(smtp_url=command_server.smtp_url())
        matters.notify(url, as_of, environment.outbox_url(), to_mail)
    found = [
        {
            "matter": each.waiting.matter,
            "step": each.waiting.step,
            "cause": each.waiting.cause,
            "since": each.waiting.since.isoformat(),
            "role": each.role.role,
            "mailbox": each.role.mailbox,
            "due_on": each.due_on.isoformat(),
            "state": each.state,
        }
        for each in matters.list_notices(url, as_of, where)
    ]
    print_found(found, as_json, ["  ".join(map(str, each.values())) for each in found])


@click.command()
@as_of("The instant to judge by", only_looks=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON object: last, waiting, overdue, unknown, disks.")
@click.pass_context
def health(context: click.Context, as_of: datetime, as_json: bool) -> None:
    """One look: what happened last, what waits, what is overdue, how full the disks are.

    Exit code 1 when something is overdue, was not delivered or cannot be looked up, or a disk has less than a tenth
    left; 3 when the warehouse cannot be reached. For a monitor on another machine, too."""
    from htx.operations import health as looking
    from htx.operations import places

    folders = {
        "HTX_HOME": str(environment.home()),
        "INBOX_URL": environment.inbox_url(),
        "OUTBOX_URL": environment.outbox_url(),
        "REPORTS_URL": environment.reports_url(),
        "BACKUP_URL": environment.backup_url(),
    }
    found = looking.look(environment.warehouse_url(), as_of, places.of_environment(), folders)
    print_found(found, as_json, looking.as_lines(found))
    context.exit(int(bool(found["overdue"] or found["unknown"])))
